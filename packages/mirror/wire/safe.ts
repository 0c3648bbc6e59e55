import { type CssAddress, rewriteCss } from './css.ts'
import { HTML_NS, MATHML_NS, SVG_NS } from './format.ts'

/** Elements that the copy must never hold, and the inert element of the same namespace that stands for each. `template`
 *  and `defs` are not shown, `img` without an address keeps a box, `style` takes the rules of a linked sheet. */
const HTML_STAND_INS: Readonly<Record<string, string>> = {
  script: 'template',
  noscript: 'template',
  noembed: 'template',
  noframes: 'template',
  base: 'template',
  template: 'template',
  bgsound: 'template',
  meta: 'template',
  object: 'img',
  embed: 'img',
  applet: 'img',
  portal: 'img',
  fencedframe: 'img',
  link: 'style',
}

const SVG_STAND_INS: Readonly<Record<string, string>> = { script: 'defs', handler: 'defs', listener: 'defs' }

/** Elements whose children the copy does not show, so that they never leave the page. */
const HTML_OPAQUE = new Set([...Object.keys(HTML_STAND_INS), 'iframe', 'frame'])

/** The local name under which the copy holds an element. */
export function standIn(namespace: string | null, localName: string): string {
  const name = localName.toLowerCase()
  const table = namespace === HTML_NS ? HTML_STAND_INS : namespace === SVG_NS ? SVG_STAND_INS : undefined
  return table && Object.hasOwn(table, name) ? table[name]! : localName
}

export function isOpaque(namespace: string | null, localName: string): boolean {
  const name = localName.toLowerCase()
  if (namespace === HTML_NS) return HTML_OPAQUE.has(name)
  return namespace === SVG_NS && Object.hasOwn(SVG_STAND_INS, name)
}

/** Elements that hold a document of their own. */
export function isFrame(namespace: string | null, localName: string): boolean {
  return namespace === HTML_NS && (localName === 'iframe' || localName === 'frame')
}

/** Attributes that name an address in some element, or do more than describe. None is ever written as it is. */
const ACTIVE = new Set([
  'action',
  'archive',
  'attributionsrc',
  'autofocus',
  'autoplay',
  'background',
  'cite',
  'classid',
  'codebase',
  'content',
  'data',
  'download',
  'dynsrc',
  'formaction',
  'href',
  'http-equiv',
  'imagesrcset',
  'integrity',
  'is',
  'longdesc',
  'lowsrc',
  'manifest',
  'nonce',
  'ping',
  'popovertarget',
  'poster',
  'profile',
  'shadowrootmode',
  'src',
  'srcdoc',
  'srcset',
  'target',
  'xlink:href',
  'xml:base',
])

/** SVG animations may not be aimed at these. */
const NOT_ANIMATED = /^(on|.*href$|src|style)/i

const ANIMATED_VALUES = new Set(['values', 'to', 'from', 'by'])
const SCRIPT_ADDRESS = /(^|;)\s*(java|vb)script:/i

/** Pictures that carry themselves; an SVG in an image runs no script and loads nothing. */
const DATA_PICTURE = /^data:image\//i
const DATA_FONT = /^data:(font\/|application\/(x-)?font|image\/)/i

/** The value with which the copy may hold an attribute, or undefined for none. Capture and replica both ask it, so that
 *  either alone keeps the copy inert. Idempotent. */
export function safeAttribute(
  namespace: string | null,
  localName: string,
  attribute: string,
  value: string,
): string | undefined {
  const name = attribute.toLowerCase()
  if (name.startsWith('on')) return undefined
  if (ACTIVE.has(name) || name.endsWith(':href')) return safeAddress(namespace, localName, name, value)
  if (namespace === HTML_NS && (localName === 'meta' || localName === 'base' || localName === 'script'))
    return undefined
  if (localName === 'link' && name === 'title') return undefined
  if (name === 'style') return rewriteCss(value, safeCssAddress)
  if (ANIMATED_VALUES.has(name) && SCRIPT_ADDRESS.test(value)) return undefined
  if (name === 'attributename' && NOT_ANIMATED.test(value.trim())) return undefined
  if (namespace !== HTML_NS && (value.includes('(') || value.includes('\\'))) return rewriteCss(value, safeCssAddress)
  return value
}

function safeAddress(namespace: string | null, localName: string, name: string, value: string): string | undefined {
  const address = value.trim()
  if (name === 'href' || name.endsWith(':href')) {
    if (namespace === MATHML_NS) return undefined
    const isLink = (namespace === HTML_NS && (localName === 'a' || localName === 'area')) || localName === 'a'
    // Links keep `#` so that `:link` and the browser's own link style hold; it leads nowhere.
    if (isLink) return '#'
    if (namespace !== SVG_NS) return undefined
    return address.startsWith('#') || DATA_PICTURE.test(address) ? address : undefined
  }
  if (name === 'src' && namespace === HTML_NS && (localName === 'img' || localName === 'input'))
    return DATA_PICTURE.test(address) ? address : undefined
  return undefined
}

/** Which addresses CSS in the copy may hold: parts of the same document, and pictures and fonts that carry themselves. */
export const safeCssAddress: CssAddress = (address) =>
  address.startsWith('#') || DATA_FONT.test(address) ? address : undefined

/** CSS text as the copy may hold it. */
export function safeCss(css: string): string {
  return rewriteCss(css, safeCssAddress)
}
