import type { EndReason, LeaveReason } from '@alongside/protocol'
import type { SessionError } from '../connection/answer.ts'

/** An agent in an event, as its verified token names it. */
interface AgentPayload extends InSession {
  participant: number
  userId: string
  userName: string
}

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
  session_paused: InSession
  session_resumed: InSession
}
