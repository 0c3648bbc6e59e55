import type { ErrorCode } from './errors.ts'
import type { KeyMask } from './mask.ts'

/** The number of a participant within its session: 1 is the customer, agents count from 2 and are never reused. */
export type ParticipantId = number

export const CUSTOMER_ID: ParticipantId = 1

/** The server itself: it sends an agent's probe back, and takes a customer's frames for the recording. No participant has
 *  this number. */
export const SERVER_ID: ParticipantId = 0

/** What the other side may know of an agent: what its verified token says. */
export interface AgentInfo {
  participant: ParticipantId
  userId: string
  userName: string
  /** It sees the page, and can neither draw nor act nor end. Nobody watches unseen: it is told like any agent. */
  watchOnly?: true
  /** The name of the agent who made the link that this one came by. */
  invitedBy?: string
}

/** What the server says for an SDK key; stronger than what the page was set to. */
export interface KeySettings {
  /** The name of the company behind the key, for the question of consent. */
  company?: string
  /** `agent_initiated`: an agent that gives a PIN needs no further yes; the customer told it the PIN. */
  consent: 'always' | 'agent_initiated'
  /** `on`: what agents are shown is kept. The customer reads so in the question of consent. `off` when left out. */
  recording?: 'off' | 'on'
  /** Counts from now on, until `mask` brings another one. Nothing when left out. */
  mask?: KeyMask
  /** What is `false` here stays off on every page of the key. */
  features: {
    agentAnnotation: boolean
    customerAnnotation: boolean
    remoteAssist: boolean
    multiTab: boolean
    presence: boolean
  }
}

/** What a browser may run on. */
export const BROWSER_KINDS = ['desktop', 'mobile', 'tablet'] as const

/** The customer's browser, as it says itself: names of a fixed list, left out where they are not known. */
export interface BrowserInfo {
  name?: string
  os?: string
  kind?: (typeof BROWSER_KINDS)[number]
}

/** Where the customer is: the host of the page, empty when the browser did not say, and the browser. */
export interface Whereabouts {
  site?: string
  browser?: BrowserInfo
}

/** A tab of the customer's browser in which the session is or was. Tabs count from 1. */
export interface TabInfo {
  tab: number
  /** The host of the site that was open in it; empty when the browser did not say. */
  site: string
}

/** Why a session ended, as `session_ended` says it. */
export type EndReason = 'customer_ended' | 'agent_ended' | 'operator_ended' | 'expired' | 'connection_lost' | 'failed'

/** Why an agent left, as `agent_left` says it. */
export type LeaveReason = 'left' | 'declined' | 'no_answer' | 'connection_lost' | 'too_slow'

/** A kind of remote assist, as the setting `remoteAssist.remoteAssistTypes` names it. */
export const ASSIST_TYPES = ['scroll_page', 'click', 'type', 'navigate', 'select'] as const
export type AssistType = (typeof ASSIST_TYPES)[number]

/** Who acts on the customer's page, and in which ways. */
export interface AssistGrant {
  participant: ParticipantId
  types: AssistType[]
}

/** Why nobody acts on the page any more: `released` by the agent, `stopped` by the customer, `passed` on to another
 *  agent, `agent_left` also when its line dropped, `paused` by the customer. */
export type AssistStopReason = 'released' | 'stopped' | 'passed' | 'agent_left' | 'paused'

/** Why an agent did not get the hand: `off` for the key, the page or this agent; the customer `declined`; another agent
 *  has it or is being asked about (`taken`); the page is hidden or the other agent gone (`unavailable`); or the agent
 *  asked `too_often`. */
export type AssistRejectReason = 'off' | 'declined' | 'taken' | 'unavailable' | 'too_often'

/** What a page says of its customer: names and values, shown to agents and searched by them. Nobody vouches for it. */
export type CustomData = Record<string, string>

/** Customer → server. The first message on a socket is `start`, `start_device` or `resume`. */
export type CustomerMessage =
  /** Opens a session. Answered by `started`, or `error` and the socket's end. `tab` is what this tab calls itself. */
  | { type: 'start'; version: number; token: string; customPinCode?: string; tab?: string }
  /** Opens a session without a token, where the key allows it. Answered as `start` is; with the `invitation` of an agent
   *  no PIN is put up, and that agent is asked about at once. */
  | {
      type: 'start_device'
      version: number
      sdkKey: string
      deviceId: string
      customData?: CustomData
      invitation?: string
      tab?: string
    }
  /** Takes a session up again on a new socket. `secret` is used up by it; `resumed` brings the next one. From another
   *  `tab` it takes the session over. The token of a hand-off stands for a secret at the site that it was made for. */
  | { type: 'resume'; version: number; sessionId: string; secret: string; tab?: string }
  /** The customer's answer to `agent_requested`. */
  | { type: 'consent'; participant: ParticipantId; granted: boolean }
  /** Asks for a PIN for a further agent; the one before it is void. Answered by `pin`. */
  | { type: 'new_pin' }
  /** The customer hides or shows the page. No content leaves while paused. */
  | { type: 'pause'; paused: boolean }
  /** Whether the customer looks at this tab: it is in front, and its window has the focus. Without a word: yes. */
  | { type: 'focus'; focused: boolean }
  /** Asks for a token with which a page of that origin takes the session up. Answered by `handed_off`, or by `error` 1109
   *  when the key does not allow the origin. */
  | { type: 'hand_off'; origin: string }
  /** The answer to `assist_requested`: the kinds that are allowed, none for a no. */
  | ({ type: 'assist_answer' } & AssistGrant)
  /** Nobody may act on the page any more, and no question is open. `off`: the page has no remote assist. */
  | { type: 'assist_stop'; off?: true }
  | { type: 'end' }

/** Server → customer. */
export type ToCustomer =
  /** `assets` is the ticket with which this page brings the pictures and fonts that its frames name, `store` the name of
   *  where they are kept: under a new name nothing is there yet. */
  | {
      type: 'started'
      sessionId: string
      secret: string
      startTime: number
      assets: string
      store: string
      settings: KeySettings
    }
  | {
      type: 'resumed'
      secret: string
      startTime: number
      agents: (AgentInfo & { state: 'asked' | 'live' })[]
      assets: string
      store: string
      settings: KeySettings
      /** Who acts on the page: a page that knows nothing of it answers `assist_stop`. */
      assist?: AssistGrant
    }
  /** A PIN is ready to be shown. `expiresAt` in ms since the epoch. */
  | { type: 'pin'; pin: string; expiresAt: number }
  /** An agent gave the PIN. Nothing is sent to it before `consent`. */
  | ({ type: 'agent_requested' } & AgentInfo)
  | ({ type: 'agent_joined' } & AgentInfo)
  | ({ type: 'agent_left'; reason: LeaveReason } & AgentInfo)
  | AgentConnection
  /** Another tab of this customer took the session over; the socket closes. */
  | { type: 'moved' }
  /** For one `resume` at the origin that was asked for, until `expiresAt`, in ms since the epoch. Answers come in the
   *  order of the questions. */
  | { type: 'handed_off'; token: string; expiresAt: number }
  /** An agent wants to act on the page. To be answered by `assist_answer`. */
  | ({ type: 'assist_requested' } & AssistGrant)
  /** The agent no longer wants it, or is gone. */
  | { type: 'assist_withdrawn'; participant: ParticipantId }
  | ({ type: 'assist_started' } & AssistGrant)
  | { type: 'assist_stopped'; participant: ParticipantId; reason: AssistStopReason }
  /** The recording ended before the session did. It never begins again. */
  | { type: 'recording'; recorded: boolean }
  /** The key masks otherwise from now on: nothing more leaves under the rules before. */
  | { type: 'mask'; mask: KeyMask }
  | { type: 'ended'; reason: EndReason }
  | ErrorMessage

/** Agent → server. The first message on a socket is `join`, `join_link`, `join_session`, `call` or `resume`. With
 *  `watchOnly` the agent means to look only; a token or link that says so is enough. */
export type AgentMessage =
  /** Gives a PIN. Answered by `asked`, then `joined`, or by `error` and the socket's end. */
  | { type: 'join'; version: number; token: string; pinCode: string; watchOnly?: true }
  /** Shows a one-time link instead of token and PIN. Answered as `join` is. */
  | { type: 'join_link'; version: number; link: string; watchOnly?: true }
  /** Calls a device of the list. Answered as `join` is, once its page has started a session. */
  | { type: 'call'; version: number; token: string; deviceId: string; watchOnly?: true }
  /** Asks the customer of a session on the list. Answered as `join` is. */
  | { type: 'join_session'; version: number; token: string; sessionId: string; watchOnly?: true }
  | { type: 'resume'; version: number; sessionId: string; secret: string }
  | { type: 'leave' }
  /** Asks for a one-time link that lets a colleague of that name ask the customer. Answered by `link_made`, or by `error`
   *  1102, 1119 or 1120 on a socket that stays open. */
  | { type: 'make_link'; userName: string; userId?: string; watchOnly?: true }
  /** Wants to act on the page. Answered by `assist_started`, or by `assist_rejected`. */
  | { type: 'assist_request'; types: AssistType[] }
  /** Gives the hand back, or no longer waits for it. */
  | { type: 'assist_release' }
  /** Passes the hand to another agent who is in; the customer is asked about it, and until the answer it stays. */
  | { type: 'assist_pass'; participant: ParticipantId }
  /** Ends the session for everybody. */
  | { type: 'end' }

/** Server → agent. */
export type ToAgent =
  /** The PIN is right; the customer is being asked. */
  | {
      type: 'asked'
      sessionId: string
      participant: ParticipantId
      secret: string
      customerName: string
      watchOnly?: true
    }
  /** The customer agreed; content follows. `agents` are the others in the session, `assets` is the ticket with which this
   *  agent gets pictures and fonts. */
  | ({ type: 'joined'; startTime: number; agents: AgentInfo[]; assets: string } & Whereabouts)
  /** For one `join_link`, until `expiresAt`, in ms since the epoch. Answers come in the order of the questions. */
  | { type: 'link_made'; link: string; expiresAt: number }
  /** What follows `watchOnly` is as in `joined` and comes with state `live`; a ticket from before is void. */
  | ({
      type: 'resumed'
      secret: string
      state: 'asked' | 'live'
      watchOnly?: true
      startTime?: number
      agents?: AgentInfo[]
      assets?: string
    } & Whereabouts)
  | ({ type: 'agent_joined' } & AgentInfo)
  | ({ type: 'agent_left'; reason: LeaveReason } & AgentInfo)
  | AgentConnection
  | { type: 'paused'; paused: boolean }
  /** The customer's line dropped, or is back. The picture stays until then. With `left` the customer left the page:
   *  another one is being loaded, or the tab was closed. When it is back, it says where. */
  | ({ type: 'customer_connection'; connected: boolean; left?: true } & Whereabouts)
  /** Whether the customer looks at the tab that is shown. Without a word: yes. */
  | { type: 'customer_focus'; focused: boolean }
  /** The session is in another tab of the customer, or `tabs` are several when the agent comes in. */
  | { type: 'customer_transferred'; tab: number; tabs: TabInfo[] }
  /** This agent, or another one, acts on the page from now on. Follows `joined` and `resumed` when one does already. */
  | ({ type: 'assist_started' } & AssistGrant)
  | { type: 'assist_stopped'; participant: ParticipantId; reason: AssistStopReason }
  /** This agent does not get the hand, or the one that it wanted to pass it to does not. */
  | { type: 'assist_rejected'; participant: ParticipantId; reason: AssistRejectReason }
  /** Whether the session is recorded. Without a word: no. */
  | { type: 'recording'; recorded: boolean }
  | { type: 'ended'; reason: EndReason }
  | ErrorMessage

/** A page in the background → server. The first message on its socket is `register`. */
export type DeviceMessage =
  /** Puts the page's device on the list of its key. Answered by `registered`, or `error` and the socket's end. */
  | { type: 'register'; version: number; sdkKey: string; deviceId: string; customData?: CustomData }
  /** Replaces what is known of the customer. */
  | { type: 'update'; customData: CustomData }
  /** The customer turned to this tab: of the tabs of a device this one is invited. */
  | { type: 'focus' }
  /** The page is in a session, or cannot start the one that it is invited to. */
  | { type: 'busy'; invitation: string }

/** Server → a page in the background. */
export type ToDevice =
  | { type: 'registered' }
  /** An agent calls: the page starts a session with this invitation, and asks its customer. */
  | { type: 'invited'; invitation: string; userName: string }
  | ErrorMessage

/** The line of an agent that is in dropped, or is back. Without a word it is there. */
export interface AgentConnection {
  type: 'agent_connection'
  participant: ParticipantId
  connected: boolean
}

/** The peer did something that is refused. Before `started`, `asked` or `registered` the socket closes after it. */
export interface ErrorMessage {
  type: 'error'
  code: ErrorCode
  /** For 1102: seconds until the next try may work. */
  retryAfter?: number
}

export type ServerMessage = ToCustomer | ToAgent | ToDevice
export type PeerMessage = CustomerMessage | AgentMessage | DeviceMessage
