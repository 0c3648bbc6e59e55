import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { History } from '../history/history.ts'
import type { AuditEvent } from '../history/read-history.ts'
import { type Api, callerOf } from './api.ts'
import { COMMON_ERRORS, noSession, SESSION_ERRORS } from './api-error.ts'
import { PAGE_FIELDS, PAGE_PARAMETERS, Pager } from './paging.ts'
import { sessionParams } from './session-control.ts'
import { formatTime } from './time.ts'
import { RANGE_PARAMETERS, readRange } from './time-range.ts'

const eventSchema = z.object({
  event_id: z.int().describe('Grows from event to event.'),
  time: z.string(),
  action: z.string().describe('What was done, such as `session.started`.'),
  session_id: z.string().optional(),
  user_id: z.string().optional(),
  user_name: z.string().optional(),
  role_type: z.string().optional(),
  ip_address: z.string().optional(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

const actionParameter = z.string().max(80).exactOptional().describe('Only events of this action.')

/** Who did what in the sessions of the key: never what was on the page. */
export function addAuditOperations(api: Api, history: History, clock: Clock): void {
  const tags = ['Alongside']
  const keyPager = new Pager('audit', z.object({ from: z.number(), to: z.number(), after: z.number() }), clock)
  const sessionPager = new Pager('session audit', z.number(), clock)

  api.get(
    '/alongside/audit_events',
    {
      schema: {
        operationId: 'listAuditEvents',
        tags,
        summary: 'List audit events',
        description: 'What was done in the sessions and with the settings of the key, the newest first.',
        querystring: z.object({ ...RANGE_PARAMETERS, ...PAGE_PARAMETERS, action: actionParameter }),
        response: {
          200: z
            .object({ from: z.string(), to: z.string(), ...PAGE_FIELDS, events: z.array(eventSchema) })
            .describe('A page of events.'),
          ...COMMON_ERRORS,
        },
      },
    },
    async (request) => {
      const { query } = request
      const page = keyPager.open(callerOf(request), query)
      const { from, to } = page.place ?? readRange(query, clock.now())
      await history.flush()
      const found = await history.reader.audit(callerOf(request).sdkKey, {
        from,
        to,
        action: query.action,
        limit: query.page_size,
        after: page.place?.after,
      })
      return {
        from: formatTime(from),
        to: formatTime(to),
        ...page.close(found.next === undefined ? undefined : { from, to, after: found.next }),
        events: found.items.map(describe),
      }
    },
  )

  api.get(
    '/alongside/sessions/:sessionId/audit_events',
    {
      schema: {
        operationId: 'listSessionAuditEvents',
        tags,
        summary: 'List audit events of a session',
        description: 'What was done in one session of the key, the newest first.',
        params: sessionParams,
        querystring: z.object({ ...PAGE_PARAMETERS, action: actionParameter }),
        response: {
          200: z.object({ ...PAGE_FIELDS, events: z.array(eventSchema) }).describe('A page of events.'),
          ...SESSION_ERRORS,
        },
      },
    },
    async (request) => {
      const { params, query } = request
      const { sdkKey } = callerOf(request)
      const page = sessionPager.open(callerOf(request), { ...query, ...params })
      await history.flush()
      if (!(await history.reader.session(sdkKey, params.sessionId))) throw noSession()
      const found = await history.reader.audit(sdkKey, {
        sessionId: params.sessionId,
        action: query.action,
        limit: query.page_size,
        after: page.place,
      })
      return { ...page.close(found.next), events: found.items.map(describe) }
    },
  )
}

function describe({ id, time, action, sessionId, userId, userName, role, ipAddress, details }: AuditEvent) {
  return {
    event_id: id,
    time: formatTime(time),
    action,
    ...(sessionId === undefined ? {} : { session_id: sessionId }),
    ...(userId === undefined ? {} : { user_id: userId }),
    ...(userName === undefined ? {} : { user_name: userName }),
    ...(role === undefined ? {} : { role_type: role }),
    ...(ipAddress === undefined ? {} : { ip_address: ipAddress }),
    details,
  }
}
