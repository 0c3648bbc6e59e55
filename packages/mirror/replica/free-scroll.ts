import {
  computedStyle,
  defaultView,
  nodeType,
  ownerDocument,
  parentNode,
  scrollBy,
  scrollingElement,
  shadowHost,
} from './natives.ts'

interface Distance {
  x: number
  y: number
}

/** Scrolls the innermost box around a node that can go that way, a page of a frame and the page itself among them.
 *  `before` is told of it first: an element, or a document for a page. */
export function scrollAround(node: Node, by: Distance, before: (box: Node) => void): void {
  for (let at: Node | null = node; at; at = outer(at)) {
    const isPage = nodeType(at) === Node.DOCUMENT_NODE
    if (!isPage && nodeType(at) !== Node.ELEMENT_NODE) continue
    const box = isPage ? scrollingElement(at as Document) : (at as Element)
    if (!box || !canScroll(box, by, isPage)) continue
    before(at)
    scrollBy(box, { left: by.x, top: by.y, behavior: 'instant' })
    return
  }
}

/** The node around a node, through shadow roots and frames. */
function outer(node: Node): Node | null {
  if (nodeType(node) === Node.DOCUMENT_NODE) return defaultView(node as Document)?.frameElement ?? null
  return parentNode(node) ?? shadowHost(node)
}

function canScroll(box: Element, by: Distance, isPage: boolean): boolean {
  const style = computedStyle(ownerDocument(box)!, box)
  const goes = (delta: number, overflow: string, at: number, room: number) =>
    delta !== 0 &&
    (isPage ? overflow !== 'hidden' : /auto|scroll/.test(overflow)) &&
    (delta < 0 ? at > 0 : room - at > 1)
  return (
    goes(by.y, style.overflowY, box.scrollTop, box.scrollHeight - box.clientHeight) ||
    goes(by.x, style.overflowX, box.scrollLeft, box.scrollWidth - box.clientWidth)
  )
}
