import type { MarkTool } from './mark.ts'
import {
  bodyOf,
  contentOf,
  elementsAt,
  openRoot,
  ownerDocument,
  queryAll,
  rootElement,
  rootOf,
  styleOf,
  windowOf,
} from './natives.ts'
import { type Places, parentOf } from './places.ts'
import type { Box, Point } from './stroke.ts'

/** A stroke around a button is rarely exact. */
const SLACK_PX = 4

/** Elements that are looked at for a point when the page lets no pointer find them. */
const MAX_LOOKED_AT = 5_000

export interface AnchorsOptions {
  /** The document that is drawn upon. */
  outermost(): Document | undefined
  places: Places
  /** Whether the other seat has the element, too. */
  isKnown(element: Element): boolean
  /** What is ours and not the page's. */
  isOurs(element: Element): boolean
}

/** Finds the element that something drawn belongs to. */
export class Anchors {
  readonly #options: AnchorsOptions

  constructor(options: AnchorsOptions) {
    this.#options = options
  }

  /** The deepest element at a point that can hold a mark. Undefined for a page with nothing in it. */
  at(point: Point): Element | undefined {
    const document = this.#options.outermost()
    const element = document && (this.#hit(document, document, point) ?? rootElement(document))
    return element ? this.#climb(element) : undefined
  }

  /** The element that a finished mark is about: what an arrow's tip touches; what a rectangle or a stroke encloses; or
   *  the smallest one around it. Undefined when none is around it. */
  of(tool: MarkTool, points: readonly Point[]): Element | undefined {
    const last = points.at(-1)
    if (!last) return undefined
    if (tool === 'arrow' || tool === 'text' || tool === 'element') return this.at(last)
    const box = boxAround(points)
    const inner = this.at({ x: box.x + box.width / 2, y: box.y + box.height / 2 })
    let enclosed: Element | undefined
    for (let at = inner; at; at = this.#above(at)) {
      const place = this.#options.places.of(at)?.box
      if (!place) continue
      if (isInside(place, box, SLACK_PX)) enclosed = at
      else if (enclosed || isInside(box, place, SLACK_PX)) return enclosed ?? at
    }
    return enclosed
  }

  #above(element: Element): Element | undefined {
    const parent = parentOf(element) ?? this.#frameOf(element)
    return parent ? this.#climb(parent) : undefined
  }

  #frameOf(element: Element): Element | null {
    const document = ownerDocument(element)
    return document === this.#options.outermost() ? null : (windowOf(document)?.frameElement ?? null)
  }

  /** The element, or the next one around it, that both seats have and that has a box. */
  #climb(from: Element): Element | undefined {
    const { isKnown, places } = this.#options
    for (let at: Element | null = from; at; at = parentOf(at) ?? this.#frameOf(at)) {
      // Parts of a picture come and go as it is drawn anew.
      const picture = (at as SVGElement).ownerSVGElement
      if (!picture && isKnown(at) && places.of(at)) return at
    }
    return undefined
  }

  #hit(root: Document | ShadowRoot, document: Document, point: Point): Element | undefined {
    const { places, isOurs } = this.#options
    const inner = places.into(document, point)
    if (!inner) return undefined
    const found = elementsAt(root, inner.x, inner.y).find((one) => !isOurs(one) && rootOf(one) === root)
    const isBare = root === document && (!found || found === rootElement(document) || found === bodyOf(document))
    const element = isBare ? (this.#search(document, point) ?? found ?? rootElement(document)) : found
    if (!element) return undefined
    const shadow = openRoot(element)
    if (shadow) return this.#hit(shadow, document, point) ?? element
    const content = contentOf(element)
    return (content && this.#hit(content, content, point)) ?? element
  }

  /** A page that turns pointers away from everything has its elements all the same. */
  #search(document: Document, point: Point): Element | undefined {
    const [root, body] = [rootElement(document), bodyOf(document)]
    if (!root || !body || [root, body].every((one) => styleOf(one).pointerEvents !== 'none')) return undefined
    const { places, isOurs } = this.#options
    let best: { element: Element; size: number } | undefined
    let looked = 0
    for (const element of queryAll(document, 'body *')) {
      if (++looked > MAX_LOOKED_AT) break
      const box = isOurs(element) ? undefined : places.of(element)?.box
      if (!box || !isInside({ ...point, width: 0, height: 0 }, box, 0)) continue
      const size = box.width * box.height
      if (!best || size <= best.size) best = { element, size }
    }
    return best?.element
  }
}

export function boxAround(points: readonly Point[]): Box {
  const xs = points.map(({ x }) => x)
  const ys = points.map(({ y }) => y)
  const x = xs.reduce((least, one) => Math.min(least, one))
  const y = ys.reduce((least, one) => Math.min(least, one))
  return {
    x,
    y,
    width: xs.reduce((most, one) => Math.max(most, one)) - x,
    height: ys.reduce((most, one) => Math.max(most, one)) - y,
  }
}

function isInside(inner: Box, outer: Box, slack: number): boolean {
  return (
    inner.x >= outer.x - slack &&
    inner.y >= outer.y - slack &&
    inner.x + inner.width <= outer.x + outer.width + slack &&
    inner.y + inner.height <= outer.y + outer.height + slack
  )
}
