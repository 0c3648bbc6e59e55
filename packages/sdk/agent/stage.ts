/** How large the copy is drawn: fitted into the root, or a factor of the customer's own size. */
export type Zoom = 'fit' | number

/** The agent page's element with the copy in it: scaled, centred, and with scroll bars where it is larger. */
export class Stage {
  /** Where replicas are put. Its size is the customer's viewport. */
  readonly element = document.createElement('div')
  /** Over the copy and of its drawn size; lets the pointer through. */
  readonly layer = document.createElement('div')
  readonly #root: HTMLElement
  readonly #scroller = document.createElement('div')
  /** Takes the room that the scaled copy needs, which a transform does not. */
  readonly #room = document.createElement('div')
  readonly #observer: ResizeObserver
  #size = { width: 0, height: 0 }
  #zoom: Zoom = 'fit'

  constructor(root: HTMLElement) {
    this.#root = root
    Object.assign(this.#scroller.style, { width: '100%', height: '100%', display: 'grid', overflow: 'auto' })
    // `margin: auto` centres without cutting off what is larger than the scroller.
    Object.assign(this.#room.style, { margin: 'auto', position: 'relative', overflow: 'hidden' })
    Object.assign(this.element.style, { position: 'absolute', transformOrigin: '0 0' })
    Object.assign(this.layer.style, { position: 'absolute', inset: '0', pointerEvents: 'none' })
    this.#room.append(this.element, this.layer)
    this.#scroller.append(this.#room)
    this.#observer = new ResizeObserver(() => this.#layOut())
  }

  /** Holds the copy and the layer over it. */
  get pane(): HTMLElement {
    return this.#room
  }

  /** The scale that the copy is drawn in. */
  get scale(): number {
    if (this.#zoom !== 'fit') return this.#zoom
    const { width, height } = this.#size
    if (!width || !height) return 1
    return Math.min(1, this.#root.clientWidth / width, this.#root.clientHeight / height)
  }

  /** The middle of what is on the screen, in CSS pixels of the customer's viewport. */
  get middle(): { x: number; y: number } {
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = this.#scroller
    const { width, height } = this.#size
    const x = Math.min(width, (scrollLeft + Math.min(clientWidth, width * this.scale) / 2) / this.scale)
    return { x, y: Math.min(height, (scrollTop + Math.min(clientHeight, height * this.scale) / 2) / this.scale) }
  }

  open(): void {
    this.#root.append(this.#scroller)
    this.#observer.observe(this.#root)
  }

  setSize(size: { width: number; height: number }): void {
    this.#size = size
    this.#layOut()
  }

  setZoom(zoom: Zoom): void {
    this.#zoom = zoom
    this.#layOut()
  }

  clear(): void {
    this.#observer.disconnect()
    this.#scroller.remove()
  }

  #layOut(): void {
    const { width, height } = this.#size
    const { scale } = this
    Object.assign(this.element.style, { width: `${width}px`, height: `${height}px`, transform: `scale(${scale})` })
    // Rounded down, so that a fitted copy never makes scroll bars.
    Object.assign(this.#room.style, {
      width: `${Math.floor(width * scale)}px`,
      height: `${Math.floor(height * scale)}px`,
    })
  }
}
