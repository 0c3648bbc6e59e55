import { HTML_NS } from '../wire/index.ts'

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(' '))

/** Attributes whose values the page's own style sheets speak of by name, and nothing else shows. */
const NAME_ATTRIBUTES = setOf('class id part slot exportparts')

/** Slots by name, and the set that a style belongs to: a browser applies one set. */
const SCOPED_NAMES = new Set(['slot name', 'style title'])

/** Attributes that point to ids by name. */
const REFERENCES = setOf(
  'for list form usemap headers aria-labelledby aria-describedby aria-controls aria-owns aria-activedescendant',
)

/** Attributes that HTML knows, by the properties that stand for them. All others only serve the page's scripts and
 *  sheets. */
let known: ReadonlySet<string> | undefined

function isHtmlAttribute(name: string): boolean {
  known ??= new Set(
    Object.getOwnPropertyNames(window)
      .filter((type) => /^(HTML\w*)?Element$/.test(type))
      .flatMap((type) =>
        Object.getOwnPropertyNames((window as unknown as Record<string, typeof Element>)[type]!.prototype),
      )
      .map((property) => property.toLowerCase()),
  )
  return known.has(name)
}

export type AttributeRole = 'name' | 'reference' | 'own' | 'plain'

/** What an attribute is for: `own` ones are the page's, for its scripts and sheets alone. */
export function attributeRole(namespace: string | null, name: string, tag = ''): AttributeRole {
  if (NAME_ATTRIBUTES.has(name) || SCOPED_NAMES.has(`${tag} ${name}`)) return 'name'
  if (REFERENCES.has(name)) return 'reference'
  if (name.startsWith('aria-')) return 'plain'
  if (name.startsWith('data-')) return 'own'
  return namespace === HTML_NS && !isHtmlAttribute(name) ? 'own' : 'plain'
}

/** Words that attributes and selectors say of looks and kinds. They could only tell what the page's author chose. */
const LAYOUT_WORDS = setOf(
  'true false mixed off open closed none auto active horizontal vertical left right top bottom start end center middle small medium large dark light hidden ltr rtl hard soft text search tel url email password date month week time datetime-local number range color checkbox radio file submit image reset button menu menuitem listbox option dialog tab tablist tabpanel link list listitem img group presentation separator switch tooltip stylesheet',
)

/** Whether a value holds nothing but layout words, or two characters. */
export function isLayoutValue(value: string): boolean {
  if (value.length <= 2) return true
  const words = value
    .toLowerCase()
    .trim()
    .split(/[\s/]+/)
  return words.every((word) => LAYOUT_WORDS.has(word))
}

const listed = (names: string, may: (value: string, name: string) => boolean) =>
  names.split(' ').map((name) => [name, may] as const)

/** What a masked element may still say of itself: how it is laid out, not what it holds. */
const MASKED_ATTRIBUTES = new Map([
  ...listed('rows cols size colspan rowspan span width height border cellpadding cellspacing', (value) =>
    /^\d{1,4}(\.\d{1,2})?(px|%|em)?$/.test(value),
  ),
  ...listed(
    'dir type hidden contenteditable popover role align valign wrap rel aria-expanded aria-hidden aria-orientation aria-disabled',
    isLayoutValue,
  ),
  ...listed('disabled open multiple inert readonly required nowrap', (value, name) => !value || value === name),
  ...listed('viewbox', (value) => /^(\s*-?\d{1,5}(\.\d{1,3})?[\s,]*){4}$/.test(value)),
])

export function maySayMasked(name: string, value: string): boolean {
  return MASKED_ATTRIBUTES.get(name)?.(value, name) ?? false
}

/** A media query of plain words and measures; any other as this browser answers it now. */
export function safeMedia(media: string): string {
  const isPlain =
    media.match(/[^\s(),:<>=/]+/g)?.every((word) => /^([a-z-]+|[\d.]{1,7}[a-z]{0,4})$/i.test(word)) ?? true
  return isPlain ? media : matchMedia(media).matches ? 'all' : 'not all'
}
