import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { PROTOCOL_VERSION } from '../packages/protocol/index.ts'
import { makeKey } from '../packages/server/key.ts'
import { Line } from '../packages/server/testing/line.ts'
import { ManualClock } from '../packages/server/testing/manual-clock.ts'
import { Harness } from './harness.ts'
import { call, expectRefused } from './refusal.ts'
import { end, Site } from './session-site.ts'

const DEVICE = 'a-device-of-cora'
const UNKNOWN = 'A'.repeat(43)

const clock = new ManualClock()
const lines: Line[] = []
let harness: Harness
let site: Site
beforeAll(async () => {
  harness = await Harness.open({ clock, limits: { pingIntervalMs: 86_400_000 } })
  site = await Site.open(harness)
})
afterEach(() => Promise.all(lines.splice(0).map((line) => line.close())))
afterAll(async () => {
  site.close()
  await harness.close()
})

/** A page in the background without a browser: it is on the list, and answers what a test lets it answer. */
async function registered(): Promise<Line> {
  const line = await Line.open(harness.server.port)
  lines.push(line)
  line.say({ type: 'register', version: PROTOCOL_VERSION, sdkKey: 'dev', deviceId: DEVICE })
  await line.expect('registered')
  return line
}

const calling = async (deviceId = DEVICE) => ({ deviceId, sdkToken: await harness.token('agent', 'Ana') })

test('ERR-1105 what the server does not understand, from both roles', async () => {
  expectRefused(await call(await site.customer(), 'customer', 'start', { deviceId: 'no id' }), 1105)
  expectRefused(await call(await site.agent(), 'agent', 'join', { link: 'x'.repeat(65) }), 1105)
})

test('ERR-1106 what is too large for the server, from both roles', async () => {
  const customData = { note: 'x'.repeat(17_000) }
  expectRefused(await call(await site.customer(), 'customer', 'start', { deviceId: DEVICE, customData }), 1106)
  expectRefused(await call(await site.agent(), 'agent', 'join', { link: 'x'.repeat(17_000) }), 1106)
})

test('ERR-1112 a call to a customer who is no longer there', async () => {
  expectRefused(await call(await site.agent(), 'agent', 'join', await calling('nobody-has-this')), 1112)
})

test('ERR-1113 a call to a page that cannot start', async () => {
  const device = await registered()
  const outcome = call(await site.agent(), 'agent', 'join', await calling())
  const { invitation } = await device.expect('invited')
  device.say({ type: 'busy', invitation })
  expectRefused(await outcome, 1113)
})

test('ERR-1114 a call to a page that does not answer within 20 seconds', async () => {
  const device = await registered()
  const page = await site.agent()
  const outcome = call(page, 'agent', 'join', await calling())
  await device.expect('invited')
  clock.advance(19_999)
  expect(await page.evaluate(() => window.agent.getSessionInfo().sessionStatus)).toBe('connecting')
  clock.advance(1)
  expectRefused(await outcome, 1114)
})

test('ERR-1117 a start for an agent who no longer waits', async () => {
  const page = await site.customer()
  const over = { deviceId: DEVICE, invitation: UNKNOWN }
  expectRefused(await call(page, 'customer', 'start', over), 1117, [UNKNOWN])
  // The page itself may go on: a start of its own works.
  expect((await call(page, 'customer', 'start', { deviceId: DEVICE })).answer).toEqual({ success: true })
  await end(page)
})

test('ERR-1118 a link that leads nowhere', async () => {
  expectRefused(await call(await site.agent(), 'agent', 'join', { link: UNKNOWN }), 1118, [UNKNOWN])
})

/** What a key forbids: a page of its own server, whose first key has the name that pages of the site use. */
async function forbidding(change: object, refused: (site: Site, own: Harness) => Promise<void>) {
  const own = await Harness.open({ keys: [{ ...makeKey('dev', randomBytes(32)), ...change }] })
  const ownSite = await Site.open(own)
  await refused(ownSite, own)
  ownSite.close()
  await own.close()
}

test('ERR-1115 a call and a list where the key has no presence', async () => {
  const { features } = makeKey('dev', randomBytes(32))
  const change = { features: { ...features, presence: false } }
  await forbidding(change, async (ownSite, own) => {
    const sdkToken = await own.token('agent', 'Ana')
    const page = await ownSite.agent()
    expectRefused(await call(page, 'agent', 'join', { deviceId: DEVICE, sdkToken }), 1115)
    const { answer, called } = await call(page, 'agent', 'listDevices', { sdkToken })
    expect(answer).toMatchObject({ success: false, error: { code: 1115, name: 'PRESENCE_OFF' } })
    expect(called).toEqual([answer])
  })
})

test('ERR-1116 a start without a token where the key wants one', async () => {
  await forbidding({ anonymous: false }, async (ownSite) => {
    expectRefused(await call(await ownSite.customer(), 'customer', 'start', { deviceId: DEVICE }), 1116)
  })
})
