// A form with `<input name="parentNode">` hides its own properties, and pages replace methods of `Node.prototype`. What
// capture reads it reads through the accessors that the browser had when this file was loaded.

type Read<T> = (node: Node) => T

function getter<T>(prototype: object, name: string): Read<T> {
  const get = Object.getOwnPropertyDescriptor(prototype, name)!.get as () => T
  return (node) => get.call(node)
}

export const parentNode = getter<ParentNode & Node>(Node.prototype, 'parentNode') as Read<(ParentNode & Node) | null>
export const firstChild = getter<ChildNode | null>(Node.prototype, 'firstChild')
export const nextSibling = getter<ChildNode | null>(Node.prototype, 'nextSibling')
export const previousSibling = getter<ChildNode | null>(Node.prototype, 'previousSibling')
export const nodeType = getter<number>(Node.prototype, 'nodeType')
export const isConnected = getter<boolean>(Node.prototype, 'isConnected')
export const data = getter<string>(CharacterData.prototype, 'data')
export const localName = getter<string>(Element.prototype, 'localName')
export const namespaceUri = getter<string | null>(Element.prototype, 'namespaceURI')
export const openShadowRoot = getter<ShadowRoot | null>(Element.prototype, 'shadowRoot')
export const scrollTop = getter<number>(Element.prototype, 'scrollTop')
export const scrollLeft = getter<number>(Element.prototype, 'scrollLeft')

export const defaultView = getter<(Window & typeof globalThis) | null>(Document.prototype, 'defaultView')
export const compatMode = getter<string>(Document.prototype, 'compatMode')
export const doctype = getter<DocumentType | null>(Document.prototype, 'doctype')
export const isHidden = getter<boolean>(Document.prototype, 'hidden')
const documentSheets = getter<CSSStyleSheet[]>(Document.prototype, 'adoptedStyleSheets')

/** The constructed sheets of a document or shadow root. */
export const adoptedSheets = (root: Document | ShadowRoot): readonly CSSStyleSheet[] =>
  nodeType(root) === NODE_DOCUMENT ? documentSheets(root) : root.adoptedStyleSheets

const { querySelectorAll: nativeQuery } = Document.prototype

/** All elements of a document or shadow root that a selector names. */
export const queryAll = (root: Document | ShadowRoot, selector: string): Iterable<Element> =>
  nodeType(root) === NODE_DOCUMENT ? nativeQuery.call(root, selector) : root.querySelectorAll(selector)

const { getRootNode: nativeRootNode } = Node.prototype

/** The document, shadow root or detached top that a node is in. */
export const rootOf = (node: Node): Node => nativeRootNode.call(node)

const { getAttribute: nativeGetAttribute, hasAttributes: nativeHasAttributes } = Element.prototype
const { getAttributeNames: nativeGetAttributeNames, getAttributeNode: nativeGetAttributeNode } = Element.prototype
const { matches: nativeMatches } = Element.prototype

export const getAttribute = (element: Element, name: string): string | null => nativeGetAttribute.call(element, name)
export const hasAttributes = (element: Element): boolean => nativeHasAttributes.call(element)
export const attributeNames = (element: Element): string[] => nativeGetAttributeNames.call(element)
export const attributeNode = (element: Element, name: string): Attr | null => nativeGetAttributeNode.call(element, name)
export const matches = (element: Element, selector: string): boolean => nativeMatches.call(element, selector)

export const NODE_ELEMENT = 1
export const NODE_TEXT = 3
export const NODE_CDATA = 4
export const NODE_INSTRUCTION = 7
export const NODE_COMMENT = 8
export const NODE_DOCUMENT = 9
export const NODE_DOCTYPE = 10
export const NODE_FRAGMENT = 11
