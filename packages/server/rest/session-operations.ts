import { normalizePin } from '@alongside/protocol'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { History } from '../history/history.ts'
import type { SessionSummary } from '../history/read-history.ts'
import { type Api, callerOf } from './api.ts'
import { COMMON_ERRORS, noSession, SESSION_ERRORS } from './api-error.ts'
import { PAGE_FIELDS, PAGE_PARAMETERS, Pager } from './paging.ts'
import { sessionParams } from './session-control.ts'
import { formatDuration, formatTime } from './time.ts'
import { RANGE_PARAMETERS, readRange } from './time-range.ts'

const cursor = z.object({ time: z.number(), sessionId: z.string() })
const range = z.object({ from: z.number(), to: z.number() })

const pinParameter = z
  .string()
  .refine((text) => normalizePin(text) !== undefined, 'must have 1 to 10 letters or digits')
  .transform((text) => normalizePin(text) ?? text)
  .exactOptional()
  .describe('Only the sessions with this PIN.')

const time = z.string().describe('ISO 8601, UTC, such as 2030-01-31T08:00:00Z.')
const duration = z.string().describe('hh:mm:ss.')
const pinField = z.string().describe('The newest PIN that the customer was shown; empty without one.')
const userSchema = z.object({ user_id: z.string(), user_name: z.string(), role_type: z.enum(['customer', 'agent']) })
const usersField = z.array(userSchema).describe('Each once, in the order of coming.')
const liveFields = { session_id: z.string(), start_time: time, session_pin: pinField }
const pastFields = { ...liveFields, end_time: time, duration, user_count: z.int() }

/** The four read operations of the original, by its names. */
export function addSessionOperations(api: Api, history: History, clock: Clock): void {
  const tags = ['Sessions']
  const livePager = new Pager('live_sessions', cursor, clock)
  const pastPager = new Pager('past_sessions', range.extend({ after: cursor }), clock)
  const userPager = new Pager('users', z.number(), clock)

  api.get(
    '/cobrowsesdk/live_sessions',
    {
      schema: {
        operationId: 'listLiveSessions',
        tags,
        summary: 'List live sessions',
        description: 'The sessions of the key that run now, the newest first, with those who are in.',
        querystring: z.object({ ...PAGE_PARAMETERS, session_pin: pinParameter }),
        response: {
          200: z
            .object({ ...PAGE_FIELDS, sessions: z.array(z.object({ ...liveFields, users: usersField })) })
            .describe('A page of live sessions.'),
          ...COMMON_ERRORS,
        },
      },
    },
    async (request) => {
      const { query } = request
      const page = livePager.open(callerOf(request), query)
      await history.flush()
      const found = await history.reader.liveSessions(callerOf(request).sdkKey, {
        pin: query.session_pin,
        limit: query.page_size,
        after: page.place,
      })
      return {
        ...page.close(found.next),
        sessions: found.items.map((item) => ({ ...describeLive(item), users: describeUsers(item) })),
      }
    },
  )

  api.get(
    '/cobrowsesdk/past_sessions',
    {
      schema: {
        operationId: 'listPastSessions',
        tags,
        summary: 'List past sessions',
        description: 'The sessions of the key that are over, the newest first, with all who were in.',
        querystring: z.object({
          time_type: z
            .enum(['start_time', 'end_time'], 'must be start_time or end_time')
            .default('start_time')
            .describe('Which time `from` and `to` are about.'),
          ...RANGE_PARAMETERS,
          ...PAGE_PARAMETERS,
          session_id: z.string().exactOptional().describe('Only the session with this id.'),
          session_pin: pinParameter,
        }),
        response: {
          200: z
            .object({
              from: time,
              to: time,
              ...PAGE_FIELDS,
              sessions: z.array(z.object({ ...pastFields, users: usersField })),
            })
            .describe('A page of past sessions.'),
          ...COMMON_ERRORS,
        },
      },
    },
    async (request) => {
      const { query } = request
      const page = pastPager.open(callerOf(request), query)
      // The later pages of "the last 24 hours" are about the same 24 hours.
      const { from, to } = page.place ?? readRange(query, clock.now())
      await history.flush()
      const found = await history.reader.pastSessions(callerOf(request).sdkKey, {
        timeType: query.time_type === 'start_time' ? 'start' : 'end',
        from,
        to,
        sessionId: query.session_id,
        pin: query.session_pin,
        limit: query.page_size,
        after: page.place?.after,
      })
      return {
        from: formatTime(from),
        to: formatTime(to),
        ...page.close(found.next && { from, to, after: found.next }),
        sessions: found.items.map((item) => ({ ...describePast(item), users: describeUsers(item) })),
      }
    },
  )

  api.get(
    '/cobrowsesdk/sessions/:sessionId',
    {
      schema: {
        operationId: 'getSession',
        tags,
        summary: 'Read a session',
        description: 'One session of the key, live or past.',
        params: sessionParams,
        querystring: z.object({
          session_type: z
            .enum(['live', 'past'], 'must be live or past')
            .exactOptional()
            .describe('Only if it is live, or only if it is past.'),
        }),
        response: {
          200: z
            .object({
              ...liveFields,
              user_count: z.int(),
              end_time: time.optional(),
              duration: duration.optional(),
            })
            .describe('The session; a past one with its end and duration.'),
          ...SESSION_ERRORS,
        },
      },
    },
    async (request) => {
      await history.flush()
      const found = await history.reader.session(callerOf(request).sdkKey, request.params.sessionId)
      const type = found?.endTime === undefined ? 'live' : 'past'
      if (!found || (request.query.session_type ?? type) !== type) throw noSession()
      return type === 'past' ? describePast(found) : { ...describeLive(found), user_count: found.users.length }
    },
  )

  api.get(
    '/cobrowsesdk/sessions/:sessionId/users',
    {
      schema: {
        operationId: 'listSessionUsers',
        tags,
        summary: 'List the users of a session',
        description: 'Who was or is in a session of the key: one row for each join, in the order of coming.',
        params: sessionParams,
        querystring: z.object(PAGE_PARAMETERS),
        response: {
          200: z
            .object({
              ...PAGE_FIELDS,
              users: z.array(
                z.object({
                  user_connection_id: z.string(),
                  ...userSchema.shape,
                  ip_address: z.string(),
                  join_time: time,
                  leave_time: time.optional().describe('Left out for those who are still in.'),
                  duration: duration.describe('hh:mm:ss; of those who are still in, until now.'),
                }),
              ),
            })
            .describe('A page of users.'),
          ...SESSION_ERRORS,
        },
      },
    },
    async (request) => {
      const { params, query } = request
      const page = userPager.open(callerOf(request), { ...query, ...params })
      await history.flush()
      const { sdkKey } = callerOf(request)
      const found = await history.reader.users(sdkKey, params.sessionId, { limit: query.page_size, after: page.place })
      if (!found) throw noSession()
      return {
        ...page.close(found.next),
        users: found.items.map((visit) => ({
          user_connection_id: visit.connectionId,
          user_id: visit.userId,
          user_name: visit.userName,
          role_type: visit.role,
          ip_address: visit.ipAddress,
          join_time: formatTime(visit.joinTime),
          ...(visit.leaveTime === undefined ? {} : { leave_time: formatTime(visit.leaveTime) }),
          duration: formatDuration((visit.leaveTime ?? clock.now()) - visit.joinTime),
        })),
      }
    },
  )
}

function describeLive({ sessionId, startTime, pin }: SessionSummary) {
  return { session_id: sessionId, start_time: formatTime(startTime), session_pin: pin ?? '' }
}

function describePast(session: SessionSummary) {
  const { startTime, endTime = startTime, users } = session
  return {
    ...describeLive(session),
    end_time: formatTime(endTime),
    duration: formatDuration(endTime - startTime),
    user_count: users.length,
  }
}

function describeUsers({ users }: SessionSummary) {
  return users.map(({ userId, userName, role }) => ({ user_id: userId, user_name: userName, role_type: role }))
}
