import type { AgentInfo } from '@alongside/protocol'
import { expect, test } from 'vitest'
import type { SessionError } from '../connection/answer.ts'
import { type AgentInput, type AgentState, advance, type Effect } from './agent-state.ts'

const BEN: AgentInfo = { participant: 3, userId: 'a2', userName: 'Ben' }
const DECLINED: SessionError = { code: 1100, name: 'SESSION_JOIN_DECLINED', errorMsg: 'no' }
const ASKED: AgentInput = { type: 'asked', sessionId: 's', participant: 2, secret: 'x', customerName: 'Cora' }
const JOINED: AgentInput = { type: 'joined', startTime: 5, agents: [BEN], assets: 't' }
const WAITING: AgentInput[] = [{ type: 'join' }, ASKED]
const LIVE: AgentInput[] = [...WAITING, JOINED]
const LOST: AgentInput = { type: 'lost', attempt: 1 }
const BACK: AgentInput = { type: 'resumed', secret: 'y', state: 'live', agents: [BEN] }

function play(...inputs: AgentInput[]): { state: AgentState; effects: Effect[] } {
  let step: { state: AgentState; effects: Effect[] } = { state: { name: 'idle' }, effects: [] }
  for (const input of inputs) step = advance(step.state, input)
  return step
}

const events = (effects: Effect[]) => effects.flatMap((effect) => (effect.do === 'emit' ? [effect.event] : []))

test('SES-214 an agent waits for the customer’s answer, then is in and learns of the others', () => {
  expect(events(play(...WAITING).effects)).toEqual(['session_waiting'])
  const { state, effects } = play(...LIVE)
  expect(state).toMatchObject({ name: 'live', place: { sessionId: 's', customerName: 'Cora' } })
  expect(effects).toContainEqual({ do: 'settle', call: 'join' })
  expect(events(effects)).toEqual(['session_joined', 'agent_joined'])
})

test('SES-215 a refusal ends the join with its code and a later join may succeed', () => {
  const { state, effects } = play(...WAITING, { type: 'failed', error: DECLINED })
  expect(state).toEqual({ name: 'idle' })
  expect(effects).toContainEqual({ do: 'settle', call: 'join', error: DECLINED })
  expect(events(effects)).toEqual(['session_error'])
  expect(advance(state, { type: 'join' }).effects).toEqual([{ do: 'connect' }])
})

test('SES-216 an agent that comes back asks for the picture from its beginning', () => {
  const { state, effects } = play(...LIVE, LOST, BACK)
  expect(state.name).toBe('live')
  expect(effects[0]).toEqual({ do: 'restart' })
  expect(events(effects)).toEqual(['session_reconnected', 'customer_connection'])
})

test('SES-216 an agent that was let in while its line was down is in when it comes back', () => {
  const { state, effects } = play(...WAITING, LOST, { type: 'resumed', secret: 'y', state: 'live' })
  expect(state.name).toBe('live')
  expect(events(effects)).toContain('session_joined')
  expect(play(...WAITING, LOST, { type: 'resumed', secret: 'y', state: 'asked' }).state.name).toBe('waiting')
})

test.each([
  ['connecting', [{ type: 'join' }]],
  ['waiting', WAITING],
  ['reconnecting', [...WAITING, LOST]],
] as [string, AgentInput[]][])('SES-217 leaving while %s gives up the join without an error event', (_name, before) => {
  const { state, effects } = play(...before, { type: 'leave' })
  expect(state).toEqual({ name: 'idle' })
  expect(events(effects)).toEqual(['session_left'])
  expect(effects).toContainEqual({ do: 'shut' })
  expect(effects.some((effect) => effect.do === 'settle' && effect.call === 'join' && effect.error)).toBe(true)
})

test('SES-218 an agent that ends waits for the server, and ends alone when that does not answer', () => {
  const ending = play(...LIVE, { type: 'end' })
  expect(ending.effects).toEqual([{ do: 'send', message: { type: 'end' } }, { do: 'await_end' }])
  const over = advance(ending.state, { type: 'overdue' })
  expect(over.state).toMatchObject({ name: 'ended', reason: 'agent_ended' })
  expect(over.effects).toContainEqual({ do: 'settle', call: 'end' })
})

test('SES-219 the customer’s pause is told once, also after the line was lost', () => {
  const paused = play(...LIVE, { type: 'paused', paused: true })
  expect(events(paused.effects)).toEqual(['session_paused'])
  expect(events(advance(paused.state, { type: 'paused', paused: true }).effects)).toEqual([])
  const back = advance(advance(paused.state, LOST).state, { type: 'resumed', secret: 'y', state: 'live' })
  expect(events(back.effects)).toContain('session_resumed')
  expect(events(advance(back.state, { type: 'paused', paused: true }).effects)).toEqual(['session_paused'])
})

test('SES-402 the line of another agent is told once for each change, and is assumed to be there without a word', () => {
  const connection = (connected: boolean): AgentInput => ({ type: 'agent_connection', participant: 3, connected })
  const dropped = play(...LIVE, connection(false))
  expect(dropped.effects).toEqual([
    { do: 'emit', event: 'agent_connection', payload: { sessionId: 's', ...BEN, connected: false } },
  ])
  expect(advance(dropped.state, connection(false)).effects).toEqual([])
  expect(events(advance(dropped.state, connection(true)).effects)).toEqual(['agent_connection'])
  expect(events(play(...LIVE, { type: 'agent_connection', participant: 9, connected: false }).effects)).toEqual([])
  const back = advance(advance(dropped.state, LOST).state, BACK)
  expect(events(back.effects)).toEqual(['session_reconnected', 'customer_connection', 'agent_connection'])
  expect(events(advance(back.state, connection(false)).effects)).toEqual(['agent_connection'])
})

test('SES-402 an agent that comes back learns who came and went meanwhile, once', () => {
  const cy: AgentInfo = { participant: 4, userId: 'a3', userName: 'Cy' }
  const { state, effects } = play(...LIVE, LOST, { type: 'resumed', secret: 'y', state: 'live', agents: [cy] })
  expect(effects.flatMap((effect) => (effect.do === 'emit' ? [[effect.event, effect.payload]] : [])).slice(-2)).toEqual(
    [
      ['agent_left', { sessionId: 's', ...BEN, reason: 'connection_lost' }],
      ['agent_joined', { sessionId: 's', ...cy }],
    ],
  )
  expect(events(advance(state, { type: 'agent_left', reason: 'left', ...BEN }).effects)).toEqual([])
})

test('REC-42 an agent is told of a recording as soon as it is known, and when it ends', () => {
  const on: AgentInput = { type: 'recording', recorded: true }
  const told = play(...LIVE, on)
  expect(told.effects).toEqual([
    { do: 'emit', event: 'recording_changed', payload: { sessionId: 's', recorded: true } },
  ])
  expect(told.state).toMatchObject({ place: { recorded: true } })
  expect(events(advance(told.state, on).effects)).toEqual([])
  const back = advance(advance(told.state, LOST).state, { type: 'resumed', secret: 'y', state: 'live' })
  expect(back.state).toMatchObject({ place: { recorded: true } })
  expect(events(advance(back.state, { type: 'recording', recorded: false }).effects)).toEqual(['recording_changed'])
})
