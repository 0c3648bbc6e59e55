import { expect, test } from 'vitest'
import { ERRORS } from './errors.ts'

const CODES = Object.entries(ERRORS)

/** Words with which a sentence tells somebody to do something. */
const ADVICE =
  /(^|[.,;] )(Add|Ask|Check|Choose|Close|Correct|End|Get|Load|Look|Nothing|Pass|Send|Start|Talk|Try|Use|Wait)\b/i

test.each(CODES)('ERR-1 %s has a text that says what happened and what to do', (_code, { text }) => {
  expect(text).toMatch(/^[A-Z].*\.$/)
  expect(text).toMatch(ADVICE)
  expect(text.length).toBeLessThanOrEqual(140)
})

test('ERR-1 names differ, close codes follow the status, and ours begin at 1100', () => {
  expect(new Set(CODES.map(([, { name }]) => name)).size).toBe(CODES.length)
  for (const [, { status, close }] of CODES) expect(close).toBe(4000 + status)
  const contract = [1001, 1002, 1004, 1006, 1008, 1009, 1010, 1011, 1012, 1013, 1015, 1016, 1017, 2001, 9999]
  expect(CODES.map(([code]) => Number(code)).filter((code) => code < 1100 || code > 1199)).toEqual(contract)
})
