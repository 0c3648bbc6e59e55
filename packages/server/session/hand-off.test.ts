import { PROTOCOL_VERSION } from '@alongside/protocol'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { createTestDatabase } from '../testing/databases.ts'
import { House, KEY } from '../testing/house.ts'
import type { Line } from '../testing/line.ts'

const SHOP = 'https://shop.example'
const PAY = 'https://pay.example'
const EVIL = 'https://evil.example'

let house: House
beforeEach(async () => {
  house = await House.open()
})
afterEach(() => house.close())

/** A customer on a page of the shop, and an agent who sees it. */
async function pair() {
  const line = await house.line({ headers: { origin: SHOP } })
  line.say({ type: 'start', version: PROTOCOL_VERSION, token: await house.token(1), tab: 'shop' })
  const { sessionId, secret } = await line.expect('started')
  const { pin } = await line.expect('pin')
  const agent = await house.asked(line, pin)
  line.say({ type: 'consent', participant: 2, granted: true })
  await agent.line.expect('joined')
  await line.expect('agent_joined')
  return { line, sessionId, secret, agent: agent.line }
}

async function handOff(line: Line, origin = PAY): Promise<string> {
  line.say({ type: 'hand_off', origin })
  return (await line.expect('handed_off')).token
}

async function resume(sessionId: string, secret: string, origin?: string, tab = 'pay'): Promise<Line> {
  const line = await house.line(origin === undefined ? {} : { headers: { origin } })
  line.say({ type: 'resume', version: PROTOCOL_VERSION, sessionId, secret, tab })
  return line
}

async function expectRefused(line: Line): Promise<void> {
  expect(await line.expect('error')).toEqual({ type: 'error', code: 1107 })
  expect(await line.expectClosed()).toBe(4410)
}

async function expectMoved(former: Line): Promise<void> {
  await former.expect('moved')
  expect(await former.expectClosed()).toBe(1000)
}

/** The agent learns that the customer is at a site, and none of it twice. */
async function expectPlace(agent: Line, site: string): Promise<void> {
  expect(await agent.expect('customer_connection')).toMatchObject({ connected: true })
  const { tab, tabs } = await agent.expect('customer_transferred')
  expect(tabs.find((one) => one.tab === tab)?.site).toBe(site)
}

test('SES-300 a session goes on at the site that it was handed to, and the page before is told', async () => {
  const { line, sessionId, agent } = await pair()
  line.say({ type: 'hand_off', origin: PAY })
  const { token, expiresAt } = await line.expect('handed_off')
  expect(token).toMatch(/^[\w-]{43}$/)
  expect(expiresAt).toBe(house.clock.now() + 60_000)
  house.clock.advance(59_999)
  const pay = await resume(sessionId, token, PAY)
  const resumed = await pay.expect('resumed')
  expect(resumed.agents).toMatchObject([{ participant: 2, state: 'live' }])
  await expectMoved(line)
  await expectPlace(agent, 'pay.example')
  await pay.close()
  expect(await agent.expect('customer_connection')).toMatchObject({ connected: false })
  await (await resume(sessionId, resumed.secret, PAY)).expect('resumed')
})

test('SES-301 a token that was used, is too old, or comes from another site is refused with 1107 and counts for nothing', async () => {
  const { line, sessionId, agent } = await pair()
  const token = await handOff(line)
  const other = await house.customer()
  for (const origin of [SHOP, EVIL, undefined, 'null', `${PAY}.evil.example`, 'http://pay.example'])
    await expectRefused(await resume(sessionId, token, origin))
  await expectRefused(await resume(other.started.sessionId, token, PAY))
  // None of them used the token up, or counted as a failure.
  const pay = await resume(sessionId, token, PAY)
  await pay.expect('resumed')
  await expectMoved(line)
  for (let turn = 0; turn < 3; turn++) await expectRefused(await resume(sessionId, token, PAY))
  const late = await handOff(pay, SHOP)
  house.clock.advance(60_000)
  await expectRefused(await resume(sessionId, late, SHOP, 'shop'))
  await expectPlace(agent, 'pay.example')
  await pay.settle()
  await agent.settle()
  expect([pay.inbox, agent.inbox]).toEqual([[], []])
})

test('SES-302 an origin that is not on the list of the key gets 1109, and the session goes on', async () => {
  await house.close()
  house = await House.open({ keys: [{ ...KEY, allowedOrigins: [SHOP, PAY] }] })
  const { line, sessionId, agent } = await pair()
  line.say({ type: 'hand_off', origin: EVIL })
  expect(await line.expect('error')).toEqual({ type: 'error', code: 1109 })
  await (await resume(sessionId, await handOff(line), PAY)).expect('resumed')
  await expectMoved(line)
  await expectPlace(agent, 'pay.example')
})

test('SES-303 the customer may go back to the site before, and on to the other, with what their pages kept', async () => {
  const { line, sessionId, secret, agent } = await pair()
  const pay = await resume(sessionId, await handOff(line), PAY)
  const { secret: kept } = await pay.expect('resumed')
  await expectMoved(line)
  await pay.prove()
  await expectPlace(agent, 'pay.example')
  const shop = await resume(sessionId, secret, SHOP, 'shop')
  await shop.expect('resumed')
  await expectMoved(pay)
  await shop.prove()
  await expectPlace(agent, 'shop.example')
  // The shop has a newer one now: a site's own secrets still rotate.
  await expectRefused(await resume(sessionId, secret, SHOP, 'shop'))
  await (await resume(sessionId, kept, PAY)).expect('resumed')
  await expectMoved(shop)
  await expectPlace(agent, 'pay.example')
})

test('SES-304 after a restart each site goes on with its secret, and a token from before is worth nothing', async () => {
  await house.close()
  const place = await createTestDatabase('SQLite')
  onTestFinished(() => place.remove())
  house = await House.open({ databaseUrl: place.url })
  const { line, sessionId, secret } = await pair()
  const pay = await resume(sessionId, await handOff(line), PAY)
  const { secret: kept } = await pay.expect('resumed')
  const token = await handOff(pay, SHOP)
  await house.restart()
  await expectRefused(await resume(sessionId, token, SHOP, 'shop'))
  const back = await resume(sessionId, kept, PAY)
  await back.expect('resumed')
  await back.expect('agent_connection')
  await (await resume(sessionId, secret, SHOP, 'shop')).expect('resumed')
  await expectMoved(back)
})

test('SES-305 of a session at most 10 tokens wait, and none outlives it', async () => {
  const { line, sessionId } = await pair()
  const tokens: string[] = []
  for (let turn = 0; turn < 11; turn++) tokens.push(await handOff(line))
  await expectRefused(await resume(sessionId, tokens[0] ?? '', PAY))
  const pay = await resume(sessionId, tokens[1] ?? '', PAY)
  await pay.expect('resumed')
  pay.say({ type: 'end' })
  await pay.expect('ended')
  await expectRefused(await resume(sessionId, tokens[2] ?? '', PAY))
})

test('SES-306 what is no origin, and an agent who asks, are refused with 1105', async () => {
  const { agent } = await pair()
  for (const origin of ['pay.example', `${PAY}/`, `${PAY}/path`, 'null', '', 7, `https://${'a'.repeat(300)}.example`]) {
    const { line } = await house.customer()
    line.say({ type: 'hand_off', origin })
    expect(await line.expect('error')).toEqual({ type: 'error', code: 1105 })
  }
  agent.say({ type: 'hand_off', origin: PAY })
  expect(await agent.expect('error')).toEqual({ type: 'error', code: 1105 })
})

test('SES-307 a key that forbids several tabs allows a hand-off', async () => {
  await house.close()
  house = await House.open({ keys: [{ ...KEY, features: { ...KEY.features, multiTab: false } }] })
  const { line, sessionId } = await pair()
  const pay = await resume(sessionId, await handOff(line), PAY)
  expect(await pay.expect('resumed')).toMatchObject({ settings: { features: { multiTab: false } } })
  await expectMoved(line)
})
