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
  /** All of them, with how long they are, their block once that is known, and what was counted for it. */
  readonly #texts = new Map<Text, { total: number; block: Node | undefined; counted: number }>()
  /** What those that were cut would be. */
  readonly #wholes = new Map<Text, string>()
  #blocks = new WeakMap<Node, number>()
  /** Those whose block is not known. */
  readonly #fresh = new Set<Text>()
  #total = 0
  #hasMoved = false

  constructor(budget: Budget) {
    this.#budget = budget
  }

  /** A text was written, or stands elsewhere. It is whole. */
  note(text: Text): void {
    this.forget(text)
    if (!isJoined(data(text))) return
    this.#texts.set(text, { total: text.length, block: undefined, counted: 0 })
    this.#total += text.length
    this.#fresh.add(text)
  }

  /** Makes a text whole that is about to be noted again or forgotten. */
  restore(text: Text): void {
    const whole = this.#wholes.get(text)
    if (whole !== undefined) this.#write(text, whole, whole.length)
  }

  forget(text: Text): void {
    const known = this.#texts.get(text)
    if (!known) return
    const { total, block, counted } = known
    this.#total -= total
    this.#texts.delete(text)
    this.#wholes.delete(text)
    this.#fresh.delete(text)
    if (block) this.#blocks.set(block, this.#blocks.get(block)! - counted)
  }

  /** Elements stand elsewhere, and with them their texts, or other rules say what a block is. */
  moved(): void {
    this.#hasMoved = true
  }

  /** What was cut may find room. */
  restyled(): void {
    if (this.#wholes.size > 0) this.#hasMoved = true
  }

  /** Cuts what is more than a block holds, and shows again what one has room for now. To be called before the browser
   *  lays anything out. */
  settle(): void {
    const most = this.#budget.bounds.joined
    if (this.#total <= most && this.#wholes.size === 0) return
    if (this.#hasMoved) this.#begin()
    for (const text of this.#fresh) {
      if (!isConnected(text)) continue
      const known = this.#texts.get(text)!
      this.#fresh.delete(text)
      const block = blockOf(text)
      const before = this.#blocks.get(block) ?? 0
      const counted = Math.max(0, Math.min(known.total, most - before))
      this.#budget.allows(counted === known.total)
      this.#write(text, this.#wholes.get(text) ?? data(text), counted)
      this.#texts.set(text, { ...known, block, counted })
      this.#blocks.set(block, before + counted)
    }
  }

  #write(text: Text, whole: string, length: number): void {
    if (length < whole.length) this.#wholes.set(text, whole)
    else this.#wholes.delete(text)
    if (text.length !== length) text.data = whole.slice(0, length)
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
