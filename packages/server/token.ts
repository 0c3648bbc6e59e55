import { AlongsideError } from '@alongside/protocol'
import { SignJWT } from 'jose'
import { z } from 'zod'
import type { Clock } from './clock.ts'
import { CLOCK_SKEW_SECONDS, readJwt } from './jwt.ts'
import type { Key } from './key.ts'
import { userIdSchema, userNameSchema } from './shown-name.ts'

export const ROLES = { customer: 1, agent: 2 } as const
export type Role = keyof typeof ROLES

/** What a verified token says of its bearer. */
export interface Claims {
  key: Key
  userId: string
  /** Free of control and direction characters, so that it can be shown in a question of consent. */
  userName: string
  /** The customer may, and must, bring an own PIN. */
  ownPin: boolean
  /** An agent that may only look. */
  watchOnly?: true
  /** An agent that may change what the key masks. */
  maySet?: true
  /** The name of the agent whose link this one came by. */
  invitedBy?: string
  /** Only for a customer without a token: where it started from. */
  address?: string
}

/** Longest life of a token: two days. */
export const MAX_TOKEN_SECONDS = 172_800

const appKeySchema = z.object({ app_key: z.string() })

const claimsSchema = appKeySchema.extend({
  role_type: z.union([z.literal(1), z.literal(2)]),
  iat: z.number(),
  exp: z.number(),
  user_id: userIdSchema,
  user_name: userNameSchema,
  enable_byop: z.union([z.literal(0), z.literal(1)]).default(0),
  watch_only: z.union([z.literal(0), z.literal(1)]).default(0),
  enable_settings: z.union([z.literal(0), z.literal(1)]).default(0),
})

export interface TokenRules {
  keys: ReadonlyMap<string, Key>
  clock: Clock
  minTokenSeconds: number
}

/** Verifies a token for one role. Rejects with 2001 whatever is wrong: the caller learns nothing about the key. */
export async function verifyToken(
  token: string,
  role: Role,
  { keys, clock, minTokenSeconds }: TokenRules,
): Promise<Claims> {
  const findKey = (claims: unknown) => keys.get(appKeySchema.safeParse(claims).data?.app_key ?? '')
  const payload = await readJwt(token, (unverified) => findKey(unverified)?.secrets ?? [], clock)
  const key = findKey(payload)
  const claims = claimsSchema.safeParse(payload)
  if (!key || !claims.success) throw new AlongsideError(2001)
  const { iat, exp, role_type, user_id, user_name, enable_byop, watch_only, enable_settings } = claims.data
  const now = Math.floor(clock.now() / 1000)
  const life = exp - iat
  const timely = iat <= now + CLOCK_SKEW_SECONDS && now < exp
  const longEnough = life >= minTokenSeconds && life <= MAX_TOKEN_SECONDS
  if (role_type !== ROLES[role] || !timely || !longEnough) throw new AlongsideError(2001)
  const watchOnly = watch_only === 1 ? { watchOnly: true as const } : {}
  const maySet = enable_settings === 1 ? { maySet: true as const } : {}
  return { key, userId: user_id, userName: user_name, ownPin: enable_byop === 1, ...watchOnly, ...maySet }
}

/** Signs a token with the newest secret: what the integrator's own token server does. Throws for a key without one. */
export function mintToken(
  key: Key,
  claims: {
    role: 1 | 2
    userId: string
    userName: string
    seconds: number
    enableByop: 0 | 1
    watchOnly?: 1
    enableSettings?: 0 | 1
  },
  clock: Clock,
): Promise<string> {
  const secret = key.secrets[0]
  if (!secret) throw new Error(`The key ${key.sdkKey} has no secret to sign with.`)
  const now = Math.floor(clock.now() / 1000)
  return new SignJWT({
    app_key: key.sdkKey,
    role_type: claims.role,
    user_id: claims.userId,
    user_name: claims.userName,
    enable_byop: claims.enableByop,
    ...(claims.watchOnly ? { watch_only: 1 } : {}),
    ...(claims.enableSettings ? { enable_settings: 1 } : {}),
    iat: now,
    exp: now + claims.seconds,
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(secret)
}
