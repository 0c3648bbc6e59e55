import { AlongsideError } from '@alongside/protocol'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { AttemptLimits } from '../limits.ts'

/** Who tries a PIN. */
export interface Attempt {
  sdkKey: string
  userId: string
  address: string
}

/** Counts failed tries of PINs per agent, per address and per key. */
export class Attempts {
  readonly #counters: { limiter: RateLimiterMemory; of: (attempt: Attempt) => string }[]

  constructor(limits: AttemptLimits) {
    const counter = (points: number) => new RateLimiterMemory({ points, duration: limits.windowMs / 1000 })
    this.#counters = [
      { limiter: counter(limits.perAgent), of: ({ sdkKey, userId }) => `${sdkKey}:${userId}` },
      { limiter: counter(limits.perAddress), of: ({ address }) => address },
      { limiter: counter(limits.perKey), of: ({ sdkKey }) => sdkKey },
    ]
  }

  /** Counts a try before its PIN is looked at, so that racing tries cannot slip through. Rejects with 1102. */
  async count(attempt: Attempt): Promise<void> {
    for (const { limiter, of } of this.#counters) {
      await limiter.consume(of(attempt)).catch((refusal: unknown) => {
        if (!(refusal instanceof RateLimiterRes)) throw refusal
        throw new AlongsideError(1102, undefined, { retryAfter: Math.ceil(refusal.msBeforeNext / 1000) })
      })
    }
  }

  /** Takes a counted try back: its PIN was right. */
  async forgive(attempt: Attempt): Promise<void> {
    for (const { limiter, of } of this.#counters) await limiter.reward(of(attempt))
  }
}
