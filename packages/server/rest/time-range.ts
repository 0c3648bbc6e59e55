import { z } from 'zod'
import { badParameter } from './api-error.ts'

const DAY_MS = 86_400_000

/** How far back an operation looks; also what retention keeps by default. */
const MAX_MONTHS_BACK = 6

export interface TimeRange {
  /** Ms since the epoch. */
  from: number
  /** The last ms that is in it. */
  to: number
}

const PATTERN = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/

const TIME_RULE = 'must be a day such as 2030-01-31 or a time such as 2030-01-31T08:00:00Z'

const time = z.string(TIME_RULE).refine(isTime, TIME_RULE).meta({ pattern: PATTERN.source })

/** The parameters of an operation on a stretch of time, to be spread into its query schema. */
export const RANGE_PARAMETERS = {
  from: time
    .exactOptional()
    .describe(
      'Begin, as a day or a time; at most six months ago. Without it: the 24 hours up to `to`, or the whole day that `to` names.',
    ),
  to: time
    .exactOptional()
    .describe('End, as a day, which is included, or a time; at most a month after `from`. Without it: now.'),
}

/** Reads a range. Throws 300 for one that ends before it begins, is longer than a month or lies too far back. */
export function readRange(query: { from?: string; to?: string }, now: number): TimeRange {
  const end = query.to === undefined ? now : Date.parse(query.to)
  const wholeDay = query.to !== undefined && isDay(query.to)
  const from = query.from !== undefined ? Date.parse(query.from) : wholeDay ? end : end - DAY_MS
  if (from > end) throw badParameter('from', 'must not be later than "to"')
  if (end > addMonths(from, 1)) throw badParameter('to', 'must be at most a month after "from"')
  // The whole day counts, so that "six months ago" as a day is never refused.
  if (from < startOfDay(addMonths(now, -MAX_MONTHS_BACK))) {
    throw badParameter('from', 'must be within the last six months')
  }
  return { from, to: wholeDay ? end + DAY_MS - 1 : end }
}

function isTime(text: string): boolean {
  // Date takes 31 February for 3 March.
  const day = Date.parse(text.slice(0, 10))
  const isReal = !Number.isNaN(day) && new Date(day).toISOString().startsWith(text.slice(0, 10))
  return PATTERN.test(text) && isReal && !Number.isNaN(Date.parse(text))
}

function isDay(text: string): boolean {
  return text.length === 10
}

function startOfDay(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS
}

/** The same day of another month, or that month's last. */
function addMonths(ms: number, months: number): number {
  const date = new Date(ms)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, last))
  return date.getTime()
}
