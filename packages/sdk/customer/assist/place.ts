import { unshadowed } from '../page-document.ts'
/** The parent of a node as it is drawn: slots and hosts included. */
export function drawnParent(node: Node): Node | null {
  const own = unshadowed(node)
  const slot = (own as Element).assignedSlot
  return slot ?? (node instanceof windowOf(node).ShadowRoot ? node.host : own.parentNode)
}

/** Whether `inner` is drawn as a part of `outer`, or is it. */
export function isDrawnIn(inner: Node | null, outer: Element): boolean {
  for (let at = inner; at; at = drawnParent(at)) if (at === outer) return true
  return false
}

export function isDocument(node: Node): node is Document {
  return unshadowed(node).nodeType === Node.DOCUMENT_NODE
}

/** The window that an element lives in, whose constructors its events need. */
export function windowOf(node: Node): Window & typeof globalThis {
  const document = isDocument(node) ? node : unshadowed(node).ownerDocument
  return (document && unshadowed(document).defaultView) ?? window
}

/** The element with the focus, through shadow roots and frames of this origin. Undefined when nothing has it. */
export function focusedElement(root: Document | ShadowRoot = document): Element | undefined {
  const { activeElement } = unshadowed(root)
  if (!activeElement) return undefined
  const { ownerDocument, shadowRoot } = unshadowed(activeElement)
  if (activeElement === unshadowed(ownerDocument).body) return undefined
  const inside = shadowRoot ?? innerDocument(activeElement)
  return (inside && focusedElement(inside)) ?? activeElement
}

/** The document in a frame, where this page may reach it. */
export function innerDocument(frame: Element): Document | null {
  try {
    return unshadowed(frame as HTMLIFrameElement).contentDocument ?? null
  } catch {
    return null
  }
}

/** An element of a kind, in whatever frame it lives. */
export function isElement<Name extends keyof HTMLElementTagNameMap>(
  node: Node | null | undefined,
  ...names: Name[]
): node is HTMLElementTagNameMap[Name] {
  const own = node && (unshadowed(node) as Element)
  return own?.nodeType === Node.ELEMENT_NODE && (names as string[]).includes(own.localName)
}

const TEXT_TYPES = new Set(['text', 'search', 'url', 'tel', 'email', 'number'])

/** A field with a text in it that can be typed into. */
export function isTextField(node: Node | null | undefined): node is HTMLInputElement | HTMLTextAreaElement {
  return isElement(node, 'textarea') || (isElement(node, 'input') && TEXT_TYPES.has(node.type))
}

/** The outermost element that is edited as a whole, such as that of a rich editor. */
export function isEditable(node: Element | undefined): node is HTMLElement {
  return node !== undefined && unshadowed(node as HTMLElement).isContentEditable === true
}
