import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_POINTS } from './mark.ts'
import { fromParts, rebase, Stroke, toParts } from './stroke.ts'

const BOX = { x: 100, y: 200, width: 400, height: 50 }

test('ANN-4 a stroke of 100,000 points keeps its shape in at most 2,000', () => {
  const stroke = new Stroke()
  const at = (i: number) => ({ x: 300 + 200 * Math.cos(i / 2_000), y: 300 + 200 * Math.sin(i / 2_000) })
  let thinned = 0
  for (let i = 0; i < 100_000; i++) if (stroke.add({ x: at(i).x + i / 1_000, y: at(i).y }, BOX) === 'thinned') thinned++
  expect(stroke.points.length / 2).toBeLessThanOrEqual(MAX_POINTS)
  expect(stroke.points.length / 2).toBeGreaterThan(MAX_POINTS / 4)
  expect(thinned).toBeGreaterThan(0)
  const first = fromParts(stroke.points[0]!, stroke.points[1]!, BOX)
  const last = fromParts(stroke.points.at(-2)!, stroke.points.at(-1)!, BOX)
  const end = { x: at(99_999).x + 99.999, y: at(99_999).y }
  expect(Math.hypot(first.x - 500, first.y - 300)).toBeLessThan(1)
  expect(Math.hypot(last.x - end.x, last.y - end.y)).toBeLessThan(60)
})

test('ANN-5 a place keeps within a tenth of a pixel on its way through the parts of a box, and into another box', () => {
  const length = fc.double({ min: 1, max: 10_000, noNaN: true })
  const box = fc.record({ x: length, y: length, width: length, height: length })
  fc.assert(
    fc.property(length, length, box, box, (x, y, from, to) => {
      const [partX, partY] = toParts({ x, y }, from)
      const back = fromParts(partX, partY, from)
      expect(Math.abs(back.x - x)).toBeLessThan(0.1)
      expect(Math.abs(back.y - y)).toBeLessThan(0.1)
      const [otherX, otherY] = rebase([partX, partY], from, to) as [number, number]
      const again = fromParts(otherX, otherY, to)
      expect(Math.abs(again.x - x)).toBeLessThan(0.2)
      expect(Math.abs(again.y - y)).toBeLessThan(0.2)
    }),
  )
})
