// Tokens as in CSS Syntax Level 3, 4.3.

const NAME_START = /[a-z_\u0080-\uffff]/i
const NAME = /[\w\-\u0080-\uffff]/
const NEWLINE = /[\n\r\f]/
const HEX = /[0-9a-f]/i
/** Fewer than what a regular expression calls so. */
const BLANK = /[ \t\n\r\f]/

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
  if (BLANK.test(css[end] ?? '')) end += css.startsWith('\r\n', end) ? 2 : 1
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
      end += css.startsWith('\r\n', end + 1) ? 3 : 2
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

function skipSpace(css: string, from: number): number {
  let at = from
  while (at < css.length && BLANK.test(css[at]!)) at++
  return at
}

export function quoteCss(text: string): string {
  return text.replace(/["\\\n\r\f]/g, (char) => `\\${char.charCodeAt(0).toString(16)} `)
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

export interface CssToken {
  /** `a` a name, `f` a name with its opening parenthesis, `#` a hash, `0` a number with its unit, `"` a string, a space
   *  for blanks and comments, `u` an address without quotes; else the character itself. */
  kind: string
  /** What it says, without escapes, quotes and signs. */
  text: string
  source: string
}

const NUMBER = /\d*\.?\d+(?:e[+-]?\d+)?(?:%|[a-z]+)?/iy

/** CSS text as tokens. */
export function tokenize(css: string): CssToken[] {
  const tokens: CssToken[] = []
  for (let at = 0; at < css.length; ) {
    const from = at
    let kind = css[at]!
    let text = kind
    NUMBER.lastIndex = at
    if (kind === '/' && css[at + 1] === '*') {
      const end = css.indexOf('*/', at + 2)
      at = end < 0 ? css.length : end + 2
      kind = ' '
    } else if (css.startsWith('<!--', at)) at += 4
    else if (BLANK.test(kind)) {
      at = skipSpace(css, at)
      kind = ' '
    } else if (kind === '"' || kind === "'") {
      ;({ text, end: at } = readString(css, at, kind))
      kind = '"'
    } else if (kind === '#') ({ text, end: at } = readIdentifier(css, at + 1))
    else if (startsIdentifier(css, at)) {
      ;({ text, end: at } = readIdentifier(css, at))
      kind = css[at] === '(' ? 'f' : 'a'
      if (kind === 'f') at++
      const start = skipSpace(css, at)
      if (kind === 'f' && text.toLowerCase() === 'url' && !/["']/.test(css[start] ?? '')) {
        ;({ text, end: at } = readBareAddress(css, start))
        kind = 'u'
      }
    } else if (NUMBER.test(css)) {
      at = NUMBER.lastIndex
      kind = '0'
    } else at++
    tokens.push({ kind, text, source: css.slice(from, at) })
  }
  return tokens
}
