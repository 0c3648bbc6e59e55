import { SignJWT } from 'jose'
import type { ZodType } from 'zod'
import { systemClock } from '../clock.ts'
import type { Config } from '../config.ts'
import { ConfigError } from '../config-error.ts'
import type { Key } from '../key.ts'
import { userIdSchema, userNameSchema } from '../shown-name.ts'
import { MAX_TOKEN_SECONDS, mintToken } from '../token.ts'
import { findKey } from './find-key.ts'

interface MintOptions {
  role: 'agent' | 'customer' | 'api'
  user?: string
  name?: string
  key?: string
  minutes: number
  ownPin?: boolean
  settings?: boolean
}

/** Signs a token that the server of this configuration accepts. Throws `ConfigError` where it would not. */
export async function mint(config: Config, options: MintOptions): Promise<string> {
  const key = findKey(config, options.key)
  const seconds = options.minutes * 60
  if (options.role === 'api') return mintApiToken(key, seconds)
  const { user, name = user, role } = options
  if (user === undefined || name === undefined) throw new ConfigError('--user: is missing.')
  check('--user', userIdSchema, user)
  check('--name', userNameSchema, name)
  const least = Math.ceil(config.limits.minTokenSeconds / 60)
  const most = MAX_TOKEN_SECONDS / 60
  if (options.minutes < least || options.minutes > most)
    throw new ConfigError(`--minutes: must be ${least} to ${most}.`)
  const claims = { role: role === 'customer' ? 1 : 2, userId: user, userName: name, seconds } as const
  return mintToken(
    key,
    { ...claims, enableByop: options.ownPin ? 1 : 0, enableSettings: options.settings ? 1 : 0 },
    systemClock,
  )
}

/** A token for REST. Throws `ConfigError` for a key without API credentials. */
export function mintApiToken({ sdkKey, apiKey, apiSecrets }: Key, seconds: number): Promise<string> {
  const [secret] = apiSecrets
  if (apiKey === undefined || !secret)
    throw new ConfigError(
      `The key "${sdkKey}" has no REST. Give it an apiKey and an apiSecret, and restart the server.`,
    )
  if (seconds < 1 || seconds > MAX_TOKEN_SECONDS)
    throw new ConfigError(`--minutes: must be 1 to ${MAX_TOKEN_SECONDS / 60}.`)
  const now = Math.floor(systemClock.now() / 1000)
  return new SignJWT({ iss: apiKey, iat: now, exp: now + seconds })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(secret)
}

function check(option: string, schema: ZodType, text: string): void {
  const { error } = schema.safeParse(text)
  if (error) throw new ConfigError(`${option}: ${error.issues[0]?.message}.`)
}
