import { expect, test } from 'vitest'
import { Slice } from './slice.ts'

/** Builds what takes so long, and returns how long each layout took. */
function build(workMs: number, layout: (slice: number, built: number) => number): number[] {
  const slice = new Slice()
  const layouts: number[] = []
  for (let built = 0; built < workMs; ) {
    built += slice.ms
    layouts.push(layout(slice.ms, built))
    slice.tookLayout(layouts.at(-1)!)
  }
  return layouts
}

test('INR-49 a page that is quick to lay out is built in stretches of a frame', () => {
  expect(build(600, () => 3).length).toBeLessThan(60)
})

test('INR-49 what is dear because of what was just built comes in small pieces', () => {
  const layouts = build(60, (slice) => 900 * slice)
  expect(Math.max(...layouts)).toBeLessThanOrEqual(900)
})

test('INR-49 a page that takes long to lay out, whatever was just built, is not laid out more often for it', () => {
  // A large table: a fifth of a second each time, and longer the larger it is.
  const layouts = build(600, (_, built) => 110 + built / 4)
  expect(layouts.length).toBeLessThan(100)
})
