import type { Clock } from '../clock.ts'
import { FadingCounts } from '../fading-counts.ts'
import { limitName } from '../http/client-address.ts'
import type { AttemptLimits } from '../limits.ts'
import { Quota, tooMany } from '../quota.ts'

/** Who tries a PIN. */
export interface Attempt {
  sdkKey: string
  userId: string
  address: string
}

/** Counts failed tries of PINs. An agent's first ones are free, each further one doubles the wait. An address has room
 *  for so many in a window. A key never refuses an agent for what others did: when its failures run high, agents who
 *  fail again only wait sooner and longer. Keys share nothing. */
export class Attempts {
  readonly #clock: Clock
  readonly #limits: AttemptLimits
  readonly #failures: FadingCounts
  readonly #addresses: Quota
  readonly #keys: Quota
  /** When an agent may try again, in ms since the epoch. */
  readonly #waiting = new Map<string, number>()

  constructor(clock: Clock, limits: AttemptLimits) {
    this.#clock = clock
    this.#limits = limits
    this.#failures = new FadingCounts(clock, limits.forgetMs)
    this.#addresses = new Quota(clock, limits.perAddress, limits.windowMs)
    this.#keys = new Quota(clock, limits.perKey, limits.windowMs)
  }

  /** Counts a try before its PIN is looked at, so that racing tries cannot slip through. Throws 1102 when it has to wait.
   *  The returned function takes the try back: its PIN was right. */
  count({ sdkKey, userId, address }: Attempt): () => void {
    const agent = `${sdkKey}:${userId}`
    const place = `${sdkKey}:${limitName(address)}`
    const before = this.#waiting.get(agent) ?? 0
    const now = this.#clock.now()
    if (before > now) throw tooMany(before - now)
    this.#addresses.check(place)
    this.#failures.add(agent)
    this.#addresses.take(place)
    this.#keys.take(sdkKey)
    this.#wait(agent, now + this.#waitAfter(this.#failures.level(agent), this.#keys.isFull(sdkKey)))
    return () => {
      this.#failures.add(agent, -1)
      this.#addresses.giveBack(place)
      this.#keys.giveBack(sdkKey)
      this.#wait(agent, before)
    }
  }

  #waitAfter(failures: number, pressure: boolean): number {
    const { perAgent, perAgentUnderPressure, waitMs, maxWaitMs } = this.#limits
    const free = pressure ? Math.min(perAgent, perAgentUnderPressure) : perAgent
    const over = Math.ceil(failures) - free
    if (over <= 0) return 0
    return Math.min(maxWaitMs, (pressure ? PRESSURE : 1) * waitMs * 2 ** (over - 1))
  }

  #wait(agent: string, until: number): void {
    this.#waiting.delete(agent)
    if (until <= this.#clock.now()) return
    // Oldest first: those whose time has come go with the next one that has to wait.
    for (const [other, time] of this.#waiting) {
      if (time > this.#clock.now()) break
      this.#waiting.delete(other)
    }
    this.#waiting.set(agent, until)
  }
}

/** How much longer the waits are while a key is under attack. */
const PRESSURE = 10
