import { AlongsideError } from '@alongside/protocol'
import type { Clock } from './clock.ts'
import { FadingCounts } from './fading-counts.ts'

/** The window of limits that are told per minute. */
export const A_MINUTE_MS = 60_000

/** So many in a window under each name. The room comes back evenly. */
export class Quota {
  readonly #max: number
  readonly #counts: FadingCounts

  constructor(clock: Clock, max: number, windowMs: number) {
    this.#max = max
    this.#counts = new FadingCounts(clock, windowMs / max)
  }

  /** Throws 1102 with the seconds to wait when there is no room. */
  check(name: string): void {
    const wait = this.#counts.waitFor(name, this.#max)
    if (wait > 0) throw tooMany(wait)
  }

  /** Takes one if there is room. Answers the seconds to wait if there is none. */
  spend(name: string): number | undefined {
    const wait = this.#counts.waitFor(name, this.#max)
    if (wait > 0) return Math.ceil(wait / 1000)
    this.take(name)
    return undefined
  }

  isFull(name: string): boolean {
    return this.#counts.waitFor(name, this.#max) > 0
  }

  take(name: string): void {
    this.#counts.add(name)
  }

  giveBack(name: string): void {
    this.#counts.add(name, -1)
  }
}

/** The refusal of one who has to wait. */
export function tooMany(waitMs: number): AlongsideError {
  return new AlongsideError(1102, undefined, { retryAfter: Math.ceil(waitMs / 1000) })
}
