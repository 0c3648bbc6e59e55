import { expect, test } from 'vitest'
import { type AgentEvent, type AgentState, nextAgentState } from './agent-state.ts'
import { nextSessionState, type SessionEvent, type SessionState } from './session-state.ts'

const sessionStates: SessionState[] = [
  { name: 'waiting', until: 10 },
  { name: 'live' },
  { name: 'recovering', until: 20, waitUntil: 10 },
  { name: 'ended', reason: 'failed' },
]
const sessionEvents: SessionEvent[] = [
  { name: 'extended', until: 30 },
  { name: 'agent_granted' },
  { name: 'agents_gone', until: 30 },
  { name: 'customer_lost', until: 30 },
  { name: 'customer_back', agents: 0 },
  { name: 'customer_back', agents: 1 },
  { name: 'overdue' },
  { name: 'finished', reason: 'agent_ended' },
]

test('SES-123 moves a session from state to state by one table', () => {
  const table = sessionStates.map((state) => sessionEvents.map((event) => nextSessionState(state, event).name))
  expect(table).toEqual([
    ['waiting', 'live', 'waiting', 'recovering', 'waiting', 'waiting', 'ended', 'ended'],
    ['live', 'live', 'waiting', 'recovering', 'live', 'live', 'live', 'ended'],
    ['recovering', 'recovering', 'recovering', 'recovering', 'waiting', 'live', 'ended', 'ended'],
    ['ended', 'ended', 'ended', 'ended', 'ended', 'ended', 'ended', 'ended'],
  ])
  for (const event of sessionEvents) {
    expect(nextSessionState({ name: 'ended', reason: 'failed' }, event)).toEqual({ name: 'ended', reason: 'failed' })
  }
})

const agentStates: AgentState[] = [
  { name: 'asked', until: 10 },
  { name: 'live' },
  { name: 'lost', was: { name: 'asked', until: 10 }, until: 20, reason: 'connection_lost' },
  { name: 'lost', was: { name: 'live' }, until: 20, reason: 'too_slow' },
  { name: 'gone', reason: 'left' },
]
const agentEvents: AgentEvent[] = [
  { name: 'granted' },
  { name: 'lost', until: 30, reason: 'connection_lost' },
  { name: 'back' },
  { name: 'overdue' },
  { name: 'left', reason: 'declined' },
]

test('SES-124 moves an agent from state to state by one table, and only the customer makes it live', () => {
  const table = agentStates.map((state) => agentEvents.map((event) => nextAgentState(state, event).name))
  expect(table).toEqual([
    ['live', 'lost', 'asked', 'gone', 'gone'],
    ['live', 'lost', 'live', 'live', 'gone'],
    ['lost', 'lost', 'asked', 'gone', 'gone'],
    ['lost', 'lost', 'live', 'gone', 'gone'],
    ['gone', 'gone', 'gone', 'gone', 'gone'],
  ])
})
