import type { Anchors } from './anchors.ts'
import { framed } from './framed.ts'
import { type AnnotationTool, type Draft, MARK_TOOLS, type Mark, type MarkTool, type PointingTool } from './mark.ts'
import type { Marks } from './marks.ts'
import type { Places } from './places.ts'
import { type Box, type Point, rebase, Stroke, toParts } from './stroke.ts'
import { touches } from './touch.ts'

/** What a hand does. `Anchor` is as the seat knows elements. */
export interface HandActions<Anchor> {
  put(draft: Draft<Anchor>): void
  extend(id: number, points: number[]): void
  erase(mark: Mark<Anchor>): void
  point(tool: PointingTool, anchor: Anchor, x: number, y: number): void
  readOut(anchor: Anchor): void
  /** Asks for words, at a place of the page; they are put into the mark. */
  write(draft: Draft<Anchor>, at: Point): void
}

export interface HandOptions<Anchor> {
  anchors: Anchors
  places: Places
  marks: Marks<Anchor>
  find(anchor: Anchor): Element | undefined
  anchorOf(element: Element): Anchor | undefined
  actions: HandActions<Anchor>
}

/** A mark that is being drawn. */
interface Drawing<Anchor> {
  draft: Draft<Anchor>
  element: Element
  stroke: Stroke
  /** Where a rectangle or an arrow begins. */
  from: Point
}

/** Strokes follow every point, other marks only have a beginning and an end. */
const STROKES: ReadonlySet<AnnotationTool> = new Set(['pen', 'vanishing_pen', 'highlighter'])

/** Further than this a press is a stroke, and no click. */
const CLICK_PX = 4

/** Makes marks from what a pointer does on the page, with the tool in hand. Both seats have one. Coordinates are CSS
 *  pixels of the page's viewport. */
export class Hand<Anchor> {
  tool: AnnotationTool | undefined
  /** Index in `COLOURS`. */
  colour = 0
  readonly #options: HandOptions<Anchor>
  #drawing: Drawing<Anchor> | undefined
  #erasing = false
  /** Begins anywhere: a page that was loaded again must not write over what it drew before. */
  #id = crypto.getRandomValues(new Uint32Array(1))[0]! >>> 1

  constructor(options: HandOptions<Anchor>) {
    this.#options = options
  }

  get isBusy(): boolean {
    return this.#drawing !== undefined || this.#erasing
  }

  down(at: Point): void {
    const { tool } = this
    this.up()
    this.#options.places.forget()
    if (tool === 'eraser') {
      this.#erasing = true
      this.#erase(at)
      return
    }
    if (!tool || !isMarkTool(tool) || tool === 'text' || tool === 'element') return
    const element = this.#options.anchors.at(at)
    const draft = element && this.#draft(tool, element)
    if (!draft) return
    this.#drawing = { draft, element, stroke: new Stroke(), from: at }
    this.#draw([at])
  }

  /** `points` are all since the last call, in order. */
  move(points: readonly Point[]): void {
    const last = points.at(-1)
    if (!last) return
    this.#options.places.forget()
    const { tool } = this
    if (this.#erasing) for (const point of points) this.#erase(point)
    else if (this.#drawing) this.#draw(points)
    else if (tool === 'pointer' || tool === 'laser') this.#point(tool, last)
  }

  /** The pointer is lifted: what was drawn is done. */
  up(): void {
    this.#erasing = false
    const drawing = this.#drawing
    this.#drawing = undefined
    if (!drawing) return
    this.#options.places.forget()
    const box = this.#boxOf(drawing.element)
    this.#options.actions.put(box ? this.#finish(drawing, box) : { ...drawing.draft, done: true })
  }

  /** A press that was no stroke, for the tools that take one. */
  click(at: Point): void {
    const { tool } = this
    if (tool !== 'text' && tool !== 'element' && tool !== 'read_out') return
    const { anchors, places, actions, anchorOf } = this.#options
    places.forget()
    const element = anchors.at(at)
    const anchor = element && anchorOf(element)
    const box = element && this.#boxOf(element)
    if (anchor === undefined || !element || !box) return
    if (tool === 'read_out') return actions.readOut(anchor)
    const draft = this.#draft(tool, element)
    if (!draft) return
    if (tool === 'text') return actions.write({ ...draft, points: toParts(at, box) }, at)
    actions.put({ ...draft, done: true })
    actions.write(draft, { x: box.x, y: box.y + box.height + 8 })
  }

  static isClick(from: Point, to: Point): boolean {
    return Math.hypot(to.x - from.x, to.y - from.y) <= CLICK_PX
  }

  #draft(tool: MarkTool, element: Element): Draft<Anchor> | undefined {
    const anchor = this.#options.anchorOf(element)
    if (anchor === undefined) return undefined
    return { id: ++this.#id, tool, colour: this.colour, anchor, points: [], text: '', done: false }
  }

  #draw(points: readonly Point[]): void {
    const drawing = this.#drawing
    const box = drawing && this.#boxOf(drawing.element)
    if (!drawing || !box) return
    const { draft, stroke } = drawing
    const isFirst = draft.points.length === 0
    if (!STROKES.has(draft.tool)) {
      draft.points = [...toParts(drawing.from, box), ...toParts(points.at(-1)!, box)]
      return this.#options.actions.put({ ...draft })
    }
    const before = stroke.points.length
    let thinned = false
    for (const point of points) thinned = stroke.add(point, box) === 'thinned' || thinned
    draft.points = [...stroke.points]
    if (isFirst || thinned) this.#options.actions.put({ ...draft })
    else if (draft.points.length > before) this.#options.actions.extend(draft.id, draft.points.slice(before))
  }

  /** Gives the mark to the element that it turned out to be about. */
  #finish(drawing: Drawing<Anchor>, box: Box): Draft<Anchor> {
    const { draft, element: before } = drawing
    const { anchors, anchorOf } = this.#options
    const element = anchors.of(draft.tool, toPlaces(draft.points, box)) ?? before
    const anchor = anchorOf(element)
    const to = this.#boxOf(element)
    if (anchor === undefined || !to) return { ...draft, done: true }
    return { ...draft, anchor, points: rebase(draft.points, box, to), done: true }
  }

  #point(tool: PointingTool, at: Point): void {
    const { anchors, anchorOf, actions } = this.#options
    const element = anchors.at(at)
    const anchor = element && anchorOf(element)
    const box = element && this.#boxOf(element)
    if (anchor !== undefined && box) actions.point(tool, anchor, ...toParts(at, box))
  }

  #erase(at: Point): void {
    const { marks, find, actions, places } = this.#options
    for (const mark of [...marks.all.values()].reverse()) {
      const element = find(mark.anchor)
      const place = element && places.of(element)
      const box = place && (mark.tool === 'element' ? framed(place, places.viewport()) : place.box)
      if (box && touches(mark, box, at)) return actions.erase(mark)
    }
  }

  #boxOf(element: Element): Box | undefined {
    return this.#options.places.of(element)?.box
  }
}

function isMarkTool(tool: AnnotationTool): tool is MarkTool {
  return (MARK_TOOLS as readonly AnnotationTool[]).includes(tool)
}

function toPlaces(points: readonly number[], { x, y, width, height }: Box): Point[] {
  const places: Point[] = []
  for (let i = 0; i + 1 < points.length; i += 2)
    places.push({ x: x + points[i]! * width, y: y + points[i + 1]! * height })
  return places
}
