import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { copyIn, findFaults, joinWith, liveDesk, openDesk } from './desk-page.ts'
import { openSite } from './opened-site.ts'
import { allow, start, until } from './session-site.ts'

/** A header that stays, a box that scrolls, and passwords: one under the header, one cut off by the box, one free. */
const PAGE = `<style>body { margin: 0; height: 3000px; font: 16px sans-serif }
header { position: sticky; top: 0; z-index: 1; height: 100px; background: #eee }
input { position: absolute; left: 20px; width: 200px; height: 40px; box-sizing: border-box; padding: 0; border: 0 }
#box { position: absolute; top: 300px; left: 0; width: 400px; height: 100px; overflow: auto }
#buy { position: absolute; top: 500px; left: 20px; width: 120px; height: 40px }</style>
<header>Shop</header>
<input type="password" aria-label="first" style="top: 180px">
<div id="box"><div style="height: 900px; position: relative">
  <input type="password" aria-label="second" style="top: 80px"><input type="password" aria-label="third" style="top: 400px"></div></div>
<input type="password" aria-label="fourth" style="top: 600px"><button id="buy">Buy</button>`

const { harness, site } = await openSite()

/** The boxes that are outlined, as top and height, in the customer's pixels. */
const outlined = (desk: Page) =>
  desk.evaluate(() => {
    const path = document.querySelector('.stage-root svg path')?.getAttribute('d') ?? ''
    return [...path.matchAll(/M[\d.-]+ ([\d.-]+)h[\d.-]+v([\d.-]+)/g)].map(([, y, height]) => [
      Math.round(Number(y)) + 2,
      Math.round(Number(height)) - 4,
    ])
  })

test('DSK-233 outlines of masks end at what covers and what cuts off, and what is covered is not counted', async () => {
  const { customer, desk } = await liveDesk(harness, site, PAGE)
  await desk.keyboard.press('m')
  // The control: nothing lies over the first one yet.
  await expect
    .poll(() => outlined(desk))
    .toEqual([
      [600, 40],
      [380, 20],
      [180, 40],
    ])
  await customer.evaluate(() => scrollTo(0, 100))
  await expect
    .poll(() => outlined(desk))
    .toEqual([
      [500, 40],
      [280, 20],
      [100, 20],
    ])
  await desk.getByText('3 masked places').first().waitFor({ state: 'attached' })
  await harness.shot(desk, 'desk-masks-under-header')
  await customer.evaluate(() => scrollTo(0, 140))
  await expect
    .poll(() => outlined(desk))
    .toEqual([
      [460, 40],
      [240, 20],
    ])
  await desk.getByText('2 masked places').first().waitFor({ state: 'attached' })
  await customer.evaluate(() => window.customer.end())
})

test('DSK-232 a line that only the agent sees shows what a click would frame', async () => {
  const { customer, desk } = await liveDesk(harness, site, PAGE)
  const line = desk.locator('.alongside-aim')
  const over = async (selector: string) => {
    const box = (await copyIn(desk).locator(selector).boundingBox())!
    await desk.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    return box
  }
  const around = async (box: { x: number; y: number; width: number; height: number }) =>
    expect
      .poll(async () => {
        const { x, y, width, height } = (await line.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
        return [x + 3 - box.x, y + 3 - box.y, width - 6 - box.width, height - 6 - box.height].map(Math.round)
      })
      .toEqual([0, 0, 0, 0].map((zero) => expect.closeTo(zero, -0.3)))
  await desk.keyboard.press('p')
  await over('#buy')
  await desk.keyboard.press('e')
  await around(await over('#buy'))
  await harness.shot(desk, 'desk-aim')
  await around(await over('header'))
  // The page moves under the pointer.
  await customer.evaluate(() => document.querySelector('header')!.style.setProperty('height', '60px'))
  await copyIn(desk).locator('header[style*="60px"]').waitFor()
  await around((await copyIn(desk).locator('header').boundingBox())!)
  expect(await customer.locator('.alongside-aim').count()).toBe(0)
  await desk.mouse.move(2, 2)
  await line.waitFor({ state: 'detached' })
  await over('#buy')
  await line.waitFor()
  await desk.keyboard.press('p')
  await line.waitFor({ state: 'detached' })
  await customer.evaluate(() => window.customer.end())
})

test('DSK-231 where agents may not draw, the desk says so in the place of the tools, and why', async () => {
  const customer = await site.customer('chromium', undefined, '/', { allowAgentAnnotation: false })
  await start(customer, await harness.token('customer', 'Cora'))
  await until(customer, 'pincode_updated')
  const desk = await harness.page('chromium', { bypassCSP: true })
  await openDesk(harness, desk)
  await joinWith(desk, await customer.evaluate(() => window.customer.getSessionInfo().pinCode))
  await allow(customer)
  const why = desk.getByRole('button', { name: 'Drawing is switched off for this site.' })
  await why.waitFor()
  expect(await desk.getByRole('toolbar', { name: 'Tools' }).count()).toBe(0)
  await desk.locator('.status-good').waitFor()
  await desk.keyboard.press('Tab')
  await why.focus()
  await desk.getByRole('tooltip').getByText('lets no agent point or draw').waitFor()
  await harness.shot(desk, 'desk-drawing-off')
  expect(await findFaults(desk)).toEqual([])
  const notice = desk.locator('.notice', { hasText: 'Drawing is switched off' })
  while (await notice.count()) await notice.first().getByRole('button').click()
  await desk.keyboard.press('p')
  await notice.waitFor()
  await customer.evaluate(() => window.customer.end())
})
