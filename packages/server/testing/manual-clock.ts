import type { Clock } from '../clock.ts'

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #now = Date.UTC(2030, 0, 1)
  readonly #pending = new Set<{ at: number; run: () => void }>()

  /** Calls that wait for their time: 0 after everything was closed. */
  get pending(): number {
    return this.#pending.size
  }

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const entry = { at: this.#now + ms, run }
    this.#pending.add(entry)
    return () => this.#pending.delete(entry)
  }

  /** Time passes and no call is made, as in a computer that is asleep: what fell due comes late, with `advance`. */
  sleep(ms: number): void {
    this.#now += ms
  }

  /** Moves time on and makes the calls that fall due, in order. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const due = [...this.#pending].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (!due) break
      this.#pending.delete(due)
      this.#now = Math.max(this.#now, due.at)
      due.run()
    }
    this.#now = end
  }
}
