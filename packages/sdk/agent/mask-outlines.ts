import type { Box, Replica } from '@alongside/mirror/replica'

/** How often the copy is searched for what is masked: a walk over 10,000 nodes takes some 5 ms. */
const SEARCH_MS = 500

const SVG = 'http://www.w3.org/2000/svg'

/** Draws a line around what of the copy was masked. The lines move with it and catch no pointer. */
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

  constructor(layer: HTMLElement, replica: () => Replica | undefined, onCount: (count: number) => void) {
    this.#layer = layer
    this.#replica = replica
    this.#onCount = onCount
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
    this.#drawing.remove()
  }

  #draw(): void {
    if (!this.#shown) return
    requestAnimationFrame(() => this.#draw())
    const replica = this.#replica()
    if (!replica) return
    const { clientWidth: width, clientHeight: height } = replica.element
    const boxes = this.#search(replica)
      .flatMap((node) => replica.boxesOf(node))
      .filter((box) => box.x < width && box.y < height && box.x + box.width > 0 && box.y + box.height > 0)
    this.#drawing.setAttribute('viewBox', `0 0 ${width} ${height}`)
    const path = boxes.map(outline).join('')
    for (const line of [this.#dark, this.#bright]) if (line.getAttribute('d') !== path) line.setAttribute('d', path)
    if (boxes.length === this.#count) return
    this.#count = boxes.length
    this.#onCount(boxes.length)
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
