import { STATES } from '../wire/index.ts'
import type { Assets } from './assets.ts'
import type { Clock } from './clock.ts'
import type { Guests } from './guests.ts'
import type { Mask } from './mask.ts'
import { MaskWatch } from './mask-watch.ts'
import {
  animationsIn,
  attributeNodeNS,
  closest,
  firstChild,
  formFields,
  getAttribute,
  localName,
  NODE_DOCUMENT,
  NODE_ELEMENT,
  NODE_INSTRUCTION,
  nextSibling,
  nodeType,
  ownerDocument,
  parentNode,
  queryAll,
  rootOf,
  selectionOf,
} from './natives.ts'
import type { CapturePart } from './parts.ts'
import { Roots } from './roots.ts'
import { type SheetOwner, Sheets, sheetOwner } from './sheets.ts'
import { allStates, bit, fieldSignature, isTextField, MARKED, mediaOf, readMarks } from './states.ts'
import { FORCED, type StreamState } from './stream.ts'
import {
  composedFirst,
  composedNext,
  composedParent,
  documentMode,
  frameDocument,
  isHtml,
  isOpaqueElement,
  noteClosedRoot,
  noteOutermost,
  shadowRootOf,
} from './tree.ts'

const XLINK_NS = 'http://www.w3.org/1999/xlink'

/** Attributes that decide about what a field holds or whether it is masked. */
const FIELD_ATTRIBUTES = new Set(['name', 'form', 'type', 'value', 'checked', 'selected', 'multiple', 'autocomplete'])
const SHEET_ATTRIBUTES = new Set(['rel', 'href', 'media', 'disabled', 'type'])

/** Up to this many fields are looked at whenever something changes (0.2 µs each), more only at intervals. */
const MAX_FIELDS_AT_ONCE = 200

type Tagged = Node & { [id: symbol]: number | undefined }

/** The page as all streams share it: ids, what the observers report, and who is told. */
export class Page {
  readonly document: Document
  readonly clock: Clock
  readonly mask: Mask
  readonly assets: Assets
  readonly excluded: ReadonlySet<Node>
  readonly streams = new Set<StreamState>()
  readonly sheets: Sheets
  guests: Guests | undefined
  readonly parts = new Map<CapturePart, Guests>()
  /** Canvases and videos in the copy. */
  readonly pictured = new Set<Element>()
  readonly #needs: (part: CapturePart) => void
  readonly sheetsSeen = new WeakSet<SheetOwner>()
  /** Elements with marks, as they were last read. */
  readonly marked = new Map<Element, number>()
  /** Elements whose marks may have changed. */
  readonly #looked = new Set<Node>()
  readonly #roots: Roots
  readonly #maskWatch: MaskWatch
  /** Frame elements in the copy with the document that was sent for each; null for one that cannot be read. */
  readonly #frames = new Map<Element, Document | null>()
  readonly #id = Symbol('alongside')
  /** Ids of nodes that the page has frozen. */
  #frozen: WeakMap<Node, number> | undefined
  /** Parsing modes as they were sent. */
  readonly #modes = new WeakMap<Document, number>()
  /** What media queries were answered with when they were last asked. */
  #media: string
  /** Fields in the copy, with what each held when it was last looked at. */
  readonly #fields = new Map<Element, string>()
  #hasSelects = false
  #nextId = 1
  /** Only from the first question on: most sessions put none. */
  #byId: Map<number, Node> | undefined

  constructor(
    document: Document,
    mask: Mask,
    assets: Assets,
    excluded: ReadonlySet<Node>,
    clock: Clock,
    wake: (records: MutationRecord[]) => void,
    guard: (run: () => void) => void,
    needs: (part: CapturePart) => void,
  ) {
    this.#needs = needs
    this.document = document
    this.#media = mediaOf(document)
    noteOutermost(document)
    this.mask = mask
    this.assets = assets
    this.excluded = excluded
    this.clock = clock
    this.#maskWatch = new MaskWatch(this)
    mask.onAttribute = (name) => this.#resendAttribute(name)
    const changed = () => wake([])
    this.sheets = new Sheets(
      mask,
      assets,
      (sheet) => {
        for (const stream of this.streams) stream.sheets.edit(sheet)
        changed()
      },
      () => {
        for (const link of queryAll(document, 'link')) this.#sheetChanged(link)
        changed()
      },
    )
    this.#roots = new Roots(wake, guard, {
      state: (element, kind) => {
        this.touchState(element, bit(kind))
        changed()
      },
      sheet: (sheet) => this.sheets.edit(sheet),
      reached: (sheet) => this.sheets.reach(sheet),
      inserted: (sheet, index, text) => {
        this.sheets.noteSource(sheet, index, text)
        this.sheets.edit(sheet)
      },
      adopted: changed,
      animated: (element) => {
        if (!this.parts.has('animation')) needs('animation')
        this.parts.get('animation')?.enter(element)
      },
      defined: () => void this.#looked.add(document),
      shadow: (host, root) => {
        if (root.mode === 'closed') noteClosedRoot(host, root)
        for (const stream of this.streams) if (stream.knows(host)) stream.touch(root)
        changed()
      },
      event: (event, target) => {
        this.#onEvent(event, target)
        changed()
      },
    })
    this.enterRoot(document)
  }

  /** The id of a node, given now if it has none. */
  idOf(node: Node): number {
    return this.knownId(node) ?? this.#assignId(node)
  }

  /** The id of a node that a stream is about to write for the first time. */
  newId(node: Node): number {
    if (this.streams.size > 1) return this.idOf(node)
    // The only stream does not have it, so nobody goes by an id that it may carry.
    this.#byId?.delete(this.knownId(node) ?? 0)
    return this.#assignId(node)
  }

  knownId(node: Node): number | undefined {
    return (node as Tagged)[this.#id] ?? this.#frozen?.get(node)
  }

  /** The node that has this id now. */
  nodeOf(id: number): Node | undefined {
    this.#byId ??= this.#indexIds()
    return this.#byId.get(id)
  }

  #indexIds(): Map<number, Node> {
    const byId = new Map<number, Node>()
    const open: Node[] = [this.document]
    for (let node = open.pop(); node; node = open.pop()) {
      const id = this.knownId(node)
      if (id !== undefined) byId.set(id, node)
      for (let child = composedFirst(node); child; child = composedNext(child)) open.push(child)
    }
    return byId
  }

  #assignId(node: Node): number {
    const id = this.#nextId++
    this.#byId?.set(id, node)
    try {
      ;(node as Tagged)[this.#id] = id
    } catch {
      this.#frozen ??= new WeakMap()
      this.#frozen.set(node, id)
    }
    return id
  }

  skipExcluded(node: Node | null): Node | null {
    let at = node
    while (at && this.excluded.has(at)) at = nextSibling(at)
    return at
  }

  nextIncluded(node: Node): Node | null {
    return this.skipExcluded(composedNext(node))
  }

  /** The encoder has written an element. */
  enterElement(element: Element, name: string, masked: number): void {
    if (name === 'select') this.#hasSelects = true
    if (name === 'input' || name === 'textarea' || name === 'select') this.#fields.set(element, fieldSignature(element))
    if (name === 'iframe' || name === 'frame') {
      const content = frameDocument(element)
      this.#frames.set(element, content)
      if (!content) this.guests?.enter(element)
    }
    if (name === 'canvas' || name === 'video') {
      if (this.pictured.add(element).size === 1) this.#needs('picture')
      this.parts.get('picture')?.enter(element)
    }
    this.#maskWatch.note(element, masked)
  }

  /** The encoder has written a root, or is about to: from now on its changes are seen. */
  enterRoot(root: Document | ShadowRoot): void {
    if (nodeType(root) === NODE_DOCUMENT) this.#modes.set(root as Document, documentMode(root as Document))
    this.#roots.enter(root)
    for (const element of queryAll(root, MARKED)) this.mark(element)
    if (animationsIn(root).some((animation) => animation.constructor.name === 'Animation')) this.#needs('animation')
  }

  /** Marks what the observers report, and leaves nothing known that is not on the page. */
  take(records: MutationRecord[]): void {
    if (this.#looked.size > 0) {
      for (const node of [...this.#looked, ...this.marked.keys()])
        if (nodeType(node) === NODE_ELEMENT) this.mark(node as Element)
      this.#looked.clear()
    }
    const moved = new Set<Node>()
    const reopened = new Set<Document>()
    for (const record of records) {
      if (record.type === 'childList') {
        this.#takeChildren(record, moved)
        if (nodeType(record.target) === NODE_DOCUMENT) reopened.add(record.target as Document)
      } else if (record.type === 'attributes') this.#takeAttribute(record)
      else this.#takeText(record)
    }
    const gone = [...moved].filter((node) => !this.inTree(node) || !this.#roots.sees(node))
    for (const node of gone) {
      this.forget(node)
      moved.delete(node)
    }
    for (const document of reopened) this.#takeDocument(document)
    this.#syncFrames(moved)
    this.#maskWatch.settle(moved)
    for (const text of this.mask.detector?.beside(records) ?? [])
      for (const stream of this.streams) stream.touchAll(text)
    if (this.#fields.size <= MAX_FIELDS_AT_ONCE) this.verifyFields()
  }

  /** Where what is selected in a document begins and ends, by ids and offsets; 0 unless both may be known. */
  selectionIn(document: Document): number[] {
    let selected: Selection | null = null
    for (const root of this.#roots.live()) {
      if (root !== document && ownerDocument(root) !== document) continue
      // Chromium tells of a selection in a shadow root only there.
      const here = selectionOf(root)
      if (here?.anchorNode) selected = here
    }
    const { anchorNode, focusNode, anchorOffset = 0, focusOffset = 0 } = selected ?? {}
    const anchor = anchorNode && !this.mask.decide(anchorNode) && this.knownId(anchorNode)
    const focus = focusNode && !this.mask.decide(focusNode) && this.knownId(focusNode)
    return anchor && focus ? [anchor, anchorOffset, focus, focusOffset] : [0]
  }

  /** The kinds of state that an element with marks is sent with. */
  markStates(element: Element): number {
    if (!this.marked.has(element)) return 0
    return bit(STATES.marks) | (isTextField(element) ? bit(STATES.caret) : 0)
  }

  /** Reads the marks of an element. */
  mark(element: Element): void {
    const now = readMarks(element)
    if (now === (this.marked.get(element) ?? 0)) return
    this.marked.set(element, now)
    this.touchState(element, this.markStates(element))
    if (!now) this.marked.delete(element)
  }

  touchState(node: Node, kinds: number): void {
    this.#maskWatch.state()
    for (const stream of this.streams) stream.touchState(node, kinds)
    if (kinds & bit(STATES.checked) && isHtml(node as Element, 'input')) this.#touchGroup(node as HTMLInputElement)
  }

  /** The select that shows something else when options come or go below `node`. */
  selectAround(node: Node): Element | null {
    return this.#hasSelects && nodeType(node) === NODE_ELEMENT ? closest(node as Element, 'select') : null
  }

  /** Writes the children of a style element again, so that the replica parses it as the page has done. */
  resendChildren(owner: Element): void {
    for (let child = firstChild(owner); child; child = nextSibling(child))
      for (const stream of this.streams) stream.touchAll(child)
  }

  roots(): Iterable<Document | ShadowRoot> {
    return this.#roots.live()
  }

  takeRecords(): MutationRecord[] {
    return this.#roots.takeRecords()
  }

  /** Lets guests hand in what the page cannot read. */
  admit(guests: Guests): void {
    this.guests = guests
    for (const [frame, content] of this.#frames) if (!content) guests.enter(frame)
  }

  close(): void {
    this.guests?.close()
    for (const part of this.parts.values()) part.close()
    this.#roots.close()
    this.streams.clear()
  }

  #takeChildren(record: MutationRecord, moved: Set<Node>): void {
    const { target } = record
    const { removedNodes, addedNodes } = record
    for (let i = 0; i < removedNodes.length; i++) {
      moved.add(removedNodes[i]!)
      for (const stream of this.streams) stream.touch(removedNodes[i]!)
    }
    if (nodeType(target) === NODE_ELEMENT) {
      const element = target as Element
      if (isOpaqueElement(element)) return
      this.#touchContainer(element)
      // A parser attaches a declared root after its host is in place, and tells nobody.
      const shadow = shadowRootOf(element)
      if (shadow)
        for (const stream of this.streams) if (stream.knows(element) && !stream.knows(shadow)) stream.touch(shadow)
    }
    for (let i = 0; i < addedNodes.length; i++) for (const stream of this.streams) stream.touch(addedNodes[i]!)
    this.#maskWatch.structure()
  }

  /** `document.open()` leaves a document without listeners, and what is written into it may set another mode. */
  #takeDocument(document: Document): void {
    this.#roots.listenAgain(document)
    if (this.#modes.get(document) === documentMode(document)) return
    this.#modes.set(document, documentMode(document))
    if (document === this.document) for (const stream of this.streams) stream.restartDocument()
    else for (const [frame, sent] of this.#frames) if (sent === document) this.#resendFrame(frame, document)
  }

  #takeAttribute(record: MutationRecord): void {
    const element = record.target as Element
    const local = record.attributeName ?? ''
    const namespace = record.attributeNamespace
    let name = local
    if (namespace) {
      const now = attributeNodeNS(element, namespace, local)
      name = now?.name ?? `${namespace === XLINK_NS ? 'xlink' : 'xml'}:${local}`
      // One that went may have had no prefix.
      if (!now) for (const stream of this.streams) stream.touchAttribute(element, local, FORCED)
    }
    for (const stream of this.streams) stream.touchAttribute(element, name, record.oldValue)
    if (FIELD_ATTRIBUTES.has(name)) this.#takeField(element, name, record.oldValue)
    if (name === 'open' || name === 'popover') this.touchState(element, bit(STATES.topLayer))
    if (SHEET_ATTRIBUTES.has(name)) this.#sheetChanged(element)
    this.#maskWatch.attribute(name)
  }

  #takeField(element: Element, name: string, old: string | null): void {
    if (name === 'type') this.mask.noteType(element, old)
    if (name === 'type' || name === 'autocomplete') {
      this.#maskWatch.again(element)
      for (const stream of this.streams) stream.touchAttribute(element, 'value', FORCED)
      this.resendChildren(element)
    }
    const select = isHtml(element, 'option') ? closest(element, 'select') : element
    if (select) this.touchState(select, allStates(select) & ~bit(STATES.scroll))
  }

  #takeText(record: MutationRecord): void {
    const node = record.target as CharacterData
    // The copy has an instruction's place, not its text.
    if (nodeType(node) === NODE_INSTRUCTION) return
    for (const stream of this.streams) stream.touchText(node, record.oldValue)
    const parent = parentNode(node)
    if (parent && nodeType(parent) === NODE_ELEMENT) this.#touchContainer(parent as Element)
  }

  /** A sheet that came later speaks of an attribute that was kept back. */
  #resendAttribute(name: string): void {
    for (const root of this.roots())
      for (const element of queryAll(root, '*'))
        if (getAttribute(element, name) !== null)
          for (const stream of this.streams) stream.touchAttribute(element, name, FORCED)
  }

  /** Elements that show something else when what they hold changes. */
  #touchContainer(element: Element): void {
    const name = localName(element)
    if (name === 'style') {
      this.#sheetChanged(element)
      // Behind rules one text of a style speaks for all.
      if (this.mask.quiet) this.resendChildren(element)
    } else if (name === 'textarea') this.touchState(element, bit(STATES.value))
    const select = this.selectAround(element)
    if (select) this.touchState(select, bit(STATES.selected))
  }

  #sheetChanged(element: Element): void {
    if (!sheetOwner(element)) return
    this.sheets.reread(element)
    for (const stream of this.streams) if (stream.knows(element)) stream.sheets.enter(element)
  }

  /** Checking one radio button takes the check from another, which tells nobody. */
  #touchGroup(input: HTMLInputElement): void {
    if (input.type !== 'radio' || !input.name) return
    const root = rootOf(input) as Document | ShadowRoot
    for (const other of queryAll(root, 'input'))
      if ((other as HTMLInputElement).name === input.name)
        for (const stream of this.streams) stream.touchState(other, allStates(other) & bit(STATES.checked))
  }

  #onEvent(event: Event, target: Node): void {
    // The page's own have any target: they say that a field may have changed, no more.
    switch (event.isTrusted ? event.type : 'input') {
      case 'scroll':
        return this.touchState(target, bit(STATES.scroll))
      case 'resize':
        return this.touchState(this.document, bit(STATES.viewport))
      case 'toggle':
        return this.touchState(target, bit(STATES.topLayer))
      case 'reset':
        for (const field of formFields(target)) this.touchState(field, fieldKinds(field))
        return
      case 'load':
      case 'error':
        this.#sheetChanged(target as Element)
        if (this.#frames.get(target as Element) === null) this.guests?.enter(target as Element, 'load')
        // What an image shows by `srcset` or lazily is known when it has loaded.
        if (isHtml(target as Element, 'img'))
          for (const stream of this.streams) stream.touchAttribute(target as Element, 'src', FORCED)
        return
      case 'selectionchange':
        return this.touchState(target, bit(isTextField(target) ? STATES.caret : STATES.selection))
      case 'hashchange':
        for (const element of queryAll(target as Document, ':target')) this.#looked.add(element)
        break
      case 'input':
      case 'change':
        this.touchState(target, fieldKinds(target))
    }
    // Whoever else has marks is looked at along with it, and a host can have the focus of what it holds.
    for (let at: Node | null = target; at; at = composedParent(rootOf(at))) this.#looked.add(at)
  }

  /** Looks at the fields themselves: React and others keep the browser's setters from before the start, parsers and
   *  collections set fields without any. */
  verifyFields(): void {
    for (const [field, before] of this.#fields) {
      const now = fieldSignature(field)
      if (now === before) continue
      this.#fields.set(field, now)
      this.touchState(field, fieldKinds(field))
    }
  }

  /** Asks again what media queries ask: a device that is turned dark, or a window on another screen. */
  verifyMedia(): void {
    const now = mediaOf(this.document)
    if (now === this.#media) return
    this.#media = now
    for (const root of this.roots()) if (nodeType(root) === NODE_DOCUMENT) this.touchState(root, bit(STATES.media))
  }

  /** Whether a node belongs to what is mirrored. */
  inTree(node: Node): boolean {
    for (let at: Node | null = node; at; ) {
      if (at === this.document) return true
      if (this.excluded.has(at)) return false
      const parent: Node | null = composedParent(at)
      if (!parent) return false
      if (nodeType(parent) === NODE_ELEMENT && nodeType(at) !== NODE_DOCUMENT && isOpaqueElement(parent as Element))
        return false
      at = parent
    }
    return false
  }

  /** Takes the ids from a subtree, so that it is new should it ever come back. */
  forget(root: Node): void {
    const open: Node[] = [root]
    for (let node = open.pop(); node; node = open.pop()) {
      const id = this.knownId(node)
      if (id !== undefined) {
        for (const stream of this.streams) stream.forget(node, id, node === root)
        this.#byId?.delete(id)
        if (!this.#frozen?.delete(node)) (node as Tagged)[this.#id] = undefined
      }
      this.#fields.delete(node as Element)
      this.marked.delete(node as Element)
      if (this.pictured.delete(node as Element)) this.parts.get('picture')?.leave(node as Element)
      this.#maskWatch.forget(node as Element)
      const content = this.#frames.get(node as Element)
      if (content !== undefined) {
        this.#frames.delete(node as Element)
        if (content) open.push(content)
        else this.guests?.leave(node as Element)
        continue
      }
      for (let child = composedFirst(node); child; child = composedNext(child)) open.push(child)
    }
  }

  /** A frame that navigated has another document; one that moved is loaded anew on the replica's side. */
  #syncFrames(moved: ReadonlySet<Node>): void {
    for (const [frame, sent] of this.#frames) {
      const now = frameDocument(frame)
      if (now === sent && !(moved.size > 0 && this.#isInside(frame, moved))) continue
      this.#resendFrame(frame, now)
    }
  }

  #resendFrame(frame: Element, content: Document | null): void {
    const sent = this.#frames.get(frame)
    if (sent) this.forget(sent)
    this.#frames.set(frame, content)
    if (!content) this.guests?.enter(frame, 'move')
    else if (!sent) this.guests?.leave(frame)
    if (content) for (const stream of this.streams) if (stream.knows(frame)) stream.touch(content)
  }

  #isInside(node: Node, roots: ReadonlySet<Node>): boolean {
    for (let at: Node | null = node; at; at = composedParent(at)) if (roots.has(at)) return true
    return false
  }
}

function fieldKinds(node: Node): number {
  return allStates(node) & ~bit(STATES.scroll)
}
