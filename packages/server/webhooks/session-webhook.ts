import type { SessionEvent } from '../history/record-fact.ts'
import type { WEBHOOK_EVENTS } from '../key.ts'
import { formatTime } from '../rest/time.ts'

export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number]

const LEAVE_REASONS: Record<string, string> = {
  left: 'Left the session',
  too_slow: 'Got disconnected from the session',
  connection_lost: 'Network connection error',
  session_ended: 'The session end',
}

const END_REASONS: Record<string, string> = {
  customer_ended: 'The session ended',
  agent_ended: 'The session ended',
  operator_ended: 'The session ended',
  expired: 'The session ended',
  connection_lost: 'Network connection error',
}

/** What has no text of its own in the contract: `failed` resumes and what a crash left behind. */
const UNKNOWN = 'Unknown reason'

/** The body of the webhook for an event of a session. */
export function describeEvent(
  { event, sessionId, time, startTime, person, origin, reason = '' }: SessionEvent,
  accountId: string,
): { event: WebhookEvent; body: string } {
  const name = `cobrowse.${event}` as const
  const at = formatTime(time)
  const object = {
    session_id: sessionId,
    ...(origin === undefined ? {} : { start_url: origin }),
    ...(person && {
      user_connection_id: person.connectionId,
      user_id: person.userId,
      user_name: person.userName,
      role_type: person.role,
    }),
    start_time: formatTime(startTime),
    ...(event === 'session_user_joined' && { join_time: at }),
    ...(event === 'session_user_left' && { leave_time: at, leave_reason: LEAVE_REASONS[reason] ?? UNKNOWN }),
    ...(event === 'session_ended' && { end_time: at, end_reason: END_REASONS[reason] ?? UNKNOWN }),
  }
  return {
    event: name,
    body: JSON.stringify({ event: name, event_ts: time, payload: { account_id: accountId, object } }),
  }
}
