import { randomBytes } from 'node:crypto'
import type { Page, WebSocketRoute } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { ASSIST_TYPES, FRAME_KINDS, type FrameKind, setPeer } from '../packages/protocol/index.ts'
import { HostileRelay } from '../packages/server/testing/hostile-relay.ts'
import { HOSTILE_TEXTS } from '../packages/server/testing/hostile-texts.ts'
import { ASKED, JOINED, joinWith } from './desk-page.ts'
import { Harness } from './harness.ts'
import { HostileStream } from './hostile-stream.ts'
import { allow, Site, start, until } from './session-site.ts'

let harness: Harness
let relay: HostileRelay
beforeAll(async () => {
  harness = await Harness.open()
})
afterAll(() => harness.close())
beforeEach(async () => {
  relay = await HostileRelay.open(harness.url())
})
afterEach(() => relay.close())

const ELSEWHERE = 'http://127.0.0.1:9'
const MARKUP = `<img src="${ELSEWHERE}/picture" onerror="window.pwned=1"><script>window.pwned=1</script>`
/** What stands where a name, an address, a reason or a number belongs. */
const LIES = [
  ...HOSTILE_TEXTS.map(([, text]) => text.slice(0, 2_000)),
  MARKUP,
  `${ELSEWHERE}/`,
  '../../..//127.0.0.1:9/',
  null,
  -1,
  1e308,
  [],
  {},
]

/** What a page did that it never should. */
function watch(page: Page): string[] {
  const done: string[] = []
  page.on('request', (request) => {
    if (/^https?:/.test(request.url()) && !request.url().startsWith(relay.origin))
      done.push(`asked for ${request.url()}`)
  })
  page.on('framenavigated', (frame) => {
    if (!/^about:blank$|\/replica(\?.*)?$|\/desk(\/)?(\?.*)?$/.test(frame.url())) done.push(`went to ${frame.url()}`)
  })
  page.on('popup', () => done.push('popup'))
  page.on('dialog', () => done.push('dialog'))
  page.on('download', () => done.push('download'))
  return done
}

const harm = async (page: Page, done: string[]) => ({
  done,
  faults: harness.takeFaults(),
  pwned: await page.evaluate(() => (window as { pwned?: number }).pwned),
})
const NONE = { done: [], faults: [], pwned: undefined }

/** A desk of the real server's files, whose line goes to the hostile one: it has given a code. */
async function openDesk(browser: 'chromium' | 'firefox' = 'chromium'): Promise<Page> {
  const desk = await harness.page(browser)
  const token = await harness.token('agent', 'Ana')
  await desk.goto(`${relay.origin}/desk?access_token=${token}&theme=1`)
  await desk.locator('.pin-field input').first().waitFor()
  await joinWith(desk)
  await expect.poll(() => relay.heard('join')).toHaveLength(1)
  return desk
}

/** Resolves when the desk has taken all that was said before. */
let fences = 0
async function settle(desk: Page): Promise<void> {
  const site = `fence-${++fences}.example`
  relay.say({ type: 'customer_connection', connected: true, site })
  await desk.locator('.bar-site', { hasText: site }).waitFor()
}

/** Says each kind of frame and message with lies in all fields, and what is no message at all. */
function sayNoise(): void {
  for (let length = 0; length < 300; length++) relay.sayRaw(randomBytes(length % 60))
  for (const said of [
    '[',
    '{}',
    '{"type":1}',
    '{"type":"constructor"}',
    '{"type":"__proto__"}',
    'null',
    '['.repeat(9_000),
  ])
    relay.sayRaw(said)
  const kinds = Object.keys(FRAME_KINDS).filter((kind) => kind !== 'content') as FrameKind[]
  for (const kind of kinds)
    for (const peer of [0, 1, 2, 3, 65_535])
      for (const sequence of [0, 1, 7, 2 ** 32 - 1])
        for (const payload of [
          undefined,
          null,
          [],
          {},
          { id: 1, result: 'done', clock: -1e300 },
          { page: 1e300, clock: 1 },
        ])
          relay.frame(kind, peer, sequence, payload)
  // Of no stream that has begun.
  for (const sequence of [0, 2, 7, 2 ** 32 - 1]) relay.frame('content', 1, sequence, {})
  const agent = { participant: 3, userId: 'eve', userName: MARKUP }
  for (const lie of LIES) {
    const types = ['joined', 'resumed', 'asked', 'agent_left', 'agent_connection', 'paused', 'recording', 'link_made']
    const more = ['customer_connection', 'customer_focus', 'assist_started', 'assist_stopped', 'assist_rejected']
    for (const type of [...types, ...more])
      relay.say({ type, agents: lie, participant: lie, reason: lie, types: lie, site: lie, link: lie, expiresAt: lie })
    relay.say({ type: 'agent_joined', ...agent, userName: lie })
    relay.say({ type: 'agent_joined', ...agent, userId: lie })
    relay.say({ type: 'customer_transferred', tab: lie, tabs: [{ tab: 1, site: lie }] })
    relay.say({
      type: 'customer_transferred',
      tab: 1,
      tabs: [
        { tab: 1, site: lie },
        { tab: lie, site: lie },
      ],
    })
    relay.say({ type: 'assist_rejected', participant: 2, reason: lie })
    relay.say({ type: 'customer_connection', connected: true, site: lie })
  }
}

test.each(['chromium', 'firefox'] as const)(
  'AUT-22 %s: whatever a server says, the desk runs nothing, asks nowhere else, goes nowhere, and leaves when told to',
  async (browser) => {
    const desk = await openDesk(browser)
    const done = watch(desk)
    // Out of order: nobody has asked the customer yet.
    sayNoise()
    relay.say({ ...ASKED, customerName: MARKUP })
    sayNoise()
    for (const assets of ['../../x', '//127.0.0.1:9', 'a/../../b?']) relay.say({ ...JOINED, assets })
    relay.say({
      ...JOINED,
      agents: LIES.slice(0, 19).map((userName, n) => ({ participant: n + 3, userId: `a${n}`, userName })),
    })
    await desk.getByRole('toolbar').waitFor()
    const stream = new HostileStream()
    stream.markup([
      {
        namespace: 'http://www.w3.org/1999/xhtml',
        name: 'a',
        attributes: [
          ['href', 'javascript:top.pwned=1'],
          ['style', `background: url(${ELSEWHERE}/style)`],
        ],
        children: [{ namespace: null, name: '', attributes: [], text: 'the stream', children: [] }],
      },
    ])
    for (const frame of stream.frames) relay.sayRaw(frame)
    await expect.poll(() => relay.to(1, 'ack').length).toBe(stream.frames.length)
    sayNoise()
    await settle(desk)
    // The agent says what it is, and nothing that the noise put into its mouth.
    expect(new Set(relay.messages.map(({ type }) => type))).toEqual(new Set(['join']))
    expect(await harm(desk, done)).toEqual(NONE)
    await desk.locator('[popovertarget=people]').click()
    expect(await desk.locator('#people .row-name').count()).toBeLessThanOrEqual(22)
    expect(await desk.locator('.status-good').count()).toBe(1)
    await harness.shot(desk, `hostile-desk/${browser}`)
    await desk.keyboard.press('Escape')

    await desk.getByRole('button', { name: 'Leave', exact: true }).click()
    await desk.getByRole('heading', { name: 'You left' }).waitFor()
    await expect.poll(() => relay.heard('leave')).toHaveLength(1)
    sayNoise()
    for (const reason of LIES) relay.say({ type: 'ended', reason })
    expect(await desk.getByRole('heading', { name: 'You left' }).count()).toBe(1)
    expect(await harm(desk, done)).toEqual(NONE)
    await desk.context().close()
  },
)

test('AUT-22 an end or an error with lies in it is an end: the desk says so, and goes back to its form', async () => {
  const lies = ['__proto__', '__proto__', 'constructor', 'constructor', MARKUP, 1e308, null, {}]
  const desk = await openDesk()
  const done = watch(desk)
  for (const [turn, lie] of lies.entries()) {
    relay.say(ASKED)
    relay.say(JOINED)
    await desk.getByRole('toolbar').waitFor()
    relay.say(turn % 2 ? { type: 'ended', reason: lie } : { type: 'error', code: lie, retryAfter: lie })
    await desk.getByRole('toolbar').waitFor({ state: 'detached' })
    await desk.locator('.message-card button').last().click()
    await desk.locator('.pin-field input').first().waitFor()
    await joinWith(desk)
    await expect.poll(() => relay.heard('join')).toHaveLength(1)
    relay.messages = []
  }
  expect(await harm(desk, done)).toEqual(NONE)
  await desk.context().close()
})

test('AUT-22 control: what the tests look for is seen where nothing stands against it', async () => {
  relay.show(`<!doctype html>${MARKUP}<script>undefined.agents</script>`)
  const page = await harness.page()
  const done = watch(page)
  await page.goto(`${relay.origin}/`)
  await page.waitForFunction(() => (window as { pwned?: number }).pwned)
  expect(done).toContain(`asked for ${ELSEWHERE}/picture`)
  expect(done.some((one) => one.startsWith('went to '))).toBe(true)
  expect(harness.takeFaults()).not.toEqual([])
  await page.context().close()
})

/** How much a page's heap holds, after the collector was there. */
async function heapMb(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize / 1024 / 1024
}

test('AUT-21 a flood of agents, tabs, marks, pointers, probes, grants and streams leaves the desk small and awake', async () => {
  const desk = await openDesk()
  relay.say(ASKED)
  relay.say(JOINED)
  const [first] = new HostileStream().frames
  relay.sayRaw(first!)
  await desk.locator('.status-good').waitFor()
  await settle(desk)
  const before = { heap: await heapMb(desk), nodes: await desk.locator('*').count() }
  const many = 100_000
  const agent = (n: number) => ({ participant: n % 65_536, userId: `a${n}`, userName: `Eve ${n}` })
  relay.say({ ...JOINED, agents: Array.from({ length: many }, (_, n) => agent(n)) })
  for (let n = 2; n < 3_000; n++) relay.say({ type: 'agent_joined', ...agent(n) })
  relay.say({
    type: 'customer_transferred',
    tab: 1,
    tabs: Array.from({ length: many }, (_, tab) => ({ tab, site: `t${tab}` })),
  })
  const place = { anchor: 2, x: 0.5, y: 0.5 }
  const mark = { tool: 'pen', colour: 0, anchor: 2, points: [0, 0, 1, 1], text: '', done: true }
  for (let n = 0; n < 3_000; n++) {
    relay.frame('annotation', 1, 0, { type: 'point', author: n, tool: 'pointer', ...place })
    relay.frame('probe', 1, n)
  }
  const change = (n: number) => {
    relay.frame('annotation', 1, 0, { type: 'put', author: n, id: n, ...mark })
    relay.say({ type: 'assist_started', participant: 3 + (n % 9), types: ASSIST_TYPES })
    relay.say({ type: 'assist_rejected', participant: 2, reason: 'taken' })
    relay.say({ type: 'paused', paused: n % 2 === 0 })
    relay.sayRaw(first!)
  }
  for (let n = 0; n < 200; n++) change(n)
  await settle(desk)
  await desk.evaluate(() => new Promise(requestAnimationFrame))
  expect(await desk.locator('iframe').count()).toBeLessThanOrEqual(3)
  const after = { heap: await heapMb(desk), nodes: await desk.locator('*').count() }
  console.log('a flooded desk', { before, after })
  expect(after.nodes - before.nodes).toBeLessThan(20_000)
  expect(after.heap - before.heap).toBeLessThan(30)
  expect(harness.takeFaults()).toEqual([])
  // In the midst of it.
  for (let n = 0; n < 1_000; n++) change(n)
  await desk.getByRole('button', { name: 'Leave', exact: true }).click()
  await desk.getByRole('heading', { name: 'You left' }).waitFor()
  await desk.context().close()
})

test('AUT-21 streams that break without end are asked for anew a few times, then the desk says that the copy broke', async () => {
  const desk = await openDesk()
  relay.say(ASKED)
  relay.say(JOINED)
  await desk.getByRole('toolbar').waitFor()
  // Each is broken only when it has been read: what comes at once is one stream.
  while (!(await desk.locator('.message-card').count())) {
    for (let n = 0; n < 100; n++) relay.frame('content', 1, 1, { no: 'frame' })
    await desk.evaluate(() => new Promise(requestAnimationFrame))
  }
  expect(relay.to(1, 'restart').length).toBe(4)
  expect(harness.takeFaults()).toEqual([])
  await desk.context().close()
})

/** Stands between a page and the real server, and can say to the page what that never said. */
async function tap(page: Page) {
  let line: WebSocketRoute | undefined
  const sent: Buffer[] = []
  const told: Record<string, unknown>[] = []
  await page.routeWebSocket('**/socket', (opened) => {
    line = opened
    const server = opened.connectToServer()
    opened.onMessage((message) => {
      if (typeof message === 'string') told.push(JSON.parse(message))
      else sent.push(message)
      server.send(message)
    })
  })
  return {
    sent,
    told,
    say: (message: object) => line!.send(JSON.stringify(message)),
    forward: (bytes: Buffer) => line!.send(bytes),
  }
}

test('AUT-23 a grant that is forged on both sides moves nothing: the agent’s page believes it, the customer’s refuses', async () => {
  const site = await Site.open(harness)
  const customer = await harness.page()
  const toCustomer = await tap(customer)
  const settings = { remoteAssist: { enable: true, remoteAssistTypes: [...ASSIST_TYPES] } }
  await site.customer('chromium', customer, '/', settings)
  await customer.evaluate(() => {
    document.body.innerHTML = '<button id="buy">Buy</button><input id="name">'
    window.bought = 0
    document.querySelector('#buy')!.addEventListener('click', () => window.bought!++)
  })
  await start(customer, await harness.token('customer', 'Cora'))
  await until(customer, 'pincode_updated')
  const pin = await customer.evaluate(() => window.customer.getSessionInfo().pinCode)
  const agent = await harness.page()
  const toAgent = await tap(agent)
  await agent.goto(`${site.origin}/agent`)
  await site.prepareAgent(agent)
  await site.join(agent, pin)
  await allow(customer)
  await until(agent, 'view_ready')
  await customer.locator('dialog').waitFor({ state: 'detached' })
  const click = () =>
    agent.evaluate(() => {
      const frame = document.querySelector('iframe')!
      const { left, top } = frame.getBoundingClientRect()
      const scale = frame.getBoundingClientRect().width / frame.clientWidth
      const button = frame.contentDocument!.querySelector('#buy')!.getBoundingClientRect()
      const at = [left + (button.left + 4) * scale, top + (button.top + 4) * scale] as const
      return window.agent.remoteAssist.click(window.agent.anchorAt(...at)!)
    })

  // The control: with the customer's yes the same click is done.
  await agent.evaluate(() => {
    window.asked = window.agent.remoteAssist.request()
  })
  await allow(customer)
  await agent.waitForFunction(() => window.agent.remoteAssist.can('click'))
  await customer.locator('dialog').waitFor({ state: 'detached' })
  expect(await click()).toBe('done')
  expect(await customer.evaluate(() => window.bought)).toBe(1)
  await customer.getByRole('button', { name: 'Stop', exact: true }).click()
  await until(agent, 'remote_assist_stopped')

  const stops = () => toCustomer.told.filter(({ type }) => type === 'assist_stop').length
  const stopped = stops()
  const grant = { type: 'assist_started', participant: 2, types: [...ASSIST_TYPES] }
  for (const line of [toAgent, toCustomer]) line.say(grant)
  await agent.waitForFunction(() => window.agent.remoteAssist.state === 'active')
  toAgent.sent.splice(0)
  const tries = 10
  const results: Promise<string>[] = []
  for (let n = 0; n < tries; n++) {
    const result = click()
    results.push(result)
    await expect.poll(() => toAgent.sent.filter(([kind]) => kind === FRAME_KINDS.action).length).toBe(n + 1)
    // The real server drops it. This one does not.
    const action = Buffer.from(toAgent.sent.findLast(([kind]) => kind === FRAME_KINDS.action)!)
    setPeer(action, 2)
    toCustomer.forward(action)
  }
  expect(new Set(await Promise.all(results))).toEqual(new Set(['denied']))
  expect(await customer.evaluate(() => window.bought)).toBe(1)
  expect(stops()).toBeGreaterThan(stopped)
  // And nothing else broke: what the customer does is seen, and a real yes still counts.
  toAgent.say({ type: 'assist_stopped', participant: 2, reason: 'stopped' })
  await agent.evaluate(() => {
    window.asked = window.agent.remoteAssist.request()
  })
  await allow(customer)
  await agent.waitForFunction(() => window.agent.remoteAssist.can('click'))
  await customer.locator('dialog').waitFor({ state: 'detached' })
  expect(await click()).toBe('done')
  expect(await customer.evaluate(() => window.bought)).toBe(2)
  await customer.evaluate(() => window.customer.end())
  await agent.context().close()
  await customer.context().close()
  site.close()
})
