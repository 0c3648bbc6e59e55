import { MAX_INTERNED, STRINGS, WIRE_VERSION } from './format.ts'

/** Bytes that are not a frame of this format, or a frame for another state of the replica. The replica that threw it is
 *  unusable: ask capture for a new stream. */
export class WireError extends Error {
  override name = 'WireError'
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Reads the frames of one stream; the counterpart of `FrameWriter`. Every method throws `WireError` past the end. */
export class FrameReader {
  #bytes: Uint8Array = new Uint8Array(0)
  #position = 0
  #sequence = 0
  readonly #dictionary: string[] = []

  /** Opens the next frame. Throws unless it follows the one before it. */
  begin(frame: Uint8Array): void {
    this.#bytes = frame
    this.#position = 0
    const version = this.byte()
    if (version !== WIRE_VERSION) throw new WireError(`expected wire version ${WIRE_VERSION}, got ${version}`)
    const sequence = this.uint()
    if (sequence !== this.#sequence + 1) throw new WireError(`expected frame ${this.#sequence + 1}, got ${sequence}`)
    this.#sequence = sequence
  }

  get done(): boolean {
    return this.#position >= this.#bytes.length
  }

  byte(): number {
    const value = this.#bytes[this.#position]
    if (value === undefined) throw new WireError('the frame ends too early')
    this.#position++
    return value
  }

  uint(): number {
    let value = 0
    let scale = 1
    for (let i = 0; i < 8; i++) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) {
        if (!Number.isSafeInteger(value)) break
        return value
      }
      scale *= 0x80
    }
    throw new WireError('an integer is too large')
  }

  int(): number {
    const value = this.uint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  /** A count of things that take at least one byte each, so that it cannot promise more than the frame holds. */
  count(): number {
    const count = this.uint()
    if (count > this.#bytes.length - this.#position) throw new WireError('a count exceeds the frame')
    return count
  }

  bytes(): Uint8Array {
    const end = this.count() + this.#position
    const bytes = this.#bytes.subarray(this.#position, end)
    this.#position = end
    return bytes
  }

  string(): string {
    const text = this.optionalString()
    if (text === undefined) throw new WireError('expected a string')
    return text
  }

  /** A string, or undefined at the end of a list. */
  optionalString(): string | undefined {
    const code = this.uint()
    if (code === STRINGS.none) return undefined
    if (code >= STRINGS.firstReference) {
      const text = this.#dictionary[code - STRINGS.firstReference]
      if (text === undefined) throw new WireError('a string refers to no entry')
      return text
    }
    if (code === STRINGS.utf16) return this.#utf16()
    const text = this.#utf8()
    if (code === STRINGS.interned) {
      if (this.#dictionary.length >= MAX_INTERNED) throw new WireError('the dictionary is full')
      this.#dictionary.push(text)
    }
    return text
  }

  #utf8(): string {
    const length = this.count()
    const end = this.#position + length
    if (length < 24) {
      let text = ''
      for (let i = this.#position; i < end; i++) {
        const unit = this.#bytes[i]!
        if (unit >= 0x80) return this.#decode(end)
        text += String.fromCharCode(unit)
      }
      this.#position = end
      return text
    }
    return this.#decode(end)
  }

  #decode(end: number): string {
    const text = decoder.decode(this.#bytes.subarray(this.#position, end))
    this.#position = end
    return text
  }

  #utf16(): string {
    const length = this.count()
    const units = new Array<string>(length)
    for (let i = 0; i < length; i++) units[i] = String.fromCharCode(this.byte() | (this.byte() << 8))
    return units.join('')
  }
}
