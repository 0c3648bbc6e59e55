import { COLOURS } from './colours.ts'
import type { PointingTool } from './mark.ts'
import type { Place } from './places.ts'
import { strokePath } from './shapes.ts'
import { fromParts, type Point } from './stroke.ts'

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

const SVG = 'http://www.w3.org/2000/svg'

/** The tip is at 0, 0. */
const ARROW = 'M0 0L0 17L4.4 13.2L7.3 20L10.4 18.7L7.5 12L13.2 12Z'

/** How long the laser's trail glows. */
const TRAIL_MS = 450

/** A pointer with its owner's name, or a laser's dot with its trail. */
export class PointingShape {
  readonly element = document.createElement('div')
  readonly #at = document.createElement('div')
  readonly #label = document.createElement('div')
  readonly #head = document.createElementNS(SVG, 'svg')
  readonly #trail = document.createElementNS(SVG, 'path')
  #tool: PointingTool | undefined
  #points: (Point & { time: number })[] = []

  constructor() {
    const trail = document.createElementNS(SVG, 'svg')
    trail.append(this.#trail)
    this.#trail.setAttribute('opacity', '.6')
    this.#at.className = 'at'
    this.#label.className = 'label'
    this.#label.dir = 'auto'
    this.#at.append(this.#head, this.#label)
    this.element.append(trail, this.#at)
  }

  /** Without a place it is hidden: what it points at is not shown here. */
  draw(
    { tool, x, y, name, colour }: { tool: PointingTool; x: number; y: number; name: string; colour: number },
    place: Place | undefined,
  ): void {
    if (tool !== this.#tool) this.#dress(tool)
    const { value } = COLOURS[colour]!
    if (this.element.style.color !== value) this.element.style.color = value
    this.#label.style.background = value
    if (this.#label.textContent !== name) this.#label.textContent = name
    const at = place && fromParts(x, y, place.box)
    const shown = at && isWithin(at, place.clip)
    this.#at.hidden = !shown
    if (!shown) return this.#glow()
    this.#at.style.transform = `translate(${at.x}px, ${at.y}px)`
    const last = this.#points.at(-1)
    if (tool === 'laser' && (last?.x !== at.x || last.y !== at.y)) this.#points.push({ ...at, time: performance.now() })
    this.#glow()
  }

  /** Nobody points any more; the trail may still glow. Returns whether it does. */
  fade(): boolean {
    this.#at.hidden = true
    this.#glow()
    return this.#points.length > 0
  }

  #dress(tool: PointingTool): void {
    this.#tool = tool
    this.element.className = tool
    this.#points = []
    const shape = document.createElementNS(SVG, tool === 'laser' ? 'circle' : 'path')
    if (tool === 'laser') shape.setAttribute('r', '6')
    else shape.setAttribute('d', ARROW)
    this.#label.style.display = tool === 'laser' ? 'none' : ''
    this.#head.replaceChildren(shape)
  }

  #glow(): void {
    const since = performance.now() - TRAIL_MS
    const had = this.#points.length
    this.#points = this.#points.filter(({ time }) => time > since)
    if (had || this.#points.length)
      this.#trail.setAttribute('d', this.#points.length > 1 ? strokePath(this.#points, 9, 40) : '')
  }
}

function isWithin({ x, y }: Point, { x: left, y: top, width, height }: Place['clip']): boolean {
  return x >= left && y >= top && x <= left + width && y <= top + height
}
