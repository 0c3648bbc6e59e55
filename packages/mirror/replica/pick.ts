import { isFrame } from '../wire/index.ts'
import {
  boundingBox,
  clientLeft,
  clientTop,
  contentDocument,
  elementFromPoint,
  localName,
  namespaceUri,
  nodeType,
  offsetHeight,
  offsetWidth,
  parentNode,
  shadowRoot,
} from './natives.ts'
import type { ReplicaDocument } from './replica-document.ts'

/** A place on a page that both sides find: the number of an element and where in its border box, as parts of its width
 *  and height. */
export interface Anchor {
  node: number
  x: number
  y: number
}

/** Finds the innermost element of a copy at a place, through frames and shadow roots. Elements that the page does not
 *  know, such as stand-ins of the replica, count for the one around them. */
export function pick(frame: HTMLIFrameElement, copy: ReplicaDocument, x: number, y: number): Anchor | undefined {
  // An inert frame is not found by the browser either; nothing can happen to it before this call ends.
  frame.inert = false
  try {
    return frame.contentDocument ? pickIn(frame.contentDocument, copy, x, y) : undefined
  } finally {
    frame.inert = true
  }
}

function pickIn(root: Document | ShadowRoot, copy: ReplicaDocument, x: number, y: number): Anchor | undefined {
  const found = elementFromPoint(root, x, y)
  if (!found) return undefined
  const inner = pickInside(found, root, copy, x, y)
  if (inner) return inner
  for (let at: Node | null = found; at; at = parentNode(at)) {
    const node = copy.numberOf(at)
    if (node !== undefined && nodeType(at) === Node.ELEMENT_NODE) return anchorIn(at as Element, node, x, y)
  }
  return undefined
}

/** In the frame or the shadow root of an element. */
function pickInside(
  found: Element,
  root: Document | ShadowRoot,
  copy: ReplicaDocument,
  x: number,
  y: number,
): Anchor | undefined {
  const name = localName(found)
  if (isFrame(namespaceUri(found), name)) {
    const content = contentDocument(found, name)
    const { left, top, width, height } = boundingBox(found)
    // A frame that is drawn larger or smaller than it is laid out.
    const scaleX = width / (offsetWidth(found) || 1)
    const scaleY = height / (offsetHeight(found) || 1)
    const insideX = (x - left) / (scaleX || 1) - clientLeft(found)
    return content ? pickIn(content, copy, insideX, (y - top) / (scaleY || 1) - clientTop(found)) : undefined
  }
  const shadow = shadowRoot(found)
  return shadow && shadow !== root ? pickIn(shadow, copy, x, y) : undefined
}

function anchorIn(element: Element, node: number, x: number, y: number): Anchor {
  const { left, top, width, height } = boundingBox(element)
  return { node, x: width ? (x - left) / width : 0, y: height ? (y - top) / height : 0 }
}
