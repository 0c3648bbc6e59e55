import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import type { Page } from 'playwright'
import { expect, onTestFinished, test } from 'vitest'
import { type Place, Secrets } from '../packages/mirror/pair/scan.ts'
import { decodeHeader } from '../packages/protocol/index.ts'
import type { CustomerSettings } from '../packages/sdk/customer/index.ts'
import { makeKey } from '../packages/server/index.ts'
import { Receiver } from '../packages/server/testing/receiver.ts'
import { copyBox, frameCopy, seeDrawn, use } from './annotation-site.ts'
import { plantMarkup, plantPage, plantRules } from './canary-page.ts'
import { Harness } from './harness.ts'
import { unpackFrame, unpackRecording } from './recording-file.ts'
import { filesOf, memoryOf, PIECE_BYTES, SecretScan, WRITING_NAMES, writeAs } from './secret-scan.ts'
import { ServerProcess } from './server-process.ts'
import { allow, Site, seen, start, until } from './session-site.ts'

const SDK_SECRET = 'an SDK secret of thirty-two signs'
const API_SECRET = 'an API secret of thirty-two signs'
const SNAPSHOT_FLAGS = ['--heapsnapshot-signal=SIGUSR2', '--heap-snapshot-string-limit=100000000']

type Store = Iterable<Uint8Array | string>

/** Shares a page full of secrets through a server of its own, with all that can be done to it, and reads every store. */
async function share(
  settings: CustomerSettings,
): Promise<{ secrets: Secrets; stores: Map<string, Store>; sessionId: string }> {
  const secrets = new Secrets()
  const word = (carrier: string, group = 'texts') => secrets.fill(group, carrier, '$')
  const page = plantPage(secrets)
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>${word('picture')}</text></svg>`

  const receiver = await Receiver.open()
  onTestFinished(() => receiver.close())
  const folder = mkdtempSync(join(tmpdir(), 'canary-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const config = join(folder, 'alongside.config.json')
  writeFileSync(config, '{"webhooks":{"allowPrivateAddresses":true}}')
  const key = { sdkKey: 'dev', sdkSecret: SDK_SECRET, apiKey: 'api', apiSecret: API_SECRET, recording: 'on' }
  const server = await ServerProcess.start(
    {
      ALONGSIDE_CONFIG: config,
      ALONGSIDE_KEYS: JSON.stringify([{ ...key, webhooks: [receiver.webhook] }]),
      LOG_LEVEL: 'debug',
    },
    [...SNAPSHOT_FLAGS, `--diagnostic-dir=${folder}`],
  )
  const harness = Harness.around(server, makeKey('dev', new TextEncoder().encode(SDK_SECRET)))
  onTestFinished(() => harness.close())
  const site = await Site.open(harness, ({ url }, response) => {
    if (url === '/picture.svg') return Boolean(response.setHeader('content-type', 'image/svg+xml').end(picture))
    if (!url?.startsWith('/shop')) return false
    return Boolean(response.setHeader('content-type', 'text/html').end(page))
  })
  onTestFinished(() => site.close())

  const left: Buffer[] = []
  const customer = await harness.page()
  await customer.context().route(/\/\/a\.test\//, (route) => route.abort())
  noteTraffic(customer, 'framesent', left)
  customer.on('request', (request) => {
    if (!request.url().startsWith(harness.url())) return
    left.push(Buffer.from([request.url(), JSON.stringify(request.headers())].join('\n')))
    const body = request.postDataBuffer()
    if (body) left.push(body)
  })
  const address = `/shop/${word('path', 'document')}?card=${word('query', 'document')}#${word('fragment', 'document')}`
  await site.customer('chromium', customer, address, {
    ...settings,
    remoteAssist: { enable: true, remoteAssistTypes: ['click', 'type'] },
  })
  await start(customer, await harness.token('customer', 'Cora'))
  await until(customer, 'pincode_updated')
  const { pinCode, sessionId } = await customer.evaluate(() => window.customer.getSessionInfo())
  const got: Buffer[] = []
  const agent = await harness.page()
  noteTraffic(agent, 'framereceived', got)
  await agent.goto(`${site.origin}/agent`)
  await site.prepareAgent(agent)
  await site.join(agent, pinCode, await harness.token('agent', 'Ana'))
  await allow(customer)
  await until(agent, 'view_ready')
  await customer.locator('dialog.gone').waitFor({ state: 'detached' })

  await edit(customer, secrets)
  await type(customer, word)
  await step(customer, agent, 'edited and typed')
  const results = await assist(customer, agent)
  await annotate(customer, agent)
  await step(customer, agent, 'helped and drawn')
  await customer.evaluate(() => void window.customer.preview())
  const preview = await previewOf(customer, 'helped and drawn')
  const copy = [await agent.title(), await agent.evaluate(() => JSON.stringify(window.events))]
  for (const frame of agent.frames()) copy.push(await frame.evaluate(readDocument))
  expect(copy.join('')).toContain('helped and drawn')

  const api = (path: string) => call(harness.url(path))
  const recordings = JSON.parse((await api(`/v2/alongside/sessions/${sessionId}/recordings`)).toString())
  const recordingId: string = recordings.recordings[0].recording_id
  const live = await readAnswers(api, sessionId, recordingId)
  const memory = [...memoryOf(server.pid)]
  const snapshot = await heapSnapshot(server, folder)
  const disk = [...filesOf(server.folder)]
  const file = await api(`/v2/alongside/recordings/${recordingId}/file`)
  const ended = new Promise<void>((resolve) => {
    receiver.answer = (response, { body }) => {
      response.end()
      if (body.event === 'cobrowse.session_ended') resolve()
    }
  })
  await customer.evaluate(() => window.customer.end())
  await ended
  const past = await readAnswers(api, sessionId, recordingId)
  await server.stop('SIGTERM')

  const stores = new Map<string, Store>([
    ['what left the customer', [...left, ...left.filter(isFrame).map(unpackFrame)]],
    ['frames at the agent', [...got, ...got.filter(isFrame).map(unpackFrame)]],
    ["the agent's documents", copy],
    ['results of remote assist', results],
    ['the preview', preview],
    ["the server's memory", memory],
    ["the server's heap snapshot", [snapshot]],
    ['log', server.log],
    ['data folder', [...disk, ...filesOf(server.folder)]],
    ['recording, unpacked', [file, unpackRecording(new Uint8Array(file))]],
    ['webhooks', receiver.deliveries.map(({ raw }) => raw)],
    ['answers of REST', [...live, ...past]],
  ])
  return { secrets, stores, sessionId }
}

const isFrame = (bytes: Buffer) => decodeHeader(bytes) !== undefined

function noteTraffic(page: Page, way: 'framesent' | 'framereceived', into: Buffer[]): void {
  page.on('websocket', (socket) => {
    const note = ({ payload }: { payload: string | Buffer }) => into.push(Buffer.from(payload))
    if (way === 'framesent') socket.on('framesent', note)
    else socket.on('framereceived', note)
  })
}

/** Changes the one text that no rule hides, and waits until the agent sees it and so all before it. */
async function step(customer: Page, agent: Page, text: string): Promise<void> {
  await customer.locator('.open').evaluate((element, now) => {
    element.textContent = now
  }, text)
  await seen(agent, text)
}

async function edit(customer: Page, secrets: Secrets): Promise<void> {
  await customer.evaluate(
    ({ inserted, shadow, framed, rules, title, address, moved }) => {
      const vault = document.querySelector('.vault')!
      const add = (html: string) => {
        const place = document.createElement('div')
        place.innerHTML = html
        vault.append(place)
        return place
      }
      add(inserted)
      add('').attachShadow({ mode: 'open' }).innerHTML = shadow
      const frame = document.createElement('iframe')
      vault.append(frame)
      frame.contentDocument!.body.innerHTML = framed
      const sheet = new CSSStyleSheet()
      sheet.replaceSync(rules.join('\n'))
      document.adoptedStyleSheets = [sheet]
      document.title = title
      history.pushState('', '', address)
      document.querySelector('h2')!.firstChild!.nodeValue = moved
      getSelection()!.selectAllChildren(document.querySelector('h2')!)
    },
    {
      inserted: plantMarkup(secrets, 'inserted', ['texts', 'fields', 'always']),
      shadow: plantMarkup(secrets, 'shadow root', ['texts']),
      framed: plantMarkup(secrets, 'frame', ['fields']),
      rules: plantRules(secrets, 'constructed sheet'),
      title: secrets.fill('document', 'title changed', '$'),
      address: secrets.fill('document', 'address changed', '/shop/$'),
      moved: secrets.fill('texts', 'text changed', '$'),
    },
  )
}

async function type(customer: Page, word: (carrier: string, group?: string) => string): Promise<void> {
  for (const [index, [carrier, group]] of [
    ['typed', 'fields'],
    ['typed into a textarea', 'fields'],
    ['typed into rich text', 'fields'],
    ['typed password', 'always'],
    ['typed card', 'always'],
  ].entries())
    await customer.locator('.tried').nth(index).pressSequentially(word(carrier!, group))
  const name = `${word('name of a file', 'always')}.txt`
  const buffer = Buffer.from(word('content of a file', 'always'))
  await customer.locator('.tried[type=file]').setInputFiles({ name, mimeType: 'text/plain', buffer })
}

/** The agent tries the first field and the password. Returns what it was told. */
async function assist(customer: Page, agent: Page): Promise<string[]> {
  await agent.evaluate(() => void window.agent.remoteAssist.request())
  await customer.locator('dialog:not(.gone)').getByRole('button', { name: 'Allow', exact: true }).click()
  await agent.waitForFunction(() => window.agent.remoteAssist.can('type'))
  // The question stays a moment and would cover the page.
  await customer.locator('dialog.gone').waitFor({ state: 'detached' })
  for (const [field, count] of [
    ['input', 1],
    ['input[type=password]', 2],
  ] as const) {
    const { x, y } = await copyBox(agent, [field])
    await agent.mouse.click(x + 10, y + 8)
    await agent.keyboard.type('try')
    await agent.waitForFunction(
      (least) => window.events.filter(([name]) => name === 'remote_assist_result').length >= least,
      count,
    )
  }
  await customer.getByRole('button', { name: 'Stop', exact: true }).click()
  await until(agent, 'remote_assist_stopped')
  return agent.evaluate(() =>
    window.events.filter(([name]) => name.startsWith('remote_assist')).map((event) => JSON.stringify(event)),
  )
}

/** The agent draws around the first field and has it and the headline read out. */
async function annotate(customer: Page, agent: Page): Promise<void> {
  await frameCopy(agent, ['input'])
  await seeDrawn(customer, 1)
  await agent.evaluate(() => {
    window.agent.on('annotation_read_out', (payload) => window.events.push(['annotation_read_out', payload]))
  })
  await use(agent, 'read_out')
  for (const [count, selector] of ['input', 'h2'].entries()) {
    const { x, y } = await copyBox(agent, [selector])
    await agent.mouse.click(x + 8, y + 8)
    await agent.waitForFunction(
      (before) => window.events.filter(([name]) => name === 'annotation_read_out').length > before,
      count,
    )
  }
  await use(agent)
}

/** All that a document holds, with fields, sheets and shadow roots. Runs in the page. */
function readDocument(): string {
  const parts: string[] = []
  const read = (root: Document | ShadowRoot) => {
    // A frame that is being built has no elements for a moment.
    parts.push((root instanceof Document ? root.documentElement?.outerHTML : root.innerHTML) ?? '')
    for (const sheet of [...root.styleSheets, ...root.adoptedStyleSheets])
      for (const rule of sheet.cssRules) parts.push(rule.cssText)
    for (const element of root.querySelectorAll('*')) {
      if ('value' in element) parts.push(String(element.value))
      if (element.shadowRoot) read(element.shadowRoot)
    }
  }
  read(document)
  return parts.join('\n')
}

async function previewOf(customer: Page, text: string): Promise<string[]> {
  for (;;) {
    const frames = customer.frames().filter((frame) => frame.url().startsWith('blob:'))
    const read = await Promise.all(frames.map((frame) => frame.evaluate(readDocument)))
    if (read.some((html) => html.includes(text))) return read
    await customer.evaluate(() => new Promise(requestAnimationFrame))
  }
}

/** Calls REST as a back end does. */
async function call(url: string): Promise<Buffer> {
  const now = Math.floor(Date.now() / 1000)
  const token = await new SignJWT({ iss: 'api', iat: now, exp: now + 60 })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(API_SECRET))
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  return Buffer.from(await answer.arrayBuffer())
}

/** What each operation that reads answers about a session, and what a probe and Prometheus get. */
async function readAnswers(
  api: (path: string) => Promise<Buffer>,
  sessionId: string,
  recordingId: string,
): Promise<Buffer[]> {
  const { paths } = JSON.parse((await api('/v2/openapi.json')).toString()) as { paths: Record<string, object> }
  const reading = Object.keys(paths).filter((path) => 'get' in paths[path]! && !path.endsWith('/file'))
  expect(reading.length).toBeGreaterThan(5)
  const answers: Buffer[] = []
  for (const path of [...reading, '/readyz', '/metrics'])
    answers.push(await api(path.replace(/\{\w+\}/, path.includes('/recordings/{') ? recordingId : sessionId)))
  return answers
}

/** The texts of the server's heap, as V8 lists them: whole, but without buffers. */
async function heapSnapshot(server: ServerProcess, folder: string): Promise<Buffer> {
  process.kill(server.pid, 'SIGUSR2')
  for (;;) {
    // The server answers nothing while it writes.
    const [file] = [...filesOf(folder)].filter((bytes) => bytes.includes('"strings":['))
    await fetch(`${server.origin}/healthz`)
    if (file?.subarray(-8).includes(']}')) return file.subarray(file.indexOf('"strings":['))
  }
}

/** What of the planted is in each store. */
function look(secrets: Secrets, stores: Map<string, Store>) {
  const ids = secrets.places.map((_, id) => String(id).padStart(4, '0'))
  const report: Record<string, { bytes: number; found: Place[] }> = {}
  for (const [name, store] of stores) {
    const scan = new SecretScan([ids.map((id) => `zq${id}xw`), ids.map((id) => `73${id}41`)])
    const found = new Set([...scan.find(store)].map((secret) => secrets.places[Number(secret.slice(2, 6))]!))
    // These also in every mixture of writings, and spelled out letter by letter.
    if (name === 'frames at the agent') {
      const pieces = [...store].map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece))
      for (const place of secrets.found(pieces, [])) found.add(place)
    }
    report[name] = { bytes: scan.scannedBytes, found: [...found] }
  }
  return report
}

/** Each kind of result that the agent's tries had. */
const resultsIn = (stores: Map<string, Store>) => {
  const told = [...stores.get('results of remote assist')!].join()
  return [...new Set([...told.matchAll(/"result":"(\w+)"/g)].map(([, result]) => result))].sort()
}

const figures = (report: ReturnType<typeof look>) =>
  Object.entries(report)
    .map(([name, { bytes, found }]) => `${name}: ${found.length} in ${bytes} bytes`)
    .join('; ')

test('CAN-4 of a masked page nothing is in any store of the product', async ({ annotate: note }) => {
  const { secrets, stores } = await share({ piiMask: { maskType: 'all', unmaskCssSelectors: '.open' } })
  const report = look(secrets, stores)
  await note(`${secrets.places.length} planted; ${figures(report)}`)
  expect(secrets.places.length).toBeGreaterThan(150)
  // Fonts are no content, and the preview is the customer's own browser, which knows their addresses.
  const isOwnFont = (name: string, { pattern }: Place) => name === 'the preview' && pattern.startsWith('@font-face')
  const leaks = Object.entries(report).flatMap(([name, { found }]) =>
    found
      .filter((place) => !isOwnFont(name, place))
      .map(({ group, carrier, pattern }) => `${name}: ${group} | ${carrier} | ${pattern}`),
  )
  expect(leaks).toEqual([])
  for (const { bytes } of Object.values(report)) expect(bytes).toBeGreaterThan(0)
  // Beside it only `denied`, where an action came late.
  expect(resultsIn(stores).filter((result) => result !== 'denied')).toEqual(['masked'])
})

test('CAN-5 with no mask the same scan finds the secrets, and the always-on set and the address stay hidden', async ({
  annotate: note,
}) => {
  const { secrets, stores, sessionId } = await share({})
  const report = look(secrets, stores)
  await note(`${secrets.places.length} planted; ${figures(report)}`)
  expect(report['frames at the agent']!.found.length).toBeGreaterThanOrEqual(140)
  for (const name of ["the server's memory", "the agent's documents", 'recording, unpacked', 'the preview'])
    expect(report[name]!.found.length, name).toBeGreaterThan(0)
  // What never has content is read all the same: it knows the session.
  for (const name of ['log', 'data folder', 'webhooks', 'answers of REST', "the server's heap snapshot"])
    expect([name, ...new SecretScan([[sessionId]]).find(stores.get(name)!)]).toEqual([name, sessionId])
  expect(resultsIn(stores).filter((result) => result !== 'denied')).toEqual(['done', 'masked'])
  const hidden = Object.values(report).flatMap(({ found }) =>
    found.filter(({ group, carrier }) => group === 'always' || /path|query|fragment|address/.test(carrier)),
  )
  expect(hidden).toEqual([])
})

test('CAN-6 the scan reads each writing, in the middle of a store and where two pieces of it meet', () => {
  for (const writing of WRITING_NAMES) {
    const scan = new SecretScan([['zq0042xw', 'zq0043xw']])
    for (const before of [1_000, PIECE_BYTES - 5]) {
      const store = Buffer.concat([
        Buffer.alloc(before),
        Buffer.from(writeAs(writing, 'zq0042xw'), 'latin1'),
        Buffer.alloc(9),
      ])
      expect([writing, ...scan.find([store])]).toEqual([writing, 'zq0042xw'])
    }
  }
})
