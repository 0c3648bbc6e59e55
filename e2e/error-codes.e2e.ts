import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { HEADER_BYTES, PROTOCOL_VERSION } from '../packages/protocol/index.ts'
import type { PinHolder } from '../packages/server/backplane.ts'
import { makeKey } from '../packages/server/key.ts'
import { DEFAULT_LIMITS } from '../packages/server/limits.ts'
import { MemoryBackplane } from '../packages/server/memory-backplane.ts'
import { Line } from '../packages/server/testing/line.ts'
import { ManualClock } from '../packages/server/testing/manual-clock.ts'
import { Harness } from './harness.ts'
import { call, expectRefused, type Outcome } from './refusal.ts'
import { allow, end, Site, until } from './session-site.ts'

/** A backplane that a test can make full or break. */
class FaultyBackplane extends MemoryBackplane {
  fault: 'full' | 'broken' | undefined

  override async claimPin(sdkKey: string, pin: string, holder: PinHolder, lifetimeMs: number): Promise<boolean> {
    this.#check()
    return this.fault !== 'full' && super.claimPin(sdkKey, pin, holder, lifetimeMs)
  }

  override async findPin(sdkKey: string, pin: string): Promise<PinHolder | undefined> {
    this.#check()
    return super.findPin(sdkKey, pin)
  }

  #check(): void {
    if (this.fault === 'broken') throw new Error('the store behind does not answer')
  }
}

const clock = new ManualClock()
const backplane = new FaultyBackplane(clock)
const lines: Line[] = []
let harness: Harness
let site: Site
beforeAll(async () => {
  const attempts = { ...DEFAULT_LIMITS.attempts, perAgent: 3 }
  harness = await Harness.open({ clock, backplane, limits: { attempts, pingIntervalMs: 86_400_000 } })
  site = await Site.open(harness)
})
afterEach(async () => {
  backplane.fault = undefined
  await Promise.all(lines.splice(0).map((line) => line.close()))
})
afterAll(async () => {
  site.close()
  await harness.close()
})

async function starting(claims: { enableByop?: 0 | 1 } = {}) {
  return { page: await site.customer(), sdkToken: await harness.token('customer', 'Cora', claims) }
}

async function joining(pinCode = '000000', userId = `agent-${lines.length}-${Math.random()}`) {
  const sdkToken = await harness.token('agent', 'Ana', { userId })
  return { page: await site.agent(), options: { pinCode, sdkToken } }
}

/** A further agent, without a browser, that the customer lets in. */
async function letIn(customer: Page, userId: string): Promise<void> {
  await customer.evaluate(() => window.customer.newPin())
  const pinCode = await customer.evaluate(() => window.customer.getSessionInfo().pinCode)
  const line = await Line.open(harness.server.port)
  lines.push(line)
  line.say({
    type: 'join',
    version: PROTOCOL_VERSION,
    token: await harness.token('agent', userId, { userId }),
    pinCode,
  })
  await line.expect('asked')
  await allow(customer)
  await line.expect('joined')
}

test('ERR-1001 a start for which no PIN is free', async () => {
  const { page, sdkToken } = await starting()
  backplane.fault = 'full'
  expectRefused(await call(page, 'customer', 'start', { sdkToken }), 1001, [sdkToken])
})

test('ERR-1001 a start that is ended meanwhile', async () => {
  const { page, sdkToken } = await starting()
  const outcome = page.evaluate(async (token) => {
    const told: object[] = []
    const called: object[] = []
    window.customer.on('session_error', (payload) => told.push(payload))
    const answer = window.customer.start({ sdkToken: token }, (result) => called.push(result))
    void window.customer.end()
    return { answer: await answer, called: [await answer], told }
  }, sdkToken)
  expectRefused((await outcome) as Outcome, 1001)
})

test('ERR-1001 a page whose copy breaks twice cannot be shared: the event says so, and the session ends', async () => {
  const { page, pin } = await site.waiting()
  const { page: agent, options } = await joining(pin)
  const joined = call(agent, 'agent', 'join', options)
  await page.evaluate(() => {
    MutationObserver.prototype.observe = () => {
      throw new Error('a page that does not let itself be watched')
    }
  })
  await allow(page)
  await joined
  await until(page, 'session_ended')
  const told = await page.evaluate(() => window.events.filter(([name]) => /error|ended/.test(name)))
  expect(told).toMatchObject([
    ['session_error', { code: 1108 }],
    ['session_error', { code: 1001, name: 'SESSION_START_FAILED' }],
    ['session_ended', { reason: 'failed' }],
  ])
  await until(agent, 'session_ended')
})

test('ERR-1002 a start during a start, and a join during a join', async () => {
  const { page, sdkToken } = await starting()
  expectRefused(await call(page, 'customer', 'start', { sdkToken }, 'start'), 1002)
  await until(page, 'pincode_updated')
  const agent = await joining(await page.evaluate(() => window.customer.getSessionInfo().pinCode))
  expectRefused(await call(agent.page, 'agent', 'join', agent.options, 'join'), 1002)
  await end(page)
})

test('ERR-1004 a start while a session is active', async () => {
  const { page, pin } = await site.waiting()
  const sdkToken = await harness.token('customer', 'Cora')
  expectRefused(await call(page, 'customer', 'start', { sdkToken }), 1004, [pin])
  await end(page)
})

test('ERR-1006 a PIN that leads nowhere', async () => {
  const { page, options } = await joining('918273')
  expectRefused(await call(page, 'agent', 'join', options), 1006, ['918273', options.sdkToken])
})

test.each(['', '12-?', 'ABCDEFGHIJK', 'ÄÖÜ', '1'.repeat(40)])('ERR-1008 a PIN of a wrong form: %s', async (pin) => {
  const { page, options } = await joining(pin)
  expectRefused(await call(page, 'agent', 'join', options), 1008, pin ? [pin] : [])
  const customer = await starting({ enableByop: 1 })
  const given = { sdkToken: customer.sdkToken, customPinCode: pin }
  expectRefused(await call(customer.page, 'customer', 'start', given), 1008, pin ? [pin] : [])
})

test('ERR-1009 a token for own PINs without one', async () => {
  const { page, sdkToken } = await starting({ enableByop: 1 })
  expectRefused(await call(page, 'customer', 'start', { sdkToken }), 1009)
})

test('ERR-1010 an own PIN that is in use', async () => {
  const first = await starting({ enableByop: 1 })
  const given = { sdkToken: first.sdkToken, customPinCode: 'CASE7' }
  expect((await call(first.page, 'customer', 'start', given)).answer).toEqual({ success: true })
  const second = await starting({ enableByop: 1 })
  expectRefused(await call(second.page, 'customer', 'start', { ...given, customPinCode: 'case-7' }), 1010, ['CASE7'])
  await end(first.page)
})

test('ERR-1011 a session that ends before the agent is in; the event is session_ended', async () => {
  const { page: customer, pin } = await site.waiting()
  const { page, options } = await joining(pin)
  const outcome = call(page, 'agent', 'join', options)
  await until(page, 'session_waiting')
  await end(customer)
  const { answer, called } = await outcome
  expect(answer).toMatchObject({ success: false, error: { code: 1011, name: 'SESSION_JOIN_FAILED' } })
  expect(called).toEqual([answer])
  await until(page, 'session_ended')
})

test('ERR-1012 a second customer with the same secret sends the first away', async () => {
  const customer = await harness.page()
  const hello: { sessionId?: string; secret?: string; tab?: string } = {}
  customer.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => Object.assign(hello, { tab: JSON.parse(String(payload)).tab }))
    socket.on('framereceived', ({ payload }) => {
      const message = JSON.parse(String(payload))
      if (message.type === 'started') Object.assign(hello, { sessionId: message.sessionId, secret: message.secret })
    })
  })
  await site.customer('chromium', customer)
  const sdkToken = await harness.token('customer', 'Cora')
  await call(customer, 'customer', 'start', { sdkToken })
  const line = await Line.open(harness.server.port)
  lines.push(line)
  line.say({ type: 'resume', version: PROTOCOL_VERSION, ...hello })
  await line.expect('resumed')
  await until(customer, 'session_error')
  const told = await customer.evaluate(() => window.events.filter(([name]) => name === 'session_error'))
  expect(told[0]?.[1]).toMatchObject({ code: 1012, name: 'SESSION_CUSTOMER_COUNT_LIMIT' })
  line.say({ type: 'end' })
  await until(customer, 'session_ended')
})

test('ERR-1013 a sixth agent', async () => {
  const { page: customer } = await site.waiting()
  for (let n = 1; n <= 5; n++) await letIn(customer, `agent-${n}`)
  await customer.evaluate(() => window.customer.newPin())
  const pin = await customer.evaluate(() => window.customer.getSessionInfo().pinCode)
  const { page, options } = await joining(pin)
  expectRefused(await call(page, 'agent', 'join', options), 1013, [pin])
  await end(customer)
})

test('ERR-1015 a user who is in the session already', async () => {
  const { page: customer } = await site.waiting()
  await letIn(customer, 'twice')
  await customer.evaluate(() => window.customer.newPin())
  const pin = await customer.evaluate(() => window.customer.getSessionInfo().pinCode)
  const { page, options } = await joining(pin, 'twice')
  expectRefused(await call(page, 'agent', 'join', options), 1015, [pin])
  await end(customer)
})

test('ERR-1016 no server, at the start and at the join', async () => {
  const { page, sdkToken } = await starting()
  await page.context().setOffline(true)
  expectRefused(await call(page, 'customer', 'start', { sdkToken }), 1016)
  const agent = await joining()
  await agent.page.context().setOffline(true)
  expectRefused(await call(agent.page, 'agent', 'join', agent.options), 1016)
})

test('ERR-1017 a start while the session ends', async () => {
  const { page } = await site.waiting()
  const sdkToken = await harness.token('customer', 'Cora')
  expectRefused(await call(page, 'customer', 'start', { sdkToken }, 'end'), 1017)
  await until(page, 'session_ended')
})

test('ERR-1100 a customer who says no', async () => {
  const { page: customer, pin } = await site.waiting()
  const { page, options } = await joining(pin)
  const outcome = call(page, 'agent', 'join', options)
  await customer.getByRole('button', { name: 'Don’t allow' }).click()
  expectRefused(await outcome, 1100, [pin])
  await end(customer)
})

test('ERR-1101 a customer who does not answer for three minutes', async () => {
  const { page: customer, pin } = await site.waiting()
  const { page, options } = await joining(pin)
  const outcome = call(page, 'agent', 'join', options)
  await until(page, 'session_waiting')
  clock.advance(179_000)
  expect(await page.evaluate(() => window.agent.getSessionInfo().sessionStatus)).toBe('waiting')
  clock.advance(1_000)
  expectRefused(await outcome, 1101)
  await until(customer, 'session_ended')
})

test('ERR-1102 too many tries; the seconds to wait come along', async () => {
  const { page, options } = await joining('918273')
  let outcome = await call(page, 'agent', 'join', options)
  for (let tries = 1; outcome.answer?.error?.code === 1006; tries++) {
    expect(tries).toBeLessThanOrEqual(4)
    outcome = await call(page, 'agent', 'join', options)
  }
  expectRefused(outcome, 1102)
  expect(outcome.answer?.error).toMatchObject({ retryAfter: expect.any(Number) })
})

test('ERR-1107 nothing to take up again', async () => {
  expectRefused(await call(await site.customer(), 'customer', 'join'), 1107)
  expectRefused(await call(await site.agent(), 'agent', 'join'), 1107)
})

test('ERR-1108 a copy that breaks however often it begins anew', async () => {
  const { page: customer, pin } = await site.waiting()
  const agent = await harness.page()
  await agent.routeWebSocket('**/socket', (socket) => {
    const server = socket.connectToServer()
    socket.onMessage((message) => server.send(message))
    server.onMessage((message) => {
      if (typeof message !== 'string') message.fill(255, HEADER_BYTES)
      socket.send(message)
    })
  })
  await agent.goto(`${site.origin}/agent`)
  await site.prepareAgent(agent)
  await site.join(agent, pin)
  await allow(customer)
  await until(agent, 'session_ended')
  const told = await agent.evaluate(() => window.events.filter(([name]) => /error|ended/.test(name)))
  expect(told).toMatchObject([
    ['session_error', { code: 1108, name: 'MIRROR_FAILED' }],
    ['session_ended', { reason: 'failed' }],
  ])
  await end(customer)
})

test('ERR-1109 a site that is not on the list of the key', async () => {
  const key = { ...makeKey('dev', new TextEncoder().encode('a secret of thirty-two characters')) }
  const own = await Harness.open({ keys: [{ ...key, allowedOrigins: ['https://shop.example'] }] })
  const ownSite = await Site.open(own)
  const page = await ownSite.customer()
  const sdkToken = await own.token('customer', 'Cora')
  expectRefused(await call(page, 'customer', 'start', { sdkToken }), 1109)
  ownSite.close()
  await own.close()
})

test('ERR-2001 a token that is forged, for the other role, too long, or missing', async () => {
  const good = await harness.token('customer', 'Cora')
  const others = await harness.token('agent', 'Ana')
  for (const sdkToken of [`${good}x`, others, `${good}${'x'.repeat(5_000)}`, 'a.b.c', '']) {
    const page = await site.customer()
    expectRefused(await call(page, 'customer', 'start', { sdkToken }), 2001, sdkToken ? [sdkToken] : [])
  }
  for (const sdkToken of [`${others}x`, good, 'a.b.c', '']) {
    const page = await site.agent()
    const given = { pinCode: '123456', sdkToken }
    expectRefused(await call(page, 'agent', 'join', given), 2001, sdkToken ? [sdkToken] : [])
  }
})

test('ERR-2001 an own PIN with a token that does not allow it says which claim is missing', async () => {
  const { page, sdkToken } = await starting()
  const outcome = await call(page, 'customer', 'start', { sdkToken, customPinCode: 'CASE1' })
  expectRefused(outcome, 2001, ['CASE1', sdkToken])
  expect(JSON.stringify(outcome.answer)).toContain('enable_byop: 1')
})

test('ERR-9999 a fault of ours: what the server stands on does not answer', async () => {
  const { page, sdkToken } = await starting()
  const agent = await joining()
  backplane.fault = 'broken'
  expectRefused(await call(page, 'customer', 'start', { sdkToken }), 9999, ['store behind'])
  expectRefused(await call(agent.page, 'agent', 'join', agent.options), 9999, ['store behind'])
  backplane.fault = undefined
  expect((await call(page, 'customer', 'start', { sdkToken })).answer).toEqual({ success: true })
  await end(page)
})
