import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { BrowserContextOptions, Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import type { CustomerSettings } from '../packages/sdk/customer/index.ts'
import { openSite } from './opened-site.ts'
import { allow, copyOf, end, start, until } from './session-site.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const BROWSERS = ['chromium', 'firefox'] as const
type BrowserName = (typeof BROWSERS)[number]

const { harness, site } = await openSite()

/** A customer's page with these settings and a session that waits, and its PIN. */
async function waiting(
  browser: BrowserName,
  settings: CustomerSettings = {},
  options: BrowserContextOptions = {},
  prepare: (page: Page) => Promise<unknown> = async () => {},
): Promise<{ page: Page; pin: string }> {
  const page = await harness.page(browser, options)
  await page.addInitScript(() => {
    const attachShadow = Element.prototype.attachShadow
    Element.prototype.attachShadow = function (init) {
      return attachShadow.call(this, { ...init, mode: 'open' })
    }
  })
  await page.goto(`${site.origin}/`)
  await prepare(page)
  await page.addScriptTag({ url: harness.url('/static/resource/sdk/dev/js') })
  await page.evaluate(async (given) => {
    const { session } = await window.AlongsideSDK.init(given)
    window.customer = session
    window.events = []
    session.on('pincode_updated', (payload) => window.events.push(['pincode_updated', payload]))
  }, settings)
  const answer = await start(page, await harness.token('customer', 'Cora'))
  if (!answer.success) throw new Error(JSON.stringify(answer))
  await until(page, 'pincode_updated')
  return { page, pin: await page.evaluate(() => window.customer.getSessionInfo().pinCode) }
}

async function asked(page: Page, pin: string, browser: BrowserName): Promise<Page> {
  const agent = await site.agent(browser)
  await site.join(agent, pin)
  await page.locator('dialog').waitFor()
  return agent
}

async function axe(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
    const { violations } = await axe.run('[data-alongside]', { runOnly: { type: 'tag', values: tags } })
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  })
}

/** Waits until everything in the panel has arrived. */
const calm = (page: Page) =>
  page.evaluate(() => {
    const roots = [...document.querySelectorAll('[data-alongside]')].map((host) => host.shadowRoot)
    const running = roots.flatMap((root) => root?.getAnimations() ?? [])
    return Promise.all(
      running.filter(({ effect }) => effect?.getTiming().iterations === 1).map(({ finished }) => finished),
    )
  })

describe.each(BROWSERS)('in %s', (browser) => {
  test('PNL-20 the customer sees what agents see: the same copy, masks and changes, until nobody looks', async () => {
    const { page, pin } = await waiting(browser, { piiMask: { maskCssSelectors: '#text' } })
    const agent = await asked(page, pin, browser)
    await allow(page)
    await until(agent, 'view_ready')
    await page.evaluate(() => document.querySelector('#list')?.append('seen by both'))
    await page.getByRole('button', { name: 'What they see' }).click()
    const copy = page.locator('dialog iframe').contentFrame()
    await copy.getByText('seen by both').waitFor()
    const text = async () => (await copy.locator('body').innerText()).replace(/\s+/g, ' ').trim()
    expect(await text()).toBe(await copyOf(agent))
    expect(await text()).not.toContain('first')
    await page.evaluate(() => document.querySelector('#list')?.append(' and later'))
    await copy.getByText('seen by both and later').waitFor()
    await calm(page)
    await harness.shot(page, `panel-preview-${browser}`)
    expect(await axe(page)).toEqual([])
    expect(
      await agent.evaluate(
        () => document.querySelector('iframe')?.contentDocument?.querySelectorAll('iframe, dialog').length,
      ),
    ).toBe(0)
    await page.evaluate(() => window.customer.pause())
    await page.locator('dialog').waitFor({ state: 'detached' })
    expect(await page.evaluate(() => window.customer.preview())).toMatchObject({
      success: false,
      error: { code: 1011 },
    })
    await end(page)
  })

  test('PNL-21 every state passes WCAG 2.2 AA by axe, in both themes', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, pin } = await waiting(browser, {}, { colorScheme })
      const look = async (state: string) => {
        await calm(page)
        await harness.shot(page, `panel-${state}-${colorScheme}-${browser}`)
        expect({ state, violations: await axe(page) }).toEqual({ state, violations: [] })
      }
      await look('code')
      const agent = await asked(page, pin, browser)
      await look('question')
      await allow(page)
      await until(agent, 'view_ready')
      await page.getByRole('button', { name: 'Pause' }).waitFor()
      await look('live')
      await page.getByRole('button', { name: 'Add someone' }).click()
      await page.getByRole('button', { name: 'Hide the code' }).waitFor()
      await look('live-code')
      await page.getByRole('button', { name: 'Pause' }).click()
      await page.getByRole('button', { name: 'Resume' }).waitFor()
      await look('paused')
      await end(page)
      await look('ended')
    }
  })

  test('PNL-22 the panel speaks the language of the page, whose file alone is loaded, and turns round for Arabic', async () => {
    const requests: string[] = []
    const speak = (lang: string) => async (page: Page) => {
      page.on('request', (request) => requests.push(request.url().split('/').at(-1)!))
      await page.evaluate((tag) => {
        document.documentElement.lang = tag
      }, lang)
    }
    const { page, pin } = await waiting(browser, {}, {}, speak('ar-EG'))
    await page.getByRole('heading', { name: 'رمزك' }).waitFor()
    expect(requests.filter((name) => name.startsWith('texts-'))).toEqual(['texts-ar.js'])
    const agent = await asked(page, pin, browser)
    await page.getByText('يريد Ana رؤية هذه الصفحة').waitFor()
    const [no, yes] = await Promise.all(
      ['عدم السماح', 'السماح'].map((name) => page.getByRole('button', { name, exact: true }).boundingBox()),
    )
    expect(no!.x).toBeGreaterThan(yes!.x)
    await calm(page)
    await harness.shot(page, `panel-question-ar-${browser}`)
    await page.getByRole('button', { name: 'السماح', exact: true }).click()
    await until(agent, 'view_ready')
    await page.getByRole('button', { name: 'إنهاء' }).waitFor()
    await calm(page)
    await harness.shot(page, `panel-live-ar-${browser}`)
    await end(page)
    requests.length = 0
    const german = await waiting(browser, { ui: { language: 'de-AT', texts: { copy: 'Kopie' } } }, {}, speak('fr'))
    await german.page.getByText('Kopie').waitFor()
    await end(german.page)
    const english = await waiting(browser, {}, {}, speak(''))
    expect(requests.filter((name) => name.startsWith('texts-'))).toEqual(['texts-de.js'])
    await end(english.page)
  })

  test('PNL-23 without the file of its language the panel asks in English', async () => {
    const { page, pin } = await waiting(browser, { ui: { language: 'ja' } }, {}, (page) =>
      page.route('**/texts-ja.js', (route) => route.abort()),
    )
    const agent = await asked(page, pin, browser)
    await page.getByText('Ana wants to see this page').waitFor()
    await allow(page)
    await until(agent, 'view_ready')
    await end(page)
    expect(harness.takeFaults().filter((fault) => !fault.includes('texts-ja.js'))).toEqual([])
  })

  test('PNL-24 by keyboard alone: the focus comes to the question, stays in it, and is back afterwards', async () => {
    const { page, pin } = await waiting(browser)
    await page.evaluate(() => {
      const field = document.body.appendChild(document.createElement('input'))
      field.focus()
    })
    const focused = () =>
      page.evaluate(
        () =>
          (document.activeElement?.shadowRoot ?? document).activeElement?.textContent ||
          document.activeElement?.tagName,
      )
    const agent = await asked(page, pin, browser)
    const seen = new Set<string | undefined>()
    for (let times = 0; times < 4; times++) {
      await page.keyboard.press('Tab')
      seen.add(await page.evaluate(() => document.activeElement?.tagName))
    }
    expect(seen.has('INPUT')).toBe(false)
    await page.keyboard.press('Escape')
    await until(agent, 'session_error')
    await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT')
    expect(await focused()).toBe('INPUT')
    await end(page)
  })

  test('PNL-25 the panel is above what the page shows in full screen', async () => {
    const { page } = await waiting(browser)
    await page.evaluate(() => {
      const made = document.body.appendChild(document.createElement('div'))
      const press = made.appendChild(document.createElement('button'))
      press.textContent = 'Full screen'
      press.onclick = () => void made.requestFullscreen()
    })
    await page.getByRole('button', { name: 'Full screen' }).click()
    await page.waitForFunction(() => document.fullscreenElement)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('heading', { name: 'Sharing has ended' }).waitFor()
  })
})

test('PNL-26 on a phone every button is at least 44 px high and wide, and nothing is wider than the screen', async () => {
  const phone = { viewport: { width: 390, height: 700 }, hasTouch: true, isMobile: true }
  const { page, pin } = await waiting('chromium', {}, phone, (page) =>
    page.evaluate(() => {
      const meta = document.head.appendChild(document.createElement('meta'))
      meta.name = 'viewport'
      meta.content = 'width=device-width, initial-scale=1'
    }),
  )
  const small = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('[data-alongside]')]
        .flatMap((host) => [...host.shadowRoot!.querySelectorAll('button')])
        .map((made) => ({ text: made.textContent, box: made.getBoundingClientRect() }))
        .filter(({ box }) => box.width < 44 || box.height < 44 || box.left < 0 || box.right > innerWidth)
        .map(({ text }) => text),
    )
  expect(await small()).toEqual([])
  await harness.shot(page, 'panel-code-phone')
  const agent = await asked(page, pin, 'chromium')
  expect(await small()).toEqual([])
  await calm(page)
  await harness.shot(page, 'panel-question-phone')
  await allow(page)
  await until(agent, 'view_ready')
  await page.getByRole('button', { name: /^Sharing/ }).waitFor()
  expect(await small()).toEqual([])
  await calm(page)
  await harness.shot(page, 'panel-small-phone')
  await page.getByRole('button', { name: /^Sharing/ }).click()
  expect(await small()).toEqual([])
  await calm(page)
  await harness.shot(page, 'panel-live-phone')
  await end(page)
})

test('PNL-27 at a zoom of 400 % the question can be read and answered', async () => {
  const { page, pin } = await waiting('chromium', {}, { viewport: { width: 320, height: 256 } })
  const agent = await asked(page, pin, 'chromium')
  await calm(page)
  await harness.shot(page, 'panel-question-400')
  const dialog = await page
    .locator('dialog')
    .evaluate((made) => ({ wide: made.scrollWidth > made.clientWidth, top: made.scrollTop }))
  expect(dialog).toEqual({ wide: false, top: 0 })
  await allow(page)
  await until(agent, 'view_ready')
  await end(page)
})
