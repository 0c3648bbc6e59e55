import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'

/** How long the page of another site may take to load. */
export const HAND_OFF_LIFETIME_MS = 60_000

/** More than a customer opens at once; a page that asks for more loses the first ones. */
const MAX_WAITING = 10

/** Tokens with which one session goes on at another site, each once and at one origin. They are kept in memory only: a
 *  server that starts anew knows none. */
export class HandOffs {
  readonly #clock: Clock
  readonly #waiting = new Map<string, { origin: string; until: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  issue(origin: string): { token: string; expiresAt: number } {
    const [oldest] = this.#waiting.keys()
    if (this.#waiting.size >= MAX_WAITING && oldest !== undefined) this.#waiting.delete(oldest)
    const token = randomBytes(32).toString('base64url')
    const until = this.#clock.now() + HAND_OFF_LIFETIME_MS
    this.#waiting.set(token, { origin, until })
    return { token, expiresAt: until }
  }

  /** Uses the token up. False for one that is unknown, was used, is too old or is another origin's, which leaves it as it
   *  is. */
  use(token: string, origin: string | undefined): boolean {
    const waiting = this.#waiting.get(token)
    if (!waiting || waiting.origin !== origin || waiting.until <= this.#clock.now()) return false
    this.#waiting.delete(token)
    return true
  }
}
