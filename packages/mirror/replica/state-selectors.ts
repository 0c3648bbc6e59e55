import { type AssetAddress, safeCss } from '../wire/index.ts'

/** Before the names of the attributes that stand for pseudo-classes in the copy. */
export const MARK_PREFIX = 'alongside-'

/** A pseudo-class that only the customer's browser can answer. Not what an escape is part of, nor of a longer name. */
const ASKED =
  /(?<!\\):(hover|active|focus|focus-within|focus-visible|target|autofill|-webkit-autofill|user-valid|user-invalid|fullscreen|-webkit-full-screen|defined)(?![\w-])/gi

/** How far back a pseudo-element may stand, in characters: longer compounds are nobody's, and looking is quadratic. */
const MAX_COMPOUND = 200

const ALIASES: Readonly<Record<string, string>> = {
  '-webkit-autofill': 'autofill',
  '-webkit-full-screen': 'fullscreen',
}

/** CSS text as the copy may hold it, whose selectors find the state of the customer's page. */
export function shownCss(css: string, asset: AssetAddress): string {
  const safe = safeCss(css, asset)
  // What stands between two of these is looked at once: a sheet may name a thousand states in one selector.
  let stretch = { start: 0, end: -1, isSelector: false }
  return safe.replace(ASKED, (pseudo, name: string, at: number) => {
    if (at > stretch.end) stretch = stretchAt(safe, at, stretch.end)
    if (!stretch.isSelector || hasPseudoElement(safe.slice(Math.max(stretch.start, at - MAX_COMPOUND), at)))
      return pseudo
    const key = name.toLowerCase()
    return key === 'defined' ? `:not([${MARK_PREFIX}undefined])` : `[${MARK_PREFIX}${ALIASES[key] ?? key}]`
  })
}

/** Whether a place is in the selector of a rule: a block follows, and it is no at-rule but one that takes selectors. */
function stretchAt(css: string, at: number, after: number) {
  let start = at
  while (start > after + 1 && !'{};'.includes(css[start - 1]!)) start--
  let end = at
  while (end < css.length && !'{};'.includes(css[end]!)) end++
  const before = withoutComments(css.slice(start, at)).trimStart()
  const isSelector = css[end] === '{' && (!before.startsWith('@') || /^@(scope|supports)\b/i.test(before))
  return { start, end, isSelector }
}

/** Whether what stands before a place in a selector ends with a pseudo-element, which takes pseudo-classes alone. */
function hasPseudoElement(before: string): boolean {
  const compound = /[^\s>+~,]*$/.exec(withoutComments(before))?.[0] ?? ''
  return /::|:(before|after|first-letter|first-line)\b/i.test(compound)
}

/** By hand: a pattern would look for the end of each comment that has none. */
function withoutComments(css: string): string {
  let kept = ''
  for (let at = 0; ; ) {
    const from = css.indexOf('/*', at)
    if (from < 0) return kept + css.slice(at)
    kept += `${css.slice(at, from)} `
    at = css.indexOf('*/', from + 2) + 2
    if (at === 1) return kept
  }
}
