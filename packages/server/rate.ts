import type { Clock } from './clock.ts'

/** So many of one peer in a window, by a bucket that fills evenly. `Quota` counts by name and forgets names. */
export class Rate {
  readonly #clock: Clock
  readonly #max: number
  readonly #refillMs: number
  #left: number
  #at: number

  constructor(clock: Clock, max: number, windowMs: number) {
    this.#clock = clock
    this.#max = max
    this.#refillMs = windowMs / max
    this.#left = max
    this.#at = clock.now()
  }

  /** Takes one. False when nothing is left. */
  spend(): boolean {
    const now = this.#clock.now()
    this.#left = Math.min(this.#max, this.#left + Math.max(0, now - this.#at) / this.#refillMs)
    this.#at = now
    if (this.#left < 1) return false
    this.#left--
    return true
  }
}
