import type { Place } from './places.ts'
import type { Box, Point } from './stroke.ts'

/** Browsers lay out in steps of this many to a pixel: less is no movement. */
const STEPS = 64

/** How most of what is looked at has moved, as scrolling moves it: one element that moves by that carries all of them, and
 *  none of them has to be laid anew. */
export class Drift {
  at: Point = { x: 0, y: 0 }
  #laid = new Map<Element, Box>()

  /** Says where elements lie in what drifts, from where they are now on the page. */
  settle(places: ReadonlyMap<Element, Place>): Map<Element, Place> {
    this.at = this.#find(places) ?? this.at
    const settled = new Map<Element, Place>()
    for (const [element, { box, clip }] of places)
      settled.set(element, { box: this.lay(box), clip: clip && this.lay(clip) })
    this.#laid = new Map([...settled].map(([element, { box }]) => [element, box]))
    return settled
  }

  lay(box: Box): Box {
    return { ...box, x: step(box.x - this.at.x), y: step(box.y - this.at.y) }
  }

  #find(places: ReadonlyMap<Element, Place>): Point | undefined {
    const ways = new Map<string, { by: Point; count: number }>()
    for (const [element, { box }] of places) {
      const laid = this.#laid.get(element)
      if (!laid) continue
      const by = { x: step(box.x - laid.x), y: step(box.y - laid.y) }
      const way = ways.get(`${by.x} ${by.y}`) ?? { by, count: 0 }
      way.count++
      ways.set(`${by.x} ${by.y}`, way)
    }
    let most: { by: Point; count: number } | undefined
    for (const way of ways.values()) if (way.count > (most?.count ?? 0)) most = way
    return most?.by
  }
}

function step(length: number): number {
  return Math.round(length * STEPS) / STEPS
}
