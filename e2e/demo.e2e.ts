import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Harness } from './harness.ts'
import { openPanels } from './lasting-site.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Each page of the shop and its heading. */
const PAGES: [path: string, heading: string][] = [
  ['', 'Made for the walk, not for the photograph'],
  ['/product/ridgeline-shell', 'Ridgeline Shell'],
  ['/cart', 'Your basket is empty'],
  ['/checkout', 'Nothing to pay for'],
  ['/account', 'Good to see you, Niamh'],
  ['/talk', 'Shop talk'],
  ['/stores', '1,200 places to try things on'],
  ['/thanks', 'Thank you, it would be on its way'],
  ['/nowhere', 'This path ends here'],
]

let harness: Harness
beforeAll(async () => {
  harness = await Harness.open()
})
afterAll(() => harness.close())

describe('the shop', () => {
  test.each(['chromium', 'firefox'] as const)('DSK-20 all pages render without an error, in %s', async (browser) => {
    const page = await harness.page(browser)
    const errors: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(`${page.url()}: ${message.text()}`)
    })
    for (const [path, heading] of PAGES) {
      await page.goto(harness.url(`/demo${path}`))
      await page.getByRole('heading', { level: 1, name: heading }).waitFor()
    }
    expect(errors).toEqual([])
  })

  test('DSK-21 a visitor gets from the catalogue to an order without loading a page again', async () => {
    const page = await harness.page()
    await page.goto(harness.url('/demo'))
    await page.evaluate(() => {
      document.body.dataset.same = 'yes'
    })
    await page.getByRole('searchbox', { name: 'Search' }).fill('mug')
    await page.getByText('1 product', { exact: true }).waitFor()
    await page.getByRole('link', { name: /Hut Mug/ }).click()
    await page.getByRole('button', { name: 'One Hut Mug more' }).click()
    await page.getByRole('button', { name: 'Put in the basket' }).click()
    await page.getByRole('link', { name: 'See the basket' }).click()
    await page.getByText('€28.00').first().waitFor()
    await page.getByRole('link', { name: 'Go to checkout' }).click()
    expect(new URL(page.url()).pathname).toBe('/demo/checkout')
    for (const label of ['Full name', 'Street and number', 'Postcode', 'Town', 'Card number', 'Security code'])
      await page.getByLabel(label).fill('1234')
    await page.getByLabel('Email').fill('a@example.org')
    await page.getByLabel('Valid until').fill('10/30')
    await page.getByRole('radio', { name: /Express/ }).check()
    await page.getByRole('checkbox', { name: /I agree/ }).check()
    await page.getByText('€40.90').waitFor()
    await page.getByRole('button', { name: 'Order and pay' }).click()
    await page.getByRole('heading', { name: 'Thank you, it would be on its way' }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'Nothing to pay for' }).waitFor()
    expect(await page.evaluate(() => document.body.dataset.same)).toBe('yes')
  })

  test('DSK-22 the basket outlives a reload', async () => {
    const page = await harness.page()
    await page.goto(harness.url('/demo/product/fell-boot'))
    await page.getByRole('button', { name: 'Put in the basket' }).click()
    await page.goto(harness.url('/demo/cart'))
    await page.reload()
    await page.getByRole('link', { name: 'Fell Mid Boot' }).waitFor()
  })

  test('DSK-23 the shop holds what a copy must cope with', async () => {
    const page = await harness.page()
    await page.goto(harness.url('/demo/account'))
    expect(await page.locator('input[type=password]').count()).toBe(2)
    expect(await page.locator('[contenteditable]').innerText()).toContain('Head torch')
    expect(await page.locator('svg rect').count()).toBeGreaterThan(12)
    await page.goto(harness.url('/demo/product/ridgeline-shell'))
    const rating = page.locator('star-rating').first()
    expect(await rating.evaluate((it) => it.shadowRoot?.adoptedStyleSheets.length)).toBe(1)
    await page.getByRole('button', { name: 'Size guide' }).click()
    expect(await page.locator('dialog:modal').count()).toBe(1)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Delivery and returns' }).click()
    expect(await page.locator(':popover-open').count()).toBe(1)
    await page.goto(harness.url('/demo/stores'))
    await page.frameLocator('iframe').getByText('Monday').waitFor()
    expect(await page.locator('.virtual li').count()).toBeLessThan(40)
  })

  test('DSK-24 the colour is written into a style rule and shows at once', async () => {
    const page = await harness.page('chromium', { reducedMotion: 'reduce' })
    await page.goto(harness.url('/demo'))
    await page.getByRole('button', { name: 'Choose a colour' }).click()
    await page.getByRole('button', { name: 'Clay', exact: true }).click()
    const help = page.getByRole('button', { name: 'Get help' })
    expect(await help.evaluate((it) => getComputedStyle(it).backgroundColor)).toBe('rgb(168, 67, 42)')
    expect(await page.evaluate(() => document.head.querySelector('style')?.textContent)).toBe('')
  })

  test('DSK-25 the talk grows by itself until it is paused', async () => {
    const page = await harness.page()
    await page.clock.install()
    await page.goto(harness.url('/demo/talk'))
    await page.getByText('4 messages so far').waitFor()
    await page.clock.runFor(5_000)
    await page.getByText('6 messages so far').waitFor()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.clock.runFor(60_000)
    await page.getByText('6 messages so far').waitFor()
    await page.getByLabel('Your message').fill('Hello')
    await page.keyboard.press('Enter')
    await page.getByText('7 messages so far').waitFor()
  })

  test('DSK-26 without demo tokens Get help says why and what to do', async () => {
    const page = await harness.page()
    await page.route('**/token', (route) => route.fulfill({ status: 404, json: { code: 404 } }))
    await page.goto(harness.url('/demo'))
    await page.getByRole('button', { name: 'Get help' }).click()
    const alert = page.getByRole('alert').filter({ hasText: 'not in development mode' })
    await alert.waitFor()
    expect(await alert.textContent()).toContain('Start it on this machine without keys')
    await page.getByRole('button', { name: 'Close this message' }).click()
    await page.getByRole('button', { name: 'Get help' }).waitFor()
  })

  test.each(['light', 'dark'] as const)('DSK-27 no page breaks a WCAG 2.2 AA rule, %s', async (colorScheme) => {
    const page = await harness.page('chromium', { colorScheme, reducedMotion: 'reduce' })
    for (const [path, heading] of PAGES) {
      await page.goto(harness.url(`/demo${path}`))
      await page.getByRole('heading', { level: 1, name: heading }).waitFor()
      await page.addScriptTag({ content: AXE })
      expect(await findFaults(page), path).toEqual([])
    }
  })

  test('DSK-28 at 360 px no page is wider than the screen', async () => {
    const page = await harness.page('chromium', { viewport: { width: 360, height: 740 } })
    for (const [path, heading] of PAGES) {
      await page.goto(harness.url(`/demo${path}`))
      await page.getByRole('heading', { level: 1, name: heading }).waitFor()
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), path).toBe(0)
    }
  })
})

describe('side by side', () => {
  test('DSK-29 the shop stands on the left, the desk with a pass on the right, and each opens alone', async () => {
    const page = await harness.page()
    await page.goto(harness.url('/'))
    await page.frameLocator('#customer').getByRole('button', { name: 'Get help' }).waitFor()
    await page.frameLocator('#agent').getByLabel('Digit 1 of 6').waitFor()
    const links = page.getByRole('link', { name: 'Open in a tab' })
    await links.nth(1).waitFor()
    const [alone] = await Promise.all([page.context().waitForEvent('page'), links.nth(1).click()])
    await alone.getByLabel('Digit 1 of 6').waitFor()
    expect(alone.url()).toBe(harness.url('/desk'))
  })

  test('DSK-33 a session is live wherever the pointer is, and goes on when the page is loaded again', async () => {
    const page = await harness.page()
    await openPanels(page.context())
    await page.goto(harness.url('/'))
    const [shop, desk] = [page.frameLocator('#customer'), page.frameLocator('#agent')]
    await shop.getByRole('button', { name: 'Get help' }).click()
    const code = await shop.getByLabel(/^\d \d \d \d \d \d$/).getAttribute('aria-label')
    await desk.getByLabel('Digit 1 of 6').click()
    await page.keyboard.type(code!.replaceAll(' ', ''))
    await page.keyboard.press('Enter')
    await shop.getByRole('button', { name: 'Allow', exact: true }).click()
    await desk.getByText('Live', { exact: true }).waitFor()
    await desk.getByRole('heading', { name: 'Demo customer' }).click()
    await desk.getByText('Live', { exact: true }).waitFor()
    await page.reload()
    await desk.getByText('Live', { exact: true }).waitFor()
    await desk
      .locator('.stage iframe')
      .last()
      .contentFrame()
      .getByRole('link', { name: /Ridgeline Shell/ })
      .first()
      .waitFor()
    await shop.getByRole('button', { name: 'End', exact: true }).click()
    await desk.getByText('The customer ended the session').first().waitFor()
  })

  test('DSK-30 the divider moves by keyboard and by pointer', async () => {
    const page = await harness.page()
    await page.goto(harness.url('/'))
    const divider = page.getByRole('separator')
    const left = async () => (await page.locator('#customer').boundingBox())?.width ?? 0
    const start = await left()
    await divider.focus()
    await page.keyboard.press('ArrowRight')
    expect(await divider.getAttribute('aria-valuenow')).toBe('54')
    expect(await left()).toBeGreaterThan(start)
    const box = await divider.boundingBox()
    if (!box) throw new Error('The divider is not shown.')
    await page.mouse.move(box.x + 5, box.y + 50)
    await page.mouse.down()
    await page.mouse.move(400, box.y + 50)
    await page.mouse.up()
    expect(await left()).toBeLessThan(start)
  })

  test('DSK-31 without demo tokens the right side says why and what to do', async () => {
    const page = await harness.page()
    let isOpen = false
    await page.route('**/token', (route) => (isOpen ? route.fallback() : route.fulfill({ status: 404, json: {} })))
    await page.goto(harness.url('/'))
    await page.getByRole('heading', { name: 'No demo agent on this server' }).waitFor()
    isOpen = true
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.frameLocator('#agent').getByLabel('Digit 1 of 6').waitFor()
  })

  test('DSK-32 under 900 px the sides are stacked', async () => {
    const page = await harness.page('chromium', { viewport: { width: 800, height: 700 } })
    await page.goto(harness.url('/'))
    const customer = await page.locator('#customer').boundingBox()
    const agent = await page.getByRole('heading', { name: 'Agent' }).boundingBox()
    expect(agent?.y).toBeGreaterThan((customer?.y ?? 0) + (customer?.height ?? 0))
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
  })
})

function findFaults(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') }
    const { violations } = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    })
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`))
  })
}
