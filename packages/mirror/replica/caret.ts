import { measureField } from './measure-field.ts'
import {
  boundingBox,
  clientLeft,
  clientTop,
  computedStyle,
  defaultView,
  getRootNode,
  isConnected,
  nodeType,
  ownerDocument,
  parentNode,
} from './natives.ts'
import { drawPicker } from './open-picker.ts'
import type { ReplicaSelections } from './replica-selections.ts'

/** Width of the drawn caret in CSS pixels of the page. */
const CARET_PX = 1

const { getSelection } = Document.prototype

interface Box {
  left: number
  top: number
  width: number
  height: number
}

/** Draws over the copy what browsers draw only where the focus is: the caret, what is selected in a field, and its open
 *  picker. */
export class Caret {
  readonly #frame: HTMLIFrameElement
  readonly #selections: ReplicaSelections
  readonly #layer = document.createElement('div')
  #focused: Element | undefined
  /** The field whose picker is open. */
  #open: Element | undefined
  #looking = false
  #drawn = ''

  constructor(frame: HTMLIFrameElement, selections: ReplicaSelections) {
    this.#frame = frame
    this.#selections = selections
    this.#layer.setAttribute('aria-hidden', 'true')
    this.#layer.style.cssText = 'position:absolute;overflow:hidden;pointer-events:none'
  }

  /** The element of the copy that has the customer's focus. */
  follow(focused: Element | undefined, open: Element | undefined): void {
    this.#focused = focused ?? open
    this.#open = open
    if (this.#focused) this.#look()
    else this.close()
  }

  close(): void {
    this.#focused = undefined
    this.#drawn = ''
    this.#layer.remove()
  }

  /** While there is a focus the place of its caret is looked up with each frame: the copy scrolls and is laid out anew. */
  #look(): void {
    if (this.#looking) return
    this.#looking = true
    requestAnimationFrame(() => {
      this.#looking = false
      if (!this.#focused) return
      if (!isConnected(this.#focused) || !this.#frame.isConnected) return this.close()
      this.#draw(this.#focused)
      this.#look()
    })
  }

  #draw(focused: Element): void {
    const boxes = this.#boxes(focused)
    const { offsetLeft, offsetTop, clientWidth, clientHeight } = this.#frame
    const picker =
      this.#open && isConnected(this.#open)
        ? drawPicker(this.#open, originOf(ownerDocument(this.#open)!, this.#frame))
        : undefined
    const drawn = JSON.stringify([boxes, picker?.outerHTML, offsetLeft, offsetTop, clientWidth, clientHeight])
    if (drawn === this.#drawn) return
    this.#drawn = drawn
    if (boxes.length === 0 && !picker) return this.#layer.remove()
    Object.assign(this.#layer.style, {
      left: `${offsetLeft}px`,
      top: `${offsetTop}px`,
      width: `${clientWidth}px`,
      height: `${clientHeight}px`,
    })
    this.#layer.replaceChildren(...boxes.map(drawBox), ...(picker ? [picker] : []))
    if (this.#layer.previousSibling !== this.#frame) this.#frame.after(this.#layer)
  }

  #boxes(focused: Element): Box[] {
    const selection = this.#selections.fieldSelection(focused)
    const found = selection ? measureField(focused as HTMLInputElement, selection) : caretIn(focused)
    const [x, y] = originOf(ownerDocument(focused)!, this.#frame)
    return found.map(({ left, top, width, height }) => ({
      left: Math.round(left + x),
      top: Math.round(top + y),
      width: Math.round(width),
      height: Math.round(height),
    }))
  }
}

function drawBox({ left, top, width, height }: Box): HTMLElement {
  const box = document.createElement('div')
  box.style.cssText = `position:absolute;left:${left}px;top:${top}px;height:${height}px`
  Object.assign(
    box.style,
    width > 0
      ? { width: `${width}px`, background: 'Highlight', opacity: '0.4' }
      : { width: `${CARET_PX}px`, background: '#000', outline: '1px solid rgb(255 255 255 / 60%)' },
  )
  return box
}

/** Where the caret stands in what can be edited. */
function caretIn(focused: Element): Box[] {
  if ((focused as HTMLElement).isContentEditable !== true) return []
  const root = getRootNode(focused)
  const inRoot = nodeType(root) === Node.DOCUMENT_FRAGMENT_NODE ? (root as Document).getSelection?.() : undefined
  const selection = inRoot ?? getSelection.call(ownerDocument(focused)!)
  if (!selection?.isCollapsed || selection.rangeCount === 0) return []
  const range = selection.getRangeAt(0)
  const [box] = range.getClientRects()
  if (box) return [{ left: box.left, top: box.top, width: 0, height: box.height }]
  // An empty line has no box of its own.
  const at = range.startContainer
  const element = (nodeType(at) === Node.ELEMENT_NODE ? at : parentNode(at)) as Element | null
  if (!element) return []
  const child = at.childNodes[range.startOffset]
  const { left, top, height } = boundingBox(child && 'getBoundingClientRect' in child ? (child as Element) : element)
  const line = Number.parseFloat(computedStyle(ownerDocument(element)!, element).lineHeight)
  return [{ left, top, width: 0, height: Math.min(height, Number.isNaN(line) ? 20 : line) }]
}

/** Where a document within the copy begins, in the copy's own coordinates. */
function originOf(document: Document, copy: Element): [number, number] {
  const frame = defaultView(document)?.frameElement
  if (!frame || frame === copy) return [0, 0]
  const [x, y] = originOf(ownerDocument(frame)!, copy)
  const { left, top } = boundingBox(frame)
  return [x + left + clientLeft(frame), y + top + clientTop(frame)]
}
