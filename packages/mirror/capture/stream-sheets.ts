import { type FrameWriter, OPS, SHEET_FLAGS } from '../wire/index.ts'
import { adoptedSheets } from './natives.ts'
import type { Page } from './page.ts'
import type { SheetOwner } from './sheets.ts'
import { composedParent, isHtml } from './tree.ts'

/** What a replica was told of one sheet. */
interface SentSheet {
  /** Undefined when the replica's rules may be others than those that were sent. */
  sheet: CSSStyleSheet | undefined
  texts: readonly string[]
  disabled: boolean
}

type StyledRoot = Document | ShadowRoot

/** The style sheets of one stream: which the replica has in which state. Sheets of an element go by its id, constructed
 *  ones by a number of their own; on the wire a key is twice the one, or twice the other plus one. */
export class StreamSheets {
  readonly #page: Page
  readonly #writer: FrameWriter
  readonly #owners = new Set<SheetOwner>()
  readonly #sentOwners = new Map<SheetOwner, SentSheet>()
  readonly #sentLinks = new Map<SheetOwner, string>()
  readonly #constructed = new Map<CSSStyleSheet, SentSheet & { number: number }>()
  readonly #staleConstructed = new Set<CSSStyleSheet>()
  /** Constructed sheets as they were sent; undefined where the replica may have lost them. */
  readonly #roots = new Map<StyledRoot, readonly CSSStyleSheet[] | undefined>()
  #numbers = 0

  constructor(page: Page, writer: FrameWriter) {
    this.#page = page
    this.#writer = writer
  }

  get dirty(): boolean {
    return this.#owners.size + this.#staleConstructed.size > 0 || this.#adoptedChanged()
  }

  /** An element with a sheet is in the replica now, or its sheet may have changed. */
  enter(owner: SheetOwner): void {
    if (!this.#page.sheetsSeen.has(owner)) {
      this.#page.sheetsSeen.add(owner)
      this.#page.sheets.inspect(owner)
    }
    this.#owners.add(owner)
  }

  enterRoot(root: StyledRoot): void {
    this.#roots.set(root, [])
  }

  /** Script changed a sheet. */
  edit(sheet: CSSStyleSheet): void {
    if (sheet.ownerNode) this.#owners.add(sheet.ownerNode as SheetOwner)
    else if (this.#constructed.has(sheet)) this.#staleConstructed.add(sheet)
  }

  /** A subtree moved: on the replica's side its style elements are parsed anew, and between documents its shadow roots
   *  lose their constructed sheets. */
  moved(node: Node): void {
    for (const owner of this.#sentOwners.keys()) if (isWithin(owner, node)) this.reparsed(owner)
    for (const [root, sent] of this.#roots)
      if (sent && sent.length > 0 && isWithin(root, node)) this.#roots.set(root, undefined)
  }

  /** The replica parses the element's text anew, so what script did to the rules is sent again. */
  reparsed(node: Node): void {
    const owner = node as SheetOwner
    const sent = this.#sentOwners.get(owner)
    if (!sent) return
    sent.sheet = undefined
    this.#owners.add(owner)
  }

  forget(node: Node): void {
    this.#owners.delete(node as SheetOwner)
    this.#sentOwners.delete(node as SheetOwner)
    this.#sentLinks.delete(node as SheetOwner)
    this.#roots.delete(node as StyledRoot)
  }

  /** Whether a root's list of constructed sheets is another one than was sent; `push` on it tells nobody. */
  #adoptedChanged(): boolean {
    for (const [root, sent] of this.#roots) if (!sameList(adoptedSheets(root), sent)) return true
    return false
  }

  write(knows: (node: Node) => boolean): void {
    for (const owner of this.#owners) {
      this.#owners.delete(owner)
      if (knows(owner)) this.#writeOwner(owner)
    }
    for (const [root, sent] of this.#roots) {
      if (!sameList(adoptedSheets(root), sent)) this.#writeAdopted(root)
    }
    for (const sheet of this.#staleConstructed) {
      const sent = this.#constructed.get(sheet)!
      this.#writeRules(sent.number * 2 + 1, sheet, sent)
    }
    this.#staleConstructed.clear()
  }

  #writeOwner(owner: SheetOwner): void {
    const sheet = owner.sheet
    if (!sheet) {
      // Firefox has no sheet for a style without text.
      if (this.#sentLinks.delete(owner) || this.#sentOwners.delete(owner)) this.#writeText(owner, '')
      return
    }
    const texts = this.#page.sheets.texts(sheet)
    const sent = this.#sentOwners.get(owner)
    if (texts) {
      const base = sent?.sheet === sheet ? sent : undefined
      const state = base ?? { sheet, texts: [], disabled: false }
      this.#sentOwners.set(owner, state)
      this.#writeRules(this.#page.idOf(owner) * 2, sheet, state, !base)
      return
    }
    if (isHtml(owner, 'link')) {
      if (this.#sentOwners.delete(owner)) this.#sentLinks.delete(owner)
      const text = this.#page.sheets.linkText(owner as HTMLLinkElement)
      if (text === undefined || this.#sentLinks.get(owner) === text) return
      this.#sentLinks.set(owner, text)
      this.#writeText(owner, text)
    } else if (sent) {
      // The page parsed the element's text anew. Whether the replica did is up to its browser, so the rules are sent.
      this.#sentOwners.delete(owner)
      this.#page.sheets.edit(sheet)
    }
  }

  #writeText(owner: SheetOwner, text: string): void {
    this.#writer.byte(OPS.sheetText)
    this.#writer.uint(this.#page.idOf(owner))
    this.#writer.string(text)
  }

  #writeAdopted(root: StyledRoot): void {
    const sheets = [...adoptedSheets(root)]
    const rootId = this.#page.idOf(root)
    for (const sheet of sheets) {
      if (this.#constructed.has(sheet)) continue
      const sent = { sheet, texts: [], disabled: false, number: this.#numbers++ }
      this.#constructed.set(sheet, sent)
      this.#writer.byte(OPS.newSheet)
      this.#writer.uint(sent.number)
      this.#writer.uint(rootId)
      this.#writer.string(this.#page.mask.media(sheet.media.mediaText))
      this.#writeRules(sent.number * 2 + 1, sheet, sent, true)
    }
    this.#writer.byte(OPS.adopt)
    this.#writer.uint(rootId)
    this.#writer.uint(sheets.length)
    for (const sheet of sheets) this.#writer.uint(this.#constructed.get(sheet)!.number)
    this.#roots.set(root, sheets)
  }

  /** Writes the one stretch of rules that differs from what was sent. */
  #writeRules(key: number, sheet: CSSStyleSheet, sent: SentSheet, replace = false): void {
    const texts = this.#page.sheets.texts(sheet) ?? []
    const before = sent.texts
    let start = 0
    while (start < texts.length && start < before.length && texts[start] === before[start]) start++
    let end = 0
    const most = Math.min(texts.length, before.length) - start
    while (end < most && texts[texts.length - 1 - end] === before[before.length - 1 - end]) end++
    const removed = before.length - start - end
    const added = texts.slice(start, texts.length - end)
    if (!replace && removed + added.length === 0 && sent.disabled === sheet.disabled) return
    this.#writer.byte(OPS.sheetRules)
    this.#writer.uint(key)
    this.#writer.byte((replace ? SHEET_FLAGS.replace : 0) | (sheet.disabled ? SHEET_FLAGS.disabled : 0))
    this.#writer.uint(start)
    this.#writer.uint(removed)
    this.#writer.uint(added.length)
    for (const text of added) this.#writer.string(text)
    sent.texts = texts
    sent.disabled = sheet.disabled
  }
}

function isWithin(node: Node, ancestor: Node): boolean {
  for (let at: Node | null = node; at; at = composedParent(at)) if (at === ancestor) return true
  return false
}

function sameList(a: readonly CSSStyleSheet[], b: readonly CSSStyleSheet[] | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((sheet, i) => sheet === b[i])
}
