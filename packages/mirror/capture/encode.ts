import { type FrameWriter, HTML_NS, ITEM_FLAGS, ITEMS, MATHML_NS, STATES, SVG_NS } from '../wire/index.ts'
import {
  attributeNames,
  attributeNode,
  getAttribute,
  hasAttributes,
  localName,
  NODE_CDATA,
  NODE_COMMENT,
  NODE_DOCTYPE,
  NODE_DOCUMENT,
  NODE_ELEMENT,
  NODE_FRAGMENT,
  NODE_INSTRUCTION,
  NODE_TEXT,
  namespaceUri,
  nodeType,
} from './natives.ts'
import type { Page } from './page.ts'
import { sheetOwner } from './sheets.ts'
import { bit, initialStates } from './states.ts'
import type { StreamState } from './stream.ts'
import { composedFirst, composedParent, documentMode, firstInElement, isHtml } from './tree.ts'

/** Nodes between two looks at the clock. */
const CLOCK_STRIDE = 32

/** An attribute's name on the wire: names with a namespace start with a space, which no attribute name can. */
export function attributeOnWire(element: Element, name: string): string {
  if (!name.includes(':')) return name
  const node = attributeNode(element, name)
  return node?.namespaceURI ? ` ${node.namespaceURI} ${name}` : name
}

/** The source that an image without `src` took from `srcset` or its `picture`. */
export function pictureSource(element: Element, name: string): string | null {
  return name === 'src' && isHtml(element, 'img') ? (element as HTMLImageElement).currentSrc || null : null
}

/** Writes nodes as items of an `insert`, subtree by subtree, until the flush has spent its time. */
export class NodeEncoder {
  /** The id of the last new node: the next one needs none on the wire if it is one more. */
  lastId = 0
  readonly #page: Page
  readonly #stream: StreamState
  readonly #writer: FrameWriter
  #count = 0

  constructor(page: Page, stream: StreamState, writer: FrameWriter) {
    this.#page = page
    this.#stream = stream
    this.#writer = writer
  }

  /** Writes a node with what it holds. Where time runs out the rest is left to the stream. */
  item(root: Node, spent: () => boolean): void {
    const parent = composedParent(root)
    let masked = parent ? this.#page.mask.decide(parent) : this.#page.mask.base
    const open: Node[] = []
    const masks: number[] = []
    let node: Node = root
    for (;;) {
      const inherited = masked
      const isNew = !this.#stream.mayMove || !this.#stream.knows(node)
      const type = isNew ? nodeType(node) : 0
      if (type === NODE_ELEMENT) masked = this.#page.mask.enter(node as Element, inherited)
      const first = isNew ? this.#write(node, type, masked) : this.#reference(node)
      const late = ++this.#count % CLOCK_STRIDE === 0 && spent()
      if (first) {
        open.push(node)
        masks.push(inherited)
        if (late) return this.#unwind(open, null)
        node = first
        continue
      }
      masked = inherited
      if (late) return this.#unwind(open, node)
      for (;;) {
        if (open.length === 0) return
        const next = this.#page.nextIncluded(node)
        if (next) {
          node = next
          break
        }
        this.#writer.byte(ITEMS.end)
        node = open.pop()!
        masked = masks.pop()!
      }
    }
  }

  /** Ends all open items; the stream goes on behind the last child that each was given. */
  #unwind(open: Node[], last: Node | null): void {
    let child = last
    while (open.length > 0) {
      const parent = open.pop()!
      this.#stream.leaveRest(parent, child)
      this.#writer.byte(ITEMS.end)
      child = parent
    }
  }

  #reference(node: Node): null {
    this.#writer.byte(ITEMS.known)
    this.#writer.uint(this.#page.idOf(node))
    this.#stream.sent(node)
    this.#stream.sheets.moved(node)
    return null
  }

  /** Writes a new node without its children and returns the first of them. */
  #write(node: Node, type: number, masked: number): Node | null {
    if (type === NODE_ELEMENT) return this.#element(node as Element, masked)
    if (type === NODE_TEXT || type === NODE_COMMENT || type === NODE_CDATA) {
      this.#head(type === NODE_TEXT ? ITEMS.text : type === NODE_COMMENT ? ITEMS.comment : ITEMS.cdata, node)
      this.#writer.string(this.#page.mask.text(node as CharacterData, masked, this.#page.assets))
      return null
    }
    if (type === NODE_FRAGMENT || type === NODE_DOCUMENT) return this.#root(node as ShadowRoot | Document, type)
    if (type === NODE_DOCTYPE) {
      const doctype = node as DocumentType
      this.#head(ITEMS.doctype, node)
      for (const text of [doctype.name, doctype.publicId, doctype.systemId])
        this.#writer.string(this.#page.mask.label(text))
      return null
    }
    if (type !== NODE_INSTRUCTION) throw new Error(`a node of type ${type} in the tree`)
    this.#head(ITEMS.instruction, node)
    this.#writer.string(this.#page.mask.label((node as ProcessingInstruction).target))
    this.#writer.string('')
    return null
  }

  #element(element: Element, masked: number): Node | null {
    const namespace = namespaceUri(element)
    const name = localName(element)
    const first = this.#page.skipExcluded(firstInElement(element, namespace, name))
    const attributes = hasAttributes(element)
    const kind =
      namespace === HTML_NS
        ? ITEMS.html
        : namespace === SVG_NS
          ? ITEMS.svg
          : namespace === MATHML_NS
            ? ITEMS.mathml
            : ITEMS.foreign
    this.#head(kind | (attributes ? ITEM_FLAGS.attributes : 0) | (first ? ITEM_FLAGS.children : 0), element)
    if (kind === ITEMS.foreign) this.#writer.string(this.#page.mask.label(namespace ?? ''))
    this.#writer.string(name)
    if (attributes) {
      for (const attribute of attributeNames(element)) {
        const value = getAttribute(element, attribute) ?? ''
        this.#attribute(element, namespace, name, attribute, value, masked)
      }
      const source = name === 'img' && getAttribute(element, 'src') === null ? pictureSource(element, 'src') : null
      if (source) this.#attribute(element, namespace, name, 'src', source, masked)
      this.#writer.none()
    }
    this.#page.enterElement(element, name, masked)
    if ((name === 'style' || name === 'link') && sheetOwner(element)) this.#stream.sheets.enter(element)
    if (name.includes('-')) this.#page.mark(element)
    const states = initialStates(element, name, first !== null && this.#stream.filling) | this.#page.markStates(element)
    if (states) this.#stream.touchState(element, states)
    return first
  }

  #attribute(element: Element, namespace: string | null, tag: string, name: string, now: string, masked: number): void {
    const value = this.#page.mask.attributeOf(element, namespace, tag, name, now, masked, this.#page.assets)
    if (value === undefined) return
    if (name === 'popover') this.#stream.touchState(element, bit(STATES.topLayer))
    this.#writer.string(attributeOnWire(element, name))
    this.#writer.string(value)
  }

  #root(root: ShadowRoot | Document, type: number): Node | null {
    const first = this.#page.skipExcluded(composedFirst(root))
    const children = first ? ITEM_FLAGS.children : 0
    this.#head((type === NODE_FRAGMENT ? ITEMS.shadow : ITEMS.document) | children, root)
    if (type === NODE_DOCUMENT) this.#writer.byte(documentMode(root as Document))
    this.#page.enterRoot(root)
    this.#stream.sheets.enterRoot(root)
    if (type === NODE_DOCUMENT) this.#stream.touchState(root, initialStates(root, '', true))
    return first
  }

  #head(kind: number, node: Node): void {
    const id = this.#page.newId(node)
    const implicit = id === this.lastId + 1
    this.lastId = id
    this.#writer.byte(implicit ? kind : kind | ITEM_FLAGS.id)
    if (!implicit) this.#writer.uint(id)
    this.#stream.setKnown(id)
    this.#stream.sent(node)
  }
}
