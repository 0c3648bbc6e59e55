import { matches, NODE_DOCUMENT, NODE_ELEMENT, nodeType, queryAll, rootOf } from './natives.ts'
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

/** A compound selector and how it hangs on the one before it. */
interface Step {
  compound: string
  /** A descendant is a space. */
  combinator: string
}

/** A list of selectors whose ancestors are also found across the borders of shadow roots and frames. */
export class SelectorList {
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

function splitSteps(selector: string): Step[] {
  const steps: Step[] = []
  let combinator = ''
  for (const piece of cut(selector, /[\s>+~]/)) {
    if (!/^[\s>+~]*$/.test(piece)) {
      steps.push({ compound: piece, combinator })
      combinator = ''
    } else combinator += piece
  }
  return steps.map(({ compound, combinator: between }) => ({ compound, combinator: between.trim() || ' ' }))
}

/** Checks a selector list and cuts it into its selectors. Throws where a browser would forgive: a selector that never
 *  matches would leave open what it was meant to mask. */
export function readSelectors(setting: keyof MaskRules, list: unknown = ''): string[] {
  const invalid = (why: string) => new MaskError(setting, `${setting} ${why}`)
  if (typeof list !== 'string') throw invalid('must be a string')
  if (!list.trim()) return []
  if (/\/\*/.test(list)) throw invalid('must hold no comments')
  if (!isClosed(list)) throw invalid('has a bracket, quote or backslash that is not closed')
  const selectors = cut(list, /,/).filter((piece) => piece !== ',')
  for (const selector of selectors) {
    if (/::|:(before|after|first-line|first-letter)\b/i.test(withoutStrings(selector)))
      throw invalid('must name elements: a pseudo-element is never masked alone')
    try {
      document.createDocumentFragment().querySelector(selector)
    } catch {
      throw invalid('is not a valid selector list')
    }
    // `:is()` forgives what it cannot read; a support condition does not.
    if (!CSS.supports(`selector(${selector})`)) throw invalid('is not a valid selector list')
  }
  if (cut(list, /,/).length !== selectors.length * 2 - 1) throw invalid('has an empty place in its list')
  return selectors.map((selector) => selector.trim())
}

/** `name=value` pairs as selectors. */
export function readPairs(list: unknown = ''): string[] {
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
      const quoted = text.replace(/["\\\n\r\f]/g, (char) => `\\${char.charCodeAt(0).toString(16)} `)
      return `[${CSS.escape(name)}="${quoted}"]`
    })
}

/** Cuts at separators that stand in no string or bracket. The separators are pieces of their own; those of white space
 *  around another one go with it. */
function cut(selector: string, separator: RegExp): string[] {
  const pieces: string[] = []
  let piece = ''
  let separates = false
  walk(selector, (token, depth) => {
    const isSeparator = depth === 0 && token.length === 1 && separator.test(token)
    if (piece !== '' && isSeparator !== separates) {
      pieces.push(piece)
      piece = ''
    }
    separates = isSeparator
    piece += token
  })
  if (piece !== '') pieces.push(piece)
  return pieces
}

function isClosed(selector: string): boolean {
  return walk(selector, () => undefined) === 0
}

function withoutStrings(selector: string): string {
  return selector.replace(/\\.|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/gs, '')
}

/** Gives each character outside strings and escapes, and each string or escape whole, with the depth of brackets it
 *  stands in. Returns the depth at the end, -1 for an open string or escape or a bracket too many. */
function walk(selector: string, visit: (token: string, depth: number) => void): number {
  let depth = 0
  for (let at = 0; at < selector.length; ) {
    const [token] = /^(?:\\[\da-f]{1,6}\s?|\\[\s\S]|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'|[\s\S])/i.exec(
      selector.slice(at),
    )!
    if (token === '"' || token === "'" || token === '\\') return -1
    if (token === ')' || token === ']') depth--
    if (depth < 0) return -1
    visit(token, token === ')' || token === ']' ? depth + 1 : depth)
    if (token === '(' || token === '[') depth++
    at += token.length
  }
  return depth
}
