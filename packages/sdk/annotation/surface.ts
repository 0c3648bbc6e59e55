import { Hand } from './hand.ts'
import type { Point } from './stroke.ts'

/** A hand acts no more often than this: 60 times a second, less what frames are early. */
const MIN_GAP_MS = 15

/** Gives a hand what a mouse, a finger or a pen does on an element, with the frames of the screen. */
export class Surface<Anchor> {
  readonly #hand: Hand<Anchor>
  readonly #toPage: (event: MouseEvent) => Point
  readonly #onRest: () => void
  #points: Point[] = []
  #frame: number | undefined
  #flushedAt = 0
  /** Where the pointer went down; its number, because a second finger must not go on with the first one's stroke. */
  #down: { pointer: number; at: Point } | undefined

  /** `onRest`: the pointer has left. */
  constructor(hand: Hand<Anchor>, toPage: (event: MouseEvent) => Point, onRest: () => void = () => {}) {
    this.#hand = hand
    this.#toPage = toPage
    this.#onRest = onRest
  }

  listen(element: HTMLElement): void {
    Object.assign(element.style, { pointerEvents: 'auto', touchAction: 'none', userSelect: 'none' })
    element.addEventListener('pointerdown', (event) => this.#press(event, element))
    element.addEventListener('pointermove', (event) => this.#move(event))
    element.addEventListener('pointerup', (event) => this.#lift(event))
    element.addEventListener('pointercancel', (event) => this.#lift(event))
    element.addEventListener('pointerleave', () => !this.#down && this.#rest())
  }

  /** What is being drawn is done as it is. */
  stop(): void {
    this.#flush()
    this.#down = undefined
    this.#hand.up()
    this.#rest()
  }

  #press(event: PointerEvent, element: HTMLElement): void {
    if (this.#down || event.button !== 0) return
    // Neither a selection nor a focus that the desk would lose.
    event.preventDefault()
    const at = this.#toPage(event)
    this.#down = { pointer: event.pointerId, at }
    // A synthetic pointer has nothing to capture.
    if (event.isTrusted) element.setPointerCapture(event.pointerId)
    this.#hand.down(at)
    this.#take(at)
  }

  #move(event: PointerEvent): void {
    if (this.#down && event.pointerId !== this.#down.pointer) return
    const events = this.#down ? event.getCoalescedEvents?.() : undefined
    this.#take(...(events?.length ? events : [event]).map((one) => this.#toPage(one)))
  }

  #lift(event: PointerEvent): void {
    if (event.pointerId !== this.#down?.pointer) return
    const { at } = this.#down
    this.#down = undefined
    this.#flush()
    this.#hand.up()
    const to = this.#toPage(event)
    if (event.type === 'pointerup' && Hand.isClick(at, to)) this.#hand.click(to)
  }

  #take(...points: Point[]): void {
    this.#points.push(...points)
    this.#flushLater()
  }

  #flushLater(): void {
    this.#frame ??= requestAnimationFrame((now) => {
      this.#frame = undefined
      // A fast screen has more frames than anybody needs messages.
      if (now - this.#flushedAt < MIN_GAP_MS) return this.#flushLater()
      this.#flushedAt = now
      this.#flush()
    })
  }

  #flush(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#frame = undefined
    const points = this.#points.splice(0)
    if (points.length) this.#hand.move(points)
  }

  #rest(): void {
    this.#flush()
    this.#onRest()
  }
}
