import { isMaskedPicture } from '../wire/index.ts'
import {
  boundingBox,
  clientLeft,
  clientTop,
  contentDocument,
  data,
  defaultView,
  firstChild,
  getAttribute,
  localName,
  nextSibling,
  nodeType,
  ownerDocument,
  rangeBoxes,
  shadowRoot,
} from './natives.ts'

/** A rectangle in CSS pixels of the customer's viewport. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** What a mask leaves of words: dots in four lengths (`capture/neutral.ts`). A frame does not say what was masked. */
const DOTS = /^\s*(?:•{2}|•{4}|•{8}|•{16})(?:\s+(?:•{2}|•{4}|•{8}|•{16}))*\s*$/

/** Fields that are masked without any rule, even while they are empty. */
const ALWAYS = new Set(['password', 'file'])

/** What of a copy was masked, as nodes: texts, pictures, and fields with their values. */
export function findMasked(root: Node): Node[] {
  const found: Node[] = []
  const rest: Node[] = [root]
  for (let node = rest.pop(); node; node = rest.pop()) {
    if (nodeType(node) === Node.TEXT_NODE) {
      if (DOTS.test(data(node as Text))) found.push(node)
      continue
    }
    if (nodeType(node) === Node.ELEMENT_NODE) {
      const name = localName(node as Element)
      if (isMaskedField(node as Element, name) || isMaskedImage(node as Element, name)) found.push(node)
      if (name === 'style' || name === 'textarea') continue
      const inner = name === 'iframe' || name === 'frame' ? contentDocument(node, name) : shadowRoot(node as Element)
      if (inner) rest.push(inner)
    }
    for (let child = firstChild(node); child; child = nextSibling(child)) rest.push(child)
  }
  return found
}

/** Where a masked node is drawn; nothing when it is out of sight. `top` is the copy's own document. */
export function boxesOf(node: Node, top: Document): Box[] {
  const boxes = nodeType(node) === Node.TEXT_NODE ? rangeBoxes(node) : [boundingBox(node as Element)]
  const { x, y } = frameOffset(node, top)
  return boxes.flatMap((box) =>
    box.width && box.height ? [{ x: box.left + x, y: box.top + y, width: box.width, height: box.height }] : [],
  )
}

function isMaskedImage(element: Element, name: string): boolean {
  return name === 'img' && isMaskedPicture(getAttribute(element, 'src') ?? '')
}

function isMaskedField(element: Element, name: string): boolean {
  if (name !== 'input' && name !== 'textarea') return false
  if (ALWAYS.has((getAttribute(element, 'type') ?? '').toLowerCase())) return true
  const { value } = element as HTMLInputElement
  return typeof value === 'string' && DOTS.test(value)
}

/** How far the frames around a node are from the copy's corner. */
function frameOffset(node: Node, top: Document): { x: number; y: number } {
  const offset = { x: 0, y: 0 }
  for (let at = ownerDocument(node); at && at !== top; ) {
    const frame: Element | null = defaultView(at)?.frameElement ?? null
    if (!frame) break
    const { left, top: above } = boundingBox(frame)
    offset.x += left + clientLeft(frame)
    offset.y += above + clientTop(frame)
    at = ownerDocument(frame)
  }
  return offset
}
