import type { Replica } from '@alongside/mirror/replica'
import { MaskOutlines } from './mask-outlines.ts'
import type { Stage } from './stage.ts'

/** Whether the copy scrolls with the customer's page, or as the agent likes. */
export type ScrollMode = 'follow' | 'free'

interface LookOptions {
  stage: Stage
  /** The copy that is on the screen. */
  replica(): Replica | undefined
  /** How many masked places are in sight, when that changes. */
  onMasked(count: number): void
}

/** How an agent looks at the copy; the customer's page and other agents notice nothing of it. */
export class Look {
  readonly #options: LookOptions
  readonly #outlines: MaskOutlines
  #mode: ScrollMode = 'follow'
  /** Where a finger was that drags the copy. */
  #finger: { x: number; y: number } | undefined

  constructor(options: LookOptions) {
    this.#options = options
    this.#outlines = new MaskOutlines(options.stage.layer, options.replica, options.onMasked)
    const { element, pane } = options.stage
    // Over it lies what a tool draws on.
    pane.addEventListener('wheel', (event) => this.#wheel(event), { passive: false })
    element.addEventListener('pointerdown', (event) => this.#touch(event))
    element.addEventListener('pointermove', (event) => this.#drag(event))
    element.addEventListener('pointerup', () => this.#lift())
    element.addEventListener('pointercancel', () => this.#lift())
  }

  setScroll(mode: ScrollMode): void {
    this.#mode = mode
    this.#options.stage.element.style.touchAction = mode === 'free' ? 'none' : ''
    this.renew()
  }

  /** Another copy is on the screen. */
  renew(): void {
    this.#options.replica()?.follow(this.#mode === 'follow')
  }

  showMasked(on: boolean): void {
    if (on) this.#outlines.show()
    else this.#outlines.hide()
  }

  /** Scrolls the copy, in CSS pixels of the customer's viewport: what is at a place of it, or in its middle. Does nothing
   *  while the copy follows the customer. */
  scrollBy(by: { x: number; y: number }, at?: { x: number; y: number }): void {
    const { replica, stage } = this.#options
    if (this.#mode === 'free') replica()?.scrollAt(at ?? stage.middle, by)
  }

  close(): void {
    this.#outlines.hide()
  }

  #wheel(event: WheelEvent): void {
    if (this.#mode !== 'free' || event.ctrlKey || event.defaultPrevented) return
    event.preventDefault()
    const { stage } = this.#options
    // A wheel that counts lines or pages (UI Events, deltaMode).
    const unit = [1, 16, stage.layer.clientHeight][event.deltaMode] ?? 1
    const by = { x: (event.deltaX * unit) / stage.scale, y: (event.deltaY * unit) / stage.scale }
    this.scrollBy(event.shiftKey && !by.x ? { x: by.y, y: 0 } : by, this.#placeOf(event))
  }

  #touch(event: PointerEvent): void {
    if (this.#mode === 'free' && event.pointerType !== 'mouse' && event.isPrimary) this.#finger = this.#placeOf(event)
  }

  #drag(event: PointerEvent): void {
    if (!this.#finger || !event.isPrimary) return
    const now = this.#placeOf(event)
    this.scrollBy({ x: this.#finger.x - now.x, y: this.#finger.y - now.y }, now)
    this.#finger = now
  }

  #lift(): void {
    this.#finger = undefined
  }

  #placeOf({ clientX, clientY }: MouseEvent): { x: number; y: number } {
    const { stage } = this.#options
    const { left, top } = stage.layer.getBoundingClientRect()
    return { x: (clientX - left) / stage.scale, y: (clientY - top) / stage.scale }
  }
}
