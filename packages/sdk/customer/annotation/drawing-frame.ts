import type { Hand } from '../../annotation/hand.ts'
import { Surface } from '../../annotation/surface.ts'
import { pageDocument } from '../page-document.ts'

/** Takes the customer's pointer while they draw. An iframe, because what happens in it is told to none of the page's
 *  listeners: neither does the page act on the strokes, nor can it eat them. */
export class DrawingFrame {
  readonly #surface: Surface<Element>
  readonly #onEscape: () => void
  #frame: HTMLIFrameElement | undefined
  #listening: AbortController | undefined
  #focused: Element | null = null

  constructor(hand: Hand<Element>, onEscape: () => void) {
    this.#onEscape = onEscape
    this.#surface = new Surface(hand, ({ clientX, clientY }) => this.#toPage(clientX, clientY))
  }

  get isOpen(): boolean {
    return this.#frame !== undefined
  }

  open(root: ShadowRoot): void {
    if (this.#frame) return
    const frame = pageDocument.createElement('iframe')
    frame.title = 'Drawing'
    Object.assign(frame.style, {
      position: 'fixed',
      inset: '0',
      width: '100%',
      height: '100%',
      border: '0',
      background: 'transparent',
      pointerEvents: 'auto',
    })
    this.#frame = frame
    this.#focused = pageDocument.activeElement
    this.#listening = new AbortController()
    // The panel may have the focus, or the page may take it.
    addEventListener('keydown', (event) => this.#key(event), { capture: true, signal: this.#listening.signal })
    // Once for the empty document that is there at once, and for each that comes later: Firefox replaces the first one, and
    // a frame that is moved loads anew.
    frame.addEventListener('load', () => this.#enter())
    root.append(frame)
    this.#enter()
  }

  close(): void {
    const hadFocus = this.#frame?.matches(':focus') ?? false
    this.#surface.stop()
    this.#listening?.abort()
    this.#frame?.remove()
    this.#frame = undefined
    if (hadFocus && this.#focused instanceof HTMLElement) this.#focused.focus({ preventScroll: true })
    this.#focused = null
  }

  #enter(): void {
    const content = this.#frame?.contentDocument
    const root = content?.documentElement
    if (!root || root.dataset.drawing) return
    root.dataset.drawing = 'yes'
    Object.assign(root.style, { height: '100%', cursor: 'crosshair' })
    this.#surface.listen(root)
    content.addEventListener('keydown', (event) => this.#key(event))
    content.addEventListener('contextmenu', (event) => event.preventDefault())
    this.#frame?.contentWindow?.focus()
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !event.isTrusted) return
    event.preventDefault()
    event.stopImmediatePropagation()
    this.#onEscape()
  }

  /** The frame fills the viewport; a page that zooms its root zooms the frame, too. */
  #toPage(x: number, y: number): { x: number; y: number } {
    const frame = this.#frame
    if (!frame) return { x, y }
    const { left, top, width, height } = frame.getBoundingClientRect()
    const { innerWidth, innerHeight } = frame.contentWindow ?? window
    return { x: left + (x * width) / innerWidth, y: top + (y * height) / innerHeight }
  }
}
