import { unshadowed } from '../page-document.ts'

/** No pointer of a browser has this number. */
const POINTER_ID = 1_000_001

type Capturing = 'setPointerCapture' | 'releasePointerCapture' | 'hasPointerCapture'

/** Libraries capture the pointer that they get events of, and the browser throws for one that it does not know. While an
 *  agent has the hand, the page's calls about our pointer are answered here, and all others by the browser. */
export class PointerCapture {
  readonly pointerId = POINTER_ID
  element: Element | undefined
  readonly #undo = new Map<Window, (() => void)[]>()

  /** Answers calls in the window of a frame, too. */
  serve(view: Window & typeof globalThis): void {
    if (this.#undo.has(view)) return
    this.#undo.set(view, [
      patch(view, 'setPointerCapture', (element) => this.#capture(element)),
      patch(view, 'releasePointerCapture', () => this.release()),
      patch(view, 'hasPointerCapture', (element) => this.element === element),
    ])
  }

  release(): void {
    const { element } = this
    this.element = undefined
    if (element) tell(element, 'lostpointercapture')
  }

  /** Gives the page its own functions back. */
  close(): void {
    this.release()
    for (const undo of [...this.#undo.values()].flat()) undo()
    this.#undo.clear()
  }

  #capture(element: Element): void {
    this.release()
    this.element = element
    tell(element, 'gotpointercapture')
  }
}

function patch<Name extends Capturing>(
  view: Window & typeof globalThis,
  name: Name,
  ours: (element: Element) => ReturnType<Element[Name]>,
): () => void {
  const prototype = view.Element.prototype as unknown as Record<Name, (id: number) => ReturnType<Element[Name]>>
  const theirs = prototype[name]
  const patched = function (this: Element, id: number): ReturnType<Element[Name]> {
    return id === POINTER_ID ? ours(this) : theirs.call(this, id)
  }
  prototype[name] = patched
  return () => {
    // Who patched it after us keeps calling ours, which calls through.
    if (prototype[name] === patched) prototype[name] = theirs
  }
}

function tell(element: Element, type: string): void {
  unshadowed(element).dispatchEvent(new PointerEvent(type, { bubbles: true, composed: true, pointerId: POINTER_ID }))
}
