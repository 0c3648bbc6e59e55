import { type AlongsideError, type BrowserInfo, ERRORS, type ErrorCode, type ServerMessage } from '@alongside/protocol'
import type { WebSocket } from 'ws'

/** Close codes of the WebSocket itself (RFC 6455, section 7.4.1) beside those of `ERRORS`. A page that is left sends
 *  `ended`; the browser says `leaving` for one that could not. */
export const CLOSE = { ended: 1000, leaving: 1001, serverStopped: 1001, tooSlow: 1013 } as const

interface ConnectionOptions {
  socket: WebSocket
  address: string
  origin: string | undefined
  browser: BrowserInfo | undefined
  maxBufferedBytes: number
}

/** One participant's socket, as sessions see it. */
export class Connection {
  readonly address: string
  readonly origin: string | undefined
  readonly browser: BrowserInfo | undefined
  /** What the customer's tab calls itself. */
  tab = ''
  /** The peer closed it itself: its page was left. */
  left = false
  #socket: WebSocket | undefined
  readonly #maxBufferedBytes: number

  constructor({ socket, address, origin, browser, maxBufferedBytes }: ConnectionOptions) {
    this.#socket = socket
    this.address = address
    this.origin = origin
    this.browser = browser
    this.#maxBufferedBytes = maxBufferedBytes
  }

  get open(): boolean {
    return this.#socket !== undefined && this.#socket.readyState === this.#socket.OPEN
  }

  /** Whether `bytes` more would exceed what is kept for a receiver that does not read. */
  isFull(bytes: number): boolean {
    return this.#waiting + bytes > this.#maxBufferedBytes
  }

  /** Whether more than `bytes` wait for a receiver that reads slowly. */
  isBehind(bytes: number): boolean {
    return this.#waiting > bytes
  }

  get #waiting(): number {
    return this.#socket?.bufferedAmount ?? 0
  }

  send(message: ServerMessage): void {
    if (!this.open) return
    const text = JSON.stringify(message)
    if (this.isFull(text.length)) this.cut()
    else this.#socket?.send(text)
  }

  /** Passes a binary message on as it is. */
  forward(bytes: Uint8Array): void {
    if (this.open) this.#socket?.send(bytes, { binary: true })
  }

  /** Says what was wrong and closes. */
  refuse(error: AlongsideError): void {
    const { retryAfter } = error.detail
    this.send({ type: 'error', code: error.code, ...(retryAfter === undefined ? {} : { retryAfter }) })
    this.close(closeCode(error.code))
  }

  close(code: number): void {
    this.#socket?.close(code)
  }

  /** Cuts a line that does not even drain a closing message. */
  cut(): void {
    this.#socket?.terminate()
  }

  /** The socket is closed. A session remembers who had it for as long as it waits, but not what came in last. */
  lost(): void {
    this.#socket = undefined
  }
}

function closeCode(code: ErrorCode): number {
  return ERRORS[code].close
}
