import type { Box, Replica } from '@alongside/mirror/replica'
import { hostOf, isShadowRoot, parentElement, rootOf } from '../annotation/natives.ts'
import { Places } from '../annotation/places.ts'
import { intersect } from '../annotation/stroke.ts'
import { isEmpty, seenPart } from './seen-part.ts'

/** How often the copy is searched for what is masked: a walk over 10,000 nodes takes some 5 ms. */
const SEARCH_MS = 500

const SVG = 'http://www.w3.org/2000/svg'

/** Draws a line around what of the copy was masked, as far as it is in sight. The lines move with it and catch no pointer. */
export class MaskOutlines {
  readonly #layer: HTMLElement
  readonly #replica: () => Replica | undefined
  readonly #onCount: (count: number) => void
  readonly #drawing = document.createElementNS(SVG, 'svg')
  readonly #dark = document.createElementNS(SVG, 'path')
  readonly #bright = document.createElementNS(SVG, 'path')
  #shown = false
  #found: { replica: Replica; nodes: Node[]; at: number } | undefined
  #count: number | undefined
  /** What was looked at last, and when: while nothing moves, what covers what is looked at as often as masks are searched. */
  #looked = { at: 0, boxes: '' }
  readonly #places: Places

  constructor(layer: HTMLElement, replica: () => Replica | undefined, onCount: (count: number) => void) {
    this.#layer = layer
    this.#replica = replica
    this.#onCount = onCount
    this.#places = new Places(() => replica()?.element.contentDocument ?? undefined)
    this.#drawing.setAttribute('preserveAspectRatio', 'none')
    this.#drawing.setAttribute('aria-hidden', 'true')
    Object.assign(this.#drawing.style, { position: 'absolute', inset: '0', width: '100%', height: '100%' })
    // Two lines, so that one of them is seen on any page.
    const line = { fill: 'rgb(123 31 162 / 14%)', vectorEffect: 'non-scaling-stroke' }
    Object.assign(this.#dark.style, { ...line, stroke: '#7b1fa2', strokeWidth: '2px' })
    Object.assign(this.#bright.style, {
      ...line,
      fill: 'none',
      stroke: '#fff',
      strokeWidth: '2px',
      strokeDasharray: '5 5',
    })
    this.#drawing.append(this.#dark, this.#bright)
  }

  show(): void {
    if (this.#shown) return
    this.#shown = true
    this.#layer.append(this.#drawing)
    this.#draw()
  }

  /** May be called twice. */
  hide(): void {
    this.#shown = false
    this.#found = undefined
    this.#count = undefined
    this.#looked = { at: 0, boxes: '' }
    this.#drawing.remove()
  }

  #draw(): void {
    if (!this.#shown) return
    requestAnimationFrame(() => this.#draw())
    const replica = this.#replica()
    if (!replica) return
    const { clientWidth: width, clientHeight: height } = replica.element
    const found = this.#search(replica).flatMap((node) => replica.boxesOf(node).map((box) => ({ node, box })))
    const now = performance.now()
    const looked = found.map(({ box }) => outline(box)).join('')
    if (looked === this.#looked.boxes && now - this.#looked.at < SEARCH_MS) return
    this.#looked = { at: now, boxes: looked }
    const boxes = this.#seen(replica, found, { x: 0, y: 0, width, height })
    this.#drawing.setAttribute('viewBox', `0 0 ${width} ${height}`)
    const path = boxes.map(outline).join('')
    for (const line of [this.#dark, this.#bright]) if (line.getAttribute('d') !== path) line.setAttribute('d', path)
    if (boxes.length === this.#count) return
    this.#count = boxes.length
    this.#onCount(boxes.length)
  }

  #seen(replica: Replica, found: { node: Node; box: Box }[], viewport: Box): Box[] {
    const page = replica.element.contentDocument
    if (!page) return []
    this.#places.forget()
    return found.flatMap(({ node, box }) => {
      const element = elementOf(node)
      // Before any style is read: most of a long page is out of sight.
      if (!element || isEmpty(intersect(box, viewport))) return []
      const clip = this.#places.of(element)?.clip
      const seen = seenPart(box, element, page, clip ? intersect(clip, viewport) : viewport)
      return isEmpty(seen) ? [] : [seen]
    })
  }

  #search(replica: Replica): Node[] {
    const now = performance.now()
    if (this.#found?.replica !== replica || now - this.#found.at > SEARCH_MS)
      this.#found = { replica, nodes: replica.findMasked(), at: now }
    return this.#found.nodes
  }
}

function outline({ x, y, width, height }: Box): string {
  return `M${x - 2} ${y - 2}h${width + 4}v${height + 4}h${-width - 4}z`
}

/** The element that a masked node is, or is the text of. */
function elementOf(node: Node): Element | null {
  if (node.nodeType === Node.ELEMENT_NODE) return node as Element
  const root = rootOf(node)
  return parentElement(node) ?? (isShadowRoot(root) ? hostOf(root) : null)
}
