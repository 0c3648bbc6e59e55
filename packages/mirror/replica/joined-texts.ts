import { SVG_NS } from '../wire/index.ts'
import { type Budget, isJoined } from './bounds.ts'
import {
  computedStyle,
  data,
  isConnected,
  localName,
  namespaceUri,
  nodeType,
  ownerDocument,
  parentNode,
  shadowHost,
} from './natives.ts'

/** Texts whose letters join or turn. Browsers lay out together all that stands in one block: the time grows with the
 *  square of what is in it, in however many texts it comes. */
export class JoinedTexts {
  readonly #budget: Budget
  readonly #onCut: (text: Text, length: number) => void
  /** All of them, with their block once that is known and what was counted for it. */
  readonly #texts = new Map<Text, { block: Node | undefined; length: number }>()
  #blocks = new WeakMap<Node, number>()
  /** Those whose block is not known. */
  readonly #fresh = new Set<Text>()
  #length = 0
  #hasMoved = false

  constructor(budget: Budget, onCut: (text: Text, length: number) => void) {
    this.#budget = budget
    this.#onCut = onCut
  }

  /** A text was written, or stands elsewhere. */
  note(text: Text): void {
    this.forget(text)
    if (!isJoined(data(text))) return
    this.#texts.set(text, { block: undefined, length: text.length })
    this.#length += text.length
    this.#fresh.add(text)
  }

  forget(text: Text): void {
    const known = this.#texts.get(text)
    if (!known) return
    const { block, length } = known
    this.#length -= length
    this.#texts.delete(text)
    this.#fresh.delete(text)
    if (block) this.#blocks.set(block, this.#blocks.get(block)! - length)
  }

  /** Elements stand elsewhere, and with them their texts. */
  moved(): void {
    this.#hasMoved = true
  }

  /** Cuts what is more than a block holds. To be called before the browser lays anything out. */
  settle(): void {
    const most = this.#budget.bounds.joined
    if (this.#length <= most) return
    if (this.#hasMoved) this.#begin()
    for (const text of this.#fresh) {
      if (!isConnected(text)) continue
      const known = this.#texts.get(text)!
      this.#fresh.delete(text)
      const block = blockOf(text)
      const before = this.#blocks.get(block) ?? 0
      if (!this.#budget.allows(before + known.length <= most)) {
        this.#length -= known.length
        known.length = Math.max(0, most - before)
        this.#length += known.length
        this.#onCut(text, known.length)
      }
      known.block = block
      this.#blocks.set(block, before + known.length)
    }
  }

  #begin(): void {
    this.#hasMoved = false
    this.#blocks = new WeakMap()
    for (const [text, known] of this.#texts) {
      known.block = undefined
      this.#fresh.add(text)
    }
  }
}

/** What is around a text and is laid out as one with it. */
function blockOf(text: Text): Node {
  let at: Node = text
  for (let next = parentNode(at) ?? shadowHost(at); next; next = parentNode(at) ?? shadowHost(at)) {
    at = next
    if (nodeType(at) !== Node.ELEMENT_NODE) continue
    const element = at as Element
    if (namespaceUri(element) === SVG_NS && localName(element) === 'text') return at
    if (!/^(inline|contents|ruby.*)$/.test(computedStyle(ownerDocument(element)!, element).display)) return at
  }
  return at
}
