import { pino } from 'pino'
import { expect, test } from 'vitest'
import { HOSTILE_TEXTS } from './testing/hostile-texts.ts'
import { LogText } from './testing/log-text.ts'

/** What any reader of logs or terminal takes for the end of a line, obeys, or does not show. */
const UNSAFE_IN_LOG = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

/** How many lines anybody sees. */
const linesOf = (text: string) => text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/).filter(Boolean)

test.each(HOSTILE_TEXTS)('TXT-4 logs %s in one line that holds nothing but text', (_name, hostile) => {
  const logged = new LogText()
  const error = Object.assign(new Error(hostile, { cause: new Error(hostile) }), { detail: hostile })
  logged.log.child({ sessionId: 's' }).info({ event: 'x', field: hostile, err: error })
  logged.log.warn({ event: 'next' })
  const [line = '', next = '', ...more] = linesOf(logged.text)
  expect(more).toEqual([])
  expect(logged.text).not.toMatch(UNSAFE_IN_LOG)
  expect(JSON.parse(next)).toMatchObject({ event: 'next' })
  expect(JSON.parse(line).field.slice(0, 4_096)).toBe(hostile.slice(0, 4_096))
  expect(line.length).toBeLessThan(120_000)
})

test('TXT-4 control: a bare log lets some of them through', () => {
  const lines: string[] = []
  const bare = pino({ level: 'info' }, { write: (line) => void lines.push(line) })
  for (const [, hostile] of HOSTILE_TEXTS) bare.info({ event: 'x', field: hostile })
  const text = lines.join('')
  expect(text).toMatch(UNSAFE_IN_LOG)
  expect(linesOf(text).length).toBeGreaterThan(HOSTILE_TEXTS.length)
})
