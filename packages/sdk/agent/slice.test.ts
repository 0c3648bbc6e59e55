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

test.for([
  ['as long each time', () => 600],
  ['longer each time', (_: number, built: number) => 600 + built],
  ['very long each time', () => 2_500],
] as const)('INR-49 nor is one that takes far too long for it: %s', ([, layout]) => {
  expect(build(300, layout).length).toBeLessThan(40)
})

test('INR-51 the more rules there are, the fewer nodes come at once, until layouts are quick', () => {
  const stepsOf = (slice: Slice, rules: number) => {
    let steps = 1
    for (slice.step(rules); !slice.isOver(0); steps++) slice.step(rules)
    slice.tookLayout(10)
    return steps
  }
  const many = new Slice()
  expect([1, 2, 3].map(() => stepsOf(many, 100_000))).toEqual([5, 10, 20])
  const slow = new Slice()
  stepsOf(slow, 100_000)
  slow.tookLayout(900)
  expect(stepsOf(slow, 100_000)).toBe(5)
  expect(stepsOf(new Slice(), 5_000)).toBe(100)
})

test('INR-51 after a layout that was too long no more comes at once', () => {
  // Each layout looks at all that is there again.
  const layouts = build(60, (_, built) => 60 * built)
  const steps = layouts.map((took, i) => took - (layouts[i - 1] ?? 0))
  const long = layouts.findIndex((took) => took >= 500)
  expect(Math.max(...steps.slice(long))).toBeLessThanOrEqual(Math.max(...steps.slice(0, long + 1)))
})
