import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CustomerSettings } from '../packages/sdk/customer/index.ts'
import { joinWith, openDesk } from './desk-page.ts'
import { Harness } from './harness.ts'
import { allow, Site, until } from './session-site.ts'

const TYPES = ['scroll_page', 'click', 'type', 'navigate', 'select'] as const
const PAGE = `<!doctype html><title>Checkout</title><meta name="viewport" content="width=device-width">
<style>body { font: 16px system-ui; margin: 40px; min-height: 3000px } label, button, select { display: block; margin: 16px 0 }</style>
<h1>Checkout</h1><label>Name <input id="name"></label>
<label>Size <select id="size"><option value="s">Small</option><option value="l">Large</option></select></label>
<button id="buy" onclick="this.textContent = 'Bought ' + (window.bought = (window.bought || 0) + 1)">Buy</button>
<a href="/next">Next page</a>`

/** Pages that take a session up by themselves. */
const LASTING: Record<string, string> = Object.fromEntries(
  ['first', 'second'].map((name) => [
    `/${name}`,
    `<!doctype html><title>${name}</title><h1>${name}</h1><a id="go" href="/second">on</a>
    <button id="here" onclick="this.textContent = 'pressed'">Here</button><script src="SDK_URL"></script><script>
    window.events = []
    AlongsideSDK.init({ remoteAssist: { enable: true, remoteAssistTypes: ['click', 'navigate'] } }).then(({ session }) => {
      window.customer = session
      for (const name of ['pincode_updated', 'remote_assist_started', 'remote_assist_stopped'])
        session.on(name, (payload) => window.events.push([name, payload]))
      if (session.getSessionInfo().sessionStatus === 'session_recoverable') void session.join()
    })</script>`,
  ]),
)

let harness: Harness
let site: Site
beforeAll(async () => {
  harness = await Harness.open()
  site = await Site.open(harness, (request, response) => {
    const page = request.url === '/shop' ? PAGE : LASTING[request.url ?? '']
    if (!page) return false
    response.setHeader('content-type', 'text/html')
    response.end(page.replace('SDK_URL', harness.url('/static/resource/sdk/dev/js')))
    return true
  })
})
afterAll(async () => {
  site.close()
  await harness.close()
})

type Browser = 'chromium' | 'firefox'

/** A customer in the shop, with an agent who sees it and listens. */
async function pair(browser: Browser, remoteAssist: CustomerSettings['remoteAssist'], hooks?: string) {
  const page = await harness.page(browser)
  if (hooks) await page.addInitScript(`window.hooks = ${hooks}`)
  const customer = await site.customer(browser, page, '/shop', {
    remoteAssist: { enable: true, remoteAssistTypes: [...TYPES], ...remoteAssist },
  })
  const token = await harness.token('customer', 'Cora')
  await customer.evaluate((sdkToken) => window.customer.start({ sdkToken }), token)
  await until(customer, 'pincode_updated')
  const pin = await customer.evaluate(() => window.customer.getSessionInfo().pinCode)
  const agent = await site.agent(browser)
  await site.join(agent, pin)
  await allow(customer)
  await until(agent, 'view_ready')
  await settled(customer)
  return { customer, agent }
}

/** Asks for the hand and does not wait for the answer. */
const request = (agent: Page) =>
  agent.evaluate(() => {
    window.asked = window.agent.remoteAssist.request()
  })
const answer = (agent: Page) => agent.evaluate(() => window.asked)

const helping = (customer: Page) => customer.getByRole('heading', { name: 'Ana is helping' })

/** Answers the question that is on the screen; the one before it stays a moment, out of sight. */
async function press(customer: Page, name: string): Promise<void> {
  await customer.locator('dialog:not(.gone)').getByRole('button', { name, exact: true }).click()
  await settled(customer)
}

/** No question is on the screen, nor one that was answered just now and still keeps the page from being pressed. */
const settled = (customer: Page) => customer.locator('dialog').waitFor({ state: 'detached' })

/** Where an element of the customer's page is on the agent's screen. */
function onStage(agent: Page, selector: string): Promise<{ x: number; y: number }> {
  return agent.evaluate((wanted) => {
    const frame = document.querySelector('iframe')!
    const outer = frame.getBoundingClientRect()
    const scale = outer.width / frame.clientWidth
    const { left, top, width, height } = frame.contentDocument!.querySelector(wanted)!.getBoundingClientRect()
    return { x: outer.left + (left + width / 2) * scale, y: outer.top + (top + height / 2) * scale }
  }, selector)
}

const results = (agent: Page) =>
  agent.evaluate(() => window.events.flatMap(([name, { result }]) => (name === 'remote_assist_result' ? [result] : [])))

test.each(['chromium', 'firefox'] as const)(
  'RA-50 %s: an agent asks, is let, clicks, types, chooses and scrolls with mouse and keys; the customer stops it',
  async (browser) => {
    const { customer, agent } = await pair(browser, {})
    await request(agent)
    await customer.getByText('Ana wants to help on this page').waitFor()
    await harness.shot(customer, `assist/${browser}-question`)
    await press(customer, 'Allow')
    expect(await answer(agent)).toMatchObject({ success: true, granted: true, types: TYPES })
    await helping(customer).waitFor()
    await agent.waitForFunction(() => window.agent.remoteAssist.can('click'))

    const name = await onStage(agent, '#name')
    await agent.mouse.click(name.x, name.y)
    await agent.keyboard.type('Cora Dale')
    await customer.waitForFunction(() => document.querySelector<HTMLInputElement>('#name')?.value === 'Cora Dale')
    const buy = await onStage(agent, '#buy')
    await agent.mouse.click(buy.x, buy.y)
    await customer.waitForFunction(() => document.querySelector('#buy')?.textContent === 'Bought 1')
    await harness.shot(customer, `assist/${browser}-helping`)
    const size = await onStage(agent, '#size')
    await agent.mouse.click(size.x, size.y)
    await agent.locator('#root select').last().selectOption('l')
    await customer.waitForFunction(() => document.querySelector<HTMLSelectElement>('#size')?.value === 'l')
    await agent.mouse.move(buy.x, buy.y)
    await agent.mouse.wheel(0, 400)
    await customer.waitForFunction(() => scrollY > 300)
    expect(new Set(await results(agent))).toEqual(new Set(['done']))
    expect(
      await customer.evaluate(() => window.events.find(([name]) => name === 'remote_assist_started')?.[1]),
    ).toMatchObject({ userId: expect.any(String), types: TYPES })

    await customer.getByRole('button', { name: 'Stop', exact: true }).click()
    await until(agent, 'remote_assist_stopped')
    await helping(customer).waitFor({ state: 'detached' })
    const refused = await agent.evaluate(() =>
      window.agent.remoteAssist.click(window.agent.anchorAt(innerWidth / 2, 200)!),
    )
    expect(refused).toBe('denied')
    expect(await customer.evaluate(() => window.bought)).toBe(1)
    await customer.evaluate(() => window.customer.end())
  },
)

/** A customer on a page that takes its session up by itself, and agents who see it. */
async function lastingPair(browser: Browser, agents: string[]) {
  const customer = await harness.page(browser)
  await customer.addInitScript(() => {
    const attachShadow = Element.prototype.attachShadow
    Element.prototype.attachShadow = function (options) {
      return attachShadow.call(this, { ...options, mode: 'open' })
    }
  })
  await customer.goto(`${site.origin}/first`)
  await customer.waitForFunction(() => window.customer)
  const token = await harness.token('customer', 'Cora')
  await customer.evaluate((sdkToken) => window.customer.start({ sdkToken }), token)
  const pages: Page[] = []
  for (const name of agents) {
    await customer.waitForFunction((count) => window.events.length > count, pages.length)
    const pin = await customer.evaluate(() => window.customer.getSessionInfo().pinCode)
    const agent = await site.agent(browser)
    await site.join(agent, pin, await harness.token('agent', name, { userId: name }))
    await press(customer, 'Allow')
    await until(agent, 'view_ready')
    pages.push(agent)
    if (pages.length < agents.length) await customer.evaluate(() => window.customer.newPin())
  }
  return { customer, agents: pages }
}

test.each(['chromium', 'firefox'] as const)(
  'RA-53 %s: the agent follows a link and goes on helping',
  async (browser) => {
    const { customer, agents } = await lastingPair(browser, ['Ana'])
    const agent = agents[0]!
    await request(agent)
    await press(customer, 'Allow')
    await agent.waitForFunction(() => window.agent.remoteAssist.can('click'))
    const link = await onStage(agent, '#go')
    await agent.mouse.click(link.x, link.y)
    await customer.waitForURL('**/second')
    await helping(customer).waitFor()
    await agent.waitForFunction(
      () =>
        window.agent.remoteAssist.can('click') &&
        document.querySelector('iframe')?.contentDocument?.querySelector('h1')?.textContent === 'second',
    )
    const here = await onStage(agent, '#here')
    await agent.mouse.click(here.x, here.y)
    await customer.getByText('pressed').waitFor()
    expect(await agent.evaluate(() => window.agent.remoteAssist.navigate('https://example.com/'))).toBe('blocked')
    expect(await agent.evaluate(() => window.agent.remoteAssist.navigate('back'))).toBe('done')
    await customer.waitForURL('**/first')
    await agent.evaluate(() => window.agent.remoteAssist.stop())
    await helping(customer).waitFor({ state: 'detached' })
    await customer.evaluate(() => window.customer.end())
  },
)

test('RA-54 the hand is passed to a colleague when the customer agrees to them', async () => {
  const { customer, agents } = await lastingPair('chromium', ['Ana', 'Ben'])
  const [ana, ben] = agents as [Page, Page]
  await request(ana)
  await press(customer, 'Allow')
  await ana.waitForFunction(() => window.agent.remoteAssist.can('click'))
  await ben.waitForFunction(() => window.agent.remoteAssist.state === 'other')
  const number = await ben.evaluate(() => window.agent.getSessionInfo().participant)
  await ana.evaluate((other) => window.agent.remoteAssist.pass(other), number)
  await customer.getByText('Ben wants to help on this page').waitFor()
  expect(await ana.evaluate(() => window.agent.remoteAssist.state)).toBe('active')
  await press(customer, 'Allow')
  await customer.getByRole('heading', { name: 'Ben is helping' }).waitFor()
  await ben.waitForFunction(() => window.agent.remoteAssist.can('click'))
  const here = await onStage(ben, '#here')
  expect(await ana.evaluate(() => window.agent.remoteAssist.state)).toBe('other')
  await ben.mouse.click(here.x, here.y)
  await customer.getByText('pressed').waitFor()
  await customer.evaluate(() => window.customer.end())
})

test('RA-51 a no, a script’s click and a page that answers itself', async () => {
  const { customer, agent } = await pair('chromium', {})
  await request(agent)
  const yes = customer.locator('dialog:not(.gone)').getByRole('button', { name: 'Allow', exact: true })
  await yes.waitFor()
  // The root of the panel is open to tests only; even so a script's click is none.
  await yes.evaluate((button: HTMLButtonElement) => button.click())
  await yes.dispatchEvent('click')
  expect(await agent.evaluate(() => window.agent.remoteAssist.state)).toBe('asking')
  await press(customer, 'Don’t allow')
  expect(await answer(agent)).toMatchObject({ granted: false, reason: 'declined' })
  await until(agent, 'remote_assist_rejected')
  await customer.evaluate(() => window.customer.end())

  const own = await pair('chromium', {}, '{ confirmRemoteAssist: ({ types }) => types.length === 5 }')
  await request(own.agent)
  expect(await answer(own.agent)).toMatchObject({ granted: true })
  await own.customer.evaluate(() => window.customer.end())
})

test('RA-52 a page without remote assist, and one that allows less or asks nothing', async () => {
  const off = await pair('chromium', { enable: false })
  await request(off.agent)
  expect(await answer(off.agent)).toMatchObject({ granted: false, reason: 'off' })
  await off.customer.evaluate(() => window.customer.end())

  const { customer, agent } = await pair('chromium', {
    enableCustomerConsent: false,
    remoteAssistTypes: ['scroll_page'],
    requireStopConfirmation: true,
  })
  await request(agent)
  expect(await answer(agent)).toMatchObject({ granted: true, types: ['scroll_page'] })
  await agent.waitForFunction(() => window.agent.remoteAssist.can('scroll_page'))
  const refused = await agent.evaluate(async () => {
    const { remoteAssist } = window.agent
    const at = window.agent.anchorAt(innerWidth / 2, 200)!
    return [await remoteAssist.click(at), await remoteAssist.press('a'), await remoteAssist.scroll(at, 0, 200)]
  })
  expect(refused).toEqual(['denied', 'denied', 'done'])
  await customer.getByRole('button', { name: 'Stop', exact: true }).click()
  await customer.getByText('Stop the help by Ana?').waitFor()
  await harness.shot(customer, 'assist/stop-question')
  await press(customer, 'Go on')
  await customer.locator('section').getByRole('button', { name: 'Stop', exact: true }).click()
  await press(customer, 'Stop')
  await until(agent, 'remote_assist_stopped')
  await customer.evaluate(() => window.customer.end())
})

test('DSK-76 the desk says why a click did nothing; what lies under the panel is clicked', async () => {
  const customer = await site.customer('chromium', undefined, '/shop', {
    remoteAssist: { enable: true, remoteAssistTypes: [...TYPES], disabledCssSelectors: '#buy' },
  })
  const sdkToken = await harness.token('customer', 'Cora')
  await customer.evaluate((it) => window.customer.start({ sdkToken: it }), sdkToken)
  await until(customer, 'pincode_updated')
  const desk = await harness.page()
  await openDesk(harness, desk)
  await joinWith(desk, await customer.evaluate(() => window.customer.getSessionInfo().pinCode))
  await allow(customer)
  await desk.locator('.status-good').waitFor()
  await desk.getByRole('button', { name: 'Ask for control', exact: true }).click()
  await allow(customer)
  await desk.getByRole('button', { name: 'Give control back', exact: true }).waitFor()
  const click = async (selector: string) => {
    const pane = (await desk.locator('iframe').first().boundingBox())!
    const scale = pane.width / (await customer.evaluate(() => document.documentElement.clientWidth))
    const { x, y, width, height } = (await customer.locator(selector).boundingBox())!
    await desk.mouse.click(pane.x + (x + width / 2) * scale, pane.y + (y + height / 2) * scale)
  }
  // The page takes actions a moment after the desk has the hand.
  const refusal = desk.getByText('This cannot be operated from here.')
  await expect.poll(() => click('#buy').then(() => refusal.count()), { interval: 300, timeout: 8_000 }).toBe(1)
  await customer.evaluate(() => {
    document.querySelector('a')!.style.cssText = 'position:fixed;right:60px;bottom:60px'
    document.querySelector('a')!.onclick = (event) => {
      event.preventDefault()
      document.title = 'Followed'
    }
  })
  const { x, y } = (await customer.locator('a').boundingBox())!
  const isUnderPanel = () =>
    customer.evaluate(([left, top]) => document.elementFromPoint(left!, top!)?.localName, [x + 5, y + 5])
  expect(await isUnderPanel()).not.toBe('a')
  await click('a')
  await customer.waitForFunction(() => document.title === 'Followed')
  await customer.evaluate(() => window.customer.end())
})
