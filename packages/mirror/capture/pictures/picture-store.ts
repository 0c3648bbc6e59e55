import { PICTURES } from '../../wire/index.ts'
import type { PartStream } from '../parts.ts'

/** The newest pictures, by element and place, and which of them each stream still lacks. What a stream lacks is never
 *  more than what there is: a newer picture of a place takes the place of the older. */
export class PictureStore {
  readonly #pictures = new Map<Element, Map<string, Uint8Array>>()
  readonly #lacking = new Map<PartStream, Map<Element, Set<string>>>()

  put(element: Element, place: string, picture: Uint8Array): void {
    const places = this.#pictures.get(element) ?? new Map<string, Uint8Array>()
    this.#pictures.set(element, places)
    // One that could not be read can be read now.
    if (place !== '') places.delete('')
    places.set(place, picture)
    for (const lacking of this.#lacking.values()) add(lacking, element, place)
  }

  /** Takes the pictures of an element from the copies. Returns whether there was any. */
  clear(element: Element): boolean {
    if (!this.#pictures.delete(element)) return false
    for (const lacking of this.#lacking.values()) lacking.set(element, new Set([CLEAR]))
    return true
  }

  drop(element: Element): void {
    this.#pictures.delete(element)
    for (const lacking of this.#lacking.values()) lacking.delete(element)
  }

  end(stream: PartStream): void {
    this.#lacking.delete(stream)
  }

  waits(stream: PartStream): boolean {
    for (const [element, places] of this.#of(stream)) if (places.size > 0 && stream.knows(element)) return true
    return false
  }

  /** What a stream lacks; what is not taken it goes on lacking. */
  *take(stream: PartStream): Iterable<readonly [Element, Uint8Array]> {
    for (const [element, places] of this.#of(stream)) {
      if (!stream.knows(element)) continue
      for (const place of places) {
        places.delete(place)
        const picture = place === CLEAR ? Uint8Array.of(PICTURES.clear) : this.#pictures.get(element)?.get(place)
        if (picture) yield [element, picture]
      }
    }
  }

  #of(stream: PartStream): Map<Element, Set<string>> {
    let lacking = this.#lacking.get(stream)
    if (lacking) return lacking
    lacking = new Map()
    for (const [element, places] of this.#pictures) for (const place of places.keys()) add(lacking, element, place)
    this.#lacking.set(stream, lacking)
    return lacking
  }
}

const CLEAR = 'clear'

function add(lacking: Map<Element, Set<string>>, element: Element, place: string): void {
  const places = lacking.get(element)
  if (places) places.add(place)
  else lacking.set(element, new Set([place]))
}
