import { FrameWriter, ITEMS, OPS, ROOT_ID, STATES } from '../wire/index.ts'
import { attributeOnWire, NodeEncoder, pictureSource } from './encode.ts'
import type { Guests } from './guests.ts'
import {
  attributeNames,
  data,
  getAttribute,
  localName,
  NODE_DOCUMENT,
  NODE_ELEMENT,
  NODE_FRAGMENT,
  nodeType,
  parentNode,
} from './natives.ts'
import type { Page } from './page.ts'
import { allStates, bit, writeState } from './states.ts'
import { StreamSheets } from './stream-sheets.ts'
import { composedFirst, composedNext, composedParent, composedPrevious, documentMode, isOpaqueElement } from './tree.ts'

/** Main-thread time of one flush: a third of a frame at 60 Hz, so that a page's own work still fits beside it. */
export const FLUSH_BUDGET_MS = 5

/** A change is sent in full although the page's old value equals the new one: what may be shown of it has changed. */
export const FORCED = Symbol('forced')
type OldValue = string | null | typeof FORCED

/** A frame that has grown beyond this takes no more from guests: the server refuses frames of 16 MB. */
const MAX_GUEST_BYTES = 1_000_000

/** Text shorter than this is cheaper to send whole than as a splice. */
const MIN_SPLICED_LENGTH = 64

/** A maximal row of siblings that the replica does not have, or has elsewhere. */
interface Run {
  parent: Node
  first: Node
  depth: number
}

/** Where one replica's frames go. */
export interface Sink {
  /** Whether the line takes a frame now. While it says false changes gather in the page and cost no memory. */
  ready(): boolean
  /** Bytes of pictures that may go now without anything else being late. Without it there is no limit. */
  room?(): number
  /** Takes one frame. Called in order, never while `ready()` is false. */
  send(frame: Uint8Array<ArrayBuffer>): void
}

/** What one replica has and what it still lacks. Between flushes it only remembers which nodes were touched; a flush
 *  reads their state once. */
export class StreamState {
  readonly sink: Sink
  readonly sheets: StreamSheets
  readonly #page: Page
  readonly #writer = new FrameWriter()
  readonly #encoder: NodeEncoder
  /** By id: 1 when the replica has the node. */
  #known = new Uint8Array(4096)
  /** Moved or new nodes, in the order in which they were noticed. */
  readonly #touched = new Set<Node>()
  /** Nodes that the replica has without all their children, and the last child that it was sent. */
  readonly #partial = new Map<Node, Node | null>()
  readonly #attributes = new Map<Element, Map<string, OldValue>>()
  readonly #texts = new Map<CharacterData, OldValue>()
  readonly #states = new Map<Node, number>()
  readonly #removed: number[] = []
  /** Whether the replica keeps removed nodes because some of what they held was still to be moved out. */
  #unreleased = false
  #started = false

  constructor(page: Page, sink: Sink) {
    this.#page = page
    this.sink = sink
    this.sheets = new StreamSheets(page, this.#writer)
    this.#encoder = new NodeEncoder(page, this, this.#writer)
    const root = page.document
    this.setKnown(page.idOf(root))
    this.#partial.set(root, null)
    this.sheets.enterRoot(root)
    this.touchState(root, allStates(root))
  }

  get dirty(): boolean {
    return (
      !this.#started ||
      this.#touched.size + this.#partial.size + this.#removed.length > 0 ||
      this.#attributes.size + this.#texts.size + this.#states.size > 0 ||
      this.sheets.dirty ||
      this.#page.guests?.waits(this) === true ||
      [...this.#page.parts.values()].some((part) => part.waits(this))
    )
  }

  /** How many things wait; a small change is sent at once. */
  get size(): number {
    return this.#touched.size + this.#attributes.size + this.#texts.size
  }

  /** Whether the first picture is still being sent. */
  get filling(): boolean {
    return this.#partial.size > 0
  }

  knows(node: Node): boolean {
    const id = this.#page.knownId(node)
    return id !== undefined && this.#known[id] === 1
  }

  setKnown(id: number): void {
    if (id >= this.#known.length) {
      const grown = new Uint8Array(id * 2)
      grown.set(this.#known)
      this.#known = grown
    }
    this.#known[id] = 1
  }

  touch(node: Node): void {
    this.#touched.add(node)
  }

  touchAttribute(element: Element, name: string, old: OldValue): void {
    if (!this.knows(element)) return
    let names = this.#attributes.get(element)
    if (!names) {
      names = new Map()
      this.#attributes.set(element, names)
    }
    if (!names.has(name) || old === FORCED) names.set(name, old)
  }

  touchText(node: CharacterData, old: OldValue): void {
    if (this.knows(node) && (!this.#texts.has(node) || old === FORCED)) this.#texts.set(node, old)
  }

  touchState(node: Node, kinds: number): void {
    if (kinds && this.knows(node)) this.#states.set(node, (this.#states.get(node) ?? 0) | kinds)
  }

  /** The mask now decides otherwise for a node: all that was sent of it is sent again. */
  touchAll(node: Node): void {
    if (!this.knows(node)) return
    if (nodeType(node) === NODE_ELEMENT) {
      const element = node as Element
      for (const name of attributeNames(element)) this.touchAttribute(element, name, FORCED)
      this.touchState(element, allStates(element))
    } else if ('data' in node) this.touchText(node as CharacterData, FORCED)
  }

  /** A node left the page, or its content is sent anew. Only what the replica cannot infer is told: the top of a
   *  subtree, and nodes that it still has where they were before they moved into that subtree. */
  forget(node: Node, id: number, isTop: boolean): void {
    if (this.#known[id] === 1 && (isTop || this.#touched.has(node))) this.#removed.push(id)
    this.#known[id] = 0
    this.#touched.delete(node)
    this.#partial.delete(node)
    this.#states.delete(node)
    this.#attributes.delete(node as Element)
    this.#texts.delete(node as CharacterData)
    this.sheets.forget(node)
  }

  /** The outermost document was opened anew in another mode. */
  restartDocument(): void {
    this.#started = false
    this.sheets.enterRoot(this.#page.document)
  }

  /** Whether a node below a new one can be one that the replica has: such a node has moved. */
  get mayMove(): boolean {
    return this.#touched.size > 0
  }

  /** Takes a node off the list of what is still to be sent: the encoder has written it. */
  sent(node: Node): void {
    if (this.#touched.size > 0) this.#touched.delete(node)
  }

  /** The children of `node` after `last` are still to be sent. */
  leaveRest(node: Node, last: Node | null): void {
    this.#partial.set(node, last)
  }

  /** Sends one frame of what has changed. Returns whether all of it went. */
  flush(budget: number): boolean {
    const deadline = this.#page.clock.now() + budget
    const spent = () => this.#page.clock.now() >= deadline
    this.#writer.begin()
    this.#writeRemoved()
    if (!this.#started) this.#writeStart()
    while (this.#writeRuns(spent) && !spent()) {}
    this.#writeRelease()
    this.#writeAttributes()
    this.#writeTexts()
    this.sheets.write((node) => this.knows(node))
    for (const [node, kinds] of this.#states) writeState(this.#writer, this.#page, node, kinds)
    this.#states.clear()
    this.#writeHandedIn(OPS.guest, this.#page.guests)
    for (const [name, part] of this.#page.parts) this.#writeHandedIn(OPS[name], part)
    const frame = this.#writer.finish()
    if (frame) this.sink.send(frame)
    return !this.dirty
  }

  #writeStart(): void {
    this.#started = true
    this.#writer.byte(OPS.document)
    this.#writer.uint(ROOT_ID)
    this.#writer.byte(documentMode(this.#page.document))
    this.#encoder.lastId ||= ROOT_ID
    // Before the sheets, which are read by it.
    writeState(this.#writer, this.#page, this.#page.document, bit(STATES.media))
  }

  #writeRemoved(): void {
    if (this.#removed.length === 0) return
    this.#writer.byte(OPS.remove)
    this.#writer.uint(this.#removed.length)
    for (const id of this.#removed) this.#writer.uint(id)
    this.#removed.length = 0
    this.#unreleased = true
  }

  /** Tells the replica to forget what was removed, once nothing in it is to be placed elsewhere any more. */
  #writeRelease(): void {
    if (!this.#unreleased) return
    for (const node of this.#touched) if (this.knows(node)) return
    this.#unreleased = false
    this.#writer.byte(OPS.release)
  }

  /** Writes the runs that can be placed now. Returns whether any was written. */
  #writeRuns(spent: () => boolean): boolean {
    if (this.#touched.size + this.#partial.size === 0) return false
    const runs = this.#collectRuns()
    for (const run of runs) {
      if (spent()) return true
      this.#writeRun(run, spent)
    }
    return runs.length > 0
  }

  #collectRuns(): Run[] {
    const runs: Run[] = []
    const seen = new Set<Node>()
    const depths = new Map<Node, number>()
    const start = (parent: Node, node: Node) => {
      let first = node
      for (let at: Node | null = node; at && !this.#settled(at); at = this.#previous(at)) {
        if (seen.has(at)) return
        seen.add(at)
        first = at
      }
      const depth = this.#depth(parent, depths)
      if (depth !== undefined) runs.push({ parent, first, depth })
    }
    for (const node of this.#touched) {
      const parent = composedParent(node)
      if (!parent || this.#page.excluded.has(node)) this.#touched.delete(node)
      else if (this.knows(parent)) {
        if (!this.#takesChild(parent, node)) this.#touched.delete(node)
        else start(parent, node)
      } else if (!this.knows(node)) this.#touched.delete(node)
      // It went into a frame that the replica does not have, and with that frame it left the page.
      else if (!this.#page.inTree(node)) this.#page.forget(node)
    }
    for (const [parent, last] of this.#partial) {
      const resume = last && composedParent(last) === parent && this.#settled(last)
      let node = resume ? this.#next(last) : this.#page.skipExcluded(composedFirst(parent))
      while (node && this.#settled(node)) node = this.#next(node)
      if (node) start(parent, node)
      else this.#partial.delete(parent)
    }
    return runs.sort((a, b) => a.depth - b.depth)
  }

  #takesChild(parent: Node, child: Node): boolean {
    if (nodeType(parent) !== NODE_ELEMENT) return true
    return nodeType(child) === NODE_DOCUMENT || !isOpaqueElement(parent as Element)
  }

  /** How deep `parent` is in the tree. Undefined while one of its ancestors has yet to move: placing something below it
   *  could put a node into its own descendant. */
  #depth(parent: Node, depths: Map<Node, number>): number | undefined {
    let depth = 0
    for (let at: Node | null = parent; at; at = composedParent(at)) {
      const known = depths.get(at)
      if (known !== undefined) {
        depth += known
        break
      }
      if (!this.#settled(at)) return undefined
      depth++
    }
    depths.set(parent, depth)
    return depth
  }

  #writeRun({ parent, first }: Run, spent: () => boolean): void {
    const left = nodeType(first) === NODE_FRAGMENT || nodeType(first) === NODE_DOCUMENT ? null : this.#previous(first)
    this.#writer.byte(OPS.insert)
    this.#writer.uint(this.#page.idOf(parent))
    this.#writer.uint(left ? this.#page.idOf(left) : 0)
    let last: Node = first
    for (let node: Node | null = first; node && !this.#settled(node); node = this.#next(node)) {
      this.#encoder.item(node, spent)
      last = node
      if (!spent()) continue
      const rest = this.#next(node)
      if (rest && !this.#settled(rest)) this.leaveRest(parent, last)
      break
    }
    if (this.#partial.has(parent)) this.#partial.set(parent, last)
    this.#writer.byte(ITEMS.end)
    this.#showsOtherwise(parent)
  }

  /** What stands on an element depends on what it holds: a style parses its text anew, a select selects anew. */
  #showsOtherwise(parent: Node): void {
    this.sheets.reparsed(parent)
    const select = this.#page.selectAround(parent)
    if (select) this.touchState(select, bit(STATES.selected))
  }

  /** Whether the replica has a node where it belongs. */
  #settled(node: Node): boolean {
    return !this.#touched.has(node) && this.knows(node)
  }

  #next(node: Node): Node | null {
    return this.#page.skipExcluded(composedNext(node))
  }

  #previous(node: Node): Node | null {
    let previous = composedPrevious(node)
    while (previous && this.#page.excluded.has(previous)) previous = composedPrevious(previous)
    return previous
  }

  #writeAttributes(): void {
    for (const [element, names] of this.#attributes) {
      if (!this.knows(element)) continue
      const masked = this.#page.mask.decide(element)
      for (const [name, old] of names) {
        const now = getAttribute(element, name) ?? pictureSource(element, name)
        if (now === old) continue
        const value =
          now === null ? undefined : this.#page.mask.attribute(element, name, now, masked, this.#page.assets)
        this.#writer.byte(value === undefined ? OPS.removeAttribute : OPS.attribute)
        this.#writer.uint(this.#page.idOf(element))
        this.#writer.string(attributeOnWire(element, name))
        if (value !== undefined) this.#writer.string(value)
      }
    }
    this.#attributes.clear()
  }

  #writeTexts(): void {
    for (const [node, old] of this.#texts) {
      const now = data(node)
      if (now === old || !this.knows(node)) continue
      const masked = this.#page.mask.decide(node)
      const text = this.#page.mask.text(node, masked, this.#page.assets)
      const inStyle = isStyleText(node)
      if (inStyle) this.sheets.reparsed(parentNode(node)!)
      // What was sent before may have had something hidden in it.
      const plain = text === now && !masked && !inStyle && !this.#page.mask.detector
      if (plain && typeof old === 'string' && this.#writeSplice(node, old, now)) continue
      this.#writer.byte(OPS.text)
      this.#writer.uint(this.#page.idOf(node))
      this.#writer.string(text)
    }
    this.#texts.clear()
  }

  /** Bytes of pictures that the line takes now. */
  room(): number {
    return this.sink.room?.() ?? Number.POSITIVE_INFINITY
  }

  #writeHandedIn(operation: number, guests: Guests | undefined): void {
    for (const [element, bytes] of guests?.take(this) ?? []) {
      this.#writer.byte(operation)
      this.#writer.uint(this.#page.idOf(element))
      this.#writer.bytes(bytes)
      if (this.#writer.size > MAX_GUEST_BYTES) return
    }
  }

  #writeSplice(node: Node, old: string, now: string): boolean {
    if (Math.min(old.length, now.length) < MIN_SPLICED_LENGTH) return false
    const most = Math.min(old.length, now.length)
    let start = 0
    while (start < most && old.charCodeAt(start) === now.charCodeAt(start)) start++
    let end = 0
    while (end < most - start && old.charCodeAt(old.length - 1 - end) === now.charCodeAt(now.length - 1 - end)) end++
    if (start + end < MIN_SPLICED_LENGTH / 2) return false
    this.#writer.byte(OPS.splice)
    this.#writer.uint(this.#page.idOf(node))
    this.#writer.uint(start)
    this.#writer.uint(old.length - start - end)
    this.#writer.string(now.slice(start, now.length - end))
    return true
  }
}

function isStyleText(node: Node): boolean {
  const parent = parentNode(node)
  return parent !== null && nodeType(parent) === NODE_ELEMENT && localName(parent as Element) === 'style'
}
