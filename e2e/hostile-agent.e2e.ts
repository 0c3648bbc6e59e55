import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ActionFrame,
  type ActionResult,
  decodeHeader,
  encodeFrame,
  type FrameKind,
  HEADER_BYTES,
  PROTOCOL_VERSION,
} from '../packages/protocol/index.ts'
import type { CustomerSettings } from '../packages/sdk/customer/index.ts'
import { Line } from '../packages/server/testing/line.ts'
import { Harness } from './harness.ts'
import { allow, Site, start, until } from './session-site.ts'

const PAGE = `<!doctype html><title>Bank</title><style>button, input { display: block; margin: 8px }</style>
<body id="all" style="margin: 0; min-height: 100vh"><button id="free">Free</button><button id="off" disabled>Off</button><button id="masked" class="secret">Masked</button>
<button id="excepted" class="never">Excepted</button><input id="password" type="password" value="hunter2"><input id="field">
<script>window.got = []
for (const type of ['pointerdown', 'mousedown', 'click', 'keydown', 'input', 'scroll'])
  addEventListener(type, (event) => event.isTrusted || window.got.push(type + ' ' + (event.target.id ?? '')), true)</script>`

const SETTINGS = {
  piiMask: { maskCssSelectors: '.secret' },
  remoteAssist: { enable: true, remoteAssistTypes: ['click', 'type'], disabledCssSelectors: '.never' },
} satisfies CustomerSettings

let harness: Harness
let site: Site
beforeAll(async () => {
  harness = await Harness.open()
  site = await Site.open(harness, (request, response) => {
    if (request.url !== '/bank') return false
    response.setHeader('content-type', 'text/html').end(PAGE)
    return true
  })
})
afterAll(async () => {
  site.close()
  await harness.close()
})

/** An agent with a token that is right, and a script that keeps no rule. */
class Scripted {
  readonly line: Line
  #lastId = 0

  private constructor(line: Line) {
    this.line = line
    // The page takes actions for a copy that was seen.
    line.socket.on('message', (data: Buffer, isBinary) => {
      const header = isBinary ? decodeHeader(data) : undefined
      if (header?.kind !== 'content') return
      line.socket.send(encodeFrame({ kind: 'ack', flags: 0, peer: 1, sequence: header.sequence }))
    })
  }

  /** Gives the PIN; the customer is being asked. */
  static async ask(name: string, pinCode: string, more = {}): Promise<Scripted> {
    const agent = new Scripted(await Line.open(harness.server.port))
    const token = await harness.token('agent', name, { userId: name })
    agent.line.say({ type: 'join', version: PROTOCOL_VERSION, token, pinCode, ...more })
    await agent.line.expect('asked')
    return agent
  }

  send(kind: FrameKind, payload?: unknown): void {
    const bytes = payload === undefined ? new Uint8Array(0) : new TextEncoder().encode(JSON.stringify(payload))
    this.line.socket.send(encodeFrame({ kind, flags: 0, peer: 1, sequence: 1 }, bytes))
  }

  act(copy: { page: number; clock: number }, change: Partial<ActionFrame> & { node?: number } = {}): ActionFrame {
    const { node = 1, ...rest } = change
    const click = { do: 'click', at: { node, x: 0.5, y: 0.5 }, button: 0, count: 1, keys: 0 } as const
    const action = { id: ++this.#lastId, page: copy.page, until: copy.clock + 1_900, action: click, ...rest }
    this.send('action', action)
    return action
  }

  heard(type: string) {
    return this.line.inbox.filter((one) => 'type' in one && one.type === type)
  }

  /** The payloads of what the page said in frames of a kind. */
  frames<Payload>(kind: FrameKind): Payload[] {
    return this.line.inbox.flatMap((one) =>
      Buffer.isBuffer(one) && decodeHeader(one)?.kind === kind
        ? [JSON.parse(one.subarray(HEADER_BYTES).toString())]
        : [],
    )
  }

  /** Which copy the page takes actions for. */
  get page(): number | undefined {
    return this.frames<{ page?: number }>('result').findLast((one) => one.page !== undefined)?.page
  }

  results(): { id: number; result: ActionResult }[] {
    return this.frames<{ id: number; result: ActionResult }>('result').filter(({ id }) => id !== undefined)
  }
}

test('AUT-30 of what a scripted agent tries on a real page through the real server nothing is done but what it was given', async () => {
  const customer = await site.customer('chromium', undefined, '/bank', SETTINGS)
  const got = () => customer.evaluate(() => window.got)
  /** Resolves when server and page have handled what was sent before. */
  const settle = async (agent: Scripted) => {
    await agent.line.settle()
    for (let turn = 0; turn < 3; turn++) await customer.evaluate(() => new Promise(requestAnimationFrame))
  }
  /** The copy that the page takes actions for now, and its clock. */
  const copy = async () => ({ page: eve.page!, clock: await customer.evaluate(() => performance.now()) })
  const pin = async (after: string) => {
    await customer.waitForFunction((old) => window.customer.getSessionInfo().pinCode !== old, after)
    return customer.evaluate(() => window.customer.getSessionInfo().pinCode)
  }
  await start(customer, await harness.token('customer', 'Cora'))
  await until(customer, 'pincode_updated')
  const first = await pin('')
  const eve = await Scripted.ask('Eve', first)
  const nodes = Array.from({ length: 120 }, (_, index) => index + 1)
  const guess = { page: 0, clock: Number.MAX_SAFE_INTEGER }
  let tried = 0

  // Before the customer's answer, and then without the hand.
  for (const state of ['asked', 'live']) {
    for (const node of nodes) eve.act(guess, { node })
    tried += nodes.length
    if (state === 'asked') {
      for (const kind of ['restart', 'probe', 'annotation'] as const) eve.send(kind, { type: 'sync' })
      eve.line.say({ type: 'assist_request', types: ['click'] })
      await settle(eve)
      expect(eve.line.inbox.filter((one) => Buffer.isBuffer(one) && decodeHeader(one)?.peer === 1)).toEqual([])
      await allow(customer)
      await expect.poll(() => eve.heard('joined')).toHaveLength(1)
    }
  }
  await settle(eve)
  expect(await got()).toEqual([])

  // With the hand for clicks and keys: the control, and what may not be operated all the same.
  await customer.locator('dialog').waitFor({ state: 'detached' })
  eve.line.say({ type: 'assist_request', types: ['click', 'type'] })
  await allow(customer)
  await expect.poll(() => eve.page).toBeDefined()
  await customer.locator('dialog').waitFor({ state: 'detached' })
  const shown = await copy()
  const ids = nodes.map((node) => eve.act(shown, { node }).id)
  await expect.poll(() => eve.results().length).toBe(nodes.length)
  const clicked = (await got()).filter((one) => one.startsWith('click '))
  expect(clicked.filter((one) => /off|masked|excepted|password/.test(one))).toEqual([])
  const done = eve.results().filter(({ result }) => result === 'done')
  expect(done).toHaveLength(clicked.length)
  const nodeOf = (target: string) => nodes[ids.indexOf(done[clicked.indexOf(`click ${target}`)]!.id)]!
  const free = nodeOf('free')
  tried += nodes.length - done.length
  console.log(`control: with the hand ${done.length} clicks of ${nodes.length} are done`)

  // Replayed, too late, too early, of other copies, of other kinds.
  await customer.evaluate(() => window.got.splice(0))
  const before = eve.results().length
  const seen = await copy()
  const old = { id: done[0]!.id, page: seen.page, until: seen.clock + 1_900 }
  const lies: (Partial<ActionFrame> & { node?: number })[] = [
    ...Array.from({ length: 20 }, () => ({ ...old, node: free })),
    ...[seen.clock - 60_000, seen.clock + 3_600_000, 0, -1].map((at) => ({ node: free, until: at })),
    ...[seen.page + 1, 0, -1, 1e300].map((page) => ({ node: free, page })),
    { action: { do: 'wheel', at: { node: free, x: 0, y: 0 }, dx: 0, dy: 500 } },
    { action: { do: 'scroll_to', node: 2, left: 0, top: 500 } },
    { action: { do: 'choose', node: free, values: ['on'] } },
    { action: { do: 'go', to: 'back' } },
    { action: { do: 'open', url: '/elsewhere' } },
    { action: { do: 'open', url: 'javascript:got.push(1)' } },
  ]
  for (const lie of lies) eve.act(seen, lie)
  tried += lies.length
  await expect.poll(() => eve.results().length).toBe(before + lies.length)
  expect(
    eve
      .results()
      .slice(before)
      .filter(({ result }) => result !== 'denied' && result !== 'gone'),
  ).toEqual([])
  expect([await got(), new URL(customer.url()).pathname]).toEqual([[], '/bank'])

  // The questions and buttons of the panel, through the hand: everywhere on the screen, and by keys.
  await customer.evaluate(() => void window.customer.newPin())
  const ben = await Scripted.ask('Ben', await pin(first))
  await customer.locator('dialog:not(.gone)').getByRole('button', { name: 'Allow', exact: true }).waitFor()
  const { box, buttons } = await customer.evaluate(() => {
    const { left, top, width, height } = document.body.getBoundingClientRect()
    const found: { x: number; y: number }[] = []
    const walk = (root: Document | ShadowRoot) => {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) walk(element.shadowRoot)
        const { x, y, width, height } = element.getBoundingClientRect()
        if (root !== document && element.localName === 'button' && width)
          found.push({ x: x + width / 2, y: y + height / 2 })
      }
    }
    walk(document)
    return { box: { left, top, width, height }, buttons: found }
  })
  // The question's two, and "Stop" at the least.
  expect(buttons.length).toBeGreaterThanOrEqual(3)
  const grid = Array.from({ length: 80 }, (_, index) => ({ x: (index % 10) * 128, y: Math.floor(index / 10) * 100 }))
  const places = [...buttons, ...grid]
  const heardBefore = eve.results().length
  const over = await copy()
  const all = nodeOf('all')
  for (const { x, y } of places) {
    const at = { node: all, x: (x - box.left) / box.width, y: (y - box.top) / box.height }
    eve.act(over, { action: { do: 'click', at, button: 0, count: 1, keys: 0 } })
  }
  for (const key of ['Tab', 'Enter', ' ', 'Escape', 'Tab', 'Tab', 'Enter', ' '])
    eve.act(over, { action: { do: 'key', key, code: '', keys: 0 } })
  tried += places.length + 8
  await expect.poll(() => eve.results().length).toBe(heardBefore + places.length + 8)
  expect([ben.heard('joined'), ben.heard('error'), eve.heard('assist_stopped')]).toEqual([[], [], []])
  // The control: a person presses the same button.
  await allow(customer)
  await expect.poll(() => ben.heard('joined')).toHaveLength(1)

  // Another agent in the name of the one who has the hand; after the customer's stop; and watching only.
  await customer.locator('dialog').waitFor({ state: 'detached' })
  await customer.evaluate(() => window.got.splice(0))
  const later = await copy()
  for (let n = 0; n < 20; n++) ben.act(later, { node: free })
  await customer.getByRole('button', { name: 'Stop', exact: true }).click()
  await expect.poll(() => eve.heard('assist_stopped')).toHaveLength(1)
  Object.assign(later, await copy())
  for (let n = 0; n < 20; n++) eve.act(later, { node: free })
  const last = await customer.evaluate(() => {
    const { pinCode } = window.customer.getSessionInfo()
    window.customer.newPin()
    return pinCode
  })
  const sue = await Scripted.ask('Sue', await pin(last), { watchOnly: true })
  await allow(customer)
  await expect.poll(() => sue.heard('joined')).toHaveLength(1)
  sue.line.say({ type: 'assist_request', types: ['click'] })
  Object.assign(later, await copy())
  for (let n = 0; n < 20; n++) sue.act(later, { node: free })
  tried += 60
  for (const agent of [ben, eve, sue]) await settle(agent)
  expect(await got()).toEqual([])
  expect(sue.heard('assist_rejected')).toHaveLength(1)

  // Drawing: what is no drawing, of a watcher, in another's name, and taking back what others drew.
  const mark = { id: 1, tool: 'pen', colour: 1, anchor: free, points: [0, 0, 1, 1], text: '', done: true }
  const giants = [1e9, -1e300, 'NaN', null, Number.MAX_VALUE].map((part) => ({ ...mark, points: [0, 0, part, 1] }))
  const broken = [{ points: [1] }, { points: {} }, { colour: 999 }, { anchor: -1 }, { anchor: 4e9 }, { tool: 'script' }]
  const texts = [{ tool: 'text', text: 'x'.repeat(9_000) }, { tool: '__proto__' }, { id: 1e300 }]
  const drawings = [...giants, ...[...broken, ...texts].map((lie) => ({ ...mark, ...lie }))]
  for (const drawing of drawings) eve.send('annotation', { type: 'put', ...drawing })
  sue.send('annotation', { type: 'put', ...mark })
  tried += drawings.length + 1
  eve.send('annotation', { type: 'put', ...mark, id: 7 })
  ben.send('annotation', { type: 'put', author: 2, ...mark, id: 8 })
  const told = () => sue.frames<{ type: string; author?: number; id?: number }>('annotation')
  const about = (type: string) => told().flatMap((said) => (said.type === type ? [`${said.author}.${said.id}`] : []))
  // The control: what each may, arrives in its own name.
  await expect.poll(() => about('put').toSorted()).toEqual(['2.7', '3.8'])
  ben.send('annotation', { type: 'undo' })
  await expect.poll(() => about('remove')).toEqual(['3.8'])
  for (let n = 0; n < 4; n++) ben.send('annotation', { type: 'undo' })
  ben.send('annotation', { type: 'extend', author: 2, id: 7, points: [5, 5] })
  tried += 6
  await settle(ben)
  await settle(sue)
  expect([about('put').toSorted(), about('extend'), about('remove')]).toEqual([['2.7', '3.8'], [], ['3.8']])
  console.log(`a scripted agent: tried ${tried}, done 0`)

  await customer.evaluate(() => window.customer.end())
  for (const agent of [eve, ben, sue]) {
    await expect.poll(() => agent.line.socket.readyState).toBe(agent.line.socket.CLOSED)
    await agent.line.close()
  }
  expect(harness.takeFaults()).toEqual([])
  await customer.context().close()
})
