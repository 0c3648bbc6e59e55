import { type Box, enclose, intersect } from './stroke.ts'

/** Room around what is drawn, so that a line which goes on fits for a while: a canvas of another size is laid out anew. */
const MARGIN_PX = 96

/** Pixels that a canvas may have: more is finer than anybody sees, and memory. */
const MAX_PIXELS = 6_000_000

/** Something that moves, in the coordinates of what drifts with the page. */
export interface Moving {
  /** What it covers now. */
  readonly bounds: Box | undefined
  /** What has to be drawn anew since the last frame; undefined for nothing. */
  readonly changed: Box | undefined
  /** Only `region` is to be seen. */
  paint(context: CanvasRenderingContext2D, region: Box): void
}

/** What is being drawn, and who points where: a canvas as large as that. What changes on it is no change of the page, so
 *  that the browser neither styles, nor lays out, nor records the page anew for it. */
export class MovingCanvas {
  readonly element = document.createElement('canvas')
  // A page may have its own idea of drawing and take this away.
  readonly #context = this.element.getContext('2d') ?? undefined
  #box: Box = { x: 0, y: 0, width: 0, height: 0 }
  #ratio = 0
  /** Pixels of the canvas in a CSS pixel. */
  #scale = 1
  #isEmpty = true

  constructor() {
    this.#shrink()
  }

  /** `gone` is what things covered that are no longer there; `ratio` the pixels of the screen in a CSS pixel. */
  paint(things: readonly Moving[], gone: Box | undefined, viewport: Box, ratio: number): void {
    const context = this.#context
    if (!context) return
    if (!things.length) return this.#clear()
    const all = things.reduce<Box | undefined>((box, { bounds }) => enclose(box, bounds), undefined)
    if (!all) return
    let changed = things.reduce<Box | undefined>((box, thing) => enclose(box, thing.changed), gone)
    const needed = intersect(all, viewport)
    if (this.#isEmpty || ratio !== this.#ratio || !isInside(needed, this.#box)) {
      this.#resize(needed, viewport, ratio)
      changed = this.#box
    }
    if (changed) this.#redraw(context, things, intersect(grow(changed, 2), this.#box))
  }

  #redraw(context: CanvasRenderingContext2D, things: readonly Moving[], region: Box): void {
    const { x, y, width, height } = region
    const scale = this.#scale
    const left = Math.floor((x - this.#box.x) * scale)
    const top = Math.floor((y - this.#box.y) * scale)
    const [wide, high] = [Math.ceil(width * scale) + 1, Math.ceil(height * scale) + 1]
    context.save()
    context.beginPath()
    context.rect(left, top, wide, high)
    context.clip()
    context.clearRect(left, top, wide, high)
    context.setTransform(scale, 0, 0, scale, -this.#box.x * scale, -this.#box.y * scale)
    for (const thing of things) {
      context.save()
      thing.paint(context, region)
      context.restore()
    }
    context.restore()
  }

  /** Grows to what is needed, and some more. */
  #resize(needed: Box, viewport: Box, ratio: number): void {
    const kept = this.#isEmpty ? needed : enclose(intersect(this.#box, viewport), needed)!
    const { x, y, width, height } = intersect(grow(kept, MARGIN_PX), grow(viewport, MARGIN_PX))
    const scale = Math.min(ratio, Math.sqrt(MAX_PIXELS / Math.max(1, width * height)))
    const { element } = this
    element.width = Math.max(1, Math.ceil(width * scale))
    element.height = Math.max(1, Math.ceil(height * scale))
    const box = { x: Math.floor(x), y: Math.floor(y), width: element.width / scale, height: element.height / scale }
    this.#box = box
    this.#ratio = ratio
    this.#scale = scale
    this.#isEmpty = false
    Object.assign(element.style, {
      display: 'block',
      left: `${box.x}px`,
      top: `${box.y}px`,
      width: `${box.width}px`,
      height: `${box.height}px`,
    })
  }

  #clear(): void {
    if (this.#isEmpty) return
    this.#isEmpty = true
    this.#shrink()
  }

  /** Lets its memory go. */
  #shrink(): void {
    this.element.width = this.element.height = 1
    this.element.style.display = 'none'
  }
}

function grow({ x, y, width, height }: Box, by: number): Box {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by }
}

function isInside(inner: Box, outer: Box): boolean {
  if (!inner.width || !inner.height) return true
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  )
}
