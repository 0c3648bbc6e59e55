import { ACTION_KEYS } from '@alongside/protocol'
import { unshadowed } from '../page-document.ts'
import type { Target } from './aim.ts'
import { placeCaret } from './caret.ts'
import { slideTo } from './controls.ts'
import { type Drag, startDrag } from './drag.ts'
import { drawnParent, isElement, windowOf } from './place.ts'
import { PointerCapture } from './pointer-capture.ts'

/** Two presses within this time and distance make a double click, as browsers have it. */
const DOUBLE_CLICK_MS = 500
const DOUBLE_CLICK_PX = 5

/** How far the pointer moves with a button down before an element is dragged. */
const DRAG_PX = 4

interface Pressed {
  target: Target
  button: number
  drag: Drag | undefined
  /** A native slider follows the pointer, which events that scripts make do not bring about. */
  slider: HTMLInputElement | undefined
  sliderValue: string
}

/** The agent's mouse on the customer's page. */
export class Pointer {
  readonly #capture = new PointerCapture()
  #over: Element | undefined
  #pressed: Pressed | undefined
  #last = { x: 0, y: 0, time: Number.NEGATIVE_INFINITY, count: 0, button: 0 }
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  move(target: Target, keys: number): void {
    const pressed = this.#pressed
    if (pressed) this.#startDrag(pressed, target, keys)
    if (pressed?.drag) return pressed.drag.move(target, keys)
    const captured = this.#capture.element
    const at = captured && unshadowed(captured).isConnected ? { ...target, element: captured } : target
    this.#enter(at, keys)
    this.#fire(at, 'pointermove', { keys })
    this.#fire(at, 'mousemove', { keys })
    if (pressed?.slider) slideTo(pressed.slider, target.x)
  }

  press(target: Target, button: number, keys: number): void {
    if (this.#pressed) this.release(this.#pressed.target, this.#pressed.button, 0)
    this.move(target, keys)
    const { element } = target
    this.#count(target, button)
    const slider = button === 0 && isElement(element, 'input') && element.type === 'range' ? element : undefined
    this.#pressed = { target, button, drag: undefined, slider, sliderValue: slider?.value ?? '' }
    const goesOn = this.#fire(target, 'pointerdown', { keys, button })
    const isDefault = this.#fire(target, 'mousedown', { keys, button }) && goesOn
    if (isDefault && unshadowed(element).isConnected) {
      placeCaret(target, keys & ACTION_KEYS.shift ? 'extend' : 'move', this.#last.count)
      if (slider) slideTo(slider, target.x)
    }
  }

  release(target: Target, button: number, keys: number): void {
    const pressed = this.#pressed
    if (!pressed) return
    this.#pressed = undefined
    if (pressed.drag) return pressed.drag.end(target, keys)
    const captured = this.#capture.element
    const at = captured && unshadowed(captured).isConnected ? { ...target, element: captured } : target
    this.#fire(at, 'pointerup', { keys, button })
    this.#fire(at, 'mouseup', { keys, button })
    this.#capture.release()
    if (pressed.slider && pressed.slider.value !== pressed.sliderValue)
      pressed.slider.dispatchEvent(new Event('change', { bubbles: true }))
    this.#click(pressed.target, target, button, keys)
  }

  /** What is pressed next begins no double click with what was pressed before. */
  newClick(): void {
    this.#last.time = Number.NEGATIVE_INFINITY
  }

  /** Nobody is at the mouse any more. */
  close(): void {
    this.cancel()
    this.#capture.close()
  }

  /** Lets go of whatever is pressed, without a click. */
  cancel(): void {
    const pressed = this.#pressed
    this.#pressed = undefined
    if (pressed?.drag) pressed.drag.cancel()
    else if (pressed) {
      this.#fire(pressed.target, 'pointercancel', { keys: 0 })
      this.#fire(pressed.target, 'mouseup', { keys: 0, button: pressed.button })
    }
    this.#capture.release()
  }

  #startDrag(pressed: Pressed, to: Target, keys: number): void {
    const { target, button, drag, slider } = pressed
    if (drag || slider || button !== 0 || distance(target, to) < DRAG_PX) return
    pressed.drag = startDrag(target, keys)
    if (pressed.drag) this.#fire(target, 'pointercancel', { keys })
  }

  #click(from: Target, to: Target, button: number, keys: number): void {
    const element = sharedAncestor(from.element, to.element)
    if (!element || !unshadowed(element).isConnected) return
    const target = { ...to, element }
    if (button === 2) {
      this.#fire(target, 'auxclick', { keys, button })
      this.#fire(target, 'contextmenu', { keys, button })
    } else if (button !== 0) this.#fire(target, 'auxclick', { keys, button })
    else {
      this.#fire(target, 'click', { keys, button })
      if (this.#last.count === 2 && unshadowed(element).isConnected) this.#fire(target, 'dblclick', { keys, button })
    }
  }

  #count({ x, y }: Target, button: number): void {
    const time = this.#now()
    const last = this.#last
    const again =
      button === last.button &&
      time - last.time < DOUBLE_CLICK_MS &&
      Math.hypot(x - last.x, y - last.y) < DOUBLE_CLICK_PX
    this.#last = { x, y, time, button, count: again ? last.count + 1 : 1 }
  }

  /** Leaves what the pointer was over and comes over what it is over now. */
  #enter(target: Target, keys: number): void {
    const before = this.#over && unshadowed(this.#over).isConnected ? this.#over : undefined
    const now = target.element
    if (before === now) return
    this.#over = now
    const left = ancestors(before)
    const entered = ancestors(now)
    if (before) {
      const from = { ...target, element: before }
      this.#fire(from, 'pointerout', { keys, related: now })
      for (const element of left)
        if (!entered.includes(element)) this.#leaveOrEnter(element, target, 'pointerleave', now)
      this.#fire(from, 'mouseout', { keys, related: now })
      for (const element of left) if (!entered.includes(element)) this.#leaveOrEnter(element, target, 'mouseleave', now)
    }
    const fresh = entered.filter((element) => !left.includes(element)).reverse()
    this.#fire(target, 'pointerover', { keys, related: before })
    for (const element of fresh) this.#leaveOrEnter(element, target, 'pointerenter', before)
    this.#fire(target, 'mouseover', { keys, related: before })
    for (const element of fresh) this.#leaveOrEnter(element, target, 'mouseenter', before)
  }

  #leaveOrEnter(element: Element, target: Target, type: string, related: Element | undefined): void {
    this.#fire({ ...target, element }, type, { keys: 0, related, bubbles: false })
  }

  /** False when the page prevented what follows. */
  #fire(
    { element, x, y }: Target,
    type: string,
    {
      keys,
      button = -1,
      related,
      bubbles = true,
    }: { keys: number; button?: number; related?: Element | undefined; bubbles?: boolean },
  ): boolean {
    const view = windowOf(element)
    this.#capture.serve(view)
    const isPointer = type.startsWith('pointer')
    const isMouse = !isPointer
    const held = this.#pressed ? BUTTON_BITS[this.#pressed.button] : 0
    const init: PointerEventInit = {
      bubbles,
      cancelable: bubbles && type !== 'pointercancel',
      composed: bubbles,
      view,
      detail: COUNTED.has(type) ? this.#last.count : 0,
      clientX: x,
      clientY: y,
      screenX: view.screenX + x,
      screenY: view.screenY + y,
      ctrlKey: (keys & ACTION_KEYS.ctrl) !== 0,
      shiftKey: (keys & ACTION_KEYS.shift) !== 0,
      altKey: (keys & ACTION_KEYS.alt) !== 0,
      metaKey: (keys & ACTION_KEYS.meta) !== 0,
      button: isMouse ? Math.max(button, 0) : button,
      buttons: held ?? 0,
      relatedTarget: related ?? null,
      pointerId: this.#capture.pointerId,
      pointerType: 'mouse',
      isPrimary: true,
      width: 1,
      height: 1,
      pressure: held ? 0.5 : 0,
    }
    const usesPointer = isPointer || POINTER_CLICKS.has(type)
    const event = usesPointer ? new view.PointerEvent(type, init) : new view.MouseEvent(type, init)
    return unshadowed(element).dispatchEvent(event)
  }
}

const COUNTED = new Set(['mousedown', 'mouseup', 'click', 'dblclick'])
/** Pointer events themselves since Pointer Events 3. */
const POINTER_CLICKS = new Set(['click', 'auxclick', 'contextmenu'])
/** `MouseEvent.buttons` of each `button`. */
const BUTTON_BITS = [1, 4, 2]

function distance(a: Target, b: Target): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

function ancestors(element: Element | undefined): Element[] {
  const found: Element[] = []
  for (let at: Node | null = element ?? null; at; at = drawnParent(at))
    if (unshadowed(at).nodeType === Node.ELEMENT_NODE) found.push(at as Element)
  return found
}

function sharedAncestor(a: Element, b: Element): Element | undefined {
  const around = new Set(ancestors(a))
  return ancestors(b).find((element) => around.has(element))
}
