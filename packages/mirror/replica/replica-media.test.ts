import { expect, test } from 'vitest'
import { ReplicaMedia } from './replica-media.ts'

const nowhere = {} as Document

test.each([
  ['queries that nothing follows', '@media '.repeat(100_000)],
  ['a feature of spaces', `@media (a${' '.repeat(500_000)}b){}`],
  ['a feature of digits', `@media (min-resolution:${'1'.repeat(500_000)}!){}`],
])('INR-10 %s are read in a time that grows with their length alone', (_, css) => {
  const begun = performance.now()
  expect(new ReplicaMedia().css(css, nowhere)).toBe(css)
  // The square of it takes minutes.
  expect(performance.now() - begun).toBeLessThan(5_000)
})
