import type { Mark } from '../../annotation/mark.ts'
import { type Box, intersect } from '../../annotation/stroke.ts'
import { CORNERS } from '../panel/corners.ts'

/** What a text or a note covers beside its place, about: CSS pixels. */
const WORDS: Readonly<{ width: number; height: number }> = { width: 180, height: 36 }

/** What a mark covers in the viewport, where its anchor's box is `anchor`. */
export function coverOf({ tool, points, text }: Mark<unknown>, anchor: Box): Box {
  if (tool === 'element') return text ? { ...anchor, height: anchor.height + WORDS.height } : anchor
  const xs = points.filter((_, index) => index % 2 === 0).map((part) => anchor.x + part * anchor.width)
  const ys = points.filter((_, index) => index % 2 === 1).map((part) => anchor.y + part * anchor.height)
  const [x, y] = [least(xs), least(ys)]
  const { width, height } = text ? WORDS : { width: 1, height: 1 }
  return { x, y, width: -least(xs.map((at) => -at)) - x + width, height: -least(ys.map((at) => -at)) - y + height }
}

/** Takes the panel to the first corner where it covers nothing of a mark; it stays where every corner is covered.
 *  Returns whether it went. */
export function makeRoom(panel: HTMLElement, mark: Box): boolean {
  const { dataset } = panel
  const before = dataset.position!
  const from = CORNERS.indexOf(before)
  for (let step = 0; step < CORNERS.length; step++) {
    dataset.position = CORNERS[(from + step) % CORNERS.length]!
    const { width, height } = intersect(panel.getBoundingClientRect(), mark)
    if (!width || !height) return step > 0
  }
  dataset.position = before
  return false
}

function least(numbers: number[]): number {
  return numbers.reduce((least, number) => Math.min(least, number), Number.POSITIVE_INFINITY)
}
