import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import pixelmatch from 'pixelmatch'
import type { Page } from 'playwright'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeKey } from '../packages/server/index.ts'
import { drawn, frameCopy, openRoots, seeDrawn } from './annotation-site.ts'
import { Harness } from './harness.ts'
import { makePicture, sendFile } from './picture-files.ts'
import { unpackRecording } from './recording-file.ts'
import { ServerProcess } from './server-process.ts'
import { allow, copyOf, Site, seen, start, until } from './session-site.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const SDK_SECRET = 'an SDK secret of thirty-two signs'
const API_SECRET = 'an API secret of thirty-two signs'
const KEY = { sdkKey: 'dev', sdkSecret: SDK_SECRET, apiKey: 'api', apiSecret: API_SECRET, recording: 'on' }
const SECRET = 'Kanarienvogel-7261'

const PAGE = `<!doctype html><title>A site</title>
<style>
  body { font: 20px/1.5 sans-serif; background: linear-gradient(#fff, #dde6ff); min-height: 700px }
  .box { width: 300px; padding: 20px; border-radius: 12px; background: #264; color: #fff }
</style>
<h1>A site</h1><p id="text" class="box">first</p><img src="/picture.png" alt=""> <div id="tile" style="width: 80px; height: 80px; background: url(/tile.png)"></div>
<p class="private">${SECRET}</p><label>Name <input id="name"></label> <input type="password" value="${SECRET}-word">`

let server: ServerProcess
let harness: Harness<ServerProcess>
let site: Site
beforeAll(async () => {
  server = await ServerProcess.start({ ALONGSIDE_KEYS: JSON.stringify([KEY]) })
  harness = Harness.around(server, makeKey('dev', new TextEncoder().encode(SDK_SECRET)))
  site = await Site.open(harness, ({ url }, response) => {
    if (url === '/picture.png') return sendFile(response, 'image/png', makePicture(200, 40, 40))
    if (url === '/tile.png') return sendFile(response, 'image/png', makePicture(40, 40, 200))
    return url === '/' && sendFile(response, 'text/html', PAGE)
  })
})
afterAll(async () => {
  site.close()
  await harness.close()
})

interface Recording {
  recording_id: string
  session_id: string
  state: string
  reason?: string
}

async function api<Answer>(path: string, method = 'GET', body?: object): Promise<Answer> {
  const now = Math.floor(Date.now() / 1000)
  const token = await new SignJWT({ iss: 'api', iat: now, exp: now + 60 })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(API_SECRET))
  const answer = await fetch(harness.url(`/v2/alongside${path}`), {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  const isFile = path.endsWith('/file')
  return (isFile ? Buffer.from(await answer.arrayBuffer()) : await answer.json()) as Answer
}

async function recordingOf(customer: Page): Promise<Recording> {
  const id = await customer.evaluate(() => window.customer.getSessionInfo().sessionId)
  const { recordings } = await api<{ recordings: Recording[] }>(`/sessions/${id}/recordings`)
  return recordings[0]!
}

/** All that a recording holds, unpacked. */
async function unpack({ recording_id }: Recording): Promise<Buffer> {
  return unpackRecording(new Uint8Array(await api<Buffer>(`/recordings/${recording_id}/file`)))
}

/** Waits until the recording has a word of the page. */
async function kept(customer: Page, word: string): Promise<void> {
  const recording = await recordingOf(customer)
  for (;;) if ((await unpack(recording)).includes(word)) return
}

/** A customer of this site whose page hides what the selector says, and an agent who sees it. */
async function pair(maskCssSelectors: string) {
  const customer = await site.customer()
  const prepare = () => initialize(customer, maskCssSelectors)
  await prepare()
  const answer = await start(customer, await harness.token('customer', 'Cora'))
  if (!answer.success) throw new Error(JSON.stringify(answer))
  await until(customer, 'pincode_updated')
  const pin = await customer.evaluate(() => window.customer.getSessionInfo().pinCode)
  const agent = await harness.page('chromium', { viewport: { width: 1600, height: 1100 } })
  await agent.goto(`${site.origin}/agent`)
  await site.prepareAgent(agent)
  await site.join(agent, pin, await harness.token('agent', 'Ana'))
  await customer.getByText('This session is recorded.').waitFor()
  await allow(customer)
  await until(agent, 'view_ready')
  return { customer, agent, prepare }
}

function initialize(customer: Page, maskCssSelectors: string): Promise<void> {
  return customer.evaluate(async (selectors) => {
    const { session } = await window.AlongsideSDK.init({ piiMask: { maskCssSelectors: selectors } })
    window.customer = session
    for (const name of ['pincode_updated', 'agent_joined', 'session_ended', 'session_reconnecting'] as const)
      session.on(name, (payload) => window.events.push([name, payload]))
  }, maskCssSelectors)
}

const change = (customer: Page, text: string) =>
  customer.evaluate((word) => {
    document.querySelector('#text')!.textContent = word
  }, text)

async function playbackUrl({ recording_id }: Recording): Promise<string> {
  const person = { user_id: 'sue', user_name: 'Sue' }
  return (await api<{ url: string }>(`/recordings/${recording_id}/playback_link`, 'POST', person)).url
}

/** The part of a picture that the panel does not cover. */
const CLIP = { x: 0, y: 0, width: 900, height: 780 }

async function copyPicture(page: Page): Promise<PNG> {
  const box = (await page.locator('iframe').last().boundingBox())!
  return PNG.sync.read(await page.screenshot({ clip: { ...CLIP, x: box.x, y: box.y } }))
}

function differing(one: PNG, other: PNG): number {
  return pixelmatch(one.data, other.data, undefined, one.width, one.height, { threshold: 0.1 })
}

/** The copy as its frame's document is, without the addresses that each copy has of its own. */
function copyText(page: Page): Promise<string> {
  return page.evaluate(() =>
    (document.querySelector('iframe')?.contentDocument?.documentElement?.outerHTML ?? '').replace(
      /(blob:|http:|data:)[^"')\s]+/g,
      'address',
    ),
  )
}

test('REC-60 a session that was reloaded and whose server was killed plays back as it was, to the last pixel', async () => {
  const { customer, agent, prepare } = await pair('.private')
  await change(customer, 'before the reload')
  await seen(agent, 'before the reload')
  expect(await customer.evaluate(() => window.customer.getSessionInfo().recorded)).toBe(true)
  expect(await agent.evaluate(() => window.agent.getSessionInfo().recorded)).toBe(true)
  await kept(customer, 'before the reload')
  await site.customer('chromium', customer)
  await prepare()
  await customer.evaluate(() => window.customer.join())
  await change(customer, 'after the reload')
  await seen(agent, 'after the reload')
  await kept(customer, 'after the reload')
  await server.stop('SIGKILL')
  await until(customer, 'session_reconnecting')
  await server.start()
  await customer.fill('#name', 'Cora Miller')
  // What is masked looks otherwise on the page than in any copy.
  await customer.evaluate(() => {
    for (const masked of document.querySelectorAll('.private, [type=password]')) masked.remove()
  })
  await change(customer, 'after the kill')
  await seen(agent, 'after the kill')
  await kept(customer, 'after the kill')
  await agent.waitForFunction(() => document.querySelector('iframe')?.contentDocument?.images[0]?.complete)
  const recording = await recordingOf(customer)
  await customer.locator('#text').click()
  await customer.mouse.move(5, 5)
  const page = PNG.sync.read(await customer.screenshot({ clip: CLIP }))
  // The caret has left the field there a moment later.
  await expect.poll(async () => differing(await copyPicture(agent), page)).toBe(0)
  const liveText = await copyOf(agent)
  await customer.evaluate(() => window.customer.end())
  expect(await api(`/recordings/${recording.recording_id}`)).toMatchObject({ state: expect.any(String) })

  const player = await harness.page('chromium', {
    viewport: { width: 1600, height: 1100 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
  })
  await player.goto(await playbackUrl(recording))
  await player.getByRole('button', { name: 'Play' }).waitFor()
  expect(new URL(player.url()).hash).toBe('')
  await player.keyboard.press('End')
  await seen(player, 'after the kill')
  await player.waitForFunction(() => document.querySelectorAll('iframe').length === 1)
  await player.waitForFunction(
    () => (document.querySelector('iframe')?.contentDocument?.images[0]?.naturalWidth ?? 0) > 0,
  )
  await harness.shot(player, 'recording-end-light')
  expect(await copyOf(player)).toBe(liveText)
  const played = await copyPicture(player)
  expect(differing(played, page)).toBe(0)
  // Back to the beginning: another picture.
  await player.getByRole('button', { name: 'Ana joined' }).click()
  await player.getByRole('button', { name: '1×' }).focus()
  await player.keyboard.press('k')
  await seen(player, 'before the reload')
  expect(differing(await copyPicture(player), page)).toBeGreaterThan(100)
  await player.getByRole('button', { name: '8×' }).click()
  await seen(player, 'after the kill')
  await player.getByRole('button', { name: 'Play' }).waitFor()
  await player.emulateMedia({ colorScheme: 'dark' })
  await harness.shot(player, 'recording-end-dark')
  expect(await copyText(player)).not.toContain(SECRET)
  await player.evaluate(AXE)
  const violations = await player.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') }
    return (await axe.run({ exclude: ['iframe'] })).violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)
  })
  expect(violations).toEqual([])
  await player.reload()
  await player.getByText('This link plays a recording once').waitFor()
  await harness.shot(player, 'recording-used')
})

test('REC-61 what the mask hides is nowhere in the recording; without the mask it is', async () => {
  for (const [selectors, found] of [
    ['.private', false],
    ['.nothing-here', true],
  ] as const) {
    const { customer } = await pair(selectors)
    await change(customer, 'all of it')
    await kept(customer, 'all of it')
    const recording = await recordingOf(customer)
    await customer.evaluate(() => window.customer.end())
    const all = await unpack(recording)
    const writings = [SECRET, Buffer.from(SECRET, 'utf16le'), Buffer.from(SECRET).toString('base64').slice(0, -2)]
    expect(writings.some((writing) => all.includes(writing))).toBe(found)
    expect(all.includes(`${SECRET}-word`)).toBe(false)
    const files = execFileSync('ls', [join(server.folder, 'recordings')], { encoding: 'utf8' })
      .trim()
      .split('\n')
    for (const file of files) expect(readFileSync(join(server.folder, 'recordings', file)).includes(SECRET)).toBe(false)
  }
})

test('ANN-51 what was drawn is played at its time, around its element, and is gone before and after', async () => {
  const { customer, agent } = await pair('.private')
  await change(customer, 'before the drawing')
  await seen(agent, 'before the drawing')
  // Ids that rules of the mask may name stay with the page.
  await frameCopy(agent, ['p'])
  const [onPage] = await seeDrawn(customer, 1)
  expect(onPage!.width).toBeGreaterThan(300)
  await change(customer, 'with the drawing')
  await kept(customer, 'with the drawing')
  await agent.evaluate(() => window.agent.annotation.clear())
  await seeDrawn(customer, 0)
  await change(customer, 'after the drawing')
  await kept(customer, 'after the drawing')
  const recording = await recordingOf(customer)
  await customer.evaluate(() => window.customer.end())

  const player = await harness.page('chromium', { viewport: { width: 1600, height: 1100 } })
  await openRoots(player)
  await player.goto(await playbackUrl(recording))
  await player.getByRole('button', { name: 'Play' }).waitFor()
  expect(await drawn(player)).toEqual([])
  const bar = player.getByRole('slider')
  const length = Number(await bar.getAttribute('max'))
  // Not by playing: the drawing stands for a moment only.
  for (let time = 0; time <= length && !(await drawn(player)).length; time += 20) {
    await bar.fill(String(time))
    await player.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  }
  const [played] = await seeDrawn(player, 1)
  const copy = await player.evaluate(() => {
    const frames = [...document.querySelectorAll('iframe')]
    const frame = frames.find((one) => one.contentDocument?.querySelector('p'))!
    const [outer, inner] = [frame, frame.contentDocument!.querySelector('p')!].map((one) => one.getBoundingClientRect())
    const scale = outer!.width / frame.offsetWidth
    return { x: outer!.x + inner!.x * scale, y: outer!.y + inner!.y * scale, width: inner!.width * scale }
  })
  for (const side of ['x', 'y', 'width'] as const) expect(Math.abs(played![side] - copy[side])).toBeLessThan(2)
  await harness.shot(player, 'recording-drawn')
  await player.keyboard.press('End')
  await seeDrawn(player, 0)
})
