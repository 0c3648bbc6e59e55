import type { LeaveReason } from '@alongside/protocol'

interface Asked {
  name: 'asked'
  until: number
}

interface Live {
  name: 'live'
}

/** Where one agent stands. Times are ms since the epoch; after `until` the event `overdue` happens. */
export type AgentState =
  /** The customer has been asked and has not answered. Nothing of the page reaches the agent. */
  | Asked
  /** The customer agreed. */
  | Live
  /** The agent's socket is gone; `was` is what it comes back to. */
  | { name: 'lost'; was: Asked | Live; until: number; reason: 'connection_lost' | 'too_slow' }
  | { name: 'gone'; reason: LeaveReason }

export type AgentEvent =
  | { name: 'granted' }
  | { name: 'lost'; until: number; reason: 'connection_lost' | 'too_slow' }
  | { name: 'back' }
  | { name: 'overdue' }
  | { name: 'left'; reason: 'left' | 'declined' | 'connection_lost' }

type StateNamed<Name> = Extract<AgentState, { name: Name }>
type EventNamed<Name> = Extract<AgentEvent, { name: Name }>

/** One cell for every state and event: a missing one does not compile. */
type Table = {
  [S in AgentState['name']]: {
    [E in AgentEvent['name']]: (state: StateNamed<S>, event: EventNamed<E>) => AgentState
  }
}

const stay = <State extends AgentState>(state: State): State => state
const leave = (_state: AgentState, { reason }: EventNamed<'left'>): AgentState => ({ name: 'gone', reason })

const TABLE: Table = {
  asked: {
    granted: () => ({ name: 'live' }),
    lost: (was, { until, reason }) => ({ name: 'lost', was, until, reason }),
    back: stay,
    overdue: () => ({ name: 'gone', reason: 'no_answer' }),
    left: leave,
  },
  live: {
    granted: stay,
    lost: (was, { until, reason }) => ({ name: 'lost', was, until, reason }),
    back: stay,
    overdue: stay,
    left: leave,
  },
  lost: {
    granted: (state) => ({ ...state, was: { name: 'live' } }),
    lost: stay,
    back: ({ was }) => was,
    overdue: ({ reason }) => ({ name: 'gone', reason }),
    left: leave,
  },
  gone: { granted: stay, lost: stay, back: stay, overdue: stay, left: stay },
}

export function nextAgentState(state: AgentState, event: AgentEvent): AgentState {
  // The compiler cannot follow that the cell of a state's and an event's name takes that state and event.
  const cell = TABLE[state.name][event.name] as (state: AgentState, event: AgentEvent) => AgentState
  return cell(state, event)
}
