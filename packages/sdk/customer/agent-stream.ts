import type { Capture, Stream } from '@alongside/mirror/capture'
import { encodeFrame, FLAG_DEFLATED, type ParticipantId } from '@alongside/protocol'
import { canDeflate, deflate } from '../connection/compression.ts'
import { Credit } from './credit.ts'

/** Frames below this gain little from compression, and cost a turn of the event loop. */
const MIN_DEFLATED_BYTES = 1024

export interface AgentStreamOptions {
  capture: Capture
  participant: ParticipantId
  now(): number
  /** Whether the page may be read now. */
  ready(): boolean
  /** False when the line is down. */
  send(frame: Uint8Array<ArrayBuffer>): boolean
  onError(error: unknown): void
}

/** The page's frames to one agent, numbered from 1, compressed and held back by the agent's acknowledgements. */
export class AgentStream {
  readonly #options: AgentStreamOptions
  readonly #credit: Credit
  readonly #stream: Stream
  /** Frames that are being compressed, in order; undefined when the next one may go at once. */
  #chain: Promise<void> | undefined
  /** Bytes in the chain. */
  #waiting = 0
  #sequence = 0
  /** An `ack` of the stream before this one can still arrive; those of this one begin with 1. */
  #acksBegun = false
  #closed = false

  constructor(options: AgentStreamOptions) {
    this.#options = options
    this.#credit = new Credit(options.now)
    this.#stream = options.capture.open({
      ready: () => !this.#closed && this.#credit.allows(this.#waiting) && options.ready(),
      room: () => this.#credit.room,
      send: (frame) => this.#take(frame),
    })
  }

  /** Whether the agent shows this copy. */
  get seen(): boolean {
    return this.#acksBegun
  }

  /** The agent has applied a frame. */
  acked(sequence: number): void {
    this.#acksBegun ||= sequence === 1
    if (!this.#acksBegun || this.#closed) return
    this.#credit.acked(sequence)
    this.#stream.wake()
  }

  /** What the agent wants to know of its line: how long its oldest frame is under way. */
  probed(sequence: number): void {
    const payload = new Uint8Array(4)
    new DataView(payload.buffer).setUint32(0, this.#credit.age)
    this.#options.send(encodeFrame({ kind: 'probe', flags: 0, peer: this.#options.participant, sequence }, payload))
  }

  /** May be called twice. What is still being compressed is not sent. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#stream.close()
  }

  #take(frame: Uint8Array<ArrayBuffer>): void {
    const large = canDeflate && frame.length >= MIN_DEFLATED_BYTES
    if (!large && !this.#chain) return this.#send(frame, 0)
    this.#waiting += frame.length
    const ready = large ? deflate(frame) : Promise.resolve(frame)
    const chain = (this.#chain ?? Promise.resolve())
      .then(() => ready)
      .then((payload) => {
        this.#waiting -= frame.length
        this.#send(payload, large ? FLAG_DEFLATED : 0)
        if (this.#chain === chain) this.#chain = undefined
        this.#stream.wake()
      })
    this.#chain = chain
    chain.catch((error: unknown) => this.#fail(error))
  }

  #send(payload: Uint8Array<ArrayBuffer>, flags: number): void {
    if (this.#closed) return
    const { participant, send } = this.#options
    const frame = encodeFrame({ kind: 'content', flags, peer: participant, sequence: ++this.#sequence }, payload)
    this.#credit.sent(this.#sequence, frame.length)
    send(frame)
  }

  #fail(error: unknown): void {
    if (this.#closed) return
    this.close()
    this.#options.onError(error)
  }
}
