/** Points that a participant may draw in a second, and at once: a hand makes some hundred. */
const POINTS_PER_SECOND = 8_000
const POINTS_AT_ONCE = 24_000

/** What each message costs beside its points. */
const MESSAGE_POINTS = 20

/** How much a participant may still draw: one who floods must not keep the customer's page busy. */
export class Allowance {
  readonly #now: () => number
  #left = POINTS_AT_ONCE
  #at: number

  constructor(now: () => number) {
    this.#now = now
    this.#at = now()
  }

  /** False when too much was drawn already. */
  spend(points: number): boolean {
    const now = this.#now()
    this.#left = Math.min(POINTS_AT_ONCE, this.#left + ((now - this.#at) * POINTS_PER_SECOND) / 1000)
    this.#at = now
    if (this.#left < points + MESSAGE_POINTS) return false
    this.#left -= points + MESSAGE_POINTS
    return true
  }
}
