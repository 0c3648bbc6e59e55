import { chromium, type FrameLocator, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CHROMIUM } from '../scripts/browsers.ts'
import { copyIn } from './desk-page.ts'
import { Harness } from './harness.ts'
import { LastingSite, ownFocus } from './lasting-site.ts'
import { allow, end, start, until } from './session-site.ts'

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

async function waiting(path = '/single/a'): Promise<{ customer: Page; pin: string }> {
  const customer = await shop.customer('chromium', path)
  await start(customer, await harness.token('customer', 'Cora'))
  await until(customer, 'pincode_updated')
  return { customer, pin: await customer.evaluate(() => window.customer.getSessionInfo().pinCode) }
}

async function deskUrl(userName = 'Ana'): Promise<string> {
  return harness.url(`/desk?access_token=${await harness.token('agent', userName)}`)
}

/** Joins by the form of a desk, in a page or in a frame of one. */
async function join(desk: Page | FrameLocator, customer: Page, pin: string): Promise<void> {
  for (const [index, digit] of [...pin].entries()) await desk.getByLabel(`Digit ${index + 1} of 6`).press(digit)
  await desk.getByRole('button', { name: 'Join session' }).click()
  await allow(customer)
  await shows(desk, 'first')
}

/** Waits until the desk is live and its copy holds a text. */
async function shows(desk: Page | FrameLocator, text: string): Promise<void> {
  await desk.getByText('Live', { exact: true }).waitFor()
  await copyIn(desk).getByText(text).waitFor()
}

describe.each(BROWSERS)('a desk that is loaded again, in %s', (browser) => {
  test('SES-290 is in the session again by itself, and its address holds no token', async () => {
    const { customer, pin } = await waiting()
    const desk = await harness.page(browser)
    await desk.goto(await deskUrl())
    await join(desk, customer, pin)
    for (const text of ['one', 'two']) {
      await desk.reload()
      await customer.evaluate((more) => document.body.append(more), text)
      await shows(desk, text)
      expect(desk.url()).toBe(harness.url('/desk'))
    }
    await desk.getByRole('heading', { name: 'Cora' }).waitFor()
    await end(customer)
    await desk.getByText('The customer ended the session').first().waitFor()
    await desk.reload()
    await desk.getByLabel('Digit 1 of 6').waitFor()
  })

  test('SES-291 comes back in a frame of another site too, whether the frame or the page around it is loaded', async () => {
    const { customer, pin } = await waiting()
    // Playwright keeps Chromium from parting the storage of other sites' frames, and a private window then has none.
    const parting = { ...CHROMIUM, args: [...CHROMIUM.args, '--disable-features=Translate'] }
    const own = browser === 'chromium' ? await chromium.launch(parting) : undefined
    const page = own ? await own.newPage() : await harness.page(browser)
    const desk = page.frameLocator('iframe')
    const address = `${await deskUrl()}#join=${pin}`
    await page.goto(shop.url(`/console?desk=${encodeURIComponent(address)}`, 'console.localhost'))
    await allow(customer)
    await shows(desk, 'first')
    // The code in the frame's address is used up by now.
    await page.reload()
    await shows(desk, 'first')
    await page.frames()[1]?.evaluate(() => location.reload())
    await customer.evaluate(() => document.body.append('after the frame was loaded'))
    await shows(desk, 'after the frame was loaded')
    await end(customer)
    await desk.getByText('The customer ended the session').first().waitFor()
    await own?.close()
  })
})

test('SES-292 a token that is refused is forgotten, and another agent does not get the place of the one before', async () => {
  const { customer, pin } = await waiting()
  const desk = await harness.page()
  await desk.goto(await deskUrl())
  await join(desk, customer, pin)
  await desk.goto(await deskUrl('Bea'))
  await desk.getByLabel('Digit 1 of 6').waitFor()
  // At once, and not when nobody came back for two minutes.
  await until(customer, 'agent_left')
  expect(await customer.evaluate(() => window.events.find(([name]) => name === 'agent_left')?.[1].reason)).toBe('left')
  expect(await desk.evaluate(() => sessionStorage.getItem('alongside.agent'))).toBeNull()
  await desk.goto(harness.url('/desk?access_token=a.b.c'))
  await desk.getByText('agent’s pass').waitFor()
  expect(await desk.evaluate(() => sessionStorage.getItem('alongside.desk'))).toBeNull()
  const answer = await desk.reload()
  expect(answer?.status()).toBe(401)
  await desk.getByText('agent’s pass').waitFor()
  await end(customer)
})

test.each(['light', 'dark'] as const)(
  'SES-293 the desk says where the customer is: another tab, elsewhere, between two pages, in %s',
  async (colorScheme) => {
    const { customer, pin } = await waiting('/multi/a')
    const desk = await harness.page('chromium', { colorScheme })
    await desk.goto(await deskUrl())
    await join(desk, customer, pin)
    const second = await shop.tab(customer, '/multi/b')
    await desk.getByRole('button', { name: 'Tab 2 of 2' }).click()
    await desk.getByText('Not shown').waitFor()
    await harness.shot(desk, `desk-tabs-${colorScheme}`)
    await desk.keyboard.press('Escape')
    const elsewhere = await customer.context().newPage()
    await elsewhere.goto('about:blank')
    await ownFocus(elsewhere)
    await desk.getByText('Looking elsewhere', { exact: true }).waitFor()
    await harness.shot(desk, `desk-elsewhere-${colorScheme}`)
    await second.goto('about:blank')
    await desk.getByRole('heading', { name: 'Cora left the page' }).waitFor()
    await desk.getByText('Page left', { exact: true }).waitFor()
    await harness.shot(desk, `desk-page-left-${colorScheme}`)
    const third = await shop.tab(customer, '/multi/b')
    await desk.getByRole('button', { name: 'Tab 2 of 2' }).waitFor()
    await third.close()
    await customer.bringToFront()
    await desk.getByText('Live', { exact: true }).waitFor()
    await harness.shot(customer, `panel-back-${colorScheme}`)
    await end(customer)
  },
)
