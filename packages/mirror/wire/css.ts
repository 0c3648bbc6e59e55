import { type CssToken, quoteCss, tokenize } from './css-tokens.ts'

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
  return SUSPECT.test(css) ? rewrite(tokenize(css), address) : css
}

/** Functions that stand for what is written elsewhere. */
const SUBSTITUTIONS = new Set(['var', 'attr', 'env', 'if', 'inherit', 'first-valid'])

/** A page's own functions have names with two dashes. */
const isSubstitution = (name: string) => name.startsWith('--') || SUBSTITUTIONS.has(name)

function rewrite(tokens: readonly CssToken[], address: CssAddress): string {
  const quoted = (text: string) => `"${quoteCss(address(text) ?? NOWHERE)}"`
  /** Names of the open functions; '' for a bare parenthesis. */
  const open: string[] = []
  const inAddress = () => open.some((name) => ADDRESS_FUNCTIONS.has(name))
  let out = ''
  for (let i = 0; i < tokens.length; i++) {
    const { kind, text, source } = tokens[i]!
    if (kind === 'u') out += `url(${quoted(text)})`
    else if (kind === '"') out += inAddress() ? quoted(text) : source
    else if (kind === '@' && /^(import|namespace)$/i.test(tokens[i + 1]?.text ?? '')) {
      while (i + 1 < tokens.length && !'{}'.includes(tokens[i + 1]!.kind) && tokens[i]!.kind !== ';') i++
      // What stood on both sides must not become one token.
      out += ' '
    } else if (kind === 'f') {
      const name = text.toLowerCase()
      // A variable in the place of an address would bring one that was not seen; an unknown function brings nothing.
      out += isSubstitution(name) && inAddress() ? '-no-address(' : name === 'url' ? 'url(' : source
      open.push(name)
      if (name === 'url' && tokens[i + 1]?.kind === ' ') i++
    } else {
      if (kind === '(') open.push('')
      else if (kind === ')') open.pop()
      else if (kind === '{' || kind === '}') open.length = 0
      out += source
    }
  }
  return out
}

/** CSS text that another may follow without both becoming what neither was: an address that begins in one and ends in
 *  the other. What is open at its end, but for blocks, is closed. */
export function closeCss(css: string): string {
  const tokens = tokenize(css)
  const last = tokens.pop()
  if (!last) return css
  const before = css.slice(0, css.length - last.source.length)
  let open = 0
  for (const { kind } of [...tokens, last]) {
    if (kind === 'f' || kind === '(') open++
    else if (kind === ')') open = Math.max(0, open - 1)
    else if (kind === '{' || kind === '}') open = 0
  }
  return before + closeToken(last) + ')'.repeat(open)
}

function closeToken({ kind, text, source }: CssToken): string {
  if (kind === '"') return `"${quoteCss(text)}"`
  if (kind === ' ') return source.startsWith('/*') && !/^\/\*[\s\S]*\*\/$/.test(source) ? `${source}*/` : source
  if (kind === 'u') return ''
  if ('{};,:()'.includes(kind)) return source
  return source.endsWith('\\') ? '' : `${source}/**/`
}
