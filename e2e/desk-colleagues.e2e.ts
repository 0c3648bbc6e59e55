import { expect, test } from 'vitest'
import type { ToAgent } from '../packages/protocol/index.ts'
import { ASKED, findFaults, JOINED, joinWith, liveDesk, openDesk, scriptLine } from './desk-page.ts'
import { openSite } from './opened-site.ts'
import { allow } from './session-site.ts'

const { harness, site } = await openSite()

test('DSK-80 an agent makes a link for a colleague, who comes in by it and only watches', async () => {
  const { customer, desk } = await liveDesk(harness, site, '<p>shared</p>', { bypassCSP: true })
  await desk.getByRole('button', { name: 'Participants: 2' }).click()
  await desk.getByLabel('Name that the customer reads').fill('Sam Supervisor')
  await desk.getByLabel('May only watch').check()
  await desk.getByRole('button', { name: 'Make a link' }).click()
  const field = desk.locator('.invite-made input')
  await field.waitFor()
  expect(await findFaults(desk)).toEqual([])
  const watcher = await harness.page('chromium', { bypassCSP: true })
  await watcher.goto(await field.inputValue())
  await allow(customer)
  await watcher.locator('.status-good').waitFor()
  await watcher.getByText('You only watch this session').waitFor()
  expect(await watcher.getByRole('toolbar').count()).toBe(0)
  expect(await watcher.getByRole('button', { name: 'Ask for control' }).count()).toBe(0)
  expect(await watcher.getByRole('button', { name: 'End for everybody' }).count()).toBe(0)
  expect(await findFaults(watcher)).toEqual([])
  await desk.getByText('Agent · Watches').waitFor()
  await customer.evaluate(() => window.customer.end())
})

test('DSK-81 the open sessions are listed, and one is joined or watched from there', async () => {
  const page = await harness.page('chromium', { bypassCSP: true })
  const { message } = await scriptLine(page, [])
  const one = {
    id: 's1',
    customerName: 'Cora',
    site: 'shop.example',
    since: 0,
    state: 'live',
    agents: [{ userId: 'b', userName: 'Bea' }],
  }
  const sessions = [
    { ...one, joinable: true },
    { ...one, id: 's2', customerName: 'Dora', state: 'recovering', joinable: false },
  ]
  await page.route('**/agent/sessions*', (route) => route.fulfill({ json: { sessions, total: 2 } }))
  await openDesk(harness, page)
  await page.getByText('With Bea').waitFor()
  await page.getByText('Customer offline').waitFor()
  expect(await page.getByRole('button', { name: /of Dora$/ }).count()).toBe(0)
  expect(await findFaults(page)).toEqual([])
  await page.getByRole('button', { name: 'Watch the session of Cora' }).click()
  expect(await message(0)).toMatchObject({ type: 'join_session', sessionId: 's1', watchOnly: true })
  await page.getByRole('heading', { name: 'Calling Cora' }).waitFor()
})

test('DSK-292 rows tell sessions apart, mark where the agent was, and say what their buttons do', async () => {
  const page = await harness.page()
  await page.clock.setFixedTime(new Date('2026-03-04T15:30:00'))
  await scriptLine(page, [ASKED, JOINED])
  const since = Date.parse('2026-03-04T14:05:00')
  const one = { customerName: 'Demo customer', state: 'waiting', agents: [], joinable: true, since }
  const sessions = [
    { ...one, id: 's', site: 'shop.example' },
    { ...one, id: 'other', site: '', since: since - 86_400_000 },
  ]
  await page.route('**/agent/sessions*', (route) => route.fulfill({ json: { sessions, total: 2 } }))
  await openDesk(harness, page)
  const rows = page.locator('.sessions-list li')
  await rows.first().getByText('shop.example').waitFor()
  await rows.first().getByText('since 2:05').waitFor()
  await rows.last().getByText('since 3/3/26, 2:05').waitFor()
  await rows.first().getByRole('button', { name: 'Watch' }).hover()
  await page.getByRole('tooltip').getByText('You only see the page').waitFor()
  await rows.first().getByRole('button', { name: 'Join' }).hover()
  await page.getByRole('tooltip').getByText('can ask for control').waitFor()
  expect(await page.getByText('You were here').count()).toBe(0)
  await rows.first().getByRole('button', { name: 'Join' }).click()
  await page.getByRole('button', { name: 'Leave', exact: true }).click()
  await page.getByRole('button', { name: 'Enter another code' }).click()
  await rows.first().getByText('You were here').waitFor()
  expect(await page.getByText('You were here').count()).toBe(1)
  await harness.shot(page, 'desk-sessions')
})

test('DSK-82 a session that is recorded says so', async () => {
  const page = await harness.page()
  const asked: ToAgent = { type: 'asked', sessionId: 's', participant: 2, secret: 'x', customerName: 'Cora' }
  const { say } = await scriptLine(page, [asked, JOINED])
  await openDesk(harness, page)
  await joinWith(page)
  await page.getByRole('toolbar').waitFor()
  say({ type: 'recording', recorded: true })
  await page.getByText('Recorded', { exact: true }).waitFor()
  say({ type: 'recording', recorded: false })
  await page.getByText('Recorded', { exact: true }).waitFor({ state: 'detached' })
})

test('DSK-212 a list that did not come says so in the language of the desk', async () => {
  const page = await harness.page()
  await scriptLine(page, [])
  for (const list of ['devices', 'sessions'])
    await page.route(`**/agent/${list}*`, (route) =>
      route.fulfill({ status: 500, json: { code: 9999, message: 'Something went wrong on our side.' } }),
    )
  await openDesk(harness, page, '&lang=de')
  await page.locator('.devices-failed').nth(1).waitFor()
  for (const text of await page.locator('.devices-failed').allTextContents())
    expect(text).toMatch(/^Versuchen Sie.* 9999$/)
})

test('DSK-213 a sheet opens under its button, and a long status leaves the customer’s name in sight', async () => {
  const page = await harness.page('chromium', { viewport: { width: 800, height: 700 } })
  const { say } = await scriptLine(page, [ASKED, JOINED])
  await openDesk(harness, page)
  await joinWith(page)
  await page.getByRole('toolbar').waitFor()
  say({ type: 'agent_joined', participant: 3, userId: 'b', userName: 'Bea' })
  say({ type: 'assist_started', participant: 2, types: ['click'] })
  const boxOf = async (selector: string) => (await page.locator(selector).boundingBox())!
  for (const id of ['passing', 'people']) {
    await page.locator(`[popovertarget=${id}]`).click()
    const [button, sheet] = [await boxOf(`[popovertarget=${id}]`), await boxOf(`#${id}`)]
    const bar = await boxOf('.bar')
    expect(sheet.y - bar.y - bar.height).toBeCloseTo(8, 0)
    expect(sheet.x).toBeLessThan(button.x + button.width / 2)
    expect(sheet.x + sheet.width).toBeGreaterThan(button.x + button.width / 2)
    expect(sheet.x + sheet.width).toBeLessThanOrEqual(800 - 12)
    await page.keyboard.press('Escape')
  }
  for (const id of ['colours', 'clearing']) {
    await page.locator(`[popovertarget=${id}]`).click()
    const [button, sheet, rail] = [await boxOf(`[popovertarget=${id}]`), await boxOf(`#${id}`), await boxOf('.rail')]
    expect(sheet.x - rail.x - rail.width).toBeCloseTo(8, 0)
    expect(sheet.y).toBeLessThan(button.y)
    expect(sheet.y + sheet.height).toBeGreaterThan(button.y + button.height)
    expect(sheet.width).toBeLessThan(320)
    await page.keyboard.press('Escape')
  }
  say({ type: 'recording', recorded: true })
  say({ type: 'customer_focus', focused: false })
  await page.getByText('Looking elsewhere', { exact: true }).waitFor()
  expect((await boxOf('.bar-name')).width).toBeGreaterThan(30)
  expect((await boxOf('.bar-line')).width).toBeGreaterThan((await boxOf('.bar-line .status-bad')).width)
})

test('DSK-261 the buttons stay in place when the figures of the line go, and the code when something is said about it', async () => {
  const { customer, desk } = await liveDesk(harness, site, '<h1>A page</h1>')
  await desk.locator('.quality-good').waitFor()
  const placeOf = async (selector: string) => (await desk.locator(selector).first().boundingBox())!
  const buttons = ['#assist', '.people-button', '.button-bad']
  const before = await Promise.all(buttons.map(placeOf))
  await customer.evaluate(() => window.customer.pause())
  await desk.locator('.quality').waitFor({ state: 'detached' })
  expect(await Promise.all(buttons.map(placeOf))).toEqual(before)
  await customer.evaluate(() => window.customer.end())
  await desk.getByRole('button', { name: 'Enter another code' }).click()
  const code = await placeOf('.pin-box')
  await desk.keyboard.type('48')
  await desk.keyboard.press('Enter')
  await desk.getByText('Type all six digits first.').waitFor()
  expect(await placeOf('.pin-box')).toEqual(code)
})
