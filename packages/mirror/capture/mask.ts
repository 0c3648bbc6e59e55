import { type AssetAddress, HTML_NS, maskedPicture, safeAttribute, safeCss } from '../wire/index.ts'
import type { Assets } from './assets.ts'
import { lockedAttribute } from './locked.ts'
import type { MaskRules } from './mask-rules.ts'
import { Names } from './names.ts'
import {
  data,
  firstChild,
  getAttribute,
  localName,
  NODE_CDATA,
  NODE_COMMENT,
  NODE_ELEMENT,
  NODE_TEXT,
  namespaceUri,
  nextSibling,
  nodeType,
  parentNode,
} from './natives.ts'
import { neutral, neutralValue } from './neutral.ts'
import {
  ASKED,
  type CssNames,
  type Detector,
  type MaskPart,
  type RuleSet,
  type Selectors,
  type Survey,
} from './quiet-names.ts'
import { composedParent } from './tree.ts'
import { type MaybePassword, WAS_PASSWORD } from './was-password.ts'

/** What of an element may leave the page. Any other number says which layers of rules mask it, in bits. */
export const MASK = {
  open: 0,
  /** Of the always-on set: no rule lifts it. */
  locked: 2,
} as const

const bitOf = (layer: number) => (layer ? 2 << layer : 1)

/** Beside passwords, which are marked. */
const ALWAYS_MASKED_TYPES = new Set(['hidden', 'file'])
const ALWAYS_MASKED_AUTOCOMPLETE = /(^|\s)(cc-\S+|one-time-code|current-password|new-password)(\s|$)/i

/** Values of the page's own attributes above this say more than a selector asks for. */
const MAX_OWN_VALUE = 200

/** Rules of sheets kept with their quiet form. */
const MAX_QUIET_RULES = 10_000

/** The mask of rules that count everywhere, which `part` checks and compiles: what one of the layers masks is masked, and
 *  only its own rules open it again. Throws `MaskError`, so that a typing error refuses the session instead of opening
 *  it. */
export function compileMask(layers: readonly MaskRules[], part?: MaskPart): Mask {
  if (layers.length && !part) throw new Error('rules need their part')
  return new Mask(
    layers.map((layer) => part!.readRules(layer)),
    part,
  )
}

/** The one gate in front of everything that leaves the page. */
export class Mask implements CssNames, Survey {
  /** Whether adding or removing an element can change the decision for another one. */
  readonly dependsOnStructure: boolean = false
  /** Whether moving an element can change the decision for one in it that was not masked by the place. */
  readonly looksUp: boolean = false
  /** Whether what no record tells, like a check or the focus, can change a decision. */
  readonly dependsOnState: boolean = false
  /** Whether there is any rule: names are then renamed everywhere and sheets say nothing. */
  readonly quiet: boolean
  /** The decision for what no rule names. */
  readonly base: number
  /** Called when sheets turn out to speak of an attribute that was kept back. */
  onAttribute: (name: string) => void = () => undefined
  /** Whether a decision can differ between two elements, and so must be taken again when either changes. */
  readonly selective: boolean = false
  /** Looks for what is hidden by its form; undefined where no rule asks for it. */
  readonly detector: Detector | undefined = undefined
  readonly #layers: readonly RuleSet[]
  readonly #lists: readonly Selectors[]
  /** Attributes that the rules speak of. Undefined when a pseudo-class may depend on any. */
  readonly attributes: ReadonlySet<string> | undefined = undefined
  /** Whether an always-masked element that holds others was seen. */
  #hasLockedParents = false
  readonly #names = new Names()
  readonly #selected = new Set<string>()
  readonly #shown = new Set<string>()
  readonly #withheld = new Set<string>()
  readonly #rules = new Map<string, string>()
  #address: AssetAddress = () => undefined

  readonly #css: MaskPart | undefined

  constructor(layers: readonly RuleSet[], css?: MaskPart, base: number = MASK.open) {
    Object.assign(this, css?.survey(layers))
    this.#css = css
    this.#layers = layers
    for (const [i, { all }] of layers.entries()) if (all && base !== MASK.locked) base |= bitOf(i)
    this.base = base
    this.#lists = layers.flatMap(({ masked, unmasked, fields }) => [masked, unmasked, fields])
    this.quiet = base !== MASK.open || this.selective || this.detector !== undefined
  }

  /** Whether a decision can differ between two places. */
  get dependsOnPlace(): boolean {
    return this.selective || this.#hasLockedParents
  }

  /** Whether a change of this attribute can change a decision. */
  depends(attribute: string): boolean {
    return this.selective && (this.attributes === undefined || this.attributes.has(attribute))
  }

  /** All elements that rules name, with which kinds of rules do. */
  matching(roots: Iterable<Document | ShadowRoot>): Map<Element, number> {
    const found = new Map<Element, number>()
    for (const root of roots)
      for (const [i, list] of this.#lists.entries())
        for (const element of list.within(root)) found.set(element, (found.get(element) ?? 0) | (1 << i))
    return found
  }

  /** Which kinds of rules name an element; 0 for none. */
  names(element: Element): number {
    return this.#lists.reduce((kinds, list, i) => kinds | (list.matches(element) ? 1 << i : 0), 0)
  }

  /** Whether `element` is masked, given what was decided for its parent. */
  enter(element: Element, inherited: number, tag = localName(element)): number {
    if (inherited === MASK.locked) return MASK.locked
    if (CAN_LOCK.has(tag) && this.#isSensitive(element, tag)) return MASK.locked
    if (!this.selective) return inherited
    let decided = 0
    for (const [i, { masked, unmasked, fields }] of this.#layers.entries()) {
      const bit = bitOf(i)
      if (masked.matches(element)) decided |= bit
      else if (!unmasked.matches(element) && (inherited & bit || fields.matches(element))) decided |= bit
    }
    return decided
  }

  /** The decision for a node from scratch: `enter` for each of its ancestors from the top. */
  decide(node: Node): number {
    if (!this.dependsOnPlace)
      return nodeType(node) === NODE_ELEMENT ? this.enter(node as Element, this.base) : this.base
    const chain: Element[] = []
    for (let at: Node | null = node; at; at = composedParent(at))
      if (nodeType(at) === NODE_ELEMENT) chain.push(at as Element)
    let masked = this.base
    for (let i = chain.length - 1; i >= 0; i--) masked = this.enter(chain[i]!, masked)
    return masked
  }

  /** Remembers a field that is or was a password. Capture calls it for each `type` that a field held. */
  noteType(element: Element, type: string | null): void {
    if (type?.toLowerCase() === 'password') (element as MaybePassword)[WAS_PASSWORD] = true
  }

  /** Whether what was put into a field is masked with no rule at all. */
  #isSensitive(element: Element, tag: string): boolean {
    const type = tag === 'input' ? getAttribute(element, 'type') : null
    this.noteType(element, type)
    const sensitive =
      // Saved values that a browser offers; the copy never shows them.
      tag === 'datalist' ||
      (element as MaybePassword)[WAS_PASSWORD] ||
      ALWAYS_MASKED_TYPES.has(String(type).toLowerCase()) ||
      ALWAYS_MASKED_AUTOCOMPLETE.test(getAttribute(element, 'autocomplete') ?? '')
    if (sensitive && tag !== 'input') this.#hasLockedParents = true
    return sensitive
  }

  text(node: CharacterData, masked: number, assets: Assets): string {
    const text = data(node)
    if (nodeType(node) === NODE_COMMENT) return masked || this.quiet ? '' : text
    const parent = parentNode(node)
    if (!parent || nodeType(parent) !== NODE_ELEMENT || localName(parent as Element) !== 'style')
      return masked === MASK.open
        ? (this.detector?.text(node) ?? text)
        : masked === MASK.locked
          ? neutralValue(text)
          : neutral(text)
    const owner = parent as Element
    if (!this.quiet) return this.css(text, owner, assets, owner)
    // A rule can begin in one text and end in the next, so the first holds the whole sheet.
    const texts = sheetTexts(owner)
    return texts[0] === node ? this.css(texts.map(data).join(''), owner, assets, owner) : ''
  }

  /** The text of a sheet, or of a rule in it. `owner` is the element that holds it, if one does. */
  css(text: string, owner: Element | null, assets: Assets, base: Node | string): string {
    if (!this.quiet) return safeCss(text, assets.relativeTo(base))
    const pictures = (owner ? this.decide(owner) : this.base) === MASK.open
    const safe = safeCss(text, (address) => ASKED + address)
    const key = pictures ? safe : `-${safe}`
    const known = this.#rules.get(key)
    if (known !== undefined) return known
    this.#address = assets.relativeTo(base)
    const quiet = this.#css!.quietSheet(safe, pictures, this)
    // What an address names depends on where it stands.
    if (safe.includes(ASKED)) return quiet
    if (this.#rules.size >= MAX_QUIET_RULES) this.#rules.clear()
    this.#rules.set(key, quiet)
    return quiet
  }

  media(text: string): string {
    return this.quiet ? this.#css!.safeMedia(text) : text
  }

  /** The name of a doctype and the like: only the parsing mode counts. */
  label(text: string): string {
    return this.quiet ? '' : text
  }

  attribute(element: Element, name: string, value: string, masked: number, assets: Assets): string | undefined {
    return this.attributeOf(element, namespaceUri(element), localName(element), name, value, masked, assets)
  }

  /** `attribute` for an element whose names are at hand. */
  attributeOf(
    element: Element,
    namespace: string | null,
    tag: string,
    name: string,
    value: string,
    masked: number,
    assets: Assets,
  ): string | undefined {
    if (masked !== MASK.open) {
      const { naturalWidth, naturalHeight } = element as HTMLImageElement
      // Its size is known when it has loaded; then it is asked for again.
      return name === 'src' && tag === 'img' && naturalWidth
        ? maskedPicture(naturalWidth, naturalHeight)
        : this.#maskedAttribute(namespace, tag, name.toLowerCase(), value, masked)
    }
    if (name === 'src' && tag === 'img') return this.#source(element as HTMLImageElement, namespace, value, assets)
    return this.#openAttribute(element, namespace, tag, name, value, assets)
  }

  /** What an image shows. One that was chosen from several says how wide the browser takes it to be. */
  #source(image: HTMLImageElement, namespace: string | null, value: string, assets: Assets): string | undefined {
    const { currentSrc, src, naturalWidth } = image
    const key = this.#openAttribute(image, namespace, 'img', 'src', currentSrc || value, assets)
    return naturalWidth && currentSrc !== src && key?.startsWith('asset:') ? `${key}#${naturalWidth}` : key
  }

  #openAttribute(
    element: Element,
    namespace: string | null,
    tag: string,
    name: string,
    value: string,
    assets: Assets,
  ): string | undefined {
    if (!this.quiet) return safeAttribute(namespace, tag, name, value, assets.relativeTo(element))
    const told = this.detector?.attribute(name, value) ?? value
    return this.#renamedAttribute(element, namespace, tag, name, told, assets)
  }

  value(value: string, masked: number): string {
    if (masked === MASK.open) return this.detector?.value(value) ?? value
    return masked === MASK.locked ? neutralValue(value) : neutral(value)
  }

  rename(text: string): string {
    return this.quiet ? this.#names.rename(text) : text
  }

  address(address: string): string | undefined {
    return this.#address(address)
  }

  selects(attribute: string): void {
    this.#speaksOf(attribute, this.#selected)
  }

  shows(attribute: string): void {
    this.#speaksOf(attribute, this.#shown)
  }

  #speaksOf(attribute: string, list: Set<string>): void {
    if (list.has(attribute)) return
    list.add(attribute)
    if (this.#withheld.has(attribute)) this.onAttribute(attribute)
  }

  /** An attribute of an open element beside renamed sheets. */
  #renamedAttribute(
    element: Element,
    namespace: string | null,
    tag: string,
    name: string,
    value: string,
    assets: Assets,
  ): string | undefined {
    const key = name.toLowerCase()
    const { attributeRole, safeMedia } = this.#css!
    const role = attributeRole(namespace, key, tag)
    const safe = safeAttribute(namespace, tag, name, value, assets.relativeTo(element))
    if (safe === undefined) return undefined
    if (role === 'own') return this.#shown.has(key) ? safe : this.#ownAttribute(key, safe)
    if (role !== 'plain') return this.#names.rename(safe)
    if (key === 'media') return safeMedia(safe)
    if (safe.startsWith('#') && key.endsWith('href')) return `#${this.#names.rename(safe.slice(1))}`
    return safe.replace(/url\("#([^"]*)"/g, (_, id: string) => `url("#${this.#names.rename(id)}"`)
  }

  /** What of the page's own attributes its sheets ask for. */
  #ownAttribute(name: string, value: string): string | undefined {
    if (!this.#selected.has(name)) {
      this.#withheld.add(name)
      return undefined
    }
    if (!this.#shown.has(name)) this.#withheld.add(name)
    return value.length > MAX_OWN_VALUE ? '' : this.#names.rename(value)
  }

  #maskedAttribute(
    namespace: string | null,
    tag: string,
    name: string,
    value: string,
    masked: number,
  ): string | undefined {
    if (namespace === HTML_NS) {
      if (name === 'value' || name === 'placeholder') {
        if (tag !== 'input' && tag !== 'textarea') return undefined
        return masked === MASK.locked ? neutralValue(value) : neutral(value)
      }
      if (name === 'label' && (tag === 'option' || tag === 'optgroup')) return neutral(value)
      // A link keeps the look of a link; it leads nowhere.
      if (name === 'href' && (tag === 'a' || tag === 'area')) return '#'
    }
    if (!this.quiet) return lockedAttribute(name, value)
    const { attributeRole, maySayMasked, quietDeclarations, safeMedia } = this.#css!
    if (name === 'media' && namespace === HTML_NS) return safeMedia(value)
    if (name === 'style') return quietDeclarations(safeCss(value), false, this)
    const role = attributeRole(namespace, name, tag)
    if (role === 'name') return this.rename(value)
    if (role === 'own')
      return safeAttribute(namespace, tag, name, '') === '' ? this.#ownAttribute(name, value) : undefined
    return maySayMasked(name, value) ? value : undefined
  }
}

function sheetTexts(owner: Element): CharacterData[] {
  const texts: CharacterData[] = []
  for (let child: Node | null = firstChild(owner); child; child = nextSibling(child))
    if (nodeType(child) === NODE_TEXT || nodeType(child) === NODE_CDATA) texts.push(child as CharacterData)
  return texts
}

const CAN_LOCK = new Set(['input', 'textarea', 'select', 'datalist'])
