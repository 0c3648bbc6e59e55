/** The version in a frame's first byte; a replica refuses any other. */
export const WIRE_VERSION = 1

/** The operations of a frame, in the order in which one flush writes them. */
export const OPS = {
  document: 1,
  remove: 2,
  insert: 3,
  attribute: 4,
  removeAttribute: 5,
  text: 6,
  splice: 7,
  sheetText: 8,
  sheetRules: 9,
  newSheet: 10,
  adopt: 11,
  state: 12,
  release: 13,
  guest: 14,
  picture: 15,
  animation: 16,
} as const

/** The items of an `insert`, in the low four bits of an item's first byte. */
export const ITEMS = {
  end: 0,
  html: 1,
  svg: 2,
  mathml: 3,
  foreign: 4,
  text: 5,
  comment: 6,
  doctype: 7,
  cdata: 8,
  instruction: 9,
  shadow: 10,
  document: 11,
  known: 12,
} as const

/** Flags in the high four bits of an item's first byte. */
export const ITEM_FLAGS = {
  /** Attributes follow the name. */
  attributes: 0x10,
  /** Child items follow, up to `end`. */
  children: 0x20,
  /** The id follows; without it the id is the one before it plus one. */
  id: 0x40,
} as const

/** Flags of a `sheetRules` operation. */
export const SHEET_FLAGS = {
  /** The rules replace all that the sheet had. */
  replace: 1,
  disabled: 2,
} as const

/** Bits of a `checked` state. */
export const CHECKED = { checked: 1, indeterminate: 2 } as const

/** The kinds of a `state` operation. */
export const STATES = {
  value: 1,
  checked: 2,
  selected: 3,
  topLayer: 4,
  scroll: 5,
  viewport: 6,
  marks: 7,
  selection: 8,
  caret: 9,
  media: 10,
} as const

/** Pseudo-classes that only the customer's browser can answer; the bits of a `marks` state, from the lowest on. */
export const MARKS = [
  'hover',
  'active',
  'focus',
  'focus-visible',
  'target',
  'autofill',
  'user-valid',
  'user-invalid',
  'fullscreen',
  'not(:defined)',
  // A native picker is open.
  'is(select, input):open',
] as const

/** What of a device and its owner's choices media queries ask: the first numbers of a `media` state, in this order. A
 *  value that is not here is the one left when no other holds. */
export const MEDIA =
  'prefers-color-scheme:dark prefers-reduced-motion:reduce prefers-contrast:more forced-colors:active pointer:coarse pointer:fine any-pointer:coarse any-pointer:fine hover:hover any-hover:hover color-gamut:srgb color-gamut:p3 display-mode:standalone display-mode:fullscreen'

/** The first byte of a `picture`: a tile and where it belongs, none any more, or one that no script may read. */
export const PICTURES = { tile: 0, clear: 1, unreadable: 2 } as const

/** Before the encoded bytes of a tile: its kind, and its left and top in two bytes each. */
export const TILE_HEAD_BYTES = 5

/** Parsing modes of a document, as `document` carries them. */
export const MODES = { standards: 0, limitedQuirks: 1, quirks: 2 } as const

/** How an element stands in the top layer. */
export const TOP_LAYER = { none: 0, modal: 1, popover: 2 } as const

/** The id of the outermost document in every stream. */
export const ROOT_ID = 1

export const HTML_NS = 'http://www.w3.org/1999/xhtml'
export const SVG_NS = 'http://www.w3.org/2000/svg'
export const MATHML_NS = 'http://www.w3.org/1998/Math/MathML'

/** Strings longer than this are never interned: they seldom come twice. */
export const MAX_INTERNED_LENGTH = 48

/** Entries of a stream's dictionary; later strings are written in full. About 2 MB at most on each side. */
export const MAX_INTERNED = 32_768

/** String codes below the first dictionary reference. */
export const STRINGS = {
  /** UTF-8, becomes the next entry of the dictionary. */
  interned: 0,
  /** UTF-8, used once. */
  literal: 1,
  /** UTF-16 code units, for strings with lone surrogates, which UTF-8 cannot carry. */
  utf16: 2,
  /** No string: the end of a list. */
  none: 3,
  /** The first entry of the dictionary. */
  firstReference: 4,
} as const
