import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import {
  AGENT_WAIT_MS,
  encodeFrame,
  type FrameKind,
  PIN_LIFETIME_MS,
  PROTOCOL_VERSION,
  RECOVERY_WINDOW_MS,
} from '@alongside/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startServer } from '../index.ts'
import { makeKey } from '../key.ts'
import { createTestDatabase, DATABASES, type TestDatabase } from '../testing/databases.ts'
import { House, KEY } from '../testing/house.ts'
import type { Line } from '../testing/line.ts'

const frame = (kind: FrameKind, peer: number, sequence: number) =>
  encodeFrame({ kind, flags: 0, peer, sequence }, new Uint8Array(kind === 'content' ? [1, 2, 3] : []))

let place: TestDatabase
let house: House

async function open(kind: (typeof DATABASES)[number]): Promise<void> {
  place = await createTestDatabase(kind)
  house = await House.open({ databaseUrl: place.url })
}
async function close(): Promise<void> {
  await house.close()
  await place.remove()
}

async function expectGone(sessionId: string, secret: string): Promise<void> {
  const line = await house.resume(sessionId, secret)
  expect(await line.expect('error')).toEqual({ type: 'error', code: 1107 })
}

/** A customer that came back, without the messages about it. */
async function comeBack(sessionId: string, secret: string): Promise<Line> {
  const line = await house.resume(sessionId, secret)
  await line.expect('resumed')
  await line.settle()
  return line
}

describe.each(DATABASES)('%s', (kind) => {
  beforeEach(() => open(kind))
  afterEach(close)

  test('SES-133 a live session goes on after a restart of the server, with the agents that were let in', async () => {
    const { customer, agent } = await house.pair()
    const { sessionId, secret, startTime } = customer.started
    await house.restart(RECOVERY_WINDOW_MS / 2)
    for (const { line } of [customer, agent]) expect(await line.expectClosed()).toBe(1001)
    const agentBack = await house.resume(sessionId, agent.asked.secret)
    expect(await agentBack.expect('resumed')).toMatchObject({ state: 'live', startTime })
    expect(await agentBack.expect('customer_connection')).toMatchObject({ connected: false })
    const back = await house.resume(sessionId, secret)
    expect(await back.expect('resumed')).toMatchObject({
      startTime,
      agents: [{ participant: 2, userId: 'a1', userName: 'Agent a1', state: 'live' }],
    })
    expect(await agentBack.expect('customer_connection')).toMatchObject({ connected: true })
    back.socket.send(frame('content', 2, 1))
    expect(await agentBack.expectFrame()).toEqual(Buffer.from(frame('content', 1, 1)))
    agentBack.socket.send(frame('ack', 1, 1))
    expect(await back.expectFrame()).toEqual(Buffer.from(frame('ack', 2, 1)))
  })

  test('SES-133 twice in a row, each time with the secret that came last', async () => {
    const { customer, agent } = await house.pair()
    const { sessionId } = customer.started
    let secrets = [customer.started.secret, agent.asked.secret]
    for (let n = 0; n < 2; n++) {
      await house.restart()
      const lines = await Promise.all(secrets.map((secret) => house.resume(sessionId, secret)))
      secrets = await Promise.all(lines.map(async (line) => (await line.expect('resumed')).secret))
      for (const line of lines) await line.prove()
    }
    await expectGone(sessionId, customer.started.secret)
  })

  test('SES-143 a second server on the same database is refused, and the sessions of the first go on', async () => {
    const { customer, agent } = await house.pair()
    await expect(startServer({ keys: [KEY], databaseUrl: place.url })).rejects.toThrow(
      /^DATABASE_URL: .* is in use by another server\. Stop that one, or give this one a database of its own\.$/,
    )
    customer.line.socket.send(frame('content', 2, 1))
    await agent.line.expectFrame()
    await house.restart()
    const back = await house.resume(customer.started.sessionId, customer.started.secret)
    await back.expect('resumed')
  })

  test('SES-134 a session that is over is not taken up again', async () => {
    const { line, started } = await house.customer()
    line.say({ type: 'end' })
    await line.expect('ended')
    await house.restart()
    expect(house.server.counts().sessions).toBe(0)
    await expectGone(started.sessionId, started.secret)
  })
})

describe('what a restart keeps', () => {
  beforeEach(() => open('SQLite'))
  afterEach(close)

  test('SES-135 the PIN leads to the session for the rest of its life, and to no other meanwhile', async () => {
    const { started, pin } = await house.customer()
    await house.restart(60_000)
    const agent = await house.join(pin)
    expect(await agent.expect('asked')).toMatchObject({ sessionId: started.sessionId })
    const again = await house.join(pin)
    expect(await again.expect('error')).toEqual({ type: 'error', code: 1006 })
    const back = await comeBack(started.sessionId, started.secret)
    back.say({ type: 'new_pin' })
    const { pin: next, expiresAt } = await back.expect('pin')
    await house.restart(60_000)
    const third = await house.resume(started.sessionId, started.secret)
    expect(await third.expect('error')).toEqual({ type: 'error', code: 1107 })
    expect(expiresAt - house.clock.now()).toBe(PIN_LIFETIME_MS - 60_000)
    house.clock.advance(expiresAt - house.clock.now())
    const late = await house.join(next)
    expect(await late.expect('error')).toEqual({ type: 'error', code: 1006 })
  })

  test('SES-135 an own PIN goes on to serve all agents, and is in use', async () => {
    const { line, started } = await house.customer('MINE1')
    await line.close()
    await house.restart()
    const back = await comeBack(started.sessionId, started.secret)
    expect((await back.expect('pin')).pin).toBe('MINE1')
    await house.asked(back, 'mine1')
    await house.asked(back, 'mine1')
    const other = await house.line()
    const token = await house.token(1, { userId: 'c2', enableByop: 1 })
    other.say({ type: 'start', version: PROTOCOL_VERSION, token, customPinCode: 'MINE1' })
    expect(await other.expect('error')).toEqual({ type: 'error', code: 1010 })
  })

  test('SES-136 a question that was open is put again, and keeps its deadline', async () => {
    const { line, started, pin } = await house.customer()
    const { asked } = await house.asked(line, pin)
    await house.restart(60_000)
    const agent = await house.resume(asked.sessionId, asked.secret)
    expect(await agent.expect('resumed')).toMatchObject({ state: 'asked' })
    const back = await house.resume(started.sessionId, started.secret)
    expect(await back.expect('resumed')).toMatchObject({ agents: [{ participant: 2, state: 'asked' }] })
    back.socket.send(frame('content', 2, 1))
    await agent.expect('customer_connection')
    await agent.expect('customer_connection')
    await agent.settle()
    expect(agent.inbox).toEqual([])
    house.clock.advance(AGENT_WAIT_MS - 60_000 - 1)
    await agent.settle()
    expect(agent.inbox).toEqual([])
    house.clock.advance(1)
    expect(await agent.expect('error')).toEqual({ type: 'error', code: 1101 })
    expect(await back.expect('agent_left')).toMatchObject({ reason: 'no_answer' })
    await back.expect('ended')
  })

  test('SES-137 who does not come back within 2 minutes after it is gone, as after a lost line', async () => {
    const { customer, agent } = await house.pair()
    await house.restart()
    const back = await comeBack(customer.started.sessionId, customer.started.secret)
    expect(await back.expect('agent_connection')).toMatchObject({ participant: 2, connected: false })
    house.clock.advance(RECOVERY_WINDOW_MS)
    expect(await back.expect('agent_left')).toMatchObject({ participant: 2, reason: 'connection_lost' })
    await expectGone(agent.asked.sessionId, agent.asked.secret)
    const second = await house.pair()
    await house.restart()
    const agentBack = await comeBack(second.agent.asked.sessionId, second.agent.asked.secret)
    await agentBack.expect('customer_connection')
    house.clock.advance(RECOVERY_WINDOW_MS)
    expect(await agentBack.expect('ended')).toEqual({ type: 'ended', reason: 'connection_lost' })
  })

  test('SES-137 a server that comes back too late finds the sessions over', async () => {
    const { customer, agent } = await house.pair()
    await house.restart(RECOVERY_WINDOW_MS)
    house.clock.advance(0)
    expect(house.server.counts().sessions).toBe(0)
    await expectGone(customer.started.sessionId, customer.started.secret)
    await expectGone(agent.asked.sessionId, agent.asked.secret)
  })

  test('SES-138 pause and counted resumes are as they were', async () => {
    const { customer, agent } = await house.pair()
    const { sessionId, secret } = customer.started
    agent.line.say({ type: 'leave' })
    await customer.line.expect('agent_left')
    customer.line.say({ type: 'new_pin' })
    const { pin } = await customer.line.expect('pin')
    const first = await house.resume(sessionId, secret)
    await first.expect('resumed')
    await first.prove()
    await expectGone(sessionId, secret)
    await house.restart()
    const next = await house.join(pin)
    await next.expect('asked')
    expect(house.server.counts().sessions).toBe(1)
    await next.expect('customer_connection')
    await expectGone(sessionId, secret)
    expect(await next.expect('ended')).toEqual({ type: 'ended', reason: 'failed' })
    const hidden = await house.pair()
    hidden.customer.line.say({ type: 'pause', paused: true })
    await hidden.agent.line.expect('paused')
    await house.restart()
    const back = await house.resume(hidden.agent.asked.sessionId, hidden.agent.asked.secret)
    await back.expect('resumed')
    await back.expect('customer_connection')
    expect(await back.expect('paused')).toEqual({ type: 'paused', paused: true })
  })

  test('SES-139 sessions of a key that was taken out of the configuration end', async () => {
    const { started } = await house.customer()
    await house.restart(0, { keys: [makeKey('other', new Uint8Array(32))] })
    expect(house.server.counts().sessions).toBe(0)
    await expectGone(started.sessionId, started.secret)
    await house.restart(0, { keys: [KEY] })
    await expectGone(started.sessionId, started.secret)
  })

  test('SES-140 no secret of a participant is in the database', async () => {
    const { customer, agent } = await house.pair()
    await house.restart()
    const back = await house.resume(customer.started.sessionId, customer.started.secret)
    const { secret } = await back.expect('resumed')
    await house.server.close()
    const bytes = readFileSync(place.url.replace('sqlite:', ''))
    for (const word of [customer.started.secret, secret, agent.asked.secret, customer.started.assets]) {
      expect(bytes.includes(word)).toBe(false)
      expect(bytes.includes(Buffer.from(word, 'base64url'))).toBe(false)
    }
    // What the search would find.
    expect(bytes.includes(customer.started.sessionId)).toBe(true)
  })
})

test('SES-148 gives nobody the number or the secret of an agent that a crash forgot', async () => {
  await open('SQLite')
  const customer = await house.customer()
  await house.server.history.flush()
  const file = new DatabaseSync(place.url.slice('sqlite:'.length))
  file.exec('create trigger lost before update on live_sessions begin select raise(ignore); end')
  const declined = await house.asked(customer.line, customer.pin, 'mallory')
  customer.line.say({ type: 'consent', participant: declined.asked.participant, granted: false })
  expect(await declined.line.expect('error')).toMatchObject({ code: 1100 })
  await house.restart()
  file.exec('drop trigger lost')
  file.close()
  const back = await comeBack(customer.started.sessionId, customer.started.secret)
  await back.expect('pin')
  const { line, asked } = await house.asked(back, customer.pin, 'ben')
  back.say({ type: 'consent', participant: asked.participant, granted: true })
  await line.expect('joined')
  await expectGone(customer.started.sessionId, declined.asked.secret)
  expect(asked.participant).toBeGreaterThan(declined.asked.participant)
  await close()
})
