import { type AssetAddress, type FrameReader, SHEET_FLAGS, WireError } from '../wire/index.ts'
import { defaultView, nodeType, ownerDocument, setAdoptedSheets } from './natives.ts'
import { shownCss } from './state-selectors.ts'

/** A rule that changes nothing, in place of one that this browser does not take, so that positions stay right. */
const EMPTY_RULE = '@media not all {}'

/** The style sheets of the copy. */
export class ReplicaSheets {
  readonly #constructed = new Map<number, CSSStyleSheet>()
  readonly #documents = new Map<number, Document>()
  readonly #asset: AssetAddress

  constructor(asset: AssetAddress) {
    this.#asset = asset
  }

  /** The text of a linked sheet, held by the `<style>` that stands for the link. A style whose sheet is gone keeps its
   *  nodes and loses its rules. */
  writeText(owner: Element, sourceName: string, css: string): void {
    if (sourceName === 'link') owner.textContent = shownCss(css, this.#asset)
    else
      for (const sheet = (owner as HTMLStyleElement).sheet; sheet && sheet.cssRules.length > 0; )
        sheet.deleteRule(sheet.cssRules.length - 1)
  }

  writeRules(reader: FrameReader, owner: Element | undefined, number: number): void {
    const sheet = owner ? (owner as HTMLStyleElement).sheet : this.#constructed.get(number)
    if (!owner && !sheet) throw new WireError(`sheet ${number} is not known`)
    const flags = reader.byte()
    const start = reader.uint()
    const removed = reader.uint()
    const added = Array.from({ length: reader.count() }, () => shownCss(reader.string(), this.#asset))
    // An element can have lost its sheet: a `type` that is no style. The page's element has one, or nothing was sent.
    if (!sheet) return
    const replace = (flags & SHEET_FLAGS.replace) !== 0
    if (replace) while (sheet.cssRules.length > 0) sheet.deleteRule(sheet.cssRules.length - 1)
    if (start + removed > sheet.cssRules.length) throw new WireError('a stretch of rules exceeds its sheet')
    for (let i = 0; i < removed; i++) sheet.deleteRule(start)
    for (const [i, text] of added.entries()) insertRule(sheet, text, start + i)
    sheet.disabled = (flags & SHEET_FLAGS.disabled) !== 0
  }

  create(number: number, root: Node, media: string): void {
    this.#constructed.set(number, constructSheet(documentOf(root), media))
    this.#documents.set(number, documentOf(root))
  }

  adopt(root: Node, numbers: number[]): void {
    const document = documentOf(root)
    setAdoptedSheets(
      root,
      numbers.map((number) => this.#sheetFor(document, number)),
    )
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

function insertRule(sheet: CSSStyleSheet, text: string, index: number): void {
  try {
    sheet.insertRule(text, index)
  } catch {
    sheet.insertRule(EMPTY_RULE, index)
  }
}
