import { selectTo } from './caret.ts'
import { isTextField, windowOf } from './place.ts'

const FORWARD = new Set(['ArrowRight', 'ArrowDown', 'End'])
const UNITS: Record<string, string> = {
  ArrowLeft: 'character',
  ArrowRight: 'character',
  ArrowUp: 'line',
  ArrowDown: 'line',
  Home: 'lineboundary',
  End: 'lineboundary',
}

/** Moves the caret by a key, or with `extend` the end of the selection. `far`: by a word, or to the end of all. False
 *  when the key moves no caret there. */
export function moveCaret(element: HTMLElement, key: string, extend: boolean, far: boolean): boolean {
  const unit = UNITS[key]
  if (!unit) return false
  if (isTextField(element)) return moveInField(element, key, extend, far)
  const granularity = far ? (unit === 'character' ? 'word' : 'documentboundary') : unit
  const direction = FORWARD.has(key) ? 'forward' : 'backward'
  windowOf(element)
    .getSelection()
    ?.modify(extend ? 'extend' : 'move', direction, granularity)
  return true
}

/** By hand: Firefox moves the caret of a field by no other call. */
function moveInField(
  field: HTMLInputElement | HTMLTextAreaElement,
  key: string,
  extend: boolean,
  far: boolean,
): boolean {
  const { value, selectionStart, selectionEnd, selectionDirection } = field
  // Numbers and addresses do not say where their caret is; arrows step a number.
  if (selectionStart === null || selectionEnd === null) return false
  const isInput = field.localName === 'input'
  if (isInput && (key === 'ArrowUp' || key === 'ArrowDown')) return false
  const at = selectionDirection === 'backward' ? selectionStart : selectionEnd
  const isCollapsing =
    !extend && !far && selectionStart !== selectionEnd && (key === 'ArrowLeft' || key === 'ArrowRight')
  const to = isCollapsing ? (key === 'ArrowLeft' ? selectionStart : selectionEnd) : goal(value, at, key, far)
  if (extend) selectTo(field, to)
  else field.setSelectionRange(to, to)
  return true
}

function goal(value: string, at: number, key: string, far: boolean): number {
  const lineStart = value.lastIndexOf('\n', at - 1) + 1
  const next = value.indexOf('\n', at)
  const lineEnd = next < 0 ? value.length : next
  switch (key) {
    case 'ArrowLeft':
      return far
        ? at - (/[\p{L}\p{N}_]*[^\p{L}\p{N}_]*$/u.exec(value.slice(0, at))?.[0].length ?? 0)
        : Math.max(0, at - before(value, at))
    case 'ArrowRight':
      return far
        ? at + (/^[^\p{L}\p{N}_]*[\p{L}\p{N}_]*/u.exec(value.slice(at))?.[0].length ?? 0)
        : Math.min(value.length, at + after(value, at))
    case 'Home':
      return far ? 0 : lineStart
    case 'End':
      return far ? value.length : lineEnd
    case 'ArrowUp': {
      if (lineStart === 0) return 0
      const start = value.lastIndexOf('\n', lineStart - 2) + 1
      return Math.min(start + at - lineStart, lineStart - 1)
    }
    default: {
      if (lineEnd === value.length) return value.length
      const end = value.indexOf('\n', lineEnd + 1)
      return Math.min(lineEnd + 1 + at - lineStart, end < 0 ? value.length : end)
    }
  }
}

/** Code units of the character around an offset. */
function before(value: string, at: number): number {
  return [...value.slice(Math.max(0, at - 2), at)].at(-1)?.length ?? 0
}

function after(value: string, at: number): number {
  return [...value.slice(at, at + 2)][0]?.length ?? 0
}
