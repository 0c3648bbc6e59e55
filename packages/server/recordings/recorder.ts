import {
  decodeAsset,
  type EntryKind,
  encodeAssetHead,
  encodeEntryHead,
  type RecordingInfo,
  type RecordingMark,
  readEntries,
} from '@alongside/protocol'
import type { Asset } from '../assets/assets.ts'
import type { Clock } from '../clock.ts'
import type { SealedFile } from './sealed-file.ts'

/** Entries of one chunk, as far as they fit: what a crash takes away at most, and what a reader holds. */
const CHUNK_BYTES = 1024 * 1024

/** Why a recording ended before its session. `too_large`: `limits.maxRecordingBytes`. */
export type RecordingFault =
  | 'disk_full'
  | 'not_writable'
  | 'write_failed'
  | 'too_large'
  | 'too_fast'
  | 'file_missing'
  | 'key_changed'

interface Waiting {
  kind: EntryKind
  /** In ms since the epoch. */
  at: number
  parts: readonly Uint8Array[]
  /** Of a picture or font: the first part is its head. */
  hash?: string
  onKept?: () => void
}

export interface RecorderOptions {
  clock: Clock
  info: RecordingInfo
  /** Opens the file; what is in it already goes to `onChunk`. */
  open(onChunk: (plain: Buffer) => void): Promise<SealedFile>
  /** Bytes that the file may have. */
  maxBytes: number
  /** Bytes of frames that may wait for the disk. A page that keeps to its credit never comes near. */
  maxWaitingBytes: number
  /** Nothing is taken any more. */
  onFault(fault: RecordingFault, error: unknown): void
}

/** Writes one recording: takes entries at any time, and keeps them in order as fast as the disk does. */
export class Recorder {
  readonly #options: RecorderOptions
  readonly #queue: Waiting[] = []
  readonly #keys = new Set<string>()
  readonly #hashes = new Set<string>()
  #file: SealedFile | undefined
  #work: Promise<void> | undefined
  #waitingBytes = 0
  #closed = false
  #fault: RecordingFault | undefined

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  /** Why it ended, if not by `close`. */
  get fault(): RecordingFault | undefined {
    return this.#fault
  }

  /** What the file has now. */
  get bytes(): number {
    return this.#file?.bytes ?? 0
  }

  /** A frame as it came, header included. `onKept` is called when it is in the file. */
  frame(bytes: Uint8Array, onKept: () => void): void {
    this.#waitingBytes += bytes.length
    this.#push({ kind: 'frame', parts: [bytes], onKept })
    if (this.#waitingBytes > this.#options.maxWaitingBytes) this.#fail('too_fast', undefined)
  }

  /** A picture or font; each key and each content is kept once. */
  asset(key: string, { hash, type, bytes }: Asset): void {
    if (this.#keys.has(key)) return
    this.#keys.add(key)
    this.#push({ kind: 'asset', parts: [encodeAssetHead({ key, hash, type }), bytes], hash })
  }

  mark(mark: RecordingMark): void {
    this.#push({ kind: 'mark', parts: [Buffer.from(JSON.stringify(mark))] })
  }

  /** Writes what waits and closes the file. May be called twice. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#work
    const file = this.#file
    this.#file = undefined
    // Some disks say only now that what was written has no room.
    await file?.close().catch((error: unknown) => this.#fail(faultOf(error), error))
  }

  #push(entry: Omit<Waiting, 'at'>): void {
    if (this.#closed) return
    this.#queue.push({ ...entry, at: this.#options.clock.now() })
    this.#work ??= this.#run()
  }

  async #run(): Promise<void> {
    try {
      this.#file ??= await this.#open()
      while (this.#queue.length) await this.#write(this.#file)
    } catch (error) {
      this.#fail(faultOf(error), error)
    }
    this.#work = undefined
  }

  async #open(): Promise<SealedFile> {
    let isNew = true
    const file = await this.#options.open((plain) => {
      isNew = false
      for (const { kind, payload } of readEntries(new Uint8Array(plain))) if (kind === 'asset') this.#remember(payload)
    })
    const info = Buffer.from(JSON.stringify(this.#options.info))
    if (isNew) await file.append(this.#encode([{ kind: 'info', at: 0, parts: [info] }]))
    return file
  }

  #remember(payload: Uint8Array<ArrayBuffer>): void {
    const { head } = decodeAsset(payload)
    this.#keys.add(head.key)
    this.#hashes.add(head.hash)
  }

  async #write(file: SealedFile): Promise<void> {
    const batch: Waiting[] = []
    for (let size = 0; size < CHUNK_BYTES && this.#queue[0]; ) {
      const entry = this.#queue.shift() as Waiting
      batch.push(this.#withoutKnown(entry))
      size += lengthOf(entry)
    }
    await file.append(this.#encode(batch))
    for (const entry of batch) {
      if (entry.kind === 'frame') this.#waitingBytes -= lengthOf(entry)
      entry.onKept?.()
    }
    if (file.bytes > this.#options.maxBytes) this.#fail('too_large', undefined)
  }

  /** Leaves the bytes of a picture out that the file has under another key. */
  #withoutKnown(entry: Waiting): Waiting {
    const { hash, parts } = entry
    if (hash === undefined) return entry
    const isKnown = this.#hashes.has(hash)
    this.#hashes.add(hash)
    return isKnown ? { ...entry, parts: parts.slice(0, 1) } : entry
  }

  // Not before: only the open file says when a recording began that goes on.
  #encode(entries: readonly Waiting[]): Uint8Array[] {
    const { startTime } = this.#options.info
    return entries.flatMap((entry) => {
      const time = Math.max(0, entry.at - startTime)
      return [encodeEntryHead(entry.kind, time, lengthOf(entry)), ...entry.parts]
    })
  }

  #fail(fault: RecordingFault, error: unknown): void {
    if (this.#fault) return
    this.#fault = fault
    this.#closed = true
    this.#queue.length = 0
    this.#options.onFault(fault, error)
  }
}

function lengthOf({ parts }: Waiting): number {
  return parts.reduce((sum, part) => sum + part.length, 0)
}

/** Codes of the system: no space, quota used up, file larger than this process may write. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])
const FORBIDDEN = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR'])

function faultOf(error: unknown): RecordingFault {
  const { code = '', fault } = error as { code?: string; fault?: RecordingFault }
  if (fault) return fault
  if (FULL.has(code)) return 'disk_full'
  if (FORBIDDEN.has(code)) return 'not_writable'
  return code === 'ENOENT' ? 'file_missing' : 'write_failed'
}
