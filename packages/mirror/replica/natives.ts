// The copy holds what a hostile page chose to put there, and names in it can hide properties of its forms and of its
// document (`<img name="createElement">`). The replica reads and writes only through these.

const call =
  <This, Args extends unknown[], Result>(method: (this: This, ...args: Args) => Result) =>
  (target: This, ...args: Args): Result =>
    method.call(target, ...args)

function accessor<T>(prototype: object, name: string): (target: object) => T {
  const get = Object.getOwnPropertyDescriptor(prototype, name)!.get as () => T
  return (target) => get.call(target)
}

export const createElementNS = call(Document.prototype.createElementNS) as (
  document: Document,
  namespace: string | null,
  name: string,
) => Element
export const createElement = call(Document.prototype.createElement) as (document: Document, name: string) => Element
export const createTextNode = call(Document.prototype.createTextNode)
export const createComment = call(Document.prototype.createComment)
export const implementation = accessor<DOMImplementation>(Document.prototype, 'implementation')
export const insertBefore = call(Node.prototype.insertBefore) as (parent: Node, node: Node, next: Node | null) => Node
export const removeChild = call(Node.prototype.removeChild) as (parent: Node, node: Node) => Node
export const parentNode = accessor<Node | null>(Node.prototype, 'parentNode')
export const firstChild = accessor<ChildNode | null>(Node.prototype, 'firstChild')
export const lastChild = accessor<ChildNode | null>(Node.prototype, 'lastChild')
export const nextSibling = accessor<ChildNode | null>(Node.prototype, 'nextSibling')
export const nodeType = accessor<number>(Node.prototype, 'nodeType')
export const documentElement = accessor<Element | null>(Document.prototype, 'documentElement')
export const createRange = call(Document.prototype.createRange)
export const isConnected = accessor<boolean>(Node.prototype, 'isConnected')
export const getRootNode = call(Node.prototype.getRootNode as (this: Node) => Node)
export const matches = call(Element.prototype.matches)
export const ownerDocument = accessor<Document | null>(Node.prototype, 'ownerDocument')
export const data = accessor<string>(CharacterData.prototype, 'data')
export const getAttribute = call(Element.prototype.getAttribute)
export const getAttributeNS = call(Element.prototype.getAttributeNS)
export const removeAttributeNS = call(Element.prototype.removeAttributeNS)
export const scrollBy = call(Element.prototype.scrollBy as (this: Element, options: ScrollToOptions) => void)
export const scrollingElement = accessor<Element | null>(Document.prototype, 'scrollingElement')
export const shadowHost = (node: Node): Element | null => (isShadow(node) ? host(node) : null)
const host = accessor<Element>(ShadowRoot.prototype, 'host')
const isShadow = (node: Node): boolean => nodeType(node) === Node.DOCUMENT_FRAGMENT_NODE && 'host' in node
export const computedStyle = (document: Document, element: Element): CSSStyleDeclaration =>
  defaultView(document)!.getComputedStyle(element)
export const rangeBoxes = (node: Node): DOMRect[] => {
  const range = new Range()
  range.selectNodeContents(node)
  return [...range.getClientRects()]
}
export const setAttribute = call(Element.prototype.setAttribute)
export const setAttributeNS = call(Element.prototype.setAttributeNS)
export const removeAttribute = call(Element.prototype.removeAttribute)
export const setAttributeNode = call(Element.prototype.setAttributeNode)
export const attachShadow = call(Element.prototype.attachShadow)
export const shadowRoot = accessor<ShadowRoot | null>(Element.prototype, 'shadowRoot')
const adoptByDocument = Object.getOwnPropertyDescriptor(Document.prototype, 'adoptedStyleSheets')!.set!
const adoptByShadowRoot = Object.getOwnPropertyDescriptor(ShadowRoot.prototype, 'adoptedStyleSheets')!.set!
export const setAdoptedSheets = (root: Node, sheets: CSSStyleSheet[]): void =>
  (nodeType(root) === Node.DOCUMENT_NODE ? adoptByDocument : adoptByShadowRoot).call(root, sheets)
export const defaultView = accessor<(Window & typeof globalThis) | null>(Document.prototype, 'defaultView')
const iframeDocument = accessor<Document | null>(HTMLIFrameElement.prototype, 'contentDocument')
const frameDocument = accessor<Document | null>(HTMLFrameElement.prototype, 'contentDocument')
export const contentDocument = (frame: Node, name: string): Document | null =>
  name === 'frame' ? frameDocument(frame) : iframeDocument(frame)
export const open = call(Document.prototype.open as (this: Document) => Document)
export const write = call(Document.prototype.write) as (document: Document, text: string) => void
export const close = call(Document.prototype.close)
const documentElementAt = call(Document.prototype.elementFromPoint)
const shadowElementAt = call(ShadowRoot.prototype.elementFromPoint)
export const elementFromPoint = (root: Document | ShadowRoot, x: number, y: number): Element | null =>
  nodeType(root) === Node.DOCUMENT_NODE
    ? documentElementAt(root as Document, x, y)
    : shadowElementAt(root as ShadowRoot, x, y)
const documentElementById = call(Document.prototype.getElementById)
const shadowElementById = call(ShadowRoot.prototype.getElementById)
/** Null in what is no tree with names. */
export const getElementById = (root: Node, id: string): Element | null =>
  nodeType(root) === Node.DOCUMENT_NODE
    ? documentElementById(root as Document, id)
    : isShadow(root)
      ? shadowElementById(root as ShadowRoot, id)
      : null
export const boundingBox = call(Element.prototype.getBoundingClientRect)
export const clientLeft = accessor<number>(Element.prototype, 'clientLeft')
export const clientTop = accessor<number>(Element.prototype, 'clientTop')
export const offsetWidth = accessor<number>(HTMLElement.prototype, 'offsetWidth')
export const offsetHeight = accessor<number>(HTMLElement.prototype, 'offsetHeight')
export const namespaceUri = accessor<string | null>(Element.prototype, 'namespaceURI')
export const localName = accessor<string>(Element.prototype, 'localName')
