import type { AgentInfo, KeySettings } from '@alongside/protocol'
import { expect, test } from 'vitest'
import type { SessionError } from '../connection/answer.ts'
import { advance, type Effect, type OpenSession, type SessionInput, type SessionState } from './session-state.ts'

const ANA: AgentInfo = { participant: 2, userId: 'a1', userName: 'Ana' }
const BEN: AgentInfo = { participant: 3, userId: 'a2', userName: 'Ben' }
const features = { agentAnnotation: true, customerAnnotation: true, remoteAssist: true, multiTab: true, presence: true }
const settings: KeySettings = { consent: 'always', features }
const GONE: SessionError = { code: 1107, name: 'SESSION_RESUME_FAILED', errorMsg: 'gone' }
const ELSEWHERE: SessionError = { code: 1004, name: 'SESSION_COUNT_LIMIT', errorMsg: 'elsewhere' }

const NOBODY = { userId: '', userName: '', standing: 'granted' } as const
/** As a page kept it: of the agents only the numbers. */
const KEPT: OpenSession = {
  sessionId: 's',
  startTime: 1_000,
  skew: 0,
  pin: undefined,
  paused: false,
  met: true,
  agents: new Map([[2, { participant: 2, ...NOBODY }]]),
  settings,
}
const TAKE_UP: SessionInput = { type: 'take_up', session: KEPT }
const PIN: SessionInput = { type: 'pin', pin: '123456', expiresAt: 2_000 }

type Present = { state: 'asked' | 'live' } & AgentInfo
const back = (...agents: Present[]): SessionInput => ({
  type: 'resumed',
  secret: 'y',
  startTime: 1_000,
  agents,
  assets: 't',
  store: 's',
  settings,
})
const LIVE: SessionInput[] = [TAKE_UP, back({ ...ANA, state: 'live' })]

function play(...inputs: SessionInput[]): { state: SessionState; effects: Effect[] } {
  let step: { state: SessionState; effects: Effect[] } = { state: { name: 'idle' }, effects: [] }
  for (const input of inputs) step = advance(step.state, input)
  return step
}
const doing = (effects: Effect[], kind: Effect['do']) => effects.filter((effect) => effect.do === kind)
const events = (effects: Effect[]) => effects.flatMap((effect) => (effect.do === 'emit' ? [effect.event] : []))

test('SES-330 a page that takes a session up tells its own page what the page before it knew', () => {
  expect(play(TAKE_UP)).toEqual({
    state: { name: 'reconnecting', session: KEPT, attempt: 0, anew: true },
    effects: [{ do: 'connect' }],
  })
  const { state, effects } = play(...LIVE)
  expect(state).toMatchObject({ name: 'open', session: { agents: new Map([[2, { ...ANA, standing: 'live' }]]) } })
  expect(events(effects)).toEqual(['session_started', 'agent_joined'])
  expect(doing(effects, 'stream')).toEqual([{ do: 'stream', participant: 2 }])
  expect(doing(effects, 'ask')).toEqual([])
})

test('SES-330 it still asks about those to whom nobody said yes, and keeps a pause', () => {
  const paused: SessionInput = { type: 'take_up', session: { ...KEPT, paused: true } }
  const { effects } = play(paused, back({ ...ANA, state: 'live' }, { ...BEN, state: 'asked' }))
  expect(effects[0]).toEqual({ do: 'send', message: { type: 'pause', paused: true } })
  expect(events(effects)).toEqual(['session_started', 'session_paused', 'agent_joined', 'agent_requested'])
  expect(doing(effects, 'ask')).toEqual([{ do: 'ask', agent: BEN }])
  expect(doing(effects, 'stream')).toEqual([])
  const uninvited = play(TAKE_UP, back({ ...BEN, state: 'live' }))
  expect(uninvited.effects).toContainEqual({
    do: 'send',
    message: { type: 'consent', participant: 3, granted: false },
  })
  expect(doing(uninvited.effects, 'stream')).toEqual([])
})

test.each([
  ['stands by', [{ type: 'stand_by', session: KEPT }]],
  ['another tab has taken over', [...LIVE, { type: 'moved' }]],
  ['was left', [...LIVE, { type: 'suspend' }]],
  ['was left while its line was down', [...LIVE, { type: 'lost', attempt: 1 }, { type: 'suspend' }]],
] as [string, SessionInput[]][])('SES-331 nothing leaves a tab that %s, whatever is said', (_name, before) => {
  const { state } = play(...before)
  expect(state.name).toBe('away')
  const said: SessionInput[] = [
    PIN,
    { type: 'agent_requested', ...BEN },
    { type: 'agent_joined', ...ANA },
    back({ ...ANA, state: 'live' }),
    { type: 'answered', participant: 2, granted: true },
    { type: 'lost', attempt: 1 },
    { type: 'moved' },
    { type: 'suspend' },
  ]
  for (const input of said) expect(advance(state, input)).toEqual({ state, effects: [] })
  for (const input of [{ type: 'start' }, { type: 'pause', paused: true }, { type: 'new_pin' }] as SessionInput[]) {
    const refused = advance(state, input)
    expect(refused.state).toEqual(state)
    expect(refused.effects).toMatchObject([{ do: 'refuse', code: 1004 }])
  }
  expect(advance(state, { type: 'end' }).effects).toEqual([{ do: 'settle', call: 'end' }])
})

test('SES-332 a tab that gives the session away takes its question back and shows no PIN', () => {
  const asked: SessionInput[] = [...LIVE, PIN, { type: 'agent_requested', ...BEN }]
  for (const last of [{ type: 'moved' }, { type: 'suspend' }] as SessionInput[]) {
    const { state, effects } = play(...asked, last)
    expect(effects).toEqual([{ do: 'shut', line: true }])
    expect(state).toMatchObject({ name: 'away', session: { pin: undefined } })
    expect('session' in state && [...state.session.agents.keys()]).toEqual([2])
  }
})

test('SES-333 a tab that has the session again knows its agents: none joins twice, each gets its stream', () => {
  const { state, effects } = play(...LIVE, { type: 'moved' }, TAKE_UP, back({ ...ANA, state: 'live' }))
  expect(state.name).toBe('open')
  expect(events(effects)).toEqual([])
  expect(doing(effects, 'stream')).toEqual([{ do: 'stream', participant: 2 }])
  const left = play(...LIVE, { type: 'moved' }, TAKE_UP, back())
  expect(events(left.effects)).toEqual(['agent_left'])
})

test('SES-334 a session that cannot be taken up is over, and one that is in its tab goes on there', () => {
  for (const before of [[TAKE_UP], [...LIVE, { type: 'moved' }, TAKE_UP]] as SessionInput[][]) {
    const over = play(...before, { type: 'error', error: GONE })
    expect(over.state).toMatchObject({ name: 'ended', reason: 'connection_lost' })
    expect(events(over.effects)).toEqual(['session_error', 'session_ended'])
    const elsewhere = play(...before, { type: 'error', error: ELSEWHERE })
    expect(elsewhere.state).toEqual({ name: 'idle' })
    expect(doing(elsewhere.effects, 'send')).toEqual([])
    expect(events(elsewhere.effects)).toEqual(['session_error'])
  }
  const ended = play(...LIVE, { type: 'suspend' }, { type: 'ended', reason: 'customer_ended' })
  expect(events(ended.effects)).toEqual(['session_ended'])
})

test('SES-334 a start that is under way when the page is left has failed; an end that is has worked', () => {
  const start = play({ type: 'start' }, { type: 'suspend' })
  expect(start.state).toEqual({ name: 'idle' })
  expect(doing(start.effects, 'settle')).toMatchObject([{ call: 'start', error: { code: 1001 } }])
  expect(play(...LIVE, { type: 'end' }, { type: 'suspend' }).state).toMatchObject({ reason: 'customer_ended' })
})
