import {
  AlongsideError,
  CONTROLS_PER_MINUTE,
  CUSTOMER_ID,
  decodeHeader,
  FRAMES_PER_SECOND,
  MAX_CONTROL_BYTES,
  MAX_FRAME_BYTES,
  MAX_GESTURE_BYTES,
  PINGS_PER_MINUTE,
} from '@alongside/protocol'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Metrics } from '../metrics.ts'
import type { Tab } from '../presence/devices.ts'
import type { Presence } from '../presence/presence.ts'
import { A_MINUTE_MS, type Quota, tooMany } from '../quota.ts'
import { Rate } from '../rate.ts'
import type { Colleague, Seat, Sessions } from '../session/sessions.ts'
import type { Connection } from './connection.ts'
import { type FirstMessage, laterAgentMessage, laterCustomerMessage, laterDeviceMessage } from './message-schemas.ts'
import { readFirst, readMessage } from './read-message.ts'

/** The window of limits that are told per second. */
const A_SECOND_MS = 1_000

/** Control messages that may wait while the first one is being checked; a real client sends one or two. */
const MAX_EARLY_MESSAGES = 8

type PeerState =
  | { name: 'silent' }
  /** The first message is being checked; what comes meanwhile waits. */
  | { name: 'admitting'; early: string[] }
  | { name: 'admitted'; seat: Seat }
  /** A page in the background. */
  | { name: 'registered'; tab: Tab }
  /** Refused, or closed by the other side. Nothing is read any more. */
  | { name: 'over' }

type SeatMessage = Exclude<FirstMessage, { type: 'register' }>

export interface PeerContext {
  clock: Clock
  sessions: Sessions
  /** How often the customer of a session may ask for another PIN, each of which is written down. */
  newPins: Quota
  presence: Presence
  log: Logger
  metrics: Metrics
}

/** Reads one socket: the first message decides the role, later ones go to the session. A peer's mistake is answered
 *  with a code, logged in one line and ends that socket only. */
export class Peer {
  #state: PeerState = { name: 'silent' }
  #proved = false
  readonly #connection: Connection
  readonly #sessions: Sessions
  readonly #newPins: Quota
  readonly #presence: Presence
  readonly #log: Logger
  readonly #metrics: Metrics
  readonly #controls: Rate
  readonly #frames: Rate
  readonly #pings: Rate

  constructor(connection: Connection, { clock, sessions, newPins, presence, log, metrics }: PeerContext) {
    this.#connection = connection
    this.#sessions = sessions
    this.#newPins = newPins
    this.#presence = presence
    this.#log = log
    this.#metrics = metrics
    this.#controls = new Rate(clock, CONTROLS_PER_MINUTE, A_MINUTE_MS)
    this.#frames = new Rate(clock, FRAMES_PER_SECOND, A_SECOND_MS)
    this.#pings = new Rate(clock, PINGS_PER_MINUTE, A_MINUTE_MS)
  }

  get silent(): boolean {
    return this.#state.name === 'silent'
  }

  get admitted(): boolean {
    return this.#state.name === 'admitted'
  }

  /** A page in the background is here to stay and has little to say. */
  get registered(): boolean {
    return this.#state.name === 'registered'
  }

  /** Beyond this no message of it is of use: an agent has nothing larger to say than a gesture, and what came in behind one
   *  is counted before that is told. */
  get maxMessageBytes(): number {
    const isCustomer = this.#state.name === 'admitted' && this.#state.seat.participant === CUSTOMER_ID
    return isCustomer ? MAX_FRAME_BYTES + 2 * MAX_GESTURE_BYTES : 4 * MAX_GESTURE_BYTES
  }

  receiveText(text: string): void {
    // Said before the peer learned that its socket is being closed.
    if (!this.#connection.open) return
    try {
      if (Buffer.byteLength(text) > MAX_CONTROL_BYTES) throw new AlongsideError(1106)
      // Not dropped instead: the next one may be the customer's word that the page is hidden, or the end.
      if (!this.#controls.spend()) throw tooMany(A_MINUTE_MS / CONTROLS_PER_MINUTE)
      this.#dispatch(text)
    } catch (error) {
      this.refuse(error)
    }
  }

  receiveBinary(bytes: Uint8Array): void {
    if (this.#state.name === 'over' || !this.#connection.open) return
    const header = decodeHeader(bytes)
    if (this.#state.name !== 'admitted' || !header) {
      this.refuse(new AlongsideError(1105))
      return
    }
    if (!this.#frames.spend()) return this.refuse(tooMany(A_SECOND_MS))
    this.#confirm(this.#state.seat)
    const { session, participant } = this.#state.seat
    if (participant === CUSTOMER_ID) session.customerFrame(this.#connection, bytes, header)
    else session.agentFrame(this.#connection, participant, bytes, header)
  }

  /** A ping was answered, or a pong came. */
  receivePing(): void {
    if (!this.#pings.spend()) this.refuse(tooMany(A_MINUTE_MS / PINGS_PER_MINUTE))
  }

  /** The socket is closed. */
  lost(): void {
    const before = this.#state
    this.#state = { name: 'over' }
    this.#leave(before)
  }

  refuse(error: unknown): void {
    if (this.#state.name === 'over') return
    const before = this.#state
    this.#state = { name: 'over' }
    const coded = error instanceof AlongsideError ? error : new AlongsideError(9999)
    this.#metrics.refusals.inc({ code: coded.code })
    if (coded.code === 9999) this.#log.error({ event: 'fault', err: error })
    else this.#log.info({ event: 'peer refused', code: coded.code, name: coded.name })
    this.#connection.refuse(coded)
    // After its socket's mistake a participant may resume on a new one.
    this.#leave(before)
  }

  /** What a peer says after `resumed` proves that its page has the new secret. A pong proves nothing: the browser sends
   *  it for a page that is being left, too. */
  #confirm({ session }: Seat): void {
    if (this.#proved) return
    this.#proved = true
    session.confirm(this.#connection)
  }

  #leave(before: PeerState): void {
    if (before.name === 'admitted') leaveSeat(before.seat, this.#connection)
    else if (before.name === 'registered') this.#presence.lost(before.tab)
  }

  #dispatch(text: string): void {
    switch (this.#state.name) {
      case 'silent':
        this.#begin(readFirst(text))
        break
      case 'admitting':
        if (this.#state.early.length >= MAX_EARLY_MESSAGES) throw new AlongsideError(1105)
        this.#state.early.push(text)
        break
      case 'admitted':
        this.#receiveLater(this.#state.seat, text)
        break
      case 'registered':
        this.#presence.fromDevice(this.#state.tab, readMessage(laterDeviceMessage, text))
    }
  }

  #begin(message: FirstMessage): void {
    if (message.type === 'register')
      this.#state = { name: 'registered', tab: this.#presence.register(this.#connection, message) }
    else void this.#admit(message)
  }

  async #admit(message: SeatMessage): Promise<void> {
    const early: string[] = []
    this.#state = { name: 'admitting', early }
    if ('tab' in message) this.#connection.tab = message.tab ?? ''
    try {
      const seat = await this.#findSeat(message)
      // The socket may have closed, or been refused for what came early, while the token was checked.
      if (this.#hasEnded()) return leaveSeat(seat, this.#connection)
      this.#state = { name: 'admitted', seat }
      for (const text of early) this.receiveText(text)
    } catch (error) {
      this.refuse(error)
    }
  }

  #hasEnded(): boolean {
    return this.#state.name === 'over'
  }

  #findSeat(message: SeatMessage): Promise<Seat> {
    switch (message.type) {
      case 'start':
        return this.#sessions.start(this.#connection, message.token, message.customPinCode)
      case 'start_device':
        return this.#presence.start(this.#connection, message)
      case 'call':
        return this.#presence.call(this.#connection, message.token, message.deviceId, message.watchOnly)
      case 'join':
        return this.#sessions.join(this.#connection, message.token, message.pinCode, message.watchOnly)
      case 'join_link':
        return this.#presence.joinLink(this.#connection, message.link, message.watchOnly)
      case 'join_session':
        return this.#presence.joinSession(this.#connection, message.token, message.sessionId, message.watchOnly)
      case 'resume':
        return this.#sessions.resume(this.#connection, message.sessionId, message.secret)
    }
  }

  #receiveLater(seat: Seat, text: string): void {
    this.#confirm(seat)
    const { session, participant } = seat
    if (participant !== CUSTOMER_ID) {
      const message = readMessage(laterAgentMessage, text)
      if (message.type === 'make_link') return this.#makeLink(seat, message)
      return session.fromAgent(this.#connection, participant, message)
    }
    const message = readMessage(laterCustomerMessage, text)
    if (message.type === 'new_pin' && !this.#mayHavePin(session.id)) return
    session.fromCustomer(this.#connection, message)
  }

  // A refusal leaves the agent in its session.
  #makeLink(seat: Seat, named: Colleague): void {
    try {
      this.#connection.send({ type: 'link_made', ...this.#sessions.makeLink(seat, named) })
    } catch (error) {
      if (!(error instanceof AlongsideError) || error.code === 1105) throw error
      const { code, detail } = error
      this.#connection.send({ type: 'error', code, ...(detail.retryAfter ? { retryAfter: detail.retryAfter } : {}) })
    }
  }

  // Tells the peer otherwise, and leaves its session alone.
  #mayHavePin(sessionId: string): boolean {
    const retryAfter = this.#newPins.spend(sessionId)
    if (retryAfter !== undefined) this.#connection.send({ type: 'error', code: 1102, retryAfter })
    return retryAfter === undefined
  }
}

function leaveSeat({ session, participant }: Seat, connection: Connection): void {
  if (participant === CUSTOMER_ID) session.customerLost(connection)
  else session.agentLost(participant, connection)
}
