import { MAX_POINTS } from './mark.ts'

/** A place in CSS pixels of the page's viewport. */
export interface Point {
  x: number
  y: number
}

export interface Box extends Point {
  width: number
  height: number
}

/** What two boxes have in common; without width or height where that is nothing. */
export function intersect(a: Box, b: Box): Box {
  const x = Math.max(a.x, b.x)
  const y = Math.max(a.y, b.y)
  return {
    x,
    y,
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y),
  }
}

export function isSame(a: Box | undefined, b: Box | undefined): boolean {
  return a === b || (a?.x === b?.x && a?.y === b?.y && a?.width === b?.width && a?.height === b?.height)
}

/** The smallest box around both. */
export function enclose(a: Box | undefined, b: Box | undefined): Box | undefined {
  if (!a || !b) return a ?? b
  const x = Math.min(a.x, b.x)
  const y = Math.min(a.y, b.y)
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  }
}

/** Parts of a box are rounded to this: a tenth of a pixel of an element that is 10,000 px tall. */
const PRECISION = 1e5

/** A pen reports more than the eye sees. */
const MIN_GAP_PX = 1.5

/** Where a point is in a box, as parts of its width and height. */
export function toParts({ x, y }: Point, box: Box): [number, number] {
  return [round((x - box.x) / box.width), round((y - box.y) / box.height)]
}

/** The inverse of `toParts`. */
export function fromParts(x: number, y: number, box: Box): Point {
  return { x: box.x + x * box.width, y: box.y + y * box.height }
}

/** All points of a mark from one box into another. */
export function rebase(points: readonly number[], from: Box, to: Box): number[] {
  const moved: number[] = []
  for (let i = 0; i + 1 < points.length; i += 2) moved.push(...toParts(fromParts(points[i]!, points[i + 1]!, from), to))
  return moved
}

/** A line that is being drawn: its points as parts of the anchor's box, never more than `MAX_POINTS`. A stroke beyond that
 *  loses every other point and goes on coarser, so that it keeps its shape from end to end. */
export class Stroke {
  readonly points: number[] = []
  #gap = MIN_GAP_PX
  #last: Point | undefined

  /** `box` is the anchor's box now. */
  add(at: Point, box: Box): 'skipped' | 'added' | 'thinned' {
    if (this.#last && Math.hypot(at.x - this.#last.x, at.y - this.#last.y) < this.#gap) return 'skipped'
    this.#last = at
    this.points.push(...toParts(at, box))
    if (this.points.length < MAX_POINTS * 2) return 'added'
    this.#gap *= 2
    const kept = this.points.filter((_part, index) => index % 4 < 2)
    this.points.length = 0
    for (const part of kept) this.points.push(part)
    return 'thinned'
  }
}

function round(part: number): number {
  return Math.round(part * PRECISION) / PRECISION
}
