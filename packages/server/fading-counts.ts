import type { Clock } from './clock.ts'

interface Count {
  level: number
  at: number
}

/** Names below which no sweep for faded ones is worth it. */
const MIN_SWEEP = 1_024

/** Counts by name. Of each count one is forgotten every `forgetMs`, evenly, so that no moment gives all the room back. */
export class FadingCounts {
  readonly #clock: Clock
  readonly #forgetMs: number
  readonly #counts = new Map<string, Count>()
  #sweepAt = MIN_SWEEP

  constructor(clock: Clock, forgetMs: number) {
    this.#clock = clock
    this.#forgetMs = forgetMs
  }

  /** Names that are remembered. */
  get size(): number {
    return this.#counts.size
  }

  level(name: string): number {
    const count = this.#counts.get(name)
    return count ? Math.max(0, count.level - (this.#clock.now() - count.at) / this.#forgetMs) : 0
  }

  /** Counts one more, or one less for -1. */
  add(name: string, amount = 1): void {
    const level = this.level(name) + amount
    if (level > 0) this.#counts.set(name, { level, at: this.#clock.now() })
    else this.#counts.delete(name)
    if (this.#counts.size >= this.#sweepAt) this.#sweep()
  }

  /** Milliseconds until one more does not exceed `max`; 0 when there is room. */
  waitFor(name: string, max: number): number {
    return Math.max(0, Math.ceil((this.level(name) + 1 - max) * this.#forgetMs))
  }

  /** Strangers choose the names, so those that count nothing any more must go. */
  #sweep(): void {
    for (const name of this.#counts.keys()) if (this.level(name) === 0) this.#counts.delete(name)
    this.#sweepAt = Math.max(MIN_SWEEP, 2 * this.#counts.size)
  }
}
