import type { ToAgent } from '@alongside/protocol'
import { expect, test } from 'vitest'
import { type AgentInput, type AgentState, advance, type Place } from './agent-state.ts'
import { MAX_LISTED, readToAgent } from './read-message.ts'
import { RemoteAssist } from './remote-assist.ts'

const BEN = { participant: 3, userId: 'a2', userName: 'Ben', watchOnly: true, invitedBy: 'Ana' } as const
const BROWSER = { name: 'Firefox', os: 'Android', kind: 'mobile' } as const
const LIVE = { startTime: 5, agents: [BEN], assets: 'A-_9', site: 'shop.example', browser: BROWSER }

/** Each message with all that it can say. */
const SAMPLES: { [Type in ToAgent['type']]: Extract<ToAgent, { type: Type }> } = {
  asked: { type: 'asked', sessionId: 's', participant: 2, secret: 'x', customerName: 'Cora', watchOnly: true },
  joined: { type: 'joined', ...LIVE },
  link_made: { type: 'link_made', link: 'A-_9', expiresAt: 9 },
  resumed: { type: 'resumed', secret: 'y', state: 'live', watchOnly: true, ...LIVE },
  agent_joined: { type: 'agent_joined', ...BEN },
  agent_left: { type: 'agent_left', ...BEN, reason: 'too_slow' },
  agent_connection: { type: 'agent_connection', participant: 3, connected: false },
  paused: { type: 'paused', paused: true },
  customer_connection: {
    type: 'customer_connection',
    connected: false,
    left: true,
    site: 'shop.example',
    browser: BROWSER,
  },
  customer_focus: { type: 'customer_focus', focused: false },
  customer_transferred: { type: 'customer_transferred', tab: 2, tabs: [{ tab: 2, site: 'shop.example' }] },
  assist_started: { type: 'assist_started', participant: 2, types: ['scroll_page', 'click'] },
  assist_stopped: { type: 'assist_stopped', participant: 2, reason: 'passed' },
  assist_rejected: { type: 'assist_rejected', participant: 2, reason: 'declined' },
  recording: { type: 'recording', recorded: true },
  ended: { type: 'ended', reason: 'operator_ended' },
  error: { type: 'error', code: 1102, retryAfter: 30 },
}

test('AUT-20 what a server says in the protocol’s form is taken as it was said', () => {
  for (const said of Object.values(SAMPLES)) expect(readToAgent(said)).toEqual(said)
  const newer = { type: 'ended', reason: 'closing_time' }
  expect(readToAgent(newer)).toEqual(newer)
  expect(readToAgent(JSON.parse('{"type":"error","code":1999}'))).toEqual({ type: 'error', code: 9999 })
})

/** What JSON can say where something else is meant. */
const LIES: unknown[] = [
  null,
  true,
  -1,
  0.5,
  1e308,
  // 1e999 in JSON.
  Number.POSITIVE_INFINITY,
  '',
  '__proto__',
  'constructor',
  'javascript:alert(1)',
  '../../elsewhere',
  '\u202e\u0000\n<img src=x onerror=alert(1)>'.repeat(1_000),
  [],
  [null],
  [[]],
  Array(5_000).fill(BEN),
  {},
  { toString: 1, length: -1 },
]

/** Every value within `said`, one after another, replaced by each lie or taken away. */
function* liesOf(said: object): Generator<object> {
  for (const [key, value] of Object.entries(said)) {
    for (const lie of LIES) yield { ...said, [key]: lie }
    const { [key as keyof typeof said]: _, ...rest } = said
    yield rest
    if (typeof value !== 'object') continue
    for (const lie of liesOf(value)) yield { ...said, [key]: Array.isArray(value) ? Object.values(lie as object) : lie }
  }
}

// A message whose type is no text is none of the line's.
const LIED = Object.values(SAMPLES)
  .flatMap((said) => [...liesOf(said)] as ToAgent[])
  .filter(({ type }) => typeof type === 'string')

const PLACE: Place = {
  sessionId: 's',
  customerName: 'Cora',
  paused: false,
  focused: true,
  watchOnly: false,
  agents: new Map([[4, { participant: 4, userId: 'a3', userName: 'Dan', connected: true }]]),
  recorded: false,
}
const STATES: AgentState[] = [
  { name: 'idle' },
  { name: 'connecting' },
  { name: 'waiting', place: PLACE },
  { name: 'live', place: PLACE },
  { name: 'reconnecting', place: PLACE, was: 'live', attempt: 1 },
  { name: 'reconnecting', place: PLACE, was: 'kept', attempt: 1 },
  { name: 'away', place: PLACE },
  { name: 'ending', place: PLACE },
  { name: 'ended', place: PLACE, reason: 'left' },
]

/** An agent's session hears it, in each of its states: what is known of others then, and how often it threw. */
function hear(message: ToAgent): { listed: number; thrown: number } {
  const assist = new RemoteAssist(
    {
      participant: 2,
      live: true,
      send: () => {},
      sendAction: () => true,
      now: () => 0,
      emit: (_event, payload) => void JSON.stringify(payload).slice(),
    },
    undefined,
  )
  let [listed, thrown] = [0, 0]
  const dare = (run: () => void) => {
    try {
      run()
    } catch {
      thrown++
    }
  }
  for (const state of STATES)
    dare(() => {
      if (message.type.startsWith('assist_')) {
        assist.receive(message as Parameters<RemoteAssist['receive']>[0])
        assist.can('click')
        return
      }
      const { state: next } = advance(state, message as AgentInput)
      const { agents = new Map(), customerName = '' } = 'place' in next ? next.place : {}
      const names = [...agents.values()].map(({ userName }) => userName)
      for (const name of [customerName, ...names]) if (/[\p{Cc}\u202e]/u.test(name)) throw new Error('not to be shown')
      listed = Math.max(listed, agents.size)
    })
  return { listed, thrown }
}

test(`AUT-20 of ${LIED.length} messages with a lie in them none makes an agent’s session throw, and the control does`, () => {
  let unread = 0
  for (const said of LIED) {
    const message = readToAgent(said)
    if (message && message.type !== 'error' && message.type !== 'link_made')
      expect(hear(message), JSON.stringify(said).slice(0, 200)).toMatchObject({ thrown: 0 })
    unread += hear(said).thrown
  }
  expect(unread).toBeGreaterThan(100)
})

test('AUT-21 of a hundred thousand agents and tabs no more is kept than a session can have', () => {
  const agents = Array.from({ length: 100_000 }, (_, index) => ({
    ...BEN,
    participant: index % 65_536,
    userId: `${index}`,
  }))
  expect(hear(readToAgent({ ...SAMPLES.joined, agents } as ToAgent)!).listed).toBe(MAX_LISTED)
  let state: AgentState = { name: 'live', place: PLACE }
  for (const agent of agents) {
    const message = readToAgent({ type: 'agent_joined', ...agent } as ToAgent)
    state = advance(state, message as AgentInput).state
  }
  expect(state).toMatchObject({ name: 'live' })
  expect('place' in state && state.place.agents.size).toBe(MAX_LISTED)
  const tabs = agents.map((_, index) => ({ tab: index, site: 'x'.repeat(9_999) }))
  const read = readToAgent({ type: 'customer_transferred', tab: 1, tabs } as ToAgent)
  expect(JSON.stringify(read).length).toBeLessThan(10_000)
})
