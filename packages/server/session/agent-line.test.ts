import { encodeFrame, GESTURES_PER_SECOND, RECOVERY_WINDOW_MS, SERVER_ID } from '@alongside/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { House } from '../testing/house.ts'

let house: House
beforeEach(async () => {
  house = await House.open()
})
afterEach(() => house.close())

const line = (participant: number, connected: boolean) => ({ type: 'agent_connection', participant, connected })

/** A further agent of a pair, let in. */
async function second({ customer, agent }: Awaited<ReturnType<House['pair']>>) {
  customer.line.say({ type: 'new_pin' })
  const asked = await house.asked(customer.line, (await customer.line.expect('pin')).pin)
  customer.line.say({ type: 'consent', participant: asked.asked.participant, granted: true })
  await asked.line.expect('joined')
  await customer.line.expect('agent_joined')
  await agent.line.expect('agent_joined')
  return asked
}

test('SES-400 tells the customer and the other agents when an agent’s line drops and when it is back', async () => {
  const pair = await house.pair()
  const other = await second(pair)
  await pair.agent.line.close()
  expect(await pair.customer.line.expectSoon('agent_connection')).toEqual(line(2, false))
  expect(await other.line.expectSoon('agent_connection')).toEqual(line(2, false))
  house.clock.advance(RECOVERY_WINDOW_MS - 1)
  const back = await house.resume(pair.agent.asked.sessionId, pair.agent.asked.secret)
  await back.expect('resumed')
  expect(await pair.customer.line.expectSoon('agent_connection')).toEqual(line(2, true))
  expect(await other.line.expectSoon('agent_connection')).toEqual(line(2, true))
  await back.settle()
  expect(back.inbox).toEqual([])
  house.clock.advance(RECOVERY_WINDOW_MS)
  for (const present of [pair.customer.line, other.line, back]) {
    await present.settle()
    expect(present.inbox).toEqual([])
  }
})

test('SES-400 tells whoever comes in or comes back whose line is down', async () => {
  const pair = await house.pair()
  await pair.agent.line.close()
  await pair.customer.line.expectSoon('agent_connection')
  pair.customer.line.say({ type: 'new_pin' })
  const other = await house.asked(pair.customer.line, (await pair.customer.line.expect('pin')).pin)
  pair.customer.line.say({ type: 'consent', participant: 3, granted: true })
  await other.line.expect('joined')
  expect(await other.line.expectSoon('agent_connection')).toEqual(line(2, false))
  const again = await house.resume(other.asked.sessionId, other.asked.secret)
  await again.expect('resumed')
  expect(await again.expectSoon('agent_connection')).toEqual(line(2, false))
  const { sessionId, secret } = pair.customer.started
  const customer = await house.resume(sessionId, secret)
  await customer.expect('resumed')
  expect(await customer.expectSoon('agent_connection')).toEqual(line(2, false))
})

test('SES-400 tells nothing of an agent about whom the customer is being asked, and its line once it is in', async () => {
  const { line: customer, pin } = await house.customer()
  const asked = await house.asked(customer, pin)
  await asked.line.close()
  await customer.settle()
  expect(customer.inbox).toEqual([])
  customer.say({ type: 'consent', participant: 2, granted: true })
  await customer.expect('agent_joined')
  expect(await customer.expectSoon('agent_connection')).toEqual(line(2, false))
  await (await house.resume(asked.asked.sessionId, asked.asked.secret)).expect('resumed')
  expect(await customer.expectSoon('agent_connection')).toEqual(line(2, true))
})

const probe = (peer: number, sequence: number, payload: number[] = []) =>
  encodeFrame({ kind: 'probe', flags: 0, peer, sequence }, new Uint8Array(payload))

test('SES-413 passes probes to the page and their answers back, and sends back itself what is meant for the server', async () => {
  const { customer, agent } = await house.pair()
  agent.line.socket.send(probe(1, 7))
  expect(await customer.line.expectFrame()).toEqual(Buffer.from(probe(2, 7)))
  customer.line.socket.send(probe(2, 7, [0, 0, 1, 4]))
  expect(await agent.line.expectFrame()).toEqual(Buffer.from(probe(1, 7, [0, 0, 1, 4])))
  agent.line.socket.send(probe(SERVER_ID, 8))
  expect(await agent.line.expectFrame()).toEqual(Buffer.from(probe(SERVER_ID, 8)))
  // With something behind the header, and an answer without or with too much.
  agent.line.socket.send(probe(1, 9, [1]))
  agent.line.socket.send(probe(SERVER_ID, 9, [1]))
  customer.line.socket.send(probe(2, 9))
  customer.line.socket.send(probe(2, 9, [1, 2, 3, 4, 5]))
  await customer.line.settle()
  await agent.line.settle()
  expect([customer.line.inbox, agent.line.inbox]).toEqual([[], []])
})

test('SES-413 answers no probe of an agent that waits, and only so many in a second', async () => {
  const { line: customer, pin } = await house.customer()
  const { line: agent } = await house.asked(customer, pin)
  agent.socket.send(probe(1, 1))
  agent.socket.send(probe(SERVER_ID, 1))
  await agent.settle()
  await customer.settle()
  expect([customer.inbox, agent.inbox]).toEqual([[], []])
  customer.say({ type: 'consent', participant: 2, granted: true })
  await agent.expect('joined')
  // What it tried before counts, too.
  house.clock.advance(1_000)
  for (let sequence = 0; sequence < 2 * GESTURES_PER_SECOND; sequence++) agent.socket.send(probe(SERVER_ID, sequence))
  await agent.settle()
  expect(agent.inbox).toHaveLength(GESTURES_PER_SECOND)
})
