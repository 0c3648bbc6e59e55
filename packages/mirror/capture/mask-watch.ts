import { NODE_ELEMENT, nodeType } from './natives.ts'
import type { Page } from './page.ts'
import { composedFirst, composedNext, composedParent } from './tree.ts'

/** Notices when rules come to decide otherwise for nodes that the replica has, and has those sent again. */
export class MaskWatch {
  readonly #page: Page
  /** How elements were sent that were not sent as what no rule names. */
  readonly #sent = new WeakMap<Element, number>()
  /** Elements that rules named when last looked at, with which kinds of rules did. */
  #matched = new Map<Element, number>()
  #stale = false

  constructor(page: Page) {
    this.#page = page
  }

  /** The encoder has written an element. */
  note(element: Element, masked: number): void {
    const { mask } = this.#page
    if (masked !== mask.base) this.#sent.set(element, masked)
    const kinds = mask.selective ? mask.names(element) : 0
    if (kinds) this.#matched.set(element, kinds)
  }

  forget(element: Element): void {
    this.#matched.delete(element)
    this.#sent.delete(element)
  }

  attribute(name: string): void {
    if (this.#page.mask.depends(name)) this.#stale = true
  }

  structure(): void {
    if (this.#page.mask.dependsOnStructure) this.#stale = true
  }

  /** Something changed that no record tells: a check, a value, the focus. */
  state(): void {
    if (this.#page.mask.dependsOnState) this.#stale = true
  }

  /** Takes the decisions again that may have changed. */
  settle(moved: ReadonlySet<Node>): void {
    const { mask, streams } = this.#page
    for (const node of moved) {
      if (nodeType(node) === NODE_ELEMENT) mask.dependsOnPlace && this.again(node as Element)
      else for (const stream of streams) stream.touchAll(node)
    }
    if (moved.size > 0 && mask.looksUp) this.#stale = true
    if (!this.#stale) return
    this.#stale = false
    const now = mask.matching(this.#page.roots())
    for (const [element, kinds] of now) if (this.#matched.get(element) !== kinds) this.again(element)
    for (const element of this.#matched.keys()) if (!now.has(element)) this.again(element)
    this.#matched = now
  }

  /** Walks down from `element` as long as decisions differ from those that were sent. Below what was not sent yet there
   *  can be what has moved there. */
  again(element: Element): void {
    const { mask, streams } = this.#page
    const parent = composedParent(element)
    const open: [Element, number][] = [[element, parent ? mask.decide(parent) : mask.base]]
    for (let next = open.pop(); next; next = open.pop()) {
      const [at, inherited] = next
      const masked = mask.enter(at, inherited)
      if (masked === (this.#sent.get(at) ?? mask.base) && [...streams].every((stream) => stream.knows(at))) continue
      this.#sent.set(at, masked)
      for (const stream of streams) stream.touchAll(at)
      this.#children(at, masked, open)
    }
  }

  #children(node: Node, masked: number, open: [Element, number][]): void {
    for (let child = composedFirst(node); child; child = composedNext(child)) {
      if (nodeType(child) === NODE_ELEMENT) open.push([child as Element, masked])
      else if (nodeType(child) > 8) this.#children(child, masked, open)
      else for (const stream of this.#page.streams) stream.touchAll(child)
    }
  }
}
