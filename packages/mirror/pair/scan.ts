import { FrameWriter } from '../wire/index.ts'

export interface Place {
  /** What kind of place: which rules are to mask it. */
  group: string
  /** How the secret came there. */
  carrier: string
  pattern: string
}

/** Secrets with the place that each was put in. Words look like `zq0017xw`, numbers like `73001741`. */
export class Secrets {
  readonly #places: Place[] = []

  get places(): readonly Place[] {
    return this.#places
  }

  /** Fills a pattern's `$` and `%` with secrets of its own. */
  fill(group: string, carrier: string, pattern: string): string {
    const id = String(this.#places.length).padStart(4, '0')
    this.#places.push({ group, carrier, pattern })
    const svg = `<svg xmlns="http://www.w3.org/2000/svg"><text>zq${id}xw</text></svg>`
    return pattern
      .replaceAll('$$', () => btoa(svg))
      .replaceAll('$', `zq${id}xw`)
      .replaceAll('%', `73${id}41`)
  }

  /** The places whose secrets occur in what was sent, in any encoding. */
  found(frames: readonly Uint8Array[], strings: readonly string[]): Place[] {
    const places = new Set<Place>()
    const look = (text: string, pattern: RegExp) => {
      for (const [, word, number] of text.matchAll(pattern)) {
        const place = this.#places[Number(word ?? number)]
        if (place) places.add(place)
      }
    }
    for (const form of forms(frames, strings)) look(form, /zq(\d{4})xw|73(\d{4})41/gi)
    // Sent letter by letter, where numbers run together by chance.
    for (const text of [strings.join(''), latin1(frames)]) {
      const letters = text.replace(/[^a-z\d]/gi, '')
      look(letters, /zq(\d{4})xw/gi)
      look(reversed(letters), /zq(\d{4})xw/gi)
    }
    return [...places]
  }
}

/** What was sent in every form in which it could be read: bytes in several encodings, reversed, spaced out, escaped. */
function* forms(frames: readonly Uint8Array[], strings: readonly string[]): Iterable<string> {
  for (const text of [latin1(frames), strings.join('\n')]) {
    yield text
    yield reversed(text)
    yield text.replaceAll('\0', '')
    yield text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    yield text.replace(/\\([\da-f]{1,6})\s?/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16) & 0xffff),
    )
    yield text.replace(/&#x?([\da-f]+);/gi, (whole, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, whole[2] === 'x' ? 16 : 10) & 0xffff),
    )
    for (const [run] of text.matchAll(/(?:[\da-f]{2}){8,}/gi))
      for (const from of [0, 1])
        yield (run.slice(from).match(/../g) ?? []).map((hex) => String.fromCharCode(Number.parseInt(hex, 16))).join('')
    for (const [run] of text.matchAll(/[\w+/-]{8,}/g))
      for (const from of [0, 1, 2, 3]) {
        const piece = run.slice(from).replaceAll('-', '+').replaceAll('_', '/')
        const decoded = atob(piece.slice(0, piece.length - (piece.length % 4)))
        yield decoded
        yield decoded.replaceAll('\0', '')
      }
  }
}

const latin1 = (frames: readonly Uint8Array[]) =>
  frames.map((frame) => new TextDecoder('latin1').decode(frame)).join('\n')

const reversed = (text: string) => [...text].reverse().join('')

/** Notes every string that any stream writes. Returns the list and the undo. */
export function noteStrings(): { strings: string[]; stop(): void } {
  const strings: string[] = []
  const { string } = FrameWriter.prototype
  FrameWriter.prototype.string = function (text) {
    strings.push(text)
    string.call(this, text)
  }
  return {
    strings,
    stop() {
      FrameWriter.prototype.string = string
    },
  }
}
