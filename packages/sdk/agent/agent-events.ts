import type {
  Action,
  ActionResult,
  AgentInfo,
  AssistRejectReason,
  AssistStopReason,
  AssistType,
  BrowserInfo,
  EndReason,
  LeaveReason,
  TabInfo,
} from '@alongside/protocol'
import type { SessionError } from '../connection/answer.ts'
import type { AnnotationState } from './annotation/annotation.ts'
import type { ConnectionQuality } from './connection-quality.ts'
import type { Reduction } from './view.ts'

interface InSession {
  /** Empty when there is no session yet. */
  sessionId: string
}

/** Another agent in an event, as its verified token names it. */
interface OtherAgent extends InSession, AgentInfo {}

/** The page that is shown. */
export interface PageInfo {
  title: string
  site: string
  browser: BrowserInfo
}

/** The agent's events and their payloads. Times are ms since the epoch, by the server's clock. */
export interface AgentEvents {
  /** The PIN was right; the customer is being asked. */
  session_waiting: InSession & { customerName: string }
  /** The customer agreed. */
  session_joined: InSession & { startTime: number }
  /** We left. */
  session_left: InSession
  session_ended: InSession & { reason: EndReason }
  session_error: InSession & SessionError
  session_reconnecting: InSession & { attempt: number }
  session_reconnected: InSession
  session_paused: InSession
  session_resumed: InSession
  /** The customer's line dropped, or is back. The picture stays meanwhile. `left`: they left the page themselves, so
   *  another one is being loaded, or the tab was closed. */
  customer_connection: InSession & { connected: boolean; left: boolean }
  /** The customer looks at another tab or window, or at the one that is shown again. */
  customer_focus_lost: InSession
  customer_focus_gained: InSession
  /** The session is in another tab of the customer's. `tabs` are all, `tab` is the number of the one that is shown. */
  customer_transferred: InSession & { tab: number; tabs: TabInfo[] }
  /** Whether what agents see is kept, as soon as that is known or changes. Without a word: no. */
  recording_changed: InSession & { recorded: boolean }
  agent_joined: OtherAgent
  agent_left: OtherAgent & { reason: LeaveReason }
  /** The line of another agent dropped, or is back. Without a word it is there. */
  agent_connection: OtherAgent & { connected: boolean }
  /** An agent acts on the customer's page from now on; `own`: it is us. */
  remote_assist_started: InSession & { participant: number; types: AssistType[]; own: boolean }
  /** It no longer does. `connection_lost`: our own line dropped, so we cannot know. */
  remote_assist_stopped: InSession & {
    participant: number
    reason: AssistStopReason | 'connection_lost'
    own: boolean
  }
  /** We, or the agent to whom we passed it on, do not get the hand. */
  remote_assist_rejected: InSession & { participant: number; reason: AssistRejectReason }
  /** What became of an action of ours. */
  remote_assist_result: InSession & { action: Action['do']; result: ActionResult }
  /** How the way to the customer's page is, every three seconds while somebody listens, this page is in front and the
   *  customer does not hide theirs. All times in ms. */
  connection_quality: InSession & ConnectionQuality
  /** The customer's viewport in CSS pixels. */
  viewport_changed: InSession & { width: number; height: number }
  /** The page that is shown is another one, or says another title. `title` is the copy's: a masked one is masked. `site` is
   *  the host that the page is of, empty when the browser did not say. `browser` is what it is open in. */
  page_changed: InSession & PageInfo
  /** How many masked places are in sight, while they are shown. */
  masked_changed: InSession & { count: number }
  /** Something of this agent's drawing changed: the tool, the colour, what can be taken back. */
  annotation_changed: InSession & AnnotationState
  /** The customer's page takes no drawing from agents. */
  annotation_refused: InSession & SessionError
  /** What became of `read_out`: false when the element is gone, or has nothing to say; where anything is masked, true. */
  annotation_read_out: InSession & { done: boolean }
  /** The first picture is there. */
  view_ready: InSession
  /** The copy shows less than the page, until another page comes, so that it does not stop this one: `large`, the page has
   *  more than a copy holds; `plain`, animations, filters and shadows are left out; `hidden`, it is not shown. */
  view_reduced: InSession & { reduction: Reduction }
  /** A copy that was hidden is shown again, or that of another page. */
  view_restored: InSession
}

/** All of them: one that is missing here does not compile. */
export const AGENT_EVENTS = Object.keys({
  session_waiting: 1,
  session_joined: 1,
  session_left: 1,
  session_ended: 1,
  session_error: 1,
  session_reconnecting: 1,
  session_reconnected: 1,
  session_paused: 1,
  session_resumed: 1,
  customer_connection: 1,
  customer_focus_lost: 1,
  customer_focus_gained: 1,
  customer_transferred: 1,
  recording_changed: 1,
  agent_joined: 1,
  agent_connection: 1,
  agent_left: 1,
  remote_assist_started: 1,
  remote_assist_stopped: 1,
  remote_assist_rejected: 1,
  remote_assist_result: 1,
  connection_quality: 1,
  annotation_changed: 1,
  annotation_refused: 1,
  annotation_read_out: 1,
  viewport_changed: 1,
  page_changed: 1,
  masked_changed: 1,
  view_ready: 1,
  view_reduced: 1,
  view_restored: 1,
} satisfies Record<keyof AgentEvents, 1>) as (keyof AgentEvents)[]
