import { safeAttribute, safeCss } from '../wire/index.ts'
import type { Assets } from './assets.ts'
import { getAttribute, localName, matches, NODE_ELEMENT, namespaceUri, nodeType, queryAll } from './natives.ts'
import { composedParent } from './tree.ts'

/** What is masked; the contract's `piiMask`. The always-on set (passwords, card and one-time-code fields, hidden inputs,
 *  file names) comes on top and nothing lifts it. */
export interface MaskRules {
  /** `custom_input`: what the selectors match; `all_input`: every form field too; `all`: everything. */
  maskType: 'custom_input' | 'all_input' | 'all'
  /** Comma-separated selector list. */
  maskCssSelectors?: string
  /** Comma-separated `name=value` pairs. */
  maskHTMLAttributes?: string
  /** Comma-separated selector list that unmasks; the rule closer to the node wins, a mask wins a tie. */
  unmaskCssSelectors?: string
}

/** Thrown by `compileMask`: `setting` names the rule that is not a valid selector or pair. */
export class MaskError extends Error {
  override name = 'MaskError'
  readonly setting: keyof MaskRules

  constructor(setting: keyof MaskRules, text: string) {
    super(text)
    this.setting = setting
  }
}

const MASK_TYPES = ['custom_input', 'all_input', 'all']
const FIELDS =
  'input:not([type=submit],[type=button],[type=reset],[type=image]),textarea,select,[contenteditable]:not([contenteditable=false])'
const ALWAYS_MASKED_TYPES = new Set(['password', 'hidden', 'file'])
const ALWAYS_MASKED_AUTOCOMPLETE = /(^|\s)(cc-\S+|one-time-code|current-password|new-password)(\s|$)/i

/** What a masked element may still say of itself: how it is laid out, not what it holds. */
const LAYOUT_ATTRIBUTES = new Set(
  'class id style dir type rows cols size colspan rowspan span hidden disabled open multiple width height role slot part viewbox'.split(
    ' ',
  ),
)

/** Checks and compiles rules. Throws `MaskError`, so that a typing error refuses the session instead of opening it. */
export function compileMask(rules: MaskRules): Mask {
  if (!MASK_TYPES.includes(rules.maskType))
    throw new MaskError('maskType', `maskType must be one of ${MASK_TYPES.join(', ')}`)
  const masked = [selector('maskCssSelectors', rules.maskCssSelectors), attributes(rules.maskHTMLAttributes)]
  return new Mask(
    rules.maskType,
    masked.filter(Boolean).join(','),
    selector('unmaskCssSelectors', rules.unmaskCssSelectors),
  )
}

function selector(setting: keyof MaskRules, list = ''): string {
  if (!list.trim()) return ''
  try {
    document.createDocumentFragment().querySelector(list)
  } catch {
    throw new MaskError(setting, `${setting} is not a valid selector list`)
  }
  return list
}

function attributes(list = ''): string {
  const pairs = list.split(',').filter((pair) => pair.trim())
  return pairs
    .map((pair) => {
      const [, name, value] = /^\s*([^\s=\]"'>/]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? []
      if (!name || value === undefined)
        throw new MaskError('maskHTMLAttributes', 'maskHTMLAttributes must be name=value pairs with commas between')
      return `[${CSS.escape(name)}="${value.replace(/^["']|["']$/g, '').replace(/["\\]/g, '\\$&')}"]`
    })
    .join(',')
}

/** The one gate in front of everything that leaves the page. */
export class Mask {
  /** Whether adding or removing an element can change the decision for another one. */
  readonly dependsOnStructure: boolean
  /** All selectors of the rules. */
  readonly #named: string
  readonly #all: boolean
  readonly #fields: boolean
  readonly #masked: string
  readonly #unmasked: string
  /** Attributes that the rules speak of. Undefined when a pseudo-class may depend on any. */
  readonly #attributes: ReadonlySet<string> | undefined
  /** Fields that were of type `password` once: "show password" turns them into text fields. */
  readonly #passwords = new WeakSet<Element>()

  constructor(maskType: MaskRules['maskType'], masked: string, unmasked: string) {
    this.#all = maskType === 'all'
    this.#fields = maskType !== 'custom_input'
    this.#masked = masked
    this.#unmasked = unmasked
    this.#named = [masked, unmasked, this.#fields && !this.#all ? FIELDS : ''].filter(Boolean).join(',')
    this.dependsOnStructure = /[:+~]/.test(masked + unmasked)
    this.#attributes = selectorAttributes(`${masked},${unmasked}${this.#fields ? FIELDS : ''}`)
  }

  /** Whether a decision can differ between two elements, and so must be taken again when either changes. */
  get selective(): boolean {
    return this.#masked !== '' || this.#unmasked !== '' || (this.#fields && !this.#all)
  }

  /** Whether a change of this attribute can change a decision. */
  depends(attribute: string): boolean {
    return this.selective && (this.#attributes === undefined || this.#attributes.has(attribute))
  }

  /** All elements that a rule names. */
  matching(roots: Iterable<Document | ShadowRoot>): Set<Element> {
    const found = new Set<Element>()
    for (const root of roots) for (const element of queryAll(root, this.#named)) found.add(element)
    return found
  }

  /** Whether a rule names an element. */
  names(element: Element): boolean {
    return matches(element, this.#named)
  }

  /** Whether `element` is masked, given what was decided for its parent. */
  enter(element: Element, inherited: boolean): boolean {
    if (this.#masked && matches(element, this.#masked)) return true
    if (this.#unmasked && matches(element, this.#unmasked)) return false
    return inherited || (this.#fields && matches(element, FIELDS))
  }

  /** The decision for a node from scratch: `enter` for each of its ancestors from the top. */
  decide(node: Node): boolean {
    if (!this.selective) return this.#all
    const chain: Element[] = []
    for (let at: Node | null = node; at; at = composedParent(at))
      if (nodeType(at) === NODE_ELEMENT) chain.push(at as Element)
    let masked = this.#all
    for (let i = chain.length - 1; i >= 0; i--) masked = this.enter(chain[i]!, masked)
    return masked
  }

  /** Remembers a field that is or was a password. Capture calls it for each input it sees and each `type` it held. */
  noteType(element: Element, type: string | null): void {
    if (type?.toLowerCase() === 'password') this.#passwords.add(element)
  }

  /** Whether what was put into a field is masked with no rule at all. */
  isSensitive(element: Element): boolean {
    const type = getAttribute(element, 'type')
    this.noteType(element, type)
    if (this.#passwords.has(element)) return true
    if (localName(element) === 'input' && type && ALWAYS_MASKED_TYPES.has(type.toLowerCase())) return true
    return ALWAYS_MASKED_AUTOCOMPLETE.test(getAttribute(element, 'autocomplete') ?? '')
  }

  text(parent: Element | undefined, text: string, masked: boolean, assets: Assets): string {
    if (!parent) return masked ? neutral(text) : text
    const name = localName(parent)
    if (name === 'style') return safeCss(text, assets.relativeTo(parent))
    if (masked || (name === 'textarea' && this.isSensitive(parent))) return neutral(text)
    return text
  }

  attribute(element: Element, name: string, value: string, masked: boolean, assets: Assets): string | undefined {
    return this.attributeOf(element, namespaceUri(element), localName(element), name, value, masked, assets)
  }

  /** `attribute` for an element whose names are at hand. */
  attributeOf(
    element: Element,
    namespace: string | null,
    tag: string,
    name: string,
    value: string,
    masked: boolean,
    assets: Assets,
  ): string | undefined {
    if (masked && !LAYOUT_ATTRIBUTES.has(name.toLowerCase())) {
      if (name === 'placeholder' || name === 'value') return neutral(value)
      return undefined
    }
    if (name === 'value' && (tag === 'input' || tag === 'textarea') && this.isSensitive(element)) return neutral(value)
    if (masked && name === 'style') return safeAttribute(namespace, tag, name, value)
    const shown = name === 'src' && tag === 'img' ? (element as HTMLImageElement).currentSrc || value : value
    return safeAttribute(namespace, tag, name, shown, assets.relativeTo(element))
  }

  value(field: Element, value: string, masked: boolean): string {
    return masked || this.isSensitive(field) ? neutral(value) : value
  }
}

function selectorAttributes(selectors: string): ReadonlySet<string> | undefined {
  if (/:(?!not\(\[)/.test(selectors)) return undefined
  const names = new Set([...selectors.matchAll(/\[\s*([\w-]+)/g)].map(([, name]) => name!.toLowerCase()))
  if (selectors.includes('.')) names.add('class')
  if (selectors.includes('#')) names.add('id')
  return names
}

/** Text of the same look without its letters: words become dots in four lengths, so that lines break alike and neither
 *  the letters nor the exact length remain. */
export function neutral(text: string): string {
  return text.replace(/\S+/g, (word) => '•'.repeat(lengthClass(word.length)))
}

function lengthClass(length: number): number {
  if (length <= 2) return 2
  if (length <= 5) return 4
  if (length <= 10) return 8
  return 16
}
