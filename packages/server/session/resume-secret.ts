import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ParticipantId } from '@alongside/protocol'

const GENERATION_BYTES = 4

/** What a resume secret keeps over a restart. */
export interface ResumeRecord {
  /** The oldest generation that works. */
  oldest: number
  /** Resumes in a row that came with a used-up secret. */
  failures: number
}

/** The rotating secret with which one participant takes its session up again on a new socket: a generation and the
 *  server's signature under session, participant, site and generation. So a server that starts again knows its own secrets
 *  without having written each of them down, and whoever brings a used-up one has had it from the session. */
export class ResumeSecret {
  readonly #key: Uint8Array
  readonly #owner: string
  #oldest: number
  /** The last one that was handed out. Those between are the ones that a resume used without its peer having proved that
   *  the next one reached it: a page that is left while it resumes still holds only the old one. */
  #newest: number
  #failures: number

  /** `site` is the origin that a customer's session was handed to, whose pages have secrets of their own. */
  constructor(key: Uint8Array, sessionId: string, participant: ParticipantId, kept?: ResumeRecord, site?: string) {
    this.#key = key
    this.#owner = `${sessionId}|${participant}${site === undefined ? '' : `|${site}`}`
    this.#oldest = kept?.oldest ?? 1
    this.#newest = this.#oldest
    this.#failures = kept?.failures ?? 0
  }

  get value(): string {
    return this.#make(this.#newest).toString('base64url')
  }

  get failures(): number {
    return this.#failures
  }

  get record(): ResumeRecord {
    return { oldest: this.#oldest, failures: this.#failures }
  }

  /** Undefined for a secret that was never this participant's: anyone can make one up, so it counts for nothing. One that
   *  is newer than the newest was handed out before a restart, and works. */
  judge(offered: string): 'right' | 'used_up' | undefined {
    const bytes = Buffer.from(offered, 'base64url')
    if (bytes.length <= GENERATION_BYTES) return undefined
    const generation = bytes.readUInt32BE()
    const own = this.#make(generation)
    if (own.length !== bytes.length || !timingSafeEqual(own, bytes)) return undefined
    if (generation >= this.#oldest) return 'right'
    this.#failures++
    return 'used_up'
  }

  /** Makes the next secret after `offered` was right. */
  rotate(offered: string): string {
    this.#oldest = Buffer.from(offered, 'base64url').readUInt32BE()
    this.#newest = Math.max(this.#newest, this.#oldest) + 1
    this.#failures = 0
    return this.value
  }

  /** Makes the next secret where another proof than a secret was right: all before it are void. */
  renew(): string {
    this.#oldest = ++this.#newest
    this.#failures = 0
    return this.value
  }

  /** The peer answered on the socket that brought it the newest secret. True when that made older ones void. */
  confirm(): boolean {
    const isNew = this.#oldest !== this.#newest
    this.#oldest = this.#newest
    return isNew
  }

  #make(generation: number): Buffer {
    const head = Buffer.alloc(GENERATION_BYTES)
    head.writeUInt32BE(generation)
    const signature = createHmac('sha256', this.#key).update(`${this.#owner}|${generation}`).digest()
    return Buffer.concat([head, signature])
  }
}
