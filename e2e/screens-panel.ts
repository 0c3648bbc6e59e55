import type { Page } from 'playwright'
import type { KeySettings, ToCustomer } from '../packages/protocol/index.ts'
import type { CustomerSettings } from '../packages/sdk/customer/index.ts'
import { scriptLine } from './desk-page.ts'
import { harness, PANEL, site, snap } from './screens-camera.ts'
import { SCREEN_SETTINGS } from './screens-page.ts'
import { start } from './session-site.ts'

const SETTINGS: KeySettings = {
  company: 'Example shop',
  consent: 'always',
  features: { agentAnnotation: true, customerAnnotation: true, remoteAssist: true, multiTab: true, presence: true },
}
/** The panel knows the server's clock by the start. */
const started = (settings = SETTINGS): ToCustomer => ({
  type: 'started',
  sessionId: 's',
  secret: 'x',
  startTime: Date.now(),
  assets: 't',
  store: 's',
  settings,
})
const pin = (code: string, minutes = 20): ToCustomer => ({
  type: 'pin',
  pin: code,
  expiresAt: Date.now() + minutes * 60_000,
})
const ANA = { participant: 2, userId: 'a', userName: 'Ana' }
const OTHERS = [
  { participant: 3, userId: 'j', userName: 'Jonathan Archibald Featherstonehaugh-Cholmondeley' },
  { participant: 4, userId: 's', userName: 'Sam', watchOnly: true, invitedBy: 'Ana' },
] as const

/** A customer whose server the script plays: it answers the start with `answers`. */
async function customer(lang: string, answers: ToCustomer[], settings: CustomerSettings = {}) {
  const page = await harness.page()
  const line = await scriptLine<ToCustomer>(page, answers)
  await site.customer('chromium', page, '/', {
    ...SCREEN_SETTINGS,
    remoteAssist: { ...SCREEN_SETTINGS.remoteAssist, requireStopConfirmation: true },
    ui: { language: lang ? 'ar' : 'en' },
    ...settings,
  })
  // As `snap` tells pictures in Arabic.
  if (lang) await page.evaluate(() => document.documentElement.setAttribute('lang', 'ar'))
  // What is still under way when the page closes is of no interest.
  start(page, await harness.token('customer', 'Cora Lind')).catch((error) => page.isClosed() || console.error(error))
  await page.locator('.card:not(:empty)').waitFor()
  return { page, ...line }
}

const face = (page: Page, name: string) => page.locator('.card', { has: page.locator(`.${name}`) }).waitFor()

/** States of the customer's panel, by groups that can be asked for. */
export const PANEL_GROUPS: Record<string, (lang: string) => Promise<void>> = {
  async panel(lang) {
    const take = (page: Page, name: string) => snap(page, `panel-${name}`, PANEL)
    const waiting = await customer(lang, [])
    await take(waiting.page, 'connecting')
    const { page, say } = await customer(lang, [started(), pin('482913')])
    await face(page, 'code')
    await take(page, 'code')
    await snap(page, 'panel-code', ['zoomed', 'forced'])
    await page.locator('.copy').click()
    await take(page, 'copied')
    say(pin('482913', -1))
    await face(page, 'over')
    await take(page, 'code-over')
    say(pin('ORDER47110'))
    await face(page, 'long')
    await take(page, 'code-long')
    say({ type: 'agent_requested', ...ANA })
    await page.locator('dialog[open]').waitFor()
    await take(page, 'question')
    await snap(page, 'panel-question', ['zoomed', 'forced'])
    await page.locator('dialog[open] .primary').click()
    await face(page, 'busy')
    await take(page, 'joining')
    say({ type: 'agent_joined', ...ANA })
    await face(page, 'danger')
    await take(page, 'live')
    await snap(page, 'panel-live', ['zoomed', 'forced'])
    for (const agent of OTHERS) {
      say({ type: 'agent_requested', ...agent })
      await page.locator('dialog[open]:not(.gone)').waitFor()
      await take(page, `question-${agent.participant === 3 ? 'long' : 'invited'}`)
      await page.locator('dialog[open]:not(.gone) .primary').click()
      say({ type: 'agent_joined', ...agent })
    }
    await page.locator('.agent').nth(2).waitFor()
    await take(page, 'live-three')
    say({ type: 'assist_requested', participant: 2, types: ['scroll_page', 'click', 'type', 'select', 'navigate'] })
    await page.locator('dialog[open]:not(.gone)').waitFor()
    await take(page, 'assist-question')
    await page.locator('dialog[open]:not(.gone) .primary').click()
    say({ type: 'assist_started', participant: 2, types: ['scroll_page', 'click', 'type', 'select', 'navigate'] })
    await page.locator('.card').nth(1).waitFor()
    await take(page, 'helped')
    await page.locator('.card').first().locator('.button').last().click()
    await page.locator('dialog[open]:not(.gone)').waitFor()
    await take(page, 'assist-stop')
    await page.locator('dialog[open]:not(.gone) .primary').click()
    await drawing(page, take)
  },
  async ending(lang) {
    const live: ToCustomer[] = [
      started({ ...SETTINGS, recording: 'on' }),
      pin('482913'),
      { type: 'agent_requested', ...ANA },
    ]
    const take = (page: Page, name: string) => snap(page, `panel-${name}`, PANEL)
    const { page, say } = await customer(lang, live)
    await page.locator('dialog[open]').waitFor()
    await take(page, 'question-recorded')
    await page.locator('dialog[open] .primary').click()
    say({ type: 'agent_joined', ...ANA })
    await face(page, 'recorded')
    await take(page, 'live-recorded')
    say({ type: 'agent_connection', participant: 2, connected: false })
    await page
      .getByText(lang ? 'Ana (' : '(reconnecting)')
      .first()
      .waitFor()
    await take(page, 'agent-lost')
    say({ type: 'agent_left', reason: 'left', ...ANA })
    await face(page, 'primary')
    await take(page, 'alone')
    for (const reason of ['customer_ended', 'expired', 'connection_lost'] as const) {
      const { page } = await customer(lang, [started(), pin('482913'), { type: 'ended', reason }])
      await page.locator('.card .dot:is(.warn, .done)').waitFor()
      await take(page, `ended-${reason}`)
    }
    const failed = await customer(lang, [{ type: 'error', code: 1104 }])
    await failed.page.locator('.card .warn').waitFor()
    await take(failed.page, 'failed')
  },
}

/** What the customer does with a live session. */
async function drawing(page: Page, take: (page: Page, name: string) => Promise<void>): Promise<void> {
  const buttons = page.locator('.actions .button')
  await page.locator('[aria-pressed=false]').first().click()
  await page.locator('[aria-pressed=true]').first().waitFor()
  await take(page, 'drawing')
  await page.locator('.actions [aria-pressed=true]').first().click()
  await buttons.nth(2).click()
  await page.locator('dialog iframe').waitFor()
  await take(page, 'preview')
  await page.keyboard.press('Escape')
  await page.locator('.resize').click()
  await page.locator('.pill').waitFor()
  await take(page, 'small')
  await page.locator('.pill').click()
  await buttons.first().click()
  await page.locator('.card .warn').waitFor()
  await take(page, 'paused')
}
