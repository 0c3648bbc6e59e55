import type { AgentInfo, AssistStopReason, AssistType, EndReason, LeaveReason } from '@alongside/protocol'
import type { SessionError } from '../connection/answer.ts'

/** An agent in an event, as its verified token names it. */
interface AgentPayload extends InSession, AgentInfo {}

interface InSession {
  /** Empty when there is no session yet. */
  sessionId: string
}

/** The customer's events and their payloads. Times are ms since the epoch, by the server's clock. */
export interface SessionEvents {
  pincode_updated: InSession & { pincode: string; pinCode: string; expiresAt: number }
  session_started: InSession & { startTime: number }
  /** An agent wants to look; the customer is being asked. */
  agent_requested: AgentPayload
  agent_joined: AgentPayload
  agent_left: AgentPayload & { reason: LeaveReason }
  /** The line of an agent that sees the page dropped, or is back. Without a word it is there. */
  agent_connection: AgentPayload & { connected: boolean }
  session_reconnecting: InSession & { attempt: number }
  session_ended: InSession & { reason: EndReason }
  session_error: InSession & SessionError
  /** An agent acts on the page from now on, in these ways. */
  remote_assist_started: InSession & { userId: string; types: AssistType[] }
  remote_assist_stopped: InSession & {
    userId: string
    types: AssistType[]
    reason: AssistStopReason | 'connection_lost' | 'session_ended'
  }
  session_paused: InSession
  session_resumed: InSession
}

/** All of them: one that is missing here does not compile. */
export const SESSION_EVENTS = Object.keys({
  pincode_updated: 1,
  session_started: 1,
  agent_requested: 1,
  agent_joined: 1,
  agent_connection: 1,
  agent_left: 1,
  session_reconnecting: 1,
  session_ended: 1,
  session_error: 1,
  remote_assist_started: 1,
  remote_assist_stopped: 1,
  session_paused: 1,
  session_resumed: 1,
} satisfies Record<keyof SessionEvents, 1>) as (keyof SessionEvents)[]
