import { type Capture, type CapturePart, MASK, type Mask, startCapture } from '@alongside/mirror/capture'
import { type FrameHeader, type ParticipantId, SERVER_ID } from '@alongside/protocol'
import type { Clock } from '../connection/clock.ts'
import { AgentStream } from './agent-stream.ts'
import type { Assets } from './assets.ts'
import type { PageMask } from './page-mask.ts'
import type { Load } from './part.ts'
import type { CustomerSettings } from './settings.ts'

/** Streams of one agent begin at least this far apart: a snapshot costs the page work, and an agent may ask for many. From
 *  one to the next the least distance doubles, up to the second. */
const RESTART_GAP_MS = 500
const MAX_RESTART_GAP_MS = 16_000

export interface PageShareOptions {
  mask: PageMask
  excluded: ReadonlySet<Node>
  assets: Assets
  settings: CustomerSettings
  load: Load
  clock: Clock
  /** Whether the session is recorded: then the recording gets a stream as long as an agent has one. */
  recorded(): boolean
  send(frame: Uint8Array<ArrayBuffer>): boolean
  /** Capture broke; nothing is sent any more. */
  onError(error: unknown): void
}

/** What leaves the page: one capture while at least one agent may look, one stream for each of them. */
export class PageShare {
  readonly #options: PageShareOptions
  readonly #streams = new Map<ParticipantId, AgentStream>()
  /** When each agent's stream began, and how far the next one must be from it. */
  readonly #begun = new Map<ParticipantId, [at: number, gap: number]>()
  /** Restarts that wait for their turn, and how to forget them. */
  readonly #waiting = new Map<ParticipantId, () => void>()
  #capture: Capture | undefined
  /** Of the capture; undefined when that only watches until the next one begins, under another mask. */
  #mask: Mask | undefined
  /** Begin anew with each capture. */
  readonly #watchers = new Set<() => void>()
  /** Another number for each capture, on whatever page: what agents mean by a number of one is nothing in the next. */
  copy = 0

  constructor(options: PageShareOptions) {
    this.#options = options
  }

  /** Begins an agent's stream with a snapshot; one that it had ends. Only for agents whom the customer let in. */
  open(participant: ParticipantId): void {
    this.#streams.get(participant)?.close()
    this.#forgetRestart(participant)
    const { mask, excluded, assets, clock, send, onError } = this.#options
    try {
      // The one before was watching until now: what it has not looked at yet may tell of a password.
      if (!this.#mask) {
        this.#capture?.flush()
        this.#capture?.close()
        this.copy = Math.random()
        this.#mask = mask.mask
        this.#capture = startCapture(document, {
          mask: this.#mask,
          excluded,
          asset: assets.key,
          onError,
          onNeed: (part) => this.#extend(part),
        })
        this.#admitGuests(this.#capture)
        for (const watcher of this.#watchers) watcher()
      }
      assets.open()
      const capture = this.#capture!
      const [, gap = RESTART_GAP_MS / 2] = this.#begun.get(participant) ?? []
      this.#begun.set(participant, [clock.now(), Math.min(2 * gap, MAX_RESTART_GAP_MS)])
      this.#streams.set(
        participant,
        new AgentStream({ capture, participant, now: clock.now, ready: this.#isCurrent, send, onError }),
      )
    } catch (error) {
      return onError(error)
    }
    if (this.#options.recorded() && !this.#streams.has(SERVER_ID)) this.open(SERVER_ID)
  }

  /** Ends a stream; with the last agent's the page is no longer watched, nor recorded. */
  close(participant: ParticipantId): void {
    this.#forgetRestart(participant)
    this.#streams.get(participant)?.close()
    this.#streams.delete(participant)
    if (this.#streams.size === +this.#streams.has(SERVER_ID)) this.closeAll()
  }

  /** A stream as agents get it, for the customer's own eyes. Ends with the returned function, or with the last agent's. */
  watch(send: (frame: Uint8Array<ArrayBuffer>) => void): () => void {
    let close = () => {}
    const open = () => {
      const stream = this.#capture?.open({ ready: this.#isCurrent, send })
      close = () => stream?.close()
    }
    open()
    this.#watchers.add(open)
    return () => {
      this.#watchers.delete(open)
      close()
    }
  }

  /** Begins everything anew where the mask is another one: nothing more leaves under the one before. */
  remask(): void {
    if (!this.#capture || !this.#options.mask.settled || this.#mask === this.#options.mask.mask) return
    this.#mask = undefined
    for (const [participant, stream] of [...this.#streams]) {
      // No agent asked for this one: however many there were, none waits long for the page under its rules.
      this.#forgetRestart(participant)
      const [at] = this.#begun.get(participant)!
      this.#begun.set(participant, [at, RESTART_GAP_MS])
      this.#restart(participant, stream)
    }
  }

  /** Asked before anything is read for a frame: the page may have gone to an address where other rules count. */
  readonly #isCurrent = (): boolean => {
    const { mask } = this.#options
    if (mask.settled && mask.mask === this.#mask) return true
    queueMicrotask(() => this.remask())
    return false
  }

  /** The node that agents know by a number; undefined while no agent looks. */
  nodeOf(number: number): Node | undefined {
    return this.#capture?.nodeOf(number)
  }

  /** Whether an agent shows the copy that is being sent to it. */
  isSeen(participant: ParticipantId): boolean {
    return this.#streams.get(participant)?.seen === true
  }

  maskOf(node: Node): number {
    const { mask } = this.#options
    return mask.settled ? mask.mask.decide(node) : MASK.locked
  }

  numberOf(node: Node): number | undefined {
    return this.#capture?.numberOf(node)
  }

  closeAll(): void {
    for (const participant of [...this.#waiting.keys()]) this.#forgetRestart(participant)
    for (const stream of this.#streams.values()) stream.close()
    this.#streams.clear()
    this.#capture?.close()
    this.#capture = this.#mask = undefined
    this.#options.assets.close()
  }

  /** What an agent sends back. A `restart` from one who has no stream opens none. */
  receive({ kind, peer, sequence }: FrameHeader): void {
    const stream = this.#streams.get(peer)
    if (!stream) return
    if (kind === 'ack') stream.acked(sequence)
    else if (kind === 'restart') this.#restart(peer, stream)
    else if (kind === 'probe') stream.probed(sequence)
  }

  /** Iframes of trusted origins show what they hand in. */
  #admitGuests(capture: Capture): void {
    if (!this.#options.settings.trustedOrigins?.length) return
    this.#options.load('guests').then(
      ({ hostGuests }) => capture.admit((page) => hostGuests(page, this.#options)),
      // Without it they are not shown, as those of strangers; the next capture tries again.
      () => {},
    )
  }

  /** A part of capture for what few pages have. */
  #extend(part: CapturePart): void {
    this.#options.load(part).then(
      ({ start }) => this.#capture?.extend(part, start),
      // Without it that is not shown; the next capture tries again.
      () => {},
    )
  }

  #restart(participant: ParticipantId, stream: AgentStream): void {
    stream.close()
    const { clock } = this.#options
    const [at, gap] = this.#begun.get(participant)!
    const wait = at + gap - clock.now()
    if (wait <= 0) this.open(participant)
    else if (!this.#waiting.has(participant)) {
      this.#waiting.set(
        participant,
        clock.after(wait, () => this.open(participant)),
      )
    }
  }

  #forgetRestart(participant: ParticipantId): void {
    this.#waiting.get(participant)?.()
    this.#waiting.delete(participant)
  }
}
