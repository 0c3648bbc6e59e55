import type { AgentInfo, KeySettings } from '@alongside/protocol'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { ManualClock } from '../../../server/testing/manual-clock.ts'
import { loadChunk } from '../chunks.ts'
import type { OpenSession, SessionState } from '../session-state.ts'
import type { CustomerSettings } from '../settings.ts'
import { Panel } from './panel.ts'

const ANA: AgentInfo = { participant: 2, userId: 'a1', userName: 'Ana' }

const attachShadow = Element.prototype.attachShadow
let clock: ManualClock
let panel: Panel
const actions = { answer: vi.fn(), end: vi.fn(), pause: vi.fn(), newPin: vi.fn(), draw: vi.fn(), preview: vi.fn() }

beforeEach(async () => {
  await page.viewport(1000, 700)
  // The panel's root is closed. Opened here, so that the test can see and press what is in it.
  Element.prototype.attachShadow = function (options) {
    return attachShadow.call(this, { ...options, mode: 'open' })
  }
  clock = new ManualClock()
  for (const action of Object.values(actions)) action.mockReset()
})

afterEach(() => {
  panel.unaskAll()
  panel.forget()
  panel.show({ name: 'idle' })
  Element.prototype.attachShadow = attachShadow
  document.body.replaceChildren()
})

function make(settings: CustomerSettings = {}): ShadowRoot {
  panel = new Panel(
    { ...settings, ui: settings.ui === false ? false : { language: 'en', ...settings.ui } },
    actions,
    loadChunk,
    clock,
  )
  return host().shadowRoot!
}

const host = () => [...panel.nodes][0] as HTMLElement

const settings: KeySettings = {
  consent: 'always',
  features: { agentAnnotation: true, customerAnnotation: true, remoteAssist: true, multiTab: true, presence: true },
}

function open(more: Partial<OpenSession> = {}): SessionState {
  const pin = { pin: '012345', expiresAt: Date.now() + 1_200_000 }
  return {
    name: 'open',
    session: {
      sessionId: 's',
      startTime: 0,
      skew: 0,
      pin,
      paused: false,
      met: false,
      agents: new Map(),
      settings,
      ...more,
    },
  }
}

const live = (agent = ANA, more: Partial<OpenSession> = {}) =>
  open({ pin: undefined, agents: new Map([[2, { ...agent, standing: 'live' }]]), ...more })

test('SES-230 nothing is on the page before a session and nothing after it', () => {
  make()
  expect(host().isConnected).toBe(false)
  panel.show(open())
  expect(host().isConnected).toBe(true)
  panel.show({ name: 'idle' })
  expect(host().isConnected).toBe(false)
  expect(clock.pending).toBe(0)
})

test('SES-231 the panel’s root is closed to the page and its element is the one that is not mirrored', () => {
  Element.prototype.attachShadow = attachShadow
  panel = new Panel({}, actions, loadChunk, clock)
  panel.show(open())
  expect(host().shadowRoot).toBe(null)
  expect(document.documentElement.lastElementChild).toBe(host())
})

test('PIN-203 the PIN is shown in two groups with its remaining time, and copied', async () => {
  const root = make()
  panel.show(open())
  expect([...root.querySelectorAll('.code span')].map((group) => group.textContent)).toEqual(['012', '345'])
  expect(root.querySelector('.time')?.textContent).toBe('Valid for 20:00')
  expect(root.querySelector('[role=status]')?.textContent).toBe('Your code: 0 1 2 3 4 5')
  await userEvent.click(page.getByRole('button', { name: 'Copy' }))
  await expect.poll(() => root.querySelector('[role=status]')?.textContent).toMatch(/^(Copied|Selected)/)
})

test('PIN-204 the remaining time is told by the server’s clock', () => {
  const root = make()
  const wrong = 3 * 3_600_000
  panel.show(open({ skew: wrong, pin: { pin: '012345', expiresAt: Date.now() + wrong + 600_000 } }))
  expect(root.querySelector('.time')?.textContent).toBe('Valid for 10:00')
})

test('PIN-205 an expired PIN is struck out and a new one can be had', async () => {
  const root = make()
  panel.show(open({ pin: { pin: '012345', expiresAt: Date.now() - 1 } }))
  expect(root.querySelector('.code.over')).not.toBe(null)
  await userEvent.click(page.getByRole('button', { name: 'Get a new code' }))
  expect(actions.newPin).toHaveBeenCalledTimes(1)
})

test('PIN-206 a further agent’s PIN has its time and can be copied, and when it has expired the next can be had', async () => {
  const root = make()
  const pin = { pin: '012345', expiresAt: Date.now() + 600_000 }
  panel.show(live(ANA, { pin }))
  expect(root.querySelector('[role=status]')?.textContent).toBe(
    'You are sharing this page with Ana. Your code: 0 1 2 3 4 5',
  )
  expect(root.querySelector('.time')?.textContent).toBe('Valid for 10:00')
  await userEvent.click(page.getByRole('button', { name: 'Copy' }))
  await expect.poll(() => root.querySelector('[role=status]')?.textContent).toMatch(/^(Copied|Selected)/)
  panel.show(live(ANA, { pin: { ...pin, expiresAt: Date.now() - 1 } }))
  expect(root.querySelector('.code')).toBe(null)
  await userEvent.click(page.getByRole('button', { name: 'Add someone' }))
  expect(actions.newPin).toHaveBeenCalledTimes(1)
})

test('PIN-207 when the last agent has left, the panel says so and offers a new code', async () => {
  const root = make()
  panel.show(open({ pin: undefined, met: true }))
  expect(root.querySelector('.title')?.textContent).toBe('Nobody sees this page now')
  await userEvent.click(page.getByRole('button', { name: 'Get a new code' }))
  expect(actions.newPin).toHaveBeenCalledTimes(1)
})

test('SES-232 the question names the agent and takes a press of Allow for a yes', async () => {
  const root = make()
  panel.show(open())
  panel.askAbout(ANA)
  expect(root.querySelector('dialog h2')?.textContent).toBe('Ana wants to see this page')
  expect(root.querySelector('dialog')?.matches(':modal')).toBe(true)
  await userEvent.click(page.getByRole('button', { name: 'Allow', exact: true }))
  expect(actions.answer.mock.calls).toEqual([[2, true]])
  expect(root.querySelector('dialog:not(.gone)')).toBe(null)
})

test('CFG-8 the question names the company beside the agent, both as text', () => {
  const root = make()
  panel.askAbout({ ...ANA, company: 'North\u202Ewind <b>' })
  expect(root.querySelector('dialog h2')?.textContent).toBe('Ana from North wind <b> wants to see this page')
  expect([...root.querySelectorAll('dialog h2 bdi')].map((name) => name.textContent)).toEqual(['Ana', 'North wind <b>'])
})

test('SES-232 Don’t allow and Escape are a no', async () => {
  make()
  panel.askAbout(ANA)
  await userEvent.click(page.getByRole('button', { name: 'Don’t allow' }))
  panel.askAbout({ ...ANA, participant: 3 })
  await userEvent.keyboard('{Escape}')
  const noes = [
    [2, false],
    [3, false],
  ]
  await expect.poll(() => actions.answer.mock.calls).toEqual(noes)
})

test('SES-233 what a script presses is no answer', () => {
  const root = make()
  panel.askAbout(ANA)
  for (const made of root.querySelectorAll<HTMLElement>('dialog button')) {
    made.click()
    made.dispatchEvent(new MouseEvent('click', { bubbles: true }))
  }
  expect(actions.answer).not.toHaveBeenCalled()
  expect(root.querySelector('dialog[open]')).not.toBe(null)
})

test('SES-234 a customer who goes on typing does not answer by it', async () => {
  const field = document.body.appendChild(document.createElement('input'))
  field.focus()
  make()
  panel.askAbout(ANA)
  await userEvent.keyboard('y {Enter}')
  expect(actions.answer).not.toHaveBeenCalled()
  panel.unask(2)
  expect(document.activeElement).toBe(field)
})

test('SES-236 several agents are asked about one after the other, and a question can be taken back', async () => {
  const root = make()
  panel.askAbout(ANA)
  panel.askAbout({ participant: 3, userId: 'b', userName: 'Ben' })
  panel.askAbout({ participant: 4, userId: 'c', userName: 'Cleo' })
  expect(root.querySelectorAll('dialog')).toHaveLength(1)
  panel.unask(3)
  panel.unask(2)
  expect(root.querySelector('dialog h2')?.textContent).toBe('Cleo wants to see this page')
})

test('SES-237 a hostile name is shown as text and cannot turn the sentence around', () => {
  const root = make()
  panel.askAbout({ ...ANA, userName: '<img src=x onerror=alert(1)>\u202E' })
  expect(root.querySelector('dialog img')).toBe(null)
  expect(root.querySelector('dialog h2 bdi')?.textContent).toBe('<img src=x onerror=alert(1)>')
  panel.unaskAll()
  panel.askAbout({ ...ANA, invitedBy: '\u2069\u202E\u05d0\u05d1' })
  expect(root.querySelector('dialog p')?.textContent).toContain('\u2068\u05d0\u05d1\u2069')
  panel.unaskAll()
  panel.forget()
  panel.show(live({ ...ANA, userName: '\u202Eevil' }))
  expect(root.querySelector('.title bdi')?.textContent).toBe('evil')
})

test('SES-238 while live the panel says with whom, pauses, resumes and ends', async () => {
  const root = make()
  panel.show(live())
  expect(root.querySelector('.title')?.textContent).toBe('You are sharing this page with Ana')
  await userEvent.click(page.getByRole('button', { name: 'Pause' }))
  panel.show(live(ANA, { paused: true }))
  await userEvent.click(page.getByRole('button', { name: 'Resume' }))
  await userEvent.click(page.getByRole('button', { name: 'End' }))
  expect(actions.pause.mock.calls).toEqual([[true], [false]])
  expect(actions.end).toHaveBeenCalledTimes(1)
})

test('SES-239 the panel makes itself small and large again, and keeps the keyboard’s place', async () => {
  const root = make()
  panel.show(live())
  await userEvent.click(page.getByRole('button', { name: 'Make this smaller' }))
  expect(root.querySelector('.title')).toBe(null)
  expect(root.activeElement?.textContent).toBe('Sharing')
  await userEvent.click(page.getByRole('button', { name: /^Sharing/ }))
  expect(root.querySelector('.title')).not.toBe(null)
  expect(root.activeElement?.getAttribute('aria-label')).toBe('Make this smaller')
})

test('SES-266 the end of a session says why and, when it failed, with which code', () => {
  const root = make()
  const { session } = open() as Extract<SessionState, { name: 'open' }>
  panel.show({ name: 'ended', session, reason: 'expired' })
  expect(root.querySelector('.card')?.textContent).toContain('It took too long. Start again to get a new code.')
  panel.tell({ code: 1016, name: 'NETWORK_ERROR', errorMsg: 'The server cannot be reached.' })
  panel.show({ name: 'ended', session, reason: 'connection_lost' })
  expect(root.querySelector('.card')?.textContent).toContain('Error 1016')
})

test('SES-240 an error says what to do next until it is closed', async () => {
  const root = make()
  panel.tell({ code: 2001, name: 'TOKEN_INVALID', errorMsg: 'The token is not valid. Get a new one from your server.' })
  expect(root.querySelector('.card')?.textContent).toContain('Get a new one from your server.')
  expect(root.querySelector('.card')?.textContent).toContain('Error 2001')
  await userEvent.click(page.getByRole('button', { name: 'Close' }))
  expect(host().isConnected).toBe(false)
})

test('PNL-41 an error is told in the panel’s language, with its number', async () => {
  const root = make({ ui: { language: 'de' } })
  panel.tell({ code: 2001, name: 'TOKEN_INVALID', errorMsg: 'The token is not valid. Get a new one from your server.' })
  await expect.poll(() => root.querySelector('.card')?.textContent).toContain('Versuchen Sie es noch einmal.')
  expect(root.querySelector('.card')?.textContent).toContain('Fehler 2001')
  expect(root.querySelector('.card')?.textContent).not.toContain('token')
})

test('API-14 a call at the wrong time leaves the panel as it is, and 1004 of another tab is shown', () => {
  const root = make()
  const refused = {
    code: 1004,
    name: 'SESSION_COUNT_LIMIT',
    errorMsg: 'A session is already active. End it first.',
  } as const
  panel.show(open())
  const before = root.querySelector('.card')?.innerHTML
  panel.tell(refused)
  expect(root.querySelector('.card')?.innerHTML).toBe(before)
  const { session } = open() as Extract<SessionState, { name: 'open' }>
  panel.show({ name: 'ended', session, reason: 'connection_lost' })
  expect(root.querySelector('.card')?.textContent).not.toContain('1004')
  panel.show({ name: 'idle' })
  panel.tell(refused)
  expect(root.querySelector('.card')?.textContent).toContain('Error 1004')
})

test('SES-241 without a panel the question is asked all the same', () => {
  const root = make({ ui: false })
  panel.show(open())
  expect(host().isConnected).toBe(false)
  panel.askAbout(ANA)
  expect(root.querySelector('dialog')?.matches(':modal')).toBe(true)
  panel.unask(2)
  panel.show(live())
  expect(host().isConnected).toBe(false)
})

test('SES-242 the panel stays above a dialog that the page opens, and can be used there', async () => {
  make()
  const dialog = document.body.appendChild(document.createElement('dialog'))
  dialog.textContent = 'of the page'
  panel.show(live())
  dialog.showModal()
  await expect.poll(() => host().parentNode).toBe(dialog)
  await userEvent.click(page.getByRole('button', { name: 'End' }))
  expect(actions.end).toHaveBeenCalledTimes(1)
  dialog.close()
  await expect.poll(() => host().parentNode).toBe(document.documentElement)
})

test('SES-243 the panel comes back when the page removes it', () => {
  make()
  panel.show(live())
  host().remove()
  clock.advance(1_000)
  expect(host().isConnected).toBe(true)
})

test('SES-244 rules of the page do not reach the panel', () => {
  const root = make({ ui: { theme: 'light' } })
  const style = document.createElement('style')
  style.textContent =
    'div, [popover] { display: none !important; position: static !important; background: red !important; width: 3px !important; color: red; letter-spacing: 9px }'
  document.body.append(style)
  panel.show(open())
  expect(getComputedStyle(host())).toMatchObject({ position: 'fixed', display: 'block', letterSpacing: 'normal' })
  const card = root.querySelector('.card')!
  expect(getComputedStyle(card)).toMatchObject({ backgroundColor: 'rgb(255, 255, 255)', letterSpacing: 'normal' })
  expect(card.getBoundingClientRect().width).toBeGreaterThan(200)
})

test('SES-245 texts, theme, side and direction follow the settings', () => {
  const root = make({
    ui: { theme: 'dark', position: 'bottom-left', language: 'ar', texts: { codeTitle: 'الرمز' } },
  })
  panel.show(open())
  expect(root.querySelector('.title')?.textContent).toBe('الرمز')
  expect(getComputedStyle(root.querySelector('.card')!).direction).toBe('rtl')
  expect(getComputedStyle(root.querySelector('.code')!).direction).toBe('ltr')
  expect(root.querySelector('.card')!.getBoundingClientRect().left).toBeLessThan(30)
  expect(getComputedStyle(root.querySelector('.card')!).backgroundColor).toBe('rgb(28, 31, 39)')
})

test('SES-246 the page does not see what the customer does in the panel', async () => {
  make()
  const seen = vi.fn()
  for (const type of ['click', 'pointerdown', 'keydown']) document.addEventListener(type, seen)
  panel.show(live())
  await userEvent.click(page.getByRole('button', { name: 'Pause' }))
  await userEvent.keyboard('x')
  for (const type of ['click', 'pointerdown', 'keydown']) document.removeEventListener(type, seen)
  expect(actions.pause).toHaveBeenCalledTimes(1)
  expect(seen).not.toHaveBeenCalled()
})

test('PRT-6 a layer lies over the page and its dialogs and under the panel, lets the pointer through, and is known', async () => {
  const root = make()
  panel.show(live())
  const pageButton = document.body.appendChild(document.createElement('button'))
  pageButton.style.cssText = 'position:fixed;left:40px;top:40px;width:100px;height:40px'
  const style = document.head.appendChild(document.createElement('style'))
  style.textContent =
    'div { display: none !important; pointer-events: auto !important; transform: scale(2) !important; opacity: 0 !important }'
  const layer = panel.layer()
  const mark = layer.root.appendChild(document.createElement('div'))
  mark.style.cssText = 'position:fixed;inset:0;display:block'
  const layerHost = layer.root.host as HTMLElement
  expect(panel.nodes.has(layerHost)).toBe(true)
  expect(layerHost.matches(':popover-open')).toBe(true)
  const box = layerHost.getBoundingClientRect()
  expect([box.left, box.top, box.width, box.height]).toEqual([0, 0, innerWidth, innerHeight])
  expect(document.elementFromPoint(60, 60)).toBe(pageButton)
  style.remove()
  // What takes the pointer again is over the page, and the panel is over that.
  mark.style.pointerEvents = 'auto'
  expect(document.elementFromPoint(60, 60)).toBe(layerHost)
  const card = root.querySelector('.card')!.getBoundingClientRect()
  expect(document.elementFromPoint(card.left + 10, card.top + 10)).toBe(host())
  const dialog = document.body.appendChild(document.createElement('dialog'))
  dialog.showModal()
  await expect.poll(() => layerHost.parentNode).toBe(dialog)
  expect(document.elementFromPoint(60, 60)).toBe(layerHost)
  expect(document.elementFromPoint(card.left + 10, card.top + 10)).toBe(host())
  dialog.close()
  await expect.poll(() => layerHost.parentNode).toBe(document.documentElement)
  layer.remove()
  layer.remove()
  expect(layerHost.isConnected).toBe(false)
  expect(host().isConnected).toBe(true)
})

test('REC-41 the question and the panel say that the session is recorded, and the panel stops saying so', async () => {
  const recorded = { ...settings, recording: 'on' as const }
  const root = make()
  panel.show(open({ settings: recorded }))
  panel.askAbout({ participant: 2, userId: 'a1', userName: 'Ana', recorded: true })
  const dialog = root.querySelector('dialog')!
  expect(root.getElementById(dialog.getAttribute('aria-describedby')!)?.textContent).toContain(
    'This session is recorded.',
  )
  panel.unask(2)
  panel.askAbout({ participant: 3, userId: 'a2', userName: 'Ben', recorded: false })
  expect(root.querySelector('dialog')?.textContent).not.toContain('recorded')
  panel.unask(3)
  panel.show(live(ANA, { settings: recorded }))
  const card = root.querySelector('.card')!
  expect(card.textContent).toContain('This session is recorded.')
  expect(root.querySelector('[role=status]')?.textContent).toContain('This session is recorded.')
  await userEvent.click(page.getByRole('button', { name: 'Make this smaller' }))
  expect(card.textContent).toContain('Recorded')
  panel.show(live())
  expect(root.querySelector('.card')?.textContent).not.toMatch(/recorded/i)
})
