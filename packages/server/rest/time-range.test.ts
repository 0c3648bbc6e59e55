import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { formatDuration, formatTime } from './time.ts'
import { RANGE_PARAMETERS, readRange } from './time-range.ts'

const NOW = Date.parse('2030-08-31T12:00:00Z')
const schema = z.object(RANGE_PARAMETERS)

function read(query: { from?: string; to?: string }) {
  const { from, to } = readRange(schema.parse(query), NOW)
  return [new Date(from).toISOString(), new Date(to).toISOString()]
}

describe('REST-14 reads a range of time', () => {
  test.each([
    [{}, '2030-08-30T12:00:00.000Z', '2030-08-31T12:00:00.000Z'],
    [{ from: '2030-08-20' }, '2030-08-20T00:00:00.000Z', '2030-08-31T12:00:00.000Z'],
    [{ to: '2030-08-20' }, '2030-08-20T00:00:00.000Z', '2030-08-20T23:59:59.999Z'],
    [{ to: '2030-08-20T12:00:00Z' }, '2030-08-19T12:00:00.000Z', '2030-08-20T12:00:00.000Z'],
    [{ from: '2030-08-20', to: '2030-08-20' }, '2030-08-20T00:00:00.000Z', '2030-08-20T23:59:59.999Z'],
    [{ from: '2030-07-01', to: '2030-08-01' }, '2030-07-01T00:00:00.000Z', '2030-08-01T23:59:59.999Z'],
    [
      { from: '2030-08-20T10:00:00Z', to: '2030-08-20T10:00:01Z' },
      '2030-08-20T10:00:00.000Z',
      '2030-08-20T10:00:01.000Z',
    ],
    [
      { from: '2030-08-20T10:00:00+02:00', to: '2030-08-20T10:00:00.5Z' },
      '2030-08-20T08:00:00.000Z',
      '2030-08-20T10:00:00.500Z',
    ],
    // The end of a short month is a month after the last days of a longer one.
    [{ from: '2030-05-31', to: '2030-06-30' }, '2030-05-31T00:00:00.000Z', '2030-06-30T23:59:59.999Z'],
    [{ from: '2030-02-28', to: '2030-03-01' }, '2030-02-28T00:00:00.000Z', '2030-03-01T23:59:59.999Z'],
  ])('%j', (query, from, to) => expect(read(query)).toEqual([from, to]))
})

describe('REST-15 refuses a range that is too long, too old or turned round, by name', () => {
  test.each([
    [{ from: '2030-07-01', to: '2030-08-02' }, 'to: must be at most a month after "from".'],
    [{ from: '2030-07-01T00:00:00Z', to: '2030-08-01T00:00:01Z' }, 'to: must be at most a month after "from".'],
    [{ from: '2030-07-30' }, 'to: must be at most a month after "from".'],
    [{ from: '2030-05-31', to: '2030-07-01' }, 'to: must be at most a month after "from".'],
    [{ from: '2030-08-21', to: '2030-08-20' }, 'from: must not be later than "to".'],
    [{ from: '2030-09-02' }, 'from: must not be later than "to".'],
    [{ from: '2030-02-27', to: '2030-03-01' }, 'from: must be within the last six months.'],
  ])('%j', (query, message) => {
    expect(() => read(query)).toThrow(expect.objectContaining({ status: 400, code: 300, message }))
  })

  test.each([
    '2030-02-30',
    '2030-2-3',
    '2030-13-01',
    '20300101',
    '2030-01-01 10:00:00',
    '2030-01-01T10:00:00',
    '2030-01-01T25:00:00Z',
    '2030-01-01T10:00:00+99:00',
    '1893456000000',
    'yesterday',
    '',
    ' 2030-01-01',
  ])('%j is no time', (from) => expect(schema.safeParse({ from }).success).toBe(false))
})

test('REST-16 writes times in UTC to the second, and durations as hh:mm:ss', () => {
  expect(formatTime(NOW + 999)).toBe('2030-08-31T12:00:00Z')
  expect([0, 999, 61_000, 3_599_999, 360_000_000, -5].map(formatDuration)).toEqual([
    '00:00:00',
    '00:00:00',
    '00:01:01',
    '00:59:59',
    '100:00:00',
    '00:00:00',
  ])
})
