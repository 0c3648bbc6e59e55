import type { ParticipantId } from '@alongside/protocol'
import { MovingCanvas } from './canvas.ts'
import { Drift } from './drift.ts'
import { isLive, LiveMark } from './live-mark.ts'
import type { Marks } from './marks.ts'
import type { Place, Places } from './places.ts'
import { type Pointing, PointingShape } from './pointing.ts'
import { type PlacedMark, StillMarks } from './still-marks.ts'
import { type Box, enclose } from './stroke.ts'
import { ANNOTATION_STYLE } from './style.ts'

export interface PictureOptions<Anchor> {
  marks: Marks<Anchor>
  pointings: ReadonlyMap<ParticipantId, Pointing<Anchor>>
  places: Places
  /** The element of an anchor; undefined when it is not there, now or any more. */
  find(anchor: Anchor): Element | undefined
  /** The CSS transform from the page's viewport to where the picture lies; `probe` is a box of 100 by 100 px at its
   *  top left corner. */
  transform(probe: Element): string
  /** What that makes larger or smaller; 1 when left out. */
  scale?(): number
  /** Called before each picture. */
  onFrame?(): void
}

interface PlacedPointing {
  pointing: Pointing<unknown>
  place: Place | undefined
}

/** Shows what is drawn where its elements are. It looks at the page with every frame while there is something to show,
 *  and not at all otherwise. In each frame all is read first and written then, so that the page is laid out once. */
export class Picture<Anchor> {
  readonly host = document.createElement('div')
  readonly #options: PictureOptions<Anchor>
  readonly #ground = document.createElement('div')
  readonly #probe = document.createElement('div')
  readonly #carried = document.createElement('div')
  readonly #drift = new Drift()
  readonly #still = new StillMarks()
  readonly #canvas = new MovingCanvas()
  readonly #live = new Map<string, LiveMark>()
  readonly #pointings = new Map<ParticipantId, PointingShape>()
  #level = ''
  #drifted = ''
  #frame: number | undefined

  constructor(options: PictureOptions<Anchor>) {
    this.#options = options
    const root = this.host.attachShadow({ mode: 'closed' })
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(ANNOTATION_STYLE)
    // Not a style element: a page's security policy may forbid those.
    root.adoptedStyleSheets = [sheet]
    this.#ground.className = 'ground'
    this.#probe.className = 'probe'
    this.#carried.className = 'drift'
    this.#carried.append(this.#still.element, this.#canvas.element)
    this.#ground.append(this.#carried)
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
    const { marks, pointings, places, onFrame, transform, scale } = this.#options
    places.forget()
    onFrame?.()
    const level = transform(this.#probe)
    const viewport = places.viewport()
    const found = new Map<Element, Place>()
    const look = (anchor: Anchor) => this.#look(anchor, found)
    const anchors = [...marks.all.values(), ...pointings.values()].map(({ anchor }) => look(anchor))
    const laid = this.#drift.settle(found)
    // From here on the page is only written.
    this.#carry(level)
    const placeOf = (index: number) => {
      const element = anchors[index]
      return element && laid.get(element)
    }
    const placed = [...marks.all.values()].map((mark, index) => ({ mark, place: placeOf(index) }))
    const pointed = new Map<ParticipantId, PlacedPointing>()
    for (const [participant, pointing] of pointings)
      pointed.set(participant, { pointing, place: placeOf(placed.length + pointed.size) })
    const live = newest(placed)
    const shown = this.#drift.lay(viewport)
    this.#still.draw(
      placed.filter(({ mark }) => !live.has(mark.key)),
      shown,
    )
    const unmarked = this.#updateLive(live)
    const { seen, gone } = this.#updatePointings(pointed)
    const things = [...this.#live.values(), ...seen]
    this.#canvas.paint(things, enclose(unmarked, gone), shown, devicePixelRatio * (scale?.() ?? 1))
    if (marks.all.size || pointings.size || things.length) this.wake()
  }

  /** Returns what was covered by those that are no longer there. */
  #updateLive(live: ReadonlyMap<string, PlacedMark>): Box | undefined {
    let gone: Box | undefined
    for (const [key, mark] of this.#live) {
      if (live.get(key)?.place) continue
      gone = enclose(gone, mark.bounds)
      this.#live.delete(key)
    }
    for (const [key, { mark, place }] of live) {
      if (!place) continue
      const shape = this.#live.get(key) ?? new LiveMark(mark)
      this.#live.set(key, shape)
      shape.update(mark, place)
    }
    return gone
  }

  /** Those that are to be seen, and what was covered by the others. */
  #updatePointings(pointed: ReadonlyMap<ParticipantId, PlacedPointing>) {
    let gone: Box | undefined
    const seen: PointingShape[] = []
    for (const participant of pointed.keys())
      if (!this.#pointings.has(participant)) this.#pointings.set(participant, new PointingShape())
    for (const [participant, shape] of this.#pointings) {
      const one = pointed.get(participant)
      if (shape.update(one?.pointing, one?.place)) seen.push(shape)
      else {
        gone = enclose(gone, shape.changed)
        if (!one) this.#pointings.delete(participant)
      }
    }
    return { seen, gone }
  }

  #carry(level: string): void {
    const { x, y } = this.#drift.at
    const drift = `translate(${x}px, ${y}px)`
    if (level !== this.#level) this.#ground.style.transform = level
    if (drift !== this.#drifted) this.#carried.style.transform = drift
    this.#level = level
    this.#drifted = drift
  }

  /** Finds where an anchor's element is. */
  #look(anchor: Anchor, found: Map<Element, Place>): Element | undefined {
    const element = this.#options.find(anchor)
    const place = element && this.#options.places.of(element)
    if (place) found.set(element, place)
    return element
  }
}

/** The last mark of each author, as far as it is being drawn: nobody draws two. */
function newest(placed: readonly PlacedMark[]): Map<string, PlacedMark> {
  const last = new Map<ParticipantId, PlacedMark>()
  for (const one of placed) if (isLive(one.mark)) last.set(one.mark.author, one)
  return new Map([...last.values()].map((one) => [one.mark.key, one]))
}
