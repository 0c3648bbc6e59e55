import { expect, test } from 'vitest'
import { type AssistEvent, type AssistState, nextAssistState } from './assist-state.ts'

const states: AssistState[] = [
  { name: 'free' },
  { name: 'asked', asked: { participant: 2, types: ['click'] } },
  { name: 'held', grant: { participant: 2, types: ['click'] } },
  {
    name: 'passing',
    grant: { participant: 2, types: ['click'] },
    asked: { participant: 3, types: ['click'] },
  },
]

const events: AssistEvent[] = [
  { name: 'requested', by: 2, types: ['click', 'type'] },
  { name: 'requested', by: 3, types: ['click'] },
  { name: 'passed', by: 2, to: 3 },
  { name: 'passed', by: 3, to: 2 },
  { name: 'answered', participant: 2, types: ['click'] },
  { name: 'answered', participant: 2, types: [] },
  { name: 'answered', participant: 3, types: ['click'] },
  { name: 'released', by: 2 },
  { name: 'released', by: 3 },
  { name: 'stopped', off: false },
  { name: 'gone', by: 2 },
  { name: 'gone', by: 3 },
  { name: 'paused' },
]

test('RA-1 moves the hand from agent to agent by one table', () => {
  const table = states.map((state) => events.map((event) => nextAssistState(state, event).state.name))
  expect(table).toEqual([
    // requested 2, 3    passed 2, 3       answered 2, none, 3          released 2, 3   stopped  gone 2, 3       paused
    ['asked', 'asked', 'free', 'free', 'free', 'free', 'free', 'free', 'free', 'free', 'free', 'free', 'free'],
    ['asked', 'asked', 'asked', 'asked', 'held', 'free', 'asked', 'free', 'asked', 'free', 'free', 'asked', 'free'],
    ['passing', 'held', 'passing', 'held', 'held', 'held', 'held', 'free', 'held', 'free', 'free', 'held', 'free'],
    [
      'passing',
      'passing',
      'passing',
      'passing',
      'passing',
      'passing',
      'held',
      'free',
      'held',
      'free',
      'asked',
      'held',
      'free',
    ],
  ])
})

test('RA-1 never lets two agents have it, nor anybody without the customer’s answer', () => {
  for (const state of states)
    for (const event of events) {
      const { state: next, news } = nextAssistState(state, event)
      const before = 'grant' in state ? state.grant.participant : undefined
      const after = 'grant' in next ? next.grant.participant : undefined
      if (after !== undefined && after !== before) expect(event.name).toBe('answered')
      // Whoever loses it is told, and everybody learns who has it.
      const stopped = news.flatMap((one) => (one.tell === 'stop' ? [one.participant] : []))
      expect(stopped).toEqual(before !== undefined && after !== before ? [before] : [])
    }
})

test('RA-2 an agent gets no kind that it did not ask for', () => {
  const asked = nextAssistState({ name: 'free' }, { name: 'requested', by: 2, types: ['click', 'type'] }).state
  const answer = nextAssistState(asked, { name: 'answered', participant: 2, types: ['navigate', 'type'] })
  expect(answer.state).toEqual({ name: 'held', grant: { participant: 2, types: ['type'] } })
  expect(nextAssistState(asked, { name: 'answered', participant: 2, types: ['navigate'] }).state.name).toBe('free')
})
