import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CustomerSettings } from '../packages/sdk/customer/index.ts'
import { Harness } from './harness.ts'
import { allow, end, events, Site, start, until } from './session-site.ts'

const BROWSERS = ['chromium', 'firefox'] as const
type BrowserName = (typeof BROWSERS)[number]

/** What a page does to everything, and to what is at the panel's place. */
const ATTACK = `
  * { all: unset !important; display: none !important }
  html { display: block !important; transform: scale(.5) !important; filter: blur(2px) !important }
  [data-alongside] { visibility: hidden !important; pointer-events: none !important; z-index: -1 !important; opacity: 0 !important }
  :host { display: none !important } ::backdrop { background: red !important }`

let harness: Harness
let site: Site
beforeAll(async () => {
  harness = await Harness.open()
  site = await Site.open(harness, (request, response) => {
    if (request.url !== '/nothing') return false
    const [http, ws] = [harness.url(), harness.url().replace('http', 'ws')]
    const policy = `default-src 'none'; style-src 'none'; font-src 'none'; frame-src 'none'; script-src ${http}; connect-src ${http} ${ws}`
    response.setHeader('content-security-policy', `${policy}; base-uri 'none'; form-action 'none'`)
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><title>A strict site</title><h1>A strict site</h1>')
    return true
  })
})
afterAll(async () => {
  site.close()
  await harness.close()
})

/** A customer whose code is on the screen. */
async function waiting(browser: BrowserName, path = '/', settings: CustomerSettings = {}, into?: Page): Promise<Page> {
  const page = await site.customer(browser, into, path, settings)
  const answer = await start(page, await harness.token('customer', 'Cora'))
  if (!answer.success) throw new Error(JSON.stringify(answer))
  await until(page, 'pincode_updated')
  return page
}

async function join(customer: Page, browser: BrowserName, name: string): Promise<Page> {
  const agent = await site.agent(browser)
  const pin = await customer.evaluate(() => window.customer.getSessionInfo().pinCode)
  await site.join(agent, pin, await harness.token('agent', name, { userId: name }))
  return agent
}

/** Something of the panel, whose root is open to tests. */
const look = (page: Page, selector: string) =>
  page.evaluate((wanted) => {
    const roots = [...document.querySelectorAll('[data-alongside]')].map(({ shadowRoot }) => shadowRoot)
    const found = roots.flatMap((root) => root?.querySelector(wanted) ?? [])[0]
    if (!found) return undefined
    const { width, height } = found.getBoundingClientRect()
    const { backgroundColor, fontSize, borderTopStyle, animationName } = getComputedStyle(found)
    return {
      width: Math.round(width),
      height: Math.round(height),
      backgroundColor,
      fontSize,
      borderTopStyle,
      animationName,
    }
  }, selector)

const said = (page: Page, text: string) =>
  page.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll('[data-alongside]')].some((host) =>
        host.shadowRoot?.querySelector('[role=status]')?.textContent?.includes(wanted),
      ),
    text,
  )

/** Buttons that cannot be brought into sight, and whether something is wider than its place. */
const outOfReach = (page: Page) =>
  page.evaluate(() => {
    const roots = [...document.querySelectorAll('[data-alongside]')].flatMap(({ shadowRoot }) => shadowRoot ?? [])
    const lost = roots
      .flatMap((root) => [...root.querySelectorAll<HTMLElement>('button')])
      .filter((button) => {
        button.scrollIntoView({ block: 'nearest' })
        const { left, right, top, bottom } = button.getBoundingClientRect()
        return left < 0 || top < 0 || right > innerWidth || bottom > innerHeight
      })
      .map((button) => button.textContent || button.ariaLabel)
    const wide = roots
      .flatMap((root) => [...root.querySelectorAll('.card, dialog, .code')])
      .filter((box) => box.scrollWidth > box.clientWidth)
      .map((box) => box.className || box.localName)
    return [...lost, ...wide]
  })

describe.each(BROWSERS)('in %s', (browser) => {
  test('PNL-42 policies, rules and scripts of the page do not change or take away the panel', async () => {
    const plain = await waiting(browser)
    const before = await look(plain, '.card')
    expect(before).toMatchObject({ backgroundColor: 'rgb(255, 255, 255)' })
    await end(plain)
    const page = await waiting(browser, '/nothing')
    await page.evaluate((rules) => {
      const sheet = new CSSStyleSheet()
      sheet.replaceSync(rules)
      document.adoptedStyleSheets = [sheet]
    }, ATTACK)
    expect(await look(page, '.card')).toEqual(before)
    await page.evaluate(() => {
      const host = document.querySelector<HTMLElement>('[data-alongside=panel]')!
      host.inert = true
      host.hidden = true
      host.style.cssText = 'display: none !important; transform: scale(0) !important; position: static !important'
      host.hidePopover()
      host.remove()
    })
    await page.getByRole('button', { name: 'Cancel' }).click()
    await until(page, 'session_ended')
  })

  test('PNL-43 a screen reader hears the code, who comes and goes, and who helps', async () => {
    const phone = await harness.page(browser, { viewport: { width: 390, height: 700 } })
    const remoteAssist = { enable: true, remoteAssistTypes: ['click' as const] }
    const page = await waiting(browser, '/', { remoteAssist }, phone)
    const pin = await page.evaluate(() => window.customer.getSessionInfo().pinCode)
    await said(page, `Your code: ${[...pin].join(' ')}`)
    const ana = await join(page, browser, 'Ana')
    await allow(page)
    await said(page, 'You are sharing this page with Ana')
    await until(ana, 'view_ready')
    await page.evaluate(() => window.customer.newPin())
    const ben = await join(page, browser, 'Ben')
    await allow(page)
    await said(page, 'You are sharing this page with Ana and Ben')
    await ben.evaluate(() => window.agent.leave())
    await page.waitForFunction(() => window.events.some(([name]) => name === 'agent_left'))
    await said(page, 'You are sharing this page with Ana')
    await ana.evaluate(() => void window.agent.remoteAssist.request())
    await allow(page)
    await said(page, 'Ana is helping')
    await ana.evaluate(() => window.agent.remoteAssist.stop())
    await said(page, 'Ana no longer helps')
    await end(page)
  })

  test('PNL-44 no event, call or markup of a script is a yes', async () => {
    const page = await waiting(browser)
    const agent = await join(page, browser, 'Ana')
    const yes = page.locator('dialog:not(.gone) .primary')
    await yes.waitFor()
    await yes.evaluate((button: HTMLButtonElement) => {
      const dialog = button.closest('dialog')!
      const init = { bubbles: true, cancelable: true, composed: true }
      const press = () => {
        button.click()
        for (const type of ['pointerdown', 'pointerup', 'click']) button.dispatchEvent(new PointerEvent(type, init))
        for (const key of ['Enter', ' '])
          for (const type of ['keydown', 'keypress', 'keyup'])
            button.dispatchEvent(new KeyboardEvent(type, { ...init, key, keyCode: key.charCodeAt(0) }))
      }
      press()
      button.focus()
      press()
      const label = dialog.appendChild(document.createElement('label'))
      label.append(button)
      label.click()
      const form = dialog.appendChild(document.createElement('form'))
      form.method = 'dialog'
      form.addEventListener('submit', (event) => event.preventDefault())
      button.type = 'submit'
      form.append(label)
      form.requestSubmit(button)
      const invoker = document.body.appendChild(document.createElement('button'))
      Object.assign(invoker, { commandForElement: button, command: '--press', popoverTargetElement: dialog })
      invoker.click()
      dialog.returnValue = 'yes'
    })
    expect(await events(page)).not.toContain('agent_joined')
    expect(await events(agent)).not.toContain('session_joined')
    expect(await page.locator('dialog[open]').count()).toBe(1)
    // The control: what a person presses is one.
    await yes.click()
    await until(page, 'agent_joined')
    await end(page)
  })

  test('PNL-45 on tiny screens everything can be reached', async () => {
    const remoteAssist = { enable: true, remoteAssistTypes: ['click', 'type', 'select', 'navigate'] as const }
    const page = await waiting(browser, '/', {
      remoteAssist: { ...remoteAssist, remoteAssistTypes: [...remoteAssist.remoteAssistTypes] },
    })
    const check = async (state: string) => {
      for (const [width, height] of [
        [320, 480],
        [640, 320],
      ] as const) {
        await page.setViewportSize({ width, height })
        expect({ state, width, lost: await outOfReach(page) }).toEqual({ state, width, lost: [] })
      }
    }
    await check('code')
    const agent = await join(page, browser, 'Ana Castellanos de la Fuente y Montenegro')
    await page.locator('dialog').waitFor()
    await check('question')
    await allow(page)
    await until(agent, 'view_ready')
    await agent.evaluate(() => void window.agent.remoteAssist.request())
    await page.getByText('wants to help').waitFor()
    await check('assist-question')
    await allow(page)
    await page.getByRole('heading', { name: 'is helping' }).waitFor()
    await page.locator('dialog').waitFor({ state: 'detached' })
    await page.setViewportSize({ width: 320, height: 480 })
    await page.getByRole('button', { name: /^Sharing/ }).click()
    await page.getByRole('button', { name: 'Add someone' }).click()
    await page.getByRole('button', { name: 'Hide the code' }).waitFor()
    await check('assist')
    await harness.shot(page, `panel-assist-landscape-${browser}`)
    await end(page)
  })
})

test('PNL-47 with forced colours there are borders and a sign of what is pressed, with reduced motion nothing moves', async () => {
  const forced = await harness.page('chromium', { forcedColors: 'active', reducedMotion: 'reduce' })
  const page = await waiting('chromium', '/', {}, forced)
  expect(await look(page, '.card')).toMatchObject({ borderTopStyle: 'solid', animationName: 'none' })
  const agent = await join(page, 'chromium', 'Ana')
  await page.locator('dialog').waitFor()
  expect(await look(page, 'dialog')).toMatchObject({ borderTopStyle: 'solid', animationName: 'none' })
  await allow(page)
  await until(agent, 'view_ready')
  expect(await look(page, '.dot.live')).toMatchObject({ animationName: 'none' })
  await page.locator('dialog').waitFor({ state: 'detached' })
  const draw = page.getByRole('button', { name: 'Draw', exact: true })
  const outline = () => draw.evaluate((button) => getComputedStyle(button).outlineStyle)
  expect(await outline()).toBe('none')
  await draw.click()
  await page.locator('button[aria-pressed=true]').first().waitFor()
  await page.mouse.move(10, 10)
  expect(await outline()).toBe('solid')
  await harness.shot(page, 'panel-forced-colours')
  await end(page)
})

test('PNL-48 a browser’s larger text is the panel’s, and nothing is cut off', async () => {
  const page = await waiting('chromium')
  expect(await look(page, '.title')).toMatchObject({ fontSize: '14px' })
  const session = await page.context().newCDPSession(page)
  await session.send('Page.setFontSizes', { fontSizes: { standard: 32 } })
  expect(await look(page, '.title')).toMatchObject({ fontSize: '28px' })
  for (const width of [800, 390]) {
    await page.setViewportSize({ width, height: 640 })
    await harness.shot(page, `panel-code-large-${width}`)
    expect(await outOfReach(page)).toEqual([])
  }
  const agent = await join(page, 'chromium', 'Ana')
  await page.locator('dialog').waitFor()
  await harness.shot(page, 'panel-question-large')
  expect(await outOfReach(page)).toEqual([])
  await allow(page)
  await until(agent, 'view_ready')
  await page.getByRole('button', { name: /^Sharing/ }).click()
  await harness.shot(page, 'panel-live-large')
  expect(await outOfReach(page)).toEqual([])
  await end(page)
})
