import { boundingBox, elementsAt, ownerDocument, styleOf, windowOf } from '../annotation/natives.ts'
import { parentOf } from '../annotation/places.ts'
import { type Box, intersect, type Point } from '../annotation/stroke.ts'

/** What of an element's box nothing else of the page lies over, as sticky headers and dialogs do: covers are looked for at
 *  its upper and its lower edge. Without height where all of it is covered. `clip` is what cuts it off, all in the viewport
 *  of `page`. */
export function seenPart(box: Box, element: Element, page: Document, clip: Box): Box {
  const seen = intersect(box, clip)
  // A pointer finds what is behind such an element, covered or not.
  if (isEmpty(seen) || styleOf(element).pointerEvents === 'none') return seen
  const around = withAllAround(element, page)
  const coverAt = (y: number) => findCover(page, { x: seen.x + seen.width / 2, y }, element, around)
  const above = coverAt(seen.y + 1)
  const top = above ? Math.min(seen.y + seen.height, above.y + above.height) : seen.y
  const below = coverAt(seen.y + seen.height - 1)
  const bottom = below ? Math.max(top, below.y) : seen.y + seen.height
  return { ...seen, y: top, height: bottom - top }
}

export function isEmpty({ width, height }: Box): boolean {
  return width < 1 || height < 1
}

/** The outermost box that lies over the element at a point. */
function findCover(page: Document, point: Point, element: Element, around: Set<Element>): Box | undefined {
  const [hit = null] = elementsAt(page, point.x, point.y)
  let cover: Box | undefined
  let isPainted = false
  let at = hit
  for (; at && !around.has(at); at = parentOf(at)) {
    const { left: x, top: y, width, height } = boundingBox(at)
    if (point.x < x || point.y < y || point.x > x + width || point.y > y + height) continue
    cover = { x, y, width, height }
    const { backgroundColor, backgroundImage } = styleOf(at)
    isPainted ||= backgroundColor !== 'rgba(0, 0, 0, 0)' || backgroundImage !== 'none'
  }
  // What is in the element is no cover, and what can be seen through hides nothing.
  return isPainted && at !== element ? cover : undefined
}

/** The element and all that it is in, out of shadow roots and frames. */
function withAllAround(element: Element, page: Document): Set<Element> {
  const around = new Set<Element>()
  for (let at: Element | null = element; at; at = parentOf(at) ?? frameOf(at, page)) around.add(at)
  return around
}

function frameOf(element: Element, page: Document): Element | null {
  const document = ownerDocument(element)
  return document === page ? null : (windowOf(document)?.frameElement ?? null)
}
