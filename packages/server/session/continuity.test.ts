import { PROTOCOL_VERSION, type ToAgent } from '@alongside/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { House, KEY } from '../testing/house.ts'
import type { Line } from '../testing/line.ts'

const SHOP = 'https://shop.example'
const PAY = 'https://pay.shop.example'

let house: House
beforeEach(async () => {
  house = await House.open()
})
afterEach(() => house.close())

/** A customer in tab `one` of the shop, and an agent who sees the page. */
async function pairIn(tab?: string) {
  const line = await house.line({ headers: { origin: SHOP } })
  line.say({
    type: 'start',
    version: PROTOCOL_VERSION,
    token: await house.token(1),
    ...(tab === undefined ? {} : { tab }),
  })
  const { sessionId, secret } = await line.expect('started')
  const { pin } = await line.expect('pin')
  const agent = await house.asked(line, pin)
  line.say({ type: 'consent', participant: 2, granted: true })
  await agent.line.expect('joined')
  await line.expect('agent_joined')
  return { line, sessionId, secret, agent }
}

async function resumeIn(tab: string, sessionId: string, secret: string, origin = SHOP) {
  const line = await house.line({ headers: { origin } })
  line.say({ type: 'resume', version: PROTOCOL_VERSION, sessionId, secret, tab })
  return line
}

const tab = (number: number, site: string) => ({ tab: number, site })
const away = (left: boolean): ToAgent => ({ type: 'customer_connection', connected: false, ...(left ? { left } : {}) })

async function expectMoved(former: Line): Promise<void> {
  await former.expect('moved')
  expect(await former.expectClosed()).toBe(1000)
}

test('SES-270 a tab that resumes takes the session over: the former is told, and the agents learn of all tabs', async () => {
  const { line, sessionId, secret, agent } = await pairIn('one')
  const second = await resumeIn('two', sessionId, secret, PAY)
  const resumed = await second.expect('resumed')
  await expectMoved(line)
  await agent.line.expect('customer_connection')
  const tabs = [tab(1, 'shop.example'), tab(2, 'pay.shop.example')]
  expect(await agent.line.expect('customer_transferred')).toEqual({ type: 'customer_transferred', tab: 2, tabs })
  const back = await resumeIn('one', sessionId, resumed.secret)
  await back.expect('resumed')
  await expectMoved(second)
  await agent.line.expect('customer_connection')
  expect(await agent.line.expect('customer_transferred')).toEqual({ type: 'customer_transferred', tab: 1, tabs })
})

test('SES-271 a tab whose line was lost when another one resumed is forgotten; its number is not given again', async () => {
  const { line, sessionId, secret, agent } = await pairIn('one')
  await line.close()
  await agent.line.expect('customer_connection')
  const second = await resumeIn('two', sessionId, secret)
  await second.expect('resumed')
  await agent.line.expect('customer_connection')
  expect((await agent.line.expect('customer_transferred')).tabs).toEqual([tab(2, 'shop.example')])
})

test('SES-272 agents are told whether the customer looks at the tab, and only when that changes', async () => {
  const { line, agent } = await pairIn('one')
  for (const focused of [true, false, false, true]) line.say({ type: 'focus', focused })
  expect(await agent.line.expect('customer_focus')).toEqual({ type: 'customer_focus', focused: false })
  expect(await agent.line.expect('customer_focus')).toEqual({ type: 'customer_focus', focused: true })
  await line.settle()
  await agent.line.settle()
  expect(agent.line.inbox).toEqual([])
})

test('SES-273 an agent that comes in learns where the customer is; one that waits learns nothing', async () => {
  const { line, sessionId, secret, agent } = await pairIn('one')
  const second = await resumeIn('two', sessionId, secret)
  await second.expect('resumed')
  await expectMoved(line)
  second.say({ type: 'new_pin' })
  const { pin } = await second.expect('pin')
  const late = await house.asked(second, pin)
  second.say({ type: 'focus', focused: false })
  await second.settle()
  await late.line.settle()
  expect(late.line.inbox).toEqual([])
  second.say({ type: 'consent', participant: 3, granted: true })
  await late.line.expect('joined')
  expect(await late.line.expect('customer_transferred')).toMatchObject({ tab: 2 })
  expect(await late.line.expect('customer_focus')).toMatchObject({ focused: false })
  await agent.line.close()
  const back = await house.resume(agent.asked.sessionId, agent.asked.secret)
  expect(await back.expect('resumed')).toMatchObject({ startTime: expect.any(Number), agents: [{ participant: 3 }] })
  expect(await back.expect('customer_transferred')).toMatchObject({ tab: 2 })
  expect(await back.expect('customer_focus')).toMatchObject({ focused: false })
})

test('SES-274 agents are told a page that was left from a line that was lost', async () => {
  const { line, sessionId, secret, agent } = await pairIn('one')
  line.socket.close(1000)
  expect(await agent.line.expect('customer_connection')).toEqual(away(true))
  const back = await resumeIn('one', sessionId, secret)
  const { secret: next } = await back.expect('resumed')
  await agent.line.expect('customer_connection')
  back.socket.close(1001)
  expect(await agent.line.expect('customer_connection')).toEqual(away(true))
  const again = await resumeIn('one', sessionId, next)
  await again.expect('resumed')
  await agent.line.expect('customer_connection')
  await again.close()
  expect(await agent.line.expect('customer_connection')).toEqual(away(false))
})

test('SES-275 a key that forbids several tabs refuses another tab with 1004, and the session goes on in its own', async () => {
  await house.close()
  house = await House.open({ keys: [{ ...KEY, features: { ...KEY.features, multiTab: false } }] })
  const { line, sessionId, secret, agent } = await pairIn('one')
  for (let turn = 0; turn < 3; turn++) {
    const other = await resumeIn('two', sessionId, secret)
    expect(await other.expect('error')).toEqual({ type: 'error', code: 1004 })
    expect(await other.expectClosed()).toBe(4409)
  }
  await line.settle()
  expect(line.inbox).toEqual([])
  await line.close()
  expect(await agent.line.expect('customer_connection')).toEqual(away(false))
  await (await resumeIn('one', sessionId, secret)).expect('resumed')
})

test('SES-276 a tab that gives itself no name, or one that is no name, is taken as one tab or refused with 1105', async () => {
  const { line, sessionId, secret } = await pairIn()
  const back = await house.resume(sessionId, secret)
  await back.expect('resumed')
  expect(await line.expect('error')).toEqual({ type: 'error', code: 1012 })
  for (const name of ['', 'a b', 'x'.repeat(37), 7]) {
    const bad = await house.line()
    bad.say({ type: 'resume', version: PROTOCOL_VERSION, sessionId, secret, tab: name })
    expect(await bad.expect('error')).toEqual({ type: 'error', code: 1105 })
  }
})

test('SES-277 a customer with more tabs than anybody counts keeps the last ones in the list', async () => {
  const { sessionId, secret, agent } = await pairIn('t0')
  let next = secret
  for (let number = 1; number <= 25; number++) {
    const line = await resumeIn(`t${number}`, sessionId, next)
    next = (await line.expect('resumed')).secret
    await agent.line.expect('customer_connection')
    const { tab: at, tabs } = await agent.line.expect('customer_transferred')
    expect(at).toBe(number + 1)
    expect(tabs.length).toBe(Math.min(20, number + 1))
  }
})
