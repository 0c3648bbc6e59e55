import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { badPageToken } from './api-error.ts'

/** How long a page token may be used: the contract's figure. */
export const PAGE_TOKEN_LIFETIME_MS = 15 * 60_000

/** Far longer than any token of ours, so that a stranger's costs nothing to refuse. */
const MAX_TOKEN_CHARACTERS = 2_048

const MAC_BYTES = 32

/** What a token is good for. A token of another key, operation or query is as wrong as one that was made up. */
export interface PageScope {
  /** The SDK key. */
  sdkKey: string
  /** Secrets of the caller, newest first: one signs, all are accepted, so a rotation breaks no paging. */
  secrets: readonly Uint8Array[]
  operation: string
  /** The query without `page_size` and `next_page_token`. */
  query: Record<string, unknown>
}

const bodySchema = z.tuple([z.number(), z.unknown()])

/** Makes and reads `next_page_token`: the place to go on from, readable by nobody who matters and changeable by nobody
 *  without the secret. */
export class PageTokens<Place> {
  readonly #place: z.ZodType<Place>
  readonly #clock: Clock

  constructor(place: z.ZodType<Place>, clock: Clock) {
    this.#place = place
    this.#clock = clock
  }

  make(scope: PageScope, place: Place): string {
    const body = Buffer.from(JSON.stringify([this.#clock.now() + PAGE_TOKEN_LIFETIME_MS, place]))
    const secret = scope.secrets[0]
    if (!secret) throw new Error('a caller has a secret')
    return Buffer.concat([sign(scope, secret, body), body]).toString('base64url')
  }

  /** Throws 30101 for anything that `make` did not make for this scope within the last 15 minutes. */
  read(scope: PageScope, token: string): Place {
    const bytes = token.length <= MAX_TOKEN_CHARACTERS ? Buffer.from(token, 'base64url') : Buffer.alloc(0)
    const isStrict = bytes.length > MAC_BYTES && bytes.toString('base64url') === token
    if (!isStrict) throw badPageToken()
    const [mac, body] = [bytes.subarray(0, MAC_BYTES), bytes.subarray(MAC_BYTES)]
    if (!scope.secrets.some((secret) => timingSafeEqual(mac, sign(scope, secret, body)))) throw badPageToken()
    const [until, place] = bodySchema.parse(JSON.parse(body.toString()))
    if (until <= this.#clock.now()) throw badPageToken()
    return this.#place.parse(place)
  }
}

// The first line keeps it apart from what else the secret signs: no token has a line end in it.
function sign({ sdkKey, operation, query }: PageScope, secret: Uint8Array, body: Buffer): Buffer {
  const sorted = Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1))
  const scope = JSON.stringify([sdkKey, operation, sorted])
  return createHmac('sha256', secret).update(`alongside page token\n${scope}\n`).update(body).digest()
}
