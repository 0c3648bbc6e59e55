// A page's forms hide properties by the names of their fields, and its scripts replace functions. What is read here is
// the browser's own, for elements of any window of this origin.

const call =
  <Self, Args extends unknown[], Result>(run: (this: Self, ...args: Args) => Result) =>
  (self: Self, ...args: Args): Result =>
    run.apply(self, args)

function getter<Self, Result>(prototype: object, name: string): (self: Self) => Result {
  return call(Object.getOwnPropertyDescriptor(prototype, name)!.get as (this: Self) => Result)
}

export const boundingBox = call(Element.prototype.getBoundingClientRect)
export const parentElement = getter<Node, Element | null>(Node.prototype, 'parentElement')
export const assignedSlot = getter<Element, HTMLSlotElement | null>(Element.prototype, 'assignedSlot')
export const openRoot = getter<Element, ShadowRoot | null>(Element.prototype, 'shadowRoot')
export const ownerDocument = getter<Node, Document>(Node.prototype, 'ownerDocument')
export const isConnected = getter<Node, boolean>(Node.prototype, 'isConnected')
export const rootOf = call(Node.prototype.getRootNode)
export const hostOf = getter<ShadowRoot, Element>(ShadowRoot.prototype, 'host')
export const windowOf = getter<Document, (Window & typeof globalThis) | null>(Document.prototype, 'defaultView')
export const bodyOf = getter<Document, HTMLElement | null>(Document.prototype, 'body')
export const rootElement = getter<Document, HTMLElement | null>(Document.prototype, 'documentElement')
export const queryAll = call(Document.prototype.querySelectorAll) as (
  document: Document,
  selector: string,
) => NodeListOf<Element>
const inDocument = call(Document.prototype.elementsFromPoint)
const inShadow = call(ShadowRoot.prototype.elementsFromPoint)
const contentDocument = getter<Element, Document | null>(HTMLIFrameElement.prototype, 'contentDocument')
const visible = Element.prototype.checkVisibility as Element['checkVisibility'] | undefined

export function isDocument(root: Node): root is Document {
  return nodeType(root) === Node.DOCUMENT_NODE
}

export function isShadowRoot(root: Node): root is ShadowRoot {
  return nodeType(root) === Node.DOCUMENT_FRAGMENT_NODE
}

const nodeType = getter<Node, number>(Node.prototype, 'nodeType')

/** Topmost first. */
export function elementsAt(root: Document | ShadowRoot, x: number, y: number): Element[] {
  return isDocument(root) ? inDocument(root, x, y) : inShadow(root, x, y)
}

/** Undefined for what is no frame, or one of another origin. */
export function contentOf(element: Element): Document | undefined {
  try {
    return contentDocument(element) ?? undefined
  } catch {
    // Not a frame: the browser's own getter takes no other element.
    return undefined
  }
}

/** Whether an element is rendered, and not made invisible. */
export function isShown(element: Element): boolean {
  if (!visible) return element.getClientRects().length > 0
  return visible.call(element, { visibilityProperty: true, opacityProperty: true })
}

/** Computed by the element's own window: another one answers with nothing for a document that is not its own. */
export function styleOf(element: Element): CSSStyleDeclaration {
  return (windowOf(ownerDocument(element)) ?? window).getComputedStyle(element)
}

/** Borders, and the sizes of a box as it is laid out, before transforms. */
export const metrics = {
  clientLeft: getter<Element, number>(Element.prototype, 'clientLeft'),
  clientTop: getter<Element, number>(Element.prototype, 'clientTop'),
  clientWidth: getter<Element, number>(Element.prototype, 'clientWidth'),
  clientHeight: getter<Element, number>(Element.prototype, 'clientHeight'),
}
