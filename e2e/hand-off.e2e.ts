import { randomBytes } from 'node:crypto'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Key, makeKey } from '../packages/server/index.ts'
import { Harness } from './harness.ts'
import { LastingSite, last, ownFocus, sameAs, statusOf, times } from './lasting-site.ts'
import { events, until } from './session-site.ts'

const SHOP = 'shop.localhost'
const PAY = 'pay.localhost'
const EVIL = 'evil.localhost'

const allowedOrigins: string[] = []
const key: Key = { ...makeKey('dev', randomBytes(32)), company: 'Zażółć 花店', allowedOrigins }

let harness: Harness
let site: LastingSite
beforeAll(async () => {
  harness = await Harness.open({ keys: [key] })
  site = await LastingSite.open(harness)
  for (const host of [SHOP, PAY, EVIL]) allowedOrigins.push(new URL(site.url('', host)).origin)
})
afterAll(async () => {
  site.site.close()
  await harness.close()
})

const write = (page: Page, text: string) => page.evaluate((more) => document.body.append(more), text)

async function handOff(page: Page, path: string, host: string): Promise<string> {
  const answer = await page.evaluate((url) => window.customer.handOff(url), site.url(path, host))
  if (!answer.success) throw new Error(JSON.stringify(answer))
  return answer.url
}

/** Goes to an address as a link of the page does. */
async function follow(page: Page, url: string): Promise<void> {
  await Promise.all([page.waitForURL(/./, { waitUntil: 'load' }), page.evaluate((to) => location.assign(to), url)])
  await page.waitForFunction((host) => location.host === host && window.isReady, new URL(url).host)
  await ownFocus(page)
}

async function endBoth(customer: Page, agent: Page): Promise<void> {
  expect(await customer.evaluate(() => window.customer.end())).toEqual({ success: true })
  await until(agent, 'session_ended')
}

describe.each(['chromium', 'firefox'] as const)('another site, in %s', (browser) => {
  test.each(['single', 'multi'])('SES-310 the session goes on there without a new question (%s)', async (tabs) => {
    const { customer, agent } = await site.pair(browser, `/${tabs}/a`, SHOP)
    const { sessionId } = await customer.evaluate(() => window.customer.getSessionInfo())
    const url = await handOff(customer, `/${tabs}/b?c=d#part`, PAY)
    expect(url.split('&alongside=')[0]).toBe(site.url(`/${tabs}/b?c=d#part`, PAY))
    const token = /secret%22%3A%22([\w-]{43})%22/.exec(url)?.[1] ?? 'none'
    await follow(customer, url)
    await until(customer, 'agent_joined')
    await write(customer, 'over here')
    await sameAs(customer, agent)
    expect(await customer.evaluate(() => location.href)).toBe(site.url(`/${tabs}/b?c=d#part`, PAY))
    expect(await events(customer)).toEqual(['session_started', 'agent_joined'])
    expect(await customer.evaluate(() => window.customer.getSessionInfo())).toMatchObject({
      sessionId,
      sessionStatus: 'live',
    })
    const kept = await customer.evaluate(() => {
      const inCookies = document.cookie.split('; ').map((cookie) => cookie.slice(cookie.indexOf('=') + 1))
      return inCookies.map((text) => atob(text)).join() + JSON.stringify(sessionStorage)
    })
    expect(kept).toContain(sessionId)
    expect(kept).not.toContain(token)
    const { host } = new URL(url)
    expect(await last(agent, 'customer_transferred')).toMatchObject({ tab: 2, tabs: [{ tab: 2, site: host }] })
    await customer.reload()
    await until(customer, 'agent_joined')
    await customer.evaluate(() => window.customer.pause())
    await until(agent, 'session_paused')
    await follow(customer, await handOff(customer, `/${tabs}/c`, SHOP))
    await until(customer, 'session_paused')
    await customer.evaluate(() => window.customer.resume())
    await sameAs(customer, agent)
    await endBoth(customer, agent)
  })

  test('SES-312 an address that somebody else made gives them nothing', async () => {
    const attacker = await site.pair(browser, '/single/a', EVIL)
    const victim = await harness.page(browser)
    // From no page, then from a page of the attacker's.
    for (const from of [undefined, EVIL]) {
      const url = await handOff(attacker.customer, '/single/b', PAY)
      if (from) await victim.goto(site.url('/single/lure', from))
      if (from) await follow(victim, url)
      else await victim.goto(url)
      await victim.waitForFunction(() => window.isReady)
      expect(await statusOf(victim)).toBe('idle')
      expect(await victim.evaluate(() => location.href)).toBe(site.url('/single/b', PAY))
      expect(await victim.evaluate(() => sessionStorage.length)).toBe(0)
    }
    // The same address from a page of the shop counts: the defence is what stopped it.
    const url = await handOff(attacker.customer, '/single/b?wait', PAY)
    await victim.goto(site.url('/single/shop', SHOP))
    await follow(victim, url)
    expect(await statusOf(victim)).toBe('session_recoverable')
    await sameAs(attacker.customer, attacker.agent)
    await endBoth(attacker.customer, attacker.agent)
  })

  test('SES-313 an address works once, and the session stays where it is', async () => {
    const { customer, agent } = await site.pair(browser, '/single/a', SHOP)
    const url = await handOff(customer, '/single/b', PAY)
    const other = await site.tab(customer, '/single/x', SHOP)
    await customer.bringToFront()
    await follow(customer, url)
    await until(customer, 'agent_joined')
    for (let turn = 0; turn < 3; turn++) {
      await site.visit(other, '/single/x', SHOP)
      await follow(other, url)
      await other.waitForFunction(() => window.joined)
      expect(await other.evaluate(() => window.joined)).toMatchObject({ success: false, error: { code: 1107 } })
    }
    await write(customer, 'still here')
    await sameAs(customer, agent)
    await endBoth(customer, agent)
  })

  test('SES-314 a new tab takes the session along, and the former one has it again when the customer turns to it', async () => {
    const { customer, agent } = await site.pair(browser, '/single/a', SHOP)
    const url = await handOff(customer, '/single/b', PAY)
    const [second] = await Promise.all([
      customer.waitForEvent('popup'),
      customer.evaluate((to) => void window.open(to), url),
    ])
    await ownFocus(second)
    await until(second, 'agent_joined')
    await sameAs(second, agent)
    expect(await statusOf(customer)).toBe('session_recoverable')
    await customer.bringToFront()
    await customer.waitForFunction(() => window.customer?.getSessionInfo().sessionStatus === 'live')
    await times(agent, 'customer_transferred', 2)
    await write(customer, 'here again')
    await sameAs(customer, agent)
    expect(await statusOf(second)).toBe('session_recoverable')
    expect(await events(customer)).not.toContain('session_ended')
    await endBoth(customer, agent)
  })
})

test('SES-311 refuses what it cannot hand over, in promise, callback and event', async () => {
  const { customer, agent } = await site.pair('chromium', '/single/a', SHOP)
  const ask = (url: string) =>
    customer.evaluate(async (to) => {
      const called: object[] = []
      const answer = await window.customer.handOff(to, (result) => called.push(result))
      await new Promise((resolve) => queueMicrotask(() => resolve(undefined)))
      return { answer, called }
    }, url)
  const refusals: [string, object][] = [
    [site.url('/single/b', EVIL), { code: 1103, setting: 'trustedOrigins' }],
    ['http://', { code: 1103 }],
    [site.url('/single/b', PAY), { code: 1109 }],
  ]
  const [pay] = allowedOrigins.splice(1, 1)
  for (const [url, error] of refusals) {
    const { answer, called } = await ask(url)
    expect(answer).toMatchObject({ success: false, error })
    expect(called).toEqual([answer])
    expect(await last(customer, 'session_error')).toMatchObject(error)
  }
  allowedOrigins.push(pay ?? '')
  // Each of several answers is for its own question.
  const both = await customer.evaluate(
    (urls) => Promise.all(urls.map((url) => window.customer.handOff(url))),
    [site.url('/single/b', PAY), site.url('/single/c', SHOP)],
  )
  expect(both.map((answer) => answer.success && new URL(answer.url).hostname)).toEqual([PAY, SHOP])
  await endBoth(customer, agent)
  expect((await ask(site.url('/single/b', PAY))).answer).toMatchObject({ success: false, error: { code: 1011 } })
  const idle = await site.customer('chromium', '/single/a', SHOP)
  const answer = await idle.evaluate(() => window.customer.handOff(location.href))
  expect(answer).toMatchObject({ success: false, error: { code: 1011 } })
})
