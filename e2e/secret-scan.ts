import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** As much of a store as is looked at in one piece, and how far the next one reaches back. */
export const PIECE_BYTES = 1 << 20
const OVERLAP_BYTES = 256

/** What memory that was never used reads as. */
const EMPTY = Buffer.alloc(256 << 10)

/** How a text may be written down, as bytes of Latin-1. */
const WRITINGS: Record<string, (text: string) => string> = {
  'UTF-8': (text) => text,
  'UTF-16': (text) => [...text].join('\0'),
  reversed: (text) => [...text].reverse().join(''),
  hexadecimal: (text) => each(text, (code) => code.toString(16)),
  percent: (text) => each(text, (code) => `%${code.toString(16)}`),
  JSON: (text) => each(text, (code) => `\\u00${code.toString(16)}`),
  'HTML decimal': (text) => each(text, (code) => `&#${code};`),
  'HTML hexadecimal': (text) => each(text, (code) => `&#x${code.toString(16)};`),
  'Base64 at 0': (text) => base64(text, 0),
  'Base64 at 1': (text) => base64(text, 1),
  'Base64 at 2': (text) => base64(text, 2),
}

export const WRITING_NAMES = Object.keys(WRITINGS)

const each = (text: string, write: (code: number) => string) =>
  [...text].map((sign) => write(sign.charCodeAt(0))).join('')

/** The characters that do not depend on what stands around the text, `before` bytes behind a border of three. */
function base64(text: string, before: number): string {
  const bytes = before + text.length
  return Buffer.from(' '.repeat(before) + text)
    .toString('base64')
    .slice(Math.ceil((before * 8) / 6), Math.floor((bytes * 8) / 6))
}

/** Writes a text in one of the ways that `SecretScan` reads. */
export const writeAs = (writing: string, text: string): string => WRITINGS[writing]!(text)

/** Looks for secrets in stores of any size, however they are written there. All secrets of a list have one length. */
export class SecretScan {
  readonly #needles: { pattern: RegExp; secrets: Map<string, string> }[] = []
  scannedBytes = 0

  constructor(lists: readonly (readonly string[])[]) {
    for (const list of lists)
      for (const write of Object.values(WRITINGS)) {
        const secrets = new Map(list.map((secret) => [write(secret), secret]))
        // One pass for all: at each place one of the signs that any of them has there.
        const written = [...secrets.keys()]
        const classes = [...(written[0] ?? '')].map((_, at) => {
          const signs = new Set(written.map((text) => text[at]!))
          return `[${[...signs].map(quote).join('')}]`
        })
        // Eight digits are in many a longer number by chance.
        const isNumber = /^\d+$/.test(written[0] ?? '')
        const pattern = isNumber ? `(?<![\\d.])${classes.join('')}(?!\\d)` : classes.join('')
        this.#needles.push({ pattern: new RegExp(pattern, 'g'), secrets })
      }
  }

  /** The secrets that occur in what is given. */
  find(pieces: Iterable<Uint8Array | string>): Set<string> {
    const found = new Set<string>()
    for (const piece of pieces) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
      this.scannedBytes += bytes.length
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) this.#look(bytes, at, found)
    }
    return found
  }

  #look(bytes: Uint8Array, from: number, found: Set<string>): void {
    const at = Math.max(0, from - OVERLAP_BYTES)
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1', at, from + PIECE_BYTES)
    for (const { pattern, secrets } of this.#needles)
      for (const [written] of text.matchAll(pattern)) {
        const secret = secrets.get(written)
        if (secret !== undefined) found.add(secret)
      }
  }
}

const quote = (sign: string) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`

/** Every file of a folder, whole. */
export function* filesOf(folder: string): Iterable<Buffer> {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name)
    if (statSync(path).isFile()) yield readFileSync(path)
  }
}

/** All memory that a process can write to, as Linux shows it: what its heaps hold, buffers outside them, and what was
 *  freed and not used again. Nothing on other systems. */
export function* memoryOf(pid: number): Iterable<Uint8Array> {
  if (process.platform !== 'linux') return
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, from, to] = /^([\da-f]+)-([\da-f]+) rw/.exec(line) ?? []
      if (!from || !to) continue
      const end = Number.parseInt(to, 16)
      for (let at = Number.parseInt(from, 16); at < end; at += EMPTY.length - OVERLAP_BYTES) {
        const piece = Buffer.alloc(Math.min(EMPTY.length, end - at))
        if (readPiece(memory, piece, at) && !piece.equals(EMPTY.subarray(0, piece.length))) yield piece
      }
    }
  } finally {
    closeSync(memory)
  }
}

function readPiece(memory: number, piece: Buffer, at: number): number {
  try {
    return readSync(memory, piece, 0, piece.length, at)
  } catch (error) {
    // A region that is of a device, or went away meanwhile.
    if (['EIO', 'EFAULT'].includes((error as NodeJS.ErrnoException).code ?? '')) return 0
    throw error
  }
}
