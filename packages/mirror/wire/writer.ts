import { MAX_INTERNED, MAX_INTERNED_LENGTH, STRINGS, WIRE_VERSION } from './format.ts'

const encoder = new TextEncoder()

/** Writes the frames of one stream: it owns the stream's dictionary, so one writer serves from snapshot to end. */
export class FrameWriter {
  #bytes = new Uint8Array(4096)
  #length = 0
  #start = 0
  #sequence = 0
  readonly #dictionary = new Map<string, number>()

  /** Bytes written to the open frame, its head not counted. */
  get size(): number {
    return this.#length - this.#start
  }

  begin(): void {
    this.#length = 0
    this.byte(WIRE_VERSION)
    this.uint(this.#sequence + 1)
    this.#start = this.#length
  }

  /** Ends the frame and hands it over. Undefined when nothing was written since `begin`. */
  finish(): Uint8Array<ArrayBuffer> | undefined {
    if (this.size === 0) return undefined
    this.#sequence++
    return this.#bytes.slice(0, this.#length)
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#reserve(1)
    this.#bytes[this.#length++] = value
  }

  /** An unsigned integer below 2^53 as LEB128. */
  uint(value: number): void {
    this.#reserve(8)
    let rest = value
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.#bytes[this.#length++] = rest
  }

  /** A signed integer, zigzag coded. */
  int(value: number): void {
    this.uint(value < 0 ? -value * 2 - 1 : value * 2)
  }

  /** A row of bytes, its length first. */
  bytes(bytes: Uint8Array): void {
    this.uint(bytes.length)
    this.#append(bytes)
  }

  /** Ends a list of strings. */
  none(): void {
    this.byte(STRINGS.none)
  }

  string(text: string): void {
    if (text.length > MAX_INTERNED_LENGTH) return this.#literal(text, STRINGS.literal)
    const known = this.#dictionary.get(text)
    if (known !== undefined) return this.uint(known)
    if (this.#dictionary.size >= MAX_INTERNED || !text.isWellFormed()) return this.#literal(text, STRINGS.literal)
    this.#dictionary.set(text, this.#dictionary.size + STRINGS.firstReference)
    this.#literal(text, STRINGS.interned)
  }

  #literal(text: string, code: number): void {
    if (this.#ascii(text, code)) return
    if (text.isWellFormed()) {
      const most = text.length * 3
      this.#reserve(most + 16)
      const encoded = text.length < 64 ? this.#encode(text, most) : encoder.encode(text)
      this.byte(code)
      this.uint(encoded.length)
      this.#append(encoded)
      return
    }
    this.byte(STRINGS.utf16)
    this.uint(text.length)
    this.#reserve(text.length * 2)
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      this.#bytes[this.#length++] = unit & 0xff
      this.#bytes[this.#length++] = unit >> 8
    }
  }

  readonly #scratch = new Uint8Array(256)

  #encode(text: string, most: number): Uint8Array {
    const { written } = encoder.encodeInto(text, this.#scratch.subarray(0, most))
    return this.#scratch.subarray(0, written)
  }

  /** Most strings are short ASCII; writing them here is several times faster than a call to TextEncoder. */
  #ascii(text: string, code: number): boolean {
    if (text.length > 256) return false
    this.#reserve(text.length + 3)
    const start = this.#length
    this.#bytes[this.#length++] = code
    if (text.length >= 0x80) this.#bytes[this.#length++] = (text.length & 0x7f) | 0x80
    this.#bytes[this.#length++] = text.length >= 0x80 ? text.length >> 7 : text.length
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit >= 0x80) {
        this.#length = start
        return false
      }
      this.#bytes[this.#length++] = unit
    }
    return true
  }

  #append(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
  }
}
