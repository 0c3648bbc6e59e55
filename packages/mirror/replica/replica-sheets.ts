import { type FrameReader, SHEET_FLAGS, safeCss, WireError } from '../wire/index.ts'
import { defaultView, ownerDocument } from './natives.ts'

/** A rule that changes nothing, in place of one that this browser does not take, so that positions stay right. */
const EMPTY_RULE = '@media not all {}'

type StyledRoot = Document | ShadowRoot

/** The style sheets of the copy. */
export class ReplicaSheets {
  readonly #constructed = new Map<number, CSSStyleSheet>()

  /** The text of a linked sheet, held by the `<style>` that stands for the link. */
  writeText(owner: Element, css: string): void {
    owner.textContent = safeCss(css)
  }

  writeRules(reader: FrameReader, owner: Element | undefined, number: number): void {
    const sheet = owner ? (owner as HTMLStyleElement).sheet : this.#constructed.get(number)
    if (!owner && !sheet) throw new WireError(`sheet ${number} is not known`)
    const flags = reader.byte()
    const start = reader.uint()
    const removed = reader.uint()
    const added = Array.from({ length: reader.count() }, () => safeCss(reader.string()))
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
    const document = root.nodeType === Node.DOCUMENT_NODE ? (root as Document) : ownerDocument(root)
    const view = document && defaultView(document)
    if (!view) throw new WireError('a sheet needs a document that is shown')
    this.#constructed.set(number, new view.CSSStyleSheet({ media }))
  }

  adopt(root: Node, numbers: number[]): void {
    const sheets = numbers.map((number) => this.#constructed.get(number))
    if (sheets.some((sheet) => !sheet)) throw new WireError('an adopted sheet is not known')
    ;(root as StyledRoot).adoptedStyleSheets = sheets as CSSStyleSheet[]
  }
}

function insertRule(sheet: CSSStyleSheet, text: string, index: number): void {
  try {
    sheet.insertRule(text, index)
  } catch {
    sheet.insertRule(EMPTY_RULE, index)
  }
}
