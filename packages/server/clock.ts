/** Time as the server sees it; tests bring one that they move by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls `run` once after `ms`; the returned function prevents that. */
  after(ms: number, run: () => void): () => void
}

export const systemClock: Clock = {
  now: Date.now,
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/** At most one pending call at a time: the timer that belongs to a state. */
export class Deadline {
  #cancel: (() => void) | undefined
  readonly #clock: Clock
  readonly #run: () => void

  constructor(clock: Clock, run: () => void) {
    this.#clock = clock
    this.#run = run
  }

  /** Replaces the pending call by one at `at` (ms since the epoch), or by none. */
  set(at: number | undefined): void {
    this.#cancel?.()
    this.#cancel = at === undefined ? undefined : this.#clock.after(Math.max(0, at - this.#clock.now()), this.#run)
  }
}
