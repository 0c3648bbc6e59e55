import { CUSTOMER_ID, type FrameHeader, SERVER_ID } from '@alongside/protocol'
import type { Clock } from '../connection/clock.ts'

/** How often the line is measured: what an agent sees is never older, and a probe costs 20 bytes each way. */
export const PROBE_INTERVAL_MS = 3_000

/** What two people on the telephone do not notice. */
const IN_SYNC_MS = 1_000

/** How the way between an agent and a customer's page is now. All times in ms. */
export interface ConnectionQuality {
  /** From here to the customer's page and back, as long as that takes now. */
  latency: number
  /** From here to the server and back: the rest of `latency` is the customer's line. All of it until the server has
   *  answered once. */
  serverLatency: number
  /** Whether the copy shows the page as it was less than a second ago. */
  inSync: boolean
  /** How old what the copy shows may be at most. */
  behind: number
}

interface QualityOptions {
  clock: Clock
  /** Whether somebody wants to know, and there is something to measure. */
  isWanted(): boolean
  probe(peer: number, sequence: number): void
  report(quality: ConnectionQuality): void
}

/** Measures the line with frames that the customer's page and the server send back. */
export class QualityMeter {
  readonly #options: QualityOptions
  /** When what was not answered yet left, by its number. */
  readonly #sent = new Map<number, number>()
  #sequence = 0
  #serverLatency: number | undefined
  /** The copy shows everything from before. */
  #freshAt = 0
  #cancel: (() => void) | undefined

  constructor(options: QualityOptions) {
    this.#options = options
  }

  /** May be called again while it measures. */
  start(): void {
    if (!this.#cancel) this.#beat()
  }

  /** May be called twice. */
  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#forget()
  }

  /** What came back. The page's answer says how long the oldest of its content is under way that we did not confirm. */
  receive({ peer, sequence }: FrameHeader, payload: Uint8Array): void {
    const sentAt = this.#sent.get(sequence)
    if (sentAt === undefined) return
    const latency = this.#options.clock.now() - sentAt
    if (peer === SERVER_ID) {
      this.#serverLatency = latency
      return
    }
    for (const earlier of [...this.#sent.keys()]) if (earlier <= sequence) this.#sent.delete(earlier)
    if (payload.length !== 4) return
    const underWay = new DataView(payload.buffer, payload.byteOffset).getUint32(0)
    this.#freshAt = sentAt + latency / 2 - underWay
    this.#report(latency)
  }

  #beat(): void {
    const { clock, isWanted, probe } = this.#options
    this.#cancel = clock.after(PROBE_INTERVAL_MS, () => this.#beat())
    const now = clock.now()
    if (!isWanted()) {
      this.#forget()
      return
    }
    const [oldest] = this.#sent.values()
    if (oldest === undefined) this.#freshAt ||= now
    else this.#report(now - oldest)
    this.#sent.set(++this.#sequence, now)
    probe(CUSTOMER_ID, this.#sequence)
    probe(SERVER_ID, this.#sequence)
  }

  #forget(): void {
    this.#sent.clear()
    this.#freshAt = 0
  }

  #report(latency: number): void {
    const behind = this.#options.clock.now() - this.#freshAt
    this.#options.report({
      latency: Math.round(latency),
      serverLatency: Math.round(this.#serverLatency ?? latency),
      inSync: behind < IN_SYNC_MS,
      behind: Math.round(behind),
    })
  }
}
