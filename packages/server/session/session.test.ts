import {
  AGENT_WAIT_MS,
  encodeFrame,
  type FrameKind,
  GESTURES_PER_SECOND,
  HEADER_BYTES,
  MAX_GESTURE_BYTES,
  PIN_LIFETIME_MS,
  PROTOCOL_VERSION,
  RECOVERY_WINDOW_MS,
} from '@alongside/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Key } from '../key.ts'
import { House, KEY } from '../testing/house.ts'
import type { Line } from '../testing/line.ts'

let house: House
beforeEach(async () => {
  house = await House.open()
})
afterEach(() => house.close())

const frame = (kind: FrameKind, peer: number, sequence: number, payload = [1, 2, 3]) =>
  encodeFrame({ kind, flags: 0, peer, sequence }, new Uint8Array(payload))

/** Resumes with a secret, and so uses it up. */
async function useUp(sessionId: string, used: string) {
  const line = await house.resume(sessionId, used)
  const { secret } = await line.expect('resumed')
  await line.prove()
  while (line.inbox.length) await line.expect('pin')
  return { line, secret, used }
}

async function expectResumeRefused(sessionId: string, secret: string): Promise<void> {
  const line = await house.resume(sessionId, secret)
  expect(await line.expect('error')).toEqual({ type: 'error', code: 1107 })
  expect(await line.expectClosed()).toBe(4410)
}

async function expectSilence(...lines: Line[]): Promise<void> {
  for (const line of lines) {
    await line.settle()
    expect(line.inbox).toEqual([])
  }
}

test('SES-101 joins an agent to a customer by PIN and consent', async () => {
  const { customer, agent } = await house.pair()
  const now = house.clock.now()
  expect(customer.started).toMatchObject({ startTime: now, sessionId: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/) })
  expect(agent.asked).toMatchObject({ sessionId: customer.started.sessionId, participant: 2, customerName: 'Cora' })
  expect(agent.joined).toEqual({ type: 'joined', startTime: now, agents: [], assets: expect.any(String), site: '' })
  await expectSilence(customer.line, agent.line)
})

test('CFG-9 tells the customer’s page the settings of its key, and none of its secrets', async () => {
  await house.close()
  const key: Key = {
    ...KEY,
    company: 'Northwind',
    consent: 'agent_initiated',
    features: { ...KEY.features, remoteAssist: false },
  }
  const { sessionList: _forAgents, ...features } = key.features
  house = await House.open({ keys: [key] })
  const { started } = await house.customer()
  expect(started.settings).toEqual({ company: 'Northwind', consent: 'agent_initiated', features })
  const back = await house.resume(started.sessionId, started.secret)
  expect(await back.expect('resumed')).toMatchObject({ settings: started.settings })
})

test('SES-102 forwards frames unchanged but for the peer, both ways', async () => {
  const { customer, agent } = await house.pair()
  customer.line.socket.send(frame('content', 2, 7))
  expect(await agent.line.expectFrame()).toEqual(Buffer.from(frame('content', 1, 7)))
  agent.line.socket.send(frame('ack', 1, 7, []))
  agent.line.socket.send(frame('restart', 1, 0, []))
  expect(await customer.line.expectFrame()).toEqual(Buffer.from(frame('ack', 2, 7, [])))
  expect(await customer.line.expectFrame()).toEqual(Buffer.from(frame('restart', 2, 0, [])))
})

test('PRT-1 passes annotations both ways and results to agents, unread and only as large as a gesture is', async () => {
  const { customer, agent } = await house.pair()
  agent.line.socket.send(frame('annotation', 1, 0))
  expect(await customer.line.expectFrame()).toEqual(Buffer.from(frame('annotation', 2, 0)))
  customer.line.socket.send(frame('annotation', 2, 0))
  customer.line.socket.send(frame('result', 2, 9))
  expect(await agent.line.expectFrame()).toEqual(Buffer.from(frame('annotation', 1, 0)))
  expect(await agent.line.expectFrame()).toEqual(Buffer.from(frame('result', 1, 9)))
  const large = Array<number>(MAX_GESTURE_BYTES - HEADER_BYTES + 1).fill(7)
  customer.line.socket.send(frame('annotation', 2, 0, large))
  agent.line.socket.send(frame('annotation', 1, 0, large))
  // Each in the wrong direction.
  customer.line.socket.send(frame('action', 2, 0))
  agent.line.socket.send(frame('result', 1, 0))
  await expectSilence(customer.line, agent.line)
  agent.line.socket.send(frame('annotation', 1, 0, large.slice(1)))
  expect((await customer.line.expectFrame()).length).toBe(MAX_GESTURE_BYTES)
})

test('PRT-2 passes no annotation before consent, while paused, after leaving, or where the key forbids them', async () => {
  const { line, pin } = await house.customer()
  const waiting = await house.asked(line, pin)
  waiting.line.socket.send(frame('annotation', 1, 0))
  await expectSilence(line)
  line.say({ type: 'consent', participant: 2, granted: true })
  await line.expect('agent_joined')
  await waiting.line.expect('joined')
  waiting.line.socket.send(frame('annotation', 1, 1))
  expect(await line.expectFrame()).toEqual(Buffer.from(frame('annotation', 2, 1)))
  line.say({ type: 'pause', paused: true })
  await waiting.line.expect('paused')
  waiting.line.socket.send(frame('annotation', 1, 2))
  line.socket.send(frame('annotation', 2, 2))
  await expectSilence(line, waiting.line)
  await house.close()
  house = await House.open({ keys: [{ ...KEY, features: { ...KEY.features, agentAnnotation: false } }] })
  const { customer, agent } = await house.pair()
  agent.line.socket.send(frame('annotation', 1, 0))
  await expectSilence(customer.line)
})

test('PRT-3 drops an agent’s gestures beyond so many in a second, and nothing else of it', async () => {
  const { customer, agent } = await house.pair()
  for (let i = 0; i <= GESTURES_PER_SECOND; i++) agent.line.socket.send(frame('annotation', 1, i))
  agent.line.socket.send(frame('restart', 1, 0, []))
  for (let i = 0; i < GESTURES_PER_SECOND; i++)
    expect(await customer.line.expectFrame()).toEqual(Buffer.from(frame('annotation', 2, i)))
  expect(await customer.line.expectFrame()).toEqual(Buffer.from(frame('restart', 2, 0, [])))
  house.clock.advance(1_000)
  agent.line.socket.send(frame('annotation', 1, 0))
  expect(await customer.line.expectFrame()).toEqual(Buffer.from(frame('annotation', 2, 0)))
})

test('SES-103 lets no frame reach an agent before the customer agreed, and lets them pass after', async () => {
  const { line: customer, pin } = await house.customer()
  const { line: agent } = await house.asked(customer, pin)
  customer.socket.send(frame('content', 2, 1))
  agent.socket.send(frame('restart', 1, 0))
  await expectSilence(customer, agent)
  customer.say({ type: 'consent', participant: 2, granted: true })
  customer.socket.send(frame('content', 2, 2))
  await agent.expect('joined')
  await customer.expect('agent_joined')
  expect(await agent.expectFrame()).toEqual(Buffer.from(frame('content', 1, 2)))
  agent.socket.send(frame('restart', 1, 0, []))
  expect(await customer.expectFrame()).toEqual(Buffer.from(frame('restart', 2, 0, [])))
})

test('SES-104 sends a declined agent away with 1100 and the customer a new PIN', async () => {
  const { line: customer, pin } = await house.customer()
  const { line: agent, asked } = await house.asked(customer, pin)
  customer.say({ type: 'consent', participant: 2, granted: false })
  customer.socket.send(frame('content', 2, 1))
  expect(await agent.expect('error')).toEqual({ type: 'error', code: 1100 })
  expect(await agent.expectClosed()).toBe(4403)
  expect(await customer.expect('agent_left')).toMatchObject({ participant: 2, reason: 'declined' })
  expect((await customer.expect('pin')).pin).not.toBe(pin)
  // Its secret is worth nothing any more.
  const again = await house.resume(asked.sessionId, asked.secret)
  expect(await again.expect('error')).toEqual({ type: 'error', code: 1107 })
})

test('SES-105 ends a session whose customer does not answer for 3 minutes; the agent gets 1101', async () => {
  const { line: customer, pin } = await house.customer()
  const { line: agent } = await house.asked(customer, pin)
  house.clock.advance(AGENT_WAIT_MS)
  expect(await agent.expect('error')).toEqual({ type: 'error', code: 1101 })
  expect(await agent.expectClosed()).toBe(4408)
  expect(await customer.expect('agent_left')).toMatchObject({ reason: 'no_answer' })
  expect(await customer.expect('ended')).toEqual({ type: 'ended', reason: 'expired' })
})

test('SES-105 goes on for an agent that is in when another one is not answered', async () => {
  const { customer, agent } = await house.pair()
  customer.line.say({ type: 'new_pin' })
  const second = await house.asked(customer.line, (await customer.line.expect('pin')).pin)
  house.clock.advance(AGENT_WAIT_MS)
  expect(await second.line.expect('error')).toEqual({ type: 'error', code: 1101 })
  expect(await customer.line.expect('agent_left')).toMatchObject({ reason: 'no_answer' })
  await customer.line.expect('pin')
  await agent.line.settle()
  expect(agent.line.inbox).toEqual([])
})

test('SES-106 stops a stream when the customer takes the consent back, and when the agent leaves', async () => {
  const { customer, agent } = await house.pair()
  customer.line.say({ type: 'new_pin' })
  const second = await house.asked(customer.line, (await customer.line.expect('pin')).pin)
  customer.line.say({ type: 'consent', participant: 3, granted: true })
  expect((await second.line.expect('joined')).agents).toEqual([{ participant: 2, userId: 'a1', userName: 'Agent a1' }])
  expect(await agent.line.expect('agent_joined')).toMatchObject({ participant: 3 })
  await customer.line.expect('agent_joined')

  agent.line.say({ type: 'leave' })
  expect(await customer.line.expect('agent_left')).toMatchObject({ participant: 2, reason: 'left' })
  expect(await second.line.expect('agent_left')).toMatchObject({ participant: 2, reason: 'left' })
  expect(await agent.line.expectClosed()).toBe(1000)
  customer.line.socket.send(frame('content', 2, 1))
  customer.line.say({ type: 'consent', participant: 3, granted: false })
  customer.line.socket.send(frame('content', 3, 1))
  expect(await second.line.expect('error')).toEqual({ type: 'error', code: 1100 })
  await second.line.expectClosed()
  await customer.line.expect('agent_left')
  await expectSilence(customer.line)
})

test('SES-107 drops frames of the wrong direction, for strangers, and after a pause', async () => {
  const { customer, agent } = await house.pair()
  const other = await house.pair()
  customer.line.socket.send(frame('ack', 2, 1))
  customer.line.socket.send(frame('content', 1, 1))
  customer.line.socket.send(frame('content', 3, 1))
  customer.line.socket.send(frame('content', 65_535, 1))
  agent.line.socket.send(frame('content', 1, 1))
  agent.line.socket.send(frame('content', 2, 1))
  await expectSilence(customer.line, agent.line, other.customer.line, other.agent.line)
  customer.line.say({ type: 'pause', paused: true })
  customer.line.socket.send(frame('content', 2, 1))
  expect(await agent.line.expect('paused')).toEqual({ type: 'paused', paused: true })
  customer.line.say({ type: 'pause', paused: false })
  customer.line.socket.send(frame('content', 2, 2))
  expect(await agent.line.expect('paused')).toEqual({ type: 'paused', paused: false })
  expect(await agent.line.expectFrame()).toEqual(Buffer.from(frame('content', 1, 2)))
})

test('SES-107 drops feedback with anything behind its header: a page takes in no bytes of an agent', async () => {
  const { customer, agent } = await house.pair()
  agent.line.socket.send(frame('ack', 1, 1, [1]))
  agent.line.socket.send(frame('restart', 1, 1, Array(1_000)))
  agent.line.socket.send(frame('ack', 1, 2, []))
  expect(await customer.line.expectFrame()).toEqual(Buffer.from(frame('ack', 2, 2, [])))
})

test('SES-108 ends for everybody when an agent that is in says so, not one that waits', async () => {
  const { customer, agent } = await house.pair()
  customer.line.say({ type: 'new_pin' })
  const { pin } = await customer.line.expect('pin')
  const waiting = await house.asked(customer.line, pin)
  waiting.line.say({ type: 'end' })
  expect(await customer.line.expect('agent_left')).toMatchObject({ participant: 3, reason: 'left' })
  await customer.line.expect('pin')
  await expectSilence(agent.line)
  agent.line.say({ type: 'end' })
  for (const line of [customer.line, agent.line]) {
    expect(await line.expect('ended')).toEqual({ type: 'ended', reason: 'agent_ended' })
    expect(await line.expectClosed()).toBe(1000)
  }
})

test('SES-109 refuses a sixth agent with 1013 and the same user with 1015, and leaves the PIN for others', async () => {
  const { line, pin } = await house.customer()
  let next = pin
  for (let n = 1; n <= 5; n++) {
    await house.asked(line, next, `agent${n}`)
    line.say({ type: 'new_pin' })
    next = (await line.expect('pin')).pin
    if (n !== 4) continue
    for (const twice of ['agent2', 'c1']) {
      const refused = await house.join(next, twice)
      expect(await refused.expect('error')).toEqual({ type: 'error', code: 1015 })
    }
  }
  const sixth = await house.join(next)
  expect(await sixth.expect('error')).toEqual({ type: 'error', code: 1013 })
  expect(await sixth.expectClosed()).toBe(4409)
  line.say({ type: 'consent', participant: 2, granted: false })
  await line.expect('agent_left')
  await house.asked(line, (await line.expect('pin')).pin)
})

test('SES-125 lets a user whose line is down join anew with a PIN, in the place of its lost agent', async () => {
  const { line, pin } = await house.customer()
  const before = await house.asked(line, pin, 'ana')
  line.say({ type: 'consent', participant: 2, granted: true })
  await line.expect('agent_joined')
  await before.line.close()
  await line.expect('agent_connection')
  line.say({ type: 'new_pin' })
  const again = await house.join((await line.expect('pin')).pin, 'ana')
  expect(await line.expect('agent_left')).toMatchObject({ participant: 2, reason: 'connection_lost' })
  expect(await line.expect('agent_requested')).toMatchObject({ participant: 3, userId: 'ana' })
  line.say({ type: 'consent', participant: 3, granted: true })
  await again.expect('asked')
  await again.expect('joined')
  const late = await house.resume(before.asked.sessionId, before.asked.secret)
  expect(await late.expect('error')).toEqual({ type: 'error', code: 1107 })
})

test('SES-110 lets the customer resume within 2 minutes, with agents and PIN as they were', async () => {
  const { customer, agent } = await house.pair()
  customer.line.say({ type: 'new_pin' })
  const { pin } = await customer.line.expect('pin')
  await customer.line.close()
  expect(await agent.line.expect('customer_connection')).toMatchObject({ connected: false })
  house.clock.advance(RECOVERY_WINDOW_MS - 1)
  const { sessionId, secret, startTime } = customer.started
  const back = await house.resume(sessionId, secret)
  const resumed = await back.expect('resumed')
  const agents = [{ participant: 2, userId: 'a1', userName: 'Agent a1', state: 'live' }]
  expect(resumed).toEqual({
    type: 'resumed',
    secret: expect.any(String),
    startTime,
    agents,
    assets: expect.any(String),
    store: customer.started.store,
    settings: customer.started.settings,
  })
  expect(resumed.secret).not.toBe(secret)
  expect((await back.expect('pin')).pin).toBe(pin)
  expect(await agent.line.expect('customer_connection')).toMatchObject({ connected: true })
  back.socket.send(frame('content', 2, 1))
  await agent.line.expectFrame()
  house.clock.advance(RECOVERY_WINDOW_MS)
  await expectSilence(back, agent.line)
})

test('SES-111 ends with connection_lost when the customer does not resume', async () => {
  const { customer, agent } = await house.pair()
  await customer.line.close()
  await agent.line.expect('customer_connection')
  house.clock.advance(RECOVERY_WINDOW_MS)
  expect(await agent.line.expect('ended')).toEqual({ type: 'ended', reason: 'connection_lost' })
  const late = await house.resume(customer.started.sessionId, customer.started.secret)
  expect(await late.expect('error')).toEqual({ type: 'error', code: 1107 })
  expect(await late.expectClosed()).toBe(4410)
})

test('SES-112 lets an agent resume within 2 minutes without a new question', async () => {
  const { customer, agent } = await house.pair()
  await agent.line.close()
  expect(await customer.line.expect('agent_connection')).toMatchObject({ participant: 2, connected: false })
  customer.line.socket.send(frame('content', 2, 1))
  await customer.line.settle()
  house.clock.advance(RECOVERY_WINDOW_MS - 1)
  const back = await house.resume(agent.asked.sessionId, agent.asked.secret)
  expect(await back.expect('resumed')).toMatchObject({ state: 'live' })
  expect(await customer.line.expect('agent_connection')).toMatchObject({ participant: 2, connected: true })
  back.socket.send(frame('restart', 1, 0, []))
  expect(await customer.line.expectFrame()).toEqual(Buffer.from(frame('restart', 2, 0, [])))
  customer.line.socket.send(frame('content', 2, 2))
  expect(await back.expectFrame()).toEqual(Buffer.from(frame('content', 1, 2)))
})

test('SES-113 tells of an agent that does not resume, and waits for another', async () => {
  const { customer, agent } = await house.pair()
  await agent.line.close()
  await customer.line.expect('agent_connection')
  house.clock.advance(RECOVERY_WINDOW_MS)
  expect(await customer.line.expect('agent_left')).toMatchObject({ participant: 2, reason: 'connection_lost' })
  const late = await house.resume(agent.asked.sessionId, agent.asked.secret)
  expect(await late.expect('error')).toEqual({ type: 'error', code: 1107 })
  house.clock.advance(PIN_LIFETIME_MS)
  expect(await customer.line.expect('ended')).toMatchObject({ reason: 'expired' })
})

test('SES-114 keeps the question open for an agent whose line drops while it waits', async () => {
  const { line: customer, pin } = await house.customer()
  const { line, asked } = await house.asked(customer, pin)
  await line.close()
  const back = await house.resume(asked.sessionId, asked.secret)
  expect(await back.expect('resumed')).toMatchObject({ state: 'asked' })
  customer.socket.send(frame('content', 2, 1))
  await expectSilence(customer, back)
  customer.say({ type: 'consent', participant: 2, granted: true })
  await back.expect('joined')
})

test('SES-115 asks a customer who is away once they are back', async () => {
  const { line, pin, started } = await house.customer()
  await line.close()
  const agent = await house.join(pin)
  await agent.expect('asked')
  expect(await agent.expect('customer_connection')).toMatchObject({ connected: false })
  const back = await house.resume(started.sessionId, started.secret)
  expect(await back.expect('resumed')).toMatchObject({ agents: [{ participant: 2, state: 'asked' }] })
  expect(await agent.expect('customer_connection')).toMatchObject({ connected: true })
  back.say({ type: 'consent', participant: 2, granted: true })
  await agent.expect('joined')
})

test('SES-116 takes a resume secret once', async () => {
  const { line, started } = await house.customer()
  await line.close()
  const first = await house.resume(started.sessionId, started.secret)
  const { secret } = await first.expect('resumed')
  await first.expect('pin')
  await first.prove()
  const replay = await house.resume(started.sessionId, started.secret)
  expect(await replay.expect('error')).toEqual({ type: 'error', code: 1107 })
  const second = await house.resume(started.sessionId, secret)
  await second.expect('resumed')
})

test('SES-117 takes the used secret again when the answer to it never arrived', async () => {
  const { line, started } = await house.customer()
  await line.close()
  const cut = await house.resume(started.sessionId, started.secret)
  await cut.expect('resumed')
  cut.socket.pong()
  await cut.settle()
  await cut.close()
  const back = await house.resume(started.sessionId, started.secret)
  await back.expect('resumed')
})

test('SES-118 ends for everybody with failed after two resumes with a used-up secret of the customer', async () => {
  const { customer, agent } = await house.pair()
  const { line, used } = await useUp(customer.started.sessionId, customer.started.secret)
  await agent.line.expect('customer_connection')
  for (let n = 0; n < 2; n++) await expectResumeRefused(customer.started.sessionId, used)
  for (const one of [line, agent.line]) {
    expect(await one.expect('ended')).toEqual({ type: 'ended', reason: 'failed' })
    expect(await one.expectClosed()).toBe(1000)
  }
})

test('SES-118 counts only failed resumes in a row', async () => {
  const { started } = await house.customer()
  let { line, secret, used } = await useUp(started.sessionId, started.secret)
  for (let n = 0; n < 3; n++) {
    await expectResumeRefused(started.sessionId, used)
    ;({ line, secret, used } = await useUp(started.sessionId, secret))
  }
  await expectSilence(line)
})

test('SES-130 counts no secret that was never the session’s, so an outsider who knows its id cannot end it', async () => {
  const { customer, agent } = await house.pair()
  const other = await house.pair()
  const { sessionId } = customer.started
  for (let n = 0; n < 5; n++) {
    await expectResumeRefused(sessionId, `AAAA${'x'.repeat(44)}`)
    await expectResumeRefused(sessionId, other.customer.started.secret)
    // Of this session and yet another participant's: only the generation was changed.
    await expectResumeRefused(sessionId, `AAAAAg${agent.asked.secret.slice(6)}`)
  }
  await expectSilence(customer.line, agent.line, other.customer.line, other.agent.line)
})

test('SES-131 sends an agent away whose used-up secret comes twice in a row, and only that one', async () => {
  const { customer, agent } = await house.pair()
  const { sessionId, secret } = agent.asked
  const { line, used } = await useUp(sessionId, secret)
  for (let n = 0; n < 2; n++) await expectResumeRefused(sessionId, used)
  expect(await line.expect('error')).toEqual({ type: 'error', code: 1107 })
  expect(await line.expectClosed()).toBe(4410)
  expect(await customer.line.expect('agent_left')).toMatchObject({ participant: 2, reason: 'connection_lost' })
  await expectSilence(customer.line)
})

test('SES-119 prefers the newer of two sockets with a right secret, and closes the older with 1012 or 1015', async () => {
  const { customer, agent } = await house.pair()
  const newCustomer = await house.resume(customer.started.sessionId, customer.started.secret)
  await newCustomer.expect('resumed')
  expect(await customer.line.expect('error')).toEqual({ type: 'error', code: 1012 })
  expect(await customer.line.expectClosed()).toBe(4409)
  await agent.line.expect('customer_connection')
  const newAgent = await house.resume(agent.asked.sessionId, agent.asked.secret)
  await newAgent.expect('resumed')
  expect(await agent.line.expect('error')).toEqual({ type: 'error', code: 1015 })
  newCustomer.socket.send(frame('content', 2, 1))
  await newAgent.expectFrame()
  await expectSilence(newCustomer, newAgent)
})

test('SES-120 cuts off an agent that does not read, and only that one', async () => {
  await house.close()
  house = await House.open({ limits: { maxBufferedBytes: 1024 * 1024 } })
  const { customer, agent } = await house.pair()
  customer.line.say({ type: 'new_pin' })
  const second = await house.asked(customer.line, (await customer.line.expect('pin')).pin)
  customer.line.say({ type: 'consent', participant: 3, granted: true })
  await second.line.expect('joined')
  await agent.line.expect('agent_joined')
  await customer.line.expect('agent_joined')

  agent.line.socket.pause()
  const large = new Uint8Array(512 * 1024)
  let sequence = 0
  while (customer.line.inbox.length === 0) {
    sequence++
    customer.line.socket.send(encodeFrame({ kind: 'content', flags: 0, peer: 2, sequence }, large))
    customer.line.socket.send(encodeFrame({ kind: 'content', flags: 0, peer: 3, sequence }))
    await customer.line.settle()
  }
  expect(await customer.line.expect('agent_left')).toMatchObject({ participant: 2, reason: 'too_slow' })
  await second.line.settle()
  expect(second.line.inbox.filter(Buffer.isBuffer)).toHaveLength(sequence)
  expect(second.line.inbox.filter((entry) => !Buffer.isBuffer(entry))).toMatchObject([{ type: 'agent_left' }])

  const back = await house.resume(agent.asked.sessionId, agent.asked.secret)
  expect(await back.expect('resumed')).toMatchObject({ state: 'live' })
  expect(await customer.line.expect('agent_joined')).toMatchObject({ participant: 2 })
  customer.line.socket.send(frame('content', 2, 1))
  expect(await back.expectFrame()).toEqual(Buffer.from(frame('content', 1, 1)))
})

test('SES-121 takes what a customer said while its token was being checked', async () => {
  const line = await house.line()
  line.say({ type: 'start', version: PROTOCOL_VERSION, token: await house.token(1) })
  line.say({ type: 'end' })
  await line.expect('started')
  await line.expect('pin')
  expect(await line.expect('ended')).toEqual({ type: 'ended', reason: 'customer_ended' })
})

test('SES-122 closes every socket with 1001 when the server stops, and ends no session', async () => {
  const { customer, agent } = await house.pair()
  const silent = await house.line()
  await house.server.close()
  for (const line of [customer.line, agent.line, silent]) expect(await line.expectClosed()).toBe(1001)
})

test('SES-149 refuses a session too many of one address, until one of them is over', async () => {
  const small = await House.open({ limits: { sessionsPerAddress: 2 }, trustedProxies: ['127.0.0.1'] })
  const start = async (address: string) => {
    const line = await small.line({ headers: { 'x-forwarded-for': address } })
    line.say({ type: 'start', version: PROTOCOL_VERSION, token: await small.token(1) })
    return line
  }
  const first = await start('192.0.2.1')
  await first.expect('started')
  await (await start('192.0.2.1')).expect('started')
  const third = await start('192.0.2.1')
  expect(await third.expect('error')).toEqual({ type: 'error', code: 1102, retryAfter: 60 })
  await (await start('192.0.2.2')).expect('started')
  first.say({ type: 'end' })
  await first.expect('pin')
  await first.expect('ended')
  await (await start('192.0.2.1')).expect('started')
  await small.close()
})
