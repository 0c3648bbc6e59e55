/** Keeps an element above everything of the page, dialogs included, and usable there. */
export class TopLayer {
  readonly #host: HTMLElement
  readonly #raise: () => void
  readonly #onToggle = (event: Event) => {
    if (event.target !== this.#host) this.#restore()
  }
  #attached = false

  /** `raise` is called when the page has put something on top of us or moved us. */
  constructor(host: HTMLElement, raise: () => void) {
    this.#host = host
    this.#raise = raise
    if ('popover' in host) host.popover = 'manual'
  }

  attach(): void {
    if (this.#attached) return this.check()
    this.#attached = true
    // `toggle` does not bubble, but is seen on its way down.
    document.addEventListener('toggle', this.#onToggle, true)
    this.#restore()
  }

  detach(): void {
    if (!this.#attached) return
    this.#attached = false
    document.removeEventListener('toggle', this.#onToggle, true)
    this.#host.remove()
  }

  /** For what makes no event: a page that writes itself anew, a dialog in an older browser. Cheap enough for each second. */
  check(): void {
    if (this.#attached && (this.#host.parentNode !== this.#parent() || this.#isHidden())) this.#restore()
  }

  #restore(): void {
    const parent = this.#parent()
    if (!parent) return
    if (this.#host.parentNode !== parent) parent.append(this.#host)
    if (typeof this.#host.showPopover === 'function') {
      if (this.#host.matches(':popover-open')) this.#host.hidePopover()
      this.#host.showPopover()
    }
    this.#raise()
  }

  #isHidden(): boolean {
    return typeof this.#host.showPopover === 'function' && !this.#host.matches(':popover-open')
  }

  /** What is outside an open modal dialog cannot be operated (HTML, inert subtrees), the top layer included. */
  #parent(): Element | null {
    return [...document.querySelectorAll('dialog:modal')].at(-1) ?? document.documentElement
  }
}
