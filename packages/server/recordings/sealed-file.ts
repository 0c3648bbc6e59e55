import { type FileHandle, open, truncate } from 'node:fs/promises'
import { NONCE_BYTES, seal, TAG_BYTES, unseal } from './recording-key.ts'

/** The first bytes of every file. Chunks follow: the length of the sealed bytes (4, big-endian), and those. */
const MAGIC = Buffer.from('ALRECS1\n')
const LENGTH_BYTES = 4

/** Larger than any chunk that is written: the largest frame, and what may be written with it. */
const MAX_CHUNK_BYTES = 64 * 1024 * 1024

/** A file that only grows, chunk by sealed chunk. What was cut off in the middle of a chunk, by a crash or a full disk,
 *  ends with the chunk before it; a chunk that was changed or moved ends it too. */
export class SealedFile {
  readonly #handle: FileHandle
  readonly #key: Uint8Array
  #bytes: number
  #chunks: number

  private constructor(handle: FileHandle, key: Uint8Array, bytes: number, chunks: number) {
    this.#handle = handle
    this.#key = key
    this.#bytes = bytes
    this.#chunks = chunks
  }

  /** Makes a file that is not there yet; only this user may read it. */
  static async create(path: string, key: Uint8Array): Promise<SealedFile> {
    const handle = await open(path, 'ax', 0o600)
    try {
      await handle.appendFile(MAGIC)
    } catch (error) {
      await handle.close()
      throw error
    }
    return new SealedFile(handle, key, MAGIC.length, 0)
  }

  /** Opens a file to go on behind its last whole chunk, and reads all that is there. */
  static async reopen(path: string, key: Uint8Array, onChunk: (plain: Buffer) => void): Promise<SealedFile> {
    let end = MAGIC.length
    let chunks = 0
    for await (const { plain, next } of readSealed(path, key)) {
      onChunk(plain)
      end = next
      chunks++
    }
    await truncate(path, end)
    return new SealedFile(await open(path, 'a'), key, end, chunks)
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Resolves when the system has taken the chunk. */
  async append(plain: readonly Uint8Array[]): Promise<void> {
    const sealed = seal(this.#key, String(this.#chunks), plain)
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeUInt32BE(sealed.length)
    await this.#handle.appendFile(Buffer.concat([length, sealed]))
    this.#chunks++
    this.#bytes += length.length + sealed.length
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}

/** The whole chunks of a file in order, each with where the next one begins. Rejects when there is no such file. */
export async function* readSealed(path: string, key: Uint8Array): AsyncGenerator<{ plain: Buffer; next: number }> {
  const handle = await open(path, 'r')
  try {
    const magic = await readAt(handle, 0, MAGIC.length)
    if (!magic?.equals(MAGIC)) return
    for (let at = MAGIC.length, index = 0; ; index++) {
      const length = (await readAt(handle, at, LENGTH_BYTES))?.readUInt32BE() ?? 0
      if (length < NONCE_BYTES + TAG_BYTES || length > MAX_CHUNK_BYTES) return
      const sealed = await readAt(handle, at + LENGTH_BYTES, length)
      const plain = sealed && unseal(key, String(index), sealed)
      if (!plain) return
      at += LENGTH_BYTES + length
      yield { plain, next: at }
    }
  } finally {
    await handle.close()
  }
}

/** Undefined when the file ends before. */
async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer | undefined> {
  const buffer = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled)
    if (bytesRead === 0) return undefined
    filled += bytesRead
  }
  return buffer
}
