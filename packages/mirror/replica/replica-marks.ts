import { MARKS } from '../wire/index.ts'
import { localName, nodeType, parentNode, removeAttribute, setAttribute, shadowRoot } from './natives.ts'
import { MARK_PREFIX } from './state-selectors.ts'

const FOCUS = MARKS.indexOf('focus')

const OPEN = MARKS.indexOf('is(select, input):open')

/** Names of attributes for marks that are more than a pseudo-class. */
const ATTRIBUTES: Readonly<Record<string, string>> = { 'not(:defined)': 'undefined', 'is(select, input):open': 'open' }

/** Marks that an element has with what it holds. */
const UPWARD = new Set<string>(['hover', 'active'])

/** Shows by attributes what the page's pseudo-classes say, for the selectors that `shownCss` has written. */
export class ReplicaMarks {
  readonly #marked = new Map<Element, number>()
  /** Attributes that are set. */
  #shown = new Map<Element, ReadonlySet<string>>()
  #stale = false

  write(element: Element, bits: number): void {
    if (bits) this.#marked.set(element, bits)
    else this.#marked.delete(element)
    this.#stale = true
  }

  forget(node: Node): void {
    this.#stale = this.#marked.delete(node as Element) || this.#stale
  }

  /** The innermost element with the focus. */
  get focused(): Element | undefined {
    let innermost: Element | undefined
    for (const [element, bits] of this.#marked)
      if (bits & (1 << FOCUS) && !shadowRoot(element) && localName(element) !== 'iframe') innermost = element
    return innermost
  }

  /** The field whose picker is open. */
  get open(): Element | undefined {
    for (const [element, bits] of this.#marked) if (bits & (1 << OPEN)) return element
    return undefined
  }

  /** Called when a frame is applied: the tree is whole again. Returns whether anything was to be done. */
  settle(): boolean {
    if (!this.#stale) return false
    this.#stale = false
    const now = new Map<Element, Set<string>>()
    const show = (element: Element, name: string) => {
      const names = now.get(element) ?? new Set()
      now.set(element, names.add(name))
    }
    for (const [element, bits] of this.#marked) {
      for (const [i, mark] of MARKS.entries()) {
        if (!(bits & (1 << i))) continue
        const name = ATTRIBUTES[mark] ?? mark
        show(element, name)
        if (UPWARD.has(name)) for (const around of ancestors(element)) show(around, name)
      }
      if (!(bits & (1 << FOCUS))) continue
      show(element, 'focus-within')
      for (const around of ancestors(element)) show(around, 'focus-within')
    }
    for (const [element, names] of this.#shown)
      for (const name of names) if (!now.get(element)?.has(name)) removeAttribute(element, MARK_PREFIX + name)
    for (const [element, names] of now)
      for (const name of names) if (!this.#shown.get(element)?.has(name)) setAttribute(element, MARK_PREFIX + name, '')
    this.#shown = now
    return true
  }
}

/** The elements around one, through shadow roots up to its document. */
function* ancestors(element: Element): Iterable<Element> {
  for (let at = around(element); at; at = around(at)) if (nodeType(at) === Node.ELEMENT_NODE) yield at as Element
}

function around(node: Node): Node | null {
  return nodeType(node) === Node.DOCUMENT_FRAGMENT_NODE ? (node as ShadowRoot).host : parentNode(node)
}
