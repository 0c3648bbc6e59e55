import { unshadowed } from '../page-document.ts'
import type { Target } from './aim.ts'
import { drawnParent, focusedElement, isDocument, isEditable, isTextField, windowOf } from './place.ts'

/** What pressing the main button does by default: focuses what is there, and puts the caret to the point. The second
 *  press selects the word, the third all of the field or paragraph. */
export function placeCaret(target: Target, mode: 'move' | 'extend', count: number): void {
  const { element } = target
  const focusable = focusableAround(element)
  const focused = focusedElement()
  if (!focusable) return focused && unshadowed(focused as HTMLElement).blur()
  if (focused !== focusable) unshadowed(focusable).focus({ preventScroll: true })
  const at = caretAt(target)
  if (isTextField(focusable)) placeInField(focusable, at?.offsetNode === focusable ? at.offset : undefined, mode, count)
  else if (at && isEditable(element)) placeInText(element, at, mode, count)
}

function placeInField(
  field: HTMLInputElement | HTMLTextAreaElement,
  offset: number | undefined,
  mode: 'move' | 'extend',
  count: number,
): void {
  const { value } = field
  const end = offset ?? value.length
  try {
    if (count > 2) field.select()
    else if (count === 2) field.setSelectionRange(...wordAt(value, end))
    else if (mode === 'extend') selectTo(field, end)
    else field.setSelectionRange(end, end)
  } catch {
    // A field of numbers or an address has no selection that a script may set.
    field.select()
  }
}

function placeInText(element: Element, { offsetNode, offset }: CaretPosition, mode: 'move' | 'extend', count: number) {
  const selection = windowOf(element).getSelection()
  if (!selection) return
  if (mode === 'extend' && selection.rangeCount) return selection.extend(offsetNode, offset)
  selection.collapse(offsetNode, offset)
  if (count < 2) return
  const unit = count === 2 ? 'word' : 'paragraph'
  selection.modify('move', 'backward', unit === 'word' ? 'word' : 'paragraphboundary')
  selection.modify('extend', 'forward', unit === 'word' ? 'word' : 'paragraphboundary')
}

/** Moves the far end of a field's selection. */
export function selectTo(field: HTMLInputElement | HTMLTextAreaElement, to: number): void {
  const { selectionStart, selectionEnd, selectionDirection } = field
  const from = (selectionDirection === 'backward' ? selectionEnd : selectionStart) ?? to
  field.setSelectionRange(Math.min(from, to), Math.max(from, to), to < from ? 'backward' : 'forward')
}

/** Start and end of the word around an offset. */
function wordAt(text: string, offset: number): [number, number] {
  const before = /[\p{L}\p{N}_]*$/u.exec(text.slice(0, offset))?.[0].length ?? 0
  const after = /^[\p{L}\p{N}_]*/u.exec(text.slice(offset))?.[0].length ?? 0
  return [offset - before, offset + after]
}

function focusableAround(element: Element): HTMLElement | undefined {
  for (let at: Node | null = element; at; at = drawnParent(at)) {
    const element = at as HTMLElement
    const own = unshadowed(element)
    if (own.nodeType !== Node.ELEMENT_NODE || !('focus' in element)) continue
    if (own.tabIndex >= 0 || own.hasAttribute('tabindex')) return element
    if (isEditable(element) && !isEditable((drawnParent(element) as HTMLElement | null) ?? undefined)) return element
  }
  return undefined
}

type CaretDocument = Document & { caretRangeFromPoint?(x: number, y: number): Range | null }

function caretAt({ element, x, y }: Target): CaretPosition | undefined {
  const own = unshadowed(element)
  const document = unshadowed(own.ownerDocument) as CaretDocument
  const root = own.getRootNode()
  const shadowRoots = isDocument(root) ? [] : [root as ShadowRoot]
  const position = document.caretPositionFromPoint?.(x, y, { shadowRoots })
  if (position) return position
  // WebKit has only this, which says 0 of every place in a field: the caret goes to the field's end then.
  const range = document.caretRangeFromPoint?.(x, y)
  if (!range || isTextField(range.startContainer)) return undefined
  return { offsetNode: range.startContainer, offset: range.startOffset } as CaretPosition
}
