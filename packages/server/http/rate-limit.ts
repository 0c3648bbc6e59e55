import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'

/** How often something may be done by one name within a minute. */
export class RateLimit {
  readonly #limiter: RateLimiterMemory

  constructor(perMinute: number) {
    this.#limiter = new RateLimiterMemory({ points: perMinute, duration: 60 })
  }

  /** Counts one. Answers the seconds to wait when it is one too many. */
  async take(name: string): Promise<number | undefined> {
    try {
      await this.#limiter.consume(name)
      return undefined
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal
      return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000))
    }
  }
}
