import type { Backplane, PinHolder } from './backplane.ts'
import type { Clock } from './clock.ts'

/** The backplane of a single process: nothing is awaited between a check and its write, so each method is atomic. */
export class MemoryBackplane implements Backplane {
  readonly #clock: Clock
  readonly #pins = new Map<string, PinHolder & { until: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async claimPin(sdkKey: string, pin: string, holder: PinHolder, lifetimeMs: number): Promise<boolean> {
    if (this.#live(sdkKey, pin)) return false
    this.#pins.set(name(sdkKey, pin), { ...holder, until: this.#clock.now() + lifetimeMs })
    return true
  }

  async hasAnyPin(sdkKey: string, pins: readonly string[]): Promise<boolean> {
    return pins.some((pin) => this.#live(sdkKey, pin))
  }

  async findPin(sdkKey: string, pin: string): Promise<PinHolder | undefined> {
    return this.#live(sdkKey, pin)
  }

  async takePin(sdkKey: string, pin: string, sessionId: string): Promise<boolean> {
    const entry = this.#live(sdkKey, pin)
    if (entry?.sessionId !== sessionId) return false
    if (!entry.reusable) this.#pins.delete(name(sdkKey, pin))
    return true
  }

  async releasePin(sdkKey: string, pin: string, sessionId: string): Promise<void> {
    if (this.#live(sdkKey, pin)?.sessionId === sessionId) this.#pins.delete(name(sdkKey, pin))
  }

  // An expired entry goes when it is looked at; its session releases the others when it ends.
  #live(sdkKey: string, pin: string): (PinHolder & { until: number }) | undefined {
    const entry = this.#pins.get(name(sdkKey, pin))
    if (!entry || entry.until > this.#clock.now()) return entry
    this.#pins.delete(name(sdkKey, pin))
    return undefined
  }
}

function name(sdkKey: string, pin: string): string {
  return `${sdkKey}:${pin}`
}
