import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROTOCOL_VERSION } from '../packages/protocol/index.ts'
import { DEFAULT_LIMITS } from '../packages/server/limits.ts'
import { Line } from '../packages/server/testing/line.ts'
import { CobrowseSite } from './cobrowse-site.ts'
import { copyIn } from './desk-page.ts'
import { Harness } from './harness.ts'
import { allow } from './session-site.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let harness: Harness
let site: CobrowseSite
beforeAll(async () => {
  harness = await Harness.open({ limits: { presence: { ...DEFAULT_LIMITS.presence, perAddress: 1_100 } } })
  site = await CobrowseSite.open(harness)
})
afterAll(async () => {
  site.close()
  await harness.close()
})

const present = () => harness.server.presence.list('dev', { pageSize: 1 }).total

async function presentAre(count: number): Promise<void> {
  await expect.poll(present, { timeout: 60_000, interval: 20 }).toBe(count)
}

async function openDesk(page: Page, name = 'Ana'): Promise<void> {
  await page.goto(harness.url(`/desk?access_token=${await harness.token('agent', name)}`))
  await page.getByRole('heading', { name: 'Enter the customer’s code' }).waitFor()
}

/** The page whose customer is called Cora, on the list. */
async function registered(browser: 'chromium' | 'firefox' = 'chromium'): Promise<Page> {
  const page = await site.page('snippet', browser)
  await presentAre(1)
  return page
}

const start = (desk: Page) => desk.getByRole('button', { name: 'Start a session with Cora Lind' })

describe.each(['chromium', 'firefox'] as const)('in %s', (browser) => {
  test('DEV-30 the agent starts from the list, the customer is asked and agrees, and the page is seen', async () => {
    const customer = await registered(browser)
    const desk = await harness.page(browser)
    await openDesk(desk)
    await start(desk).click()
    await desk.getByRole('heading', { name: 'Waiting for the customer’s answer' }).waitFor()
    expect(await customer.getByRole('dialog').innerText()).toContain('Ana')
    await allow(customer)
    await copyIn(desk).getByRole('heading', { name: 'Your account' }).waitFor()
    expect(await desk.getByRole('heading', { level: 1 }).first().innerText()).toBe('Cora Lind')
    expect(await customer.evaluate(() => window.happened)).toEqual(
      expect.arrayContaining(['session.loaded pending', 'session.updated authorizing', 'session.updated active']),
    )
    await customer.getByRole('button', { name: 'End' }).click()
    await desk.getByRole('button', { name: 'Enter another code' }).waitFor()
    await customer.close()
    await presentAre(0)
  })
})

test('DEV-31 a no is told to the agent, the customer’s page is as it was, and the next call works', async () => {
  const customer = await registered()
  const desk = await harness.page()
  await openDesk(desk)
  await start(desk).click()
  await customer.getByRole('button', { name: 'Don’t allow' }).click()
  await desk.getByRole('heading', { name: 'The customer said no' }).waitFor()
  await customer.waitForFunction(() => document.querySelectorAll('html > *').length === 2)
  expect(await customer.evaluate(() => window.CobrowseIO.currentSession)).toBe(null)
  await desk.getByRole('button', { name: 'Back to the code' }).click()
  await start(desk).click()
  await allow(customer)
  await copyIn(desk).getByRole('heading', { name: 'Your account' }).waitFor()
  await customer.evaluate(() => window.CobrowseIO.stop())
  await customer.close()
})

test('DEV-32 a page that does not answer, and one that is gone, are told to the agent; Cancel gives up', async () => {
  const customer = await registered()
  const desk = await harness.page()
  await openDesk(desk)
  // The large part of the SDK does not come: the page cannot start.
  await customer.route('**/CobrowseIO/core.js', (route) => route.abort())
  await start(desk).click()
  await desk.getByRole('heading', { name: 'The customer is busy' }).waitFor()
  await desk.getByRole('button', { name: 'Back to the code' }).click()
  await customer.unroute('**/CobrowseIO/core.js')
  await start(desk).click()
  await customer.getByRole('dialog').waitFor()
  await desk.getByRole('button', { name: 'Cancel' }).click()
  await customer.getByRole('dialog').waitFor({ state: 'detached' })
  await start(desk).waitFor()
  await customer.close()
  await presentAre(0)
  await desk.getByText('Nobody is there yet').waitFor()
})

test('DEV-33 a page in the background costs one socket: no part of it is observed, patched or changed', async () => {
  const page = await harness.page()
  await page.addInitScript(() => {
    const counts = { observers: 0 }
    for (const name of ['MutationObserver', 'ResizeObserver', 'IntersectionObserver', 'PerformanceObserver'] as const) {
      const { observe } = window[name].prototype as { observe(...args: unknown[]): void }
      window[name].prototype.observe = function (...args: unknown[]) {
        if (new Error().stack?.includes('CobrowseIO')) counts.observers++
        return observe.apply(this, args)
      }
    }
    const natives = [
      EventTarget,
      Node,
      Element,
      HTMLElement,
      Document,
      CSSStyleSheet,
      History,
      Window,
      HTMLInputElement,
    ]
    const readNatives = () =>
      natives
        .flatMap(({ prototype }) => Object.values(Object.getOwnPropertyDescriptors(prototype)))
        .flatMap(({ value, get, set }) => [value, get, set])
    Object.assign(window, { probe: { counts, readNatives, before: readNatives() } })
  })
  const requests: string[] = []
  const sockets: string[] = []
  page.on('request', (request) => requests.push(new URL(request.url()).pathname))
  page.on('websocket', (socket) => sockets.push(new URL(socket.url()).pathname))
  await page.goto(`${site.origin}/snippet`)
  await presentAre(1)
  const found = await page.evaluate(() => {
    const { counts, readNatives, before } = (window as unknown as { probe: Probe }).probe
    return {
      unchanged: readNatives().every((value, index) => value === before[index]),
      observers: counts.observers,
      elements: document.querySelectorAll('html > *').length,
    }
  })
  expect(found).toEqual({ unchanged: true, observers: 0, elements: 2 })
  expect(requests.filter((path) => path.startsWith('/CobrowseIO'))).toEqual([
    '/CobrowseIO.js',
    '/CobrowseIO/presence.js',
  ])
  expect(sockets).toEqual(['/socket'])
  await page.close()
  await presentAre(0)
})

interface Probe {
  counts: { observers: number }
  readNatives(): unknown[]
  before: unknown[]
}

test('DEV-34 a page of AlongsideSDK.init is listed when it asks for it, and can be called', async () => {
  const customer = await harness.page()
  await customer.addInitScript(() => {
    const attachShadow = Element.prototype.attachShadow
    Element.prototype.attachShadow = function (options) {
      return attachShadow.call(this, { ...options, mode: 'open' })
    }
  })
  await customer.goto(`${site.origin}/plain`)
  await customer.addScriptTag({ url: harness.url('/static/resource/sdk/dev/js') })
  const isSame = await customer.evaluate(async () => {
    const { session } = await window.AlongsideSDK.init({ registration: true, customData: { user_name: 'Cora Lind' } })
    window.customer = session
    return (await window.AlongsideSDK.client()) === window.AlongsideSDK
  })
  expect(isSame).toBe(true)
  await presentAre(1)
  const desk = await harness.page()
  await openDesk(desk)
  await start(desk).click()
  await allow(customer)
  await desk.getByRole('button', { name: 'Leave' }).click()
  await customer.waitForFunction(() => window.customer?.getSessionInfo().sessionStatus === 'ended')
  await customer.close()
  await presentAre(0)
})

test('DEV-35 a page comes back on the list after its line was cut, and leaves it with stop', async () => {
  const customer = await registered()
  await customer.context().setOffline(true)
  await customer.evaluate(() => window.CobrowseIO.stop())
  await presentAre(0)
  await customer.context().setOffline(false)
  await customer.evaluate(() => window.CobrowseIO.start())
  await presentAre(1)
  await customer.evaluate(() => {
    window.CobrowseIO.customData = { user_name: 'Dora' }
  })
  await expect.poll(() => harness.server.presence.list('dev', { pageSize: 1, search: 'dora' }).total).toBe(1)
  await customer.close()
  await presentAre(0)
})

test('DEV-36 a thousand devices are listed and searched on the desk, by keyboard, in light and dark and at 800 px', async () => {
  const port = Number(new URL(harness.url()).port)
  const lines: Line[] = []
  for (let index = 0; index < 1_000; index++) {
    const line = await Line.open(port)
    line.say({
      type: 'register',
      version: PROTOCOL_VERSION,
      sdkKey: 'dev',
      deviceId: `device-${index}`,
      customData: { user_name: `Customer ${index}`, user_email: `customer.${index}@mail.example`, city: 'Trondheim' },
    })
    lines.push(line)
  }
  await presentAre(1_000)
  for (const colorScheme of ['light', 'dark'] as const) {
    const desk = await harness.page('chromium', { colorScheme })
    await openDesk(desk)
    await desk.getByText('And 970 more').waitFor()
    await harness.shot(desk, `presence/list-${colorScheme}`)
    expect(await violations(desk)).toEqual([])
    await desk.setViewportSize({ width: 800, height: 900 })
    await harness.shot(desk, `presence/list-800-${colorScheme}`)
    expect(await desk.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(800)
    await desk.getByLabel('Search customers').focus()
    await desk.keyboard.type('customer.742')
    await desk.getByText('Customer 742').waitFor()
    await expect.poll(() => desk.locator('.device').count()).toBe(1)
    await desk.keyboard.press('Tab')
    expect(await desk.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Start a session with Customer 742',
    )
    await desk.getByLabel('Search customers').fill('nobody of that name')
    await desk.getByText('Nobody on the site matches').waitFor()
    await harness.shot(desk, `presence/no-match-${colorScheme}`)
    await desk.close()
  }
  await Promise.all(lines.map((line) => line.close()))
  await presentAre(0)
  const desk = await harness.page()
  await openDesk(desk)
  await desk.getByText('Nobody is there yet').waitFor()
  await harness.shot(desk, 'presence/empty')
})

/** What a machine finds against WCAG 2.2 AA. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<{ violations: { id: string }[] }> } }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
    return (await axe.run({ runOnly: { type: 'tag', values: tags } })).violations.map(({ id }) => id)
  })
}
