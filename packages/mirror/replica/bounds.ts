/** How much of a page a copy holds. A page beyond it is shown in part: what is more would stop the page around it, which
 *  lays the copy out on its own thread. */
export interface Bounds {
  /** Elements, texts and comments. Browsers lay out about 100,000 a second. */
  nodes: number
  /** Elements within elements of one document: a deeper tree overflows the stack of a browser that lays it out, which
   *  ends its process. Chromium 150 holds 250 inline blocks in one another, and not 480. */
  depth: number
  /** Of all texts together: a long book has a million. */
  characters: number
  /** Of one text: browsers take longer for each of its letters the more of them there are. */
  text: number
  /** Of all texts with letters that join or turn that one block lays out together: a browser lays out no more in a
   *  second, and takes more than four for twice as many. */
  joined: number
  /** Of one attribute or piece of CSS: a picture that carries itself is the longest. */
  value: number
  /** Rules of one sheet. */
  rules: number
  /** Rules that come at once times nodes that are there: each is asked about each before the desk answers again. An
   *  application of 10,000 nodes and 15,000 rules has three quarters of it. */
  matches: number
  /** The same of `:has()`, which looks at all that is below. */
  searches: number
  /** Nodes that elements of SVG show again, each as often as it is shown: a map of 5,000 signs has 20,000. */
  clones: number
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
  depth: 200,
  characters: 5_000_000,
  text: 200_000,
  joined: 40_000,
  value: 4_000_000,
  rules: 50_000,
  matches: 200_000_000,
  searches: 5_000_000,
  clones: 30_000,
  animations: 2_000,
  canvasPixels: 33_554_432,
  pixels: 67_108_864,
  tileSide: 2_048,
  side: 16_384,
}

/** An iframe costs a browser as much as so many nodes. */
const FRAME_NODES = 500

/** Marks upon letters, scripts from Hebrew to Khmer whose letters join, and signs that turn or part a text. */
const JOINED = /[\u0300-\u036f\u0590-\u109f\u1780-\u17ff\u200b-\u200f\u202a-\u202e\u2060-\u206f]/

/** Whether letters of a text join or turn. */
export const isJoined = (text: string): boolean => JOINED.test(text)

/** What a copy and the guests in it hold together. */
export class Budget {
  readonly bounds: Bounds
  readonly #onExceeded: () => void
  #exceeded = false
  nodes = 0
  characters = 0
  clones = 0
  animations = 0
  pixels = 0
  /** Rules of all sheets, as they are now. */
  rules = 0
  readonly #rulesOf = new WeakMap<object, number>()

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

  /** How long such a text may be. */
  longest(text: string): number {
    return text.length > this.bounds.joined && isJoined(text) ? this.bounds.joined : this.bounds.text
  }

  /** Whether rules may come to what is there already. */
  allowsRules(rules: number, css: string): boolean {
    const { matches, searches } = this.bounds
    const searching = css.split(':has(').length - 1
    return this.allows(rules * this.nodes <= matches && searching * this.nodes <= searches)
  }

  /** A sheet, or what its rules are written in, has so many of them now. */
  holdRules(sheet: object, rules: number): void {
    this.rules += rules - (this.#rulesOf.get(sheet) ?? 0)
    this.#rulesOf.set(sheet, rules)
  }

  /** Whether there is room for one more; if not, the page is shown in part from now on. */
  allows(holds: boolean): boolean {
    if (!holds) this.exceed()
    return holds
  }
}

/** How many rules such CSS has at most. */
export const countRules = (css: string): number => css.split('{').length - 1

export const weightOf = (name: string): number => (name === 'iframe' || name === 'frame' ? FRAME_NODES : 1)
