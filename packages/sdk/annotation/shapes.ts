import { COLOURS } from './colours.ts'
import { FRAME_GAP_PX } from './framed.ts'
import { makeSvg } from './make-element.ts'
import type { Mark } from './mark.ts'
import { outlineOf } from './outline.ts'
import { type Box, fromParts, type Point } from './stroke.ts'

/** Widths of the lines that follow a hand. */
export const WIDTHS: Partial<Record<Mark<unknown>['tool'], number>> = { pen: 5, vanishing_pen: 5, highlighter: 20 }

/** How far an arrow's head reaches, at most. */
const HEAD_PX = 18

/** The lines of a mark, drawn from the top left corner of its anchor's box. */
export class Shape {
  readonly element = makeSvg('svg')

  constructor({ tool, colour }: Mark<unknown>) {
    this.element.setAttribute('class', tool)
    this.element.style.color = COLOURS[colour]!.value
  }

  draw({ tool, points }: Mark<unknown>, { width, height }: Box): void {
    const box = { x: 0, y: 0, width, height }
    const at = (index: number) => fromParts(points[index * 2]!, points[index * 2 + 1]!, box)
    const count = points.length / 2
    const size = WIDTHS[tool]
    this.element.replaceChildren()
    if (size) {
      const places = Array.from({ length: count }, (_, index) => at(index))
      for (const d of outlineOf(places, size)) this.#add('path', { d })
    } else if (tool === 'element')
      this.#add(
        'rect',
        cornered({ x: -FRAME_GAP_PX, y: -FRAME_GAP_PX }, { x: width + FRAME_GAP_PX, y: height + FRAME_GAP_PX }),
      )
    else if (count < 2) return
    else if (tool === 'rectangle') this.#add('rect', cornered(at(0), at(count - 1)))
    else if (tool === 'arrow') this.#add('path', { d: arrowPath(at(0), at(count - 1)) })
  }

  #add(name: 'rect' | 'path', attributes: Record<string, string | number>): void {
    const made = this.element.appendChild(makeSvg(name))
    for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, String(value))
  }
}

function cornered(from: Point, to: Point): Record<string, number> {
  const { x, y, width, height } = boxOf(from, to)
  return { x: round(x), y: round(y), width: round(width), height: round(height), rx: CORNER_PX }
}

/** How round a rectangle's corners are. */
export const CORNER_PX = 4

/** The box that two opposite corners make. */
export function boxOf(from: Point, to: Point): Box {
  return {
    x: Math.min(from.x, to.x),
    y: Math.min(from.y, to.y),
    width: Math.abs(to.x - from.x),
    height: Math.abs(to.y - from.y),
  }
}

export function arrowPath(tail: Point, tip: Point): string {
  const length = Math.hypot(tip.x - tail.x, tip.y - tail.y)
  const angle = Math.atan2(tip.y - tail.y, tip.x - tail.x)
  const head = Math.min(HEAD_PX, length)
  const side = (turn: number) =>
    `${round(tip.x - head * Math.cos(angle + turn))} ${round(tip.y - head * Math.sin(angle + turn))}`
  const end = `${round(tip.x)} ${round(tip.y)}`
  return `M${round(tail.x)} ${round(tail.y)}L${end}M${side(0.5)}L${end}L${side(-0.5)}`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
