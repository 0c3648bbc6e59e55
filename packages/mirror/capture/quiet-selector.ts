import { readIdentifier, readString, skipSpace, startsIdentifier } from '../wire/css-tokens.ts'
import { HTML_NS } from '../wire/index.ts'
import { neutral } from './neutral.ts'
import { attributeRole, isLayoutValue } from './vocabulary.ts'

/** How names in sheets are said, and who learns of which attributes they speak. */
export interface CssNames {
  rename(text: string): string
  /** A selector asks for this attribute. */
  selects(attribute: string): void
  /** A value shows this attribute. */
  shows(attribute: string): void
  /** The address to write for a picture or a font. */
  address(address: string): string | undefined
}

/** Functions in selectors that take names. */
const TAKES_NAMES = new Set(['part', 'state', 'highlight', 'view-transition-group', 'view-transition-image-pair'])

const LANGUAGE = /^[a-z]{2,3}(-[a-z\d]{2,4})*$/i

/** A selector that finds the renamed classes, ids and attributes of the copy. Idents that are elements and pseudo-classes
 *  stay. */
export function quietSelector(css: string, names: CssNames): string {
  let out = ''
  let at = 0
  const open: string[] = []
  while (at < css.length) {
    const char = css[at]!
    if (char === '/' && css[at + 1] === '*') {
      const end = css.indexOf('*/', at + 2)
      at = end < 0 ? css.length : end + 2
    } else if ((char === '.' && startsIdentifier(css, at + 1)) || char === '#') {
      const name = readIdentifier(css, at + 1)
      out += char + escapeName(names.rename(name.text))
      at = Math.max(name.end, at + 1)
    } else if (char === '[') {
      const attribute = readAttribute(css, at)
      out += quietAttribute(attribute, names)
      at = attribute.end
    } else if (char === '"' || char === "'") {
      const string = readString(css, at, char)
      out += quoteName(names.rename(string.text))
      at = string.end
    } else if (startsIdentifier(css, at)) {
      const name = readIdentifier(css, at)
      const isCall = css[name.end] === '('
      if (isCall) open.push(name.text.toLowerCase())
      const last = isCall ? '' : (open.at(-1) ?? '')
      const isName = TAKES_NAMES.has(last) || (last === 'lang' && !LANGUAGE.test(name.text))
      out += isName ? escapeName(names.rename(name.text)) : css.slice(at, name.end)
      at = isCall ? name.end + 1 : name.end
      if (isCall) out += '('
    } else {
      if (char === '(') open.push('')
      else if (char === ')') open.pop()
      out += char
      at++
    }
  }
  return out
}

interface AttributeSelector {
  prefix: string
  name: string
  operator: string
  value: string
  flag: string
  end: number
}

function readAttribute(css: string, from: number): AttributeSelector {
  let at = skipSpace(css, from + 1)
  let prefix = ''
  if (css[at] === '*' || (css[at] === '|' && css[at + 1] !== '=')) {
    prefix = css[at] === '*' ? '*|' : '|'
    at += prefix.length
  }
  const name = readIdentifier(css, at)
  at = skipSpace(css, name.end)
  const operator = /^[~|^$*]?=/.exec(css.slice(at, at + 2))?.[0] ?? ''
  at = skipSpace(css, at + operator.length)
  const quote = css[at]
  const value = !operator
    ? { text: '', end: at }
    : quote === '"' || quote === "'"
      ? readString(css, at, quote)
      : readIdentifier(css, at)
  const end = css.indexOf(']', value.end)
  const flag = /^\s*([is])\s*$/i.exec(css.slice(value.end, end < 0 ? css.length : end))?.[1] ?? ''
  return { prefix, name: name.text, operator, value: value.text, flag, end: end < 0 ? css.length : end + 1 }
}

function quietAttribute({ prefix, name, operator, value, flag }: AttributeSelector, names: CssNames): string {
  const attribute = name.toLowerCase()
  names.selects(attribute)
  const said = attributeRole(HTML_NS, attribute) === 'plain' && isLayoutValue(value) ? value : names.rename(value)
  const test = operator && `${operator}${quoteName(said)}${flag && ` ${flag}`}`
  return `[${prefix}${escapeName(name)}${test}]`
}

const VALUE_SELECTOR = /(\[\s*value\s*[~|^$*]?=\s*)("[^"]*"|'[^']*'|[^\]\s"']+)/gi

/** Takes from selectors what they say of the values of fields: a page that keeps `value` in step with a password could
 *  spell it in its sheets. */
export function withoutValues(css: string): string {
  return css.replace(VALUE_SELECTOR, (whole, start: string, value: string) => {
    const text = value.replace(/^["']|["']$/g, '')
    return text.length <= 2 ? whole : `${start}"${neutral(text)}"`
  })
}

function escapeName(name: string): string {
  return CSS.escape(name)
}

function quoteName(name: string): string {
  return `"${name.replace(/["\\\n\r\f]/g, (char) => `\\${char.charCodeAt(0).toString(16)} `)}"`
}
