import { makeHtml } from './make-element.ts'
import type { Box, Point } from './stroke.ts'

/** How far it scrolls each way, before what lies in it is moved by a transform. */
const REACH_PX = 25_000

/** Carries what drifts with the page, by scrolling: any other way to move it is a change of the page, which has Chromium go
 *  through its style, its layers and what is painted anew. */
export class Carrier {
  readonly element = makeHtml('div')
  /** What is in it lies where it would without a drift. */
  readonly origin = makeHtml('div')
  #far = ''
  #size = ''

  constructor() {
    const room = makeHtml('div')
    this.element.className = 'drift'
    // What scrolls would get the focus.
    this.element.tabIndex = -1
    room.className = 'room'
    room.style.padding = `${REACH_PX}px`
    this.origin.className = 'origin'
    room.append(this.origin)
    this.element.append(room)
  }

  /** Reads and writes a layout: called when nothing else is written yet. */
  carry({ x, y }: Point, { width, height }: Pick<Box, 'width' | 'height'>): void {
    const size = `${width} ${height}`
    if (size !== this.#size) Object.assign(this.element.style, { width: `${width}px`, height: `${height}px` })
    this.#size = size
    const [left, top] = [farOf(x), farOf(y)]
    const far = left || top ? `translate(${left}px, ${top}px)` : ''
    if (far !== this.#far) this.origin.style.transform = far
    this.#far = far
    // Only as exact as the screen. Elsewhere it starts from 0 when the page has taken it out and it was put back.
    const to = { left: Math.round(REACH_PX + left - x), top: Math.round(REACH_PX + top - y) }
    if (this.element.scrollLeft !== to.left || this.element.scrollTop !== to.top) this.element.scrollTo(to)
  }
}

function farOf(length: number): number {
  return Math.round(length / (2 * REACH_PX)) * 2 * REACH_PX
}
