import { expect, test } from 'vitest'
import { FadingCounts } from './fading-counts.ts'
import { ManualClock } from './testing/manual-clock.ts'

test('PIN-130 counts fade one by one, and names that count nothing any more are forgotten', () => {
  const clock = new ManualClock()
  const counts = new FadingCounts(clock, 1_000)
  counts.add('ana')
  counts.add('ana')
  expect([counts.level('ana'), counts.waitFor('ana', 2)]).toEqual([2, 1_000])
  clock.advance(500)
  expect([counts.level('ana'), counts.waitFor('ana', 2)]).toEqual([1.5, 500])
  counts.add('ana', -1)
  expect([counts.level('ana'), counts.waitFor('ana', 2)]).toEqual([0.5, 0])
  counts.add('ana', -1)
  expect([counts.level('ana'), counts.size]).toEqual([0, 0])
  // A stranger with a new name each time fills no memory: what is kept is what still counts, and as much again.
  for (let n = 0; n < 100_000; n++) {
    counts.add(`stranger ${n}`)
    clock.advance(1)
  }
  expect(counts.size).toBeLessThan(2_100)
})
