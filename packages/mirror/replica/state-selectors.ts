import { type AssetAddress, safeCss } from '../wire/index.ts'

/** Before the names of the attributes that stand for pseudo-classes in the copy. */
export const MARK_PREFIX = 'alongside-'

/** A pseudo-class that only the customer's browser can answer. Not what an escape is part of, nor of a longer name. */
const ASKED =
  /(?<!\\):(hover|active|focus|focus-within|focus-visible|target|autofill|-webkit-autofill|user-valid|user-invalid|fullscreen|-webkit-full-screen|defined)(?![\w-])/gi

const ALIASES: Readonly<Record<string, string>> = {
  '-webkit-autofill': 'autofill',
  '-webkit-full-screen': 'fullscreen',
}

/** CSS text as the copy may hold it, whose selectors find the state of the customer's page. */
export function shownCss(css: string, asset: AssetAddress): string {
  const safe = safeCss(css, asset)
  return safe.replace(ASKED, (pseudo, name: string, at: number) => {
    if (!inSelector(safe, at, at + pseudo.length)) return pseudo
    const key = name.toLowerCase()
    return key === 'defined' ? `:not([${MARK_PREFIX}undefined])` : `[${MARK_PREFIX}${ALIASES[key] ?? key}]`
  })
}

/** Whether a place is in the selector of a rule: a block follows, it is no at-rule but one that takes selectors, and no
 *  pseudo-element stands before it, which takes pseudo-classes alone. */
function inSelector(css: string, from: number, to: number): boolean {
  const next = css.slice(to).search(/[{};]/)
  if (next < 0 || css[to + next] !== '{') return false
  let start = from
  while (start > 0 && !'{};'.includes(css[start - 1]!)) start--
  const before = css
    .slice(start, from)
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .trimStart()
  if (before.startsWith('@') && !/^@(scope|supports)\b/i.test(before)) return false
  const compound = /[^\s>+~,]*$/.exec(before)?.[0] ?? ''
  return !/::|:(before|after|first-letter|first-line)\b/i.test(compound)
}
