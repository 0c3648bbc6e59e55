/** How much of a page a copy holds. A page beyond it is shown in part: what is more would stop the page around it, which
 *  lays the copy out on its own thread. */
export interface Bounds {
  /** Elements, texts and comments. Browsers lay out about 100,000 a second. */
  nodes: number
  /** Elements within elements of one document: a deeper tree overflows the stack of a browser that lays it out. Parsers
   *  end at 512, script does not. */
  depth: number
  /** Of all texts together: a long book has a million. */
  characters: number
  /** Of one attribute or piece of CSS: a picture that carries itself is the longest. */
  value: number
  /** Rules of one sheet. */
  rules: number
  /** Animations that script has started. */
  animations: number
  /** Of one canvas; capture reads none above 16 million, and says so of larger ones. */
  canvasPixels: number
  /** Of all canvases together: four bytes each. */
  pixels: number
  /** Width and height of a tile or poster in pixels; capture sends none above 960. */
  tileSide: number
  /** Width and height of the viewport in CSS pixels. */
  side: number
}

export const BOUNDS: Bounds = {
  nodes: 150_000,
  depth: 500,
  characters: 5_000_000,
  value: 4_000_000,
  rules: 50_000,
  animations: 2_000,
  canvasPixels: 33_554_432,
  pixels: 67_108_864,
  tileSide: 2_048,
  side: 16_384,
}

/** An iframe costs a browser as much as so many nodes. */
const FRAME_NODES = 500

/** What a copy and the guests in it hold together. */
export class Budget {
  readonly bounds: Bounds
  readonly #onExceeded: () => void
  #exceeded = false
  nodes = 0
  characters = 0
  animations = 0
  pixels = 0

  constructor(bounds: Bounds, onExceeded: () => void) {
    this.bounds = bounds
    this.#onExceeded = onExceeded
  }

  /** Whether something of the page was left out. From then on a frame may speak of what the copy has not. */
  get exceeded(): boolean {
    return this.#exceeded
  }

  exceed(): void {
    if (this.#exceeded) return
    this.#exceeded = true
    this.#onExceeded()
  }

  /** Whether there is room for one more; if not, the page is shown in part from now on. */
  allows(holds: boolean): boolean {
    if (!holds) this.exceed()
    return holds
  }
}

export const weightOf = (name: string): number => (name === 'iframe' || name === 'frame' ? FRAME_NODES : 1)
