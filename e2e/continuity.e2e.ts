import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Harness } from './harness.ts'
import { LastingSite, sameAs, statusOf } from './lasting-site.ts'
import { events, until } from './session-site.ts'

let harness: Harness
let shop: LastingSite
beforeAll(async () => {
  harness = await Harness.open()
  shop = await LastingSite.open(harness)
})
afterAll(async () => {
  shop.site.close()
  await harness.close()
})

const BROWSERS = ['chromium', 'firefox'] as const

describe('one tab', () => {
  test.each(BROWSERS)('SES-280 a page that is loaded again goes on with the session, in %s', async (browser) => {
    const { customer, agent } = await shop.pair(browser, '/single/a')
    const { sessionId } = await customer.evaluate(() => window.customer.getSessionInfo())
    for (let turn = 1; turn <= 3; turn++) {
      await customer.reload()
      await until(customer, 'agent_joined')
      await customer.evaluate((text) => document.body.append(text), `turn ${turn}`)
      await sameAs(customer, agent)
    }
    expect(await events(customer)).toEqual(['session_started', 'agent_joined'])
    expect(await customer.evaluate(() => window.joined)).toEqual({ success: true })
    expect(await customer.evaluate(() => window.customer.getSessionInfo())).toMatchObject({
      sessionId,
      sessionStatus: 'live',
      agents: [{ userName: 'Ana' }],
    })
    expect((await events(agent)).filter((name) => name === 'session_waiting')).toHaveLength(1)
    await customer.evaluate(() => window.customer.end())
    await until(agent, 'session_ended')
    await customer.reload()
    await customer.waitForFunction(() => window.isReady)
    expect(await statusOf(customer)).toBe('idle')
  })
})
