// A form with `<input name="parentNode">` hides its own properties, and pages replace methods of `Node.prototype`. What
// capture reads it reads through the accessors that the browser had when this file was loaded.

type Read<T> = (node: Node) => T

function getter<T>(prototype: object, name: string): Read<T> {
  const get = Object.getOwnPropertyDescriptor(prototype, name)!.get as () => T
  return (node) => get.call(node)
}

/** What answers with a node. The browser makes the object for a node that no script has touched yet in the realm of the
 *  function that was asked: asked through our realm, an input in a frame would be no `HTMLInputElement` to its page. */
interface Walk {
  parentNode: Read<(ParentNode & Node) | null>
  firstChild: Read<ChildNode | null>
  nextSibling: Read<ChildNode | null>
  previousSibling: Read<ChildNode | null>
  shadowRoot: Read<ShadowRoot | null>
  queryAll(document: Node, selector: string): Iterable<Element>
  closest(element: Element, selector: string): Element | null
  rootOf: Read<Node>
}

function walkIn(view: typeof globalThis): Walk {
  const node = view.Node.prototype
  const { querySelectorAll } = view.Document.prototype
  const { closest } = view.Element.prototype
  const { getRootNode } = node
  return {
    parentNode: getter(node, 'parentNode'),
    firstChild: getter(node, 'firstChild'),
    nextSibling: getter(node, 'nextSibling'),
    previousSibling: getter(node, 'previousSibling'),
    shadowRoot: getter(view.Element.prototype, 'shadowRoot'),
    queryAll: (document, selector) => querySelectorAll.call(document as Document, selector),
    closest: (element, selector) => closest.call(element, selector),
    rootOf: (inner) => getRootNode.call(inner),
  }
}

const own = walkIn(globalThis)
/** The documents of other realms; undefined while there is none, so that pages without frames pay nothing. */
let others: WeakMap<Document, Walk> | undefined

export const ownerDocument = getter<Document | null>(Node.prototype, 'ownerDocument')

/** Learns how to ask a document of another window. Called before anything in it is read. */
export function enterRealm(document: Document): void {
  const view = defaultView(document)
  if (!view || view === window || others?.has(document)) return
  others ??= new WeakMap()
  others.set(document, walkIn(view))
}

function walk(node: Node): Walk {
  if (!others) return own
  return others.get(ownerDocument(node) ?? (node as Document)) ?? own
}

export const parentNode: Walk['parentNode'] = (node) => walk(node).parentNode(node)
export const firstChild: Walk['firstChild'] = (node) => walk(node).firstChild(node)
export const nextSibling: Walk['nextSibling'] = (node) => walk(node).nextSibling(node)
export const previousSibling: Walk['previousSibling'] = (node) => walk(node).previousSibling(node)
export const openShadowRoot: Walk['shadowRoot'] = (element) => walk(element).shadowRoot(element)
export const closest: Walk['closest'] = (element, selector) => walk(element).closest(element, selector)

/** The document, shadow root or detached top that a node is in. */
export const rootOf: Walk['rootOf'] = (node) => walk(node).rootOf(node)

/** A property of a document or shadow root, whatever the page's elements are called: `<form name="getSelection">` lays
 *  itself over it. */
const ask = <Name extends keyof Document>(root: Document | ShadowRoot, name: Name): Document[Name] =>
  Reflect.get(Object.getPrototypeOf(root), name, root)

/** What is selected in a document; in a shadow root where the browser tells it there. */
export const selectionOf = (root: Document | ShadowRoot): Selection | null =>
  (ask(root, 'getSelection') as Document['getSelection'] | undefined)?.call(root) ?? null

export const animationsIn = (root: Document | ShadowRoot): Animation[] => ask(root, 'getAnimations').call(root)

export const nodeType = getter<number>(Node.prototype, 'nodeType')
export const isConnected = getter<boolean>(Node.prototype, 'isConnected')
export const data = getter<string>(CharacterData.prototype, 'data')
export const localName = getter<string>(Element.prototype, 'localName')
export const namespaceUri = getter<string | null>(Element.prototype, 'namespaceURI')
export const scrollTop = getter<number>(Element.prototype, 'scrollTop')
export const scrollLeft = getter<number>(Element.prototype, 'scrollLeft')

export const defaultView = getter<(Window & typeof globalThis) | null>(Document.prototype, 'defaultView')
export const compatMode = getter<string>(Document.prototype, 'compatMode')
export const doctype = getter<DocumentType | null>(Document.prototype, 'doctype')
export const isHidden = getter<boolean>(Document.prototype, 'hidden')
/** The constructed sheets of a document or shadow root. */
export const adoptedSheets = (root: Document | ShadowRoot): readonly CSSStyleSheet[] => ask(root, 'adoptedStyleSheets')

export const baseUri = getter<string>(Node.prototype, 'baseURI')

/** All elements of a document or shadow root that a selector names. */
export const queryAll = (root: Document | ShadowRoot, selector: string): Iterable<Element> =>
  nodeType(root) === NODE_DOCUMENT ? walk(root).queryAll(root, selector) : root.querySelectorAll(selector)

const { getAttribute: nativeGetAttribute, hasAttributes: nativeHasAttributes } = Element.prototype
const { getAttributeNames: nativeGetAttributeNames, getAttributeNode: nativeGetAttributeNode } = Element.prototype
const { matches: nativeMatches, getAttributeNodeNS: nativeGetAttributeNodeNS } = Element.prototype

export const getAttribute = (element: Element, name: string): string | null => nativeGetAttribute.call(element, name)
export const hasAttributes = (element: Element): boolean => nativeHasAttributes.call(element)
export const attributeNames = (element: Element): string[] => nativeGetAttributeNames.call(element)
export const attributeNode = (element: Element, name: string): Attr | null => nativeGetAttributeNode.call(element, name)
export const matches = (element: Element, selector: string): boolean => nativeMatches.call(element, selector)

export const attributeNodeNS = (element: Element, namespace: string | null, name: string): Attr | null =>
  nativeGetAttributeNodeNS.call(element, namespace, name)
export const formFields = getter<HTMLFormControlsCollection>(HTMLFormElement.prototype, 'elements')

export const NODE_ELEMENT = 1
export const NODE_TEXT = 3
export const NODE_CDATA = 4
export const NODE_INSTRUCTION = 7
export const NODE_COMMENT = 8
export const NODE_DOCUMENT = 9
export const NODE_DOCTYPE = 10
export const NODE_FRAGMENT = 11
