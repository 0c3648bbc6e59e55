import { expect, test } from 'vitest'
import { ReplicaMedia } from './replica-media.ts'
import { shownCss } from './state-selectors.ts'

const nowhere = {} as Document

test.each([
  ['queries that nothing follows', '@media '.repeat(100_000)],
  ['a feature of spaces', `@media (a${' '.repeat(500_000)}b){}`],
  ['a feature of digits', `@media (min-resolution:${'1'.repeat(500_000)}!){}`],
])('INR-10 %s are read in a time that grows with their length alone', (_, css) => {
  // The square of it takes minutes, and the run ends the test.
  expect(new ReplicaMedia().css(css, nowhere)).toBe(css)
})

test('INR-10 states that selectors name are read in a time that grows with their length alone', () => {
  const shown = (css: string) => shownCss(css, () => undefined)
  expect(shown(`${':hover'.repeat(500_000)}{}`)).toBe(`${'[alongside-hover]'.repeat(500_000)}{}`)
  expect(shown(' :hover'.repeat(500_000))).toContain(':hover')
  expect(shown(`${'/*'.repeat(500_000)}*/:hover{}`)).toContain('[alongside-hover]')
})
