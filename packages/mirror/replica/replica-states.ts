import { CHECKED, TOP_LAYER } from '../wire/index.ts'
import { defaultView, isConnected, matches, nodeType, ownerDocument } from './natives.ts'

/** A state as the wire carries it; its kinds are the `STATES` of the format. */
export type FieldState =
  | { kind: 'value'; value: string }
  | { kind: 'checked'; bits: number }
  | { kind: 'selected'; indexes: number[] }
  | { kind: 'topLayer'; layer: number }
  | { kind: 'scroll'; x: number; y: number }
  | { kind: 'viewport'; width: number; height: number }

interface Position {
  x: number
  y: number
}

/** Puts states on the copy that no attribute says. A node that cannot take one (an input that became a button) is left
 *  as it is: the page may have changed it since. */
export class ReplicaStates {
  readonly #onViewport: (size: { width: number; height: number }) => void
  /** Where boxes and pages are to stand. A box cannot scroll before what it holds has arrived, and pictures that load
   *  later move what is below them. */
  readonly #scrolls = new Map<Node, Position>()
  #settling = false
  #following = true

  constructor(onViewport: (size: { width: number; height: number }) => void) {
    this.#onViewport = onViewport
  }

  write(node: Node, state: FieldState): void {
    switch (state.kind) {
      case 'value':
        if ('value' in node) (node as HTMLInputElement).value = state.value
        return
      case 'checked':
        ;(node as HTMLInputElement).checked = (state.bits & CHECKED.checked) !== 0
        ;(node as HTMLInputElement).indeterminate = (state.bits & CHECKED.indeterminate) !== 0
        return
      case 'selected':
        return select(node as HTMLSelectElement, new Set(state.indexes))
      case 'topLayer':
        return setTopLayer(node as HTMLElement, state.layer)
      case 'scroll':
        this.#scrolls.set(node, { x: state.x, y: state.y })
        if (this.#following) scrollTo(node, state)
        return
      case 'viewport':
        return this.#onViewport({ width: state.width, height: state.height })
    }
  }

  /** Whether boxes and pages stand where the customer has them. When they do again, all go back there. */
  follow(following: boolean): void {
    this.#following = following
    this.settle()
  }

  /** Remembers where the customer has a box that is about to be scrolled here. */
  remember(box: Node): void {
    if (this.#scrolls.has(box)) return
    const view = nodeType(box) === Node.DOCUMENT_NODE ? defaultView(box as Document) : null
    const [x, y] = view ? [view.scrollX, view.scrollY] : [(box as Element).scrollLeft, (box as Element).scrollTop]
    this.#scrolls.set(box, { x, y })
  }

  /** Called after each change of the copy: with the next frame, when its layout is known, all positions hold. */
  settle(): void {
    if (!this.#following || this.#settling || this.#scrolls.size === 0) return
    this.#settling = true
    requestAnimationFrame(() => {
      this.#settling = false
      if (!this.#following) return
      for (const [node, position] of this.#scrolls) {
        // Only a page is held where it stands: the browser itself resets a box that moves.
        if (!isConnected(node) || (scrollTo(node, position) && nodeType(node) !== Node.DOCUMENT_NODE))
          this.#scrolls.delete(node)
      }
    })
  }
}

/** Returns whether the position was there already. */
function scrollTo(node: Node, { x, y }: Position): boolean {
  const view = nodeType(node) === Node.DOCUMENT_NODE ? defaultView(node) : null
  // The document of a frame that is gone.
  if (!view && nodeType(node) === Node.DOCUMENT_NODE) return true
  const target = view ?? (node as Element)
  const [left, top] = view ? [view.scrollX, view.scrollY] : [(node as Element).scrollLeft, (node as Element).scrollTop]
  const stands = Math.abs(left - x) < 1 && Math.abs(top - y) < 1
  if (!stands) target.scrollTo({ left: x, top: y, behavior: 'instant' })
  return stands
}

function select(field: HTMLSelectElement, indexes: ReadonlySet<number>): void {
  const { options } = field
  if (!options) return
  if (indexes.size === 0) field.selectedIndex = -1
  for (let i = 0; i < options.length; i++) {
    const option = options[i]!
    if (option.selected !== indexes.has(i)) option.selected = indexes.has(i)
  }
}

function setTopLayer(element: HTMLElement, layer: number): void {
  if (!isConnected(element)) return
  if (element instanceof defaultView(ownerDocument(element)!)!.HTMLDialogElement) {
    const modal = matches(element, ':modal')
    if (layer === TOP_LAYER.modal && !modal) {
      element.removeAttribute('open')
      withoutFocus(() => element.showModal())
    } else if (layer !== TOP_LAYER.modal && modal) {
      // The attribute has gone before; without it `close` does nothing and the dialog stays on top.
      const { open } = element
      element.setAttribute('open', '')
      element.close()
      element.toggleAttribute('open', open)
    }
    return
  }
  const shown = matches(element, ':popover-open')
  if (layer === TOP_LAYER.popover && !shown) withoutFocus(() => element.showPopover())
  else if (layer !== TOP_LAYER.popover && shown) element.hidePopover()
}

/** A dialog that opens takes the focus; in the copy that would be the agent's, who may be typing elsewhere. */
function withoutFocus(show: () => void): void {
  const held = document.activeElement
  show()
  if (document.activeElement === held || !(held instanceof HTMLElement)) return
  ;(document.activeElement as HTMLElement | null)?.blur()
  held.focus({ preventScroll: true })
}
