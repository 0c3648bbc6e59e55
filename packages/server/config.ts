import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { ConfigError, sayExpected, toConfigError } from './config-error.ts'
import { type Key, keysSchema } from './key.ts'
import { DEFAULT_LIMITS, limitsSchema, type ServerLimits } from './limits.ts'
import { isOrigin } from './socket/allowed-origin.ts'

const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const

/** What an administrator sets, by file and by environment. */
export interface Config {
  host: string
  port: number
  logLevel: (typeof LOG_LEVELS)[number]
  /** `sqlite:` and a file, `sqlite::memory:`, or `postgres://…`. */
  databaseUrl: string
  /** Addresses and ranges whose word about the caller's address (`X-Forwarded-For`) counts. */
  trustedProxies: readonly string[]
  /** How long past sessions are kept. */
  retentionMonths: number
  /** What reading `/metrics` takes as a bearer token. Without one, only this machine may read. */
  metricsToken?: string
  /** The one origin of the desk, and with it of every copy of a customer's page. Any of the server's without it. */
  deskOrigin?: string
  webhooks: { allowPrivateAddresses: boolean }
  /** Where the files of recordings are. */
  recordingsFolder: string
  /** Without it the key that all recordings are locked with is in the database. */
  recordingsSecret?: string
  limits: ServerLimits
  keys: readonly Key[]
}

export const DEFAULT_CONFIG: Config = {
  host: '127.0.0.1',
  port: 4000,
  logLevel: 'info',
  databaseUrl: 'sqlite:data/alongside.db',
  trustedProxies: [],
  retentionMonths: 6,
  webhooks: { allowPrivateAddresses: false },
  recordingsFolder: 'data/recordings',
  limits: DEFAULT_LIMITS,
  keys: [],
}

/** Read from the working folder when the environment names no other file. */
export const CONFIG_FILE = 'alongside.config.json'

const port = z.int().min(0).max(65_535)
const host = z.string().min(1)
const logLevel = z.enum(LOG_LEVELS)
const databaseUrl = z
  .string()
  .regex(/^(sqlite:.|postgres(ql)?:\/\/.)/, 'must be sqlite:FILE, sqlite::memory: or postgres://USER@HOST/DATABASE')
const proxy = z.string().refine(isAddressRange, 'must be an address such as 10.0.0.1, or a range such as 10.0.0.0/8')
const metricsToken = z.string().min(16)
const deskOrigin = z.string().refine(isOrigin, 'must be an origin such as https://desk.example.com')
const retentionMonths = z.int().min(1).max(120)
const recordingsFolder = z.string().min(1)
const recordingsSecret = z.string().min(32, 'must have at least 32 characters')

const file = z.strictObject({
  host: host.exactOptional(),
  port: port.exactOptional(),
  logLevel: logLevel.exactOptional(),
  databaseUrl: databaseUrl.exactOptional(),
  trustedProxies: z.array(proxy).exactOptional(),
  retentionMonths: retentionMonths.exactOptional(),
  metricsToken: metricsToken.exactOptional(),
  deskOrigin: deskOrigin.exactOptional(),
  webhooks: z.strictObject({ allowPrivateAddresses: z.boolean() }).exactOptional(),
  recordingsFolder: recordingsFolder.exactOptional(),
  recordingsSecret: recordingsSecret.exactOptional(),
  limits: limitsSchema.exactOptional(),
  keys: keysSchema.exactOptional(),
})

const toNumber = z.string().regex(/^\d+$/, 'must be a number').transform(Number)

const environment = z.object({
  HOST: host.optional(),
  PORT: toNumber.pipe(port).optional(),
  LOG_LEVEL: logLevel.optional(),
  DATABASE_URL: databaseUrl.optional(),
  TRUSTED_PROXIES: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(proxy))
    .optional(),
  METRICS_TOKEN: metricsToken.optional(),
  DESK_ORIGIN: deskOrigin.optional(),
  RECORDINGS_FOLDER: recordingsFolder.optional(),
  RECORDINGS_SECRET: recordingsSecret.optional(),
  ALONGSIDE_KEYS: z.string().transform(parseKeys).pipe(keysSchema).optional(),
})

/** Reads the settings: the environment wins over the file, the file over the defaults. Throws `ConfigError` that names
 *  everything that is wrong. `folder` is where paths begin. */
export function readConfig(env: Record<string, string | undefined>, folder = process.cwd()): Config {
  const fromFile = readFile(env.ALONGSIDE_CONFIG, folder)
  const parsed = environment.safeParse(env, { error: sayExpected })
  if (!parsed.success) throw toConfigError(parsed.error)
  const { HOST, PORT, LOG_LEVEL, DATABASE_URL, TRUSTED_PROXIES, METRICS_TOKEN, DESK_ORIGIN, ALONGSIDE_KEYS } =
    parsed.data
  const { RECORDINGS_FOLDER, RECORDINGS_SECRET } = parsed.data
  const fromEnvironment = {
    host: HOST,
    port: PORT,
    logLevel: LOG_LEVEL,
    databaseUrl: DATABASE_URL,
    trustedProxies: TRUSTED_PROXIES,
    metricsToken: METRICS_TOKEN,
    deskOrigin: DESK_ORIGIN,
    recordingsFolder: RECORDINGS_FOLDER,
    recordingsSecret: RECORDINGS_SECRET,
    keys: ALONGSIDE_KEYS,
  }
  return { ...DEFAULT_CONFIG, ...fromFile, ...withoutUndefined(fromEnvironment) }
}

/** Reads the text of a configuration file. Throws `ConfigError` with `name` before each wrong setting. */
export function checkConfigFile(text: string, name: string): z.infer<typeof file> {
  const parsed = file.safeParse(parseJson(text, name), { error: sayExpected })
  if (!parsed.success) throw toConfigError(parsed.error, `${name}: `)
  return parsed.data
}

/** Whether only this machine can reach a server that binds to `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

function readFile(named: string | undefined, folder: string): z.infer<typeof file> {
  let text: string
  try {
    text = readFileSync(resolve(folder, named ?? CONFIG_FILE), 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (named === undefined && code === 'ENOENT') return {}
    throw new ConfigError(
      `${named === undefined ? CONFIG_FILE : 'ALONGSIDE_CONFIG'}: the file cannot be read (${code}).`,
    )
  }
  return checkConfigFile(text, basename(named ?? CONFIG_FILE))
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message repeats the text around the mistake, which may be a secret.
    throw new ConfigError(`${name}: is not JSON. Look for a missing comma, quote or bracket.`)
  }
}

function parseKeys(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON: [{"sdkKey":"...","sdkSecret":"..."}]' })
    return z.NEVER
  }
}

function isAddressRange(text: string): boolean {
  return ipaddr.isValid(text) || ipaddr.isValidCIDR(text)
}

function withoutUndefined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never
}
