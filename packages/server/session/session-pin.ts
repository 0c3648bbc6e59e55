import { AlongsideError } from '@alongside/protocol'
import type { Backplane } from '../backplane.ts'
import type { Clock } from '../clock.ts'
import { claimGeneratedPin, type PinLength } from './pin.ts'

export interface LivePin {
  pin: string
  expiresAt: number
}

interface SessionPinOptions {
  backplane: Backplane
  clock: Clock
  sdkKey: string
  sessionId: string
  lifetimeMs: number
  length: PinLength
  /** The customer's own PIN. It serves all agents of the session; each renewal only moves its end. */
  own?: string
}

/** The one PIN that leads to a session. Calls are carried out one after the other. */
export class SessionPin {
  readonly #options: SessionPinOptions
  #shown: LivePin | undefined
  #work: Promise<unknown> = Promise.resolve()

  constructor(options: SessionPinOptions) {
    this.#options = options
  }

  /** The PIN that works now, if any. */
  get live(): LivePin | undefined {
    return this.#shown && this.#shown.expiresAt > this.#options.clock.now() ? this.#shown : undefined
  }

  /** Puts up the next PIN; the one before is void. Rejects with 1010 when an own PIN is in use elsewhere. */
  renew(): Promise<LivePin> {
    return this.#inTurn(async () => {
      await this.#takeDown()
      const { backplane, clock, sdkKey, sessionId, lifetimeMs, length, own } = this.#options
      const expiresAt = clock.now() + lifetimeMs
      if (own !== undefined && !(await backplane.claimPin(sdkKey, own, { sessionId, reusable: true }, lifetimeMs))) {
        throw new AlongsideError(1010)
      }
      const pin = own ?? (await claimGeneratedPin(backplane, sdkKey, sessionId, lifetimeMs, length))
      this.#shown = { pin, expiresAt }
      return this.#shown
    })
  }

  /** Puts up the PIN that was live before the server started again, for the rest of its life. It is left out when another
   *  session has taken it meanwhile. */
  restore(live: LivePin): Promise<void> {
    return this.#inTurn(async () => {
      const { backplane, clock, sdkKey, sessionId, own } = this.#options
      const left = live.expiresAt - clock.now()
      if (left <= 0) return
      const holder = { sessionId, reusable: own !== undefined }
      if (await backplane.claimPin(sdkKey, live.pin, holder, left)) this.#shown = live
    })
  }

  /** Uses the PIN for one agent. False when it is no longer this session's. */
  take(pin: string): Promise<boolean> {
    return this.#inTurn(async () => {
      const { backplane, sdkKey, sessionId, own } = this.#options
      const taken = await backplane.takePin(sdkKey, pin, sessionId)
      if (taken && own === undefined) this.#shown = undefined
      return taken
    })
  }

  release(): Promise<void> {
    return this.#inTurn(() => this.#takeDown())
  }

  async #takeDown(): Promise<void> {
    const pin = this.#shown?.pin
    this.#shown = undefined
    if (pin !== undefined) await this.#options.backplane.releasePin(this.#options.sdkKey, pin, this.#options.sessionId)
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#work.then(step)
    this.#work = result.catch(() => undefined)
    return result
  }
}
