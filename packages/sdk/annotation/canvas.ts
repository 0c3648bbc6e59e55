import { type Box, enclose, intersect, isSame } from './stroke.ts'

/** Room around what is drawn, so that a line which goes on fits for a while: a canvas of another size is laid out anew. */
const MARGIN_PX = 96

/** Pixels that a canvas may have: all of a screen of 4K, or of one of 1920 × 1080 at twice as many. More is memory; a
 *  larger screen shows what moves a little coarser until it stands. */
const MAX_PIXELS = 9_000_000

/** What things are painted with. */
export type Ink = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

/** Something that moves, in the coordinates of what drifts with the page. */
export interface Moving {
  /** What it covers now. */
  readonly bounds: Box | undefined
  /** What has to be drawn anew since this was last asked for; undefined for nothing. */
  takeChanged(): Box | undefined
  /** Only `region` is to be seen. */
  paint(context: Ink, region: Box): void
}

/** The bitmap of a canvas of some size in CSS pixels. `scale`: its pixels in one of those. */
export function bitmapOf({ width, height }: Pick<Box, 'width' | 'height'>, ratio: number) {
  const scale = Math.min(ratio, Math.sqrt(MAX_PIXELS / Math.max(1, width * height)))
  return { scale, width: Math.max(1, Math.ceil(width * scale)), height: Math.max(1, Math.ceil(height * scale)) }
}

/** What is being drawn, and who points where. What changes on a canvas is no change of the page, so that the browser neither
 *  styles, nor lays out, nor records the page anew for it. One of the page drifts with it and is as large as what is on
 *  it, because it is copied whole. One that belongs to another thread covers the viewport: only the page's can move it. */
export class MovingCanvas {
  readonly #canvas: HTMLCanvasElement | OffscreenCanvas
  readonly #style: CSSStyleDeclaration | undefined
  // A page may have its own idea of drawing and take this away.
  readonly #context: Ink | undefined
  #box: Box = { x: 0, y: 0, width: 0, height: 0 }
  #ratio = 0
  /** Pixels of the canvas in a CSS pixel. */
  #scale = 1
  #isEmpty = true

  constructor(canvas: HTMLCanvasElement | OffscreenCanvas) {
    this.#canvas = canvas
    this.#style = 'style' in canvas ? canvas.style : undefined
    this.#context = (canvas.getContext('2d') as Ink | null) ?? undefined
    this.#shrink()
  }

  /** `gone` is what things covered that are no longer there; `ratio` the pixels of the screen in a CSS pixel. */
  paint(things: readonly Moving[], gone: Box | undefined, viewport: Box, ratio: number): void {
    const context = this.#context
    if (!context) return
    const all = things.reduce<Box | undefined>((box, { bounds }) => enclose(box, bounds), undefined)
    if (!all) return this.#clear()
    let changed = things.reduce<Box | undefined>((box, thing) => enclose(box, thing.takeChanged()), gone)
    const needed = intersect(all, viewport)
    const fits = this.#style ? isInside(needed, this.#box) : isSame(viewport, this.#box)
    if (this.#isEmpty || ratio !== this.#ratio || !fits) {
      this.#resize(this.#style ? this.#grow(needed, viewport) : viewport, ratio)
      changed = this.#box
    }
    if (changed) this.#redraw(context, things, intersect(grow(changed, 2), this.#box))
  }

  #redraw(context: Ink, things: readonly Moving[], region: Box): void {
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

  /** What is needed, and some more. */
  #grow(needed: Box, viewport: Box): Box {
    const kept = this.#isEmpty ? needed : enclose(intersect(this.#box, viewport), needed)!
    const { x, y, width, height } = intersect(grow(kept, MARGIN_PX), grow(viewport, MARGIN_PX))
    return { x: Math.floor(x), y: Math.floor(y), width, height }
  }

  #resize(box: Box, ratio: number): void {
    const { scale, width, height } = bitmapOf(box, ratio)
    const canvas = this.#canvas
    // To set a size clears and costs, even when it is the same.
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
    this.#box = this.#style ? { ...box, width: width / scale, height: height / scale } : box
    this.#ratio = ratio
    this.#scale = scale
    this.#isEmpty = false
    if (this.#style) Object.assign(this.#style, { display: 'block', ...toStyle(this.#box) })
  }

  #clear(): void {
    if (this.#isEmpty) return
    this.#isEmpty = true
    this.#shrink()
  }

  /** Lets its memory go. */
  #shrink(): void {
    this.#canvas.width = this.#canvas.height = 1
    if (this.#style) this.#style.display = 'none'
  }
}

function toStyle({ x, y, width, height }: Box) {
  return { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` }
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
