import { encodeFrame, PROTOCOL_VERSION } from '@alongside/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { House, KEY } from '../testing/house.ts'
import type { Line } from '../testing/line.ts'

const version = PROTOCOL_VERSION

let house: House
beforeEach(async () => {
  house = await House.open()
})
afterEach(() => house.close())

async function reopen(change: Partial<typeof KEY>): Promise<void> {
  await house.close()
  house = await House.open({ keys: [{ ...KEY, ...change }] })
}

async function say(message: Record<string, unknown>): Promise<Line> {
  const line = await house.line()
  line.say({ version, ...message })
  return line
}

const openLink = (link: string) => say({ type: 'join_link', link })

async function refused(line: Line, code: number): Promise<void> {
  expect(await line.expectSoon('error')).toMatchObject({ code })
}

const draw = (line: Line) =>
  line.socket.send(encodeFrame({ kind: 'annotation', flags: 0, peer: 1, sequence: 0 }, new Uint8Array([1])))

/** A watcher that is in, beside the agent of a pair. */
async function watched() {
  const { customer, agent } = await house.pair()
  customer.line.say({ type: 'new_pin' })
  const { pin: pinCode } = await customer.line.expectSoon('pin')
  const token = await house.token(2, { userId: 'sue', userName: 'Sue' })
  const watcher = await say({ type: 'join', token, pinCode, watchOnly: true })
  const asked = await watcher.expectSoon('asked')
  const requested = await customer.line.expectSoon('agent_requested')
  customer.line.say({ type: 'consent', participant: 3, granted: true })
  await watcher.expectSoon('joined')
  return { customer, agent, watcher, asked, requested }
}

test('SES-420 an agent that is in makes a link, its colleague asks with it once, and everybody reads who invited', async () => {
  const { customer, agent } = await house.pair()
  agent.line.say({ type: 'make_link', userName: ' Ben \u202eLee ', userId: 'ben' })
  const { link, expiresAt } = await agent.line.expectSoon('link_made')
  expect([link.length, expiresAt]).toEqual([43, house.clock.now() + 600_000])
  const colleague = await openLink(link)
  await colleague.expectSoon('asked')
  const ben = { participant: 3, userId: 'a1/ben', userName: 'Ben Lee', invitedBy: 'Agent a1' }
  expect(await customer.line.expectSoon('agent_requested')).toEqual({ type: 'agent_requested', ...ben })
  // Nothing of the page before the customer's yes.
  customer.line.socket.send(encodeFrame({ kind: 'content', flags: 0, peer: 3, sequence: 1 }))
  await customer.line.settle()
  await colleague.settle()
  expect(colleague.inbox).toEqual([])
  customer.line.say({ type: 'consent', participant: 3, granted: true })
  await colleague.expectSoon('joined')
  expect(await agent.line.expectSoon('agent_joined')).toEqual({ type: 'agent_joined', ...ben })
  await refused(await openLink(link), 1118)
})

test('SES-421 a link runs out after 10 minutes, and 20 of them are enough for as long', async () => {
  const { agent } = await house.pair()
  const make = async () => {
    agent.line.say({ type: 'make_link', userName: 'Ben' })
    return (await agent.line.expectSoon('link_made')).link
  }
  const first = await make()
  for (let made = 1; made < 20; made++) await make()
  agent.line.say({ type: 'make_link', userName: 'Ben' })
  expect(await agent.line.expectSoon('error')).toEqual({ type: 'error', code: 1102, retryAfter: 30 })
  house.clock.advance(600_000)
  await refused(await openLink(first), 1118)
  // The refusal left the agent where it was.
  await make()
})

test('SES-421 no link is made by who is not in or only watches, nor where the customer is not asked', async () => {
  const { line, pin } = await house.customer()
  const waiting = await house.asked(line, pin)
  waiting.line.say({ type: 'make_link', userName: 'Ben' })
  await refused(waiting.line, 1105)
  const { watcher } = await watched()
  watcher.say({ type: 'make_link', userName: 'Ben' })
  await refused(watcher, 1120)
  await reopen({ consent: 'agent_initiated' })
  const { agent } = await house.pair()
  agent.line.say({ type: 'make_link', userName: 'Ben' })
  await refused(agent.line, 1119)
  expect([watcher, agent.line].map(({ socket }) => socket.readyState === socket.OPEN)).toEqual([false, true])
})

test('SES-422 an agent who only watches is asked about and announced as such', async () => {
  const { agent, asked, requested } = await watched()
  expect(asked).toMatchObject({ watchOnly: true })
  const sue = { participant: 3, userId: 'sue', userName: 'Sue', watchOnly: true }
  expect(requested).toEqual({ type: 'agent_requested', ...sue })
  expect(await agent.line.expectSoon('agent_joined')).toEqual({ type: 'agent_joined', ...sue })
})

test('SES-423 neither draws, acts, has the hand, nor ends the session for others; the control does', async () => {
  const { customer, agent, watcher } = await watched()
  await customer.line.expectSoon('agent_joined')
  await agent.line.expectSoon('agent_joined')
  draw(watcher)
  watcher.socket.send(encodeFrame({ kind: 'action', flags: 0, peer: 1, sequence: 0 }, new Uint8Array([1])))
  watcher.say({ type: 'assist_request', types: ['click'] })
  expect(await watcher.expectSoon('assist_rejected')).toMatchObject({ reason: 'off' })
  await customer.line.settle()
  expect(customer.line.inbox).toEqual([])
  agent.line.say({ type: 'assist_pass', participant: 3 })
  expect(await agent.line.expectSoon('assist_rejected')).toMatchObject({ reason: 'unavailable' })
  draw(agent.line)
  expect((await customer.line.expectFrame())[0]).toBe(4)
  // It sees: its acknowledgements pass.
  watcher.socket.send(encodeFrame({ kind: 'restart', flags: 0, peer: 1, sequence: 0 }))
  expect((await customer.line.expectFrame())[0]).toBe(3)
  watcher.say({ type: 'end' })
  expect(await customer.line.expectSoon('agent_left')).toMatchObject({ participant: 3, reason: 'left' })
  await agent.line.expectSoon('agent_left')
  expect(house.server.counts().sessions).toBe(1)
})

test('SES-423 it stays one after its line was lost', async () => {
  const { customer, watcher, asked } = await watched()
  await customer.line.expectSoon('agent_joined')
  await watcher.close()
  await customer.line.expectSoon('agent_connection')
  const back = await house.resume(asked.sessionId, asked.secret)
  expect(await back.expectSoon('resumed')).toMatchObject({ watchOnly: true })
  await customer.line.expectSoon('agent_connection')
  draw(back)
  await back.settle()
  await customer.line.settle()
  expect(customer.line.inbox).toEqual([])
})

test('SES-424 token and link decide: who may only watch cannot choose to do more', async () => {
  const { line: customer, pin, started } = await house.customer()
  const token = await house.token(2, { userId: 'tom', userName: 'Tom', watchOnly: 1 })
  await (await say({ type: 'join', token, pinCode: pin })).expectSoon('asked')
  expect(await customer.expectSoon('agent_requested')).toMatchObject({ userId: 'tom', watchOnly: true })
  customer.say({ type: 'consent', participant: 2, granted: false })
  await customer.expectSoon('agent_left')
  await customer.expectSoon('pin')
  const listed = await say({ type: 'join_session', token, sessionId: started.sessionId })
  await listed.expectSoon('asked')
  expect(await customer.expectSoon('agent_requested')).toMatchObject({ userId: 'tom', watchOnly: true })
  customer.say({ type: 'consent', participant: 3, granted: true })
  await listed.expectSoon('joined')
  const { agent } = await house.pair()
  agent.line.say({ type: 'make_link', userName: 'Ben', watchOnly: true })
  const { link } = await agent.line.expectSoon('link_made')
  expect(await (await openLink(link)).expectSoon('asked')).toMatchObject({ watchOnly: true })
})

test('SES-424 five places are five, whoever watches', async () => {
  const { customer } = await watched()
  for (let n = 4; n <= 6; n++) {
    await customer.line.expectSoon('agent_joined')
    customer.line.say({ type: 'new_pin' })
    await house.asked(customer.line, (await customer.line.expectSoon('pin')).pin)
    customer.line.say({ type: 'consent', participant: n, granted: true })
  }
  await customer.line.expectSoon('agent_joined')
  customer.line.say({ type: 'new_pin' })
  const { pin: pinCode } = await customer.line.expectSoon('pin')
  const token = await house.token(2, { userId: 'sixth' })
  await refused(await say({ type: 'join', token, pinCode, watchOnly: true }), 1013)
})

test('SES-425 nobody is invited under the id of somebody else, and ids of guests are as long as others may be', async () => {
  const { customer, agent } = await house.pair()
  const idOf = async (named: object) => {
    agent.line.say({ type: 'make_link', userName: 'Boss', ...named })
    const { link } = await agent.line.expectSoon('link_made')
    const guest = await openLink(link)
    await guest.expectSoon('asked')
    const { userId } = await customer.line.expectSoon('agent_requested')
    return userId
  }
  expect(await idOf({ userId: 'boss' })).toBe('a1/boss')
  expect(await idOf({})).toMatch(/^a1\/[\da-f-]{36}$/)
  expect(await idOf({ userId: 'x'.repeat(80) })).toBe(`a1/${'x'.repeat(40)}`)
})
