import { getStroke } from 'perfect-freehand'
import { COLOURS } from './colours.ts'
import type { Mark } from './mark.ts'
import { type Box, fromParts, type Point } from './stroke.ts'

const SVG = 'http://www.w3.org/2000/svg'

/** Points of one path. A longer stroke is several, so that another point costs the same however long it is. */
const CHUNK = 160

/** Points that a path shares with the one before it, so that both have the same direction where they meet. */
const OVERLAP = 6

const WIDTHS: Partial<Record<Mark<unknown>['tool'], number>> = { pen: 5, vanishing_pen: 5, highlighter: 20 }

/** How far an arrow's head reaches, at most. */
const HEAD_PX = 18

/** The lines of a mark, drawn from the top left corner of its anchor's box. */
export class Shape {
  readonly element = document.createElementNS(SVG, 'svg')
  /** Points that the finished paths cover. */
  #drawn = 0
  #open: SVGElement | undefined

  constructor({ tool, colour }: Mark<unknown>) {
    this.element.setAttribute('class', tool)
    this.element.style.color = COLOURS[colour]!.value
  }

  /** `anew` when more than points at the end changed. */
  draw({ tool, points }: Mark<unknown>, { width, height }: Box, anew: boolean): void {
    const box = { x: 0, y: 0, width, height }
    const at = (index: number) => fromParts(points[index * 2]!, points[index * 2 + 1]!, box)
    if (anew) {
      this.element.replaceChildren()
      this.#drawn = 0
      this.#open = undefined
    }
    const count = points.length / 2
    const size = WIDTHS[tool]
    if (size) this.#drawStroke(count, at, size)
    else if (tool === 'element') this.#drawBox('rect', outline({ x: -3, y: -3 }, { x: width + 3, y: height + 3 }))
    else if (count < 2) return
    else if (tool === 'rectangle') this.#drawBox('rect', outline(at(0), at(count - 1)))
    else if (tool === 'arrow') this.#drawBox('path', { d: arrow(at(0), at(count - 1)) })
  }

  #drawStroke(count: number, at: (index: number) => Point, size: number): void {
    for (;;) {
      const start = Math.max(0, this.#drawn - OVERLAP)
      const end = Math.min(count, this.#drawn + CHUNK)
      const points = Array.from({ length: end - start }, (_, index) => at(start + index))
      this.#open ??= this.element.appendChild(document.createElementNS(SVG, 'path'))
      this.#open.setAttribute('d', strokePath(points, size))
      if (end - this.#drawn < CHUNK) return
      this.#drawn = end
      this.#open = undefined
      if (end === count) return
    }
  }

  #drawBox(name: 'rect' | 'path', attributes: Record<string, string>): void {
    this.#open ??= this.element.appendChild(document.createElementNS(SVG, name))
    for (const [attribute, value] of Object.entries(attributes)) this.#open.setAttribute(attribute, value)
  }
}

/** The outline of a line with round ends. */
export function strokePath(points: readonly Point[], size: number, fade = 0): string {
  const outline = getStroke([...points], {
    size,
    thinning: fade ? 0.5 : 0,
    smoothing: 0.6,
    streamline: 0.35,
    simulatePressure: false,
    ...(fade ? { start: { taper: fade } } : {}),
    last: true,
  })
  const [first] = outline
  if (!first) return ''
  let path = `M${round(first[0]!)} ${round(first[1]!)}Q`
  for (let i = 0; i < outline.length; i++) {
    const [x = 0, y = 0] = outline[i]!
    const [nextX = 0, nextY = 0] = outline[(i + 1) % outline.length]!
    path += `${round(x)} ${round(y)} ${round((x + nextX) / 2)} ${round((y + nextY) / 2)} `
  }
  return `${path}Z`
}

function outline(from: Point, to: Point): Record<string, string> {
  return {
    x: round(Math.min(from.x, to.x)),
    y: round(Math.min(from.y, to.y)),
    width: round(Math.abs(to.x - from.x)),
    height: round(Math.abs(to.y - from.y)),
    rx: '4',
  }
}

function arrow(tail: Point, tip: Point): string {
  const length = Math.hypot(tip.x - tail.x, tip.y - tail.y)
  const angle = Math.atan2(tip.y - tail.y, tip.x - tail.x)
  const head = Math.min(HEAD_PX, length)
  const side = (turn: number) =>
    `${round(tip.x - head * Math.cos(angle + turn))} ${round(tip.y - head * Math.sin(angle + turn))}`
  const end = `${round(tip.x)} ${round(tip.y)}`
  return `M${round(tail.x)} ${round(tail.y)}L${end}M${side(0.5)}L${end}L${side(-0.5)}`
}

function round(value: number): string {
  return value.toFixed(1)
}
