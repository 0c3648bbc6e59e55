import { NODE_ELEMENT, nodeType } from './natives.ts'
import type { Page } from './page.ts'
import { composedFirst, composedNext, composedParent } from './tree.ts'

/** Notices when rules come to decide otherwise for nodes that the replica has, and has those sent again. */
export class MaskWatch {
  readonly #page: Page
  /** Elements that were sent masked. */
  readonly #masked = new WeakSet<Element>()
  /** Elements that matched a rule when last looked at. */
  #matched = new Set<Element>()
  #stale = false

  constructor(page: Page) {
    this.#page = page
  }

  /** The encoder has written an element. */
  note(element: Element, masked: boolean): void {
    if (!this.#page.mask.selective) return
    if (masked) this.#masked.add(element)
    if (this.#page.mask.names(element)) this.#matched.add(element)
  }

  forget(element: Element): void {
    this.#matched.delete(element)
    this.#masked.delete(element)
  }

  attribute(name: string): void {
    if (this.#page.mask.depends(name)) this.#stale = true
  }

  structure(): void {
    if (this.#page.mask.dependsOnStructure) this.#stale = true
  }

  /** Takes the decisions again that may have changed. */
  settle(moved: ReadonlySet<Node>): void {
    for (const node of moved) {
      if (nodeType(node) === NODE_ELEMENT) {
        if (this.#page.mask.selective) this.#decideAgain(node as Element)
      } else for (const stream of this.#page.streams) stream.touchAll(node)
    }
    if (!this.#stale) return
    this.#stale = false
    const now = this.#page.mask.matching(this.#page.roots())
    for (const element of now) if (!this.#matched.has(element)) this.#decideAgain(element)
    for (const element of this.#matched) if (!now.has(element)) this.#decideAgain(element)
    this.#matched = now
  }

  /** Walks down from `element` as long as decisions differ from those that were sent. */
  #decideAgain(element: Element): void {
    const parent = composedParent(element)
    const open: [Element, boolean][] = [[element, parent ? this.#page.mask.decide(parent) : false]]
    for (let next = open.pop(); next; next = open.pop()) {
      const [at, inherited] = next
      const masked = this.#page.mask.enter(at, inherited)
      if (masked === this.#masked.has(at)) continue
      if (masked) this.#masked.add(at)
      else this.#masked.delete(at)
      for (const stream of this.#page.streams) stream.touchAll(at)
      this.#children(at, masked, open)
    }
  }

  #children(node: Node, masked: boolean, open: [Element, boolean][]): void {
    for (let child = composedFirst(node); child; child = composedNext(child)) {
      if (nodeType(child) === NODE_ELEMENT) open.push([child as Element, masked])
      else if (nodeType(child) > 8) this.#children(child, masked, open)
      else for (const stream of this.#page.streams) stream.touchAll(child)
    }
  }
}
