import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { cleanText, type ToAgent } from '../packages/protocol/index.ts'
import { HOSTILE_TEXTS, NOT_SHOWABLE } from '../packages/server/testing/hostile-texts.ts'
import { JOINED, joinWith, openDesk, overflow, scriptLine } from './desk-page.ts'
import { openSite } from './opened-site.ts'
import { allow, start, until } from './session-site.ts'

const { harness, site } = await openSite()

/** As much of each as a name may have. */
const NAMES = HOSTILE_TEXTS.map(([, text]) => [...text].slice(0, 80).join(''))

/** What a text that was read as markup or code would have left. */
const harm = (page: Page) =>
  page.evaluate(() => [
    (window as { pwned?: unknown }).pwned,
    document.querySelectorAll('img[src="x"], svg[onload], script:not([src]):not([type])').length,
  ])

/** Where the words of an element's text nodes and names stand, from the one that is read first. */
const order = (page: Page, selector: string) =>
  page.locator(selector).evaluate((element) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    const places: { top: number; left: number }[] = []
    while (walker.nextNode()) {
      const range = document.createRange()
      range.selectNodeContents(walker.currentNode)
      const [first] = range.getClientRects()
      if (first) places.push({ top: Math.round(first.top), left: Math.round(first.left) })
    }
    return places
  })

const isInOrder = (places: { top: number; left: number }[]) =>
  places.every((place, index) => {
    const before = places[index - 1]
    return !before || place.top > before.top || (place.top === before.top && place.left >= before.left)
  })

test.each([
  ['letters from right to left', '\u202e\u05d0\u05d1\u05d2 \u0627\u0644\u0628\u0646\u0643 (\u05d3)\u202c\u2069'],
  ['markup and code', '<img src=x onerror=window.pwned=1></script>{{1+1}} {agent}'],
  [
    'one long word of the widest signs under piles of marks',
    `A${'\u0301\u0302\u0323\u0330'.repeat(15)}${'W'.repeat(12)}${'\ufdfd'.repeat(7)}`,
  ],
])(
  'TXT-6 a name of %s is text in the question, the panel and the desk, and turns nothing round it',
  async (what, name) => {
    const customer = await site.customer()
    await start(customer, await harness.token('customer', name, { userId: 'c' }))
    await until(customer, 'pincode_updated')
    await customer.evaluate((title) => {
      document.title = title
    }, `${name}\n\u2028second line`)
    const pin = await customer.evaluate(() => window.customer.getSessionInfo().pinCode)
    const desk = await harness.page()
    await desk.goto(harness.url(`/desk?access_token=${await harness.token('agent', name, { userId: 'a' })}`))
    await desk.locator('.pin-field input').first().waitFor()
    await joinWith(desk, pin)
    const dialog = customer.locator('dialog:not(.gone)')
    await dialog.waitFor()
    const clean = cleanText(name)
    expect(await dialog.locator('h2 bdi').first().textContent()).toBe(clean)
    expect(await dialog.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBeLessThanOrEqual(0)
    expect(isInOrder(await order(customer, 'dialog:not(.gone) h2'))).toBe(true)
    await harness.shot(customer, `text-safety/question, ${what}`)
    await allow(customer)
    await desk.locator('.status-good').waitFor()
    await desk.waitForFunction(
      (wanted) => document.querySelector('.bar-title')?.textContent === wanted,
      cleanText(`${clean} second line`),
    )
    expect(await desk.locator('.bar-name bdi').textContent()).toBe(clean)
    expect(await overflow(desk)).toBe(0)
    // The title cannot push away where the page is.
    expect(await desk.locator('.bar-site').evaluate((site) => site.scrollWidth - site.clientWidth)).toBe(0)
    await desk.locator('[popovertarget=people]').click()
    await harness.shot(desk, `text-safety/desk, ${what}`)
    await harness.shot(customer, `text-safety/panel, ${what}`)
    expect([await harm(customer), await harm(desk)]).toEqual([
      [undefined, 0],
      [undefined, 0],
    ])
    await customer.evaluate(() => window.customer.end())
  },
)

test('TXT-6 control: what the test looks for is seen where a text is taken for markup, or turns the words round it', async () => {
  const page = await site.customer()
  await page.evaluate(() => {
    document.body.innerHTML =
      '<h2>May <span>\u05d0\u05d1\u05d2\u202e</span> 7 see? <img src=x onerror=window.pwned=1></h2>'
  })
  await page.waitForFunction(() => (window as { pwned?: unknown }).pwned)
  expect(await harm(page)).toEqual([1, 1])
  await page.evaluate(() => {
    document.body.innerHTML = '<h2>May <span>\u202eAna\u05d0</span> see? 7</h2>'
  })
  expect(isInOrder(await order(page, 'h2'))).toBe(false)
})

test('TXT-6 a server that cleans nothing cannot make the desk take a text for more than one', async () => {
  const page = await harness.page()
  const asked: ToAgent = {
    type: 'asked',
    sessionId: 's',
    participant: 2,
    secret: 'x',
    customerName: NAMES.join('').slice(0, 900),
  }
  const agents = NAMES.slice(0, 20).map((userName, index) => ({
    participant: index + 3,
    userId: `a${index}`,
    userName,
  }))
  const { say } = await scriptLine(page, [asked, { ...JOINED, agents } as ToAgent])
  const devices = NAMES.map((name, index) => ({
    id: `device-${index}`,
    customData: { user_name: name, note: name },
    since: 0,
    tabs: 1,
    inSession: false,
  }))
  const sessions = NAMES.map((name, index) => ({
    id: `s${index}`,
    customerName: name,
    since: 0,
    state: 'live',
    agents: [{ userId: 'b', userName: name }],
    joinable: true,
  }))
  await page.route('**/agent/devices*', (route) => route.fulfill({ json: { devices, total: devices.length } }))
  await page.route('**/agent/sessions*', (route) => route.fulfill({ json: { sessions, total: sessions.length } }))
  await openDesk(harness, page)
  await page
    .locator('.sessions-list .device')
    .nth(NAMES.length - 1)
    .waitFor()
  expect(await page.locator('.device').count()).toBe(NAMES.length * 2)
  expect(await overflow(page)).toBe(0)
  await harness.shot(page, 'text-safety/lists')
  await joinWith(page)
  await page.getByRole('toolbar').waitFor()
  say({
    type: 'customer_transferred',
    tab: 1,
    tabs: NAMES.slice(0, 20).map((one, index) => ({ tab: index + 1, site: one })),
  })
  await page.locator('[popovertarget=people]').click()
  expect(await page.locator('#people .row-name').count()).toBe(22)
  expect(await overflow(page)).toBe(0)
  expect(await harm(page)).toEqual([undefined, 0])
  await harness.shot(page, 'text-safety/people')
  // Control: these are the texts that a server lets nobody see.
  expect(NAMES.filter((name) => NOT_SHOWABLE.test(name)).length).toBeGreaterThan(20)
})
