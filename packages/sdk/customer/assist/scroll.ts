import { unshadowed } from '../page-document.ts'
import type { Target } from './aim.ts'
import { drawnParent, windowOf } from './place.ts'

/** A turn of the wheel: the page hears of it first, then the innermost box scrolls that still can. */
export function turnWheel({ element, x, y }: Target, dx: number, dy: number): void {
  const view = windowOf(element)
  const event = new view.WheelEvent('wheel', {
    bubbles: true,
    cancelable: true,
    composed: true,
    view,
    clientX: x,
    clientY: y,
    deltaX: dx,
    deltaY: dy,
  })
  if (unshadowed(element).dispatchEvent(event)) scrollAround(element, dx, dy)
}

/** Scrolls the innermost box around an element that can go that way. */
export function scrollAround(element: Element, dx: number, dy: number): void {
  for (let at: Element | null = element; at; at = parentBox(at)) {
    if (!scrolls(at, 'x', dx) && !scrolls(at, 'y', dy)) continue
    unshadowed(at).scrollBy({ left: dx, top: dy, behavior: 'instant' })
    return
  }
}

export function scrollToPlace(element: Element, left: number, top: number): void {
  unshadowed(element).scrollTo({ left, top, behavior: 'instant' })
}

function parentBox(element: Element): Element | null {
  const parent = drawnParent(element)
  if (parent && unshadowed(parent).nodeType === Node.ELEMENT_NODE) return parent as Element
  return unshadowed(element).ownerDocument === document ? null : windowOf(element).frameElement
}

function scrolls(element: Element, axis: 'x' | 'y', by: number): boolean {
  if (by === 0) return false
  const own = unshadowed(element)
  const isRoot = element === unshadowed(own.ownerDocument).scrollingElement
  const style = windowOf(element).getComputedStyle(element)
  const overflow = axis === 'x' ? style.overflowX : style.overflowY
  if (isRoot ? overflow === 'hidden' || overflow === 'clip' : overflow !== 'auto' && overflow !== 'scroll') return false
  const at = axis === 'x' ? own.scrollLeft : own.scrollTop
  const room = axis === 'x' ? own.scrollWidth - own.clientWidth : own.scrollHeight - own.clientHeight
  // From right to left a box scrolls into negative numbers.
  const isReversed = axis === 'x' && style.direction === 'rtl'
  const [min, max] = isReversed ? [-room, 0] : [0, room]
  return by < 0 ? at > min : at < max - 1
}
