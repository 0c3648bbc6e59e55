import { rewriteCss } from './css.ts'
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
  const table = namespace === HTML_NS ? HTML_STAND_INS : namespace === SVG_NS ? SVG_STAND_INS : undefined
  const name = localName.toLowerCase()
  return table && Object.hasOwn(table, name) ? table[name]! : localName
}

export function isOpaque(namespace: string | null, localName: string): boolean {
  if (namespace === HTML_NS) return HTML_OPAQUE.has(localName.toLowerCase())
  return namespace === SVG_NS && Object.hasOwn(SVG_STAND_INS, localName.toLowerCase())
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
  // The copy of a sandboxed frame could not be reached; it is in the sandbox of the whole copy.
  'sandbox',
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

/** What may become of an address that names a picture or a font elsewhere: the address to write instead, or none. Capture
 *  hands out keys of the asset store, the replica turns them into the store's addresses. */
export type AssetAddress = (address: string) => string | undefined

const noAsset: AssetAddress = () => undefined

/** The only thing that a `meta` of the copy says: in which colour schemes the page can be shown. */
const SCHEMES = /^(name color-scheme|content( +(only|light|dark))+)$/i

type AttributeKind = 'plain' | 'never' | 'address' | 'style' | 'target' | 'values'

const KINDS = new Map<string, AttributeKind>()

function attributeKind(attribute: string): AttributeKind {
  let kind = KINDS.get(attribute)
  if (kind) return kind
  const name = attribute.toLowerCase()
  if (name.startsWith('on')) kind = 'never'
  else if (ACTIVE.has(name) || name.endsWith(':href')) kind = 'address'
  else if (name === 'style') kind = 'style'
  else if (name === 'attributename') kind = 'target'
  else kind = ANIMATED_VALUES.has(name) ? 'values' : 'plain'
  // A page could invent names without end.
  if (KINDS.size < 10_000) KINDS.set(attribute, kind)
  return kind
}

/** The value with which the copy may hold an attribute, or undefined for none. Capture and replica both ask it, so that
 *  either alone keeps the copy inert. Idempotent where `asset` is. */
export function safeAttribute(
  namespace: string | null,
  localName: string,
  attribute: string,
  value: string,
  asset: AssetAddress = noAsset,
): string | undefined {
  const kind = attributeKind(attribute)
  if (kind === 'never') return undefined
  if (namespace === HTML_NS && localName === 'meta') return SCHEMES.test(`${attribute} ${value}`) ? value : undefined
  if (kind === 'address') return safeAddress(namespace, localName, attribute.toLowerCase(), value, asset)
  if (namespace === HTML_NS) {
    if (localName === 'base' || localName === 'script') return undefined
    if (localName === 'link' && attribute === 'title') return undefined
    return kind === 'style' ? safeCss(value, asset) : value
  }
  if (kind === 'values' && SCRIPT_ADDRESS.test(value)) return undefined
  if (kind === 'target' && NOT_ANIMATED.test(value.trim())) return undefined
  if (kind === 'style' || value.includes('(') || value.includes('\\')) return safeCss(value, asset)
  return value
}

function safeAddress(
  namespace: string | null,
  localName: string,
  name: string,
  value: string,
  asset: AssetAddress,
): string | undefined {
  const address = value.trim()
  if (name === 'href' || name.endsWith(':href')) {
    if (namespace === MATHML_NS) return undefined
    const isLink = (namespace === HTML_NS && (localName === 'a' || localName === 'area')) || localName === 'a'
    // Links keep `#` so that `:link` and the browser's own link style hold; it leads nowhere.
    if (isLink) return '#'
    if (namespace !== SVG_NS) return undefined
    if (address.startsWith('#')) return address
    return localName === 'image' || localName === 'feImage' ? safePicture(address, asset) : undefined
  }
  if (namespace !== HTML_NS) return undefined
  if (name === 'src' && (localName === 'img' || localName === 'input')) return safePicture(address, asset)
  return name === 'poster' && localName === 'video' ? safePicture(address, asset) : undefined
}

function safePicture(address: string, asset: AssetAddress): string | undefined {
  return DATA_PICTURE.test(address) ? address : asset(address)
}

/** CSS text as the copy may hold it: with addresses of parts of the same document, of pictures and fonts that carry
 *  themselves, and of assets. */
export function safeCss(css: string, asset: AssetAddress = noAsset): string {
  return rewriteCss(css, (address) => (address.startsWith('#') || DATA_FONT.test(address) ? address : asset(address)))
}
