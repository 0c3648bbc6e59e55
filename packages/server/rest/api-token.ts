import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { CLOCK_SKEW_SECONDS, readJwt } from '../jwt.ts'
import type { Key } from '../key.ts'
import { unauthorized } from './api-error.ts'

/** Longest life of a token for REST: two days, as of the others. There is no shortest: a server makes one per call. */
const MAX_TOKEN_SECONDS = 172_800

const issuerSchema = z.object({ iss: z.string() })
const claimsSchema = issuerSchema.extend({ iat: z.number(), exp: z.number() })

/** Finds the key whose API secret signed the bearer's token. Rejects with 401 for any other header. */
export class ApiTokens {
  readonly #keys: ReadonlyMap<string, Key>
  readonly #clock: Clock
  /** API key → SDK key. */
  readonly #owners = new Map<string, string>()

  constructor(keys: ReadonlyMap<string, Key>, clock: Clock) {
    this.#keys = keys
    this.#clock = clock
    for (const { apiKey, sdkKey } of keys.values()) if (apiKey !== undefined) this.#owners.set(apiKey, sdkKey)
  }

  async verify(authorization: string | undefined): Promise<Key> {
    const token = /^Bearer ([\w.-]+)$/i.exec(authorization ?? '')?.[1]
    if (token === undefined) throw unauthorized()
    const payload = await readJwt(token, (unverified) => this.#find(unverified)?.apiSecrets ?? [], this.#clock)
    const claims = claimsSchema.safeParse(payload)
    const key = this.#find(payload)
    if (!claims.success || !key) throw unauthorized()
    const now = Math.floor(this.#clock.now() / 1000)
    const { iat, exp } = claims.data
    const life = exp - iat
    if (iat > now + CLOCK_SKEW_SECONDS || now >= exp || life <= 0 || life > MAX_TOKEN_SECONDS) throw unauthorized()
    return key
  }

  #find(claims: unknown): Key | undefined {
    const issuer = issuerSchema.safeParse(claims).data?.iss
    return this.#keys.get(this.#owners.get(issuer ?? '') ?? '')
  }
}
