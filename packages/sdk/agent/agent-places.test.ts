import type { AgentInfo } from '@alongside/protocol'
import { expect, test } from 'vitest'
import type { SessionError } from '../connection/answer.ts'
import { type AgentInput, type AgentState, advance, type Effect, type Place } from './agent-state.ts'

const BEN: AgentInfo = { participant: 3, userId: 'a2', userName: 'Ben' }
const GONE: SessionError = { code: 1107, name: 'SESSION_RESUME_FAILED', errorMsg: 'gone' }
const PLACE: Place = {
  sessionId: 's',
  customerName: 'Cora',
  paused: false,
  focused: true,
  watchOnly: false,
  agents: new Map(),
  recorded: false,
}
const TAKE_UP: AgentInput = { type: 'take_up', place: PLACE }
const BACK: AgentInput = { type: 'resumed', secret: 'y', state: 'live', startTime: 5, agents: [BEN], assets: 't' }
const ASKED: AgentInput = { type: 'resumed', secret: 'y', state: 'asked' }
const LOST: AgentInput = { type: 'lost', attempt: 1 }
const SUSPEND: AgentInput = { type: 'suspend' }
const LIVE = [TAKE_UP, BACK]
const focus = (focused: boolean): AgentInput => ({ type: 'customer_focus', focused })

function play(...inputs: AgentInput[]): { state: AgentState; effects: Effect[] } {
  let step: { state: AgentState; effects: Effect[] } = { state: { name: 'idle' }, effects: [] }
  for (const input of inputs) step = advance(step.state, input)
  return step
}
const events = (effects: Effect[]) => effects.flatMap((effect) => (effect.do === 'emit' ? [effect.event] : []))

test('SES-335 a page that was loaded again is in as after a join, and learns of the other agents', () => {
  expect(play(TAKE_UP)).toEqual({
    state: { name: 'reconnecting', place: PLACE, was: 'kept', attempt: 0 },
    effects: [{ do: 'connect' }],
  })
  const { state, effects } = play(...LIVE)
  expect(state).toEqual({ name: 'live', place: { ...PLACE, agents: new Map([[3, { ...BEN, connected: true }]]) } })
  expect(effects.slice(0, 2)).toEqual([{ do: 'restart' }, { do: 'settle', call: 'join' }])
  expect(events(effects)).toEqual(['session_joined', 'agent_joined'])
})

test('SES-335 one that was loaded while the customer was asked goes on waiting', () => {
  const { state, effects } = play(TAKE_UP, ASKED)
  expect(state.name).toBe('waiting')
  expect(effects).toEqual([{ do: 'emit', event: 'session_waiting', payload: { sessionId: 's', customerName: 'Cora' } }])
  expect(play(TAKE_UP, LOST, ASKED, LOST, BACK).state.name).toBe('live')
})

test('SES-336 a place that is gone ends the session, whether it is found out at once or when the page is back', () => {
  for (const before of [[TAKE_UP], [...LIVE, SUSPEND], [...LIVE, SUSPEND, TAKE_UP]]) {
    const { state, effects } = play(...before, { type: 'failed', error: GONE })
    expect(state).toMatchObject({ name: 'ended', reason: 'connection_lost' })
    expect(events(effects)).toEqual(['session_error', 'session_ended'])
    expect(effects).toContainEqual({ do: 'settle', call: 'join', error: expect.objectContaining({ code: 1011 }) })
    expect(advance(state, TAKE_UP).state.name).toBe('reconnecting')
  }
})

test('SES-337 a page that was left closes its line and hears nothing; a place that was left is not taken up', () => {
  for (const before of [LIVE, [TAKE_UP], [...LIVE, LOST], [TAKE_UP, ASKED]]) {
    const { state, effects } = play(...before, SUSPEND)
    expect(state).toMatchObject({ name: 'away', place: { sessionId: 's' } })
    expect(effects).toEqual([{ do: 'shut' }])
    const said: AgentInput[] = [
      BACK,
      focus(false),
      LOST,
      { type: 'paused', paused: true },
      { type: 'ended', reason: 'expired' },
    ]
    for (const input of said) expect(advance(state, input)).toEqual({ state, effects: [] })
    expect(events(advance(state, { type: 'leave' }).effects)).toEqual(['session_left'])
  }
  expect(play({ type: 'join' }, SUSPEND).state.name).toBe('connecting')
})

test('SES-338 where the customer looks is told once for each change, and the best is assumed after a lost line', () => {
  const away = play(...LIVE, focus(false))
  expect(events(away.effects)).toEqual(['customer_focus_lost'])
  expect(advance(away.state, focus(false)).effects).toEqual([])
  expect(events(advance(away.state, focus(true)).effects)).toEqual(['customer_focus_gained'])
  const back = advance(advance(away.state, LOST).state, BACK)
  expect(events(back.effects)).toEqual(['session_reconnected', 'customer_connection', 'customer_focus_gained'])
  expect(events(advance(back.state, focus(false)).effects)).toEqual(['customer_focus_lost'])
  expect(events(play(...LIVE, focus(true)).effects)).toEqual([])
})

test('SES-338 the tab that the customer is in is told as it is, and only to an agent that is in', () => {
  const tabs = [
    { tab: 1, site: 'shop.example' },
    { tab: 2, site: 'pay.example' },
  ]
  const moved: AgentInput = { type: 'customer_transferred', tab: 2, tabs }
  expect(play(...LIVE, moved).effects).toEqual([
    { do: 'emit', event: 'customer_transferred', payload: { sessionId: 's', tab: 2, tabs } },
  ])
  expect(play(TAKE_UP, ASKED, moved).effects).toEqual([])
})
