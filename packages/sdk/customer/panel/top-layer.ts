import { pageDocument } from '../page-document.ts'

/** What puts something else of the page on top. */
const EVENTS = ['toggle', 'fullscreenchange']

/** Keeps elements above everything of the page, dialogs included, and usable there. */
export class TopLayer {
  /** The lowest first. */
  readonly #hosts: HTMLElement[] = []
  readonly #raise: () => void
  readonly #onToggle = ({ target }: Event) => {
    if (!this.#hosts.includes(target as HTMLElement)) this.#restore()
  }

  /** `raise` is called when the page has put something on top of us or moved us. */
  constructor(raise: () => void) {
    this.#raise = raise
  }

  /** `below`: under what is there already. */
  attach(host: HTMLElement, below = false): void {
    if (this.#hosts.includes(host)) return this.check()
    if ('popover' in host) host.popover = 'manual'
    // `toggle` does not bubble, but is seen on its way down.
    if (!this.#hosts.length) for (const name of EVENTS) pageDocument.addEventListener(name, this.#onToggle, true)
    if (below) this.#hosts.unshift(host)
    else this.#hosts.push(host)
    this.#restore()
  }

  detach(host: HTMLElement): void {
    const index = this.#hosts.indexOf(host)
    if (index < 0) return
    this.#hosts.splice(index, 1)
    if (!this.#hosts.length) for (const name of EVENTS) pageDocument.removeEventListener(name, this.#onToggle, true)
    host.remove()
  }

  /** For what makes no event: a page that writes itself anew, a dialog in an older browser. Cheap enough for each second. */
  check(): void {
    if (this.#hosts.some((host) => host.parentNode !== this.#parent() || isHidden(host))) this.#restore()
  }

  #restore(): void {
    const parent = this.#parent()
    if (!parent) return
    for (const host of this.#hosts) {
      if (host.parentNode !== parent) parent.append(host)
      if (typeof host.showPopover !== 'function') continue
      if (!isHidden(host)) host.hidePopover()
      host.showPopover()
    }
    this.#raise()
  }

  /** What is outside an open modal dialog or an element in full screen cannot be operated, the top layer included. Nothing
   *  is drawn in a video. */
  #parent(): Element | null {
    return (
      [...pageDocument.querySelectorAll('dialog:modal')].at(-1) ??
      pageDocument.querySelector(':fullscreen:not(video, iframe, img, canvas)') ??
      pageDocument.documentElement
    )
  }
}

function isHidden(host: HTMLElement): boolean {
  return typeof host.showPopover === 'function' && !host.matches(':popover-open')
}
