import { afterAll, beforeAll, expect, test } from 'vitest'
import { Harness } from './harness.ts'
import { openPanels } from './lasting-site.ts'
import { allow } from './session-site.ts'

let harness: Harness
beforeAll(async () => {
  harness = await Harness.open()
})
afterAll(() => harness.close())

test.each(['chromium', 'firefox'] as const)(
  'FRM-50 the desk shows the carrier in the checkout, in %s',
  async (browser) => {
    const shop = await harness.page(browser)
    await openPanels(shop.context())
    await shop.goto(harness.url('/demo/product/fell-boot'))
    await shop.getByRole('button', { name: 'Put in the basket' }).click()
    await shop.getByRole('link', { name: 'See the basket' }).click()
    await shop.getByRole('link', { name: 'Go to checkout' }).click()
    const carrier = shop.frameLocator('iframe.carrier')
    await carrier.getByText('8 – 11').waitFor()
    expect(new URL(await shop.locator('iframe.carrier').getAttribute('src').then(String)).origin).not.toBe(
      harness.url(),
    )
    await shop.getByRole('button', { name: 'Get help' }).click()
    const pin = await shop
      .getByText(/^\d{3}\s?\d{3}$/)
      .first()
      .innerText()
    const desk = await harness.page(browser)
    await desk.goto(harness.url(`/desk?access_token=${await harness.token('agent', 'Ana')}`))
    await desk.getByLabel('Digit 1 of 6').click()
    await desk.keyboard.type(pin.replace(/\s/g, ''))
    await desk.keyboard.press('Enter')
    await allow(shop)
    const shows = (text: string) =>
      desk.waitForFunction(
        (wanted) =>
          [...(document.querySelector('iframe')?.contentDocument?.querySelectorAll('iframe') ?? [])].some((frame) =>
            frame.contentDocument?.body?.innerText.includes(wanted),
          ),
        text,
      )
    await shows('Choose a time')
    await carrier.getByText('11 – 2').evaluate((label) => (label as HTMLElement).click())
    await shows('between 11 and 2')
    await shop.locator('iframe.carrier').scrollIntoViewIfNeeded()
    await desk.waitForFunction(() => (document.querySelector('iframe')?.contentWindow?.scrollY ?? 0) > 100)
    await harness.shot(shop, `carrier-shop-${browser}`)
    await harness.shot(desk, `carrier-desk-${browser}`)
    await shop.close()
  },
)
