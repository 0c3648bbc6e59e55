import {
  AlongsideError,
  decodeHeader,
  type FrameHeader,
  HEADER_BYTES,
  type PeerMessage,
  PROTOCOL_VERSION,
  RECOVERY_WINDOW_MS,
  type ServerMessage,
} from '@alongside/protocol'
import type { Clock } from './clock.ts'
import { decodeControl } from './control.ts'
import { retryDelay } from './retry-delay.ts'
import { openSocket, type Socket, type SocketOpener } from './socket.ts'

/** How often a line looks at the clock on the wall. */
const WATCH_MS = 15_000

/** A clock that jumps further than this was asleep: the server has given the socket up, and the browser does not know.
 *  Timers of a hidden page come once a minute at the least (HTML, throttling of timers). */
const ASLEEP_MS = 75_000

/** How long one try to connect may take: a slow phone's DNS, TCP, TLS and upgrade. */
const CONNECT_TIMEOUT_MS = 6_000

export interface LineOptions<Incoming extends ServerMessage> {
  url: string
  /** The first message on the first socket, `start` or `join`; or what an earlier page was given to come back with. */
  hello: PeerMessage | Ticket
  /** What this tab calls itself when it resumes. */
  tab?: string
  clock: Clock
  /** From 0 to 1, spreads the retries of many participants after a server's restart. */
  random?: () => number
  open?: SocketOpener
  onMessage(message: Incoming): void
  onFrame?(header: FrameHeader, payload: Uint8Array<ArrayBuffer>): void
  /** The socket dropped; `attempt` counts the tries to come back from 1. `resumed` tells when it is up again. */
  onLost(attempt: number): void
  /** It is over: the first try did not get through, or the recovery window has passed. */
  onFailed(error: AlongsideError): void
}

/** What the server hands out with `started`, `asked` and `resumed` to come back with. */
export interface Ticket {
  sessionId: string
  secret: string
}

type Phase =
  /** The first socket, before the server has answered. */
  | { name: 'greeting'; socket: Socket; cancel: () => void }
  | { name: 'open'; socket: Socket; ticket: Ticket }
  | { name: 'pausing'; ticket: Ticket; since: number; attempt: number; cancel: () => void }
  | { name: 'resuming'; socket: Socket; ticket: Ticket; since: number; attempt: number; cancel: () => void }
  | { name: 'closed' }

/** One participant's line to the server. Comes back by itself, with growing delays, for as long as the server keeps the
 *  session; then it gives up with 1016. Calls nothing after `close` or `onFailed`. */
export class Line<Outgoing extends PeerMessage, Incoming extends ServerMessage> {
  readonly #options: LineOptions<Incoming>
  #phase: Phase = { name: 'closed' }
  #undoNetwork: () => void
  #stopWatch = () => {}

  constructor(options: LineOptions<Incoming>) {
    this.#options = options
    this.#undoNetwork = watchNetwork(
      () => this.retry(),
      () => this.#cut(),
    )
    const { hello, clock } = options
    if ('secret' in hello && !('type' in hello)) this.#resume({ ticket: hello, since: clock.now(), attempt: 0 })
    else this.#phase = { name: 'greeting', ...this.#connect(hello) }
    this.#watch()
  }

  /** Drops the message while the line is down; whoever needs it again says it after `resumed`. */
  send(message: Outgoing): void {
    if (this.#phase.name === 'open') this.#phase.socket.send(JSON.stringify(message))
  }

  /** False when the line is down: the frame is gone then. */
  sendFrame(frame: Uint8Array<ArrayBuffer>): boolean {
    if (this.#phase.name !== 'open') return false
    this.#phase.socket.send(frame)
    return true
  }

  /** Bytes that have not left yet. */
  get buffered(): number {
    return this.#phase.name === 'open' ? this.#phase.socket.buffered : 0
  }

  /** Tries at once instead of waiting for the next turn. */
  retry(): void {
    if (this.#phase.name !== 'pausing') return
    this.#phase.cancel()
    this.#resume(this.#phase)
  }

  /** May be called twice. */
  close(): void {
    const phase = this.#phase
    this.#phase = { name: 'closed' }
    this.#undoNetwork()
    this.#stopWatch()
    if ('cancel' in phase) phase.cancel()
    if ('socket' in phase) phase.socket.close(1000)
  }

  /** A laptop that was asleep has a socket that only looks open. */
  #watch(): void {
    const before = Date.now()
    this.#stopWatch = this.#options.clock.after(WATCH_MS, () => {
      this.#watch()
      if (Date.now() - before > WATCH_MS + ASLEEP_MS) this.#cut()
    })
  }

  #connect(first: PeerMessage): { socket: Socket; cancel: () => void } {
    const socket = (this.#options.open ?? openSocket)(this.#options.url, {
      onOpen: () => socket.send(JSON.stringify(first)),
      onText: (text) => this.#receive(socket, text),
      onBytes: (bytes) => this.#receiveFrame(socket, bytes),
      onClose: () => this.#lost(socket),
    })
    const cancel = this.#options.clock.after(CONNECT_TIMEOUT_MS, () => {
      socket.close()
      this.#lost(socket)
    })
    return { socket, cancel }
  }

  #receive(socket: Socket, text: string): void {
    if (!this.#isCurrent(socket)) return
    const message = decodeControl<Incoming>(text)
    if (!message) return
    this.#takeTicket(socket, message)
    this.#options.onMessage(message)
  }

  #takeTicket(socket: Socket, message: ServerMessage): void {
    const phase = this.#phase
    if (!('secret' in message) || (phase.name !== 'greeting' && phase.name !== 'resuming')) return
    phase.cancel()
    const sessionId = 'sessionId' in message ? message.sessionId : 'ticket' in phase ? phase.ticket.sessionId : ''
    this.#phase = { name: 'open', socket, ticket: { sessionId, secret: message.secret } }
  }

  #receiveFrame(socket: Socket, bytes: Uint8Array<ArrayBuffer>): void {
    const header = this.#phase.name === 'open' && this.#isCurrent(socket) ? decodeHeader(bytes) : undefined
    if (header) this.#options.onFrame?.(header, bytes.subarray(HEADER_BYTES))
  }

  #isCurrent(socket: Socket): boolean {
    return 'socket' in this.#phase && this.#phase.socket === socket
  }

  /** The browser knows that the network is gone long before the socket does. */
  #cut(): void {
    if (this.#phase.name !== 'open') return
    const { socket } = this.#phase
    socket.close()
    this.#lost(socket)
  }

  #lost(socket: Socket): void {
    const phase = this.#phase
    if (!this.#isCurrent(socket)) return
    if ('cancel' in phase) phase.cancel()
    if (phase.name === 'open') this.#pause({ ticket: phase.ticket, since: this.#options.clock.now(), attempt: 1 })
    else if (phase.name === 'resuming') this.#pause({ ...phase, attempt: phase.attempt + 1 })
    else this.#fail()
  }

  #pause({ ticket, since, attempt }: { ticket: Ticket; since: number; attempt: number }): void {
    const { clock, random = Math.random, onLost } = this.#options
    const delay = retryDelay(attempt, random())
    if (clock.now() + delay - since > RECOVERY_WINDOW_MS) return this.#fail()
    const cancel = clock.after(delay, () => this.retry())
    this.#phase = { name: 'pausing', ticket, since, attempt, cancel }
    onLost(attempt)
  }

  #resume({ ticket, since, attempt }: { ticket: Ticket; since: number; attempt: number }): void {
    const { tab } = this.#options
    const { sessionId, secret } = ticket
    const made = this.#connect({
      type: 'resume',
      version: PROTOCOL_VERSION,
      sessionId,
      secret,
      ...(tab === undefined ? {} : { tab }),
    })
    this.#phase = { name: 'resuming', ticket, since, attempt, ...made }
  }

  #fail(): void {
    this.close()
    this.#options.onFailed(new AlongsideError(1016))
  }
}

function watchNetwork(online: () => void, offline: () => void): () => void {
  if (typeof addEventListener !== 'function') return () => {}
  addEventListener('online', online)
  addEventListener('offline', offline)
  return () => {
    removeEventListener('online', online)
    removeEventListener('offline', offline)
  }
}
