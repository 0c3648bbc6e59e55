import type { Mark } from './mark.ts'
import { type Box, fromParts, type Point } from './stroke.ts'

/** How near to a line the eraser takes it: the width of a finger's tip, halved. */
const REACH_PX = 10

/** A label's size, nearly: nobody measures text to erase it. */
const LABEL = { letter: 8, line: 19, padding: 16, width: 280 }

/** Whether a point touches a mark, whose anchor has that box. */
export function touches({ tool, points, text }: Mark<unknown>, box: Box, at: Point): boolean {
  const places: Point[] = []
  for (let i = 0; i + 1 < points.length; i += 2) places.push(fromParts(points[i]!, points[i + 1]!, box))
  if (tool === 'text') return isNear(at, labelBox(places[0]!, text))
  if (tool === 'element') {
    const note = text && isNear(at, labelBox({ x: box.x, y: box.y + box.height + 8 }, text))
    return Boolean(note) || isOnLine(at, corners(box, { x: box.x + box.width, y: box.y + box.height }))
  }
  if (tool === 'rectangle') return isOnLine(at, corners(places[0]!, places.at(-1)!))
  return isOnLine(at, places)
}

function corners(a: Point, b: Point): Point[] {
  return [
    { x: a.x, y: a.y },
    { x: b.x, y: a.y },
    { x: b.x, y: b.y },
    { x: a.x, y: b.y },
    { x: a.x, y: a.y },
  ]
}

function labelBox({ x, y }: Point, text: string): Box {
  const wide = text.length * LABEL.letter + LABEL.padding
  const lines = Math.ceil(wide / LABEL.width)
  return { x, y, width: Math.min(wide, LABEL.width), height: lines * LABEL.line + LABEL.padding / 2 }
}

function isNear({ x, y }: Point, box: Box): boolean {
  return x >= box.x && y >= box.y && x <= box.x + box.width && y <= box.y + box.height
}

function isOnLine(at: Point, line: readonly Point[]): boolean {
  return line.some((from, index) => distance(at, from, line[index + 1] ?? from) <= REACH_PX)
}

function distance(at: Point, from: Point, to: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = dx * dx + dy * dy
  const along = length ? Math.max(0, Math.min(1, ((at.x - from.x) * dx + (at.y - from.y) * dy) / length)) : 0
  return Math.hypot(at.x - from.x - along * dx, at.y - from.y - along * dy)
}
