import { type AgentInfo, type KeySettings, SERVER_ID } from '@alongside/protocol'
import { expect, test } from 'vitest'
import type { SessionError } from '../connection/answer.ts'
import { advance, type Effect, type SessionInput, type SessionState } from './session-state.ts'

const ANA: AgentInfo = { participant: 2, userId: 'a1', userName: 'Ana' }
const BEN: AgentInfo = { participant: 3, userId: 'a2', userName: 'Ben' }
const LOST: SessionError = { code: 1016, name: 'NETWORK_ERROR', errorMsg: 'gone' }
const features = { agentAnnotation: true, customerAnnotation: true, remoteAssist: true, multiTab: true, presence: true }
const settings: KeySettings = { consent: 'always', features }
const STARTED: SessionInput = {
  type: 'started',
  sessionId: 's',
  secret: 'x',
  startTime: 1_000,
  assets: 't',
  store: 's',
  settings,
  now: 400,
}
const PIN: SessionInput = { type: 'pin', pin: '123456', expiresAt: 2_000 }
const ASK: SessionInput = { type: 'agent_requested', ...ANA }
const JOIN: SessionInput = { type: 'agent_joined', ...ANA }
const YES: SessionInput = { type: 'answered', participant: 2, granted: true }
const NO: SessionInput = { type: 'answered', participant: 2, granted: false }
const PAUSE: SessionInput = { type: 'pause', paused: true }
const BACK: SessionInput = {
  type: 'resumed',
  secret: 'y',
  startTime: 1_000,
  agents: [{ ...ANA, state: 'live' }],
  assets: 't',
  store: 's',
  settings,
}

const WAITING: SessionInput[] = [{ type: 'start' }, STARTED, PIN]
const LIVE: SessionInput[] = [...WAITING, ASK, YES, JOIN]

/** Plays inputs from the beginning; returns the state and the effects of the last one. */
function play(...inputs: SessionInput[]): { state: SessionState; effects: Effect[] } {
  let step: { state: SessionState; effects: Effect[] } = { state: { name: 'idle' }, effects: [] }
  for (const input of inputs) step = advance(step.state, input)
  return step
}

const doing = (effects: Effect[], kind: Effect['do']) => effects.filter((effect) => effect.do === kind)
const events = (effects: Effect[]) => effects.flatMap((effect) => (effect.do === 'emit' ? [effect.event] : []))

test('SES-201 a start leads to a session and a PIN', () => {
  expect(play({ type: 'start' })).toEqual({ state: { name: 'connecting' }, effects: [{ do: 'connect' }] })
  const { state, effects } = play(...WAITING)
  expect(state).toMatchObject({ name: 'open', session: { sessionId: 's', skew: 600, pin: { pin: '123456' } } })
  expect(effects).toContainEqual({
    do: 'emit',
    event: 'pincode_updated',
    payload: { sessionId: 's', pincode: '123456', pinCode: '123456', expiresAt: 2_000 },
  })
})

test.each([
  [1002, [{ type: 'start' }]],
  [1004, WAITING],
  [1004, [...LIVE, { type: 'lost', attempt: 1 }]],
  [1017, [...LIVE, { type: 'end' }]],
] as [number, SessionInput[]][])('SES-202 a second start is refused with %i and changes nothing', (code, before) => {
  const { state } = play(...before)
  const again = advance(state, { type: 'start' })
  expect(again.state).toEqual(state)
  expect(again.effects).toEqual([{ do: 'refuse', code }])
})

test('SES-203 the customer is asked, and only a yes leads to a stream', () => {
  const asked = play(...WAITING, ASK)
  expect(asked.effects).toEqual([
    { do: 'ask', agent: ANA },
    { do: 'emit', event: 'agent_requested', payload: { sessionId: 's', ...ANA } },
  ])
  expect(play(...WAITING, ASK, YES).effects).toEqual([
    { do: 'send', message: { type: 'consent', participant: 2, granted: true } },
  ])
  expect(doing(play(...LIVE).effects, 'stream')).toEqual([{ do: 'stream', participant: 2 }])
  expect(play(...WAITING, ASK, NO).effects).toEqual([
    { do: 'send', message: { type: 'consent', participant: 2, granted: false } },
  ])
})

test('SES-204 nothing that the server says opens a stream without the customer’s yes', () => {
  const claims: SessionInput[] = [JOIN, BACK, { type: 'agent_joined', ...BEN }, ASK, PIN]
  for (const before of [
    WAITING,
    [...WAITING, ASK],
    [...WAITING, ASK, NO],
    [...WAITING, { type: 'lost', attempt: 1 }],
  ]) {
    for (const first of claims) {
      for (const second of claims) {
        const { state } = play(...(before as SessionInput[]))
        const one = advance(state, first)
        const two = advance(one.state, second)
        expect(doing([...one.effects, ...two.effects], 'stream')).toEqual([])
      }
    }
  }
})

test('CFG-7 a session that began with the question about everybody keeps it, and a looser one may become strict', () => {
  const back = (consent: KeySettings['consent'], before: SessionInput) => {
    const now = { ...settings, company: 'Northwind', consent }
    const { state } = play({ type: 'start' }, before, { ...BACK, settings: now } as SessionInput)
    return 'session' in state && state.session.settings
  }
  const loose: SessionInput = { ...STARTED, settings: { ...settings, consent: 'agent_initiated' } }
  expect(back('agent_initiated', STARTED)).toMatchObject({ ...settings, company: 'Northwind' })
  expect(back('always', loose)).toMatchObject({ ...settings, company: 'Northwind' })
  expect(back('agent_initiated', loose)).toMatchObject({ consent: 'agent_initiated' })
})

test('SES-205 an agent that is in although the customer never said yes is sent away at the next resume', () => {
  const { effects } = play(...WAITING, { type: 'lost', attempt: 1 }, BACK)
  expect(effects).toContainEqual({ do: 'send', message: { type: 'consent', participant: 2, granted: false } })
})

test('SES-206 pausing ends the streams before it is said, resuming begins them after', () => {
  const paused = play(...LIVE, PAUSE)
  expect(paused.effects.slice(0, 2)).toEqual([
    { do: 'unstream', participant: 2 },
    { do: 'send', message: { type: 'pause', paused: true } },
  ])
  expect(events(paused.effects)).toEqual(['session_paused'])
  expect(advance(paused.state, PAUSE).effects).toEqual([])
  const resumed = advance(paused.state, { type: 'pause', paused: false })
  expect(resumed.effects.slice(0, 2)).toEqual([
    { do: 'send', message: { type: 'pause', paused: false } },
    { do: 'stream', participant: 2 },
  ])
})

test('SES-206 an agent that joins while the page is hidden gets no stream', () => {
  expect(doing(play(...WAITING, PAUSE, ASK, YES, JOIN).effects, 'stream')).toEqual([])
})

test('SES-207 a lost line ends the streams; when it is back they begin anew', () => {
  const lost = play(...LIVE, { type: 'lost', attempt: 1 })
  expect(lost.state.name).toBe('reconnecting')
  expect(lost.effects[0]).toEqual({ do: 'unstream', participant: 2 })
  expect(events(lost.effects)).toEqual(['session_reconnecting'])
  expect(doing(advance(lost.state, BACK).effects, 'stream')).toEqual([{ do: 'stream', participant: 2 }])
})

test('SES-208 after a lost line what was said meanwhile is said again', () => {
  const paused = play(...LIVE, { type: 'lost', attempt: 1 }, PAUSE, BACK)
  expect(paused.effects).toContainEqual({ do: 'send', message: { type: 'pause', paused: true } })
  expect(doing(paused.effects, 'stream')).toEqual([])
  const asked: SessionInput = { ...BACK, agents: [{ ...ANA, state: 'asked' }] } as SessionInput
  const granted = play(...WAITING, ASK, { type: 'lost', attempt: 1 }, YES, asked)
  expect(granted.effects).toContainEqual({ do: 'send', message: { type: 'consent', participant: 2, granted: true } })
  const ended = play(...LIVE, { type: 'lost', attempt: 1 }, { type: 'end' }, BACK)
  expect(ended.effects).toEqual([{ do: 'send', message: { type: 'end' } }])
})

test('SES-208 an agent that is gone after a lost line has left', () => {
  const { effects } = play(...LIVE, { type: 'lost', attempt: 1 }, { ...BACK, agents: [] } as SessionInput)
  expect(effects).toContainEqual({
    do: 'emit',
    event: 'agent_left',
    payload: { sessionId: 's', ...ANA, reason: 'connection_lost' },
  })
})

test('SES-209 ending stops all that leaves at once, then waits for the server', () => {
  const ending = play(...LIVE, { type: 'end' })
  expect(ending.effects).toEqual([
    { do: 'shut', line: false },
    { do: 'send', message: { type: 'end' } },
  ])
  for (const last of [
    { type: 'ended', reason: 'customer_ended' },
    { type: 'overdue' },
    { type: 'failed', error: LOST },
  ]) {
    const ended = advance(ending.state, last as SessionInput)
    expect(ended.state).toMatchObject({ name: 'ended', reason: 'customer_ended' })
    expect(ended.effects.slice(0, 2)).toEqual([
      { do: 'shut', line: true },
      { do: 'settle', call: 'end' },
    ])
    expect(advance(ended.state, { type: 'end' }).effects).toEqual([{ do: 'settle', call: 'end' }])
  }
})

test('SES-210 a start that fails says so and leaves the way free for the next', () => {
  const { state, effects } = play({ type: 'start' }, { type: 'error', error: LOST })
  expect(state).toEqual({ name: 'idle' })
  expect(effects).toContainEqual({ do: 'settle', call: 'start', error: LOST })
  expect(events(effects)).toEqual(['session_error'])
  expect(advance(state, { type: 'start' }).state.name).toBe('connecting')
})

test('SES-211 a line that is given up ends the session with an error and connection_lost', () => {
  const { state, effects } = play(...LIVE, { type: 'lost', attempt: 1 }, { type: 'failed', error: LOST })
  expect(state).toMatchObject({ name: 'ended', reason: 'connection_lost' })
  expect(events(effects)).toEqual(['session_error', 'session_ended'])
  expect(doing(effects, 'shut')).toEqual([{ do: 'shut', line: true }])
})

test('SES-212 a slow agent that was cut off is in again without a new question', () => {
  const { state, effects } = play(...LIVE, { type: 'agent_left', ...ANA, reason: 'too_slow' })
  expect(doing(effects, 'unstream')).toEqual([{ do: 'unstream', participant: 2 }])
  expect(doing(advance(state, JOIN).effects, 'stream')).toEqual([{ do: 'stream', participant: 2 }])
  const left = play(...LIVE, { type: 'agent_left', ...ANA, reason: 'left' })
  expect(doing(advance(left.state, JOIN).effects, 'stream')).toEqual([])
})

test('SES-213 a question about an agent that leaves is taken back', () => {
  const { effects } = play(...WAITING, ASK, { type: 'agent_left', ...ANA, reason: 'no_answer' })
  expect(effects).toEqual([{ do: 'unask', participant: 2 }])
})

test('SES-401 the customer’s state says whose line is down until the server says otherwise, or the line was lost itself', () => {
  const connection = (connected: boolean, participant = 2): SessionInput => ({
    type: 'agent_connection',
    participant,
    connected,
  })
  const lost = (state: SessionState) => 'session' in state && state.session.agents.get(2)?.lost
  const dropped = play(...LIVE, connection(false))
  expect(dropped.effects).toEqual([
    { do: 'emit', event: 'agent_connection', payload: { sessionId: 's', ...ANA, connected: false } },
  ])
  expect(lost(dropped.state)).toBe(true)
  expect(lost(advance(dropped.state, connection(true)).state)).toBe(false)
  const back = advance(advance(dropped.state, { type: 'lost', attempt: 1 }).state, BACK)
  expect(lost(back.state)).toBe(false)
  // It keeps its stream and its permission, and an agent that nobody knows is none.
  expect(doing(dropped.effects, 'unstream')).toEqual([])
  expect(play(...LIVE, connection(false, 9))).toEqual({ state: play(...LIVE).state, effects: [] })
})

test('REC-40 a recording that ends never begins again, and a session that began without one has none', () => {
  const recording = (state: SessionState) => 'session' in state && state.session.settings.recording
  const recorded: SessionInput = { ...STARTED, settings: { ...settings, recording: 'on' } }
  const backOn = { ...BACK, settings: { ...settings, recording: 'on' } } as SessionInput
  const stopped = play({ type: 'start' }, recorded, { type: 'recording', recorded: false })
  expect(recording(stopped.state)).toBe('off')
  expect(stopped.effects).toContainEqual({ do: 'unstream', participant: SERVER_ID })
  expect(recording(play({ type: 'start' }, recorded, { type: 'lost', attempt: 1 }, backOn).state)).toBe('on')
  expect(recording(play({ type: 'start' }, recorded, { type: 'lost', attempt: 1 }, BACK).state)).toBe('off')
  expect(recording(play({ type: 'start' }, STARTED, { type: 'lost', attempt: 1 }, backOn).state)).toBe('off')
})
