import { MASK } from '@alongside/mirror/capture'
import type { Action, ActionPlace, ActionResult, AgentInfo } from '@alongside/protocol'
import { unshadowed } from '../page-document.ts'
import type { PartContext } from '../part.ts'
import { AgentCursor } from './agent-cursor.ts'
import { Aim, type Refusal, type Target, topPoint } from './aim.ts'
import { choose } from './controls.ts'
import { compose, edit, takesText } from './edit.ts'
import { keyTarget, pressKey } from './keyboard.ts'
import { go, open } from './navigate.ts'
import { windowOf } from './place.ts'
import { Pointer } from './pointer.ts'
import { isPopUpRefused } from './pop-ups.ts'
import { scrollToPlace, turnWheel } from './scroll.ts'

/** Steps of a drag that is told by its ends. */
const DRAG_STEPS = 8

/** Does on the page what the agent who has the hand does. */
export class Actor {
  readonly #context: PartContext
  readonly #aim: Aim
  readonly #pointer: Pointer
  readonly #cursor: AgentCursor
  readonly #layer: { root: ShadowRoot; remove(): void }

  constructor(context: PartContext, agent: AgentInfo) {
    this.#context = context
    const { nodeOf, isOurs, settings, clock } = context
    const { disabledCssSelectors = '', allowedMaskedCssSelectors = '' } = settings.remoteAssist ?? {}
    const allowed = allowedMaskedCssSelectors.trim()
    this.#aim = new Aim({
      nodeOf,
      isMasked: (element) => {
        const mask = context.maskOf(element)
        return mask !== MASK.open && (mask === MASK.locked || !allowed || !unshadowed(element).closest(allowed))
      },
      isOurs,
      disabled: disabledCssSelectors.trim(),
    })
    this.#pointer = new Pointer(() => clock.now())
    this.#layer = context.layer()
    this.#cursor = new AgentCursor(this.#layer.root, agent)
  }

  perform(action: Action): ActionResult {
    switch (action.do) {
      case 'wheel':
        return this.#at(this.#aim.hit(action.at), (target) => turnWheel(target, action.dx, action.dy))
      case 'scroll_to':
        return found(this.#aim.find(action.node), (element) => scrollToPlace(element, action.left, action.top))
      case 'move':
        return this.#operate(action.at, (target) => this.#pointer.move(target, action.keys))
      case 'press':
        return this.#operate(action.at, (target) => this.#press(target, action.button, action.keys))
      case 'release':
        return this.#release(action)
      case 'click':
        return this.#operate(action.at, (target) => this.#click(target, action))
      case 'drag':
        return this.#drag(action)
      case 'focus':
        return found(this.#aim.take(action.node), (element) =>
          unshadowed(element as HTMLElement).focus({ preventScroll: false }),
        )
      case 'key':
        return this.#type(() => pressKey(action.key, action.code, action.keys))
      case 'text':
        return this.#type((element) => insert(element, action.text, action.composed))
      case 'choose':
        return this.#choose(action.node, action.values)
      case 'go':
        return go(action.to)
      case 'open':
        return open(action.url, this.#context)
    }
  }

  /** Takes everything back that is held down or shown. */
  close(): void {
    this.#pointer.close()
    this.#layer.remove()
  }

  #operate(place: ActionPlace, run: (target: Target) => void): ActionResult {
    return this.#at(this.#aim.operate(place), run)
  }

  #at(target: Target | Refusal, run: (target: Target) => void): ActionResult {
    if (typeof target === 'string') return target
    this.#cursor.move(topPoint(target))
    return isPopUpRefused(windowOf(target.element), () => run(target)) ? 'blocked' : 'done'
  }

  #press(target: Target, button: number, keys: number): void {
    this.#cursor.press()
    this.#pointer.press(target, button, keys)
  }

  #click(target: Target, { button, count, keys }: { button: number; count: number; keys: number }): void {
    this.#pointer.newClick()
    for (let i = 0; i < count; i++) {
      this.#press(target, button, keys)
      this.#pointer.release(target, button, keys)
    }
  }

  /** What was pressed is let go of in any case, if need be over nothing. */
  #release({ at, button, keys }: { at: ActionPlace; button: number; keys: number }): ActionResult {
    const target = this.#aim.operate(at)
    if (typeof target === 'string') this.#pointer.cancel()
    return this.#at(target, (there) => this.#pointer.release(there, button, keys))
  }

  #drag({ from, to }: { from: ActionPlace; to: ActionPlace }): ActionResult {
    const end = this.#aim.operate(to)
    const start = this.#aim.operate(from)
    if (typeof end === 'string' || typeof start === 'string')
      return typeof start === 'string' ? start : (end as Refusal)
    this.#pointer.newClick()
    this.#press(start, 0, 0)
    const view = windowOf(start.element)
    for (let i = 1; i <= DRAG_STEPS; i++) {
      const x = start.x + ((end.x - start.x) * i) / DRAG_STEPS
      const y = start.y + ((end.y - start.y) * i) / DRAG_STEPS
      const over = i === DRAG_STEPS ? end.element : (this.#aim.topmost(view.document, x, y) ?? end.element)
      // What is on the way is passed over as it is, but only what may be operated hears of it.
      if (!this.#aim.refusal(over)) this.#pointer.move({ element: over, x, y }, 0)
    }
    this.#cursor.move(topPoint(end))
    const last = this.#aim.operate(to)
    this.#pointer.release(typeof last === 'string' ? end : last, 0, 0)
    return 'done'
  }

  #type(run: (element: HTMLElement) => void): ActionResult {
    const element = keyTarget()
    const isPage = element === unshadowed(unshadowed(element).ownerDocument).body
    // What has no number is not of the page: the panel's own buttons.
    if (!isPage && this.#context.numberOf(element) === undefined) return 'blocked'
    const refusal = isPage ? undefined : this.#aim.refusal(element)
    if (refusal) return refusal
    return isPopUpRefused(windowOf(element), () => run(element)) ? 'blocked' : 'done'
  }

  #choose(node: number, values: string[]): ActionResult {
    const element = this.#aim.take(node)
    if (typeof element === 'string') return element
    const { left, top, width, height } = unshadowed(element).getBoundingClientRect()
    this.#cursor.move(topPoint({ element, x: left + width / 2, y: top + height / 2 }))
    return choose(element, values, (option) => this.#context.maskOf(option) !== MASK.open) ?? 'done'
  }
}

function insert(element: HTMLElement, text: string, composed: boolean): void {
  if (!takesText(element)) return
  if (composed) compose(element, text)
  else if (paste(element, text)) edit(element, 'insertFromPaste', text)
}

/** Rich editors take what is pasted themselves. False when one did. */
function paste(element: HTMLElement, text: string): boolean {
  const { ClipboardEvent, DataTransfer } = windowOf(element)
  const clipboardData = new DataTransfer()
  clipboardData.setData('text/plain', text)
  const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true, composed: true, clipboardData })
  // Firefox leaves it empty.
  if (!event.clipboardData?.getData('text/plain'))
    Object.defineProperty(event, 'clipboardData', { value: clipboardData })
  return unshadowed(element).dispatchEvent(event)
}

function found(element: Element | Refusal, run: (element: Element) => void): ActionResult {
  if (typeof element === 'string') return element
  run(element)
  return 'done'
}
