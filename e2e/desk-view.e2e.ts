import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { copyIn, joinWith, liveDesk, openDesk } from './desk-page.ts'
import { openSite } from './opened-site.ts'
import { allow, start, until } from './session-site.ts'

const TALL = `<style>body { margin: 0 }</style><p>top</p><div style="height: 3000px"></div>
<div id="box" style="height: 100px; overflow: auto; position: fixed; inset: 300px 0 auto"><div style="height: 900px">box</div></div>
<label>Password <input type="password" style="position: absolute; top: 2000px"></label>`

const { harness, site } = await openSite()

/** Where page and box of the copy stand. */
const places = (desk: Page) =>
  desk.evaluate(() => {
    const copy = document.querySelector('iframe')?.contentDocument
    return [copy?.scrollingElement?.scrollTop, copy?.getElementById('box')?.scrollTop]
  })

const stand = (desk: Page, ...wanted: number[]) =>
  desk.waitForFunction((expected) => {
    const copy = document.querySelector('iframe')?.contentDocument
    const now = [copy?.scrollingElement?.scrollTop, copy?.getElementById('box')?.scrollTop]
    return expected.every((place, index) => Math.abs((now[index] ?? -1) - place) < 2)
  }, wanted)

test('DSK-60 a copy that is free scrolls by wheel and keys, stays where it is, and goes back to the customer', async () => {
  const { customer, desk } = await liveDesk(harness, site, TALL)
  await customer.evaluate(() => scrollTo(0, 500))
  await stand(desk, 500, 0)
  await desk.getByRole('button', { name: 'Look around' }).click()
  await desk.getByText('Looking around', { exact: true }).waitFor()
  const middle = await desk.locator('iframe').boundingBox()
  await desk.mouse.move(middle!.x + 200, middle!.y + 30)
  await desk.mouse.wheel(0, 300)
  await desk.waitForFunction(() => (document.querySelector('iframe')?.contentWindow?.scrollY ?? 0) > 700)
  const [own = 0] = await places(desk)
  await customer.evaluate(() => {
    scrollTo(0, 900)
    document.body.append('changed')
  })
  await copyIn(desk).getByText('changed').waitFor()
  expect(await places(desk)).toEqual([own, 0])
  await desk.mouse.move(middle!.x + 200, middle!.y + (350 * middle!.height) / 800)
  await desk.mouse.wheel(0, 100)
  await desk.waitForFunction(
    () => (document.querySelector('iframe')?.contentDocument?.getElementById('box')?.scrollTop ?? 0) > 50,
  )
  // The button that set it free still has the focus.
  await desk.keyboard.press('Home')
  await desk.waitForFunction(() => document.querySelector('iframe')?.contentWindow?.scrollY === 0)
  await desk.keyboard.press('g')
  await stand(desk, 900, 0)
  await desk.getByText('Live', { exact: true }).waitFor()
  await desk.getByRole('button', { name: 'Look around' }).click()
  await desk.getByRole('button', { name: 'Back to the customer' }).click()
  await desk.getByText('Live', { exact: true }).waitFor()
  expect(await customer.evaluate(() => scrollY)).toBe(900)
  await customer.evaluate(() => window.customer.end())
})

test('DSK-61 what is masked is outlined on request, and counted while it is in sight', async () => {
  const { customer, desk } = await liveDesk(harness, site, TALL)
  await desk.getByRole('button', { name: 'Mark masked places' }).click()
  await desk.getByText('Nothing masked is in sight.').first().waitFor({ state: 'attached' })
  await customer.evaluate(() => scrollTo(0, 1800))
  await desk.getByText('1 masked place').first().waitFor({ state: 'attached' })
  const outline = await desk.locator('.stage-root svg path').first().getAttribute('d')
  expect(outline).toMatch(/^M[\d.-]+ 1(9|\d\d)/)
  await desk.keyboard.press('m')
  expect(await desk.locator('.stage-root svg').count()).toBe(0)
  await customer.evaluate(() => window.customer.end())
})

test('DSK-214 a masked picture is a grey box of its size, outlined and counted, and an open one is not', async () => {
  const picture = (name: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="70"><text>${name}</text></svg>`
  const image = (kind: string, name: string) =>
    `<img class="${kind}" src="data:image/svg+xml,${encodeURIComponent(picture(name))}" alt="">`
  const customer = await site.customer('chromium', undefined, '/', { piiMask: { maskCssSelectors: '.private' } })
  await customer.evaluate(
    (html) => (document.body.innerHTML = html),
    image('private', 'hidden') + image('open', 'shown'),
  )
  await start(customer, await harness.token('customer', 'Cora'))
  await until(customer, 'pincode_updated')
  const desk = await harness.page()
  await openDesk(harness, desk)
  await joinWith(desk, await customer.evaluate(() => window.customer.getSessionInfo().pinCode))
  await allow(customer)
  await desk.getByRole('button', { name: 'Mark masked places' }).click()
  await desk.getByText('1 masked place').first().waitFor()
  const images = await desk
    .locator('.stage iframe')
    .last()
    .contentFrame()
    .locator('img')
    .evaluateAll((all) =>
      (all as HTMLImageElement[]).map(({ src, width, height }) => ({
        size: [width, height],
        text: decodeURIComponent(src),
      })),
    )
  expect(images.map(({ size }) => size)).toEqual([
    [120, 70],
    [120, 70],
  ])
  expect(images.map(({ text }) => /hidden|shown/.exec(text)?.[0])).toEqual([undefined, 'shown'])
  await customer.evaluate(() => window.customer.end())
})

test('DSK-62 the bar shows the site and the title of the page as the copy has it, and the customer’s window', async () => {
  const { customer, desk } = await liveDesk(harness, site, TALL)
  await desk.locator('.bar-title', { hasText: 'A site' }).waitFor()
  expect(await desk.locator('.bar-site').textContent()).toBe(new URL(site.origin).host)
  await desk.getByRole('button', { name: /^In sync · \d+ ms$/ }).waitFor()
  await customer.evaluate(() => {
    document.title = 'Basket (2)'
  })
  await desk.locator('.bar-title', { hasText: 'Basket (2)' }).waitFor()
  await desk.getByText('The customer’s window: 1,280 × 800').waitFor()
  expect(await desk.locator('.view-browser').textContent()).toBe('Chrome on Linux')
  await customer.evaluate(() => window.customer.end())
})

test('DSK-63 the view is led by keys, unless single keys are switched off or somebody types', async () => {
  const { customer, desk } = await liveDesk(harness, site, TALL)
  const zoom = desk.locator('.zoom-now')
  await desk.keyboard.press('1')
  expect(await zoom.textContent()).toBe('100%')
  await desk.keyboard.press('-')
  expect(await zoom.textContent()).toBe('90%')
  await desk.keyboard.press('+')
  await desk.keyboard.press('0')
  expect(await desk.getByRole('button', { name: 'Fit to the window' }).getAttribute('aria-pressed')).toBe('true')
  await desk.keyboard.press('Control+1')
  expect(await desk.getByRole('button', { name: 'Fit to the window' }).getAttribute('aria-pressed')).toBe('true')
  await desk.keyboard.press('?')
  const help = desk.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await help.waitFor()
  await help.getByText('Shortcuts of a single key').click()
  await desk.keyboard.press('Escape')
  await help.waitFor({ state: 'hidden' })
  await desk.keyboard.press('1')
  expect(await desk.getByRole('button', { name: 'Fit to the window' }).getAttribute('aria-pressed')).toBe('true')
  await customer.evaluate(() => window.customer.end())
})

test('DSK-64 full screen is had and left by button and by key', async () => {
  const { customer, desk } = await liveDesk(harness, site, TALL)
  await desk.getByRole('button', { name: 'Full screen', exact: true }).click()
  await desk.getByRole('button', { name: 'Leave full screen' }).waitFor()
  expect(await desk.evaluate(() => document.fullscreenElement === document.documentElement)).toBe(true)
  await desk.keyboard.press('f')
  await desk.getByRole('button', { name: 'Full screen', exact: true }).waitFor()
  await customer.evaluate(() => window.customer.end())
})
