import type { Page } from 'playwright'
import type { ErrorCode, ToAgent } from '../packages/protocol/index.ts'
import { ASKED, JOINED, joinWith, openDesk, scriptLine } from './desk-page.ts'
import { AIDS, harness, pair, scripted, snap } from './screens-camera.ts'
import { SCREEN_PAGE } from './screens-page.ts'

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
      site: state === 'recovering' ? '' : 'shop.example',
      joinable: state !== 'recovering',
    })),
    total: 3,
  },
}

const MANY = Array.from({ length: 50 }, (_, index) => ({
  id: String(index),
  since: 0,
  inSession: index % 7 === 0,
  customData: { user_name: `Customer ${index + 1}`, user_email: `customer${index + 1}@example.com` },
}))

async function withLists(lang: string, status: number, devices: object, sessions: object): Promise<Page> {
  const page = await harness.page()
  await scriptLine(page, [])
  await page.route('**/agent/devices*', (route) => route.fulfill({ status, json: devices }))
  await page.route('**/agent/sessions*', (route) => route.fulfill({ status, json: sessions }))
  await openDesk(harness, page, lang)
  return page
}

/** Those that `form` does not show already. */
const OTHER_ERRORS: ErrorCode[] = [
  1001, 1002, 1004, 1008, 1009, 1010, 1012, 1015, 1017, 1101, 1103, 1104, 1105, 1106, 1107, 1108, 1109, 1110, 1111,
  1112, 1113, 1114, 1115, 1116, 1117, 1118, 1119, 1120, 1122, 2001, 9999,
]

/** States of the desk, by groups that can be asked for. */
export const DESK_GROUPS: Record<string, (lang: string) => Promise<void>> = {
  async form(lang) {
    const { page } = await scripted(lang, [{ type: 'error', code: 1006 }])
    await page.locator('.devices').first().waitFor()
    await snap(page, 'form-empty')
    await snap(page, 'form-empty', AIDS)
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
  async errors(lang) {
    for (const code of OTHER_ERRORS) {
      const { page } = await scripted(lang, [{ type: 'error', code }])
      await joinWith(page)
      await page.locator('.note-bad, .message-icon-bad').waitFor()
      await snap(page, `error-${code}`, ['800', '800-dark'])
      await page.context().close()
    }
  },
  async lists(lang) {
    const empty = { devices: [], sessions: [], total: 0 }
    for (const [name, status, devices, sessions] of [
      ['filled', 200, LISTS.devices, LISTS.sessions],
      ['full', 200, { ...LISTS.devices, devices: MANY }, LISTS.sessions],
      ['empty', 200, empty, empty],
      ['error', 500, { code: 9999, message: 'Internal error' }, {}],
    ] as [string, number, object, object][]) {
      const page = await withLists(lang, status, devices, sessions)
      await page
        .locator({ filled: '.device', full: '.device', empty: '.devices-empty', error: '.devices-failed' }[name] ?? '')
        .first()
        .waitFor()
      await snap(page, `lists-${name}`)
      if (name !== 'empty') continue
      await page.locator('.devices-search input').fill('nobody')
      await page.locator('.devices-empty').waitFor()
      await snap(page, 'lists-no-match')
    }
    const off = { code: 1115, message: 'Off' }
    await snap(await withLists(lang, 403, off, off), 'lists-off')
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
    await snap(desk, 'live-fit', AIDS)
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
    await snap(desk, 'live-help', AIDS)
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
    await desk.mouse.move(...at(0.552, 0.436), { steps: 4 })
    await snap(desk, 'tools-element', ['1280', '1280-dark'])
    await desk.mouse.click(...at(0.552, 0.436))
    await desk.keyboard.type('This one, please')
    await snap(desk, 'tools-note', ['1280', '1280-dark'])
    await desk.keyboard.press('Enter')
    await press('p')
    await desk.mouse.move(...at(0.3, 0.4), { steps: 6 })
    await customer.locator('.theme').first().waitFor()
    await snap(customer, 'tools-customer', ['1280', '1280-dark'])
    await press('p')
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
    await press('Control+z')
    await snap(desk, 'tools-undone', ['1280', '1280-dark'])
    await press('Delete')
    await desk.locator('.rail .tool').first().hover()
    await snap(desk, 'tools-cleared', ['1280', '1280-dark'])
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
    say({ type: 'assist_stopped', participant: 2, reason: 'passed' })
    say({ type: 'assist_started', participant: 4, types: ['click'] })
    await page.locator('.assist-other').waitFor()
    await snap(page, 'assist-passed')
    say({ type: 'assist_stopped', participant: 4, reason: 'released' })
    say({ type: 'assist_started', participant: 2, types: ['click'] })
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
    // What the language before saved.
    await fetch(harness.url('/agent/mask'), {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${await harness.token('agent', 'Ada', { enableSettings: 1 })}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ rules: [], detectors: [] }),
    })
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
    await snap(page, 'settings-tried', AIDS)
    await page.locator('.settings-head .button-main').click()
    await page.locator('.settings-said', { hasText: /./ }).waitFor()
    await snap(page, 'settings-saved')
    await add.click()
    await page.locator('.rule-maskCssSelectors input').nth(1).fill('p[')
    await page.locator('.rule-fault', { hasText: /./ }).waitFor()
    await page.locator('.settings-head .button-main').click()
    await snap(page, 'settings-mistake')
    await page.locator('.settings-head .button').first().click()
    await snap(page, 'settings-discard')
    await page.locator('.confirm[open] .button').first().click()
    await page.locator('.rule-maskCssSelectors input').nth(1).fill('p')
    await page.route('**/agent/mask', (route) => route.fulfill({ status: 403, json: { code: 1122, message: 'No' } }))
    await page.locator('.settings-head .button-main').click()
    await page.locator('.settings-bad').waitFor()
    await snap(page, 'settings-refused')
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
    const offline = await harness.page()
    await scriptLine(offline, [{ type: 'error', code: 1016 }])
    await offline.goto(harness.url(`/desk/link?x=1${lang}#link=some&key=dev`))
    await offline.locator('.message-icon-bad').waitFor()
    await snap(offline, 'link-offline')
    const watcher = await scripted(lang, [{ ...ASKED, watchOnly: true } as ToAgent, JOINED])
    await joinWith(watcher.page)
    await watcher.page.locator('.veil').waitFor()
    await snap(watcher.page, 'watching')
  },
  async line(lang) {
    const valve = { held: false, cut: () => {} }
    const { desk } = await pair(lang, {
      prepare: (page) =>
        page.routeWebSocket('**/socket', (line) => {
          if (valve.held) return void line.close()
          const server = line.connectToServer()
          line.onMessage((message) => server.send(message))
          server.onMessage((message) => valve.held || line.send(message))
          valve.cut = () => void line.close()
        }),
    })
    // What a heavy page does to the desk: frames that take more than a second.
    for (const [name, frames] of [
      ['plain', 5],
      ['hidden', 5],
    ] as const) {
      for (let frame = 0; frame < frames; frame++)
        await desk.evaluate(() => {
          const end = performance.now() + 1_100
          while (performance.now() < end);
          return new Promise(requestAnimationFrame)
        })
      await desk.locator('.notice').last().waitFor()
      await snap(desk, `line-${name}`)
    }
    valve.held = true
    await desk.locator('.quality-behind').waitFor()
    await snap(desk, 'line-behind')
    valve.cut()
    await desk.locator('.quality-lost').waitFor()
    await snap(desk, 'line-reconnecting')
    await desk.locator('.bar-exits .button').first().click()
    await snap(desk, 'ended-left')
  },
  async phone(lang) {
    const { customer, desk } = await pair(lang, { size: { width: 390, height: 780 } })
    await snap(desk, 'phone-desk')
    await desk.locator('.assist').click()
    await customer.locator('dialog:not(.gone) .primary').waitFor()
    await snap(customer, 'phone-assist-question', ['phone', 'phone-dark'])
    await customer.locator('dialog:not(.gone) .primary').click()
    await desk.locator('.assist-active').waitFor()
    await snap(desk, 'phone-desk-assist', ['800', '800-dark'])
    await customer.evaluate(() => window.customer.end())
  },
}
