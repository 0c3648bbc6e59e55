import {
  type AgentInfo,
  type CustomerMessage,
  type EndReason,
  type ErrorCode,
  type KeySettings,
  type LeaveReason,
  type ParticipantId,
  SERVER_ID,
  type ToCustomer,
} from '@alongside/protocol'
import type { SessionError } from '../connection/answer.ts'
import type { SessionEvents } from './session-events.ts'

/** Where the customer stands with one agent. */
export interface SeatedAgent extends AgentInfo {
  /** `asked`: the customer has not answered. `granted`: said yes, the server has not confirmed. `live`: it sees the page. */
  standing: 'asked' | 'granted' | 'live'
  /** Its line is down; it may come back by itself. */
  lost?: boolean
}

/** A session that the server knows. */
export interface OpenSession {
  sessionId: string
  startTime: number
  /** The server's clock minus ours in ms: lifetimes come as the server's times. */
  skew: number
  pin: { pin: string; expiresAt: number } | undefined
  /** The customer hides the page. */
  paused: boolean
  /** An agent was let in: from then on the server puts up a PIN only when it is asked for one. */
  met: boolean
  agents: ReadonlyMap<ParticipantId, SeatedAgent>
  settings: KeySettings
}

export type SessionState =
  | { name: 'idle' }
  /** `start` is under way. */
  | { name: 'connecting' }
  | { name: 'open'; session: OpenSession }
  /** The line dropped; the server keeps the session for a while. `anew`: this page was just loaded and takes up what
   *  the page before it, or another tab, had. */
  | { name: 'reconnecting'; session: OpenSession; attempt: number; anew: boolean }
  /** Another tab has the session, or this page was left and the browser keeps it. Nothing leaves. */
  | { name: 'away'; session: OpenSession }
  /** `end` was said and the server has not confirmed it. Nothing leaves any more. */
  | { name: 'ending'; session: OpenSession }
  | { name: 'ended'; session: OpenSession; reason: EndReason }

type StateName = SessionState['name']
type Incoming<Type extends ToCustomer['type']> = Extract<ToCustomer, { type: Type }>

/** What happens to a session: the page's calls, the customer's answers, the server's messages, the line. */
export type SessionInput =
  | { type: 'start' }
  /** Takes up a session that this page, the one before it or another tab had. */
  | { type: 'take_up'; session: OpenSession }
  /** Another tab has the session, and the customer looks at that one. */
  | { type: 'stand_by'; session: OpenSession }
  /** The page is being left. */
  | { type: 'suspend' }
  | { type: 'end' }
  | { type: 'pause'; paused: boolean }
  | { type: 'new_pin' }
  /** The customer's answer about an agent. */
  | { type: 'answered'; participant: ParticipantId; granted: boolean }
  /** `now` is our clock, in ms since the epoch. */
  | (Incoming<'started'> & { now: number })
  | Exclude<ToCustomer, { type: 'started' | 'handed_off' | 'error' | 'mask' | `assist_${string}` }>
  | { type: 'error'; error: SessionError }
  | { type: 'lost'; attempt: number }
  /** The line, the page or the capture failed for good. */
  | { type: 'failed'; error: SessionError }
  /** The server did not confirm the end in time. */
  | { type: 'overdue' }

type InputType = SessionInput['type']
type InputOf<Type extends InputType> = Extract<SessionInput, { type: Type }>
type StateOf<Name extends StateName> = Extract<SessionState, { name: Name }>

/** A call of the page that waits for its answer. */
export type Call = 'start' | 'end' | 'new_pin'

type EventEffect = {
  [Name in keyof SessionEvents]: { do: 'emit'; event: Name; payload: SessionEvents[Name] }
}[keyof SessionEvents]

/** What a transition asks of the browser, in order. */
export type Effect =
  | EventEffect
  | { do: 'connect' }
  | { do: 'send'; message: CustomerMessage }
  /** Puts the question whether this agent may look. */
  | { do: 'ask'; agent: AgentInfo }
  /** Takes the question back. */
  | { do: 'unask'; participant: ParticipantId }
  /** Begins an agent's stream, anew if there is one. */
  | { do: 'stream'; participant: ParticipantId }
  /** Ends an agent's stream; with the last one capture ends too. */
  | { do: 'unstream'; participant: ParticipantId }
  /** Ends all streams and questions; with `line` also the line. */
  | { do: 'shut'; line: boolean }
  | { do: 'settle'; call: Call; error?: SessionError }
  /** The call that this input stands for cannot be made now. */
  | { do: 'refuse'; code: ErrorCode; text?: string }

/** The state after an input, and what follows from it. */
export interface Step {
  state: SessionState
  effects: Effect[]
}

type Cell<Name extends StateName, Type extends InputType> = (state: StateOf<Name>, input: InputOf<Type>) => Step
/** One cell for every state and input: a missing one does not compile. */
type Table = { [Name in StateName]: { [Type in InputType]: Cell<Name, Type> } }

const step = (state: SessionState, ...effects: Effect[]): Step => ({ state, effects })
const stay = (state: SessionState): Step => step(state)
const refuse =
  (code: ErrorCode, text?: string) =>
  (state: SessionState): Step =>
    step(state, { do: 'refuse', code, ...(text === undefined ? {} : { text }) })

const NO_SESSION = 'There is no session. Call start first.'
const ELSEWHERE = 'The session is in another tab of this browser. Go on there.'
const WAIT = 'The connection is being restored. Try again in a moment.'

/** Messages of the server mean nothing while there is no session of ours that they could be about. */
const DEAF = {
  started: stay,
  resumed: stay,
  pin: stay,
  agent_requested: stay,
  agent_joined: stay,
  agent_left: stay,
  agent_connection: stay,
  ended: stay,
  error: stay,
  lost: stay,
  failed: stay,
  overdue: stay,
  answered: stay,
  moved: stay,
  recording: stay,
  suspend: stay,
  take_up: stay,
  stand_by: stay,
}

const TABLE: Table = {
  idle: {
    ...DEAF,
    start: () => step({ name: 'connecting' }, { do: 'connect' }),
    take_up: takeUp,
    stand_by: (_state, { session }) => step({ name: 'away', session }),
    end: (state) => step(state, { do: 'settle', call: 'end' }),
    pause: refuse(1011, NO_SESSION),
    new_pin: refuse(1011, NO_SESSION),
  },
  connecting: {
    ...DEAF,
    start: refuse(1002),
    end: () =>
      giveUp(
        { code: 1001, name: 'SESSION_START_FAILED', errorMsg: 'The session was ended as it started. Start again.' },
        'end',
      ),
    pause: refuse(1002),
    new_pin: refuse(1002),
    started: begin,
    error: (_state, { error }) => giveUp(error),
    failed: (_state, { error }) => giveUp(error),
    suspend: () => giveUp({ code: 1001, name: 'SESSION_START_FAILED', errorMsg: 'The page was left. Start again.' }),
    ended: () =>
      giveUp({ code: 1001, name: 'SESSION_START_FAILED', errorMsg: 'The server ended the session. Start again.' }),
  },
  open: {
    start: refuse(1004),
    end: ({ session }) =>
      step({ name: 'ending', session }, { do: 'shut', line: false }, { do: 'send', message: { type: 'end' } }),
    pause: ({ session }, { paused }) => pause(session, paused),
    new_pin: (state) => step(state, { do: 'send', message: { type: 'new_pin' } }),
    answered: ({ session }, input) => answered({ name: 'open', session }, input),
    started: stay,
    resumed: ({ session }, message) => resume(session, message, false),
    pin: ({ session }, message) => showPin(session, message),
    agent_requested: ({ session }, message) => request(session, message),
    agent_joined: ({ session }, message) => join(session, message.participant),
    agent_left: ({ session }, message) => leave(session, message.participant, message.reason),
    agent_connection: ({ session }, message) => connect(session, message),
    ended: ({ session }, { reason }) => finish(session, reason),
    moved: away,
    recording: ({ session }) => stopRecording(session),
    suspend: away,
    take_up: stay,
    stand_by: stay,
    // A copy of this tab has the session now; it knows a newer secret than we do.
    error: (state, { error }) =>
      error.code === 1012
        ? fail(state.session, error)
        : step(state, { do: 'settle', call: 'new_pin', error }, emit('session_error', state.session, error)),
    lost: ({ session }, { attempt }) => lose(session, attempt, false),
    failed: ({ session }, { error }) => fail(session, error),
    overdue: stay,
  },
  reconnecting: {
    start: refuse(1004),
    // The server is told when the line is back; if that takes too long it notices by itself.
    end: ({ session }) => step({ name: 'ending', session }, { do: 'shut', line: false }),
    pause: (state, { paused }) => {
      const { session, effects } = setPaused(state.session, paused)
      return step({ ...state, session }, ...effects)
    },
    new_pin: refuse(1016, WAIT),
    answered: (state, input) => answered(state, input),
    started: stay,
    resumed: ({ session, anew }, message) => resume(session, message, anew),
    moved: away,
    recording: stay,
    suspend: away,
    take_up: stay,
    stand_by: stay,
    pin: stay,
    agent_requested: stay,
    agent_joined: stay,
    agent_left: stay,
    agent_connection: stay,
    ended: ({ session }, { reason }) => finish(session, reason),
    // The session goes on in its tab.
    error: ({ session }, { error }) => (error.code === 1004 ? giveUp(error) : fail(session, error)),
    lost: ({ session, anew }, { attempt }) => lose(session, attempt, anew),
    failed: ({ session }, { error }) => fail(session, error),
    overdue: stay,
  },
  away: {
    ...DEAF,
    start: refuse(1004),
    take_up: takeUp,
    end: (state) => step(state, { do: 'settle', call: 'end' }),
    pause: refuse(1004, ELSEWHERE),
    new_pin: refuse(1004, ELSEWHERE),
    // Found out when the customer is back here.
    ended: ({ session }, { reason }) => finish(session, reason),
    failed: ({ session }, { error }) => fail(session, error),
  },
  ending: {
    ...DEAF,
    start: refuse(1017),
    end: stay,
    pause: refuse(1017),
    new_pin: refuse(1017),
    resumed: (state) => step(state, { do: 'send', message: { type: 'end' } }),
    suspend: ({ session }) => finish(session, 'customer_ended'),
    ended: ({ session }) => finish(session, 'customer_ended'),
    error: ({ session }) => finish(session, 'customer_ended'),
    failed: ({ session }) => finish(session, 'customer_ended'),
    overdue: ({ session }) => finish(session, 'customer_ended'),
  },
  ended: {
    ...DEAF,
    start: () => step({ name: 'connecting' }, { do: 'connect' }),
    take_up: takeUp,
    end: (state) => step(state, { do: 'settle', call: 'end' }),
    pause: refuse(1011, NO_SESSION),
    new_pin: refuse(1011, NO_SESSION),
  },
}

/** The one way in which a session changes. Pure: whoever calls carries the effects out. */
export function advance(state: SessionState, input: SessionInput): Step {
  // The compiler cannot follow that the cell of a state's and an input's name takes that state and input.
  const cell = TABLE[state.name][input.type] as (state: SessionState, input: SessionInput) => Step
  return cell(state, input)
}

function emit<Name extends keyof SessionEvents>(
  event: Name,
  session: OpenSession | undefined,
  payload: Omit<SessionEvents[Name], 'sessionId'>,
): EventEffect {
  return { do: 'emit', event, payload: { sessionId: session?.sessionId ?? '', ...payload } } as EventEffect
}

function withAgent(session: OpenSession, agent: SeatedAgent): OpenSession {
  return { ...session, agents: new Map(session.agents).set(agent.participant, agent) }
}

function withoutAgent(session: OpenSession, participant: ParticipantId): OpenSession {
  const agents = new Map(session.agents)
  agents.delete(participant)
  return { ...session, agents }
}

function begin(_state: SessionState, { sessionId, startTime, now, settings }: InputOf<'started'>): Step {
  const session: OpenSession = {
    sessionId,
    startTime,
    skew: startTime - now,
    pin: undefined,
    paused: false,
    met: false,
    agents: new Map(),
    settings,
  }
  return step(
    { name: 'open', session },
    { do: 'settle', call: 'start' },
    emit('session_started', session, { startTime }),
  )
}

/** The start did not work: the next one may. */
function giveUp(error: SessionError, ...alsoSettled: Call[]): Step {
  return step(
    { name: 'idle' },
    { do: 'shut', line: true },
    { do: 'settle', call: 'start', error },
    ...alsoSettled.map((call): Effect => ({ do: 'settle', call })),
    emit('session_error', undefined, error),
  )
}

function showPin(before: OpenSession, { pin, expiresAt }: Incoming<'pin'>): Step {
  const session = { ...before, pin: { pin, expiresAt } }
  return step(
    { name: 'open', session },
    { do: 'settle', call: 'new_pin' },
    emit('pincode_updated', session, { pincode: pin, pinCode: pin, expiresAt }),
  )
}

function request(session: OpenSession, message: Incoming<'agent_requested'>): Step {
  if (session.agents.has(message.participant)) return step({ name: 'open', session })
  const agent = named(message)
  // A generated PIN is used up by this; the next one comes by itself when the answer is no.
  const next = { ...withAgent(session, { ...agent, standing: 'asked' }), pin: undefined }
  return step({ name: 'open', session: next }, { do: 'ask', agent }, emit('agent_requested', next, agent))
}

function answered(state: StateOf<'open' | 'reconnecting'>, { participant, granted }: InputOf<'answered'>): Step {
  const agent = state.session.agents.get(participant)
  if (agent?.standing !== 'asked') return step(state)
  const session = granted
    ? withAgent(state.session, { ...agent, standing: 'granted' })
    : withoutAgent(state.session, participant)
  // While the line is down the answer is not sent: `resume` repeats it.
  return step({ ...state, session }, { do: 'send', message: { type: 'consent', participant, granted } })
}

/** Only an agent that the customer said yes to becomes live, whatever the server says. */
function join(before: OpenSession, participant: ParticipantId): Step {
  const agent = before.agents.get(participant)
  if (agent?.standing !== 'granted') return step({ name: 'open', session: before })
  const session = { ...withAgent(before, { ...agent, standing: 'live' }), met: true }
  return step(
    { name: 'open', session },
    emit('agent_joined', session, named(agent)),
    ...(session.paused ? [] : [{ do: 'stream', participant } as const]),
  )
}

function leave(before: OpenSession, participant: ParticipantId, reason: LeaveReason): Step {
  const agent = before.agents.get(participant)
  if (!agent) return step({ name: 'open', session: before })
  const state: SessionState = { name: 'open', session: withoutAgent(before, participant) }
  if (agent.standing === 'asked') return step(state, { do: 'unask', participant })
  if (agent.standing === 'granted') return step(state)
  // A slow agent keeps its permission: it is told apart by the server and comes back by itself.
  const kept = reason === 'too_slow' ? withAgent(before, { ...agent, standing: 'granted' }) : state.session
  return step(
    { name: 'open', session: kept },
    { do: 'unstream', participant },
    emit('agent_left', before, { ...named(agent), reason }),
  )
}

function connect(before: OpenSession, { participant, connected }: Incoming<'agent_connection'>): Step {
  const agent = before.agents.get(participant)
  const session = agent ? withAgent(before, { ...agent, lost: !connected }) : before
  return step(
    { name: 'open', session },
    ...(agent ? [emit('agent_connection', session, { ...named(agent), connected })] : []),
  )
}

function pause(before: OpenSession, paused: boolean): Step {
  const { session, effects } = setPaused(before, paused)
  if (session === before) return step({ name: 'open', session })
  const live = [...session.agents.values()].filter(({ standing }) => standing === 'live')
  const streams = live.map(({ participant }): Effect => ({ do: paused ? 'unstream' : 'stream', participant }))
  const say: Effect = { do: 'send', message: { type: 'pause', paused } }
  // Nothing may follow the word that the page is hidden, and nothing may come before the word that it is shown.
  return step({ name: 'open', session }, ...(paused ? [...streams, say] : [say, ...streams]), ...effects)
}

/** Whatever the word is: a recording that ended never begins again. */
function stopRecording(before: OpenSession): Step {
  const session = { ...before, settings: { ...before.settings, recording: 'off' as const } }
  return step({ name: 'open', session }, { do: 'unstream', participant: SERVER_ID })
}

function setPaused(session: OpenSession, paused: boolean): { session: OpenSession; effects: Effect[] } {
  if (session.paused === paused) return { session, effects: [] }
  return {
    session: { ...session, paused },
    effects: [emit(paused ? 'session_paused' : 'session_resumed', session, {})],
  }
}

/** What an agent was asked about is asked again wherever the session goes on. */
function away({ session }: { session: OpenSession }): Step {
  const agents = new Map([...session.agents].filter(([, { standing }]) => standing !== 'asked'))
  return step({ name: 'away', session: { ...session, pin: undefined, agents } }, { do: 'shut', line: true })
}

/** Where this page knows of an agent already, the agent joins it no second time. */
function takeUp(state: SessionState, { session }: InputOf<'take_up'>): Step {
  const known = state.name === 'away' ? state.session.agents : []
  const agents = new Map([...session.agents, ...known])
  const anew = state.name !== 'away'
  return step({ name: 'reconnecting', session: { ...session, agents }, attempt: 0, anew }, { do: 'connect' })
}

function lose(session: OpenSession, attempt: number, anew: boolean): Step {
  const closed = [...session.agents.keys()].map((participant): Effect => ({ do: 'unstream', participant }))
  return step(
    { name: 'reconnecting', session, attempt, anew },
    ...closed,
    emit('session_reconnecting', session, { attempt }),
  )
}

/** Brings what both sides believe together again: the server says who is there, the customer who may look. */
function resume(before: OpenSession, { agents, settings, startTime }: Incoming<'resumed'>, anew: boolean): Step {
  const present = new Map(agents.map((agent) => [agent.participant, agent]))
  // What a page kept are numbers; the server says whose.
  const seated = [...before.agents].map(
    // Without a word of the server's its line is up.
    ([id, agent]) => [id, { ...agent, ...named(present.get(id) ?? agent), lost: false }] as const,
  )
  // A customer who was promised to be asked is asked until the session is over.
  const consent = before.settings.consent === 'always' ? 'always' : settings.consent
  // A customer who was not told of a recording before is never recorded.
  const recording = before.settings.recording === 'on' && settings.recording === 'on' ? 'on' : 'off'
  let session: OpenSession = {
    ...before,
    pin: undefined,
    settings: { ...settings, consent, recording },
    agents: new Map(seated),
  }
  const effects: Effect[] = session.paused ? [{ do: 'send', message: { type: 'pause', paused: true } }] : []
  if (anew) {
    effects.push(emit('session_started', session, { startTime }))
    if (session.paused) effects.push(emit('session_paused', session, {}))
  }
  const follow = (next: Step) => {
    if ('session' in next.state) session = next.state.session
    effects.push(...next.effects)
  }
  for (const participant of before.agents.keys()) {
    if (!present.has(participant)) follow(leave(session, participant, 'connection_lost'))
  }
  for (const agent of present.values()) {
    const { participant, state } = agent
    const standing = session.agents.get(participant)?.standing
    if (!standing && state === 'asked') follow(request(session, { type: 'agent_requested', ...agent }))
    // An agent that is in and that this page never said yes to, or said no to while the line was down.
    else if (!standing) effects.push({ do: 'send', message: { type: 'consent', participant, granted: false } })
    else if (standing === 'granted' && state === 'live') follow(join(session, participant))
    else if (standing === 'granted')
      effects.push({ do: 'send', message: { type: 'consent', participant, granted: true } })
    else if (standing === 'live' && !session.paused) effects.push({ do: 'stream', participant })
  }
  return step({ name: 'open', session }, ...effects)
}

function finish(session: OpenSession, reason: EndReason, error?: SessionError): Step {
  const over: SessionError = {
    code: 1011,
    name: 'SESSION_JOIN_FAILED',
    errorMsg: 'The session is over. Start a new one.',
  }
  return step(
    { name: 'ended', session: { ...session, pin: undefined, agents: new Map() }, reason },
    { do: 'shut', line: true },
    { do: 'settle', call: 'end' },
    { do: 'settle', call: 'new_pin', error: error ?? over },
    emit('session_ended', session, { reason }),
  )
}

function fail(session: OpenSession, error: SessionError): Step {
  const reason: EndReason = error.code === 1016 || error.code === 1107 ? 'connection_lost' : 'failed'
  const { state, effects } = finish(session, reason, error)
  const say: Effect = { do: 'send', message: { type: 'end' } }
  return step(state, emit('session_error', session, error), say, ...effects)
}

function named({ participant, userId, userName, watchOnly, invitedBy }: AgentInfo): AgentInfo {
  return { participant, userId, userName, ...(watchOnly && { watchOnly }), ...(invitedBy && { invitedBy }) }
}
