import { SVG_NS } from '../wire/index.ts'
import type { Budget } from './bounds.ts'
import {
  firstChild,
  getAttribute,
  getAttributeNS,
  getElementById,
  getRootNode,
  isConnected,
  localName,
  namespaceUri,
  nextSibling,
  nodeType,
  removeAttribute,
  removeAttributeNS,
} from './natives.ts'

/** Attributes of SVG that say what is drawn in the place of an element, or on it. */
const NAMING = [
  'href',
  'style',
  'mask',
  'clip-path',
  'fill',
  'stroke',
  'filter',
  'marker-start',
  'marker-mid',
  'marker-end',
]

const XLINK = 'http://www.w3.org/1999/xlink'

/** What has content of its own that is drawn for each who names it. */
const DRAWN = new Set(['mask', 'clipPath', 'pattern', 'marker', 'filter'])

/** Elements whose address names an element. */
const SHOWING = new Set(['use', 'feImage'])

const ADDRESS = /url\(\s*["']?#([^"')]*)/g

interface Size {
  nodes: number
  height: number
}

const NOTHING: Size = { nodes: 0, height: 0 }
const ENDLESS: Size = { nodes: Number.POSITIVE_INFINITY, height: Number.POSITIVE_INFINITY }

/** What elements of SVG show of one another. A group that shows another ten times, which shows a third ten times, makes
 *  a page of a few lines into one of millions, and the browser draws them all before it answers. */
export class ReplicaReferences {
  readonly #budget: Budget
  readonly #naming = new Set<Element>()
  #isDue = false
  #counted = 0
  /** By what is shown, while they are counted. */
  readonly #sizes = new Map<Element, Size | undefined>()
  /** How many sizes are known; the others are being counted, one within the other. */
  #settled = 0
  #looks = 0

  constructor(budget: Budget) {
    this.#budget = budget
  }

  /** An attribute was written. */
  note(element: Element, wireName: string, value: string): void {
    // Whatever the prefix is.
    const name = wireName.slice(Math.max(wireName.lastIndexOf(' '), wireName.lastIndexOf(':')) + 1)
    if (name === 'id') this.changed()
    if (!value.includes('#') || !NAMING.includes(name) || namespaceUri(element) !== SVG_NS) return
    // Colours have one, too.
    if (name !== 'href' && !/url\(/i.test(value)) return
    this.#naming.add(element)
    this.changed()
  }

  forget(element: Element): void {
    this.#naming.delete(element)
  }

  /** There is more of the page, or its names are others. */
  changed(): void {
    this.#isDue = this.#naming.size > 0
  }

  /** Takes the names from those who would show too much. To be called before the browser lays anything out. */
  settle(): void {
    if (!this.#isDue) return
    this.#isDue = false
    const { bounds } = this.#budget
    const others = this.#budget.clones - this.#counted
    this.#counted = 0
    this.#settled = 0
    this.#looks = 0
    for (const element of this.#naming) {
      if (!isConnected(element)) continue
      const { nodes, height } = this.#shownBy(element)
      if (this.#budget.allows(others + this.#counted + nodes <= bounds.clones && height <= bounds.depth))
        this.#counted += nodes
      else this.#cut(element)
    }
    this.#sizes.clear()
    this.#budget.clones = others + this.#counted
  }

  /** What the copy showed is free for others of its session. */
  close(): void {
    this.#budget.clones -= this.#counted
    this.#counted = 0
    this.#naming.clear()
  }

  #cut(element: Element): void {
    removeAttributeNS(element, XLINK, 'href')
    for (const name of NAMING) removeAttribute(element, name)
    this.#naming.delete(element)
  }

  /** All that is drawn because an element names it. */
  #shownBy(element: Element): Size {
    if (!this.#naming.has(element)) return NOTHING
    const shown = { ...NOTHING }
    for (const target of targetsOf(element)) {
      const { nodes, height } = this.#sizeOf(target)
      shown.nodes += nodes
      shown.height = Math.max(shown.height, height)
    }
    return shown
  }

  #sizeOf(top: Element): Size {
    const known = this.#sizes.get(top)
    if (known) return known
    // Who shows itself is not shown by browsers; who goes on for ever is too much.
    if (this.#sizes.has(top)) return NOTHING
    const { depth, clones } = this.#budget.bounds
    if (this.#sizes.size - this.#settled > depth) return ENDLESS
    this.#sizes.set(top, undefined)
    const size = { ...NOTHING }
    const rest: [node: Node, depth: number][] = [[top, 1]]
    for (let next = rest.pop(); next; next = rest.pop()) {
      const [node, at] = next
      if (++this.#looks > 10 * clones) return this.#settle(top, ENDLESS)
      const isElement = nodeType(node) === Node.ELEMENT_NODE
      const shown = isElement ? this.#shownBy(node as Element) : NOTHING
      size.nodes += (isElement ? 1 : 0) + shown.nodes
      size.height = Math.max(size.height, at + shown.height)
      for (let child = firstChild(node); child; child = nextSibling(child)) rest.push([child, at + 1])
    }
    return this.#settle(top, size)
  }

  #settle(top: Element, size: Size): Size {
    this.#sizes.set(top, size)
    this.#settled++
    return size
  }
}

function* targetsOf(element: Element): Generator<Element, void, void> {
  const root = getRootNode(element) as Document | ShadowRoot
  const isShowing = SHOWING.has(localName(element))
  for (const name of NAMING) {
    const value = getAttribute(element, name) ?? (name === 'href' ? getAttributeNS(element, XLINK, name) : null)
    if (!value?.includes('#')) continue
    if (name === 'href') {
      // A pattern may take the content of another, which is no more than itself.
      const target = isShowing && find(root, value.slice(1))
      if (target) yield target
      continue
    }
    for (const [, id] of value.matchAll(ADDRESS)) {
      const target = find(root, id!)
      if (target && DRAWN.has(localName(target))) yield target
    }
  }
}

/** As browsers do: the name as it is written, or else as it is meant. */
function find(root: Document | ShadowRoot, id: string): Element | null {
  const found = getElementById(root, id)
  if (found || !id.includes('%')) return found
  try {
    return getElementById(root, decodeURIComponent(id))
  } catch {
    return null
  }
}
