import { type CssToken, tokenize } from '../wire/css-tokens.ts'
import { escapeName, takes, takesAnyName } from './css-own.ts'
import type { CssNames } from './quiet-names.ts'
import { quietSelector } from './quiet-selector.ts'
import { quietValue, TAKES_NAMES } from './quiet-value.ts'
import { safeMedia } from './vocabulary.ts'

export { readRules, resolveRules } from './mask-rules.ts'
export { survey } from './survey.ts'
export { attributeRole, maySayMasked, safeMedia } from './vocabulary.ts'

type Tokens = readonly CssToken[]

/** Rewrites CSS text so that the copy is laid out alike and nothing is spelled: names are renamed, strings are dots,
 *  comments are gone. The text has been through `safeCss`. */
export function quietSheet(css: string, pictures: boolean, names: CssNames): string {
  const rewrite = { tokens: tokenize(css), at: 0, out: '', pictures, names }
  block(rewrite, true)
  return rewrite.out
}

/** `quietSheet` for the text of a `style` attribute. */
export function quietDeclarations(css: string, pictures: boolean, names: CssNames): string {
  const rewrite = { tokens: tokenize(css), at: 0, out: '', pictures, names }
  for (const { tokens } = rewrite; rewrite.at < tokens.length; rewrite.at++) {
    const start = rewrite.at
    rewrite.at = endOf(rewrite, ';')
    declaration(tokens.slice(start, rewrite.at), rewrite)
  }
  return rewrite.out
}

interface Rewrite {
  tokens: Tokens
  at: number
  out: string
  pictures: boolean
  names: CssNames
}

function block(rewrite: Rewrite, isTop: boolean): void {
  const { tokens } = rewrite
  while (rewrite.at < tokens.length) {
    const { kind, text } = tokens[rewrite.at]!
    if (kind === ' ' || kind === ';' || kind === '}') {
      rewrite.at++
      if (kind === '}' && !isTop) return
      continue
    }
    const isCustom = !isTop && text.startsWith('--')
    const start = rewrite.at
    rewrite.at = endOf(rewrite, isCustom ? ';}' : isTop && kind !== '@' ? '{' : ';{}')
    const head = tokens.slice(start, rewrite.at)
    if (tokens[rewrite.at]?.kind === '{') {
      rewrite.at++
      rewrite.out += `${quietPrelude(head, rewrite.names)}{`
      block(rewrite, false)
      rewrite.out += '}'
    } else if (kind !== '@') isTop || declaration(head, rewrite)
    // Of at-rules without a block only an order of layers counts.
    else if (head[1]?.text.toLowerCase() === 'layer') rewrite.out += `${quietPrelude(head, rewrite.names)};`
  }
}

function quietPrelude(head: Tokens, names: CssNames): string {
  if (head[0]!.kind !== '@') return quietSelector(head, names)
  const keyword = head[1]?.text.toLowerCase() ?? ''
  const rest = head.slice(2)
  const text = textOf(rest).trim()
  if (keyword === 'media') return `@media ${safeMedia(text)}`
  if (keyword === 'supports') return `@supports ${globalThis.CSS?.supports?.(text) ? '' : 'not '}(top:0)`
  if (keyword === 'scope') return `@scope ${quietSelector(rest, names)}`
  return `@${keyword} ${quietValue(rest, { property: '--', strict: true, pictures: false }, names)}`
}

function declaration(tokens: Tokens, rewrite: Rewrite): void {
  const [name, ...rest] = tokens.slice(tokens.findIndex(({ kind }) => kind !== ' '))
  const colon = rest.findIndex(({ kind }) => kind === ':')
  if (name?.kind !== 'a' || colon < 0) return
  const property = name.text.startsWith('--') ? name.text : name.text.toLowerCase()
  const value = rest.slice(colon + 1)
  const place = { property, strict: isStrict(property, value), pictures: rewrite.pictures }
  rewrite.out += `${escapeName(property)}:${quietValue(value, place, rewrite.names).trim()};`
}

/** Whether a declaration can hold names and numbers that are not CSS. */
function isStrict(property: string, value: Tokens): boolean {
  if (property === 'src' || property === 'unicode-range') return false
  const text = textOf(value)
  if (TAKES_NAMES.test(property) || takesAnyName(property) || /(var|env|attr|if)\(/i.test(text)) return true
  return !takes(property, text.replace(/!\s*important\s*$/i, ''))
}

const textOf = (tokens: Tokens) => tokens.map(({ kind, source }) => (kind === ' ' ? ' ' : source)).join('')

/** The next token of these kinds that is in no bracket. */
function endOf({ tokens, at: from }: Rewrite, kinds: string): number {
  let depth = 0
  let at = from
  for (; at < tokens.length; at++) {
    const { kind } = tokens[at]!
    if (depth === 0 && kinds.includes(kind)) break
    if ('f([{'.includes(kind)) depth++
    else if (')]}'.includes(kind) && depth > 0) depth--
  }
  return at
}
