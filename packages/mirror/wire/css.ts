import { quoteCss, readEscape, readIdentifier, readString, skipSpace, startsIdentifier } from './css-tokens.ts'

/** What becomes of an address in a style sheet: the address to write instead, or undefined to write none. */
export type CssAddress = (address: string) => string | undefined

/** An address that names nothing: `url()` must hold something for the declaration to stay valid. */
const NOWHERE = 'data:,'

/** Nothing in CSS text can name an address without one of these. */
const SUSPECT = /url|image|src|import|namespace|\\/i

/** Functions whose quoted strings are addresses. */
const ADDRESS_FUNCTIONS = new Set(['url', 'src', 'image', 'image-set', '-webkit-image-set', 'cross-fade'])

/** Rewrites every address in CSS text (a sheet, a rule, a declaration list or a value), so that the copy asks for
 *  nothing but what `address` returns. Imports and namespaces are dropped: an import is sent as the rules it brought.
 *  Idempotent where `address` is. Tokens as in CSS Syntax Level 3. */
export function rewriteCss(css: string, address: CssAddress): string {
  return SUSPECT.test(css) ? new Rewriter(css, address).run() : css
}

/** Functions that stand for what is written elsewhere. */
const SUBSTITUTIONS = new Set(['var', 'attr', 'env', 'if', 'inherit', 'first-valid'])

class Rewriter {
  readonly #css: string
  readonly #address: CssAddress
  #at = 0
  #out = ''
  /** Names of the open functions; '' for a bare parenthesis. */
  readonly #open: string[] = []

  constructor(css: string, address: CssAddress) {
    this.#css = css
    this.#address = address
  }

  run(): string {
    while (this.#at < this.#css.length) this.#token()
    return this.#out
  }

  #token(): void {
    const css = this.#css
    const char = css[this.#at]!
    if (char === '/' && css[this.#at + 1] === '*') return this.#comment()
    if (char === '"' || char === "'") return this.#quoted(char)
    if (char === '@') return this.#atRule()
    if (startsIdentifier(css, this.#at)) return this.#identifier()
    if (char === '(') this.#open.push('')
    else if (char === ')') this.#open.pop()
    else if (char === '{' || char === '}') this.#open.length = 0
    this.#out += char
    this.#at++
  }

  #comment(): void {
    const end = this.#css.indexOf('*/', this.#at + 2)
    this.#copyTo(end < 0 ? this.#css.length : end + 2)
  }

  #quoted(quote: string): void {
    const { text, end } = readString(this.#css, this.#at, quote)
    const inAddress = this.#open.some((name) => ADDRESS_FUNCTIONS.has(name))
    if (!inAddress) return this.#copyTo(end)
    this.#out += `"${quoteCss(this.#address(text) ?? NOWHERE)}"`
    this.#at = end
  }

  #atRule(): void {
    const name = readIdentifier(this.#css, this.#at + 1)
    const keyword = name.text.toLowerCase()
    if (keyword === 'import' || keyword === 'namespace') {
      this.#at = endOfStatement(this.#css, name.end)
      // What stood on both sides must not become one token.
      this.#out += ' '
      return
    }
    this.#copyTo(Math.max(name.end, this.#at + 1))
  }

  #identifier(): void {
    const name = readIdentifier(this.#css, this.#at)
    if (this.#css[name.end] !== '(') return this.#copyTo(name.end)
    const keyword = name.text.toLowerCase()
    if (keyword !== 'url') {
      // A variable in the place of an address would bring one that was not seen; an unknown function brings nothing.
      const isHidden = SUBSTITUTIONS.has(keyword) && this.#open.some((open) => ADDRESS_FUNCTIONS.has(open))
      this.#open.push(keyword)
      if (!isHidden) return this.#copyTo(name.end + 1)
      this.#out += '-no-address('
      this.#at = name.end + 1
      return
    }
    const start = skipSpace(this.#css, name.end + 1)
    const quote = this.#css[start]
    if (quote === '"' || quote === "'") {
      const { text, end } = readString(this.#css, start, quote)
      this.#out += `url("${quoteCss(this.#address(text) ?? NOWHERE)}"`
      this.#open.push('url')
      this.#at = end
      return
    }
    const { text, end } = readBareAddress(this.#css, start)
    this.#out += `url("${quoteCss(this.#address(text) ?? NOWHERE)}")`
    this.#at = end
  }

  #copyTo(end: number): void {
    this.#out += this.#css.slice(this.#at, end)
    this.#at = end
  }
}

function readBareAddress(css: string, from: number): { text: string; end: number } {
  let text = ''
  let at = from
  while (at < css.length) {
    const char = css[at]!
    if (char === ')') return { text: text.trimEnd(), end: at + 1 }
    if (char === '\\') {
      const escaped = readEscape(css, at)
      text += escaped.text
      at = escaped.end
    } else {
      text += char
      at++
    }
  }
  return { text: text.trimEnd(), end: at }
}

/** The end of an at-rule without a block, past its semicolon. */
function endOfStatement(css: string, from: number): number {
  let at = from
  while (at < css.length) {
    const char = css[at]!
    if (char === ';') return at + 1
    if (char === '{' || char === '}') return at
    if (char === '"' || char === "'") at = readString(css, at, char).end
    else if (char === '\\') at = readEscape(css, at).end
    else if (css.slice(at, at + 4).toLowerCase() === 'url(') at = readBareAddress(css, at + 4).end
    else at++
  }
  return at
}
