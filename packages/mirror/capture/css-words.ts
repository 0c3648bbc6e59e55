import { takes } from './css-own.ts'
import { queryAll } from './natives.ts'

/** Keywords that no single property takes alone. */
const PART_KEYWORDS = new Set(
  'important from to at in auto-fill auto-fit circle ellipse round inset infinite srgb oklab oklch disc decimal orientation portrait landscape open-quote close-quote'.split(
    ' ',
  ),
)

/** Properties that take keywords and no name of the page's own. */
let tested: string[] | undefined

const keywords = new Map<string, boolean>()

/** Whether a word belongs to CSS and not to the page. */
export function isCssWord(word: string): boolean {
  const lower = word.toLowerCase()
  let known = keywords.get(lower)
  if (known !== undefined) return known
  tested ??= [...getComputedStyle([...queryAll(document, ':root')][0]!)].filter((name) => !takes(name, 'k0z'))
  known = PART_KEYWORDS.has(lower) || takes(lower, 'inherit') || tested.some((name) => takes(name, lower))
  if (keywords.size < 10_000) keywords.set(lower, known)
  return known
}
