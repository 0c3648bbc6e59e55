import { safeCss } from '../wire/index.ts'
import type { Assets } from './assets.ts'
import type { Mask } from './mask.ts'
import { baseUri, getAttribute, localName } from './natives.ts'
import { isHtml } from './tree.ts'

export type SheetOwner = HTMLStyleElement | HTMLLinkElement | SVGStyleElement

/** What is known of a sheet whose rules were changed by script: its own text is no longer the truth. */
interface EditedSheet {
  rules: CSSRule[]
  texts: readonly string[]
  stale: boolean
}

/** Rules that a page has reached through `cssRules` are compared with their text no more often than this. */
export const VERIFY_INTERVAL_MS = 250

/** Sheets above this many rules are not compared rule by rule: at 4 µs a rule it would cost a frame. */
const MAX_VERIFIED_RULES = 2_000

/** The style sheets of a page: which of them script has changed, and the text of those that it has not. */
export class Sheets {
  readonly #edited = new WeakMap<CSSStyleSheet, EditedSheet>()
  /** Sheets whose rules script holds: `rule.style.color = …` cannot be intercepted. */
  readonly #reached = new Set<WeakRef<CSSStyleSheet>>()
  readonly #reachedKeys = new WeakSet<CSSStyleSheet>()
  readonly #sources = new Map<string, string | undefined>()
  readonly #onChange: (sheet: CSSStyleSheet) => void
  readonly #onSource: (href: string) => void
  readonly #inserted = new WeakMap<CSSRule, { text: string; parsed: string }>()
  readonly #fetch = window.fetch
  /** The rules of linked sheets when their text was asked for. */
  readonly #linked = new WeakMap<CSSStyleSheet, readonly string[]>()
  readonly #assets: Assets
  readonly #mask: Mask

  constructor(mask: Mask, assets: Assets, onChange: (sheet: CSSStyleSheet) => void, onSource: (href: string) => void) {
    this.#mask = mask
    this.#assets = assets
    this.#onChange = onChange
    this.#onSource = onSource
  }

  /** Script changed a rule or the list of rules. */
  edit(sheet: CSSStyleSheet): void {
    let top = sheet
    while (top.parentStyleSheet) top = top.parentStyleSheet
    const edited = this.#edited.get(top)
    if (edited) edited.stale = true
    else this.#edited.set(top, { rules: [], texts: [], stale: true })
    this.#onChange(top)
  }

  /** Keeps the text of an inserted rule: once parsed, a shorthand with `var()` beside a longhand cannot be read back. */
  noteSource(sheet: CSSStyleSheet, index: number, text: string): void {
    const rule = readRules(sheet)?.[index]
    if (rule && text.includes('var(')) this.#inserted.set(rule, { text, parsed: rule.cssText })
  }

  /** What an element holds changed, and its sheet perhaps with it: Firefox keeps the object when it parses anew. */
  reread(owner: SheetOwner): void {
    const edited = owner.sheet && this.#edited.get(owner.sheet)
    if (edited) edited.stale = true
  }

  reach(sheet: CSSStyleSheet): void {
    if (this.#reachedKeys.has(sheet)) return
    this.#reachedKeys.add(sheet)
    this.#reached.add(new WeakRef(sheet))
  }

  /** Compares what script has reached with what was sent. Called at intervals while there is any. */
  verify(): void {
    for (const reference of this.#reached) {
      const sheet = reference.deref()
      if (!sheet) {
        this.#reached.delete(reference)
        continue
      }
      const rules = readRules(sheet)
      if (!rules || rules.length > MAX_VERIFIED_RULES) continue
      const edited = this.#edited.get(sheet)
      const before = edited ? edited.texts : (this.#linked.get(sheet) ?? this.#parsedTexts(sheet))
      if (!before || (edited?.stale ?? false)) continue
      const texts = [...rules].map((rule) => this.#ruleText(rule))
      if (texts.length !== before.length || texts.some((text, i) => text !== before[i])) this.edit(sheet)
    }
  }

  /** Whether a `<style>` that is seen for the first time says something else than its text: style libraries insert
   *  rules into empty elements, and an import brings rules that the text does not hold. */
  inspect(owner: SheetOwner): void {
    const sheet = owner.sheet
    if (sheet?.disabled) this.edit(sheet)
    if (!sheet || isHtml(owner, 'link')) return
    const rules = readRules(sheet)
    if (!rules) return
    const text = owner.textContent ?? ''
    const parsed = /@import/i.test(text) ? undefined : countRules(text)
    if (parsed !== rules.length) this.edit(sheet)
  }

  /** The rules of an edited or constructed sheet as the copy may hold them. Undefined where the owner's text is true. */
  texts(sheet: CSSStyleSheet): readonly string[] | undefined {
    const edited = this.#edited.get(sheet)
    if (!edited) {
      if (sheet.ownerNode) return undefined
      this.#edited.set(sheet, { rules: [], texts: [], stale: true })
      return this.texts(sheet)
    }
    if (edited.stale) {
      const rules = [...(readRules(sheet) ?? [])]
      edited.texts = rules.map((rule) => this.#ruleText(rule))
      edited.rules = rules
      edited.stale = false
    }
    return edited.texts
  }

  /** The text of a linked sheet. Undefined while there is none to be had. The source is asked for where the parsed rules
   *  cannot be read, or have lost shorthands with `var()`. */
  linkText(link: HTMLLinkElement): string | undefined {
    const sheet = link.sheet
    const href = sheet?.href
    if (!sheet || !href) return undefined
    const rules = readRules(sheet)
    const source = this.#sources.get(href)
    if (source !== undefined && (!rules || countRules(source) === rules.length))
      return this.#mask.css(source, link, this.#assets, href)
    const texts = rules && [...rules].map((rule) => this.#ruleText(rule))
    if (texts) this.#linked.set(sheet, texts)
    const text = texts?.join('\n')
    if (!this.#sources.has(href) && (text === undefined || text.includes('var('))) void this.#load(href)
    return text
  }

  async #load(href: string): Promise<void> {
    this.#sources.set(href, undefined)
    try {
      const response = await this.#fetch.call(window, href, { cache: 'force-cache', credentials: 'same-origin' })
      if (!response.ok) return
      this.#sources.set(href, await response.text())
      this.#onSource(href)
    } catch {
      // Another origin that does not share its sheet, or a page that may not connect: the parsed rules stay.
    }
  }

  /** A rule as the copy may hold it; one that is nothing there keeps its place. */
  #ruleText(rule: CSSRule): string {
    const sheet = rule.parentStyleSheet
    const text = isImport(rule) ? this.#importText(rule) : this.#source(rule)
    return this.#mask.css(text, topOwner(sheet), this.#assets, baseOf(sheet)) || '@media not all {}'
  }

  /** The text it was inserted from is the truth until script changes the rule. */
  #source(rule: CSSRule): string {
    const parsed = rule.cssText
    const inserted = this.#inserted.get(rule)
    return inserted?.parsed === parsed ? inserted.text : parsed
  }

  /** An import as the rules that it brought, under its own conditions, with whole addresses: theirs is another base. */
  #importText(rule: CSSImportRule): string {
    const rules = rule.styleSheet && readRules(rule.styleSheet)
    const base = baseOf(rule.styleSheet)
    const whole = (address: string) => {
      const from = typeof base === 'string' ? base : baseUri(base)
      return URL.canParse(address, from) ? new URL(address, from).href : undefined
    }
    let text = [...(rules ?? [])]
      .map((inner) => (isImport(inner) ? this.#importText(inner) : safeCss(this.#source(inner), whole)))
      .join('\n')
    if (rule.layerName !== null && rule.layerName !== undefined) text = `@layer ${rule.layerName} {${text}}`
    if (rule.supportsText) text = `@supports (${rule.supportsText}) {${text}}`
    return `@media ${rule.media.mediaText || 'all'} {${text}}`
  }

  #parsedTexts(sheet: CSSStyleSheet): readonly string[] | undefined {
    const text = sheet.ownerNode && localName(sheet.ownerNode as Element) === 'style' && sheet.ownerNode.textContent
    if (!text || /@import/i.test(text)) return undefined
    return [...nativeCssRules.call(parse(text))].map((rule) => this.#ruleText(rule))
  }
}

function isImport(rule: CSSRule): rule is CSSImportRule {
  return rule.constructor.name === 'CSSImportRule'
}

function baseOf(sheet: CSSStyleSheet | null): Node | string {
  return sheet?.href ?? sheet?.ownerNode ?? baseUri(document)
}

/** The element that holds a sheet, or the one that imported it. */
function topOwner(sheet: CSSStyleSheet | null): Element | null {
  let top = sheet
  while (top?.parentStyleSheet) top = top.parentStyleSheet
  return (top?.ownerNode ?? null) as Element | null
}

export function sheetOwner(element: Element): element is SheetOwner {
  const name = localName(element)
  return name === 'style' || (name === 'link' && getAttribute(element, 'rel') !== null && isHtml(element, 'link'))
}

function readRules(sheet: CSSStyleSheet): CSSRuleList | undefined {
  try {
    return nativeCssRules.call(sheet)
  } catch {
    return undefined
  }
}

const nativeCssRules = Object.getOwnPropertyDescriptor(CSSStyleSheet.prototype, 'cssRules')!.get as () => CSSRuleList

function parse(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet()
  nativeReplaceSync.call(sheet, text)
  return sheet
}

const nativeReplaceSync = CSSStyleSheet.prototype.replaceSync

function countRules(text: string): number {
  return text.trim() ? nativeCssRules.call(parse(text)).length : 0
}
