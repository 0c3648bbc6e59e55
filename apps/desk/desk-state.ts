import type { PageInfo } from '@alongside/sdk/agent'
import { describeProblem, type Failure, type Problem } from './problem.ts'

export interface Participant {
  participant: number
  userId: string
  userName: string
  /** Whether its line is there. */
  connected: boolean
  /** It can only look. */
  watchOnly: boolean
}

/** As an event names an agent. */
type Named = Omit<Participant, 'connected' | 'watchOnly'> & { watchOnly?: true }

/** A tab of the customer's in which the session is or was. */
export interface CustomerTab {
  tab: number
  site: string
}

/** A session whose page is on the screen, or about to be. */
export interface OpenSession {
  name: 'open'
  customerName: string
  /** The agent's own number. */
  participant: number
  /** The agent can only look. */
  watchOnly: boolean
  /** What the agents see is kept. */
  recorded: boolean
  /** Whether the first picture is there. `hidden`: it would stop this browser. */
  picture: 'loading' | 'shown' | 'hidden'
  /** A hidden page is being made again. */
  again: boolean
  /** `customer_left`: another page of theirs is loading, or they closed the tab. */
  line: 'good' | 'reconnecting' | 'customer_lost' | 'customer_left'
  /** Whether the customer looks at the page. */
  focused: boolean
  /** The number of the customer's tab that is shown, and all that the session was in, if they are several. */
  tab: number
  tabs: CustomerTab[]
  /** The customer hides the page for now. */
  paused: boolean
  /** The other agents. */
  others: Participant[]
  viewport: { width: number; height: number } | undefined
  /** The title of the page as the copy has it, and the host of its site; empty when it is not known. */
  title: string
  site: string
  /** What the page is open in. */
  browser: PageInfo['browser']
}

/** How an agent came in. */
type Seat = Pick<OpenSession, 'customerName' | 'participant' | 'watchOnly' | 'recorded'>

/** What the desk shows. */
export type DeskState =
  | { name: 'form'; problem: Problem | undefined }
  /** `calling` is whom the agent chose from the list. */
  | { name: 'connecting'; calling?: string }
  | { name: 'asking'; customerName: string; calling?: string }
  | OpenSession
  | { name: 'ended'; reason: string }
  | { name: 'failed'; problem: Problem }

/** What happens to the desk: the agent SDK's events, and what the agent does. */
export type DeskEvent =
  | { type: 'join'; calling?: string }
  | { type: 'back' }
  | { type: 'left' }
  | { type: 'session_waiting'; customerName: string }
  | ({ type: 'session_joined' } & Seat)
  | { type: 'view_ready' }
  | { type: 'view_hidden' }
  | { type: 'view_restored' }
  | { type: 'view_again' }
  | { type: 'viewport_changed'; width: number; height: number }
  | ({ type: 'page_changed' } & PageInfo)
  | { type: 'recording_changed'; recorded: boolean }
  | { type: 'session_paused' }
  | { type: 'session_resumed' }
  | { type: 'session_reconnecting' }
  | { type: 'session_reconnected' }
  | { type: 'customer_connection'; connected: boolean; left: boolean }
  | { type: 'customer_focus'; focused: boolean }
  | { type: 'customer_transferred'; tab: number; tabs: CustomerTab[] }
  | ({ type: 'agent_joined' } & Named)
  | ({ type: 'agent_left' } & Named)
  | { type: 'agent_connection'; userId: string; connected: boolean }
  | { type: 'session_ended'; reason: string }
  | { type: 'failed'; failure: Failure }

export const FORM: DeskState = { name: 'form', problem: undefined }

/** The desk after an event. An event that means nothing in a state leaves it as it is. */
export function step(state: DeskState, event: DeskEvent): DeskState {
  switch (event.type) {
    case 'join':
      return { name: 'connecting', ...(event.calling === undefined ? {} : { calling: event.calling }) }
    case 'back':
      return FORM
    case 'failed':
      return fail(event.failure)
    case 'left':
      return isUnderWay(state) ? { name: 'ended', reason: 'left' } : state
    case 'session_ended':
      return isUnderWay(state) ? { name: 'ended', reason: event.reason } : state
    case 'session_waiting':
      return state.name === 'connecting' ? { ...state, name: 'asking', customerName: event.customerName } : state
    case 'session_joined':
      return state.name === 'connecting' || state.name === 'asking' ? open(event) : state
    default:
      return state.name === 'open' ? stepOpen(state, event) : state
  }
}

function stepOpen(state: OpenSession, event: DeskEvent): OpenSession {
  switch (event.type) {
    // A copy can be hidden before it is ready, and stays so.
    case 'view_ready':
      return state.picture === 'hidden' ? state : { ...state, picture: 'shown' }
    case 'view_restored':
      return { ...state, picture: 'shown', again: false }
    // It stays hidden until it is there, which it may never be.
    case 'view_again':
      return { ...state, again: true }
    case 'view_hidden':
      return { ...state, picture: 'hidden', again: false }
    case 'viewport_changed':
      return { ...state, viewport: { width: event.width, height: event.height } }
    case 'page_changed':
      return { ...state, title: event.title, site: event.site, browser: event.browser }
    case 'recording_changed':
      return { ...state, recorded: event.recorded }
    case 'session_paused':
      return { ...state, paused: true }
    case 'session_resumed':
      return { ...state, paused: false }
    case 'session_reconnecting':
      return { ...state, line: 'reconnecting' }
    case 'session_reconnected':
      return { ...state, line: 'good' }
    case 'customer_connection':
      return { ...state, line: event.connected ? 'good' : event.left ? 'customer_left' : 'customer_lost' }
    case 'customer_focus':
      return { ...state, focused: event.focused }
    case 'customer_transferred':
      return { ...state, tab: event.tab, tabs: event.tabs }
    case 'agent_joined':
      return { ...state, others: [...without(state.others, event.userId), named(event)] }
    case 'agent_connection':
      return {
        ...state,
        others: state.others.map((one) => (one.userId === event.userId ? { ...one, connected: event.connected } : one)),
      }
    case 'agent_left':
      return { ...state, others: without(state.others, event.userId) }
    default:
      return state
  }
}

function open({ customerName, participant, watchOnly, recorded }: Seat): OpenSession {
  return {
    name: 'open',
    customerName,
    participant,
    watchOnly,
    recorded,
    picture: 'loading',
    again: false,
    line: 'good',
    focused: true,
    tab: 1,
    tabs: [],
    paused: false,
    others: [],
    viewport: undefined,
    title: '',
    site: '',
    browser: {},
  }
}

function fail(failure: Failure): DeskState {
  const problem = describeProblem(failure)
  return problem.place === 'form' ? { name: 'form', problem } : { name: 'failed', problem }
}

function isUnderWay(state: DeskState): boolean {
  return state.name === 'connecting' || state.name === 'asking' || state.name === 'open'
}

function without(list: Participant[], userId: string): Participant[] {
  return list.filter((participant) => participant.userId !== userId)
}

function named({ participant, userId, userName, watchOnly }: Named): Participant {
  return { participant, userId, userName, connected: true, watchOnly: watchOnly === true }
}
