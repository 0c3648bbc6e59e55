import { drawingCost, screenOf } from './drawing-cost.ts'
import { isConnected, nodeType, ownerDocument } from './natives.ts'

/** What is cheaper waits for its turn: a page makes it by the thousand, and takes it away. */
const DEAR_MS = 0.5

/** Elements between two looks at the clock. */
const STEP = 16

/** Adds up what the drawing of a copy costs, before the browser draws it: a drawing cannot be stopped once it has begun.
 *  It looks at what is new at once, and at all there is piece by piece. */
export class DrawingSurvey {
  readonly #nodes: () => Iterable<Node>
  /** What came since the last look, from the first look on. */
  #fresh: Element[] | undefined
  #round: Iterator<Node> | undefined
  /** What the round before found. */
  #known = 0
  /** What came since and is dear, for as long as it is there. */
  readonly #dear = new Map<Element, number>()
  /** What this round found so far. */
  #found = 0
  #isStale = true

  constructor(nodes: () => Iterable<Node>) {
    this.#nodes = nodes
  }

  /** A node is in the copy from now on. */
  note(node: Node): void {
    if (nodeType(node) === Node.ELEMENT_NODE) this.#fresh?.push(node as Element)
  }

  /** What is there may cost something else now. */
  changed(): void {
    this.#isStale = true
  }

  /** Whether all has been looked at since it changed. */
  get isDone(): boolean {
    return !this.#isStale && !this.#round
  }

  /** Begins anew, for what is drawn otherwise. */
  restart(): void {
    this.#round = undefined
    this.#known = 0
    this.#dear.clear()
    this.#isStale = true
  }

  /** Looks at what is new, and for so many ms at the rest. Answers what drawing the copy costs as far as it is known, in
   *  ms of a slow computer. */
  look(limit: number): number {
    const screens = new Map<Document, { width: number; height: number }>()
    const cost = (element: Element): number => {
      if (!isConnected(element)) return 0
      const document = ownerDocument(element)!
      const screen = screens.get(document) ?? screenOf(document)
      screens.set(document, screen)
      return drawingCost(element, screen)
    }
    const fresh = this.#fresh ?? []
    this.#fresh = []
    for (const element of fresh) {
      const ms = cost(element)
      if (ms >= DEAR_MS) this.#dear.set(element, ms)
    }
    let fromDear = 0
    for (const [element, ms] of this.#dear) {
      if (isConnected(element)) fromDear += ms
      else this.#dear.delete(element)
    }
    if (!this.#round && this.#isStale) {
      this.#round = this.#nodes()[Symbol.iterator]()
      this.#isStale = false
      this.#found = 0
    }
    const since = performance.now()
    for (let i = 1; this.#round && (i % STEP > 0 || performance.now() - since < limit); i++) {
      const { done, value } = this.#round.next()
      if (done) {
        this.#known = this.#found
        this.#dear.clear()
        this.#round = undefined
      } else if (nodeType(value) === Node.ELEMENT_NODE) this.#found += cost(value as Element)
    }
    return Math.max(this.#known + fromDear, this.#found)
  }
}
