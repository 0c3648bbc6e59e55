import type {
  AgentInfo,
  AgentMessage,
  EndReason,
  ErrorCode,
  LeaveReason,
  ParticipantId,
  ToAgent,
} from '@alongside/protocol'
import type { SessionError } from '../connection/answer.ts'
import type { AgentEvents } from './agent-events.ts'
import { MAX_LISTED } from './read-message.ts'

/** Another agent that is in. */
export interface OtherAgent extends AgentInfo {
  /** False while its line is down. */
  connected: boolean
}

/** A session that an agent has asked for or is in. */
export interface Place {
  sessionId: string
  customerName: string
  paused: boolean
  /** Whether the customer looks at the tab that is shown. */
  focused: boolean
  /** We see the page, and can do nothing else. */
  watchOnly: boolean
  /** The others that are in, by their numbers. */
  agents: ReadonlyMap<ParticipantId, OtherAgent>
  /** What agents see is kept. */
  recorded: boolean
}

/** What an agent comes back to. `kept`: to a place that an earlier page had. */
type Was = 'waiting' | 'live' | 'kept'

export type AgentState =
  | { name: 'idle' }
  | { name: 'connecting' }
  /** The customer is being asked. */
  | { name: 'waiting'; place: Place }
  | { name: 'live'; place: Place }
  /** Our line dropped; `was` is what we come back to. */
  | { name: 'reconnecting'; place: Place; was: Was; attempt: number }
  /** The page was left and is kept by the browser, so its line is closed. */
  | { name: 'away'; place: Place }
  /** `end` was said and the server has not confirmed it. */
  | { name: 'ending'; place: Place }
  | { name: 'ended'; place: Place; reason: EndReason | 'left' }

type StateName = AgentState['name']

/** What `RemoteAssist` keeps. */
export type AssistMessage = Extract<ToAgent, { type: 'assist_started' | 'assist_stopped' | 'assist_rejected' }>

/** What happens to an agent's session: the page's calls, the server's messages, the line. */
export type AgentInput =
  | { type: 'join' }
  /** Comes back to a place that this page, or one before it, has left. */
  | { type: 'take_up'; place: Place }
  /** The page is being left. */
  | { type: 'suspend' }
  | { type: 'leave' }
  | { type: 'end' }
  | Exclude<ToAgent, { type: 'error' | 'link_made' } | AssistMessage>
  | { type: 'lost'; attempt: number }
  /** The server, the line or the picture refuses for good. */
  | { type: 'failed'; error: SessionError }
  /** The server did not confirm the end in time. */
  | { type: 'overdue' }

type InputType = AgentInput['type']
type InputOf<Type extends InputType> = Extract<AgentInput, { type: Type }>
type StateOf<Name extends StateName> = Extract<AgentState, { name: Name }>

export type Call = 'join' | 'end'

type EventEffect = {
  [Name in keyof AgentEvents]: { do: 'emit'; event: Name; payload: AgentEvents[Name] }
}[keyof AgentEvents]

/** What a transition asks of the browser, in order. */
export type Effect =
  | EventEffect
  | { do: 'connect' }
  | { do: 'send'; message: AgentMessage }
  /** Asks the customer for the picture from its beginning. */
  | { do: 'restart' }
  /** Closes the line and takes the picture away. */
  | { do: 'shut' }
  | { do: 'await_end' }
  | { do: 'settle'; call: Call; error?: SessionError }
  | { do: 'refuse'; code: ErrorCode }

export interface Step {
  state: AgentState
  effects: Effect[]
}

type Cell<Name extends StateName, Type extends InputType> = (state: StateOf<Name>, input: InputOf<Type>) => Step
/** One cell for every state and input: a missing one does not compile. */
type Table = { [Name in StateName]: { [Type in InputType]: Cell<Name, Type> } }

const step = (state: AgentState, ...effects: Effect[]): Step => ({ state, effects })
const stay = (state: AgentState): Step => step(state)
const refuse =
  (code: ErrorCode) =>
  (state: AgentState): Step =>
    step(state, { do: 'refuse', code })
const begin = (): Step => step({ name: 'connecting' }, { do: 'connect' })
const takeUp = (_state: AgentState, { place }: InputOf<'take_up'>): Step =>
  step({ name: 'reconnecting', place, was: 'kept', attempt: 0 }, { do: 'connect' })
const suspend = ({ place }: { place: Place }): Step => step({ name: 'away', place }, { do: 'shut' })
const nothingToEnd = (state: AgentState): Step => step(state, { do: 'settle', call: 'end' })

const DEAF = {
  take_up: stay,
  suspend: stay,
  asked: stay,
  joined: stay,
  resumed: stay,
  agent_joined: stay,
  agent_left: stay,
  agent_connection: stay,
  paused: stay,
  customer_connection: stay,
  customer_focus: stay,
  customer_transferred: stay,
  recording: stay,
  ended: stay,
  lost: stay,
  failed: stay,
  overdue: stay,
}

const TABLE: Table = {
  idle: { ...DEAF, join: begin, take_up: takeUp, leave: stay, end: nothingToEnd },
  connecting: {
    ...DEAF,
    join: refuse(1002),
    leave: () => cancel(),
    end: () => cancel(),
    asked: (_state, { sessionId, customerName, watchOnly = false }) => {
      const agents = new Map()
      const place = { sessionId, customerName, paused: false, focused: true, watchOnly, agents, recorded: false }
      return step({ name: 'waiting', place }, emit('session_waiting', place, { customerName }))
    },
    failed: (_state, { error }) => giveUp(error, ''),
  },
  waiting: {
    ...DEAF,
    join: refuse(1002),
    suspend,
    leave: () => cancel(),
    end: () => cancel(),
    joined: ({ place }, { startTime, agents }) => enter(place, startTime, agents),
    paused: ({ place }, { paused }) => step({ name: 'waiting', place: { ...place, paused } }),
    customer_connection: tellConnection,
    ended: ({ place }, { reason }) => finish(place, reason),
    lost: ({ place }, { attempt }) => lose(place, 'waiting', attempt),
    failed: ({ place }, { error }) => giveUp(error, place.sessionId),
  },
  live: {
    ...DEAF,
    join: refuse(1015),
    suspend,
    leave: ({ place }) => leave(place),
    end: ({ place }) => step({ name: 'ending', place }, { do: 'send', message: { type: 'end' } }, { do: 'await_end' }),
    resumed: stay,
    agent_joined: ({ place }, agent) => meet(place, agent),
    agent_left: ({ place }, { participant, reason }) => part(place, participant, reason),
    agent_connection: ({ place }, { participant, connected }) => connect(place, participant, connected),
    paused: ({ place }, { paused }) => setPaused(place, paused),
    customer_connection: tellConnection,
    customer_focus: ({ place }, { focused }) => setFocused(place, focused),
    customer_transferred: (state, { tab, tabs }) =>
      step(state, emit('customer_transferred', state.place, { tab, tabs })),
    recording: ({ place }, { recorded }) => setRecorded(place, recorded),
    ended: ({ place }, { reason }) => finish(place, reason),
    lost: ({ place }, { attempt }) => lose(place, 'live', attempt),
    failed: ({ place }, { error }) => fail(place, error),
  },
  reconnecting: {
    ...DEAF,
    join: refuse(1002),
    suspend,
    leave: ({ place, was }) => (was === 'waiting' ? cancel() : leave(place)),
    end: ({ place, was }) => (was === 'waiting' ? cancel() : step({ name: 'ending', place }, { do: 'await_end' })),
    resumed: comeBack,
    ended: ({ place }, { reason }) => finish(place, reason),
    lost: ({ place, was }, { attempt }) => lose(place, was, attempt),
    failed: ({ place, was }, { error }) => (was === 'waiting' ? giveUp(error, place.sessionId) : fail(place, error)),
  },
  away: {
    ...DEAF,
    join: begin,
    take_up: takeUp,
    leave: ({ place }) => leave(place),
    end: nothingToEnd,
    // Found out when the page is back: the browser kept nothing to come back with.
    failed: ({ place }, { error }) => fail(place, error),
  },
  ending: {
    ...DEAF,
    join: refuse(1017),
    leave: stay,
    end: stay,
    resumed: (state) => step(state, { do: 'send', message: { type: 'end' } }),
    ended: ({ place }, { reason }) => finish(place, reason),
    failed: ({ place }) => finish(place, 'agent_ended'),
    overdue: ({ place }) => finish(place, 'agent_ended'),
  },
  ended: { ...DEAF, join: begin, take_up: takeUp, leave: stay, end: nothingToEnd },
}

/** The one way in which an agent's session changes. Pure: whoever calls carries the effects out. */
export function advance(state: AgentState, input: AgentInput): Step {
  // The compiler cannot follow that the cell of a state's and an input's name takes that state and input.
  const cell = TABLE[state.name][input.type] as (state: AgentState, input: AgentInput) => Step
  return cell(state, input)
}

function emit<Name extends keyof AgentEvents>(
  event: Name,
  { sessionId }: { sessionId: string },
  payload: Omit<AgentEvents[Name], 'sessionId'>,
): EventEffect {
  return { do: 'emit', event, payload: { sessionId, ...payload } } as EventEffect
}

/** We no longer want what we have not got yet. */
function cancel(): Step {
  const error: SessionError = {
    code: 1011,
    name: 'SESSION_JOIN_FAILED',
    errorMsg: 'You left before the customer answered. Join again to go on.',
  }
  return step(
    { name: 'idle' },
    { do: 'send', message: { type: 'leave' } },
    { do: 'shut' },
    { do: 'settle', call: 'join', error },
    { do: 'settle', call: 'end' },
    emit('session_left', { sessionId: '' }, {}),
  )
}

function giveUp(error: SessionError, sessionId: string): Step {
  return step(
    { name: 'idle' },
    { do: 'shut' },
    { do: 'settle', call: 'join', error },
    emit('session_error', { sessionId }, error),
  )
}

function enter(before: Place, startTime: number, agents: AgentInfo[]): Step {
  const place = { ...before, agents: new Map() }
  const begun = step(
    { name: 'live', place },
    { do: 'settle', call: 'join' },
    emit('session_joined', place, { startTime }),
  )
  const met = follow(begun, agents, meet)
  return step(met.state, ...met.effects, ...(place.paused ? [emit('session_paused', place, {})] : []))
}

/** Goes on from a step for each of several things, in order. */
function follow<Item>(begun: Step, items: Iterable<Item>, next: (place: Place, item: Item) => Step): Step {
  let { state } = begun
  const effects = [...begun.effects]
  for (const item of items) {
    if (!('place' in state)) break
    const then = next(state.place, item)
    state = then.state
    effects.push(...then.effects)
  }
  return { state, effects }
}

function meet(place: Place, { participant, userId, userName, watchOnly, invitedBy }: AgentInfo): Step {
  // Numbers are never used again, and no server lets more in.
  if (place.agents.has(participant) || place.agents.size >= MAX_LISTED) return step({ name: 'live', place })
  const agent = {
    participant,
    userId,
    userName,
    ...(watchOnly ? { watchOnly } : {}),
    ...(invitedBy === undefined ? {} : { invitedBy }),
  }
  return step(
    { name: 'live', place: withAgent(place, { ...agent, connected: true }) },
    emit('agent_joined', place, agent),
  )
}

function part(place: Place, participant: ParticipantId, reason: LeaveReason): Step {
  const agent = place.agents.get(participant)
  if (!agent) return step({ name: 'live', place })
  const agents = new Map(place.agents)
  agents.delete(participant)
  const { connected: _, ...info } = agent
  return step({ name: 'live', place: { ...place, agents } }, emit('agent_left', place, { ...info, reason }))
}

function connect(place: Place, participant: ParticipantId, connected: boolean): Step {
  const agent = place.agents.get(participant)
  if (!agent || agent.connected === connected) return step({ name: 'live', place })
  const now = { ...agent, connected }
  return step({ name: 'live', place: withAgent(place, now) }, emit('agent_connection', place, now))
}

function withAgent(place: Place, agent: OtherAgent): Place {
  return { ...place, agents: new Map(place.agents).set(agent.participant, agent) }
}

/** Brings what we knew of the others together with who is there now. */
function meetAgain(place: Place, agents: readonly AgentInfo[]): Step {
  const present = new Set(agents.map(({ participant }) => participant))
  const gone = [...place.agents.keys()].filter((participant) => !present.has(participant))
  const parted = follow(step({ name: 'live', place }), gone, (now, participant) =>
    part(now, participant, 'connection_lost'),
  )
  return follow(parted, agents, (now, agent) =>
    now.agents.has(agent.participant) ? connect(now, agent.participant, true) : meet(now, agent),
  )
}

function setPaused(before: Place, paused: boolean): Step {
  const place = { ...before, paused }
  const changed = before.paused !== paused
  return step(
    { name: 'live', place },
    ...(changed ? [emit(paused ? 'session_paused' : 'session_resumed', place, {})] : []),
  )
}

function setFocused(before: Place, focused: boolean): Step {
  const place = { ...before, focused }
  const changed = before.focused !== focused
  const event = focused ? 'customer_focus_gained' : 'customer_focus_lost'
  return step({ name: 'live', place }, ...(changed ? [emit(event, place, {})] : []))
}

function setRecorded(before: Place, recorded: boolean): Step {
  const place = { ...before, recorded }
  const changed = before.recorded !== recorded
  return step({ name: 'live', place }, ...(changed ? [emit('recording_changed', place, { recorded })] : []))
}

function tellConnection(state: StateOf<'waiting' | 'live'>, { connected, left }: InputOf<'customer_connection'>): Step {
  return step(state, emit('customer_connection', state.place, { connected, left: left === true }))
}

function lose(place: Place, was: Was, attempt: number): Step {
  return step({ name: 'reconnecting', place, was, attempt }, emit('session_reconnecting', place, { attempt }))
}

/** What was said while we were away is lost, so the best is assumed; the server corrects it right after. */
function comeBack({ place, was }: StateOf<'reconnecting'>, message: InputOf<'resumed'>): Step {
  const now = { ...place, paused: false, focused: true, watchOnly: message.watchOnly === true }
  const { state, startTime = 0, agents = [] } = message
  const back = [
    emit('session_reconnected', place, {}),
    emit('customer_connection', place, { connected: true, left: false }),
    ...(place.paused ? [emit('session_resumed', place, {})] : []),
    ...(place.focused ? [] : [emit('customer_focus_gained', place, {})]),
  ]
  // A page that was just loaded knows of nothing yet.
  const told = was === 'kept' ? [] : back
  if (state === 'asked') {
    const { customerName } = place
    const again = was === 'kept' ? [emit('session_waiting', place, { customerName })] : []
    return step({ name: 'waiting', place: now }, ...again, ...told)
  }
  if (was === 'live') {
    const met = meetAgain(now, agents)
    return step(met.state, { do: 'restart' }, ...told, ...met.effects)
  }
  const entered = enter(now, startTime, agents)
  return step(entered.state, { do: 'restart' }, ...entered.effects, ...told)
}

function leave(place: Place): Step {
  return step(
    { name: 'ended', place, reason: 'left' },
    { do: 'send', message: { type: 'leave' } },
    { do: 'shut' },
    emit('session_left', place, {}),
  )
}

function finish(place: Place, reason: EndReason): Step {
  const error: SessionError = {
    code: 1011,
    name: 'SESSION_JOIN_FAILED',
    errorMsg: 'The session is over. Ask the customer for a new code.',
  }
  return step(
    { name: 'ended', place, reason },
    { do: 'shut' },
    { do: 'settle', call: 'join', error },
    { do: 'settle', call: 'end' },
    emit('session_ended', place, { reason }),
  )
}

function fail(place: Place, error: SessionError): Step {
  const { state, effects } = finish(place, error.code === 1016 || error.code === 1107 ? 'connection_lost' : 'failed')
  return step(state, emit('session_error', place, error), ...effects)
}
