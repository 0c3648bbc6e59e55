import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROTOCOL_VERSION } from '../packages/protocol/index.ts'
import { Line } from '../packages/server/testing/line.ts'
import { Harness } from './harness.ts'
import { allow, Site, until } from './session-site.ts'

let harness: Harness
let site: Site
beforeAll(async () => {
  harness = await Harness.open()
  site = await Site.open(harness)
})
afterAll(async () => {
  // Firefox counts a try to connect that failed among the errors.
  const faults = harness.takeFaults().filter((fault) => !/can’t establish a connection/.test(fault))
  expect(faults).toEqual([])
  site.close()
  await harness.close()
})

type Side = 'customer' | 'agent'

const statusOf = (page: Page, side: Side) => page.evaluate((side) => window[side].getSessionInfo().sessionStatus, side)

/** Adds what the site's pages do not keep: other agents' lines, and the status while a line is down, which may be short. */
const keepLines = (page: Page, side: Side) =>
  page.evaluate((side) => {
    type Keep = (payload: Window['events'][number][1]) => void
    // The two kinds of session have these events in common.
    const session = window[side] as { on(name: 'agent_connection' | 'session_reconnecting', listener: Keep): unknown }
    session.on('agent_connection', (payload) => window.events.push(['agent_connection', payload]))
    session.on('session_reconnecting', ({ sessionId }) =>
      window.events.push([`status ${window[side].getSessionInfo().sessionStatus}`, { sessionId }]),
    )
  }, side)

/** The payloads of an event so far, without what all have: the session's id. */
async function told(page: Page, event: string): Promise<object[]> {
  const sessionId = await page.evaluate(() => (window.customer ?? window.agent).getSessionInfo().sessionId)
  const payloads = await page.evaluate(
    (event) => window.events.flatMap(([name, payload]) => (name === event ? [payload] : [])),
    event,
  )
  return payloads.map(({ sessionId: id, ...rest }) => {
    expect([event, id]).toEqual([event, sessionId])
    return rest
  })
}

test.each(['chromium', 'firefox'] as const)(
  'CON-301 each event carries what the contract says, and getSessionInfo each status, in %s',
  async (browser) => {
    const customer = await site.customer(browser)
    await keepLines(customer, 'customer')
    expect(await statusOf(customer, 'customer')).toBe('idle')
    const sdkToken = await harness.token('customer', 'Cora')
    expect(
      await customer.evaluate((sdkToken) => {
        void window.customer.start({ sdkToken })
        return window.customer.getSessionInfo().sessionStatus
      }, sdkToken),
    ).toBe('connecting')
    await until(customer, 'pincode_updated')
    const info = await customer.evaluate(() => window.customer.getSessionInfo())
    expect(info).toMatchObject({
      sessionId: expect.stringMatching(/^[\w-]{22}$/),
      sessionStatus: 'waiting',
      pinCode: expect.stringMatching(/^\d{6}$/),
      pinExpiresAt: expect.any(Number),
    })
    const { pinCode } = info
    expect(await told(customer, 'session_started')).toEqual([{ startTime: expect.any(Number) }])
    expect(await told(customer, 'pincode_updated')).toEqual([
      { pincode: pinCode, pinCode, expiresAt: info.pinExpiresAt },
    ])

    const agent = await site.agent(browser)
    await keepLines(agent, 'agent')
    await site.join(agent, pinCode, await harness.token('agent', 'Ana', { userId: 'a-1' }))
    await until(agent, 'session_waiting')
    expect([await statusOf(agent, 'agent'), await told(agent, 'session_waiting')]).toEqual([
      'waiting',
      [{ customerName: 'Cora' }],
    ])
    await allow(customer)
    await until(agent, 'view_ready')
    const ana = { participant: 2, userId: 'a-1', userName: 'Ana' }
    expect(await told(customer, 'agent_joined')).toEqual([ana])
    expect(await told(agent, 'session_joined')).toEqual([{ startTime: expect.any(Number) }])
    for (const [page, side] of [[customer, 'customer'] as const, [agent, 'agent'] as const])
      expect(await statusOf(page, side)).toBe('live')

    await customer.evaluate(() => window.customer.pause())
    await until(agent, 'session_paused')
    await customer.evaluate(() => window.customer.resume())
    await until(agent, 'session_resumed')
    for (const page of [customer, agent])
      expect([await told(page, 'session_paused'), await told(page, 'session_resumed')]).toEqual([[{}], [{}]])

    for (const [page, side] of [[customer, 'customer'] as const, [agent, 'agent'] as const]) {
      await page.context().setOffline(true)
      await until(page, 'session_reconnecting')
      expect((await told(page, 'session_reconnecting'))[0]).toEqual({ attempt: 1 })
      await page.context().setOffline(false)
      await page.waitForFunction((side) => window[side].getSessionInfo().sessionStatus === 'live', side)
      expect(await told(page, 'status reconnecting')).toContainEqual({})
    }
    // Whether the server noticed the loss before the return is up to the browser; the return is told in any case.
    await until(agent, 'customer_connection')
    expect((await told(agent, 'customer_connection')).at(-1)).toEqual({ connected: true, left: false })

    await agent.evaluate(() => window.agent.leave())
    await until(customer, 'agent_left')
    expect(await told(customer, 'agent_left')).toEqual([{ ...ana, reason: 'left' }])
    expect(await told(agent, 'session_left')).toEqual([{}])
    await customer.evaluate(() => window.customer.end())
    expect(await told(customer, 'session_ended')).toEqual([{ reason: 'customer_ended' }])
    expect(await statusOf(customer, 'customer')).toBe('ended')
  },
)

test('CON-301 the line of another agent is told to customer and agent, and so is the end of the session', async () => {
  const { customer, agent } = await site.pair()
  await keepLines(customer, 'customer')
  await keepLines(agent, 'agent')
  await customer.evaluate(() => window.customer.newPin())
  const pinCode = await customer.evaluate(() => window.customer.getSessionInfo().pinCode)
  const token = await harness.token('agent', 'Ben', { userId: 'b-1' })
  const line = await Line.open(harness.server.port)
  line.say({ type: 'join', version: PROTOCOL_VERSION, token, pinCode })
  const { sessionId, secret } = await line.expect('asked')
  await allow(customer)
  await line.expect('joined')
  await line.close()
  const ben = { participant: 3, userId: 'b-1', userName: 'Ben' }
  for (const page of [customer, agent]) {
    await until(page, 'agent_connection')
    expect(await told(page, 'agent_connection')).toEqual([{ ...ben, connected: false }])
  }
  expect(await agent.evaluate(() => window.agent.getSessionInfo().agents)).toEqual([{ ...ben, connected: false }])
  const back = await Line.open(harness.server.port)
  back.say({ type: 'resume', version: PROTOCOL_VERSION, sessionId, secret })
  await back.expect('resumed')
  await agent.waitForFunction(() => window.agent.getSessionInfo().agents[0]?.connected)
  await agent.evaluate(() => window.agent.end())
  for (const page of [customer, agent]) {
    await until(page, 'session_ended')
    expect((await told(page, 'agent_connection'))[1]).toEqual({ ...ben, connected: true })
    expect(await told(page, 'session_ended')).toEqual([{ reason: 'agent_ended' }])
  }
  await back.close()
})
