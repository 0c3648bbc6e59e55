import { type AssetAddress, type FrameReader, SHEET_FLAGS, WireError } from '../wire/index.ts'
import { type Budget, countRules } from './bounds.ts'
import { data, defaultView, firstChild, nextSibling, nodeType, ownerDocument, setAdoptedSheets } from './natives.ts'
import type { ReplicaMedia } from './replica-media.ts'
import { shownCss } from './state-selectors.ts'

/** A rule that changes nothing, in place of one that this browser does not take, so that positions stay right. */
const EMPTY_RULE = '@media not all {}'

/** What takes browsers long to draw, each frame anew. */
const CALM =
  '*,*::before,*::after,*::backdrop{animation:none!important;transition:none!important;filter:none!important;backdrop-filter:none!important;box-shadow:none!important;text-shadow:none!important;mask:none!important;clip-path:none!important;mix-blend-mode:normal!important;will-change:auto!important}'

/** The style sheets of the copy. */
export class ReplicaSheets {
  readonly #constructed = new Map<number, CSSStyleSheet>()
  readonly #documents = new Map<number, Document>()
  /** Elements whose sheets hold other rules than their text says. */
  readonly #ruled = new WeakSet<Element>()
  readonly #asset: AssetAddress
  readonly #media: ReplicaMedia
  readonly #budget: Budget
  readonly #adopted = new WeakMap<Node, CSSStyleSheet[]>()
  #isCalm = false

  constructor(asset: AssetAddress, media: ReplicaMedia, budget: Budget) {
    this.#asset = asset
    this.#media = media
    this.#budget = budget
  }

  /** CSS text as the copy may hold it. */
  shown(css: string, document: Document): string {
    if (!this.#budget.allows(css.length <= this.#budget.bounds.value)) return ''
    if (!this.#budget.allowsRules(countRules(css), css)) return ''
    // The gate is last: what media queries become is text that it has not seen.
    return shownCss(this.#media.css(css, document), this.#asset)
  }

  /** The text of a linked sheet, held by the `<style>` that stands for the link. A style whose sheet is gone keeps its
   *  nodes and loses its rules. */
  writeText(owner: Element, sourceName: string, css: string): void {
    if (sourceName === 'link') {
      this.#ruled.delete(owner)
      const shown = this.shown(css, ownerDocument(owner)!)
      owner.textContent = shown
      this.#budget.holdRules(owner, countRules(shown))
      return
    }
    this.#ruled.add(owner)
    for (const sheet = (owner as HTMLStyleElement).sheet; sheet && sheet.cssRules.length > 0; )
      sheet.deleteRule(sheet.cssRules.length - 1)
    this.#budget.holdRules(owner, 0)
  }

  writeRules(reader: FrameReader, owner: Element | undefined, number: number): void {
    const sheet = owner ? (owner as HTMLStyleElement).sheet : this.#constructed.get(number)
    if (!owner && !sheet) throw new WireError(`sheet ${number} is not known`)
    const flags = reader.byte()
    const start = reader.uint()
    const removed = reader.uint()
    if (owner) this.#ruled.add(owner)
    const document = owner ? ownerDocument(owner)! : this.#documents.get(number)!
    const told = Array.from({ length: reader.count() }, () => reader.string())
    const added = this.#budget.allowsRules(told.length, told.join(''))
      ? told.map((text) => this.shown(text, document))
      : told.map(() => '')
    // An element can have lost its sheet: a `type` that is no style. The page's element has one, or nothing was sent.
    if (!sheet) return
    const replace = (flags & SHEET_FLAGS.replace) !== 0
    if (replace) while (sheet.cssRules.length > 0) sheet.deleteRule(sheet.cssRules.length - 1)
    const { exceeded, bounds } = this.#budget
    if (start + removed > sheet.cssRules.length && !exceeded)
      throw new WireError('a stretch of rules exceeds its sheet')
    for (let i = 0; i < removed && start < sheet.cssRules.length; i++) sheet.deleteRule(start)
    const room = Math.max(0, bounds.rules - sheet.cssRules.length)
    this.#budget.allows(added.length <= room)
    const from = Math.min(start, sheet.cssRules.length)
    for (const [i, text] of added.slice(0, room).entries()) insertRule(sheet, text, from + i)
    this.#budget.holdRules(owner ?? sheet, sheet.cssRules.length)
    sheet.disabled = (flags & SHEET_FLAGS.disabled) !== 0
  }

  create(number: number, root: Node, media: string): void {
    const document = documentOf(root)
    this.#constructed.set(number, constructSheet(document, this.#media.query(media, document)))
    this.#documents.set(number, document)
  }

  adopt(root: Node, numbers: number[]): void {
    const document = documentOf(root)
    const sheets = numbers.map((number) => this.#sheetFor(document, number))
    this.#adopted.set(root, sheets)
    setAdoptedSheets(root, this.#isCalm ? [...sheets, calmSheet(document)] : sheets)
  }

  /** Takes from all roots what is costly to draw, and from those that come. */
  calm(roots: readonly Node[]): void {
    this.#isCalm = true
    for (const root of roots) setAdoptedSheets(root, [...(this.#adopted.get(root) ?? []), calmSheet(documentOf(root))])
  }

  /** Asks again what the sheet of an element asks. */
  again(owner: Element): void {
    const document = ownerDocument(owner)!
    const { sheet } = owner as HTMLStyleElement
    if (this.#ruled.has(owner)) {
      if (sheet) this.#againIn(sheet.cssRules, document)
      return
    }
    for (let child = firstChild(owner); child; child = nextSibling(child)) {
      if (nodeType(child) !== Node.TEXT_NODE) continue
      const now = this.#media.again(data(child), document)
      if (now !== data(child)) (child as Text).data = now
    }
  }

  /** Asks again what a document's constructed sheets ask. */
  againIn(document: Document): void {
    for (const [number, sheet] of this.#constructed) {
      if (this.#documents.get(number) !== document) continue
      sheet.media.mediaText = this.#media.again(sheet.media.mediaText, document)
      this.#againIn(sheet.cssRules, document)
    }
  }

  #againIn(rules: CSSRuleList, document: Document): void {
    for (const rule of rules as Iterable<CSSRule & Partial<CSSMediaRule & CSSStyleRule>>) {
      const now = this.#media.again(rule.cssText, document)
      if (now === rule.cssText) continue
      if (rule.media) rule.media.mediaText = this.#media.again(rule.media.mediaText, document)
      if (rule.style) rule.style.cssText = this.#media.again(rule.style.cssText, document)
      if (rule.cssRules) this.#againIn(rule.cssRules, document)
    }
  }

  /** A sheet serves the document that it was made in. A root that had yet to move when it got its sheets takes copies
   *  along, as on the page no sheet is ever in two documents. */
  #sheetFor(document: Document, number: number): CSSStyleSheet {
    const sheet = this.#constructed.get(number)
    if (!sheet) throw new WireError('an adopted sheet is not known')
    if (this.#documents.get(number) === document) return sheet
    const copy = constructSheet(document, sheet.media.mediaText)
    for (const rule of sheet.cssRules) insertRule(copy, rule.cssText, copy.cssRules.length)
    copy.disabled = sheet.disabled
    this.#constructed.set(number, copy)
    this.#documents.set(number, document)
    return copy
  }
}

function documentOf(root: Node): Document {
  return nodeType(root) === Node.DOCUMENT_NODE ? (root as Document) : ownerDocument(root)!
}

function constructSheet(document: Document, media: string): CSSStyleSheet {
  const view = defaultView(document)
  if (!view) throw new WireError('a sheet needs a document that is shown')
  return new view.CSSStyleSheet({ media })
}

function calmSheet(document: Document): CSSStyleSheet {
  const sheet = constructSheet(document, '')
  sheet.insertRule(CALM)
  return sheet
}

function insertRule(sheet: CSSStyleSheet, text: string, index: number): void {
  try {
    sheet.insertRule(text, index)
  } catch {
    sheet.insertRule(EMPTY_RULE, index)
  }
}
