import type { Place } from './places.ts'
import { type Box, intersect } from './stroke.ts'

/** How far outside of its element the line of a frame lies. */
export const FRAME_GAP_PX = 3

/** Half of the line, beyond that. */
const REACH_PX = FRAME_GAP_PX + 1.5

/** A part of a pixel is nobody's edge. */
const SLACK_PX = 0.5

/** What a frame goes around: as much of an element as its page lets be seen, so that nothing cuts the frame off; and so
 *  far inside of `viewport` that its line is seen where the element ends at the edge. Undefined when that is nothing. */
export function framed({ box, clip }: Place, viewport: Box): Box | undefined {
  const { x, y, width, height } = clip ? intersect(box, clip) : box
  if (width < 1 || height < 1) return undefined
  const [left, right] = within(x, x + width, viewport.x, viewport.x + viewport.width)
  const [top, bottom] = within(y, y + height, viewport.y, viewport.y + viewport.height)
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** An end that is out of view stays there: the page can be scrolled to it. */
function within(from: number, to: number, least: number, most: number): [number, number] {
  const start = from >= least - SLACK_PX ? Math.max(from, least + REACH_PX) : from
  const end = to <= most + SLACK_PX ? Math.min(to, most - REACH_PX) : to
  return [start, Math.max(start, end)]
}
