import { randomBytes } from 'node:crypto'
import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { ACTION_LIFETIME_MS, type ActionFrame, ASSIST_TYPES, MAX_GESTURE_BYTES } from '../packages/protocol/index.ts'
import { HostileRelay } from '../packages/server/testing/hostile-relay.ts'
import { openRoots } from './annotation-site.ts'
import { Harness } from './harness.ts'
import { allow, events } from './session-site.ts'

/** Names that would run, were they ever more than text. */
const NAME = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>'
const ANA = { participant: 2, userId: 'ana', userName: 'Ana' }
const EVE = { participant: 3, userId: 'eve', userName: NAME }

const PAGE = `<!doctype html><title>Bank</title><style>button, input { display: block; margin: 8px }</style>
<button id="free">Free</button><button id="off" disabled>Off</button><button id="masked" class="secret">Masked</button>
<button id="excepted" class="never">Excepted</button><input id="password" type="password" value="hunter2">
<input id="field"><p>Balance: 1,000,000</p>
<script>window.got = []
for (const type of ['pointerdown', 'mousedown', 'click', 'keydown', 'input', 'focus', 'scroll'])
  addEventListener(type, (event) => event.isTrusted || window.got.push(type + ' ' + (event.target.id ?? '')), true)</script>`

const SETTINGS = {
  piiMask: { maskCssSelectors: '.secret' },
  remoteAssist: { enable: true, remoteAssistTypes: ['click', 'type'], disabledCssSelectors: '.never' },
}

declare global {
  interface Window {
    pwned?: number
    /** Events of the page that no person caused. */
    got: string[]
  }
}

let harness: Harness
let relay: HostileRelay
let page: Page
beforeAll(async () => {
  harness = await Harness.open()
})
afterAll(() => harness.close())
beforeEach(async () => {
  relay = await HostileRelay.open(harness.url())
  relay.show(PAGE)
  page = await customer()
})
afterEach(async () => {
  expect(await page.evaluate(() => window.pwned)).toBeUndefined()
  await page.context().close()
  relay.close()
})

async function customer(): Promise<Page> {
  const opened = await harness.page()
  await openRoots(opened)
  await opened.goto(`${relay.origin}/`)
  await opened.addScriptTag({ url: `${relay.origin}/static/resource/sdk/dev/js` })
  const sdkToken = await harness.token('customer', 'Cora')
  await opened.evaluate(
    async ([settings, sdkToken]) => {
      const { session } = await window.AlongsideSDK.init(settings as object)
      window.customer = session
      window.events = []
      for (const name of ['agent_joined', 'remote_assist_started', 'remote_assist_stopped', 'session_error'] as const)
        session.on(name, (payload) => window.events.push([name, payload as never]))
      void session.start({ sdkToken: sdkToken as string })
    },
    [SETTINGS, sdkToken] as const,
  )
  await expect.poll(() => relay.heard('start')).toHaveLength(1)
  const features = {
    agentAnnotation: true,
    customerAnnotation: true,
    remoteAssist: true,
    multiTab: true,
    presence: true,
  }
  const settings = { company: NAME, consent: 'always', features }
  const rest = { secret: 'A'.repeat(48), startTime: Date.now(), assets: 'ticket', store: 'store', settings }
  relay.say({ type: 'started', sessionId: 'A'.repeat(22), ...rest })
  relay.say({ type: 'pin', pin: NAME, expiresAt: Date.now() + 60_000 })
  await opened.waitForFunction(() => window.customer?.getSessionInfo().sessionStatus === 'waiting')
  return opened
}

/** Resolves when the page has handled all that was said before: messages and frames are read in order, and the last one
 *  answers a question of the page. */
async function settle(): Promise<void> {
  const asked = relay.heard('new_pin').length
  const answered = page.evaluate(() => window.customer.newPin())
  await expect.poll(() => relay.heard('new_pin').length).toBe(asked + 1)
  relay.say({ type: 'pin', pin: '123456', expiresAt: Date.now() + 60_000 })
  await answered
  for (let turn = 0; turn < 3; turn++) await page.evaluate(() => new Promise(requestAnimationFrame))
}

/** The customer lets Ana in, and she sees the page. */
async function letIn(): Promise<void> {
  relay.say({ type: 'agent_requested', ...ANA })
  await allow(page)
  await expect.poll(() => relay.heard('consent')).toEqual([{ type: 'consent', participant: 2, granted: true }])
  relay.say({ type: 'agent_joined', ...ANA })
  await expect.poll(() => relay.to(2, 'content').length).toBeGreaterThan(0)
  relay.frame('ack', 2, 1)
}

/** The customer gives Ana the hand for clicks. */
async function giveHand(): Promise<{ page: number; clock: number }> {
  await page.locator('dialog').waitFor({ state: 'detached' })
  relay.say({ type: 'assist_requested', participant: 2, types: ['click'] })
  await allow(page)
  await expect.poll(() => relay.heard('assist_answer')).toHaveLength(1)
  relay.say({ type: 'assist_started', participant: 2, types: ['click'] })
  await expect.poll(() => relay.copy(2)).toBeDefined()
  await page.locator('dialog').waitFor({ state: 'detached' })
  return relay.copy(2)!
}

let lastId = 0
async function action(
  copy: { page: number },
  change: Partial<ActionFrame> & { node?: number } = {},
): Promise<ActionFrame> {
  const { node = 1, ...rest } = change
  const until = (await page.evaluate(() => performance.now())) + 1_000
  const click = { do: 'click', at: { node, x: 0.5, y: 0.5 }, button: 0, count: 1, keys: 0 } as const
  return { id: ++lastId, page: copy.page, until, action: click, ...rest }
}

const got = () => page.evaluate(() => window.got)

test('AUT-10 nothing of the page leaves before the customer’s yes, whatever the relay says', async () => {
  for (const kind of ['restart', 'ack', 'probe', 'annotation', 'action'] as const) relay.frame(kind, 2, 1, {})
  relay.say({ type: 'agent_joined', ...ANA })
  const { sessionId } = await page.evaluate(() => window.customer.getSessionInfo())
  const resumed = { secret: 'B'.repeat(48), startTime: 1, assets: 't', store: 's' }
  const settings = { consent: 'agent_initiated', features: {} }
  relay.say({ type: 'resumed', sessionId, ...resumed, settings, agents: [{ ...EVE, state: 'live' }] })
  await settle()
  // An agent that it never said yes to is sent away.
  expect(relay.heard('consent')).toEqual([{ type: 'consent', participant: 3, granted: false }])
  relay.say({ type: 'agent_requested', ...ANA })
  relay.say({ type: 'agent_joined', ...ANA })
  relay.say({ type: 'assist_started', participant: 2, types: [...ASSIST_TYPES] })
  for (const kind of ['restart', 'ack', 'probe'] as const) relay.frame(kind, 2, 1)
  await settle()
  expect(relay.frames).toEqual([])
  expect(await events(page)).not.toContain('agent_joined')
  // The control: after the yes it does.
  await allow(page)
  await expect.poll(() => relay.heard('consent')).toHaveLength(2)
  relay.say({ type: 'agent_joined', ...ANA })
  await expect.poll(() => relay.to(2, 'content').length).toBeGreaterThan(0)
})

test('AUT-11 only the agent that the customer let in gets anything, until it is out or the session over', async () => {
  await letIn()
  relay.say({ type: 'agent_joined', ...EVE })
  for (const kind of ['restart', 'ack', 'probe'] as const) for (const peer of [3, 65_535]) relay.frame(kind, peer, 1)
  await settle()
  expect(new Set(relay.frames.filter(({ kind }) => kind === 'content').map(({ peer }) => peer))).toEqual(new Set([2]))
  relay.say({ type: 'agent_left', reason: 'left', ...ANA })
  await settle()
  relay.frames = []
  relay.say({ type: 'agent_joined', ...ANA })
  relay.frame('restart', 2)
  await page.evaluate(() => document.body.append('more'))
  await settle()
  expect(relay.frames).toEqual([])
  await page.evaluate(() => void window.customer.end())
  await expect.poll(() => relay.heard('end')).toHaveLength(1)
  relay.say({ type: 'agent_requested', ...ANA })
  relay.say({ type: 'agent_joined', ...ANA })
  relay.frame('restart', 2)
  relay.say({ type: 'ended', reason: 'customer_ended' })
  await page.waitForFunction(() => window.customer?.getSessionInfo().sessionStatus === 'ended')
  expect(relay.frames).toEqual([])
})

test('AUT-12 a forged grant gives nothing: none that nobody was asked about, none of more kinds, no old one', async () => {
  await letIn()
  const forged = { page: 0 }
  relay.say({ type: 'assist_started', participant: 2, types: [...ASSIST_TYPES] })
  relay.act(2, await action(forged))
  await settle()
  expect(relay.heard('assist_stop')).toHaveLength(1)
  await page.locator('dialog').waitFor({ state: 'detached' })
  relay.say({ type: 'assist_requested', participant: 2, types: ['click'] })
  await allow(page)
  await expect.poll(() => relay.heard('assist_answer')).toHaveLength(1)
  relay.say({ type: 'assist_started', participant: 2, types: ['click', 'type', 'navigate'] })
  relay.say({ type: 'assist_started', participant: 3, types: ['click'] })
  await settle()
  expect(relay.heard('assist_stop')).toHaveLength(3)
  relay.say({ type: 'assist_started', participant: 2, types: ['click'] })
  await expect.poll(() => relay.copy(2)).toBeDefined()
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await expect.poll(() => relay.heard('assist_stop')).toHaveLength(4)
  relay.say({ type: 'assist_started', participant: 2, types: ['click'] })
  for (let node = 1; node < 40; node++) relay.act(2, await action(relay.copy(2)!, { node }))
  await settle()
  expect(relay.heard('assist_stop')).toHaveLength(5)
  expect(new Set(relay.results(2).map(({ result }) => result))).toEqual(new Set(['denied']))
  expect(await got()).toEqual([])
})

test('AUT-13 with the hand: once each, in time, of its kinds, by its agent, on what may be operated', async () => {
  await letIn()
  const copy = await giveHand()
  // Every node that there can be: only what is free hears of it.
  const firstId = lastId + 1
  for (let number = 1; number < 120; number++) relay.act(2, await action(copy, { node: number }))
  await settle()
  const clicked = (await got()).filter((one) => one.startsWith('click '))
  expect(clicked.filter((one) => one === 'click free').length).toBeGreaterThan(0)
  expect(clicked.filter((one) => /off|masked|excepted|password/.test(one))).toEqual([])
  const results = relay.results(2)
  expect(new Set(results.map(({ result }) => result))).toEqual(new Set(['done', 'blocked', 'masked', 'gone']))
  // Each that was done is one click, in order: so the relay knows which node is which.
  const node = results.filter(({ result }) => result === 'done')[clicked.indexOf('click free')]!.id - firstId + 1

  await page.evaluate(() => window.got.splice(0))
  const before = relay.results(2).length
  const once = await action(copy, { node })
  relay.act(2, once)
  for (let again = 0; again < 50; again++) relay.act(2, once)
  await settle()
  expect((await got()).filter((one) => one.startsWith('click '))).toEqual(['click free'])
  expect(
    relay
      .results(2)
      .slice(before)
      .map(({ result }) => result),
  ).toEqual(['done', ...Array(50).fill('denied')])

  await page.evaluate(() => window.got.splice(0))
  relay.act(2, await action(copy, { node, until: once.until - 60_000 }))
  relay.act(2, await action(copy, { node, until: once.until + 60_000 + ACTION_LIFETIME_MS }))
  relay.act(2, await action(copy, { node, page: copy.page + 1 }))
  relay.act(3, await action(copy, { node }))
  const text = { do: 'text', text: 'typed', composed: false } as const
  relay.act(2, await action(copy, { action: text }))
  relay.act(2, await action(copy, { action: { do: 'open', url: '/elsewhere' } }))
  await settle()
  expect(await got()).toEqual([])
  expect(new URL(page.url()).pathname).toBe('/')

  const click = await action(copy, { node })
  relay.act(2, { ...click, action: { ...click.action, padding: 'x'.repeat(4 * MAX_GESTURE_BYTES) } as never })
  for (let faults = 0; faults < 500; faults++) relay.sayRaw(randomBytes(faults % 60))
  for (const said of ['[', '{}', '{"type":1}', '{"type":"constructor"}', 'null', '['.repeat(10_000)]) relay.sayRaw(said)
  for (const payload of [null, [], 7, { id: 1 }, { ...click, action: { do: '__proto__' } }])
    relay.frame('action', 2, 0, payload)
  await settle()
  expect(harness.takeFaults()).toEqual([])
})

test('AUT-14 a storm of restarts costs the page a few snapshots', async () => {
  await letIn()
  for (let burst = 0; burst < 20; burst++) {
    for (let times = 0; times < 100; times++) relay.frame('restart', 2)
    await settle()
  }
  const begun = relay.to(2, 'content').filter(({ sequence }) => sequence === 1)
  expect(begun.length).toBeGreaterThanOrEqual(1)
  expect(begun.length).toBeLessThan(8)
})
