import type { Anchors } from '../../annotation/anchors.ts'
import type { Places } from '../../annotation/places.ts'
import { intersect, type Point } from '../../annotation/stroke.ts'

/** Room between an element and the line around it, as a frame that is drawn has it. */
const GAP_PX = 3

export interface AimOptions {
  /** Where the line is drawn: over the copy, and of its drawn size. */
  layer: HTMLElement
  scale(): number
  anchors: Anchors
  places: Places
}

/** Shows the agent, and nobody else, which element a click would be about. */
export class Aim {
  readonly #options: AimOptions
  readonly #line = document.createElement('div')
  #at: Point | undefined

  constructor(options: AimOptions) {
    this.#options = options
    this.#line.className = 'alongside-aim'
    this.#line.ariaHidden = 'true'
    Object.assign(this.#line.style, {
      position: 'absolute',
      boxSizing: 'border-box',
      pointerEvents: 'none',
      border: '2px dashed',
      // Two lines, so that one of them is seen on any page.
      outline: '1px solid #fff',
      borderRadius: '4px',
    })
  }

  /** The pointer is there, in CSS pixels of the customer's viewport. */
  to(at: Point, colour: string): void {
    const isBegun = this.#at !== undefined
    this.#at = at
    this.#line.style.color = colour
    if (!isBegun) this.#draw()
  }

  /** May be called twice. */
  rest(): void {
    this.#at = undefined
    this.#line.remove()
  }

  /** With every frame: the page moves under a pointer that rests. */
  #draw(): void {
    if (!this.#at) return
    requestAnimationFrame(() => this.#draw())
    const { layer, scale, anchors, places } = this.#options
    places.forget()
    const element = anchors.at(this.#at)
    const place = element && places.of(element)
    if (!place) return this.#line.remove()
    const { x, y, width, height } = intersect(place.box, place.clip ?? places.viewport())
    const factor = scale()
    Object.assign(this.#line.style, {
      left: `${x * factor - GAP_PX}px`,
      top: `${y * factor - GAP_PX}px`,
      width: `${width * factor + 2 * GAP_PX}px`,
      height: `${height * factor + 2 * GAP_PX}px`,
    })
    if (this.#line.parentNode !== layer) layer.append(this.#line)
  }
}
