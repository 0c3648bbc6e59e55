import type { Ink, Moving } from './canvas.ts'
import { COLOURS } from './colours.ts'
import type { PointingTool } from './mark.ts'
import type { Place } from './places.ts'
import type { PointingScene } from './scene.ts'
import { type Box, enclose, fromParts, type Point } from './stroke.ts'

/** Where somebody points now. */
export interface Pointing<Anchor> {
  tool: PointingTool
  anchor: Anchor
  /** Parts of the anchor's box. */
  x: number
  y: number
  /** Whose it is. */
  name: string
  /** Index in `COLOURS`. */
  colour: number
}

/** A pointer's outline. The tip is at 0, 0. */
export const POINTER_ARROW = 'M0 0L0 17L4.4 13.2L7.3 20L10.4 18.7L7.5 12L13.2 12Z'

const FLAG = { x: 14, y: 18, height: 20, padding: 7, corner: 8, maxText: 190 }
const FONT = "500 12px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"

/** How far a laser's dot reaches with its edge. */
const DOT_PX = 6
const TRAIL_PX = 9

/** How long the laser's trail glows. */
const TRAIL_MS = 450

/** Undefined where it is not seen. */
export function placeOf({ x, y }: Pointing<unknown>, place: Place | undefined): Point | undefined {
  const at = place && fromParts(x, y, place.box)
  return at && isWithin(at, place?.clip) ? at : undefined
}

/** A pointer with its owner's name, or a laser's dot with its trail. */
export class PointingShape implements Moving {
  /** Nothing before it is seen. */
  bounds: Box | undefined
  #changed: Box | undefined
  #scene: PointingScene | undefined
  #trail: (Point & { time: number })[] = []
  #flag = { name: '', text: '', width: 0 }

  /** Without a scene nobody points any more. Returns whether there is anything to see. */
  update(scene: PointingScene | undefined): boolean {
    const before = this.#scene
    if (scene && scene.tool !== before?.tool) this.#trail = []
    const isSame = !scene || (scene.name === before?.name && scene.tool === before.tool)
    this.#scene = scene ?? (before && { ...before, at: undefined })
    const at = this.#scene?.at
    const glowed = this.isGlowing
    if (this.#scene?.tool === 'laser') this.#glow(at)
    const old = this.bounds
    this.bounds = this.#reach()
    const moved = before?.at?.x !== at?.x || before?.at?.y !== at?.y || !isSame
    if (moved || glowed) this.#changed = enclose(this.#changed, enclose(old, this.bounds))
    return at !== undefined || this.isGlowing
  }

  /** Whether it looks otherwise with the next frame, though nothing happens. */
  get isGlowing(): boolean {
    return this.#trail.length > 0
  }

  takeChanged(): Box | undefined {
    const changed = this.#changed
    this.#changed = undefined
    return changed
  }

  paint(context: Ink): void {
    const { tool, name, colour, at } = this.#scene!
    const { value } = COLOURS[colour]!
    context.fillStyle = value
    context.strokeStyle = '#fff'
    context.lineWidth = 1.5
    context.lineJoin = 'round'
    if (tool === 'laser') return this.#paintLaser(context)
    context.translate(at!.x, at!.y)
    const arrow = new Path2D(POINTER_ARROW)
    context.fill(arrow)
    context.stroke(arrow)
    const { text, width } = this.#measure(context, name)
    const { x, y, height, padding, corner } = FLAG
    context.beginPath()
    context.roundRect(x, y, width + 2 * padding, height, [corner, corner, corner, 2])
    context.fill()
    context.lineWidth = 0.5
    context.stroke()
    context.fillStyle = '#fff'
    context.textBaseline = 'middle'
    context.fillText(text, x + padding, y + height / 2 + 0.5)
  }

  #paintLaser(context: Ink): void {
    if (this.#trail.length > 1) {
      context.globalAlpha = 0.6
      context.fill(trailPath(this.#trail))
      context.globalAlpha = 1
    }
    const at = this.#scene?.at
    if (!at) return
    context.beginPath()
    context.arc(at.x, at.y, DOT_PX, 0, 2 * Math.PI)
    context.fill()
    context.stroke()
  }

  #glow(at: Point | undefined): void {
    const last = this.#trail.at(-1)
    if (at && (last?.x !== at.x || last.y !== at.y)) this.#trail.push({ ...at, time: performance.now() })
    const since = performance.now() - TRAIL_MS
    this.#trail = this.#trail.filter(({ time }) => time > since)
  }

  #reach(): Box | undefined {
    const reach = DOT_PX + TRAIL_PX
    const { x, y, height, padding, maxText } = FLAG
    const at = this.#scene?.at
    const flag = at && {
      x: at.x - 4,
      y: at.y - 4,
      width: x + maxText + 2 * padding + 8,
      height: y + height + 8,
    }
    if (this.#scene?.tool !== 'laser') return flag
    const places = at ? [...this.#trail, at] : this.#trail
    const boxes = places.map(({ x, y }) => ({ x: x - reach, y: y - reach, width: 2 * reach, height: 2 * reach }))
    return boxes.reduce<Box | undefined>(enclose, undefined)
  }

  /** The name, as much of it as a flag holds. */
  #measure(context: Ink, name: string): { text: string; width: number } {
    context.font = FONT
    if (this.#flag.name === name) return this.#flag
    let text = name
    for (let end = name.length; context.measureText(text).width > FLAG.maxText && end > 0; end--)
      text = `${name.slice(0, end).trimEnd()}…`
    this.#flag = { name, text, width: context.measureText(text).width }
    return this.#flag
  }
}

function isWithin({ x, y }: Point, clip: Box | undefined): boolean {
  if (!clip) return true
  return x >= clip.x && y >= clip.y && x <= clip.x + clip.width && y <= clip.y + clip.height
}

/** Wide at the dot, and thin where it was first. */
function trailPath(trail: readonly Point[]): Path2D {
  const path = new Path2D()
  const back: Point[] = []
  for (const [index, at] of trail.entries()) {
    const [from, to] = [trail[Math.max(0, index - 1)]!, trail[Math.min(trail.length - 1, index + 1)]!]
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
    const half = (TRAIL_PX / 2) * (index / (trail.length - 1))
    const [x, y] = [((from.y - to.y) / length) * half, ((to.x - from.x) / length) * half]
    path.lineTo(at.x + x, at.y + y)
    back.unshift({ x: at.x - x, y: at.y - y })
  }
  for (const { x, y } of back) path.lineTo(x, y)
  path.closePath()
  return path
}
