import { quoteCss, readIdentifier, readString, startsIdentifier } from '../wire/css-tokens.ts'
import { neutralSymbols } from './neutral.ts'
import { quietPicture } from './quiet-picture.ts'
import type { CssNames } from './quiet-selector.ts'

/** Before an address of which it is not yet known whether it may be asked for. */
export const ASKED = 'asked:'

/** Where a value stands. */
export interface ValuePlace {
  property: string
  /** Idents and numbers of the page's own choosing are renamed. */
  strict: boolean
  pictures: boolean
}

/** Functions whose quoted strings are addresses. */
const ADDRESSES = new Set(['url', 'src', 'image', 'image-set', '-webkit-image-set', 'cross-fade'])

const FUNCTIONS =
  /^(-webkit-|-moz-)?(var|env|attr|calc|calc-size|min|max|clamp|round|mod|rem|abs|sign|sin|cos|tan|asin|acos|atan2?|pow|sqrt|hypot|log|exp|rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|color-mix|light-dark|(repeating-)?(linear|radial|conic)-gradient|gradient|url|image|image-set|cross-fade|element|translate(3d|[xyz])?|scale(3d|[xyz])?|rotate(3d|[xyz])?|skew[xy]?|matrix(3d)?|perspective|cubic-bezier|steps|linear|spring|blur|brightness|contrast|drop-shadow|grayscale|hue-rotate|invert|opacity|saturate|sepia|minmax|repeat|fit-content|format|tech|local|counters?|circle|ellipse|inset|rect|xywh|polygon|path|shape|ray|anchor|anchor-size|scroll|view|if|style|media|supports|symbols|stylistic|styleset|character-variant|swash|ornaments|annotation|type)$/i

const UNIT =
  /^(%|px|r?em|r?ex|r?ch|r?ic|r?lh|r?cap|[sld]?v(w|h|i|b|min|max)|cq(w|h|i|b|min|max)|cm|mm|q|in|pc|pt|deg|g?rad|turn|m?s|k?hz|dpi|dpcm|dppx|x|fr|db|st)$/i

/** Keywords that no single property takes alone. */
const PART_KEYWORDS = new Set(
  'important disc square decimal lower-alpha upper-alpha lower-roman upper-roman lower-latin upper-latin lower-greek decimal-leading-zero disclosure-open disclosure-closed auto-fill auto-fit from to at in srgb srgb-linear display-p3 a98-rgb prophoto-rgb rec2020 xyz xyz-d50 xyz-d65 hsl hwb lab lch oklab oklch longer shorter increasing decreasing hue closest-side closest-corner farthest-side farthest-corner circle ellipse round fill space dense span orientation portrait landscape open-quote close-quote no-open-quote no-close-quote jump-start jump-end jump-none jump-both start end infinite reverse alternate alternate-reverse running paused forwards backwards both normal nearest up down to-zero evenodd nonzero inset allow-discrete woff woff2 truetype opentype variations true false ease ease-in ease-out ease-in-out linear step-start step-end default active above below ltr rtl all none'.split(
    ' ',
  ),
)

/** Words of the families that computers bring. */
const FONT_WORDS = new Set(
  'arial helvetica neue segoe ui roboto ubuntu cantarell oxygen noto open inter sans serif mono monospace system-ui ui-sans-serif ui-serif ui-monospace ui-rounded -apple-system blinkmacsystemfont georgia times new roman courier verdana tahoma trebuchet ms menlo monaco consolas sfmono-regular sf liberation dejavu emoji symbol apple color cambria calibri candara palatino garamond impact lucida grande console droid fira code source pro avenir next hiragino pingfang microsoft yahei math fantasy cursive black light condensed narrow unicode book antiqua linotype'.split(
    ' ',
  ),
)

const TESTED = [
  ...'color display position float clear cursor overflow visibility resize width height filter isolation'.split(' '),
  ...'text-align vertical-align white-space font-weight font-style font-size font-stretch font-variant'.split(' '),
  ...'border-style border-width flex-direction flex-wrap justify-content align-items align-content'.split(' '),
  ...'background-repeat background-size background-position background-attachment background-clip'.split(' '),
  ...'object-fit list-style-position text-transform text-decoration-line text-overflow'.split(' '),
  ...'pointer-events user-select mix-blend-mode touch-action table-layout box-sizing word-break'.split(' '),
  ...'transition-timing-function animation-direction animation-fill-mode appearance scroll-snap-type'.split(' '),
]

const keywords = new Map<string, boolean>()

/** Whether a word belongs to CSS and not to the page. */
function isCssWord(word: string): boolean {
  const lower = word.toLowerCase()
  let known = keywords.get(lower)
  if (known !== undefined) return known
  known = PART_KEYWORDS.has(lower) || CSS.supports(lower, 'inherit') || TESTED.some((name) => CSS.supports(name, lower))
  if (keywords.size < 10_000) keywords.set(lower, known)
  return known
}

function isFont(name: string): boolean {
  return name
    .toLowerCase()
    .split(/\s+/)
    .every((word) => FONT_WORDS.has(word))
}

/** A declaration's value without what it spells: strings are dots, names of the page's own are renamed, numbers that are
 *  no measure are zero. */
export function quietValue(css: string, place: ValuePlace, names: CssNames): string {
  let out = ''
  let at = 0
  let large = 0
  const open: string[] = []
  while (at < css.length) {
    const char = css[at]!
    if (char === '/' && css[at + 1] === '*') {
      const end = css.indexOf('*/', at + 2)
      at = end < 0 ? css.length : end + 2
      out += ' '
    } else if (char === '"' || char === "'") {
      const { text, end } = readString(css, at, char)
      out += `"${quoteCss(quietString(text, open, place, names))}"`
      at = end
    } else if (startsIdentifier(css, at)) {
      const { text, end } = readIdentifier(css, at)
      const isCall = css[end] === '('
      out += isCall ? quietCall(text, place, names) : quietIdent(text, css.slice(at, end), open, place, names)
      if (isCall) open.push(text.toLowerCase())
      at = isCall ? end + 1 : end
    } else if (char === '#') {
      const { text, end } = readIdentifier(css, at + 1)
      out += /^([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(text) ? `#${text}` : '#000'
      at = Math.max(end, at + 1)
    } else if (place.strict && /[\d.]/.test(char) && /^\.?\d/.test(css.slice(at, at + 2))) {
      const number = /^(\d*\.?\d+(?:e[+-]?\d+)?)(%|[a-z]+)?/i.exec(css.slice(at, at + 60))!
      const [whole, digits = '', unit = ''] = number
      const value = Number(digits)
      if (value >= 1_000 && !unit) large++
      const isMeasure = value < 100_000 && large < 2 && (!unit || UNIT.test(unit))
      out += isMeasure ? `${Math.round(value * 1e4) / 1e4}${unit}` : '0'
      at += whole.length
    } else {
      if (char === '(') open.push('')
      else if (char === ')') open.pop()
      out += char
      at++
    }
  }
  return out
}

function quietString(text: string, open: string[], place: ValuePlace, names: CssNames): string {
  if (open.some((name) => ADDRESSES.has(name))) return quietAddress(text, place, names)
  const inside = open.at(-1)
  if (inside === 'format' || inside === 'tech') return isCssWord(text) ? text : 'woff2'
  if (inside === 'path') return /^[\s\d.,+\-eMLHVCSQTAZmlhvcsqtaz]*$/.test(text) ? text : ''
  const { property } = place
  if (property.startsWith('grid')) return text.replace(/[^\s.]+/g, (word) => quietWord(word, names))
  if (/^font-(feature|variation)/.test(property) && text.length === 4) return text
  if (/^font(-family)?$/.test(property) || inside === 'local') return isFont(text) ? text : names.rename(text)
  if (property === 'syntax') return /^[\s|+#*]*(<[a-z-]+>[\s|+#*]*)*$/.test(text) ? text : '*'
  if (place.strict && isFont(text)) return text
  return neutralSymbols(text)
}

function quietAddress(address: string, { property, pictures }: ValuePlace, names: CssNames): string {
  if (address.startsWith('#')) return `#${names.rename(address.slice(1))}`
  const isFont = property === 'src'
  if (!isFont && !pictures) return 'data:,'
  if (address.startsWith(ASKED)) return names.address(address.slice(ASKED.length)) ?? 'data:,'
  if (isFont) return /^data:(font|application)\//i.test(address) ? address : 'data:,'
  return quietPicture(address)
}

function quietCall(name: string, place: ValuePlace, names: CssNames): string {
  const known = !place.strict || FUNCTIONS.test(name) || name.startsWith('-no-')
  return `${known ? name : CSS.escape(names.rename(name))}(`
}

function quietIdent(text: string, source: string, open: string[], place: ValuePlace, names: CssNames): string {
  const inside = open.at(-1)
  if (inside === 'attr') names.shows(text.toLowerCase())
  if (!place.strict || text.startsWith('--') || inside === 'attr' || inside === 'env') return source
  if (!TAKES_NAMES.test(place.property) && CSS.supports(place.property, text)) return source
  const quiet = quietWord(text, names)
  return quiet === text ? source : CSS.escape(quiet)
}

/** A name as every sheet of the page says it. */
function quietWord(word: string, names: CssNames): string {
  return isCssWord(word) || FONT_WORDS.has(word.toLowerCase()) ? word : names.rename(word)
}

/** Properties that take names of the page's own choosing. */
export const TAKES_NAMES =
  /^(-webkit-)?(--|animation|container|content|counter|font|grid|list-style|page|view-transition|view-timeline|scroll-timeline|timeline|anchor|position-|string-set|voice|quotes)/
