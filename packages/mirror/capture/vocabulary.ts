import { HTML_NS } from '../wire/index.ts'

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(' '))

/** Attributes whose values the page's own style sheets speak of by name, and nothing else shows. */
const NAME_ATTRIBUTES = setOf('class id part slot exportparts')

/** Attributes that point to ids by name. */
const REFERENCES = setOf(
  'for list form usemap headers itemref aria-labelledby aria-describedby aria-controls aria-owns aria-activedescendant aria-details aria-flowto aria-errormessage',
)

/** Attributes that mean something to a browser in HTML: they are shown or obeyed as they are. All others only serve the
 *  page's scripts and sheets. */
const HTML_ATTRIBUTES = setOf(
  'abbr accept accept-charset accesskey action align alink allow allowfullscreen alt as async autocapitalize autocomplete autofocus autoplay axis background bgcolor border bordercolor cellpadding cellspacing char charoff charset checked cite clear code codebase codetype color cols colspan command commandfor compact content contenteditable controls coords crossorigin data datetime declare decoding default defer dir dirname disabled download draggable enctype enterkeyhint face fetchpriority formaction formenctype formmethod formnovalidate formtarget frame frameborder height hidden high href hreflang hspace http-equiv imagesizes imagesrcset inert inputmode integrity is ismap itemid itemprop itemscope itemtype kind label lang language link loading longdesc loop low marginheight marginwidth max maxlength media method min minlength multiple muted name nohref nomodule nonce noresize noshade novalidate nowrap object open optimum pattern ping placeholder playsinline popover popovertarget popovertargetaction poster preload profile prompt readonly referrerpolicy rel required rev reversed role rows rowspan rules sandbox scheme scope scrolling selected shadowrootmode shape size sizes slot span spellcheck src srcdoc srclang srcset standby start step style summary tabindex target text title translate type valign value valuetype version vlink vspace width wrap xmlns',
)

export type AttributeRole = 'name' | 'reference' | 'own' | 'plain'

/** What an attribute is for: `own` ones are the page's, for its scripts and sheets alone. */
export function attributeRole(namespace: string | null, name: string, tag = ''): AttributeRole {
  if (NAME_ATTRIBUTES.has(name) || (name === 'name' && tag === 'slot')) return 'name'
  if (REFERENCES.has(name)) return 'reference'
  if (name.startsWith('aria-')) return 'plain'
  if (name.startsWith('data-')) return 'own'
  return namespace === HTML_NS && !HTML_ATTRIBUTES.has(name) ? 'own' : 'plain'
}

/** Words that attributes and selectors say of looks and kinds. They could only tell what the page's author chose. */
const LAYOUT_WORDS = setOf(
  'true false mixed page step location date time undefined off on open closed close none auto inherit active inactive horizontal vertical left right top bottom start end center middle baseline justify small medium large xs sm md lg xl dark light visible hidden show hide expanded collapsed until-found ltr rtl plaintext-only manual hint soft hard text search tel url email password date month week time datetime-local number range color checkbox radio file submit image reset button menu listbox tree grid dialog alert alertdialog application article banner cell columnheader combobox complementary contentinfo definition directory document feed figure form group heading img link list listitem log main marquee math menubar menuitem menuitemcheckbox menuitemradio navigation note option presentation progressbar radiogroup region row rowgroup rowheader scrollbar searchbox separator slider spinbutton status switch tab table tablist tabpanel term textbox timer toolbar tooltip treegrid treeitem stylesheet icon alternate screen print all style css module nofollow noopener noreferrer xminyminmeet xmidyminmeet xmaxyminmeet xminymidmeet xmidymid xmaxymid xminymax xmidymax xmaxymax meet slice',
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

const NUMBER = /^\d{1,4}(\.\d{1,2})?(px|%|em)?$/
const NUMBERS = /^-?\d{1,5}(\.\d{1,3})?([\s,]+-?\d{1,5}(\.\d{1,3})?){0,3}$/

/** What a masked element may still say of itself: how it is laid out, not what it holds. */
const MASKED_ATTRIBUTES = new Map<string, (value: string) => boolean>()
for (const name of 'rows cols size colspan rowspan span width height border cellpadding cellspacing'.split(' '))
  MASKED_ATTRIBUTES.set(name, (value) => NUMBER.test(value))
for (const name of 'dir type hidden contenteditable popover role align valign wrap rel aria-expanded aria-hidden aria-orientation aria-haspopup aria-modal aria-disabled'.split(
  ' ',
))
  MASKED_ATTRIBUTES.set(name, isLayoutValue)
for (const name of 'disabled open multiple inert readonly required nowrap'.split(' '))
  MASKED_ATTRIBUTES.set(name, (value) => value === '' || value.toLowerCase() === name)
MASKED_ATTRIBUTES.set('viewbox', (value) => NUMBERS.test(value.trim()))

export function maySayMasked(name: string, value: string): boolean {
  return MASKED_ATTRIBUTES.get(name)?.(value) ?? false
}

/** Words of media queries, cut at their hyphens. */
const MEDIA_WORDS = setOf(
  'screen print all not and or only min max width height orientation portrait landscape any hover pointer fine coarse none prefers color scheme reduced motion reduce no preference contrast data transparency custom dark light more less aspect ratio resolution px rem em dpi dppx dpcm x device update fast slow gamut srgb p3 rec2020 display mode standalone browser fullscreen forced active colors inverted monochrome grid overflow block inline scroll',
)

/** A media query of known words, or one that never holds. */
export function safeMedia(media: string): string {
  const words = media.toLowerCase().match(/[a-z_\u0080-\uffff][\w\-\u0080-\uffff]*/g) ?? []
  const known = words.every((word) => word.split('-').every((part) => MEDIA_WORDS.has(part)))
  return known && /^[\w\s(),:.\-<>=/]*$/.test(media) && !/\d{6}/.test(media) ? media : 'not all'
}
