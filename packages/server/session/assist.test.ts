import { type AssistType, encodeFrame, GESTURES_PER_SECOND } from '@alongside/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ApiCaller } from '../testing/api-caller.ts'
import { createTestDatabase } from '../testing/databases.ts'
import { House, KEY } from '../testing/house.ts'
import type { Line } from '../testing/line.ts'

let house: House
beforeEach(async () => {
  house = await House.open()
})
afterEach(() => house.close())

const TYPES: AssistType[] = ['scroll_page', 'click']

/** A pair in which the agent has the hand. */
async function helping(types = TYPES) {
  const pair = await house.pair()
  await give(pair.customer.line, pair.agent.line, types)
  return pair
}

async function give(customer: Line, agent: Line, types = TYPES, participant = 2): Promise<void> {
  agent.say({ type: 'assist_request', types })
  expect(await customer.expect('assist_requested')).toEqual({ type: 'assist_requested', participant, types })
  customer.say({ type: 'assist_answer', participant, types })
  const started = { type: 'assist_started', participant, types }
  expect(await customer.expect('assist_started')).toEqual(started)
  expect(await agent.expect('assist_started')).toEqual(started)
}

/** Lets a second agent in. */
async function second(customer: Line, agent: Line) {
  customer.say({ type: 'new_pin' })
  const { pin } = await customer.expect('pin')
  const other = await house.asked(customer, pin)
  customer.say({ type: 'consent', participant: other.asked.participant, granted: true })
  await other.line.expect('joined')
  await customer.expect('agent_joined')
  await agent.expect('agent_joined')
  return other
}

test('RA-3 an agent has the hand when the customer said yes, and everybody is told', async () => {
  const { customer, agent } = await house.pair()
  const other = await second(customer.line, agent.line)
  await give(customer.line, agent.line)
  expect(await other.line.expect('assist_started')).toEqual({ type: 'assist_started', participant: 2, types: TYPES })
  agent.line.say({ type: 'assist_release' })
  const stopped = { type: 'assist_stopped', participant: 2, reason: 'released' }
  for (const line of [customer.line, agent.line, other.line])
    expect(await line.expect('assist_stopped')).toEqual(stopped)
})

test('RA-3 an agent that comes in learns who has the hand', async () => {
  const { customer, agent } = await helping()
  const other = await second(customer.line, agent.line)
  expect(await other.line.expect('assist_started')).toEqual({ type: 'assist_started', participant: 2, types: TYPES })
})

test('RA-4 a no, and an answer about nobody, give nothing', async () => {
  const { customer, agent } = await house.pair()
  customer.line.say({ type: 'assist_answer', participant: 2, types: TYPES })
  agent.line.say({ type: 'assist_request', types: TYPES })
  await customer.line.expect('assist_requested')
  customer.line.say({ type: 'assist_answer', participant: 2, types: [] })
  expect(await agent.line.expect('assist_rejected')).toEqual({
    type: 'assist_rejected',
    participant: 2,
    reason: 'declined',
  })
})

test('RA-5 a key without remote assist never puts the question', async () => {
  await house.close()
  house = await House.open({ keys: [{ ...KEY, features: { ...KEY.features, remoteAssist: false } }] })
  const { customer, agent } = await house.pair()
  agent.line.say({ type: 'assist_request', types: TYPES })
  expect(await agent.line.expect('assist_rejected')).toMatchObject({ reason: 'off' })
  await customer.line.settle()
  expect(customer.line.inbox).toEqual([])
})

test('RA-5 an agent that was not let in cannot ask', async () => {
  const customer = await house.customer()
  const { line } = await house.asked(customer.line, customer.pin)
  line.say({ type: 'assist_request', types: TYPES })
  expect(await line.expect('assist_rejected')).toMatchObject({ reason: 'off' })
})

test('RA-5 a page without remote assist says so, and the agent learns it', async () => {
  const { customer, agent } = await house.pair()
  agent.line.say({ type: 'assist_request', types: TYPES })
  await customer.line.expect('assist_requested')
  customer.line.say({ type: 'assist_stop', off: true })
  expect(await agent.line.expect('assist_rejected')).toMatchObject({ reason: 'off' })
})

test('RA-6 one agent at a time has the hand, and passes it on when the customer agrees to the other', async () => {
  const { customer, agent } = await house.pair()
  const other = await second(customer.line, agent.line)
  await give(customer.line, agent.line)
  await other.line.expect('assist_started')
  other.line.say({ type: 'assist_request', types: TYPES })
  expect(await other.line.expect('assist_rejected')).toMatchObject({ participant: 3, reason: 'taken' })

  agent.line.say({ type: 'assist_pass', participant: 3 })
  expect(await customer.line.expect('assist_requested')).toEqual({
    type: 'assist_requested',
    participant: 3,
    types: TYPES,
  })
  customer.line.say({ type: 'assist_answer', participant: 3, types: [] })
  expect(await agent.line.expect('assist_rejected')).toEqual({
    type: 'assist_rejected',
    participant: 3,
    reason: 'declined',
  })

  agent.line.say({ type: 'assist_pass', participant: 3 })
  await customer.line.expect('assist_requested')
  customer.line.say({ type: 'assist_answer', participant: 3, types: TYPES })
  for (const line of [customer.line, agent.line, other.line]) {
    expect(await line.expect('assist_stopped')).toEqual({ type: 'assist_stopped', participant: 2, reason: 'passed' })
    expect(await line.expect('assist_started')).toEqual({ type: 'assist_started', participant: 3, types: TYPES })
  }
  agent.line.say({ type: 'assist_pass', participant: 3 })
  expect(await agent.line.expect('assist_rejected')).toMatchObject({ reason: 'taken' })
  other.line.say({ type: 'assist_pass', participant: 9 })
  expect(await other.line.expect('assist_rejected')).toMatchObject({ participant: 9, reason: 'unavailable' })
})

test.each([
  ['the customer stops it', (customer: Line) => customer.say({ type: 'assist_stop' }), 'stopped'],
  ['the customer hides the page', (customer: Line) => customer.say({ type: 'pause', paused: true }), 'paused'],
  ['its line drops', (_customer: Line, agent: Line) => agent.close(), 'agent_left'],
  ['it leaves', (_customer: Line, agent: Line) => agent.say({ type: 'leave' }), 'agent_left'],
] as const)('RA-7 the agent no longer has the hand when %s', async (_name, end, reason) => {
  const { customer, agent } = await helping()
  await end(customer.line, agent.line)
  const next = await customer.line.expectSoon('assist_stopped')
  expect(next).toEqual({ type: 'assist_stopped', participant: 2, reason })
})

test('RA-7 an agent that came back on a new line does not have the hand', async () => {
  const { customer, agent } = await helping()
  const back = await house.resume(customer.started.sessionId, agent.asked.secret)
  await back.expect('resumed')
  expect(await customer.line.expect('assist_stopped')).toMatchObject({ reason: 'agent_left' })
  await back.settle()
  expect(back.inbox.filter((message) => 'type' in message && message.type === 'assist_started')).toEqual([])
})

test('RA-8 the hand outlives a page load of the customer', async () => {
  const { customer, agent } = await helping()
  await customer.line.close()
  await agent.line.expect('customer_connection')
  const back = await house.resume(customer.started.sessionId, customer.started.secret)
  expect(await back.expect('resumed')).toMatchObject({ assist: { participant: 2, types: TYPES } })
  // As a page says that knows nothing of it.
  back.say({ type: 'assist_stop' })
  expect(await back.expect('assist_stopped')).toEqual({ type: 'assist_stopped', participant: 2, reason: 'stopped' })
})

test('RA-8 a question that was put to a page before is put to the next one', async () => {
  const { customer, agent } = await house.pair()
  agent.line.say({ type: 'assist_request', types: TYPES })
  const asked = await customer.line.expect('assist_requested')
  await customer.line.close()
  await agent.line.expect('customer_connection')
  const back = await house.resume(customer.started.sessionId, customer.started.secret)
  expect(await back.expect('resumed')).not.toHaveProperty('assist')
  expect(await back.expect('assist_requested')).toEqual(asked)
})

test('RA-9 a server that starts again knows of no hand', async () => {
  const place = await createTestDatabase('SQLite')
  await house.close()
  house = await House.open({ databaseUrl: place.url })
  const { customer } = await helping()
  await customer.line.prove()
  await house.restart()
  const back = await house.resume(customer.started.sessionId, customer.started.secret)
  expect(await back.expect('resumed')).not.toHaveProperty('assist')
  await house.close()
  await place.remove()
  house = await House.open()
})

test('RA-10 one agent asks ten times a minute at most', async () => {
  const { customer, agent } = await house.pair()
  for (let i = 0; i < 10; i++) {
    agent.line.say({ type: 'assist_request', types: TYPES })
    await customer.line.expect('assist_requested')
    agent.line.say({ type: 'assist_release' })
    await customer.line.expect('assist_withdrawn')
  }
  agent.line.say({ type: 'assist_request', types: TYPES })
  expect(await agent.line.expect('assist_rejected')).toMatchObject({ reason: 'too_often' })
  house.clock.advance(6_000)
  agent.line.say({ type: 'assist_request', types: TYPES })
  await customer.line.expect('assist_requested')
})

const action = (id: number) =>
  encodeFrame({ kind: 'action', flags: 0, peer: 1, sequence: 0 }, new TextEncoder().encode(JSON.stringify({ id })))

async function passes(agent: Line, customer: Line, id: number): Promise<boolean> {
  agent.socket.send(action(id))
  await agent.settle()
  await customer.settle()
  const frames = customer.inbox.filter((one) => Buffer.isBuffer(one))
  while (customer.inbox.length) await customer.next()
  return frames.length > 0
}

test('RA-11 the relay passes the actions of the agent who has the hand, and of nobody else', async () => {
  const { customer, agent } = await house.pair()
  const other = await second(customer.line, agent.line)
  expect(await passes(agent.line, customer.line, 1)).toBe(false)
  await give(customer.line, agent.line)
  expect(await passes(agent.line, customer.line, 2)).toBe(true)
  expect(await passes(other.line, customer.line, 3)).toBe(false)
  customer.line.say({ type: 'assist_stop' })
  await agent.line.expect('assist_stopped')
  expect(await passes(agent.line, customer.line, 4)).toBe(false)
})

test('RA-11 no action passes before the customer let the agent in, nor while the page is hidden', async () => {
  const waiting = await house.customer()
  const asked = await house.asked(waiting.line, waiting.pin)
  expect(await passes(asked.line, waiting.line, 1)).toBe(false)
  const { customer, agent } = await helping()
  expect(await passes(agent.line, customer.line, 2)).toBe(true)
  customer.line.say({ type: 'pause', paused: true })
  await agent.line.expect('assist_stopped')
  expect(await passes(agent.line, customer.line, 3)).toBe(false)
})

test('RA-12 of a thousand actions in a second the relay passes as many as a hand can make', async () => {
  const { customer, agent } = await helping()
  for (let id = 0; id < 1_000; id++) agent.line.socket.send(action(id))
  await agent.line.settle()
  await customer.line.settle()
  expect(customer.line.inbox.length).toBe(GESTURES_PER_SECOND)
  house.clock.advance(1_000)
  agent.line.socket.send(action(1_001))
  await agent.line.settle()
  await customer.line.settle()
  expect(customer.line.inbox.length).toBe(GESTURES_PER_SECOND + 1)
})

test('RA-13 what became of the hand is in the audit, by whom and for what', async () => {
  const { customer, agent } = await helping()
  customer.line.say({ type: 'assist_stop' })
  await agent.line.expect('assist_stopped')
  const caller = new ApiCaller(house)
  const { events } = await caller.ok<{ events: { action: string }[] }>(
    `/alongside/sessions/${customer.started.sessionId}/audit_events`,
  )
  const steps = events.filter(({ action }) => action.startsWith('assist.')).reverse()
  expect(steps).toMatchObject([
    { action: 'assist.requested', user_id: 'a1', details: { types: 'scroll_page,click' } },
    { action: 'assist.started', user_id: 'a1', details: { types: 'scroll_page,click' } },
    { action: 'assist.stopped', user_id: 'a1', details: { reason: 'stopped' } },
  ])
})

test('RA-13 what an agent asks too often fills no audit, whatever the answer', async () => {
  await house.close()
  house = await House.open({ keys: [{ ...KEY, features: { ...KEY.features, remoteAssist: false } }] })
  const { customer, agent } = await house.pair()
  for (let i = 0; i < 50; i++) agent.line.say({ type: 'assist_request', types: TYPES })
  await agent.line.settle()
  expect(agent.line.inbox).toHaveLength(50)
  const { events } = await new ApiCaller(house).ok<{ events: { action: string }[] }>(
    `/alongside/sessions/${customer.started.sessionId}/audit_events`,
  )
  expect(events.filter(({ action }) => action === 'assist.rejected')).toHaveLength(10)
})
