import { ACTION_KEYS } from '@alongside/protocol'
import { unshadowed } from '../page-document.ts'
import type { Target } from './aim.ts'
import { drawnParent, windowOf } from './place.ts'

/** An element that is being dragged as HTML has it: the page gets the events, with a data transfer of our own. */
export class Drag {
  readonly #source: Element
  readonly #data: DataTransfer
  #over: Element | undefined
  #accepted = false

  constructor(source: Element, data: DataTransfer) {
    this.#source = source
    this.#data = data
  }

  move(target: Target, keys: number): void {
    this.#fire(this.#source, 'drag', target, keys)
    const before = this.#over
    if (before !== target.element) {
      this.#over = target.element
      this.#fire(target.element, 'dragenter', target, keys, before)
      if (before && unshadowed(before).isConnected) this.#fire(before, 'dragleave', target, keys, target.element)
    }
    this.#accepted = !this.#fire(target.element, 'dragover', target, keys)
  }

  end(target: Target, keys: number): void {
    this.move(target, keys)
    if (this.#accepted) this.#fire(target.element, 'drop', target, keys)
    else this.#fire(target.element, 'dragleave', target, keys)
    if (unshadowed(this.#source).isConnected) this.#fire(this.#source, 'dragend', target, keys)
  }

  cancel(): void {
    const at = { element: this.#source, x: 0, y: 0 }
    if (this.#over && unshadowed(this.#over).isConnected) this.#fire(this.#over, 'dragleave', at, 0)
    if (unshadowed(this.#source).isConnected) this.#fire(this.#source, 'dragend', at, 0)
  }

  /** False when the page prevented it, which for `dragover` means yes. */
  #fire(element: Element, type: string, at: Target, keys: number, related?: Element): boolean {
    return unshadowed(element).dispatchEvent(dragEvent(element, type, at, keys, this.#data, related))
  }
}

/** Begins to drag what is at a place. Undefined when nothing there can be dragged, or the page does not want it. */
export function startDrag(target: Target, keys: number): Drag | undefined {
  const source = draggableAt(target.element)
  if (!source) return undefined
  const data = new (windowOf(source).DataTransfer)()
  return unshadowed(source).dispatchEvent(dragEvent(source, 'dragstart', target, keys, data))
    ? new Drag(source, data)
    : undefined
}

function draggableAt(element: Element): Element | undefined {
  for (let at: Node | null = element; at; at = drawnParent(at))
    if (unshadowed(at as HTMLElement).getAttribute?.('draggable') === 'true') return at as Element
  return undefined
}

function dragEvent(
  element: Element,
  type: string,
  { x, y }: Target,
  keys: number,
  dataTransfer: DataTransfer,
  related?: Element,
): DragEvent {
  const view = windowOf(element)
  return new view.DragEvent(type, {
    bubbles: true,
    cancelable: type !== 'dragend' && type !== 'dragleave',
    composed: true,
    view,
    clientX: x,
    clientY: y,
    screenX: view.screenX + x,
    screenY: view.screenY + y,
    ctrlKey: (keys & ACTION_KEYS.ctrl) !== 0,
    shiftKey: (keys & ACTION_KEYS.shift) !== 0,
    altKey: (keys & ACTION_KEYS.alt) !== 0,
    metaKey: (keys & ACTION_KEYS.meta) !== 0,
    buttons: 1,
    relatedTarget: related ?? null,
    dataTransfer,
  })
}
