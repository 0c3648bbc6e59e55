import type { ParticipantId } from '@alongside/protocol'
import { COLOURS } from './colours.ts'
import { type Mark, VANISH_MS } from './mark.ts'
import type { Marks } from './marks.ts'
import type { Place, Places } from './places.ts'
import { type Pointing, PointingShape } from './pointing.ts'
import { Shape } from './shapes.ts'
import type { Box } from './stroke.ts'
import { ANNOTATION_STYLE } from './style.ts'

/** What vanishes fades during its last moments. */
const FADE_MS = 600

interface Drawn {
  clip: HTMLElement
  at: HTMLElement
  shape: Shape
  label: HTMLElement
  revision: number
  length: number
  /** The anchor's box and what of the page shows it, as they were drawn. */
  box: Box
  seen: Box
}

export interface PictureOptions<Anchor> {
  marks: Marks<Anchor>
  pointings: ReadonlyMap<ParticipantId, Pointing<Anchor>>
  places: Places
  /** The element of an anchor; undefined when it is not there, now or any more. */
  find(anchor: Anchor): Element | undefined
  /** The CSS transform from the page's viewport to where the picture lies; `probe` is a box of 100 by 100 px at its
   *  top left corner. */
  transform(probe: Element): string
  /** Called before each picture. */
  onFrame?(): void
}

const NOWHERE: Box = { x: 0, y: 0, width: 0, height: 0 }

/** Shows what is drawn where its elements are. It looks at the page with every frame while there is something to show,
 *  and not at all otherwise. */
export class Picture<Anchor> {
  readonly host = document.createElement('div')
  readonly #options: PictureOptions<Anchor>
  readonly #ground = block('ground')
  readonly #probe = block('probe')
  readonly #drawn = new Map<string, Drawn>()
  readonly #pointings = new Map<ParticipantId, PointingShape>()
  #frame: number | undefined

  constructor(options: PictureOptions<Anchor>) {
    this.#options = options
    const root = this.host.attachShadow({ mode: 'closed' })
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(ANNOTATION_STYLE)
    // Not a style element: a page's security policy may forbid those.
    root.adoptedStyleSheets = [sheet]
    root.append(this.#probe, this.#ground)
  }

  /** Something changed: it is drawn with the next frame. */
  wake(): void {
    this.#frame ??= requestAnimationFrame(() => this.#onFrame())
  }

  /** May be called twice. */
  close(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#frame = undefined
    this.host.remove()
  }

  #onFrame(): void {
    this.#frame = undefined
    const { marks, pointings, places, onFrame } = this.#options
    places.forget()
    onFrame?.()
    this.#level()
    for (const [key, { clip }] of this.#drawn) {
      if (marks.all.has(key)) continue
      clip.remove()
      this.#drawn.delete(key)
    }
    for (const mark of marks.all.values()) this.#drawMark(mark)
    const moving = this.#drawPointings()
    if (marks.all.size || pointings.size || moving) this.wake()
  }

  #level(): void {
    const transform = this.#options.transform(this.#probe)
    if (this.#ground.style.transform !== transform) this.#ground.style.transform = transform
  }

  #drawMark(mark: Mark<Anchor>): void {
    const drawn = this.#drawn.get(mark.key) ?? this.#begin(mark)
    const place = this.#placeOf(mark.anchor)
    if (drawn.clip.hidden !== !place) drawn.clip.hidden = !place
    if (!place) return
    const { box, clip } = place
    if (!isSame(clip, drawn.seen) || !isSame(box, drawn.box)) this.#move(drawn, place)
    const anew = mark.revision !== drawn.revision || box.width !== drawn.box.width || box.height !== drawn.box.height
    if (anew || mark.points.length !== drawn.length) {
      drawn.shape.draw(mark, box, anew)
      drawn.length = mark.points.length
    }
    if (anew) this.#label(drawn, mark, box)
    if (mark.revision !== drawn.revision && mark.done && mark.tool === 'vanishing_pen') fade(drawn.clip)
    drawn.revision = mark.revision
    drawn.box = box
    drawn.seen = clip
  }

  #begin(mark: Mark<Anchor>): Drawn {
    const shape = new Shape(mark)
    const label = block('label')
    label.dir = 'auto'
    const at = block('at')
    at.append(shape.element, label)
    const clip = block('clip')
    clip.append(at)
    clip.dataset.mark = mark.key
    this.#ground.append(clip)
    const drawn = { clip, at, shape, label, revision: -1, length: 0, box: NOWHERE, seen: NOWHERE }
    this.#drawn.set(mark.key, drawn)
    return drawn
  }

  #move({ clip: element, at }: Drawn, { box, clip }: Place): void {
    Object.assign(element.style, {
      left: `${clip.x}px`,
      top: `${clip.y}px`,
      width: `${clip.width}px`,
      height: `${clip.height}px`,
    })
    at.style.transform = `translate(${box.x - clip.x}px, ${box.y - clip.y}px)`
  }

  #label({ label }: Drawn, { tool, text, colour, points }: Mark<Anchor>, box: Box): void {
    label.textContent = text
    label.style.background = COLOURS[colour]!.value
    const [x, y] = tool === 'text' ? [points[0]! * box.width, points[1]! * box.height] : [-3, box.height + 8]
    Object.assign(label.style, { left: `${x}px`, top: `${y}px` })
  }

  /** Returns whether something still moves. */
  #drawPointings(): boolean {
    const { pointings } = this.#options
    let moving = false
    for (const [participant, pointing] of pointings) {
      const shape = this.#pointings.get(participant) ?? new PointingShape()
      if (!this.#pointings.has(participant)) this.#ground.append(shape.element)
      this.#pointings.set(participant, shape)
      shape.draw(pointing, this.#placeOf(pointing.anchor))
    }
    for (const [participant, shape] of this.#pointings) {
      if (pointings.has(participant)) continue
      if (shape.fade()) moving = true
      else {
        shape.element.remove()
        this.#pointings.delete(participant)
      }
    }
    return moving
  }

  #placeOf(anchor: Anchor): Place | undefined {
    const element = this.#options.find(anchor)
    return element && this.#options.places.of(element)
  }
}

function block(className: string): HTMLElement {
  const made = document.createElement('div')
  made.className = className
  return made
}

function isSame(a: Box, b: Box): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height
}

function fade(element: HTMLElement): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
  element.animate({ opacity: [1, 0] }, { delay: VANISH_MS - FADE_MS, duration: FADE_MS, fill: 'forwards' })
}
