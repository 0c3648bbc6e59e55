import { beforeAll, describe, expect, test } from 'vitest'
import { ERRORS } from '../../packages/protocol/errors.ts'
import { describeProblem } from './problem.ts'
import { speak } from './texts/language.ts'

beforeAll(() => speak('en'))

const CODES = Object.entries(ERRORS).map(([code, { name, text }]) => ({ code: Number(code), name, errorMsg: text }))

describe('the words for an error', () => {
  test.each(CODES)('DSK-8 $code $name has a title and a text that says what to do', (failure) => {
    const problem = describeProblem(failure)
    expect(problem.title).toMatch(/^[A-Z].{5,}[^.]$/)
    expect(problem.text).toMatch(/(^|[.,] )(Ask|Check|Choose|Close|End|Join|Leave|Load|Open|Talk|Tell|Try|Wait)\b.*\.$/)
  })

  test('DSK-9 an unknown PIN is called 30308, Cobrowse code not found', () => {
    expect(describeProblem({ code: 1006, name: 'SESSION_JOIN_PIN_NOT_FOUND', errorMsg: 'any' })).toEqual({
      code: 30308,
      title: 'Cobrowse code not found',
      text: 'Ask the customer to read out the code they see now. If none is there, they choose “Get a new code”. A code works once, and only for a while.',
      place: 'form',
    })
  })

  test('DSK-10 only what another code mends is shown at the form', () => {
    const atTheForm = CODES.filter((failure) => describeProblem(failure).place === 'form').map(({ code }) => code)
    expect(atTheForm).toEqual([1006, 1008, 1102])
  })

  test('DSK-10 the seconds to wait come along', () => {
    expect(describeProblem({ code: 1102, name: '', errorMsg: 'Wait.', retryAfter: 30 }).wait).toBe(30)
  })
})
