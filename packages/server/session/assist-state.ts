import type { AssistGrant, AssistRejectReason, AssistStopReason, AssistType, ParticipantId } from '@alongside/protocol'

/** Who acts on the customer's page, and about whom the customer is being asked. */
export type AssistState =
  | { name: 'free' }
  | { name: 'asked'; asked: AssistGrant }
  | { name: 'held'; grant: AssistGrant }
  /** The one who has the hand passes it on, or wants more kinds. */
  | { name: 'passing'; grant: AssistGrant; asked: AssistGrant }

/** `by` and `to` are agents whom the customer let in. */
export type AssistEvent =
  | { name: 'requested'; by: ParticipantId; types: AssistType[] }
  | { name: 'passed'; by: ParticipantId; to: ParticipantId }
  /** The customer's answer; without kinds it is a no. */
  | { name: 'answered'; participant: ParticipantId; types: AssistType[] }
  | { name: 'released'; by: ParticipantId }
  /** The customer wants nobody's hand, or their page has no remote assist. */
  | { name: 'stopped'; off: boolean }
  /** An agent left, or its line dropped. */
  | { name: 'gone'; by: ParticipantId }
  | { name: 'paused' }

/** What both sides are told, in order. */
export type AssistNews =
  | { tell: 'ask'; grant: AssistGrant }
  | { tell: 'withdraw'; participant: ParticipantId }
  | { tell: 'start'; grant: AssistGrant }
  | { tell: 'stop'; participant: ParticipantId; reason: AssistStopReason }
  | { tell: 'reject'; to: ParticipantId; participant: ParticipantId; reason: AssistRejectReason }

export interface AssistStep {
  state: AssistState
  news: AssistNews[]
}

type StateNamed<Name> = Extract<AssistState, { name: Name }>
type EventNamed<Name> = Extract<AssistEvent, { name: Name }>

/** One cell for every state and event: a missing one does not compile. */
type Table = {
  [S in AssistState['name']]: {
    [E in AssistEvent['name']]: (state: StateNamed<S>, event: EventNamed<E>) => AssistStep
  }
}

const FREE: AssistState = { name: 'free' }

const step = (state: AssistState, ...news: AssistNews[]): AssistStep => ({ state, news })
const stay = (state: AssistState): AssistStep => step(state)
const ask = (grant: AssistGrant): AssistNews => ({ tell: 'ask', grant })
const withdraw = ({ participant }: AssistGrant): AssistNews => ({ tell: 'withdraw', participant })
const start = (grant: AssistGrant): AssistNews => ({ tell: 'start', grant })
const stop = ({ participant }: AssistGrant, reason: AssistStopReason): AssistNews => ({
  tell: 'stop',
  participant,
  reason,
})
const reject = (to: ParticipantId, reason: AssistRejectReason, participant = to): AssistNews => ({
  tell: 'reject',
  to,
  participant,
  reason,
})
const taken = (state: AssistState, { by }: { by: ParticipantId }): AssistStep => step(state, reject(by, 'taken'))
const notYours = (state: AssistState, { by, to }: EventNamed<'passed'>): AssistStep =>
  step(state, reject(by, 'taken', to))

const TABLE: Table = {
  free: {
    requested: (_state, { by, types }) => {
      const asked = { participant: by, types }
      return step({ name: 'asked', asked }, ask(asked))
    },
    passed: notYours,
    answered: stay,
    released: stay,
    stopped: stay,
    gone: stay,
    paused: stay,
  },
  asked: {
    requested: (state, event) => (event.by === state.asked.participant ? stay(state) : taken(state, event)),
    passed: notYours,
    answered: (state, answer) => {
      const { asked } = state
      if (answer.participant !== asked.participant) return stay(state)
      const grant = among(asked, answer.types)
      return grant ? step({ name: 'held', grant }, start(grant)) : step(FREE, reject(asked.participant, 'declined'))
    },
    released: (state, { by }) => (by === state.asked.participant ? step(FREE, withdraw(state.asked)) : stay(state)),
    stopped: ({ asked }, { off }) => step(FREE, reject(asked.participant, off ? 'off' : 'declined')),
    gone: (state, { by }) => (by === state.asked.participant ? step(FREE, withdraw(state.asked)) : stay(state)),
    paused: ({ asked }) => step(FREE, withdraw(asked), reject(asked.participant, 'unavailable')),
  },
  held: {
    requested: (state, event) => {
      const { grant } = state
      if (event.by !== grant.participant) return taken(state, event)
      // What it has it need not ask for.
      if (event.types.every((type) => grant.types.includes(type))) return step(state, start(grant))
      const asked = { participant: event.by, types: event.types }
      return step({ name: 'passing', grant, asked }, ask(asked))
    },
    passed: (state, event) => {
      const { grant } = state
      if (event.by !== grant.participant || event.to === event.by) return notYours(state, event)
      const asked = { participant: event.to, types: grant.types }
      return step({ name: 'passing', grant, asked }, ask(asked))
    },
    answered: stay,
    released: (state, { by }) =>
      by === state.grant.participant ? step(FREE, stop(state.grant, 'released')) : stay(state),
    stopped: ({ grant }) => step(FREE, stop(grant, 'stopped')),
    gone: (state, { by }) =>
      by === state.grant.participant ? step(FREE, stop(state.grant, 'agent_left')) : stay(state),
    paused: ({ grant }) => step(FREE, stop(grant, 'paused')),
  },
  passing: {
    requested: (state, event) => (event.by === state.grant.participant ? stay(state) : taken(state, event)),
    passed: notYours,
    answered: (state, answer) => {
      const { grant, asked } = state
      if (answer.participant !== asked.participant) return stay(state)
      const next = among(asked, answer.types)
      if (!next) return step({ name: 'held', grant }, reject(grant.participant, 'declined', asked.participant))
      const changed = next.participant === grant.participant ? [] : [stop(grant, 'passed')]
      return step({ name: 'held', grant: next }, ...changed, start(next))
    },
    released: (state, { by }) => {
      const { grant, asked } = state
      if (by === grant.participant) return step(FREE, withdraw(asked), stop(grant, 'released'))
      return by === asked.participant ? giveUpPassing(state, 'declined') : stay(state)
    },
    stopped: ({ grant, asked }) => step(FREE, withdraw(asked), stop(grant, 'stopped')),
    gone: (state, { by }) => {
      const { grant, asked } = state
      if (by === grant.participant && by === asked.participant)
        return step(FREE, withdraw(asked), stop(grant, 'agent_left'))
      if (by === grant.participant) return step({ name: 'asked', asked }, stop(grant, 'agent_left'))
      return by === asked.participant ? giveUpPassing(state, 'unavailable') : stay(state)
    },
    paused: ({ grant, asked }) => step(FREE, withdraw(asked), stop(grant, 'paused')),
  },
}

export function nextAssistState(state: AssistState, event: AssistEvent): AssistStep {
  // The compiler cannot follow that the cell of a state's and an event's name takes that state and event.
  const cell = TABLE[state.name][event.name] as (state: AssistState, event: AssistEvent) => AssistStep
  return cell(state, event)
}

function giveUpPassing({ grant, asked }: StateNamed<'passing'>, reason: AssistRejectReason): AssistStep {
  return step({ name: 'held', grant }, withdraw(asked), reject(grant.participant, reason, asked.participant))
}

/** What of the answer was asked for. Undefined for nothing. */
function among({ participant, types }: AssistGrant, answer: AssistType[]): AssistGrant | undefined {
  const granted = types.filter((type) => answer.includes(type))
  return granted.length ? { participant, types: granted } : undefined
}
