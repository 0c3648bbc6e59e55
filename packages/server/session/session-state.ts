import type { EndReason } from '@alongside/protocol'

/** Times are ms since the epoch. Each `until` is the deadline of its state, after which `overdue` happens to it. */
export type SessionState =
  /** The customer is there and no agent is in. */
  | { name: 'waiting'; until: number }
  /** At least one agent is in. */
  | { name: 'live' }
  /** The customer's socket is lost. `waitUntil` is the deadline to return to when no agent is in. */
  | { name: 'recovering'; until: number; waitUntil: number }
  | { name: 'ended'; reason: EndReason }

export type SessionEvent =
  /** A PIN was put up, or an agent gave it and waits for the customer's answer. */
  | { name: 'extended'; until: number }
  | { name: 'agent_granted' }
  /** The last agent that was in is gone. */
  | { name: 'agents_gone'; until: number }
  | { name: 'customer_lost'; until: number }
  /** The customer resumed, with so many agents in. */
  | { name: 'customer_back'; agents: number }
  | { name: 'overdue' }
  | { name: 'finished'; reason: EndReason }

type StateNamed<Name> = Extract<SessionState, { name: Name }>
type EventNamed<Name> = Extract<SessionEvent, { name: Name }>

/** One cell for every state and event: a missing one does not compile. */
type Table = {
  [S in SessionState['name']]: {
    [E in SessionEvent['name']]: (state: StateNamed<S>, event: EventNamed<E>) => SessionState
  }
}

const stay = <State extends SessionState>(state: State): State => state
const finish = (_state: SessionState, { reason }: EventNamed<'finished'>): SessionState => ({ name: 'ended', reason })

const TABLE: Table = {
  waiting: {
    extended: (_state, { until }) => ({ name: 'waiting', until }),
    agent_granted: () => ({ name: 'live' }),
    agents_gone: stay,
    customer_lost: ({ until: waitUntil }, { until }) => ({ name: 'recovering', until, waitUntil }),
    customer_back: stay,
    overdue: () => ({ name: 'ended', reason: 'expired' }),
    finished: finish,
  },
  live: {
    extended: stay,
    agent_granted: stay,
    agents_gone: (_state, { until }) => ({ name: 'waiting', until }),
    customer_lost: (_state, { until }) => ({ name: 'recovering', until, waitUntil: until }),
    customer_back: stay,
    overdue: stay,
    finished: finish,
  },
  recovering: {
    extended: ({ until }, { until: waitUntil }) => ({ name: 'recovering', until, waitUntil }),
    agent_granted: stay,
    agents_gone: ({ until }, { until: waitUntil }) => ({ name: 'recovering', until, waitUntil }),
    customer_lost: stay,
    customer_back: ({ waitUntil }, { agents }) =>
      agents > 0 ? { name: 'live' } : { name: 'waiting', until: waitUntil },
    overdue: () => ({ name: 'ended', reason: 'connection_lost' }),
    finished: finish,
  },
  ended: {
    extended: stay,
    agent_granted: stay,
    agents_gone: stay,
    customer_lost: stay,
    customer_back: stay,
    overdue: stay,
    finished: stay,
  },
}

export function nextSessionState(state: SessionState, event: SessionEvent): SessionState {
  // The compiler cannot follow that the cell of a state's and an event's name takes that state and event.
  const cell = TABLE[state.name][event.name] as (state: SessionState, event: SessionEvent) => SessionState
  return cell(state, event)
}
