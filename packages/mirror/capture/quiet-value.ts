import { type CssToken, quoteCss } from '../wire/css-tokens.ts'
import { escapeName, takes, takesAnyName } from './css-own.ts'
import { isCssWord } from './css-words.ts'
import { neutralSymbols } from './neutral.ts'
import { ASKED, type CssNames } from './quiet-names.ts'
import { quietPicture } from './quiet-picture.ts'

/** Where a value stands. */
export interface ValuePlace {
  property: string
  /** Idents and numbers of the page's own choosing are renamed. */
  strict: boolean
  pictures: boolean
}

/** Functions whose quoted strings are addresses. */
const ADDRESSES = new Set(['url', 'src', 'image', 'image-set', '-webkit-image-set', 'cross-fade'])

/** Functions go by their form: what CSS will have tomorrow draws too. */
const FUNCTION = /^-?[a-z-]{1,24}(3d|[xyz])?$/i

/** Words of the families that computers bring, and the generic ones. */
const FONT_WORDS = new Set(
  'arial helvetica neue segoe ui roboto noto sans serif mono system-ui -apple-system blinkmacsystemfont georgia times new roman courier verdana tahoma menlo monaco consolas emoji sans-serif monospace cursive fantasy math ui-serif ui-sans-serif ui-monospace ui-rounded'.split(
    ' ',
  ),
)

function isFont(name: string): boolean {
  return name
    .toLowerCase()
    .split(/\s+/)
    .every((word) => FONT_WORDS.has(word))
}

/** A declaration's value without what it spells: strings are dots, names of the page's own are renamed, numbers that are
 *  no measure are zero. */
export function quietValue(tokens: readonly CssToken[], place: ValuePlace, names: CssNames): string {
  let out = ''
  let large = 0
  const open: string[] = []
  for (const token of tokens) {
    const { kind, text, source } = token
    if (kind === '"') out += `"${quoteCss(quietString(text, open, place, names))}"`
    else if (kind === 'a') out += quietIdent(token, open.at(-1), place, names)
    else if (kind === 'f') {
      out += !place.strict || FUNCTION.test(text) ? source : `${escapeName(names.rename(text))}(`
      open.push(text.toLowerCase())
    } else if (kind === '#') out += /^([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i.test(text) ? source : '#000'
    else if (kind === '0' && place.strict) {
      const value = Number.parseFloat(source)
      const unit = source.replace(/^[\d.]+(e[+-]?\d+)?/i, '')
      if (value >= 1_000 && !unit) large++
      const isMeasure = value < 100_000 && large < 2 && unit.length <= 5
      out += isMeasure ? `${Math.round(value * 1e4) / 1e4}${unit}` : '0'
    } else {
      if (kind === '(') open.push('')
      else if (kind === ')') open.pop()
      out += kind === ' ' ? ' ' : source
    }
  }
  return out
}

function quietString(text: string, open: string[], place: ValuePlace, names: CssNames): string {
  if (open.some((name) => ADDRESSES.has(name))) return quietAddress(text, place, names)
  const inside = open.at(-1)
  if (inside === 'format') return /^(woff2?|truetype|opentype|svg|embedded-opentype)$/.test(text) ? text : ''
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

function quietIdent(
  { text, source }: CssToken,
  inside: string | undefined,
  { property, strict }: ValuePlace,
  names: CssNames,
): string {
  if (inside === 'attr') names.shows(text.toLowerCase())
  if (!strict || text.startsWith('--') || inside === 'attr' || inside === 'env') return source
  if (!TAKES_NAMES.test(property) && !takesAnyName(property) && takes(property, text)) return source
  const quiet = quietWord(text, names)
  return quiet === text ? source : escapeName(quiet)
}

/** A name as every sheet of the page says it. */
function quietWord(word: string, names: CssNames): string {
  return isCssWord(word) || FONT_WORDS.has(word.toLowerCase()) ? word : names.rename(word)
}

/** Properties that take names of the page's own choosing. */
export const TAKES_NAMES =
  /^(-webkit-)?(--|animation|container|content|counter|font|grid|list-style|page|view-transition|view-timeline|scroll-timeline|timeline|anchor|position-|string-set|voice|quotes)/
