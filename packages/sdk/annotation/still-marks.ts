import { COLOURS } from './colours.ts'
import { FRAME_GAP_PX, framed } from './framed.ts'
import { makeHtml } from './make-element.ts'
import { type Mark, VANISH_MS } from './mark.ts'
import type { Place } from './places.ts'
import { Shape } from './shapes.ts'
import { type Box, isSame } from './stroke.ts'

/** What vanishes fades during its last moments. */
const FADE_MS = 600

interface Still {
  clip: HTMLElement
  at: HTMLElement
  shape: Shape
  label: HTMLElement
  revision: number
  /** The anchor's box and what cuts it off, as they were. */
  box: Box | undefined
  cut: Box | undefined
}

/** A mark and where its anchor lies. */
export interface PlacedMark {
  mark: Mark<unknown>
  place: Place | undefined
}

/** Marks that nobody is drawing any more. */
export class StillMarks {
  readonly element = block('still')
  readonly #stills = new Map<string, Still>()

  /** `viewport` in the coordinates of the places. */
  draw(marks: readonly PlacedMark[], viewport: Box): void {
    const keys = new Set(marks.map(({ mark }) => mark.key))
    for (const [key, { clip }] of this.#stills) {
      if (keys.has(key)) continue
      clip.remove()
      this.#stills.delete(key)
    }
    for (const placed of marks) this.#drawMark(placed.mark, lie(placed, viewport))
  }

  #drawMark(mark: Mark<unknown>, place: Place | undefined): void {
    const still = this.#stills.get(mark.key) ?? this.#begin(mark)
    if (still.clip.hidden !== !place) still.clip.hidden = !place
    if (!place) return
    const { box, clip } = place
    const { box: before } = still
    const anew = mark.revision !== still.revision || box.width !== before?.width || box.height !== before.height
    if (anew || !isSame(box, before) || !isSame(clip, still.cut)) lay(still, place)
    if (anew) {
      still.shape.draw(mark, box)
      label(still, mark, box)
    }
    if (mark.revision !== still.revision && mark.tool === 'vanishing_pen') fade(still.clip)
    still.revision = mark.revision
    still.box = box
    still.cut = clip
  }

  #begin(mark: Mark<unknown>): Still {
    const shape = new Shape(mark)
    const words = block('label')
    words.dir = 'auto'
    const at = block('at')
    at.append(shape.element, words)
    const clip = block('clip')
    clip.append(at)
    clip.dataset.mark = mark.key
    this.element.append(clip)
    const still = { clip, at, shape, label: words, revision: -1, box: undefined, cut: undefined }
    this.#stills.set(mark.key, still)
    return still
  }
}

/** Where a mark lies; undefined where nothing of it is to be seen. */
function lie({ mark, place }: PlacedMark, viewport: Box): Place | undefined {
  if (mark.tool !== 'element' || !place) return place
  const box = framed(place, viewport)
  return box && { box, clip: undefined }
}

function lay({ clip: element, at }: Still, { box, clip }: Place): void {
  element.classList.toggle('cut', clip !== undefined)
  const { x, y, width, height } = clip ?? { x: 0, y: 0, width: 0, height: 0 }
  Object.assign(element.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` })
  at.style.transform = `translate(${box.x - x}px, ${box.y - y}px)`
}

function label({ label: words }: Still, { tool, text, colour, points }: Mark<unknown>, box: Box): void {
  words.textContent = text
  words.style.background = COLOURS[colour]!.value
  const [x, y] = tool === 'text' ? [points[0]! * box.width, points[1]! * box.height] : [-FRAME_GAP_PX, box.height + 8]
  Object.assign(words.style, { left: `${x}px`, top: `${y}px` })
}

function block(className: string): HTMLElement {
  const made = makeHtml('div')
  made.className = className
  return made
}

function fade(element: HTMLElement): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
  element.animate({ opacity: [1, 0] }, { delay: VANISH_MS - FADE_MS, duration: FADE_MS, fill: 'forwards' })
}
