import { type CssToken, quoteCss } from '../wire/css-tokens.ts'
import { HTML_NS } from '../wire/index.ts'
import { escapeName } from './css-own.ts'
import type { CssNames } from './quiet-names.ts'
import { attributeRole, isLayoutValue } from './vocabulary.ts'

/** Functions in selectors that take names. */
const NAMED = /^(part|state|highlight|view-transition)/
const LANGUAGE = /^[a-z]{2,3}(-[a-z\d]{2,4})*$/i

/** A selector that finds the renamed classes, ids and attributes of the copy. Names of elements and pseudo-classes
 *  stay. */
export function quietSelector(tokens: readonly CssToken[], names: CssNames): string {
  let out = ''
  const open: string[] = []
  for (let i = 0; i < tokens.length; i++) {
    const { kind, text, source } = tokens[i]!
    const inside = open.at(-1) ?? ''
    const isName = kind === 'a' || kind === 'f'
    if (kind === '[') {
      const length = tokens.slice(i).findIndex((token) => token.kind === ']')
      const end = length < 0 ? tokens.length : i + length
      out += quietAttribute(
        tokens.slice(i + 1, end).filter((token) => token.kind !== ' '),
        names,
      )
      i = end
    } else if (kind === '"') out += `"${quoteCss(names.rename(text))}"`
    else if (kind === '#') out += `#${escapeName(names.rename(text))}`
    else if (
      isName &&
      (tokens[i - 1]?.kind === '.' || NAMED.test(inside) || (inside === 'lang' && !LANGUAGE.test(text)))
    )
      out += escapeName(names.rename(text))
    else if (kind !== '0' || source.length < 8) out += kind === ' ' ? ' ' : source
    if (kind === 'f') open.push(text.toLowerCase())
    else if (kind === '(') open.push('')
    else if (kind === ')') open.pop()
  }
  return out
}

function quietAttribute(tokens: readonly CssToken[], names: CssNames): string {
  const equals = tokens.findIndex(({ kind }) => kind === '=')
  const head = equals < 0 ? tokens : tokens.slice(0, equals)
  const { text: name = '' } = head.findLast(({ kind }) => kind === 'a') ?? {}
  const attribute = name.toLowerCase()
  names.selects(attribute)
  const start = `[${head[0]?.kind === '*' ? '*|' : ''}${escapeName(name)}`
  if (equals < 0) return `${start}]`
  const sign = head.at(-1)!.kind
  const { text: value = '' } = tokens[equals + 1] ?? {}
  const { text: flag = '' } = tokens[equals + 2] ?? {}
  const said = attributeRole(HTML_NS, attribute) === 'plain' && isLayoutValue(value) ? value : names.rename(value)
  return `${start}${/[~|^$*]/.test(sign) ? sign : ''}="${quoteCss(said)}"${/^[is]$/i.test(flag) ? ` ${flag}` : ''}]`
}
