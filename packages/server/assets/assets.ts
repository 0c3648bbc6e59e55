import { createHash, randomBytes } from 'node:crypto'
import {
  AlongsideError,
  ASSET_WAIT_MS,
  type AssetType,
  MAX_ASSET_BYTES,
  MAX_ASSETS,
  MAX_SESSION_ASSET_BYTES,
  sniffAsset,
} from '@alongside/protocol'
import type { Clock } from '../clock.ts'

/** Requests of a session's agents that may wait for a picture at once: each holds a connection. */
export const MAX_WAITING = 512

/** Uploads that may come in one go: a page full of icons. */
export const UPLOAD_BURST = 500

/** Uploads that may come each second after that: as many as a scrolling customer needs, and no flood. */
export const UPLOADS_PER_SECOND = 50

/** A picture or font as it is kept. */
export interface Asset {
  type: AssetType
  bytes: Buffer
  /** SHA-256 of the bytes, base64. */
  hash: string
}

/** What all sessions of this process keep together. */
export interface AssetBudget {
  used: number
  readonly max: number
}

/** The pictures and fonts of one session, in memory, by the keys that its frames name them by. */
export class Assets {
  /** Tells the page whether what it brought is still here: after a restart of the server it is not. */
  readonly name = randomBytes(6).toString('base64url')
  /** Told of each file as it comes. */
  onFile: ((key: string, asset: Asset) => void) | undefined
  readonly #clock: Clock
  readonly #budget: AssetBudget
  readonly #entries = new Map<string, Asset | 'missing'>()
  /** By SHA-256: the same picture at two addresses is kept once. */
  readonly #contents = new Map<string, Asset>()
  readonly #waiting = new Set<{ key: string; finish(): void }>()
  #bytes = 0
  #uploadsLeft = UPLOAD_BURST
  #countedAt: number
  #closed = false

  constructor(clock: Clock, budget: AssetBudget) {
    this.#clock = clock
    this.#budget = budget
    this.#countedAt = clock.now()
  }

  /** Counts an upload, before its body is read. Throws 1102. */
  countUpload(): void {
    const now = this.#clock.now()
    const gained = ((now - this.#countedAt) / 1000) * UPLOADS_PER_SECOND
    this.#uploadsLeft = Math.min(UPLOAD_BURST, this.#uploadsLeft + gained)
    this.#countedAt = now
    if (this.#uploadsLeft < 1) throw new AlongsideError(1102, undefined, { retryAfter: 1 })
    this.#uploadsLeft--
  }

  /** Keeps a file under a key that has none yet, and answers who waits for it. Throws 1106, 1110 or 1111; the key is
   *  then known to be missing. */
  put(key: string, bytes: Buffer): void {
    if (this.#closed || this.#file(key)) return
    try {
      this.#settle(key, this.#store(key, bytes))
    } catch (error) {
      this.putMissing(key)
      throw error
    }
  }

  /** All files that are kept, by their keys. */
  *files(): Generator<[string, Asset]> {
    for (const [key, entry] of this.#entries) if (entry !== 'missing') yield [key, entry]
  }

  /** The customer's browser may not read what the key stands for. */
  putMissing(key: string): void {
    if (this.#closed || this.#entries.has(key) || this.#entries.size >= MAX_ASSETS) return
    this.#settle(key, 'missing')
  }

  /** Resolves with the file of a key, as soon as it is there. Undefined when it is missing, does not come within
   *  `ASSET_WAIT_MS`, when too many wait already, and when `signal` says that nobody waits any more. */
  find(key: string, signal: AbortSignal): Promise<Asset | undefined> {
    const isVain =
      this.#closed || signal.aborted || this.#waiting.size >= MAX_WAITING || this.#entries.size >= MAX_ASSETS
    if (isVain || this.#entries.has(key)) return Promise.resolve(this.#file(key))
    return new Promise((resolve) => {
      const finish = () => {
        cancel()
        signal.removeEventListener('abort', finish)
        this.#waiting.delete(waiter)
        resolve(this.#file(key))
      }
      const cancel = this.#clock.after(ASSET_WAIT_MS, finish)
      const waiter = { key, finish }
      signal.addEventListener('abort', finish)
      this.#waiting.add(waiter)
    })
  }

  /** Forgets everything; who waits is answered. May be called twice. */
  close(): void {
    this.#closed = true
    this.#entries.clear()
    this.#contents.clear()
    this.#budget.used -= this.#bytes
    this.#bytes = 0
    for (const { finish } of [...this.#waiting]) finish()
  }

  #store(key: string, bytes: Buffer): Asset {
    if (bytes.length > MAX_ASSET_BYTES) throw new AlongsideError(1106)
    const type = sniffAsset(bytes)
    if (!type) throw new AlongsideError(1110)
    if (!this.#entries.has(key) && this.#entries.size >= MAX_ASSETS) throw new AlongsideError(1111)
    const hash = createHash('sha256').update(bytes).digest('base64')
    const known = this.#contents.get(hash)
    if (known) return known
    const isFull = this.#bytes + bytes.length > MAX_SESSION_ASSET_BYTES
    if (isFull || this.#budget.used + bytes.length > this.#budget.max) throw new AlongsideError(1111)
    const asset = { type, bytes, hash }
    this.#contents.set(hash, asset)
    this.#bytes += bytes.length
    this.#budget.used += bytes.length
    return asset
  }

  #settle(key: string, entry: Asset | 'missing'): void {
    this.#entries.set(key, entry)
    if (entry !== 'missing') this.onFile?.(key, entry)
    for (const waiter of [...this.#waiting]) if (waiter.key === key) waiter.finish()
  }

  #file(key: string): Asset | undefined {
    const entry = this.#entries.get(key)
    return entry === 'missing' ? undefined : entry
  }
}
