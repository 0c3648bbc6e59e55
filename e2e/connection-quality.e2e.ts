import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { decodeHeader } from '../packages/protocol/index.ts'
import type { ConnectionQuality } from '../packages/sdk/agent/connection-quality.ts'
import { openSite } from './opened-site.ts'
import { allow, until } from './session-site.ts'

const { site } = await openSite()

declare global {
  interface Window {
    measured: ConnectionQuality[]
  }
}

const DELAY_MS = 400

/** An agent's page whose frames take their time, and that counts its probes. */
async function slow(page: Page, count: { probes: number }): Promise<void> {
  await page.routeWebSocket('**/socket', (socket) => {
    const server = socket.connectToServer()
    socket.onMessage((message) => {
      if (typeof message !== 'string' && decodeHeader(message)?.kind === 'probe') count.probes++
      setTimeout(() => server.send(message), DELAY_MS)
    })
    server.onMessage((message) => socket.send(message))
  })
}

const listen = (agent: Page) =>
  agent.evaluate(() => {
    window.measured = []
    window.agent.on('connection_quality', (quality) => window.measured.push(quality))
  })

const measured = async (agent: Page, count: number) => {
  await agent.waitForFunction((count) => window.measured.length >= count, count)
  return agent.evaluate(() => window.measured)
}

test.each(['chromium', 'firefox'] as const)(
  'SES-410 an agent learns how the way to the page is, and no probe leaves before somebody listens, in %s',
  async (browser) => {
    const count = { probes: 0 }
    const { customer, agent } = await site.pair(browser, (page) => slow(page, count))
    expect(count.probes).toBe(0)
    await listen(agent)
    const [first] = await measured(agent, 1)
    expect(first).toMatchObject({ sessionId: expect.any(String), inSync: expect.any(Boolean) })
    expect(first?.latency).toBeGreaterThanOrEqual(DELAY_MS)
    expect(first?.serverLatency).toBeGreaterThanOrEqual(DELAY_MS)
    expect(first?.behind).toBeGreaterThanOrEqual(DELAY_MS / 2)
    // Both ways to the server and the page, and no more.
    expect(count.probes % 2).toBe(0)
    await customer.evaluate(() => window.customer.end())
  },
)

test('SES-410 a quick line is in sync, and a page that sleeps is not', async () => {
  const { page: customer, pin } = await site.waiting()
  const agent = await site.agent()
  await site.join(agent, pin)
  await allow(customer)
  await until(agent, 'view_ready')
  await listen(agent)
  await agent.waitForFunction(() => window.measured.some(({ inSync, behind }) => inSync && behind < 1_000))
  // The page is busy with itself for as long as two beats of the probes.
  const asleep = customer.evaluate(() => {
    const until = performance.now() + 7_500
    while (performance.now() < until);
  })
  await agent.waitForFunction(() => window.measured.some(({ inSync, behind }) => !inSync && behind > 2_000))
  await asleep
  const before = (await measured(agent, 1)).length
  await agent.waitForFunction((before) => window.measured.slice(before).some(({ inSync }) => inSync), before)
  await customer.evaluate(() => window.customer.end())
})
