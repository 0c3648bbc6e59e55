import { type Capture, compileMask, type Mask, MaskError, startCapture } from '@alongside/mirror/capture'
import { AlongsideError, type FrameHeader, type ParticipantId } from '@alongside/protocol'
import { AgentStream } from './agent-stream.ts'
import type { CustomerSettings } from './settings.ts'

export interface PageShareOptions {
  mask: Mask
  excluded: ReadonlySet<Node>
  now(): number
  send(frame: Uint8Array<ArrayBuffer>): boolean
  /** Capture broke; nothing is sent any more. */
  onError(error: unknown): void
}

/** What leaves the page: one capture while at least one agent may look, one stream for each of them. */
export class PageShare {
  readonly #options: PageShareOptions
  readonly #streams = new Map<ParticipantId, AgentStream>()
  #capture: Capture | undefined

  constructor(options: PageShareOptions) {
    this.#options = options
  }

  /** Begins an agent's stream with a snapshot; one that it had ends. Only for agents whom the customer let in. */
  open(participant: ParticipantId): void {
    this.#streams.get(participant)?.close()
    const { mask, excluded, now, send, onError } = this.#options
    try {
      this.#capture ??= startCapture(document, { mask, excluded, onError })
      const capture = this.#capture
      this.#streams.set(participant, new AgentStream({ capture, participant, now, send, onError }))
    } catch (error) {
      onError(error)
    }
  }

  /** Ends an agent's stream; with the last one the page is no longer watched. */
  close(participant: ParticipantId): void {
    this.#streams.get(participant)?.close()
    this.#streams.delete(participant)
    if (this.#streams.size === 0) this.closeAll()
  }

  closeAll(): void {
    for (const stream of this.#streams.values()) stream.close()
    this.#streams.clear()
    this.#capture?.close()
    this.#capture = undefined
  }

  /** What an agent sends back. A `restart` from one who has no stream opens none. */
  receive({ kind, peer, sequence }: FrameHeader): void {
    const stream = this.#streams.get(peer)
    if (!stream) return
    if (kind === 'ack') stream.acked(sequence)
    else if (kind === 'restart') this.open(peer)
  }
}

/** Compiles the mask of `init`'s settings. Throws 1103 with the setting's name. */
export function readMask({ piiMask = {} }: CustomerSettings): Mask {
  try {
    return compileMask({ maskType: 'custom_input', ...piiMask })
  } catch (error) {
    if (!(error instanceof MaskError)) throw error
    const setting = `piiMask.${error.setting}`
    throw new AlongsideError(1103, `${setting}: ${error.message}. Nothing is shared until it is corrected.`, {
      setting,
    })
  }
}
