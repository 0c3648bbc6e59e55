import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ASKED, JOINED, joinWith, openDesk, scriptLine } from './desk-page.ts'
import { Harness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await Harness.open()
})
afterAll(() => harness.close())

/** A desk in a session whose server the test plays. */
async function open() {
  const page = await harness.page()
  const line = await scriptLine(page, [ASKED, JOINED])
  await openDesk(harness, page)
  await joinWith(page)
  await tool(page, 'Pointer').waitFor()
  return { page, ...line }
}

const tool = (page: Page, name: string) =>
  page.getByRole('toolbar', { name: 'Tools' }).getByRole('button', { name, exact: true })
const isInHand = async (page: Page, name: string) => (await tool(page, name).getAttribute('aria-pressed')) === 'true'

describe('the tool bar', () => {
  test('DSK-70 a tool is taken by its button or its key, and let go by the same or by Escape', async () => {
    const { page } = await open()
    await tool(page, 'Pen').click()
    expect(await isInHand(page, 'Pen')).toBe(true)
    await page.keyboard.press('l')
    expect([await isInHand(page, 'Laser'), await isInHand(page, 'Pen')]).toEqual([true, false])
    await page.keyboard.press('L')
    expect(await isInHand(page, 'Laser')).toBe(false)
    await page.keyboard.press('x')
    await page.keyboard.press('Escape')
    expect(await isInHand(page, 'Eraser')).toBe(false)
  })

  test('DSK-320 the pointer is in hand from the start and after every other tool, and is put away by its own button', async () => {
    const { page, say } = await open()
    expect(await isInHand(page, 'Pointer')).toBe(true)
    await page.keyboard.press('d')
    await page.keyboard.press('Escape')
    expect(await isInHand(page, 'Pointer')).toBe(true)
    await tool(page, 'Pointer').click()
    expect(await isInHand(page, 'Pointer')).toBe(false)
    say({ type: 'assist_started', participant: 2, types: ['click'] })
    await page.getByRole('button', { name: 'Give control back' }).waitFor()
    await page.keyboard.press('p')
    await page.keyboard.press('Escape')
    expect(await isInHand(page, 'Pointer')).toBe(false)
    say({ type: 'assist_stopped', participant: 2, reason: 'stopped' })
    await page.getByRole('button', { name: 'Ask for control' }).waitFor()
    expect(await isInHand(page, 'Pointer')).toBe(true)
    await tool(page, 'Pen').click()
    say({ type: 'assist_started', participant: 2, types: ['click'] })
    await page.getByRole('button', { name: 'Give control back' }).waitFor()
    expect(await isInHand(page, 'Pen')).toBe(false)
    say({ type: 'assist_stopped', participant: 2, reason: 'stopped' })
    await page.getByRole('button', { name: 'Ask for control' }).waitFor()
    expect(await isInHand(page, 'Pen')).toBe(true)
  })

  test('DSK-71 the bar is one stop for Tab, the arrow keys move in it, and the name and key of a control are told', async () => {
    const { page } = await open()
    await tool(page, 'Pointer').focus()
    await page.keyboard.press('ArrowDown')
    const tip = page.getByRole('tooltip')
    await tip.getByText('Laser', { exact: true }).waitFor()
    expect(await tip.locator('kbd').allTextContents()).toEqual(['L'])
    await page.keyboard.press('End')
    expect(await tool(page, 'Clear').evaluate((it) => it === document.activeElement)).toBe(true)
    await page.keyboard.press('Home')
    expect(await tool(page, 'Use the page').evaluate((it) => it === document.activeElement)).toBe(true)
    const inBar = () => page.evaluate(() => document.activeElement?.closest('[role=toolbar]') !== null)
    await page.keyboard.press('Tab')
    expect(await inBar()).toBe(false)
    await tool(page, 'Pen').hover()
    await tip.getByText('Draw by hand. It stays until you clear it.').waitFor()
    await page.keyboard.press('Escape')
    await tip.waitFor({ state: 'hidden' })
  })

  test('DSK-236 a tip goes with the button that it is of', async () => {
    const { page, say } = await open()
    await page.getByRole('button', { name: 'Participants: 2' }).hover()
    await page.getByRole('tooltip').getByText('Participants: 2').waitFor()
    say({ type: 'ended', reason: 'customer_ended' })
    await page.getByRole('button', { name: 'Enter another code' }).waitFor()
    await page.getByRole('tooltip').waitFor({ state: 'hidden' })
  })

  test('DSK-72 a colour is chosen from the sheet or with a key', async () => {
    const { page } = await open()
    await tool(page, 'Colour').click()
    await page.getByRole('button', { name: 'Red', exact: true }).click()
    await page.getByRole('dialog', { name: 'Colour' }).waitFor({ state: 'hidden' })
    await tool(page, 'Colour').click()
    expect(await page.getByRole('button', { name: 'Red', exact: true }).getAttribute('aria-pressed')).toBe('true')
    await page.keyboard.press('Escape')
    await page.keyboard.press('c')
    await tool(page, 'Colour').click()
    expect(await page.getByRole('button', { name: 'Slate', exact: true }).getAttribute('aria-pressed')).toBe('true')
  })
})

describe('remote assist', () => {
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

  test('DSK-75 it is asked for, taken back, had, given back, and another agent who has it is named', async () => {
    const { page, say, message } = await open()
    await button(page, 'Ask for control').click()
    expect(await message(1)).toMatchObject({ type: 'assist_request' })
    await button(page, 'Waiting for Cora').click()
    expect(await message(2)).toMatchObject({ type: 'assist_release' })
    await button(page, 'Ask for control').click()
    await message(3)
    say({ type: 'assist_started', participant: 2, types: ['click'] })
    await button(page, 'Give control back').click()
    expect(await message(4)).toMatchObject({ type: 'assist_release' })
    say({ type: 'assist_stopped', participant: 2, reason: 'released' })
    say({ type: 'agent_joined', participant: 3, userId: 'b', userName: 'Bea' })
    await page.getByText('Bea joined').waitFor()
    say({ type: 'assist_started', participant: 3, types: ['click'] })
    await button(page, 'Bea has control').waitFor()
    await page.keyboard.press('i')
    await page.getByText('Agent · Has control').waitFor()
  })

  test('DSK-76 a no is told with its reason; where it is switched off, the button says so', async () => {
    const { page, say, message } = await open()
    await page.keyboard.press('k')
    await message(1)
    say({ type: 'assist_rejected', participant: 2, reason: 'declined' })
    await page.getByText('The customer did not allow control.').waitFor()
    await button(page, 'Ask for control').click()
    await message(2)
    say({ type: 'assist_rejected', participant: 2, reason: 'off' })
    await page.getByText('Control is switched off for this page.').waitFor()
    expect(await button(page, 'Control is off').getAttribute('aria-disabled')).toBe('true')
  })

  test('DSK-260 what is told of a button changes with it', async () => {
    const { page, say } = await open()
    const tip = page.getByRole('tooltip')
    await button(page, 'Ask for control').hover()
    await tip.getByText('The customer is asked first.').waitFor()
    say({ type: 'assist_started', participant: 2, types: ['click'] })
    await tip.getByText('Give control back').waitFor()
  })

  test('DSK-77 control is passed on to another agent', async () => {
    const { page, say, message } = await open()
    say({ type: 'agent_joined', participant: 3, userId: 'b', userName: 'Bea' })
    say({ type: 'assist_started', participant: 2, types: ['click'] })
    await button(page, 'Pass control on').click()
    await button(page, 'Bea').click()
    expect(await message(1)).toEqual({ type: 'assist_pass', participant: 3 })
  })
})

test('DSK-78 participants are listed with what they do; an agent whose line is down is marked', async () => {
  const { page, say } = await open()
  say({ type: 'agent_joined', participant: 3, userId: 'b', userName: 'Bea' })
  await page.getByRole('button', { name: 'Participants: 3' }).click()
  expect(await page.locator('#people .row-name').allTextContents()).toEqual(['Cora', 'Ana (you)', 'Bea'])
  say({ type: 'agent_connection', participant: 3, connected: false })
  await page.getByText('Agent · Reconnecting').waitFor()
  say({ type: 'agent_left', participant: 3, userId: 'b', userName: 'Bea', reason: 'left' })
  await page.getByText('Bea left').waitFor()
  expect(await page.locator('#people .row-name').allTextContents()).toEqual(['Cora', 'Ana (you)'])
})

test('DSK-290 the page is used by a tool of its own, which says without control how to have it', async () => {
  const { page, say } = await open()
  const own = tool(page, 'Use the page')
  expect(await own.getAttribute('aria-disabled')).toBe('true')
  await own.hover()
  await page.getByRole('tooltip').getByText('Ask for control first.').waitFor()
  say({ type: 'assist_started', participant: 2, types: ['click'] })
  await page.getByRole('button', { name: 'Give control back' }).waitFor()
  expect(await isInHand(page, 'Use the page')).toBe(true)
  await tool(page, 'Pen').click()
  expect([await isInHand(page, 'Use the page'), await isInHand(page, 'Pen')]).toEqual([false, true])
  await own.click()
  expect([await isInHand(page, 'Use the page'), await isInHand(page, 'Pen')]).toEqual([true, false])
  say({ type: 'assist_stopped', participant: 2, reason: 'stopped' })
  await page.getByRole('button', { name: 'Ask for control' }).waitFor()
  expect(await isInHand(page, 'Use the page')).toBe(false)
})

test('DSK-291 while the customer has paused, tools and asking for control are off and say why', async () => {
  const { page, say, message } = await open()
  const ask = page.getByRole('button', { name: 'Ask for control' })
  const areOff = async () =>
    Promise.all([tool(page, 'Pen'), tool(page, 'Colour'), ask].map((one) => one.getAttribute('aria-disabled')))
  expect(await areOff()).toEqual([null, null, null])
  say({ type: 'paused', paused: true })
  await page.getByText('Cora paused sharing').last().waitFor()
  expect(await areOff()).toEqual(['true', 'true', 'true'])
  for (const key of ['d', 'k']) await page.keyboard.press(key)
  expect(await isInHand(page, 'Pen')).toBe(false)
  for (const button of [tool(page, 'Pen'), ask]) {
    await button.hover()
    await page.getByRole('tooltip').getByText('The customer has paused. It works again when they go on.').waitFor()
  }
  say({ type: 'paused', paused: false })
  await page.locator('.veil', { hasText: 'paused' }).waitFor({ state: 'detached' })
  await page.keyboard.press('d')
  expect(await isInHand(page, 'Pen')).toBe(true)
  await ask.click()
  expect(await message(1)).toMatchObject({ type: 'assist_request' })
})

test('DSK-293 waiting counts the time, says what may help, and that a code is used up by cancelling', async () => {
  const page = await harness.page()
  await page.clock.install()
  await scriptLine(page, [ASKED])
  await openDesk(harness, page)
  await joinWith(page)
  await page.getByText(/^Waiting for 0:\d\d$/).waitFor()
  await page.getByText('If you cancel, this code is used up.').waitFor()
  expect(await page.locator('.wait-advice').innerText()).toBe('')
  await page.clock.runFor(31_000)
  await page.getByText('they have to press “Allow” there').waitFor()
  await page.getByText(/^Waiting for (0:3|0:4|0:5|1:)/).waitFor()
  await harness.shot(page, 'desk-waiting')
})
