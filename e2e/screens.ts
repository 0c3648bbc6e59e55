// Takes a picture of every state of the desk, in light and dark, wide and narrow, and in Arabic, into `e2e/shots/screens`
// with one page that shows them all: `npm run screens`, or `npm run screens -- live assist` for some groups.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import type { ToAgent } from '../packages/protocol/index.ts'
import { ASKED, JOINED, joinWith, openDesk, scriptLine } from './desk-page.ts'
import { Harness } from './harness.ts'
import { SCREEN_PAGE, SCREEN_SETTINGS } from './screens-page.ts'
import { allow, Site, start, until } from './session-site.ts'

const FOLDER = join(import.meta.dirname, 'shots/screens')
const VIEWS = [
  { name: '1280', colorScheme: 'light', width: 1280 },
  { name: '1280-dark', colorScheme: 'dark', width: 1280 },
  { name: '800', colorScheme: 'light', width: 800 },
  { name: '800-dark', colorScheme: 'dark', width: 800 },
] as const

const taken: string[] = []
const harness = await Harness.open()
const site = await Site.open(harness, ({ url }, response) => {
  if (url !== '/') return false
  response.end(SCREEN_PAGE)
  return true
})

/** The state that the page is in, in every look. In Arabic only the wide one. */
async function snap(page: Page, name: string): Promise<void> {
  const isArabic = (await page.getAttribute('html', 'lang')) === 'ar'
  for (const view of isArabic ? VIEWS.slice(0, 1) : VIEWS) {
    await page.emulateMedia({ colorScheme: view.colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width: view.width, height: 800 })
    // Layout follows the window's size a frame later, and the copy another.
    for (let frame = 0; frame < 4; frame++) await page.evaluate(() => new Promise(requestAnimationFrame))
    const file = `${name}-${isArabic ? 'ar' : view.name}.png`
    await page.screenshot({ path: join(FOLDER, file) })
    taken.push(file)
  }
  await page.setViewportSize({ width: 1280, height: 800 })
  for (let frame = 0; frame < 4; frame++) await page.evaluate(() => new Promise(requestAnimationFrame))
}

/** A desk whose server this script plays. */
async function scripted(lang: string, answers: ToAgent[]) {
  const page = await harness.page()
  const line = await scriptLine(page, answers)
  await openDesk(harness, page, lang)
  return { page, ...line }
}

const LISTS = {
  devices: {
    devices: [
      ['1', 'Cora Lind', 'cora@example.com', true],
      ['2', 'Jonathan Archibald Featherstonehaugh-Cholmondeley', 'jonathan.featherstonehaugh@example.com', false],
      ['3', 'عمر', 'omar@example.com', false],
    ].map(([id, user_name, user_email, inSession]) => ({
      id,
      since: 0,
      inSession,
      customData: { user_name, user_email },
    })),
    total: 1_204,
    next: 'x',
  },
  sessions: {
    sessions: ['live', 'waiting', 'recovering'].map((state, index) => ({
      id: state,
      customerName: ['Cora Lind', 'Dora Meier', 'Edgar Poe'][index],
      since: 0,
      state,
      agents:
        state === 'live'
          ? [
              { userId: 'b', userName: 'Bea' },
              { userId: 'c', userName: 'Carl' },
            ]
          : [],
      joinable: state !== 'recovering',
    })),
    total: 3,
  },
}

async function withLists(lang: string, status: number, devices: object, sessions: object): Promise<Page> {
  const page = await harness.page()
  await scriptLine(page, [])
  await page.route('**/agent/devices*', (route) => route.fulfill({ status, json: devices }))
  await page.route('**/agent/sessions*', (route) => route.fulfill({ status, json: sessions }))
  await openDesk(harness, page, lang)
  return page
}

const GROUPS: Record<string, (lang: string) => Promise<void>> = {
  async form(lang) {
    const { page } = await scripted(lang, [{ type: 'error', code: 1006 }])
    await page.locator('.devices').first().waitFor()
    await snap(page, 'form-empty')
    await page.keyboard.type('482')
    await snap(page, 'form-typing')
    await page.keyboard.press('Enter')
    await snap(page, 'form-short')
    await page.locator('.pin-box').first().focus()
    await page.keyboard.type('482913')
    await page.keyboard.press('Enter')
    await page.locator('.note-bad').waitFor()
    await snap(page, 'form-30308')
    await page.locator('.switch').click()
    await page.locator('.pin-long').fill('ORDER4711')
    await snap(page, 'form-longer')
    for (const [name, error] of [
      ['rate-limited', { type: 'error', code: 1102, retryAfter: 95 }],
      ['five-agents', { type: 'error', code: 1013 }],
      ['refused', { type: 'error', code: 1100 }],
      ['offline', { type: 'error', code: 1016 }],
      ['session-over', { type: 'error', code: 1011 }],
    ] as [string, ToAgent][]) {
      const { page } = await scripted(lang, [error])
      await joinWith(page)
      await page.locator('.note-bad, .message-icon-bad').waitFor()
      await snap(page, `error-${name}`)
    }
  },
  async lists(lang) {
    const empty = { devices: [], sessions: [], total: 0 }
    for (const [name, status, devices, sessions] of [
      ['filled', 200, LISTS.devices, LISTS.sessions],
      ['empty', 200, empty, empty],
      ['error', 500, { code: 9999, message: 'Internal error' }, {}],
    ] as [string, number, object, object][]) {
      const page = await withLists(lang, status, devices, sessions)
      await page
        .locator({ filled: '.device', empty: '.devices-empty', error: '.devices-failed' }[name] ?? '')
        .first()
        .waitFor()
      await snap(page, `lists-${name}`)
      if (name !== 'empty') continue
      await page.locator('.devices-search input').fill('nobody')
      await page.locator('.devices-empty').waitFor()
      await snap(page, 'lists-no-match')
    }
  },
  async waiting(lang) {
    const { page, say } = await scripted(lang, [])
    await joinWith(page)
    await snap(page, 'wait-code')
    say(ASKED)
    await page.locator('.wait-asking').waitFor()
    await snap(page, 'wait-customer')
    say(JOINED)
    await page.locator('.veil').waitFor()
    await snap(page, 'live-loading')
    say({ type: 'recording', recorded: true })
    for (const [name, message] of [
      ['offline', { type: 'customer_connection', connected: false }],
      ['left', { type: 'customer_connection', connected: false, left: true }],
    ] as [string, ToAgent][]) {
      say(message)
      await page.locator('.veil:not(.veil-solid)').waitFor()
      await snap(page, `live-customer-${name}`)
    }
    for (const reason of ['customer_ended', 'expired', 'failed'] as const) {
      const { page } = await scripted(lang, [ASKED, JOINED, { type: 'ended', reason }])
      await joinWith(page)
      await page.locator('.message-card .button-main').waitFor()
      await snap(page, `ended-${reason}`)
    }
  },
  async live(lang) {
    const { customer, desk, press } = await pair(lang)
    await snap(desk, 'live-fit')
    await press('1')
    await snap(desk, 'live-100')
    for (let times = 0; times < 4; times++) await press('+')
    await snap(desk, 'live-150')
    await press('0')
    await press('g')
    await snap(desk, 'live-free')
    await press('g')
    await press('m')
    await desk.locator('.toggle[aria-pressed=true]').waitFor()
    await snap(desk, 'live-masked')
    await press('m')
    await press('f')
    await snap(desk, 'live-full')
    await press('f')
    await press('?')
    await snap(desk, 'live-help')
    await press('Escape')
    await press('i')
    await snap(desk, 'live-people')
    await desk.locator('.invite input[name=name]').fill('Sam Supervisor')
    await desk.locator('.invite button').click()
    await desk.locator('.invite-made').waitFor()
    await snap(desk, 'live-invite-link')
    await press('Escape')
    await desk.locator('.button-bad').click()
    await snap(desk, 'live-end-dialog')
    await desk.locator('.confirm .button').first().click()
    await customer.evaluate(() => window.customer.pause())
    await desk.locator('.veil-solid').waitFor()
    await snap(desk, 'live-paused')
    await customer.evaluate(() => window.customer.resume())
    await desk.locator('.status-good').waitFor()
    await customer.evaluate(() => window.dispatchEvent(new Event('blur')))
    await customer.evaluate(() => window.customer.end())
    await desk.locator('.message-card').waitFor()
    await snap(desk, 'ended')
  },
  async tools(lang) {
    const { customer, desk, press } = await pair(lang)
    const box = await desk.locator('iframe').boundingBox()
    const at = (x: number, y: number) => [box!.x + x * box!.width, box!.y + y * box!.height] as const
    const stroke = async (key: string, from: [number, number], to: [number, number]) => {
      await press(key)
      await desk.mouse.move(...at(...from))
      await desk.mouse.down()
      await desk.mouse.move(...at((from[0] + to[0]) / 2, from[1] + 0.03), { steps: 8 })
      await desk.mouse.move(...at(...to), { steps: 8 })
      await desk.mouse.up()
    }
    await stroke('d', [0.1, 0.5], [0.3, 0.6])
    await press('c')
    await stroke('r', [0.35, 0.3], [0.6, 0.5])
    await press('c')
    await stroke('a', [0.65, 0.7], [0.8, 0.4])
    await press('c')
    await stroke('h', [0.1, 0.2], [0.4, 0.2])
    await stroke('v', [0.5, 0.8], [0.7, 0.85])
    await press('t')
    await desk.mouse.click(...at(0.7, 0.2))
    await desk.keyboard.type('Press here')
    await snap(desk, 'tools-text')
    await desk.keyboard.press('Enter')
    await press('e')
    await desk.mouse.move(...at(0.2, 0.12))
    await snap(desk, 'tools-element')
    for (const [key, name] of [
      ['p', 'pointer'],
      ['l', 'laser'],
      ['x', 'eraser'],
      ['s', 'read-out'],
    ] as const) {
      await press(key)
      await desk.mouse.move(...at(0.55, 0.6), { steps: 6 })
      await snap(desk, `tools-${name}`)
    }
    await desk.locator('[popovertarget=colours]').click()
    await snap(desk, 'tools-colours')
    await press('Escape')
    await desk.locator('[popovertarget=clearing]').click()
    await snap(desk, 'tools-clear')
    await press('Escape')
    await desk.locator('.rail .tool').nth(3).hover()
    await desk.locator('.tip:popover-open').waitFor()
    await snap(desk, 'tools-tip')
    await customer.evaluate(() => window.customer.end())
  },
  async assist(lang) {
    const { customer, desk, press } = await pair(lang)
    await press('k')
    await desk.locator('.assist-asking').waitFor()
    await snap(desk, 'assist-asked')
    await customer.locator('dialog:not(.gone) .primary').click()
    await desk.locator('.assist-active').waitFor()
    await snap(desk, 'assist-given')
    await customer.evaluate(() => window.customer.end())
    const { page, say } = await scripted(lang, [ASKED, JOINED])
    await joinWith(page)
    await page.locator('.rail').waitFor()
    for (const [participant, userName] of [
      [3, 'Bea'],
      [4, 'Carl Friedrich'],
      [5, 'Dilek'],
      [6, 'Efua'],
    ] as const)
      say({ type: 'agent_joined', participant, userId: userName, userName })
    say({ type: 'assist_started', participant: 3, types: ['click'] })
    await page.locator('.assist-other').waitFor()
    await page.locator('.people-button').click()
    await snap(page, 'assist-other')
    await page.keyboard.press('Escape')
    say({ type: 'assist_stopped', participant: 3, reason: 'released' })
    say({ type: 'assist_started', participant: 2, types: ['scroll_page', 'click', 'navigate'] })
    await page.locator('[popovertarget=passing]').click()
    await snap(page, 'assist-pass')
    await page.keyboard.press('Escape')
    say({ type: 'assist_stopped', participant: 2, reason: 'stopped' })
    await page.locator('.notice').last().waitFor()
    await snap(page, 'assist-stopped')
    for (const reason of ['declined', 'off'] as const) {
      say({ type: 'assist_rejected', participant: 2, reason })
      await snap(page, `assist-${reason}`)
    }
    const tabs = [
      { tab: 1, site: 'shop.example' },
      { tab: 2, site: 'pay.shop.example' },
    ]
    say({ type: 'customer_transferred', tab: 2, tabs })
    await page.locator('[popovertarget=tabs]').click()
    await snap(page, 'live-tabs')
    say({ type: 'customer_focus', focused: false })
    await snap(page, 'live-elsewhere')
  },
  async settings(lang) {
    const page = await harness.page()
    await openDesk(harness, page, lang, 1)
    await page.locator('.screen-settings').waitFor()
    await snap(page, 'settings-way-in')
    await page.locator('.screen-settings').click()
    await page.locator('.rule-detectors').waitFor()
    await snap(page, 'settings-empty')
    const add = page.locator('.settings-row .button')
    await add.click()
    await page.locator('.rule-maskCssSelectors input').fill('.private')
    await page.locator('.try-html').fill(SCREEN_PAGE)
    await page.locator('.try-actions .button-main').click()
    await page.locator('.rule-count').waitFor()
    await snap(page, 'settings-tried')
    await add.click()
    await page.locator('.rule-maskCssSelectors input').nth(1).fill('p[')
    await page.locator('.rule-foot', { hasText: /./ }).nth(1).waitFor()
    await page.locator('.settings-head .button-main').click()
    await snap(page, 'settings-mistake')
    await page.locator('.settings-head .button').first().click()
    await snap(page, 'settings-discard')
    const failed = await harness.page()
    await failed.route('**/agent/mask', (route) => route.abort())
    await openDesk(harness, failed, lang, 1)
    await failed.locator('.screen-settings').click()
    await failed.locator('.devices-failed').first().waitFor()
    await snap(failed, 'settings-error')
  },
  async access(lang) {
    const page = await harness.page()
    await page.goto(harness.url(`/desk?x=1${lang}`))
    await snap(page, 'no-token')
    await page.goto(harness.url('/desk/link#link=gone&key=dev'))
    await page.locator('.message-card').waitFor()
    await snap(page, 'link-gone')
    await page.goto(harness.url(`/desk/recording?x=1${lang}`))
    await page.locator('.recording-card').waitFor()
    await snap(page, 'recording-no-link')
  },
}

/** A desk that sees a customer's page. `press` is a key on the desk. */
async function pair(lang: string) {
  const customer = await site.customer('chromium', undefined, '/', SCREEN_SETTINGS)
  const answer = await start(customer, await harness.token('customer', 'Cora Lind'))
  if (!answer.success) throw new Error(JSON.stringify(answer))
  await until(customer, 'pincode_updated')
  const desk = await harness.page()
  await openDesk(harness, desk, lang)
  await joinWith(desk, await customer.evaluate(() => window.customer.getSessionInfo().pinCode))
  await allow(customer)
  await desk.locator('.status-good').waitFor()
  await desk.locator('.quality-good').waitFor()
  const press = async (key: string) => {
    await desk.keyboard.press(key)
    await desk.evaluate(() => new Promise(requestAnimationFrame))
  }
  return { customer, desk, press }
}

mkdirSync(FOLDER, { recursive: true })
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(GROUPS, name))
if (unknown.length) console.error(`No group ${unknown.join(', ')}. There are: ${Object.keys(GROUPS).join(', ')}.`)
for (const [name, take] of Object.entries(GROUPS)) {
  if (wanted.length && !wanted.includes(name)) continue
  for (const lang of ['', '&lang=ar']) {
    console.log(`${name}${lang && ' in Arabic'} …`)
    await take(lang)
  }
}
writeFileSync(
  join(FOLDER, 'index.html'),
  `<!doctype html><title>Screens of the desk</title><style>body { background: #888 } img { width: 49% }</style>${taken
    .map((file) => `<img src="${file}" alt="${file}" title="${file}">`)
    .join('\n')}`,
)
site.close()
await harness.close()
console.log(`${taken.length} pictures in ${FOLDER}/index.html`)
