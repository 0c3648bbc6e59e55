import type { AgentInfo, KeySettings } from '@alongside/protocol'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { ManualClock } from '../../../server/testing/manual-clock.ts'
import { loadChunk } from '../chunks.ts'
import type { OpenSession, SessionState } from '../session-state.ts'
import type { PanelSettings } from '../settings.ts'
import { button, element, named } from './element.ts'
import { Panel } from './panel.ts'

const ANA: AgentInfo = { participant: 2, userId: 'a1', userName: 'Ana' }
const BEN: AgentInfo = { participant: 3, userId: 'b1', userName: 'Ben' }

const attachShadow = Element.prototype.attachShadow
const actions = { answer: vi.fn(), end: vi.fn(), pause: vi.fn(), newPin: vi.fn(), draw: vi.fn(), preview: vi.fn() }
let clock: ManualClock
let panels: Panel[]

beforeEach(async () => {
  await page.viewport(1000, 700)
  // The panel's root is closed. Opened here, so that the test can see and press what is in it.
  Element.prototype.attachShadow = function (options) {
    return attachShadow.call(this, { ...options, mode: 'open' })
  }
  clock = new ManualClock()
  panels = []
  for (const action of Object.values(actions)) action.mockReset()
})

afterEach(() => {
  for (const panel of panels) {
    panel.unaskAll()
    panel.forget()
    panel.show({ name: 'idle' })
  }
  Element.prototype.attachShadow = attachShadow
  document.documentElement.removeAttribute('style')
  document.documentElement.lang = ''
  document.body.replaceChildren()
})

function make(ui: PanelSettings | false = { language: 'en' }) {
  const panel = new Panel({ ui }, actions, loadChunk, clock)
  panels.push(panel)
  const host = [...panel.nodes][0] as HTMLElement
  const root = host.shadowRoot!
  return { panel, host, root, theme: root.querySelector<HTMLElement>('.theme')! }
}

const settings: KeySettings = {
  consent: 'always',
  features: { agentAnnotation: true, customerAnnotation: true, remoteAssist: true, multiTab: true, presence: true },
}

function open(more: Partial<OpenSession> = {}): Extract<SessionState, { name: 'open' }> {
  const session = { sessionId: 's', startTime: 0, skew: 0, paused: false, met: true, settings, agents: new Map() }
  return { name: 'open', session: { ...session, pin: undefined, ...more } }
}

const live = (agents: (AgentInfo & { lost?: boolean })[] = [ANA], more: Partial<OpenSession> = {}) =>
  open({ agents: new Map(agents.map((agent) => [agent.participant, { ...agent, standing: 'live' }])), ...more })

const pin = { pin: '012345', expiresAt: Date.now() + 600_000 }

test('PNL-2 all agents are named as the language lists them, each with its colour, and a lost line is told', () => {
  const { panel, root } = make()
  panel.show(live([ANA, { ...BEN, lost: true }]))
  expect(root.querySelector('.title')?.textContent).toBe('You are sharing this page with Ana and Ben (reconnecting)')
  const colours = [...root.querySelectorAll<HTMLElement>('.title .face')].map(({ style }) => style.background)
  expect(colours).toEqual(['rgb(37, 99, 235)', 'rgb(194, 65, 12)'])
})

test('PNL-3 a further agent’s code comes with a hint, can be put away, and is the same when it is shown again', async () => {
  const { panel, root } = make()
  panel.show(live())
  await userEvent.click(page.getByRole('button', { name: 'Add someone' }))
  expect(actions.newPin).toHaveBeenCalledTimes(1)
  panel.show(live([ANA], { pin }))
  expect(root.querySelector('.card')?.textContent).toContain('Read it to the person who is to join you.')
  await userEvent.click(page.getByRole('button', { name: 'Hide the code' }))
  expect(root.querySelector('.code')).toBe(null)
  expect(root.querySelector('.title')?.textContent).toBe('You are sharing this page with Ana')
  await userEvent.click(page.getByRole('button', { name: 'Add someone' }))
  expect(root.querySelector('.code')?.textContent).toBe('012345')
  expect(actions.newPin).toHaveBeenCalledTimes(1)
})

test('PNL-4 a customer who may draw has a button for it that says whether it is on; a pause takes it away', async () => {
  const { panel, root } = make()
  panel.show(live())
  await userEvent.click(page.getByRole('button', { name: 'Draw' }))
  expect(actions.draw.mock.calls).toEqual([[true]])
  panel.drawing = true
  expect(root.querySelector('[aria-pressed]')?.getAttribute('aria-pressed')).toBe('true')
  await userEvent.click(page.getByRole('button', { name: 'Draw' }))
  expect(actions.draw).toHaveBeenLastCalledWith(false)
  panel.show(live([ANA], { paused: true }))
  expect(root.querySelector('[aria-pressed]')).toBe(null)
  const off = { ...settings, features: { ...settings.features, customerAnnotation: false } }
  panel.show(live([ANA], { settings: off }))
  expect(root.querySelector('[aria-pressed]')).toBe(null)
})

test('PNL-5 the second half of a double click on Allow does not reach the page', async () => {
  const { panel, root } = make()
  const pressed = vi.fn()
  const below = document.body.appendChild(document.createElement('button'))
  below.style.cssText = 'position: fixed; inset: 0'
  below.addEventListener('click', pressed)
  panel.askAbout(ANA)
  await userEvent.dblClick(page.getByRole('button', { name: 'Allow', exact: true }))
  expect(actions.answer.mock.calls).toEqual([[2, true]])
  expect(pressed).not.toHaveBeenCalled()
  expect(root.querySelector('dialog')?.matches(':modal')).toBe(true)
  clock.advance(400)
  expect(root.querySelector('dialog')).toBe(null)
  await userEvent.click(below)
  expect(pressed).toHaveBeenCalledTimes(1)
})

test('PNL-6 a question that has just appeared takes no press of a pointer that was on its way', async () => {
  const { panel, root } = make()
  panel.askAbout(ANA)
  const actionsRow = root.querySelector<HTMLElement>('dialog .actions')!
  expect(getComputedStyle(actionsRow).pointerEvents).toBe('none')
  await Promise.all(actionsRow.getAnimations().map(({ finished }) => finished))
  expect(getComputedStyle(actionsRow).pointerEvents).toBe('auto')
})

test('PNL-7 the panel goes from corner to corner and begins in the one of the settings', async () => {
  const { panel, root } = make({ language: 'en', position: 'top-left' })
  panel.show(live())
  const corner = () => {
    const { left, top } = root.querySelector('.card')!.getBoundingClientRect()
    return `${top < 100 ? 'top' : 'bottom'}-${left < 100 ? 'left' : 'right'}`
  }
  const seen = [corner()]
  for (let times = 0; times < 4; times++) {
    await userEvent.click(page.getByRole('button', { name: 'Move to another corner' }))
    seen.push(corner())
  }
  expect(seen).toEqual(['top-left', 'top-right', 'bottom-right', 'bottom-left', 'top-left'])
})

test('PNL-8 on a phone the panel of a live session begins small, and fits the screen when it is made large', async () => {
  await page.viewport(390, 700)
  const { panel, root } = make()
  panel.show(live())
  expect(root.querySelector('.card.small')).not.toBe(null)
  await userEvent.click(page.getByRole('button', { name: /^Sharing/ }))
  const { left, right } = root.querySelector('.card')!.getBoundingClientRect()
  expect([left, right]).toEqual([16, 374])
})

test('PNL-9 neither zoom nor direction nor anything else that rules of the page set changes the panel’s size', () => {
  const { panel, host, root } = make()
  panel.show(open({ met: false, pin }))
  const size = () => {
    const { width, height } = root.querySelector('.card')!.getBoundingClientRect()
    return [Math.round(width), Math.round(height)]
  }
  const before = size()
  const style = document.body.appendChild(document.createElement('style'))
  style.textContent = `
    * { all: revert !important; direction: rtl !important; unicode-bidi: bidi-override !important; font-size: 60px !important }
    html { zoom: 2 !important; transform: scale(.4) !important; filter: blur(3px) !important; opacity: .2 !important }
    *:not(html, head, body) { display: none !important }`
  clock.advance(1_000)
  const after = size()
  const { direction, display } = getComputedStyle(root.querySelector('.card')!)
  const zoomed = (host as { currentCSSZoom?: number }).currentCSSZoom
  style.remove()
  expect(zoomed).toBe(2)
  expect(after).toEqual(before)
  expect({ direction, display }).toEqual({ direction: 'ltr', display: 'block' })
})

test('PNL-10 a page restyles the panel by variables and parts', () => {
  const { panel, root } = make({ language: 'en', theme: 'light' })
  document.documentElement.style.setProperty('--alongside-accent', 'rgb(1, 2, 3)')
  const style = document.body.appendChild(document.createElement('style'))
  style.textContent = '[data-alongside=panel]::part(title) { color: rgb(4, 5, 6) }'
  panel.show(open({ met: false, pin: { ...pin, expiresAt: 0 } }))
  expect(getComputedStyle(root.querySelector('.primary')!).backgroundColor).toBe('rgb(1, 2, 3)')
  expect(getComputedStyle(root.querySelector('.title')!).color).toBe('rgb(4, 5, 6)')
})

test('PNL-11 a part’s question and card look like the panel’s, take trusted presses only, and stand without a panel', async () => {
  const { panel, host, root } = make(false)
  panel.show(live())
  expect(host.isConnected).toBe(false)
  const stop = vi.fn()
  const remove = panel.card(element('section', 'card', button('danger', 'Stop', stop)))
  expect(host.isConnected).toBe(true)
  root.querySelector('button')!.click()
  expect(stop).not.toHaveBeenCalled()
  await userEvent.click(page.getByRole('button', { name: 'Stop' }))
  expect(stop).toHaveBeenCalledTimes(1)
  const answer = vi.fn()
  const words = () => ({ title: [named(ANA.userName), ' asks'], text: 'May she?', yes: 'Yes', no: 'No' })
  const drop = panel.ask({ agent: ANA, words, answer })
  expect(root.querySelector('dialog h2')?.textContent).toBe('Ana asks')
  drop()
  expect(root.querySelector('dialog')).toBe(null)
  panel.ask({ agent: ANA, words, answer })
  await userEvent.click(page.getByRole('button', { name: 'Yes' }))
  expect(answer.mock.calls).toEqual([[true]])
  clock.advance(400)
  remove()
  remove()
  expect(host.isConnected).toBe(false)
})

test('PNL-12 what a session before said at its end goes with the next start', () => {
  const before = make()
  before.panel.forget()
  before.panel.show({ name: 'ended', session: open().session, reason: 'customer_ended' })
  expect(before.host.isConnected).toBe(true)
  make().panel.forget()
  expect(before.host.isConnected).toBe(false)
})

test('PNL-40 no two buttons overlap', () => {
  const { panel, root } = make()
  const pressed = () => [...root.querySelectorAll('button')].map((one) => one.getBoundingClientRect())
  for (const state of [open({ met: false, pin }), live(), live([ANA], { pin }), live([ANA], { paused: true })]) {
    panel.show(state)
    const boxes = pressed()
    for (const [index, a] of boxes.entries())
      for (const b of boxes.slice(index + 1))
        expect(a.right > b.left && b.right > a.left && a.bottom > b.top && b.bottom > a.top).toBe(false)
  }
})

test('PNL-46 a keyboard on the screen moves the panel up and makes it lower, a pinched page does not', () => {
  const { panel, root } = make()
  panel.show(live([ANA], { pin }))
  const card = root.querySelector('.card')!
  for (const animation of card.getAnimations()) animation.finish()
  const bottom = () => Math.round(card.getBoundingClientRect().bottom)
  const { visualViewport } = window
  const see = (given: object) => {
    Object.defineProperty(window, 'visualViewport', { configurable: true, value: { offsetTop: 0, scale: 1, ...given } })
    clock.advance(1_000)
  }
  see({ height: 200 })
  expect(bottom()).toBe(184)
  expect(card.getBoundingClientRect().top).toBeGreaterThanOrEqual(0)
  expect(card.scrollHeight).toBeGreaterThan(card.clientHeight)
  see({ height: 200, scale: 2 })
  expect(bottom()).toBe(684)
  see({ height: 700 })
  expect(bottom()).toBe(684)
  Object.defineProperty(window, 'visualViewport', { configurable: true, value: visualViewport })
})
