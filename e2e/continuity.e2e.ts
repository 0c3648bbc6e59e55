import { chromium, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CHROMIUM } from '../scripts/browsers.ts'
import { Harness } from './harness.ts'
import { LastingSite, last, ownFocus, sameAs, statusOf, times } from './lasting-site.ts'
import { end, events, start, until } from './session-site.ts'

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

const write = (page: Page, text: string) => page.evaluate((more) => document.body.append(more), text)

async function endBoth(customer: Page, agent: Page): Promise<void> {
  expect(await end(customer)).toEqual({ success: true })
  await until(agent, 'session_ended')
  expect(await last(agent, 'session_ended')).toMatchObject({ reason: 'customer_ended' })
}

describe.each(BROWSERS)('one tab, in %s', (browser) => {
  test('SES-280 a page that is loaded again goes on with the session', async () => {
    const { customer, agent } = await shop.pair(browser, '/single/a')
    const { sessionId } = await customer.evaluate(() => window.customer.getSessionInfo())
    for (let turn = 1; turn <= 3; turn++) {
      await customer.reload()
      await until(customer, 'agent_joined')
      await write(customer, `turn ${turn}`)
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
    expect(await last(agent, 'customer_connection')).toMatchObject({ connected: true })
    await endBoth(customer, agent)
    await customer.reload()
    await customer.waitForFunction(() => window.isReady)
    expect(await statusOf(customer)).toBe('idle')
  })

  test('SES-281 a link of the page leads on with the session, its pause and its PIN', async () => {
    const { customer, agent } = await shop.pair(browser, '/single/a')
    await customer.evaluate(() => window.customer.newPin())
    const pin = await customer.evaluate(() => window.customer.getSessionInfo().pinCode)
    await customer.evaluate(() => window.customer.pause())
    await until(agent, 'session_paused')
    await customer.getByRole('link', { name: 'Next page' }).click()
    await customer.waitForURL('**/ax')
    await until(customer, 'pincode_updated')
    expect(await events(customer)).toEqual(['session_started', 'session_paused', 'agent_joined', 'pincode_updated'])
    expect(await customer.evaluate(() => window.customer.getSessionInfo())).toMatchObject({
      pinCode: pin,
      paused: true,
    })
    await customer.getByRole('heading', { name: 'Sharing is paused' }).waitFor()
    await customer.evaluate(() => window.customer.resume())
    await sameAs(customer, agent)
    await endBoth(customer, agent)
  })

  test('SES-282 before it is joined the session is recoverable, can be ended, and gives way to a new start', async () => {
    const { customer, agent } = await shop.pair(browser, '/single/a')
    await shop.visit(customer, '/single/b?wait')
    expect(await statusOf(customer)).toBe('session_recoverable')
    await until(agent, 'customer_connection')
    expect(await last(agent, 'customer_connection')).toMatchObject({ connected: false, left: true })
    await endBoth(customer, agent)
    expect(await statusOf(customer)).toBe('ended')
    const next = await shop.pair(browser, '/single/a')
    await shop.visit(next.customer, '/single/b?wait')
    const answer = await start(next.customer, await harness.token('customer', 'Cora'))
    expect(answer).toEqual({ success: true })
    await until(next.agent, 'session_ended')
    expect(await events(next.customer)).toEqual(['session_ended', 'session_started', 'pincode_updated'])
    await end(next.customer)
  })

  test('SES-283 a copy of the tab neither takes the session nor ends it', async () => {
    const { customer, agent } = await shop.pair(browser, '/single/a')
    const copy = await shop.copy(customer, customer.url())
    await copy.waitForFunction(() => window.isReady)
    expect(await copy.evaluate(() => sessionStorage.length)).toBe(1)
    expect(await statusOf(copy)).toBe('idle')
    const answer = await start(copy, await harness.token('customer', 'Cora'))
    expect(answer).toMatchObject({ success: false, error: { code: 1004 } })
    await copy.close()
    await customer.bringToFront()
    await write(customer, 'still here')
    await sameAs(customer, agent)
    await customer.reload()
    await until(customer, 'agent_joined')
    await sameAs(customer, agent)
    await endBoth(customer, agent)
  })

  test('SES-284 customer and agent may load their pages at the same time', async () => {
    const { customer, agent } = await shop.pair(browser, '/single/a')
    for (let turn = 1; turn <= 2; turn++) {
      await Promise.all([customer.reload(), agent.reload()])
      await until(customer, 'agent_joined')
      await until(agent, 'view_ready')
      await write(customer, `turn ${turn}`)
      await sameAs(customer, agent)
    }
    await agent.reload()
    await until(agent, 'view_ready')
    expect(await agent.evaluate(() => window.joined)).toEqual({ success: true })
    expect((await events(agent)).slice(0, 1)).toEqual(['session_joined'])
    await sameAs(customer, agent)
    await endBoth(customer, agent)
    await agent.reload()
    await agent.waitForFunction(() => window.isReady)
    expect(await agent.evaluate(() => window.agent.getSessionInfo().sessionStatus)).toBe('idle')
  })
})

describe.each(BROWSERS)('several tabs, in %s', (browser) => {
  test('SES-286 the session follows the customer to a tab of a sub-domain and back', async () => {
    const { customer, agent } = await shop.pair(browser, '/multi/a', 'a.shop.localhost')
    const second = await shop.tab(customer, '/multi/b', 'b.shop.localhost')
    await until(second, 'agent_joined')
    await until(agent, 'customer_transferred')
    const tabs = ['a', 'b'].map((name, index) => ({
      tab: index + 1,
      site: `${name}.shop.localhost:${new URL(shop.site.origin).port}`,
    }))
    expect(await last(agent, 'customer_transferred')).toMatchObject({ tab: 2, tabs })
    await sameAs(second, agent)
    expect(await statusOf(customer)).toBe('session_recoverable')
    await customer.bringToFront()
    await customer.waitForFunction(() => window.customer?.getSessionInfo().sessionStatus === 'live')
    await times(agent, 'customer_transferred', 2)
    expect(await last(agent, 'customer_transferred')).toMatchObject({ tab: 1, tabs })
    await write(customer, 'here again')
    await sameAs(customer, agent)
    expect(await statusOf(second)).toBe('session_recoverable')
    expect(await events(customer)).not.toContain('session_ended')
    await second.reload()
    await second.waitForFunction(() => window.isReady && window.joined)
    await ownFocus(second)
    await endBoth(customer, agent)
    await second.bringToFront()
    await second.waitForFunction(() => window.customer?.getSessionInfo().sessionStatus === 'ended')
    expect(await customer.evaluate(() => document.cookie)).toBe('')
    expect(await second.evaluate(() => document.cookie)).toBe('')
  })

  test('SES-287 a tab that is closed leaves the session to the tab that the customer turns to', async () => {
    const { customer, agent } = await shop.pair(browser, '/multi/a')
    const second = await shop.tab(customer, '/multi/b')
    await until(second, 'agent_joined')
    await second.close()
    await until(agent, 'customer_connection')
    await customer.bringToFront()
    await customer.waitForFunction(() => window.customer?.getSessionInfo().sessionStatus === 'live')
    await sameAs(customer, agent)
    expect(await last(agent, 'customer_transferred')).toMatchObject({ tab: 1, tabs: [{ tab: 1 }] })
    await customer.reload()
    await until(customer, 'agent_joined')
    await sameAs(customer, agent)
    await endBoth(customer, agent)
  })

  test('SES-288 a copy of a tab is a tab of its own, and a start beside a living session is refused with 1004', async () => {
    const { customer, agent } = await shop.pair(browser, '/multi/a')
    const copy = await shop.copy(customer, `${customer.url()}?wait`)
    await copy.waitForFunction(() => window.isReady)
    expect(await statusOf(copy)).toBe('session_recoverable')
    const answer = await start(copy, await harness.token('customer', 'Cora'))
    expect(answer).toMatchObject({ success: false, error: { code: 1004 } })
    expect(await copy.evaluate(() => window.customer.join())).toEqual({ success: true })
    await until(agent, 'customer_transferred')
    expect(await last(agent, 'customer_transferred')).toMatchObject({ tab: 2 })
    await sameAs(copy, agent)
    await endBoth(copy, agent)
  })

  test('SES-289 the agent is told when the customer looks elsewhere', async () => {
    const { customer, agent } = await shop.pair(browser, '/single/a')
    const other = await customer.context().newPage()
    await other.goto('about:blank')
    await ownFocus(other)
    await until(agent, 'customer_focus_lost')
    await customer.bringToFront()
    await until(agent, 'customer_focus_gained')
    await other.bringToFront()
    await times(agent, 'customer_focus_lost', 2)
    await agent.reload()
    await until(agent, 'customer_focus_lost')
    await endBoth(customer, agent)
  })
})

describe('a page that the browser keeps', () => {
  test('SES-285 it goes on with what the pages after it have left', async () => {
    // Playwright switches the cache of whole pages off.
    const browser = await chromium.launch({ ...CHROMIUM, ignoreDefaultArgs: ['--disable-back-forward-cache'] })
    const { customer, agent } = await shop.pair('chromium', '/single/a', undefined, await browser.newPage())
    const wasKept = () => customer.evaluate(() => 'wasKept' in window)
    await customer.evaluate(() => {
      addEventListener('pageshow', ({ persisted }) => persisted && Object.assign(window, { wasKept: true }))
    })
    await shop.visit(customer, '/single/b')
    await until(customer, 'agent_joined')
    await sameAs(customer, agent)
    await customer.evaluate(() => history.back())
    await customer.waitForFunction(() => window.customer?.getSessionInfo().sessionStatus === 'live')
    expect(await wasKept()).toBe(true)
    await write(customer, 'back again')
    await sameAs(customer, agent)
    expect((await events(customer)).filter((name) => name === 'agent_joined')).toHaveLength(1)
    await shop.visit(customer, '/single/b?wait')
    await agent.evaluate(() => window.agent.end())
    await until(agent, 'session_ended')
    await customer.evaluate(() => history.back())
    await until(customer, 'session_ended')
    expect(await wasKept()).toBe(true)
    expect(await statusOf(customer)).toBe('ended')
    await browser.close()
  })
})

describe('the end', () => {
  test('SES-297 a tab that is closed ends the session when nobody came back in time', async () => {
    const own = await Harness.open({ limits: { recoveryWindowMs: 500 } })
    const ownShop = await LastingSite.open(own)
    const { customer, agent } = await ownShop.pair('chromium', '/single/a')
    await customer.close({ runBeforeUnload: false })
    await until(agent, 'session_ended')
    expect(await agent.evaluate(() => window.events.slice(-2))).toMatchObject([
      ['customer_connection', { connected: false, left: true }],
      ['session_ended', { reason: 'connection_lost' }],
    ])
    ownShop.site.close()
    await own.close()
  })

  test('SES-298 a session that is over when the page comes back says so once, and leaves nothing behind', async () => {
    const { customer, agent } = await shop.pair('chromium', '/single/a')
    await shop.visit(customer, '/single/b?wait')
    await agent.evaluate(() => window.agent.end())
    await until(agent, 'session_ended')
    const answer = await customer.evaluate(() => window.customer.join())
    expect(answer).toMatchObject({ success: false, error: { code: 1107 } })
    expect(await events(customer)).toEqual(['session_error', 'session_ended'])
    expect(await last(customer, 'session_ended')).toMatchObject({ reason: 'connection_lost' })
    expect(await customer.evaluate(() => sessionStorage.length)).toBe(0)
    expect(await statusOf(customer)).toBe('ended')
  })
})
