import {
  type CustomData,
  type DeviceMessage,
  ERRORS,
  type ErrorCode,
  PROTOCOL_VERSION,
  type ToDevice,
} from '@alongside/protocol'
import { browserClock, type Clock } from '../../connection/clock.ts'
import { decodeControl } from '../../connection/control.ts'
import { socketUrl } from '../../connection/origin.ts'
import { openSocket, type Socket, type SocketOpener } from '../../connection/socket.ts'
import { pageDocument } from '../page-document.ts'
import type { SessionPlace } from '../session-core.ts'
import type { DeviceStart } from '../session-face.ts'

/** The first try to come back comes soon; the page is not in a hurry afterwards. */
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 60_000

export interface PresenceOptions extends SessionPlace {
  deviceId: string
  customData: CustomData
  /** Starts the session of an agent who calls; resolves to whether that worked. */
  start(options: DeviceStart): Promise<boolean>
  clock?: Clock
  open?: SocketOpener
}

/** Keeps a page on the list of present customers: one socket, which comes back by itself. Nothing of the page is read or
 *  watched but which tab the customer looks at. */
export class Presence {
  readonly #options: PresenceOptions
  readonly #clock: Clock
  readonly #closing = new AbortController()
  #customData: CustomData
  #socket: Socket | undefined
  #cancelRetry: (() => void) | undefined
  #attempt = 0

  constructor(options: PresenceOptions) {
    this.#options = options
    this.#clock = options.clock ?? browserClock
    this.#customData = options.customData
    const { signal } = this.#closing
    pageDocument.addEventListener('visibilitychange', () => this.#focus(), { signal })
    addEventListener('focus', () => this.#focus(), { signal })
    addEventListener('online', () => this.#connect(), { signal })
    // A page with an open socket is not kept for the way back.
    addEventListener('pagehide', () => this.#rest(), { signal })
    addEventListener('pageshow', ({ persisted }) => persisted && this.#connect(), { signal })
    this.#connect()
  }

  /** Replaces what agents read about the customer. */
  update(customData: CustomData): void {
    this.#customData = customData
    this.#say({ type: 'update', customData })
  }

  /** Takes the page off the list, for good. May be called twice. */
  close(): void {
    this.#closing.abort()
    this.#rest()
  }

  #connect(): void {
    if (this.#socket || this.#closing.signal.aborted) return
    this.#cancelRetry?.()
    const { origin, sdkKey, deviceId, open = openSocket } = this.#options
    const socket = open(socketUrl(origin), {
      onOpen: () =>
        this.#say({
          type: 'register',
          version: PROTOCOL_VERSION,
          sdkKey,
          deviceId,
          customData: this.#customData,
        }),
      onText: (text) => this.#receive(decodeControl<ToDevice>(text)),
      onBytes() {},
      onClose: () => this.#retry(),
    })
    this.#socket = socket
  }

  #receive(message: ToDevice | undefined): void {
    switch (message?.type) {
      case 'registered':
        this.#attempt = 0
        this.#focus()
        break
      case 'invited':
        void this.#answer(message.invitation)
        break
      case 'error':
        this.#refused(message.code, message.retryAfter)
    }
  }

  async #answer(invitation: string): Promise<void> {
    const { deviceId, start } = this.#options
    const started = await start({ deviceId, customData: this.#customData, invitation }).catch(() => false)
    if (!started) this.#say({ type: 'busy', invitation })
  }

  #focus(): void {
    if (pageDocument.visibilityState === 'visible') this.#say({ type: 'focus' })
  }

  #refused(code: ErrorCode, retryAfter: number | undefined): void {
    const { retry, text } = ERRORS[code] ?? ERRORS[9999]
    if (retry) return this.#retry((retryAfter ?? 0) * 1000)
    // biome-ignore lint/suspicious/noConsole: the integrator's only way to learn of it
    console.warn(`Alongside: this page is not on the list of present customers. ${text}`)
    this.close()
  }

  #retry(atLeast = 0): void {
    this.#rest()
    const delay = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#attempt++)
    // Spread: after a server's restart all pages come back.
    this.#cancelRetry = this.#clock.after(Math.max(atLeast, delay * (1 - Math.random() / 2)), () => this.#connect())
  }

  #rest(): void {
    this.#cancelRetry?.()
    this.#socket?.close()
    this.#socket = undefined
  }

  #say(message: DeviceMessage): void {
    this.#socket?.send(JSON.stringify(message))
  }
}
