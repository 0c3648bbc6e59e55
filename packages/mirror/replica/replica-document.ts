import {
  type AssetAddress,
  closeCss,
  FrameReader,
  HTML_NS,
  ITEM_FLAGS,
  ITEMS,
  isFrame,
  isOpaque,
  MATHML_NS,
  MODES,
  OPS,
  ROOT_ID,
  STATES,
  SVG_NS,
  WireError,
} from '../wire/index.ts'
import { type Budget, countRules, weightOf } from './bounds.ts'
import { buildDoctype, buildElement, eraseAttribute, writeAttribute } from './build.ts'
import { Caret } from './caret.ts'
import type { DrawingSurvey } from './drawing-survey.ts'
import { scrollAround } from './free-scroll.ts'
import { JoinedTexts } from './joined-texts.ts'
import {
  attachShadow,
  close,
  contentDocument,
  createComment,
  createElementNS,
  createTextNode,
  data,
  firstChild,
  getAttribute,
  insertBefore,
  lastChild,
  nextSibling,
  nodeType,
  open,
  ownerDocument,
  parentNode,
  removeChild,
  setAttribute,
  shadowHost,
  shadowRoot,
  write,
} from './natives.ts'
import { ReplicaAnimations } from './replica-animations.ts'
import { ReplicaFrames } from './replica-frames.ts'
import { ReplicaMarks } from './replica-marks.ts'
import { ReplicaMedia } from './replica-media.ts'
import { ReplicaPictures } from './replica-pictures.ts'
import { ReplicaReferences } from './replica-references.ts'
import { ReplicaSelections, type SelectionEnds } from './replica-selections.ts'
import { ReplicaSheets } from './replica-sheets.ts'
import { type FieldState, ReplicaStates } from './replica-states.ts'

/** What a node of the copy stands for. */
interface Source {
  id: number
  namespace: string | null
  name: string
}

const NAMESPACES: Record<number, string> = {
  [ITEMS.html]: HTML_NS,
  [ITEMS.svg]: SVG_NS,
  [ITEMS.mathml]: MATHML_NS,
}

const DOCTYPES: Record<number, string> = {
  [MODES.standards]: '<!DOCTYPE html>',
  [MODES.limitedQuirks]:
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">',
  [MODES.quirks]: '',
}

/** Attributes that hold media queries or lists of colour schemes. */
const ASKING_ATTRIBUTES = ['media', 'content', 'style']

/** Guests in guests below this are not shown: each level costs the stack a frame, and a hostile page could nest without
 *  end. */
const MAX_GUEST_DEPTH = 8

/** Applies a stream's frames to a document. */
export class ReplicaDocument {
  readonly #reader = new FrameReader()
  readonly #nodes = new Map<number, Node>()
  readonly #sources = new WeakMap<Node, Source>()
  readonly #media = new ReplicaMedia()
  readonly #sheets: ReplicaSheets
  readonly #states: ReplicaStates
  readonly #marks = new ReplicaMarks()
  readonly #selections = new ReplicaSelections((id) => this.#nodes.get(id))
  readonly #caret: Caret
  readonly #pictures: ReplicaPictures
  readonly #animations: ReplicaAnimations
  readonly #frames: ReplicaFrames
  readonly #references: ReplicaReferences
  readonly #joinedTexts: JoinedTexts
  readonly #document: Document
  readonly #asset: AssetAddress
  readonly #budget: Budget
  readonly #survey: DrawingSurvey
  /** Stands for what was left out: in no document, and known by no number. */
  readonly #nowhere: Element
  /** Texts of which only the begin is shown. */
  readonly #cut = new WeakSet<Node>()
  /** Styles with several texts. */
  readonly #joined = new WeakSet<Node>()
  readonly #frame: HTMLIFrameElement | undefined
  #lastId = 0
  /** Tops of removed subtrees: what the page moved out of them may be placed in a later frame. */
  readonly #removed: Node[] = []

  constructor(
    frame: HTMLIFrameElement,
    document: Document,
    assetUrl: (key: string) => string | undefined,
    onViewport: (size: { width: number; height: number }) => void,
    budget: Budget,
    survey: DrawingSurvey,
    depth = 0,
  ) {
    this.#document = document
    if (depth === 0) this.#frame = frame
    this.#budget = budget
    this.#survey = survey
    this.#nowhere = createElementNS(document, HTML_NS, 'div')
    this.#sources.set(this.#nowhere, { id: 0, namespace: HTML_NS, name: 'nowhere' })
    this.#caret = new Caret(frame, this.#selections)
    this.#asset = (address) => {
      const [, key, width = ''] = /^asset:([\w-]{1,64})(#\d{1,5})?$/.exec(address) ?? []
      const url = key && assetUrl(key)
      return url && url + width
    }
    this.#pictures = new ReplicaPictures(budget)
    this.#references = new ReplicaReferences(budget)
    this.#joinedTexts = new JoinedTexts(budget)
    this.#sheets = new ReplicaSheets(this.#asset, this.#media, budget)
    this.#animations = new ReplicaAnimations(this.#asset, budget)
    this.#states = new ReplicaStates((size) => onViewport(this.#bounded(size)))
    this.#frames = new ReplicaFrames((inner) => {
      if (depth >= MAX_GUEST_DEPTH) throw new WireError('guests are nested too deep')
      return new ReplicaDocument(frame, inner, assetUrl, () => undefined, budget, survey, depth + 1)
    })
  }

  /** Applies a frame, step by step: the copy is whole again at the end. */
  *apply(frame: Uint8Array): Generator<void, void, void> {
    try {
      this.#reader.begin(frame)
      while (!this.#reader.done) {
        yield* this.#operation(this.#reader.byte())
        yield
      }
      this.settle()
      if (this.#marks.settle()) this.#caret.follow(this.#marks.focused, this.#marks.open)
      this.#selections.settle()
      this.#frames.settle()
      this.#states.settle()
    } catch (error) {
      throw error instanceof WireError ? error : new WireError(`the frame cannot be applied: ${String(error)}`)
    }
  }

  /** Makes what is there fit to be laid out, in the midst of a frame too. */
  settle(): void {
    this.#references.settle()
    this.#joinedTexts.settle()
    for (const guest of this.#frames.guests()) guest.settle()
  }

  close(): void {
    this.#caret.close()
    this.#frames.close()
    this.#references.close()
    for (const node of this.#nodes.values()) this.#giveBack(node)
    this.#nodes.clear()
  }

  /** Leaves out what is costly to draw, for as long as this copy lives. */
  calm(): void {
    this.#animations.calm()
    this.#sheets.calm([...this.#nodes.values()].filter(isRoot))
    this.#frames.calm()
  }

  /** All nodes, those of guests too. */
  *nodes(): Generator<Node, void, void> {
    yield* this.#nodes.values()
    for (const guest of this.#frames.guests()) yield* guest.nodes()
  }

  nodeOf(number: number): Node | undefined {
    return this.#nodes.get(number)
  }

  /** Undefined for a node that is in no frame's content, or no longer. */
  numberOf(node: Node): number | undefined {
    const id = this.#sources.get(node)?.id
    return id !== undefined && this.#nodes.get(id) === node ? id : undefined
  }

  /** Whether the copy scrolls with the page. */
  follow(following: boolean): void {
    this.#states.follow(following)
  }

  /** Scrolls the copy on its own; it goes back with `follow`. */
  scrollAround(node: Node, by: { x: number; y: number }): void {
    scrollAround(node, by, (box) => this.#states.remember(box))
  }

  /** The name under which the page knows a node of the copy. */
  sourceName(node: Node): string | undefined {
    return this.#sources.get(node)?.name
  }

  *#operation(code: number): Generator<void, void, void> {
    switch (code) {
      case OPS.document:
        return this.#start(this.#reader.uint(), this.#reader.byte())
      case OPS.remove:
        return this.#remove()
      case OPS.release:
        for (const node of this.#removed.splice(0)) this.#unmap(node)
        return
      case OPS.insert:
        return yield* this.#insert()
      case OPS.attribute: {
        const element = this.#element()
        this.#joinedTexts.restyled()
        return this.#writeAttribute(element, this.#source(element), this.#reader.string(), this.#reader.string())
      }
      case OPS.removeAttribute: {
        const element = this.#element()
        const name = this.#reader.string()
        this.#joinedTexts.restyled()
        eraseAttribute(element, name)
        this.#references.changed()
        return name === 'style' ? this.#pictures.showAgain(element) : undefined
      }
      case OPS.text: {
        const node = this.#text()
        this.#joinedTexts.restore(node as Text)
        this.#budget.characters -= node.length
        node.data = this.#fit(node, this.#shownText(parentNode(node), this.#reader.string()))
        return this.#noteText(node, parentNode(node))
      }
      case OPS.splice: {
        const node = this.#text()
        const start = this.#reader.uint()
        const count = this.#reader.uint()
        if (this.#sources.get(parentNode(node) ?? node)?.name === 'style')
          throw new WireError('a style takes no splice')
        const text = this.#reader.string()
        if (node === this.#nowhere.firstChild || this.#cut.has(node)) return
        this.#joinedTexts.restore(node as Text)
        if (start + count > node.length) throw new WireError('a splice exceeds its text')
        this.#budget.characters -= count
        node.replaceData(start, count, this.#fit(node, text, parentNode(node), node.length - count))
        return this.#noteText(node, parentNode(node))
      }
      case OPS.sheetText: {
        const owner = this.#element()
        this.#joinedTexts.moved()
        return this.#sheets.writeText(owner, this.#source(owner).name, this.#reader.string())
      }
      case OPS.sheetRules: {
        const key = this.#reader.uint()
        this.#joinedTexts.moved()
        const owner = key % 2 === 0 ? this.#node(key / 2) : undefined
        return this.#sheets.writeRules(this.#reader, owner as Element | undefined, (key - 1) / 2)
      }
      case OPS.newSheet: {
        const number = this.#reader.uint()
        return this.#sheets.create(number, this.#node(this.#reader.uint()), this.#reader.string())
      }
      case OPS.adopt: {
        const root = this.#node(this.#reader.uint())
        const count = this.#reader.count()
        const numbers = Array.from({ length: count }, () => this.#reader.uint())
        this.#joinedTexts.moved()
        return root === this.#nowhere ? undefined : this.#sheets.adopt(root, numbers)
      }
      case OPS.state:
        return this.#state()
      case OPS.animation: {
        const element = this.#element()
        const bytes = this.#reader.bytes()
        return element === this.#nowhere ? undefined : this.#animations.write(element, bytes)
      }
      case OPS.picture: {
        const element = this.#element()
        const bytes = this.#reader.bytes()
        return element === this.#nowhere ? undefined : this.#pictures.write(element, bytes)
      }
      case OPS.guest: {
        const iframe = this.#element()
        const { namespace, name } = this.#source(iframe)
        const bytes = this.#reader.bytes()
        if (iframe === this.#nowhere) return
        if (!isFrame(namespace, name)) throw new WireError('only a frame has a guest')
        return yield* this.#frames.apply(iframe, bytes)
      }
      default:
        throw new WireError(`operation ${code} is not known`)
    }
  }

  #start(id: number, mode: number): void {
    if (id !== ROOT_ID) throw new WireError('a stream starts with its root document')
    if (this.#nodes.size === 0) this.#lastId = id
    this.#enterDocument(this.#document, id, mode)
  }

  /** Makes an empty document of the right mode ready for content. */
  #enterDocument(document: Document, id: number, mode: number): void {
    const doctype = DOCTYPES[mode]
    if (doctype === undefined) throw new WireError(`mode ${mode} is not known`)
    // The mode of a document is set by its parser only; its policy and sandbox outlive `open`. The text is a constant.
    open(document)
    write(document, `${doctype}<html>`)
    close(document)
    for (let child = firstChild(document); child; child = firstChild(document)) removeChild(document, child)
    // `open` has removed the listener that an earlier content had.
    document.addEventListener('load', () => this.#states.settle(), { capture: true, passive: true })
    this.#sheets.adopt(document, [])
    this.#map(document, { id, namespace: null, name: '#document' })
  }

  #remove(): void {
    const count = this.#reader.count()
    const nodes = Array.from({ length: count }, () => this.#node(this.#reader.uint()))
    this.#references.changed()
    this.#joinedTexts.restyled()
    for (const node of nodes) {
      if (node === this.#nowhere) continue
      const parent = parentNode(node)
      if (parent) removeChild(parent, node)
      if (nodeType(node) === Node.DOCUMENT_NODE) this.#emptyDocument(node)
      else this.#removed.push(node)
    }
  }

  /** A frame keeps its document object when it gets another content, so its id goes at once. */
  #emptyDocument(document: Node): void {
    this.#nodes.delete(this.#source(document).id)
    this.#giveBack(document)
    this.#frames.emptied(document)
    for (let child = firstChild(document); child; child = firstChild(document)) {
      removeChild(document, child)
      this.#removed.push(child)
    }
  }

  /** Forgets what is left of a removed subtree. */
  #unmap(root: Node): void {
    const rest: Node[] = [root]
    for (let node = rest.pop(); node; node = rest.pop()) {
      const source = this.#sources.get(node)
      if (source && this.#nodes.get(source.id) === node && this.#nodes.delete(source.id)) this.#giveBack(node)
      this.#marks.forget(node)
      this.#frames.forget(node)
      const shadow = nodeType(node) === Node.ELEMENT_NODE ? shadowRoot(node) : null
      if (shadow) rest.push(shadow)
      for (let child = firstChild(node); child; child = nextSibling(child)) rest.push(child)
    }
  }

  *#insert(): Generator<void, void, void> {
    const parent = this.#node(this.#reader.uint())
    const leftId = this.#reader.uint()
    let left: Node | null = leftId === 0 ? null : this.#node(leftId)
    // Beside what was left out.
    if (left === this.#nowhere) left = lastChild(parent)
    if (left && parentNode(left) !== parent) throw new WireError('the left neighbour has another parent')
    const outer: { parent: Node; left: Node | null }[] = []
    const depth = depthOf(parent)
    let at: { parent: Node; left: Node | null } = { parent, left }
    for (;;) {
      yield
      const head = this.#reader.byte()
      const kind = head & 0x0f
      if (kind === ITEMS.end) {
        const back = outer.pop()
        if (!back) return
        at = back
        continue
      }
      const room = this.#budget.bounds.depth - depth - outer.length
      const node =
        kind === ITEMS.known
          ? this.#move(this.#reader.uint(), at.parent, room)
          : this.#make(kind, head, at.parent, room)
      if (node !== this.#nowhere && kind !== ITEMS.shadow && kind !== ITEMS.document) {
        this.#prepare(at.parent, node, kind === ITEMS.known)
        insertBefore(at.parent, node, at.left ? nextSibling(at.left) : firstChild(at.parent))
        at.left = node
        this.#references.changed()
      }
      if (head & ITEM_FLAGS.children) {
        outer.push(at)
        at = { parent: node, left: null }
      }
    }
  }

  /** A node that moves, or nowhere for one that finds no room where it goes. */
  #move(id: number, parent: Node, room: number): Node {
    const node = this.#node(id)
    if (node === this.#nowhere) return node
    if (nodeType(node) === Node.TEXT_NODE) this.#joinedTexts.restore(node as Text)
    const isLong = nodeType(node) === Node.TEXT_NODE && (node as Text).length > this.#longest(parent, data(node))
    if (parent !== this.#nowhere && this.#budget.allows(heightOf(node, room) < room && !isLong)) {
      this.#joinedTexts.moved()
      if (nodeType(node) === Node.TEXT_NODE) this.#noteText(node as Text, parent)
      return node
    }
    const before = parentNode(node)
    if (before) removeChild(before, node)
    this.#removed.push(node)
    return this.#nowhere
  }

  /** A new node, or nowhere for one that there is no room for. */
  #make(kind: number, head: number, parent: Node, room: number): Node {
    if (parent !== this.#nowhere) {
      const { nodes, bounds } = this.#budget
      if (this.#budget.allows(nodes < bounds.nodes && room > 0)) return this.#build(kind, head, parent)
    }
    this.#skip(kind, head)
    return this.#nowhere
  }

  /** Reads an item that is left out. */
  #skip(kind: number, head: number): void {
    const reader = this.#reader
    this.#lastId = head & ITEM_FLAGS.id ? reader.uint() : this.#lastId + 1
    if (kind < ITEMS.html || kind > ITEMS.document) throw new WireError(`item ${kind} is not known`)
    if (kind === ITEMS.document) reader.byte()
    else if (kind !== ITEMS.shadow) reader.string()
    if (kind === ITEMS.foreign || kind === ITEMS.instruction) reader.string()
    if (kind === ITEMS.doctype) for (let i = 0; i < 2; i++) reader.string()
    if (head & ITEM_FLAGS.attributes) while (reader.optionalString() !== undefined) reader.string()
  }

  #prepare(parent: Node, node: Node, isMove: boolean): void {
    const source = this.#source(parent)
    if (isOpaque(source.namespace, source.name)) throw new WireError('the parent shows no children')
    if (nodeType(parent) === Node.DOCUMENT_NODE) this.#makeRoom(parent, node)
    if (source.name !== 'style' || nodeType(node) !== Node.TEXT_NODE) return
    const isFurther = firstChild(parent) !== null && !this.#joined.has(parent)
    if (isFurther) this.#join(parent)
    if (!isMove && !isFurther) return
    const text = node as Text
    const shown = isMove ? this.#shownText(parent, text.data) : closeCss(text.data)
    if (shown !== text.data) text.data = shown
  }

  /** A style gets a second text: each has been judged alone, and is shown with the others. */
  #join(style: Node): void {
    this.#joined.add(style)
    for (let child = firstChild(style); child; child = nextSibling(child))
      if (nodeType(child) === Node.TEXT_NODE) (child as Text).data = closeCss((child as Text).data)
  }

  /** A document holds one element: the one that is there goes to another place later in this stream, or is removed. */
  #makeRoom(document: Node, node: Node): void {
    if (nodeType(node) !== Node.ELEMENT_NODE) return
    for (let child = firstChild(document); child; child = nextSibling(child)) {
      if (child === node || nodeType(child) !== Node.ELEMENT_NODE) continue
      removeChild(document, child)
      return
    }
  }

  #build(kind: number, head: number, parent: Node): Node {
    const id = head & ITEM_FLAGS.id ? this.#reader.uint() : this.#lastId + 1
    this.#lastId = id
    if (this.#nodes.has(id)) throw new WireError('an id is used twice')
    const document = nodeType(parent) === Node.DOCUMENT_NODE ? (parent as Document) : ownerDocument(parent)!
    switch (kind) {
      case ITEMS.html:
      case ITEMS.svg:
      case ITEMS.mathml:
      case ITEMS.foreign:
        return this.#buildElement(document, kind, head, id)
      case ITEMS.text:
      case ITEMS.cdata:
        return this.#fill(createTextNode(document, ''), id, this.#shownText(parent, this.#reader.string()), parent)
      case ITEMS.comment:
        return this.#fill(createComment(document, ''), id, this.#reader.string())
      case ITEMS.instruction: {
        const target = this.#reader.string()
        this.#reader.string()
        return this.#map(createComment(document, ''), { id, namespace: null, name: target })
      }
      case ITEMS.doctype: {
        const parts = [this.#reader.string(), this.#reader.string(), this.#reader.string()] as const
        return this.#map(buildDoctype(document, ...parts), { id, namespace: null, name: '#doctype' })
      }
      case ITEMS.shadow: {
        const host = parent as Element
        const shadow = shadowRoot(host) ?? attachShadow(host, { mode: 'open' })
        return this.#map(shadow, { id, namespace: null, name: '#shadow' })
      }
      case ITEMS.document:
        return this.#buildFrame(parent, id, this.#reader.byte())
      default:
        throw new WireError(`item ${kind} is not known`)
    }
  }

  #buildElement(document: Document, kind: number, head: number, id: number): Element {
    const namespace = kind === ITEMS.foreign ? this.#reader.string() || null : NAMESPACES[kind]!
    if (kind === ITEMS.foreign && Object.values(NAMESPACES).includes(namespace ?? ''))
      throw new WireError('a namespace has two names')
    const name = this.#reader.string()
    const element = buildElement(document, namespace, name)
    this.#map(element, { id, namespace, name })
    if (isFrame(namespace, name)) this.#frames.add(element, name)
    if (head & ITEM_FLAGS.attributes) {
      for (let attribute = this.#reader.optionalString(); attribute !== undefined; ) {
        this.#writeAttribute(element, this.#source(element), attribute, this.#reader.string())
        attribute = this.#reader.optionalString()
      }
    }
    return element
  }

  #fill(node: Text | Comment, id: number, text: string, parent: Node | null = null): Node {
    node.data = this.#fit(node, text, parent)
    this.#noteText(node, parent)
    return this.#map(node, { id, namespace: null, name: nodeType(node) === Node.TEXT_NODE ? '#text' : '#comment' })
  }

  /** As much of a text as there is room for beside what it keeps. */
  #fit(node: CharacterData, text: string, parent = parentNode(node), kept = 0): string {
    const { bounds, characters } = this.#budget
    const room = Math.max(0, Math.min(bounds.characters - characters, this.#longest(parent, text) - kept))
    const fits = this.#budget.allows(text.length <= room)
    if (!fits) this.#cut.add(node)
    this.#budget.characters += Math.min(room, text.length)
    return fits ? text : text.slice(0, room)
  }

  #noteText(node: CharacterData, parent: Node | null): void {
    if (nodeType(node) !== Node.TEXT_NODE || node === firstChild(this.#nowhere)) return
    if (this.#sources.get(parent ?? node)?.name !== 'style') return this.#joinedTexts.note(node as Text)
    this.#budget.holdRules(node, countRules(data(node)))
    this.#joinedTexts.moved()
  }

  /** How long a text may be where it is. */
  #longest(parent: Node | null, text: string): number {
    const isCss = parent !== null && this.#sources.get(parent)?.name === 'style'
    return isCss ? this.#budget.bounds.value : this.#budget.longest(text)
  }

  #bounded({ width, height }: { width: number; height: number }): { width: number; height: number } {
    const { side } = this.#budget.bounds
    this.#budget.allows(width <= side && height <= side)
    return { width: Math.min(width, side), height: Math.min(height, side) }
  }

  /** A node is gone, and with it what it held. */
  #giveBack(node: Node): void {
    this.#budget.nodes -= weightOf(this.#source(node).name)
    this.#budget.holdRules(node, 0)
    if (nodeType(node) === Node.TEXT_NODE || nodeType(node) === Node.COMMENT_NODE) {
      this.#joinedTexts.restore(node as Text)
      this.#budget.characters -= (node as Text).length
      this.#joinedTexts.forget(node as Text)
    } else if (nodeType(node) === Node.ELEMENT_NODE) {
      this.#animations.forget(node as Element)
      this.#references.forget(node as Element)
      this.#pictures.forget(node as Element)
    }
  }

  #buildFrame(parent: Node, id: number, mode: number): Document {
    const { namespace, name } = this.#source(parent)
    if (!isFrame(namespace, name)) throw new WireError('only a frame holds a document')
    const inner = contentDocument(parent, name)
    if (!inner) throw new WireError('a frame takes no document')
    const old = this.#sources.get(inner)
    if (old && this.#nodes.get(old.id) === inner) throw new WireError('the frame has a document')
    this.#frames.fill(parent as Element, inner)
    this.#enterDocument(inner, id, mode)
    return inner
  }

  #state(): void {
    const node = this.#node(this.#reader.uint())
    const kind = this.#reader.byte()
    if (kind === STATES.marks) return this.#marks.write(this.#elementOf(node), this.#reader.uint())
    if (kind === STATES.selection) {
      const ends = this.#readEnds()
      return node === this.#nowhere ? undefined : this.#selections.select(this.#documentOf(node), ends)
    }
    if (kind === STATES.caret)
      return this.#selections.putCaret(node as HTMLInputElement, {
        start: this.#reader.uint(),
        end: this.#reader.uint(),
        backward: this.#reader.byte() === 1,
      })
    if (kind === STATES.media) return this.#answer(this.#documentOf(node), this.#reader.string())
    this.#states.write(node, this.#readState(kind))
  }

  /** The customer's browser says what media queries ask. */
  #answer(document: Document, text: string): void {
    const changed = this.#media.set(document, text)
    // Decides about its controls and what is behind the page; in some browsers about queries in it too.
    if (this.#frame && document === this.#document)
      Object.assign(this.#frame.style, { colorScheme: this.#media.scheme(document), backgroundColor: 'Canvas' })
    if (!changed) return
    this.#joinedTexts.moved()
    for (const node of this.#nodes.values()) {
      if (nodeType(node) !== Node.ELEMENT_NODE || ownerDocument(node) !== document) continue
      const element = node as Element
      for (const name of ASKING_ATTRIBUTES) {
        const value = getAttribute(element, name)
        const now = value && this.#media.again(value, document)
        if (now !== value) setAttribute(element, name, now!)
      }
      const { name } = this.#source(element)
      if (name === 'style' || name === 'link') this.#sheets.again(element)
    }
    this.#sheets.againIn(document)
  }

  #writeAttribute(element: Element, source: Omit<Source, 'id'>, attribute: string, value: string): void {
    if (!this.#budget.allows(value.length <= this.#budget.bounds.value)) return
    const document = ownerDocument(element)!
    // CSS is answered before the gate, which is to see all that it becomes.
    const answered = attribute === 'style' ? this.#media.css(value, document) : value
    writeAttribute(element, source, attribute, answered, this.#asset, (name, safe) => {
      if (name === 'media') return this.#media.query(safe, document)
      return name === 'content' ? this.#media.schemes(safe, document) : safe
    })
    this.#references.note(element, attribute, value)
    if (attribute === 'style') this.#pictures.showAgain(element)
  }

  #readEnds(): SelectionEnds | undefined {
    const anchor = this.#reader.uint()
    if (anchor === 0) return undefined
    return {
      anchor,
      anchorOffset: this.#reader.uint(),
      focus: this.#reader.uint(),
      focusOffset: this.#reader.uint(),
    }
  }

  #documentOf(node: Node): Document {
    if (nodeType(node) !== Node.DOCUMENT_NODE) throw new WireError('expected a document')
    return node as Document
  }

  #readState(kind: number): FieldState {
    switch (kind) {
      case STATES.value:
        return { kind: 'value', value: this.#reader.string() }
      case STATES.checked:
        return { kind: 'checked', bits: this.#reader.byte() }
      case STATES.selected: {
        const count = this.#reader.count()
        return { kind: 'selected', indexes: Array.from({ length: count }, () => this.#reader.uint()) }
      }
      case STATES.topLayer:
        return { kind: 'topLayer', layer: this.#reader.byte() }
      case STATES.scroll:
        return { kind: 'scroll', x: this.#reader.int(), y: this.#reader.int() }
      case STATES.viewport:
        return { kind: 'viewport', width: this.#reader.uint(), height: this.#reader.uint() }
      default:
        throw new WireError(`state ${kind} is not known`)
    }
  }

  #map<T extends Node>(node: T, source: Source): T {
    this.#nodes.set(source.id, node)
    this.#sources.set(node, source)
    this.#budget.nodes += weightOf(source.name)
    this.#survey.note(node)
    return node
  }

  #node(id: number): Node {
    const node = this.#nodes.get(id)
    if (node) return node
    if (!this.#budget.exceeded) throw new WireError(`node ${id} is not known`)
    return this.#nowhere
  }

  #element(): Element {
    return this.#elementOf(this.#node(this.#reader.uint()))
  }

  #elementOf(node: Node): Element {
    if (nodeType(node) !== Node.ELEMENT_NODE) throw new WireError('expected an element')
    return node as Element
  }

  #text(): CharacterData {
    const node = this.#node(this.#reader.uint())
    if (node === this.#nowhere)
      return (firstChild(node) ?? node.appendChild(createTextNode(this.#document, ''))) as Text
    if (!(nodeType(node) === Node.TEXT_NODE || nodeType(node) === Node.COMMENT_NODE))
      throw new WireError('expected a text or a comment')
    return node as CharacterData
  }

  #source(node: Node): Source {
    const source = this.#sources.get(node)
    if (!source) throw new WireError('a node without a source')
    return source
  }

  /** Text as the copy may hold it: CSS without addresses where it is the text of a sheet. */
  #shownText(parent: Node | null, text: string): string {
    if (!parent || this.#sources.get(parent)?.name !== 'style') return text
    const css = this.#sheets.shown(text, ownerDocument(parent)!)
    return this.#joined.has(parent) ? closeCss(css) : css
  }
}

const isRoot = (node: Node) => nodeType(node) === Node.DOCUMENT_NODE || nodeType(node) === Node.DOCUMENT_FRAGMENT_NODE

/** How many nodes are around a node in its document, through shadow roots. */
function depthOf(node: Node): number {
  let depth = 0
  for (let at = parentNode(node) ?? shadowHost(node); at; at = parentNode(at) ?? shadowHost(at)) depth++
  return depth
}

/** How many nodes a node has below one another, as far as `limit`. */
function heightOf(top: Node, limit: number): number {
  let height = 0
  const rest: [node: Node, depth: number][] = [[top, 1]]
  for (let next = rest.pop(); next && height < limit; next = rest.pop()) {
    const [node, depth] = next
    height = Math.max(height, depth)
    const shadow = nodeType(node) === Node.ELEMENT_NODE ? shadowRoot(node) : null
    if (shadow) rest.push([shadow, depth + 1])
    for (let child = firstChild(node); child; child = nextSibling(child)) rest.push([child, depth + 1])
  }
  return height
}
