import { readIdentifier, readString, skipSpace } from '../wire/css-tokens.ts'
import { type CssNames, quietSelector } from './quiet-selector.ts'
import { quietValue, TAKES_NAMES } from './quiet-value.ts'
import { safeMedia } from './vocabulary.ts'

/** Descriptors of at-rules, which are no properties. */
const DESCRIPTORS =
  /^(src|unicode-range|font-(display|family|named-instance)|(ascent|descent|line-gap)-override|size-adjust|syntax|inherits|initial-value|system|symbols|additive-symbols|suffix|prefix|negative|range|pad|fallback|speak-as|size|marks|bleed|navigation|base-palette|override-colors)$/

const isProperty = new Map<string, boolean>()

/** Rewrites CSS text so that the copy is laid out alike and nothing is spelled: names are renamed, strings are dots,
 *  comments are gone. What the customer's own browser does not take is left out. The text has been through `safeCss`. */
export function quietSheet(css: string, pictures: boolean, names: CssNames): string {
  const out: string[] = []
  block(css, 0, { out, pictures, names }, true)
  return out.join('')
}

/** `quietSheet` for the text of a `style` attribute. */
export function quietDeclarations(css: string, pictures: boolean, names: CssNames): string {
  const out: string[] = []
  for (let at = 0; at < css.length; ) {
    const end = endOf(css, at, ';')
    declaration(css.slice(at, end), { out, pictures, names })
    at = end + 1
  }
  return out.join('')
}

interface Rewrite {
  out: string[]
  pictures: boolean
  names: CssNames
}

function block(css: string, from: number, rewrite: Rewrite, isTop: boolean): number {
  let at = from
  while (at < css.length) {
    at = skipBlank(css, at)
    const char = css[at]
    if (char === undefined) break
    if (char === '}' || char === ';') {
      at++
      if (char === '}' && !isTop) return at
      continue
    }
    const isAt = char === '@'
    const isCustom = !isTop && css.startsWith('--', at)
    const end = endOf(css, at, isCustom ? ';}' : isTop && !isAt ? '{' : ';{}')
    const text = css.slice(at, end)
    if (css[end] === '{') at = rule(css, end, text, rewrite)
    else {
      if (isAt) statement(text, rewrite)
      else if (!isTop) declaration(text, rewrite)
      at = end
    }
  }
  return at
}

function rule(css: string, brace: number, prelude: string, rewrite: Rewrite): number {
  rewrite.out.push(quietPrelude(prelude, rewrite.names), '{')
  const end = block(css, brace + 1, rewrite, false)
  rewrite.out.push('}')
  return end
}

function quietPrelude(prelude: string, names: CssNames): string {
  if (!prelude.startsWith('@')) return quietSelector(prelude, names)
  const { text, end } = readIdentifier(prelude, 1)
  const rest = prelude.slice(end).replace(/\/\*.*?\*\//gs, ' ')
  const keyword = text.toLowerCase()
  switch (keyword.replace(/^-\w+-/, '')) {
    case 'media':
      return `@media ${safeMedia(rest.trim())}`
    case 'supports':
      return CSS.supports(rest.trim()) ? '@supports (top:0)' : '@supports not (top:0)'
    case 'scope':
      return `@scope ${quietSelector(rest, names)}`
    case 'property':
      return `@property ${rest.trim()}`
    case 'font-face':
    case 'starting-style':
      return `@${keyword} `
    default:
      return `@${keyword} ${quietValue(rest.trim(), { property: '--', strict: true, pictures: false }, names)}`
  }
}

/** An at-rule without a block: an order of layers. */
function statement(text: string, { out, names }: Rewrite): void {
  if (/^@layer\s/i.test(text)) out.push(quietPrelude(text, names), ';')
}

function declaration(text: string, { out, pictures, names }: Rewrite): void {
  const start = skipBlank(text, 0)
  const { text: name, end } = readIdentifier(text, start)
  const colon = skipBlank(text, end)
  if (!name || text[colon] !== ':') return
  const property = name.startsWith('--') ? name : name.toLowerCase()
  const value = text.slice(colon + 1).trim()
  const strict = isStrict(property, value)
  if (strict === undefined) return
  const quiet = quietValue(value, { property, strict, pictures }, names)
  out.push(property.startsWith('--') ? CSS.escape(property) : property, ':', quiet, ';')
}

/** Whether a declaration may hold names and numbers that are no CSS. Undefined for one that the browser does not take. */
function isStrict(property: string, value: string): boolean | undefined {
  if (property.startsWith('--')) return true
  if (DESCRIPTORS.test(property)) return !/^(src|unicode-range)$/.test(property)
  let known = isProperty.get(property)
  if (known === undefined) {
    known = CSS.supports(property, 'inherit')
    if (isProperty.size < 10_000) isProperty.set(property, known)
  }
  if (!known) return undefined
  if (/(var|env|attr|if)\(/i.test(value)) return true
  if (!CSS.supports(property, value.replace(/!\s*important\s*$/i, ''))) return undefined
  return TAKES_NAMES.test(property)
}

/** The next of `stops` that is in no string, comment or bracket. */
function endOf(css: string, from: number, stops: string): number {
  let depth = 0
  for (let at = from; at < css.length; ) {
    const char = css[at]!
    if (depth === 0 && stops.includes(char)) return at
    if (char === '"' || char === "'") at = readString(css, at, char).end
    else if (char === '/' && css[at + 1] === '*') at = skipBlank(css, at)
    else if (char === '\\') at += 2
    else {
      if (char === '(' || char === '[' || char === '{') depth++
      else if (char === ')' || char === ']' || (char === '}' && depth > 0)) depth = Math.max(0, depth - 1)
      at++
    }
  }
  return css.length
}

function skipBlank(css: string, from: number): number {
  let at = skipSpace(css, from)
  while (css.startsWith('/*', at)) {
    const end = css.indexOf('*/', at + 2)
    at = skipSpace(css, end < 0 ? css.length : end + 2)
  }
  return at
}
