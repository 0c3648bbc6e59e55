import { HTML_NS, isFrame, isOpaque, MODES } from '../wire/index.ts'
import {
  compatMode,
  defaultView,
  doctype,
  enterRealm,
  firstChild,
  localName,
  NODE_DOCUMENT,
  NODE_ELEMENT,
  NODE_FRAGMENT,
  namespaceUri,
  nextSibling,
  nodeType,
  openShadowRoot,
  parentNode,
  previousSibling,
} from './natives.ts'

/** Frames within frames below this are shown empty. */
const MAX_FRAME_DEPTH = 8

// The composed tree that is mirrored: a shadow root is its host's first child, a frame's document its element's only
// child. Closed roots are known only when capture saw them being attached.
const closedRoots = new WeakMap<Element, ShadowRoot>()

/** Documents that are captured themselves: what is around them, though readable, is not part of the page. */
const outermost = new WeakSet<Document>()

export function noteOutermost(document: Document): void {
  outermost.add(document)
  enterRealm(document)
}

export function noteClosedRoot(host: Element, root: ShadowRoot): void {
  closedRoots.set(host, root)
}

export function shadowRootOf(element: Element): ShadowRoot | null {
  return openShadowRoot(element) ?? closedRoots.get(element) ?? null
}

/** The document in a frame, where its origin lets us read it and frames are not nested without end. */
export function frameDocument(element: Element): Document | null {
  try {
    const content = (element as HTMLIFrameElement).contentDocument
    if (!content || frameDepth(content) > MAX_FRAME_DEPTH) return null
    enterRealm(content)
    return content
  } catch {
    return null
  }
}

function frameDepth(document: Document): number {
  let depth = 0
  for (let at: Document | undefined = document; at && !outermost.has(at); depth++)
    at = defaultView(at)?.frameElement?.ownerDocument
  return depth
}

/** Whether a node's children are kept out of the mirror; a frame's document is not one of its children. */
export function isOpaqueElement(element: Element): boolean {
  return isOpaque(namespaceUri(element), localName(element))
}

export function isHtml(element: Element, name: string): boolean {
  return localName(element) === name && namespaceUri(element) === HTML_NS
}

export function composedParent(node: Node): Node | null {
  const parent = parentNode(node)
  if (parent) return parent
  const type = nodeType(node)
  if (type === NODE_FRAGMENT) return (node as ShadowRoot).host ?? null
  if (type !== NODE_DOCUMENT || outermost.has(node as Document)) return null
  try {
    return defaultView(node)?.frameElement ?? null
  } catch {
    return null
  }
}

export function composedFirst(node: Node): Node | null {
  if (nodeType(node) !== NODE_ELEMENT) return firstChild(node)
  return firstInElement(node as Element, namespaceUri(node), localName(node))
}

/** `composedFirst` for an element whose names are at hand. */
export function firstInElement(element: Element, namespace: string | null, name: string): Node | null {
  if (isOpaque(namespace, name)) return isFrame(namespace, name) ? frameDocument(element) : null
  return shadowRootOf(element) ?? firstChild(element)
}

export function composedNext(node: Node): Node | null {
  const next = nextSibling(node)
  if (next || nodeType(node) !== NODE_FRAGMENT) return next
  return firstChild((node as ShadowRoot).host)
}

export function composedPrevious(node: Node): Node | null {
  return previousSibling(node)
}

/** The parsing mode of a document; limited quirks by the public ids of the HTML standard, 13.2.6.4.1. */
export function documentMode(document: Document): number {
  if (compatMode(document) === 'BackCompat') return MODES.quirks
  const type = doctype(document)
  if (!type) return MODES.standards
  const id = type.publicId.toLowerCase()
  if (/^-\/\/w3c\/\/dtd xhtml 1\.0 (frameset|transitional)\/\//.test(id)) return MODES.limitedQuirks
  if (type.systemId && /^-\/\/w3c\/\/dtd html 4\.01 (frameset|transitional)\/\//.test(id)) return MODES.limitedQuirks
  return MODES.standards
}
