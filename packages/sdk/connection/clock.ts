/** Time as the SDK sees it; tests bring one that they move by hand. */
export interface Clock {
  /** Milliseconds from any fixed point. */
  now(): number
  /** Calls `run` once after `ms`; the returned function prevents that. */
  after(ms: number, run: () => void): () => void
}

// Bound when the SDK loads, so that a page which replaces its timers later does not stop the session.
const setTimer = globalThis.setTimeout.bind(globalThis)
const clearTimer = globalThis.clearTimeout.bind(globalThis)

export const browserClock: Clock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimer(run, ms)
    return () => clearTimer(timer)
  },
}
