import {
  AGENT_WAIT_MS,
  HELLO_TIMEOUT_MS,
  MAX_BUFFERED_BYTES,
  PIN_LIFETIME_MS,
  PING_INTERVAL_MS,
  RECOVERY_WINDOW_MS,
} from '@alongside/protocol'
import { z } from 'zod'

/** A credential pair of one integrator: the key is public, the secret signs its tokens. */
export interface SdkKey {
  sdkKey: string
  secret: Uint8Array
  /** Origins that may start sessions and frame the desk. Undefined: any site may start sessions, none frames the desk. */
  allowedOrigins?: readonly string[]
  /** The name that the customer reads for the company behind the key. */
  company?: string
}

/** Failed tries of a PIN within `windowMs` before the next one is refused with 1102. */
export interface AttemptLimits {
  /** One agent: a few slips of the finger. */
  perAgent: number
  /** One address: a call centre behind one router. */
  perAddress: number
  /** One key: all agents of a company together. */
  perKey: number
  windowMs: number
}

/** The times and sizes of the protocol that an operator or a test may set otherwise. */
export interface ServerLimits {
  pinLifetimeMs: number
  recoveryWindowMs: number
  agentWaitMs: number
  helloTimeoutMs: number
  pingIntervalMs: number
  maxBufferedBytes: number
  /** Pictures and fonts of all sessions together, in bytes: what the server's memory has room for. */
  maxAssetBytes: number
  /** Shortest life of a token, `exp` - `iat`. */
  minTokenSeconds: number
  attempts: AttemptLimits
}

export const DEFAULT_LIMITS: ServerLimits = {
  pinLifetimeMs: PIN_LIFETIME_MS,
  recoveryWindowMs: RECOVERY_WINDOW_MS,
  agentWaitMs: AGENT_WAIT_MS,
  helloTimeoutMs: HELLO_TIMEOUT_MS,
  pingIntervalMs: PING_INTERVAL_MS,
  maxBufferedBytes: MAX_BUFFERED_BYTES,
  maxAssetBytes: 1024 * 1024 * 1024,
  minTokenSeconds: 1_800,
  attempts: { perAgent: 10, perAddress: 50, perKey: 500, windowMs: 15 * 60_000 },
}

/** What an administrator sets through the environment. */
export interface Config {
  host: string
  port: number
  keys: SdkKey[]
  logLevel: (typeof LOG_LEVELS)[number]
}

const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const

/** A setting that the server cannot start with. The message names it and says what is expected. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

// 32 bytes is the least that HS256 may be used with (RFC 7518, section 3.2).
const keySchema = z.strictObject({
  sdkKey: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, "-" or "_"'),
  sdkSecret: z.string().min(32, 'must have at least 32 characters'),
  allowedOrigins: z
    .array(z.string().refine(isOrigin, 'must be an origin such as https://shop.example'))
    .exactOptional(),
  company: z.string().min(1).max(80).exactOptional(),
})

const environment = z.object({
  PORT: z.string().regex(/^\d+$/, 'must be a number').transform(Number).pipe(z.number().max(65_535)).default(4000),
  HOST: z.string().min(1).default('127.0.0.1'),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  ALONGSIDE_KEYS: z.string().default('[]').transform(parseJson).pipe(z.array(keySchema)),
})

/** Reads the settings from environment variables. Throws `ConfigError` for the first that is wrong. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const parsed = environment.safeParse(env)
  if (!parsed.success) throw new ConfigError(describe(parsed.error))
  const { PORT, HOST, LOG_LEVEL, ALONGSIDE_KEYS } = parsed.data
  const names = ALONGSIDE_KEYS.map((key) => key.sdkKey)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice) throw new ConfigError(`ALONGSIDE_KEYS: the key "${twice}" is there twice. Remove one.`)
  return {
    host: HOST,
    port: PORT,
    logLevel: LOG_LEVEL,
    keys: ALONGSIDE_KEYS.map(({ sdkSecret, ...rest }) => ({ ...rest, secret: new TextEncoder().encode(sdkSecret) })),
  }
}

/** Whether only this machine can reach a server that binds to `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text
}

function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON: [{"sdkKey":"...","sdkSecret":"..."}]' })
    return z.NEVER
  }
}

// Only the path and the rule are told: a message with the value could print a secret.
function describe(error: z.ZodError): string {
  const issue = error.issues[0]
  const path = issue?.path.map((part) => (typeof part === 'number' ? `[${part}]` : part)).join('.')
  return `${path?.replaceAll('.[', '[')}: ${issue?.message}. Correct this setting and start again.`
}
