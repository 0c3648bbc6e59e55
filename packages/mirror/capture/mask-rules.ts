import { type CssToken, quoteCss, tokenize } from '../wire/css-tokens.ts'
import { escapeName } from './css-own.ts'
import { matches, NODE_DOCUMENT, NODE_ELEMENT, nodeType, queryAll, rootOf } from './natives.ts'
import type { RuleSet, Selectors } from './quiet-names.ts'
import { countsAt } from './rule-address.ts'
import { composedParent } from './tree.ts'

/** What is masked; the contract's `piiMask`. The always-on set (passwords, card and one-time-code fields, hidden inputs,
 *  file names) comes on top and nothing lifts it. */
export interface MaskRules extends MaskLists {
  /** Further rules, some of them for some addresses only; `resolveRules` adds those that count. */
  rules?: readonly MaskRule[]
  detectors?: readonly string[]
}

/** Rules that may count at some addresses only. */
export interface MaskRule extends Partial<MaskLists> {
  /** How errors call it. */
  name?: string
  /** Paths, or hosts and paths, with `*` for any characters. Everywhere when left out. */
  url?: readonly string[]
}

interface MaskLists {
  /** `custom_input`: what the selectors match; `all_input`: every form field too; `all`: everything. */
  maskType: 'custom_input' | 'all_input' | 'all'
  /** Comma-separated selector list. */
  maskCssSelectors?: string
  /** Comma-separated `name=value` pairs. */
  maskHTMLAttributes?: string
  /** Comma-separated selector list that unmasks; the rule closer to the node wins, a mask wins a tie. */
  unmaskCssSelectors?: string
}

/** Thrown by `resolveRules`: `setting` names the rule that is not a valid selector or pair. */
export class MaskError extends Error {
  override name = 'MaskError'
  readonly setting: string

  constructor(setting: string, text: string) {
    super(text)
    this.setting = setting
  }
}

/** A compound selector and how it hangs on the one before it. */
interface Step {
  compound: string
  /** A descendant is a space. */
  combinator: string
}

/** A list of selectors whose ancestors are also found across the borders of shadow roots and frames. */
export class SelectorList implements Selectors {
  /** The list as the browser takes it; empty for none. */
  readonly text: string
  /** Those that look at ancestors, step by step from the left. */
  readonly #paths: readonly Step[][]
  readonly #ends: string

  constructor(selectors: readonly string[]) {
    this.text = selectors.join(',')
    this.#paths = selectors.map(splitSteps).filter((steps) => steps.length > 1)
    this.#ends = this.#paths.map((steps) => steps.at(-1)!.compound).join(',')
  }

  /** Whether a node that moves can bring a decision for what is below it. */
  get looksUp(): boolean {
    return this.#paths.length > 0
  }

  matches(element: Element): boolean {
    if (this.text === '') return false
    if (matches(element, this.text)) return true
    return this.#paths.length > 0 && isInner(rootOf(element)) && this.#paths.some((path) => follows(element, path))
  }

  /** The elements of a root that the list names. */
  *within(root: Document | ShadowRoot): Iterable<Element> {
    if (this.text === '') return
    yield* queryAll(root, this.text)
    if (this.#ends === '' || !isInner(root)) return
    for (const element of queryAll(root, this.#ends)) if (this.matches(element)) yield element
  }
}

function isInner(root: Node): boolean {
  return nodeType(root) !== NODE_DOCUMENT || composedParent(root) !== null
}

function follows(element: Element, path: readonly Step[], last = path.length - 1): boolean {
  const step = path[last]!
  if (!matches(element, step.compound)) return false
  if (last === 0) return true
  if (step.combinator === '+' || step.combinator === '~') {
    for (let at = element.previousElementSibling; at; at = step.combinator === '~' ? at.previousElementSibling : null)
      if (follows(at, path, last - 1)) return true
    return false
  }
  for (let at = composedParent(element); at; at = composedParent(at)) {
    if (nodeType(at) !== NODE_ELEMENT) continue
    if (follows(at as Element, path, last - 1)) return true
    if (step.combinator === '>') return false
  }
  return false
}

/** A selector in its compounds, each with how it hangs on the one before it. */
export function splitSteps(selector: string): Step[] {
  const steps: Step[] = []
  let combinator = ''
  for (const piece of cut(tokenize(selector), ' >+~')) {
    if (/^[\s>+~]*$/.test(piece)) combinator = piece.trim() || ' '
    else steps.push({ compound: piece, combinator })
  }
  return steps
}

/** From the mildest to the strictest. */
const MASK_TYPES = ['custom_input', 'all_input', 'all'] as const
const DETECTORS = ['card', 'iban', 'email']
const FIELDS =
  'input:not([type=submit],[type=button],[type=reset],[type=image]),textarea,select,output,meter,[contenteditable]:not([contenteditable=false]),[role=textbox],[role=searchbox],[role=combobox],[role=spinbutton],[role=slider]'

const FIELD_LIST = new SelectorList([FIELDS])
const NO_FIELDS = new SelectorList([])

/** What each layer masks at an address: its own lists and those of its rules that count there; `before` when that is the
 *  same. Checks all of them, also those that do not count. Throws what `refuse` makes of the first that is not valid. */
export function resolveRules(
  layers: Record<string, Partial<MaskRules> | undefined>,
  href: string,
  before: readonly MaskRules[] = [],
  refuse = (setting: string, text: string): Error => new MaskError(setting, text),
): readonly MaskRules[] {
  const rules = Object.entries(layers).map(([name, layer]) => {
    try {
      return resolve({ maskType: 'custom_input', ...layer }, href)
    } catch (error) {
      if (!(error instanceof MaskError)) throw error
      const setting = `${name}.${error.setting}`
      throw refuse(setting, `${setting}: ${error.message}. Nothing is shared until it is corrected.`)
    }
  })
  return JSON.stringify(rules) === JSON.stringify(before) ? before : rules
}

function resolve({ rules = [], ...own }: MaskRules, href: string): MaskRules {
  checkNames(own, 'detectors')
  readRules(own)
  if (!Array.isArray(rules)) throw new MaskError('rules', 'must be a list')
  let all = own
  for (const [at, rule] of rules.entries()) {
    const called = `rules[${rule?.name ?? at}]`
    if (typeof rule !== 'object' || !rule) throw new MaskError(called, 'must be an object')
    const { url } = rule
    if (url !== undefined && !(Array.isArray(url) && url.length && url.every(isAddress)))
      throw new MaskError(`${called}.url`, 'url must be a list of paths such as /account/*, or of hosts and paths')
    try {
      checkNames(rule, 'name', 'url')
      readRules({ maskType: 'custom_input', ...rule })
    } catch (error) {
      if (error instanceof MaskError) throw new MaskError(`${called}.${error.setting}`, error.message)
      throw error
    }
    if (countsAt(url, href)) all = join(all, rule)
  }
  return all
}

/** Refuses what a rule does not have: a name that is misspelt would mask nothing. */
function checkNames(rule: object, ...more: string[]): void {
  const known = ['maskType', 'maskCssSelectors', 'maskHTMLAttributes', 'unmaskCssSelectors', ...more]
  const wrong = Object.keys(rule).find((name) => !known.includes(name))
  if (wrong !== undefined) throw new MaskError(wrong, `${wrong} is not known here: correct its name, or leave it out`)
}

function isAddress(pattern: unknown): boolean {
  return typeof pattern === 'string' && /^(https?:\/\/)?[^\s/?#]*\/\S*$/.test(pattern)
}

function join(one: MaskRules, other: MaskRule): MaskRules {
  const rank = (type: MaskRules['maskType'] = 'custom_input') => MASK_TYPES.indexOf(type)
  const list = (name: 'maskCssSelectors' | 'maskHTMLAttributes' | 'unmaskCssSelectors') =>
    [one[name], other[name]].filter((text) => text?.trim()).join(',')
  return {
    ...one,
    maskType: MASK_TYPES[Math.max(rank(one.maskType), rank(other.maskType))]!,
    maskCssSelectors: list('maskCssSelectors'),
    maskHTMLAttributes: list('maskHTMLAttributes'),
    unmaskCssSelectors: list('unmaskCssSelectors'),
  }
}

/** Checks and compiles rules that count everywhere. Throws `MaskError`. */
export function readRules(rules: MaskRules, adapt: (selector: string) => string[] = (one) => [one]): RuleSet {
  if (!MASK_TYPES.includes(rules.maskType))
    throw new MaskError('maskType', `maskType must be one of ${MASK_TYPES.join(', ')}`)
  const { detectors = [] } = rules
  if (!Array.isArray(detectors) || detectors.some((name) => !DETECTORS.includes(name)))
    throw new MaskError('detectors', `detectors must be a list of ${DETECTORS.join(', ')}`)
  const masked = [...readSelectors('maskCssSelectors', rules.maskCssSelectors), ...readPairs(rules.maskHTMLAttributes)]
  return {
    all: rules.maskType === 'all',
    detectors,
    masked: new SelectorList(masked.flatMap(adapt)),
    unmasked: new SelectorList(readSelectors('unmaskCssSelectors', rules.unmaskCssSelectors)),
    fields: rules.maskType === 'all_input' ? FIELD_LIST : NO_FIELDS,
  }
}

/** Checks a selector list and cuts it into its selectors. Throws where a browser would forgive: a selector that never
 *  matches would leave open what it was meant to mask. */
function readSelectors(setting: string, list: unknown = ''): string[] {
  const invalid = (why: string) => new MaskError(setting, `${setting} ${why}`)
  if (typeof list !== 'string') throw invalid('must be a string')
  if (!list.trim()) return []
  if (list.includes('/*')) throw invalid('must hold no comments')
  const tokens = tokenize(`${list},x`)
  // What is left open would take the next rule along.
  if (tokens.at(-2)?.kind !== ',' || tokens.at(-1)?.text !== 'x' || depthOf(tokens) !== 0)
    throw invalid('has an open bracket, quote or backslash')
  const selectors = cut(tokens.slice(0, -2), ',')
  if (selectors.length % 2 === 0 || selectors.some((piece, i) => i % 2 === 1 && piece !== ','))
    throw invalid('has an empty place in its list')
  return selectors
    .filter((_, i) => i % 2 === 0)
    .map((selector) => {
      if (hasPseudoElement(tokenize(selector))) throw invalid('must name elements, not pseudo-elements')
      try {
        const nowhere = new DocumentFragment()
        nowhere.querySelector(selector)
        // `:is()` and `:where()` forgive what they cannot read, in WebKit in a support condition too; `:not()` never does.
        nowhere.querySelector(selector.replace(/:(is|where)\(/gi, ':not('))
      } catch {
        throw invalid('is not a valid selector list')
      }
      return selector.trim()
    })
}

/** `name=value` pairs as selectors. */
function readPairs(list: unknown = ''): string[] {
  const wrong = () =>
    new MaskError('maskHTMLAttributes', 'maskHTMLAttributes must be name=value pairs with commas between')
  if (typeof list !== 'string') throw wrong()
  return list
    .split(',')
    .filter((pair) => pair.trim())
    .map((pair) => {
      const [, name, value] = /^\s*([^\s=\]"'>/]+)\s*=\s*(.*?)\s*$/s.exec(pair) ?? []
      if (!name || value === undefined) throw wrong()
      const text = value.replace(/^["']|["']$/g, '')
      return `[${escapeName(name)}="${quoteCss(text)}"]`
    })
}

/** Cuts at tokens that stand in no bracket: what they separate at even places, they themselves at odd ones. */
function cut(tokens: readonly CssToken[], separators: string): string[] {
  const pieces = ['']
  let depth = 0
  for (const { kind, source } of tokens) {
    if (')]'.includes(kind)) depth--
    if ((depth === 0 && separators.includes(kind)) === (pieces.length % 2 === 1)) pieces.push('')
    pieces[pieces.length - 1] += source
    if ('f(['.includes(kind)) depth++
  }
  return pieces
}

function depthOf(tokens: readonly CssToken[]): number {
  let depth = 0
  for (const { kind } of tokens) {
    if ('f(['.includes(kind)) depth++
    if (')]'.includes(kind) && --depth < 0) return depth
  }
  return depth
}

function hasPseudoElement(tokens: readonly CssToken[]): boolean {
  return tokens.some(
    ({ kind, text }, i) =>
      tokens[i - 1]?.kind === ':' && (kind === ':' || /^(before|after|first-(line|letter))$/i.test(text)),
  )
}
