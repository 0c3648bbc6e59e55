import type { Ink, Moving } from './canvas.ts'
import { COLOURS } from './colours.ts'
import type { Mark } from './mark.ts'
import type { LiveScene } from './scene.ts'
import { arrowPath, boxOf, CORNER_PX, WIDTHS } from './shapes.ts'
import { type Box, enclose, fromParts, intersect, isSame, type Point } from './stroke.ts'

/** The line of a rectangle or an arrow, and the light edge that lifts it from a dark page. */
const LINE_PX = 4
const EDGE_PX = 6

/** A highlighter lets the text shine through. */
const SHINE = 0.38

/** Points of one part of a stroke: what lies outside of what changed is not drawn again. */
const PART = 32

/** How much of the way to the next point a line goes, as the outline of the finished stroke does. */
const FOLLOW = 0.7

/** What can be seen while it is drawn; the other marks are there at once. */
export function isLive({ tool, done }: Mark<unknown>): boolean {
  return !done && (tool in WIDTHS || tool === 'rectangle' || tool === 'arrow')
}

interface Part {
  path: Path2D
  /** Around its line, from the top left corner of the anchor's box. */
  box: Box
}

/** A mark that is being drawn. A stroke is a line here, and gets its outline when it is done: that costs more the longer
 *  it is. */
export class LiveMark implements Moving {
  bounds: Box | undefined
  #changed: Box | undefined
  #scene: LiveScene | undefined
  #points: number[] = []
  /** How many numbers of `#points` are drawn. */
  #length = 0
  #parts: Part[] = []
  /** From the last part to the pointer. */
  #end: Part | undefined
  #last: Point = { x: 0, y: 0 }

  update(scene: LiveScene): void {
    const before = this.#scene
    const { box, clip, revision, points } = scene
    const isOther = revision !== before?.revision
    const anew = isOther || box.width !== before.box.width || box.height !== before.box.height
    const moved = anew || !isSame(box, before.box) || !isSame(clip, before.clip)
    if (!moved && !points.length) return
    const old = this.bounds
    this.#scene = scene
    if (isOther) this.#points = []
    this.#points.push(...points)
    const tail = this.#draw(anew)
    const extent = this.#parts.reduce<Box | undefined>((all, part) => enclose(all, part.box), this.#end?.box)
    this.bounds = extent && shift(extent, box)
    this.#changed = enclose(this.#changed, moved ? enclose(old, this.bounds) : tail && shift(tail, box))
  }

  takeChanged(): Box | undefined {
    const changed = this.#changed
    this.#changed = undefined
    return changed
  }

  paint(context: Ink, region: Box): void {
    const { tool, colour, box, clip } = this.#scene!
    if (clip) {
      context.beginPath()
      context.rect(clip.x, clip.y, clip.width, clip.height)
      context.clip()
    }
    context.translate(box.x, box.y)
    const near = shift(region, { x: -box.x, y: -box.y })
    const path = new Path2D()
    for (const part of [...this.#parts, ...(this.#end ? [this.#end] : [])])
      if (intersect(part.box, near).height) path.addPath(part.path)
    context.lineCap = context.lineJoin = 'round'
    if (tool === 'highlighter') context.globalAlpha = SHINE
    const size = WIDTHS[tool]
    if (!size) {
      context.lineWidth = EDGE_PX
      context.strokeStyle = 'rgb(255 255 255 / .6)'
      context.stroke(path)
    }
    context.lineWidth = size ?? LINE_PX
    context.strokeStyle = COLOURS[colour]!.value
    context.stroke(path)
  }

  /** Returns what changed. */
  #draw(anew: boolean): Box | undefined {
    const points = this.#points
    const { tool, box } = this.#scene!
    const { width, height } = box
    const at = (index: number) => fromParts(points[index * 2]!, points[index * 2 + 1]!, { x: 0, y: 0, width, height })
    const count = points.length / 2
    const reach = (WIDTHS[tool] ?? EDGE_PX) / 2 + 2
    const before = this.#end?.box
    if (anew) this.#parts = []
    const from = anew ? 0 : this.#length / 2
    this.#length = points.length
    if (!WIDTHS[tool]) {
      const [first, last] = [at(0), at(count - 1)]
      this.#end = { path: linePath(tool, first, last), box: widen(boxOf(first, last), tool === 'arrow' ? 24 : reach) }
      return enclose(before, this.#end.box)
    }
    let changed = before
    for (let index = from; index < count; index++) changed = enclose(changed, this.#follow(index, at(index), reach))
    const path = new Path2D()
    path.moveTo(this.#last.x, this.#last.y)
    const end = at(count - 1)
    path.lineTo(end.x, end.y)
    this.#end = { path, box: widen(boxOf(this.#last, end), reach) }
    return enclose(changed, this.#end.box)
  }

  /** Goes on with a stroke. Returns what that covers. */
  #follow(index: number, to: Point, reach: number): Box {
    const from = index ? this.#last : to
    const next = { x: from.x + (to.x - from.x) * FOLLOW, y: from.y + (to.y - from.y) * FOLLOW }
    this.#last = next
    const box = widen(boxOf(from, next), reach)
    const part = this.#parts.at(-1)
    if (index % PART && part) {
      part.path.lineTo(next.x, next.y)
      part.box = enclose(part.box, box)!
    } else {
      const path = new Path2D()
      path.moveTo(from.x, from.y)
      path.lineTo(next.x, next.y)
      this.#parts.push({ path, box })
    }
    return box
  }
}

function linePath(tool: string, from: Point, to: Point): Path2D {
  if (tool === 'arrow') return new Path2D(arrowPath(from, to))
  const path = new Path2D()
  const { x, y, width, height } = boxOf(from, to)
  path.roundRect(x, y, width, height, CORNER_PX)
  return path
}

function widen({ x, y, width, height }: Box, by: number): Box {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by }
}

function shift(box: Box, { x, y }: Point): Box {
  return { ...box, x: box.x + x, y: box.y + y }
}
