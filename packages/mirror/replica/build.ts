import { type AssetAddress, HTML_NS, MATHML_NS, SVG_NS, safeAttribute, standIn, WireError } from '../wire/index.ts'
import {
  createElement,
  createElementNS,
  getAttribute,
  implementation,
  removeAttribute,
  setAttribute,
  setAttributeNode,
  setAttributeNS,
} from './natives.ts'

import { showDensity } from './picture-density.ts'

const NAMESPACES = new Set<string | null>([HTML_NS, SVG_NS, MATHML_NS])

/** Creates an element of the copy. Names that the parser takes and `createElementNS` refuses get a plain element. */
export function buildElement(document: Document, namespace: string | null, name: string): Element {
  const safeName = standIn(namespace, name)
  try {
    // `o:p` from the parser has no prefix; only `createElement` makes it so.
    if (namespace === HTML_NS && safeName.includes(':')) return createElement(document, safeName)
    // In other namespaces a prefix would turn `x:script` into a script.
    return createElementNS(document, namespace, NAMESPACES.has(namespace) ? safeName.replaceAll(':', '-') : safeName)
  } catch {
    return createElementNS(document, NAMESPACES.has(namespace) ? namespace : null, 'unknown')
  }
}

/** Gives an element an attribute as the wire names it, if the copy may hold it, and as the copy shows it. */
export function writeAttribute(
  element: Element,
  source: { namespace: string | null; name: string },
  wireName: string,
  value: string,
  asset: AssetAddress,
  shown: (name: string, safe: string) => string,
): void {
  const { namespace, name } = splitName(wireName)
  const allowed = safeAttribute(source.namespace, source.name, name, value, asset)
  if (allowed === undefined) return removeAttribute(element, name)
  const safe = shown(name, allowed)
  // Setting the size of a canvas empties it, the same size too.
  if (namespace === null && getAttribute(element, name) === safe) return
  try {
    if (namespace !== null) setAttributeNS(element, namespace, name, safe)
    else setAttribute(element, name, safe)
    if (name === 'src') showDensity(element)
  } catch {
    const attribute = parsedAttribute(name)
    if (!attribute) return
    attribute.value = safe
    setAttributeNode(element, attribute)
  }
}

export function eraseAttribute(element: Element, wireName: string): void {
  removeAttribute(element, splitName(wireName).name)
}

export function splitName(wireName: string): { namespace: string | null; name: string } {
  if (!wireName.startsWith(' ')) return { namespace: null, name: wireName }
  const [, namespace, name] = wireName.split(' ')
  if (!namespace || !name) throw new WireError('a name with a namespace has two parts')
  return { namespace, name }
}

/** An attribute with a name that only the parser accepts, like `@click` in some browsers. */
function parsedAttribute(name: string): Attr | undefined {
  if (/[\s"'<>/=\0]/.test(name)) return undefined
  const template = document.createElement('template')
  template.innerHTML = `<i ${name}></i>`
  return template.content.firstElementChild?.attributes[0]?.cloneNode() as Attr | undefined
}

export function buildDoctype(document: Document, name: string, publicId: string, systemId: string): Node {
  try {
    return implementation(document).createDocumentType(name, publicId, systemId)
  } catch {
    return implementation(document).createDocumentType('html', '', '')
  }
}
