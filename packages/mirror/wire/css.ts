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

const NAME_START = /[a-z_\u0080-\uffff]/i
const NAME = /[\w\-\u0080-\uffff]/
const NEWLINE = /[\n\r\f]/
const HEX = /[0-9a-f]/i

function startsIdentifier(css: string, at: number): boolean {
  const char = css[at]!
  if (char === '-') {
    const next = css[at + 1] ?? ''
    return next === '-' || NAME_START.test(next) || (next === '\\' && !NEWLINE.test(css[at + 2] ?? ''))
  }
  return NAME_START.test(char) || (char === '\\' && !NEWLINE.test(css[at + 1] ?? ''))
}

function readIdentifier(css: string, from: number): { text: string; end: number } {
  let text = ''
  let at = from
  while (at < css.length) {
    const char = css[at]!
    if (NAME.test(char)) {
      text += char
      at++
    } else if (char === '\\' && !NEWLINE.test(css[at + 1] ?? '')) {
      const escaped = readEscape(css, at)
      text += escaped.text
      at = escaped.end
    } else break
  }
  return { text, end: at }
}

function readEscape(css: string, at: number): { text: string; end: number } {
  let end = at + 1
  let hex = ''
  while (hex.length < 6 && end < css.length && HEX.test(css[end]!)) hex += css[end++]
  if (!hex) return { text: css[end] ?? '', end: Math.min(end + 1, css.length) }
  if (/\s/.test(css[end] ?? '')) end += css.startsWith('\r\n', end) ? 2 : 1
  const code = Number.parseInt(hex, 16)
  return { text: code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd', end }
}

function readString(css: string, at: number, quote: string): { text: string; end: number } {
  let text = ''
  let end = at + 1
  while (end < css.length) {
    const char = css[end]!
    if (char === quote) return { text, end: end + 1 }
    if (NEWLINE.test(char)) return { text, end }
    if (char === '\\' && NEWLINE.test(css[end + 1] ?? '')) {
      end += 2
    } else if (char === '\\') {
      const escaped = readEscape(css, end)
      text += escaped.text
      end = escaped.end
    } else {
      text += char
      end++
    }
  }
  return { text, end }
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

function skipSpace(css: string, from: number): number {
  let at = from
  while (at < css.length && /\s/.test(css[at]!)) at++
  return at
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

function quoteCss(text: string): string {
  return text.replace(/["\\\n\r\f]/g, (char) => `\\${char.charCodeAt(0).toString(16)} `)
}
