import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CobrowseSite } from './cobrowse-site.ts'
import { Harness } from './harness.ts'
import { allow, copyOf, Site, seen, until } from './session-site.ts'

const BROWSERS = ['chromium', 'firefox'] as const

let harness: Harness
let site: CobrowseSite
let agents: Site
beforeAll(async () => {
  harness = await Harness.open()
  site = await CobrowseSite.open(harness)
  agents = await Site.open(harness)
})
afterAll(async () => {
  site.close()
  agents.close()
  await harness.close()
})

/** The code that the page shows, by its own means. */
async function codeOn(page: Page): Promise<string> {
  await page.waitForFunction(() => /^\d{6}$/.test(document.getElementById('code')?.textContent ?? ''))
  return page.locator('#code').innerText()
}

const present = () => harness.server.presence.list('dev', { pageSize: 30 }).devices

/** Waits until so many devices are present. */
async function presentAre(count: number): Promise<void> {
  await expect.poll(() => present().length, { timeout: 30_000, interval: 20 }).toBe(count)
}

const happened = (page: Page, event: string) =>
  page.waitForFunction((wanted) => window.happened.includes(wanted), event)

describe.each(BROWSERS)('in %s', (browser) => {
  test('CIO-2 a page with the snippet: code, question, live copy with its masks, and the end by the customer', async () => {
    const page = await site.page('snippet', browser)
    await page.evaluate(() => window.started)
    await presentAre(1)
    expect(present()).toMatchObject([
      {
        id: await page.evaluate(() => window.CobrowseIO.deviceId()),
        customData: { user_id: '42', user_name: 'Cora Lind', user_email: 'cora@example.com', device_name: 'Shop' },
      },
    ])
    expect(await page.evaluate(() => document.querySelectorAll('html > *').length)).toBe(2)
    await page.getByRole('button', { name: 'Get a support code' }).click()
    const code = await codeOn(page)
    // The page shows the code itself: nothing of ours is there before an agent asks.
    expect(await page.evaluate(() => document.querySelectorAll('html > *').length)).toBe(2)
    const agent = await agents.agent(browser)
    await agents.join(agent, code)
    await until(agent, 'session_waiting')
    expect(await agent.evaluate(() => window.agent.getSessionInfo().customerName)).toBe('Cora Lind')
    await happened(page, 'session.updated authorizing')
    await allow(page)
    await seen(agent, 'Your account')
    const copy = await copyOf(agent)
    expect(copy).toContain('in euros')
    expect(copy).not.toMatch(/1234|5678/)
    await happened(page, 'session.updated active')
    const found = await page.evaluate(async (code) => {
      const { CobrowseIO } = window
      const current = CobrowseIO.currentSession
      const byId = await CobrowseIO.getSession(current?.id() ?? '')
      const byCode = await CobrowseIO.getSession(code)
      const stranger = await CobrowseIO.getSession('000000').catch((error) => error.code)
      return {
        same: byId === current && byCode === current,
        active: current?.isActive(),
        agent: current?.agent()?.name,
        capabilities: current?.capabilities(),
        stranger,
      }
    }, code)
    expect(found).toEqual({
      same: true,
      active: true,
      agent: 'Ana',
      capabilities: ['cursor', 'drawing', 'laser', 'scroll'],
      stranger: 1006,
    })
    await page.getByRole('button', { name: 'End' }).click()
    await until(agent, 'session_ended')
    await happened(page, 'session.ended ended')
    expect(await page.evaluate(() => window.CobrowseIO.currentSession)).toBe(null)
    await page.close()
    await presentAre(0)
  })

  test('CIO-3 the package under the name cobrowse-sdk-js: code, live copy, and the end by the agent', async () => {
    const page = await site.page('package', browser)
    const code = await codeOn(page)
    const agent = await agents.agent(browser)
    await agents.join(agent, code)
    await allow(page)
    await seen(agent, 'Your account')
    await agent.evaluate(() => void window.agent.end())
    await page.waitForFunction(() => window.CobrowseIO.currentSession === null)
    await page.close()
    await presentAre(0)
  })

  test('CIO-4 own consent and controls replace ours, by promise, by rejection and by activate', async () => {
    const page = await site.page('controls', browser)
    const nextCode = () => page.evaluate(() => window.CobrowseIO.createSessionCode())
    const ask = async (code: string) => {
      const agent = await agents.agent(browser)
      await agents.join(agent, code)
      await page.locator('#ask').waitFor({ state: 'visible' })
      return agent
    }
    const declined = await ask(await nextCode())
    expect(await page.locator('#who').innerText()).toBe('Ana')
    await page.locator('#no').click()
    await until(declined, 'session_error')
    expect(await declined.evaluate(() => window.events.at(-1)?.[1].code)).toBe(1100)
    for (const button of ['#yes', '#activate']) {
      const agent = await ask(await nextCode())
      await page.locator(button).click()
      await seen(agent, 'Your account')
      await page.locator('#controls').waitFor({ state: 'visible' })
      expect(await page.evaluate(() => document.querySelectorAll('html > *').length)).toBe(2)
      await page.getByRole('button', { name: 'Stop sharing' }).click()
      await until(agent, 'session_ended')
      await page.locator('#controls').waitFor({ state: 'hidden' })
    }
    await page.close()
    await presentAre(0)
  })

  test('RA-55 a page of Cobrowse.io answers for remote control itself, and its capabilities are the kinds', async () => {
    const page = await site.page('controls', browser)
    await page.evaluate(() => {
      window.CobrowseIO.capabilities = ['scroll', 'pointer']
      window.CobrowseIO.confirmRemoteControl = () => {
        window.happened.push('asked about control')
        return Promise.resolve(window.happened.length > 1)
      }
    })
    const code = await page.evaluate(() => {
      window.happened = []
      return window.CobrowseIO.createSessionCode()
    })
    const agent = await agents.agent(browser)
    await agents.join(agent, code)
    await page.locator('#yes').click()
    await seen(agent, 'Your account')
    const ask = () => agent.evaluate(() => window.agent.remoteAssist.request())
    expect(await ask()).toMatchObject({ granted: false, reason: 'declined' })
    expect(await ask()).toMatchObject({ granted: true, types: ['scroll_page', 'click'] })
    await page.getByRole('button', { name: 'Stop sharing' }).click()
    await until(agent, 'session_ended')
    await page.close()
    await presentAre(0)
  })

  test('CIO-5 after a reload the session goes on by itself, with the agent who was in', async () => {
    const page = await site.page('snippet', browser)
    await page.getByRole('button', { name: 'Get a support code' }).click()
    const agent = await agents.agent(browser)
    await agents.join(agent, await codeOn(page))
    await allow(page)
    await seen(agent, 'Your account')
    await page.reload()
    await happened(page, 'session.loaded active')
    await page.evaluate(() => document.body.append('after the reload'))
    await seen(agent, 'after the reload')
    expect(await page.evaluate(() => window.CobrowseIO.currentSession?.isActive())).toBe(true)
    await page.evaluate(() => window.CobrowseIO.stop())
    await until(agent, 'session_ended')
    await presentAre(0)
    await page.close()
  })
})

test('CIO-6 a new code voids the one before; a browser with registration false is listed with its first code', async () => {
  const page = await site.page('controls')
  await page.waitForFunction(() => 'createSessionCode' in window.CobrowseIO)
  expect(present()).toEqual([])
  const first = await page.evaluate(() => window.CobrowseIO.createSessionCode())
  await presentAre(1)
  const second = await page.evaluate(() => window.CobrowseIO.createSessionCode())
  expect([first, second].every((code) => /^\d{6}$/.test(code))).toBe(true)
  expect(second).not.toBe(first)
  const agent = await agents.agent()
  await agents.join(agent, first)
  await until(agent, 'session_error')
  expect(await agent.evaluate(() => window.events.at(-1)?.[1].code)).toBe(1006)
  await agents.join(agent, second)
  await page.locator('#yes').click()
  await seen(agent, 'Your account')
  await page.evaluate(() => window.CobrowseIO.currentSession?.end())
  await page.close()
  await presentAre(0)
})

test('CIO-7 wrong properties are refused with 1103 and their name, before anything is shared', async () => {
  const page = await site.page('controls')
  await page.waitForFunction(() => 'createSessionCode' in window.CobrowseIO)
  const attempts: [string, object][] = [
    ['license', { license: '' }],
    ['redactedViews', { redactedViews: ['.card', '['] }],
    ['redactedViews', { redactedViews: ['a:is(', 'b)'] }],
    ['unredactedViews', { unredactedViews: 7 }],
    ['capabilities', { capabilities: 'all' }],
    ['customData', { customData: { note: 'x'.repeat(5_000) } }],
    ['customData', { customData: { a: { b: 1 } } }],
    ['api', { api: 'not a host' }],
  ]
  for (const [property, given] of attempts) {
    const refused = await page.evaluate(async (given) => {
      const { CobrowseIO } = window
      const before = Object.fromEntries(Object.keys(given).map((name) => [name, CobrowseIO[name as 'license']]))
      try {
        Object.assign(CobrowseIO, given)
        await CobrowseIO.createSessionCode()
        return undefined
      } catch (error) {
        return { code: (error as { code: number }).code, text: (error as Error).message }
      } finally {
        Object.assign(CobrowseIO, before)
      }
    }, given)
    expect(refused, property).toMatchObject({ code: 1103, text: expect.stringMatching(`^${property}: `) })
  }
  const unknown = await page.evaluate(() => {
    window.CobrowseIO.license = 'nobody'
    return window.CobrowseIO.createSessionCode().catch((error) => error.code ?? String(error.stack))
  })
  expect(unknown).toBe(1104)
  await page.close()
})

test('CIO-8 createSession begins one that waits with a code of its own, and there is one at a time', async () => {
  const page = await site.page('snippet')
  await page.evaluate(() => window.started)
  const made = await page.evaluate(async () => {
    const { CobrowseIO } = window
    const session = await CobrowseIO.createSession()
    const again = await CobrowseIO.createSession()
    return {
      same: again === session && CobrowseIO.currentSession === session,
      id: session.id(),
      state: session.state(),
    }
  })
  expect(made).toEqual({ same: true, id: expect.stringMatching(/^[\w-]{22}$/), state: 'pending' })
  await page.waitForFunction(() => window.CobrowseIO.currentSession?.code())
  const code = await page.evaluate(() => window.CobrowseIO.currentSession?.code() ?? '')
  expect(code).toMatch(/^\d{6}$/)
  const agent = await agents.agent()
  await agents.join(agent, code)
  await allow(page)
  await seen(agent, 'Your account')
  expect(await page.evaluate(() => window.CobrowseIO.currentSession?.isActive())).toBe(true)
  await page.evaluate(() => window.CobrowseIO.currentSession?.end())
  await until(agent, 'session_ended')
  expect(await page.evaluate(() => window.CobrowseIO.currentSession)).toBe(null)
  await page.close()
  await presentAre(0)
})
