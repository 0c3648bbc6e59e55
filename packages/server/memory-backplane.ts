import type { Backplane, PinHolder } from './backplane.ts'
import type { Clock } from './clock.ts'

/** The backplane of a single process: nothing is awaited between a check and its write, so each method is atomic. */
export class MemoryBackplane implements Backplane {
  readonly #clock: Clock
  /** By key, then by PIN. */
  readonly #pins = new Map<string, Map<string, PinHolder & { until: number }>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async claimPin(sdkKey: string, pin: string, holder: PinHolder, lifetimeMs: number): Promise<boolean> {
    if (this.#live(sdkKey, pin)) return false
    const pins = this.#pins.get(sdkKey) ?? new Map()
    this.#pins.set(sdkKey, pins)
    pins.set(pin, { ...holder, until: this.#clock.now() + lifetimeMs })
    return true
  }

  async countPins(sdkKey: string): Promise<number> {
    return this.#pins.get(sdkKey)?.size ?? 0
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
    if (!entry.reusable) this.#drop(sdkKey, pin)
    return true
  }

  async releasePin(sdkKey: string, pin: string, sessionId: string): Promise<void> {
    if (this.#live(sdkKey, pin)?.sessionId === sessionId) this.#drop(sdkKey, pin)
  }

  // An expired entry goes when it is looked at; its session releases the others when it ends.
  #live(sdkKey: string, pin: string): (PinHolder & { until: number }) | undefined {
    const entry = this.#pins.get(sdkKey)?.get(pin)
    if (!entry || entry.until > this.#clock.now()) return entry
    this.#drop(sdkKey, pin)
    return undefined
  }

  #drop(sdkKey: string, pin: string): void {
    const pins = this.#pins.get(sdkKey)
    pins?.delete(pin)
    if (pins?.size === 0) this.#pins.delete(sdkKey)
  }
}
