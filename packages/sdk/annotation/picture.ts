import type { ParticipantId } from '@alongside/protocol'
import { Carrier } from './carrier.ts'
import { Drift } from './drift.ts'
import { isLive } from './live-mark.ts'
import { makeHtml } from './make-element.ts'
import type { Marks } from './marks.ts'
import { MovingLayer } from './moving-layer.ts'
import type { Place, Places } from './places.ts'
import { type Pointing, placeOf } from './pointing.ts'
import type { PointingScene } from './scene.ts'
import { type PlacedMark, StillMarks } from './still-marks.ts'
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
  /** Starts a `painting-worker.ts`; without one all is painted on this thread. */
  startWorker?(): Worker
}

/** Shows what is drawn where its elements are. It looks at the page with every frame while there is something to show,
 *  and not at all otherwise. In each frame all is read first and written then, so that the page is laid out once. */
export class Picture<Anchor> {
  readonly host = makeHtml('div')
  readonly #options: PictureOptions<Anchor>
  readonly #ground = makeHtml('div')
  readonly #probe = makeHtml('div')
  readonly #carrier = new Carrier()
  readonly #drift = new Drift()
  readonly #still = new StillMarks()
  readonly #moving: MovingLayer
  #live: ReadonlyMap<string, PlacedMark> = new Map()
  #level = ''
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
    this.#carrier.origin.append(this.#still.element)
    this.#ground.append(this.#carrier.element)
    this.#moving = new MovingLayer({
      carried: this.#carrier.origin,
      fixed: this.#ground,
      startWorker: options.startWorker,
    })
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
    this.#moving.close()
    this.host.remove()
  }

  #onFrame(): void {
    this.#frame = undefined
    const { marks, pointings, places, onFrame, transform, scale } = this.#options
    places.forget()
    onFrame?.()
    const level = transform(this.#probe)
    const shown = places.viewport()
    const found = new Map<Element, Place>()
    const look = (anchor: Anchor) => this.#look(anchor, found)
    const anchors = [...marks.all.values(), ...pointings.values()].map(({ anchor }) => look(anchor))
    const laid = this.#drift.settle(found)
    // From here on the page is only written.
    if (level !== this.#level) this.#ground.style.transform = level
    this.#level = level
    this.#carrier.carry(this.#drift.at, shown)
    const placeOfNext = (index: number) => {
      const element = anchors[index]
      return element && laid.get(element)
    }
    const placed = [...marks.all.values()].map((mark, index) => ({ mark, place: placeOfNext(index) }))
    const pointed: PointingScene[] = []
    for (const [participant, pointing] of pointings) {
      const { tool, name, colour } = pointing
      const at = placeOf(pointing, placeOfNext(placed.length + pointed.length))
      pointed.push({ participant, tool, name, colour, at })
    }
    const viewport = this.#drift.lay(shown)
    const live = newest(placed)
    const still = placed.filter(({ mark }) => !live.has(mark.key))
    this.#still.draw(still, viewport)
    // What another thread takes off the screen may be gone before this one has it there.
    const ended = this.#moving.isElsewhere ? still.filter(({ mark }) => this.#live.has(mark.key)) : []
    this.#live = live
    this.#moving.show({
      marks: [...live.values(), ...ended],
      pointings: pointed,
      viewport,
      ratio: devicePixelRatio * (scale?.() ?? 1),
    })
    if (marks.all.size || pointings.size) this.wake()
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
