import type { Locator, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ASKED, JOINED, joinWith, openDesk, scriptLine } from './desk-page.ts'
import { Harness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await Harness.open()
})
afterAll(() => harness.close())

/** Presses Tab until a control has the focus. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  await control.waitFor()
  for (let presses = 0; presses < 40; presses++) {
    if (await control.evaluate((it) => it === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error('Tab does not lead there.')
}

test('DSK-65 the keyboard alone calls a customer of the list', async () => {
  const page = await harness.page()
  const { message } = await scriptLine(page, [])
  const devices = [{ id: 'd1', customData: { user_name: 'Cora' }, since: 0, tabs: 1, inSession: false }]
  await page.route('**/agent/devices*', (route) => route.fulfill({ json: { devices, total: 1 } }))
  await openDesk(harness, page)
  await tabTo(page, page.getByRole('searchbox'))
  await tabTo(page, page.getByRole('button', { name: 'Start a session with Cora' }))
  await page.keyboard.press('Enter')
  expect(await message(0)).toMatchObject({ type: 'call', deviceId: 'd1' })
  await page.getByRole('heading', { name: 'Calling Cora' }).waitFor()
  await tabTo(page, page.getByRole('button', { name: 'Cancel' }))
  await page.keyboard.press('Enter')
  await page.getByLabel('Digit 1 of 6').waitFor()
})

test('DSK-65 the keyboard alone leads through the screens of a link', async () => {
  const page = await harness.page()
  await scriptLine(page, [ASKED])
  await page.goto(harness.url('/desk/link#key=dev&link=once'))
  await page.getByText('Cora is being asked').waitFor()
  await tabTo(page, page.getByRole('button', { name: 'Cancel' }))
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'You left the session' }).waitFor()
})

test('DSK-65 the keyboard alone opens and closes tabs, participants and help, and takes a tool and its colour', async () => {
  const page = await harness.page()
  const { say } = await scriptLine(page, [ASKED, JOINED])
  await openDesk(harness, page)
  await joinWith(page)
  await page.getByRole('toolbar').waitFor()
  const tabs = [
    { tab: 1, site: 'shop.example' },
    { tab: 2, site: 'pay.example' },
  ]
  say({ type: 'customer_transferred', tab: 2, tabs })
  for (const [name, text] of [
    ['The customer’s tabs: Tab 2 of 2', 'Not shown'],
    ['Participants: 2', 'In this session'],
    ['Keyboard shortcuts', 'Let go of the tool'],
  ] as const) {
    const button = page.getByRole('button', { name, exact: true })
    await tabTo(page, button)
    await page.keyboard.press('Enter')
    await page.locator(':popover-open').getByText(text, { exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await page.locator(':popover-open:not(.tip)').waitFor({ state: 'detached' })
    expect(await button.evaluate((it) => it === document.activeElement)).toBe(true)
  }
  await tabTo(page, page.getByRole('button', { name: 'Pointer', exact: true }))
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  expect(await page.getByRole('button', { name: 'Laser', exact: true }).getAttribute('aria-pressed')).toBe('true')
  for (let presses = 0; presses < 5; presses++) await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  expect(
    await page.getByRole('button', { name: 'Colour', exact: true }).evaluate((it) => it === document.activeElement),
  ).toBe(true)
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByRole('button', { name: 'Green', exact: true }))
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Colour' }).waitFor({ state: 'hidden' })
})
