import { ASSET_WAIT_MS, MAX_ASSET_BYTES, MAX_ASSETS, MAX_SESSION_ASSET_BYTES } from '@alongside/protocol'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { MAX_WAITING, UPLOAD_BURST, UPLOADS_PER_SECOND } from '../assets/assets.ts'
import type { ServerOptions } from '../index.ts'
import { House, KEY } from '../testing/house.ts'
import { makePng, SVG } from '../testing/pictures.ts'

let house: House
const log: string[] = []
const open = async (options: ServerOptions = {}) => {
  await house?.close()
  log.length = 0
  house = await House.open({ log: pino({ level: 'trace' }, { write: (line) => void log.push(line) }), ...options })
}
beforeEach(() => open())
afterEach(() => house.close())

/** Polls, for as long as the test may take: a busy machine is no fault. */
const until = (check: () => unknown) => vi.waitFor(check, { timeout: 120_000, interval: 5 })

const NOT_FOUND = { code: 404, message: 'There is no such page.' }
const at = (ticket: string, key: string) => `${house.server.origin}/assets/${ticket}/${key}`
const get = (ticket: string, key: string, init?: RequestInit) => fetch(at(ticket, key), init)
const put = (ticket: string, key: string, body: BodyInit, headers: Record<string, string> = {}) =>
  fetch(at(ticket, key), { method: 'PUT', body, headers: { origin: 'https://shop.example', ...headers } })

async function refusal(answer: Response) {
  const { status } = answer
  return { status, ...((await answer.json()) as { code: number; message: string }) }
}

/** A session in which an agent is: what brings pictures and what gets them. */
async function pair() {
  const { customer, agent } = await house.pair()
  return { customer, agent, up: customer.started.assets, down: agent.joined.assets }
}

/** Brings `count` files, as many at once as the pace of a second allows. */
async function putMany(up: string, count: number, body: (index: number) => Buffer<ArrayBuffer>) {
  const statuses = new Set<number>()
  for (let first = 0; first < count; first += UPLOADS_PER_SECOND) {
    house.clock.advance(1_000)
    const numbers = Array.from({ length: Math.min(UPLOADS_PER_SECOND, count - first) }, (_, index) => first + index)
    for (const { status } of await Promise.all(numbers.map((index) => put(up, `k${index}`, body(index))))) {
      statuses.add(status)
    }
  }
  return [...statuses]
}

test('AST-2 what the customer brings, the agents of the session get', async () => {
  const { up, down } = await pair()
  expect((await put(up, 'a-1', makePng())).status).toBe(204)
  const answer = await get(down, 'a-1')
  expect(answer.status).toBe(200)
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(makePng())
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'image/png',
    'cache-control': 'private, max-age=3600, immutable',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  })
  expect(answer.headers.has('access-control-allow-origin')).toBe(false)
  await put(up, 'a-2', SVG, { 'content-type': 'text/plain' })
  expect((await get(down, 'a-2')).headers.get('content-type')).toBe('image/svg+xml')
})

test('AST-3 a ticket opens its own session in its own way, and nothing else', async () => {
  const one = await pair()
  const other = await pair()
  await put(one.up, 'k', makePng())
  await put(one.up, 'gone', '', { 'x-alongside-missing': '1' })
  const refusals = [
    get('A'.repeat(32), 'k'),
    get(one.up, 'k'),
    get(one.customer.started.sessionId, 'k'),
    get(one.down, 'gone'),
    get(one.down, 'a.b'),
    put('A'.repeat(32), 'k', makePng()),
    put(one.down, 'k2', makePng()),
    put(one.up, 'a.b', makePng()),
    fetch(at(one.down, 'k'), { method: 'OPTIONS', headers: { origin: 'https://shop.example' } }),
  ]
  for (const answer of await Promise.all(refusals)) {
    expect(await refusal(answer)).toEqual({ status: 404, ...NOT_FOUND })
    expect(answer.headers.has('access-control-allow-origin')).toBe(false)
  }
  await put(other.up, 'k', makePng(80))
  expect((await (await get(other.down, 'k')).arrayBuffer()).byteLength).toBe(80)
})

test('AST-4 nothing is taken before an agent is in, and nothing after the last one left', async () => {
  const { line, started, pin } = await house.customer()
  const { line: agent } = await house.asked(line, pin)
  expect((await put(started.assets, 'k', makePng())).status).toBe(404)
  line.say({ type: 'consent', participant: 2, granted: true })
  const { assets } = await agent.expect('joined')
  expect((await put(started.assets, 'k', makePng())).status).toBe(204)
  expect((await get(assets, 'k')).status).toBe(200)
  agent.say({ type: 'leave' })
  await agent.expectClosed()
  expect((await get(assets, 'k')).status).toBe(404)
  expect((await put(started.assets, 'k2', makePng())).status).toBe(404)
  expect(house.server.counts().assetBytes).toBe(64)
})

test("AST-5 an agent's ticket is void when its line drops, and resumed brings another", async () => {
  const { customer, agent, up, down } = await pair()
  await put(up, 'k', makePng())
  await agent.line.close()
  await until(async () => expect((await get(down, 'k')).status).toBe(404))
  const back = await house.resume(agent.asked.sessionId, agent.asked.secret)
  const { assets = '' } = await back.expect('resumed')
  expect(assets).toMatch(/^[\w-]{32}$/)
  expect([(await get(assets, 'k')).status, (await get(down, 'k')).status]).toEqual([200, 404])
  customer.line.say({ type: 'consent', participant: 2, granted: false })
  expect(await back.expect('error')).toMatchObject({ code: 1100 })
  expect((await get(assets, 'k')).status).toBe(404)
})

test("AST-5 a customer's resume brings another ticket and voids the one before it", async () => {
  const { customer, up, down } = await pair()
  await customer.line.close()
  const back = await house.resume(customer.started.sessionId, customer.started.secret)
  const { assets = '' } = await back.expect('resumed')
  expect((await put(up, 'k', makePng())).status).toBe(404)
  expect((await put(assets, 'k', makePng())).status).toBe(204)
  expect((await get(down, 'k')).status).toBe(200)
})

test('AST-5 an agent about whom the customer is still being asked resumes without a ticket', async () => {
  const { line, pin } = await house.customer()
  const { line: agent, asked } = await house.asked(line, pin)
  await agent.close()
  const back = await house.resume(asked.sessionId, asked.secret)
  expect(await back.expect('resumed')).toEqual({ type: 'resumed', secret: expect.any(String), state: 'asked' })
})

test('AST-6 a request for what is still on its way is answered when it comes', async () => {
  const { up, down } = await pair()
  const timers = house.clock.pending
  const waiting = [get(down, 'k'), get(down, 'k'), get(down, 'none')]
  await until(() => expect(house.clock.pending).toBe(timers + 3))
  await put(up, 'k', makePng())
  await put(up, 'none', '', { 'x-alongside-missing': '1' })
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200, 404])
  expect(house.clock.pending).toBe(timers)
})

test('AST-6 a request waits no longer than 20 s, its agent or its session', async () => {
  const { agent, down } = await pair()
  const other = await pair()
  const timers = house.clock.pending
  const late = get(down, 'k')
  await until(() => expect(house.clock.pending).toBe(timers + 1))
  house.clock.advance(ASSET_WAIT_MS)
  expect((await late).status).toBe(404)
  const rest = house.clock.pending
  const left = get(down, 'k')
  const ended = get(other.down, 'k')
  await until(() => expect(house.clock.pending).toBe(rest + 2))
  agent.line.say({ type: 'leave' })
  expect(await refusal(await left)).toEqual({ status: 404, ...NOT_FOUND })
  other.customer.line.say({ type: 'end' })
  expect((await ended).status).toBe(404)
})

test('AST-6 a browser that gives up, and one too many, wait for nothing', async () => {
  const { down } = await pair()
  const timers = house.clock.pending
  const giveUp = new AbortController()
  const waiting = Array.from({ length: MAX_WAITING }, (_, index) =>
    get(down, `k${index}`, { signal: giveUp.signal }).catch(() => undefined),
  )
  await until(() => expect(house.clock.pending).toBe(timers + MAX_WAITING))
  expect((await get(down, 'k')).status).toBe(404)
  giveUp.abort()
  await Promise.all(waiting)
  await until(() => expect(house.clock.pending).toBe(timers))
})

test('AST-7 what is neither picture nor font is refused with 415, whatever type it is sent as', async () => {
  const { up, down } = await pair()
  const page = '<!doctype html><script>alert(1)</script>'
  for (const [key, body, type] of [
    ['a', page, 'image/png'],
    ['b', page, 'text/html'],
    ['c', '', 'image/png'],
    ['d', '%PDF-1.7', 'application/pdf'],
  ] as const) {
    const answer = await put(up, key, body, { 'content-type': type })
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://shop.example')
    expect(await refusal(answer)).toMatchObject({ status: 415, code: 1110 })
    expect((await get(down, key)).status).toBe(404)
  }
  // Its sender calls the picture a page; it is one all the same.
  expect((await put(up, 'e', makePng(), { 'content-type': 'text/html' })).status).toBe(204)
  expect((await get(down, 'e')).headers.get('content-type')).toBe('image/png')
})

test('AST-8 a file beyond 5 MB is refused with 413, and the session goes on', async () => {
  const { up, down } = await pair()
  expect((await put(up, 'most', makePng(MAX_ASSET_BYTES))).status).toBe(204)
  expect(await refusal(await put(up, 'over', makePng(MAX_ASSET_BYTES + 1)))).toMatchObject({ status: 413, code: 1106 })
  expect((await get(down, 'most')).status).toBe(200)
  expect(house.server.counts()).toMatchObject({ sessions: 1, assetBytes: MAX_ASSET_BYTES })
})

test('AST-9 a session keeps at most 64 MB, equal files once, and frees them when it ends', async () => {
  const { customer, up, down } = await pair()
  const fits = Math.floor(MAX_SESSION_ASSET_BYTES / MAX_ASSET_BYTES)
  expect(await putMany(up, fits, (index) => makePng(MAX_ASSET_BYTES, index))).toEqual([204])
  expect(await refusal(await put(up, 'over', makePng(MAX_ASSET_BYTES, fits)))).toMatchObject({
    status: 413,
    code: 1111,
  })
  expect((await put(up, 'again', makePng(MAX_ASSET_BYTES, 1))).status).toBe(204)
  expect(house.server.counts().assetBytes).toBe(fits * MAX_ASSET_BYTES)
  expect([(await get(down, 'over')).status, (await get(down, 'again')).status]).toEqual([404, 200])
  customer.line.say({ type: 'end' })
  await customer.line.expect('ended')
  expect(house.server.counts()).toMatchObject({ sessions: 0, assetBytes: 0 })
  expect([(await get(down, 'again')).status, (await put(up, 'k', makePng())).status]).toEqual([404, 404])
})

test('AST-9 all sessions together keep no more than the server allows', async () => {
  await open({ limits: { maxAssetBytes: 100 } })
  const one = await pair()
  const other = await pair()
  expect((await put(one.up, 'k', makePng(64, 1))).status).toBe(204)
  expect(await refusal(await put(other.up, 'k', makePng(64, 2)))).toMatchObject({ status: 413, code: 1111 })
  one.customer.line.say({ type: 'end' })
  await one.customer.line.expect('ended')
  expect((await put(other.up, 'k', makePng(64, 2))).status).toBe(204)
})

test('AST-10 a session keeps at most 2,000 files', async () => {
  const { up, down } = await pair()
  expect(await putMany(up, MAX_ASSETS, (index) => makePng(64, index))).toEqual([204])
  expect(await refusal(await put(up, 'over', makePng(64, MAX_ASSETS)))).toMatchObject({ status: 413, code: 1111 })
  expect([(await get(down, 'over')).status, (await get(down, 'k1999')).status]).toEqual([404, 200])
})

test('AST-11 uploads faster than the pace are refused with 429 until time has passed', async () => {
  const { up } = await pair()
  const burst = Array.from({ length: UPLOAD_BURST }, () => put(up, 'k', '', { 'x-alongside-missing': '1' }))
  expect(new Set((await Promise.all(burst)).map(({ status }) => status))).toEqual(new Set([204]))
  const answer = await put(up, 'k2', makePng())
  expect(answer.headers.get('retry-after')).toBe('1')
  expect(await refusal(answer)).toMatchObject({ status: 429, code: 1102 })
  house.clock.advance(1_000)
  expect((await put(up, 'k2', makePng())).status).toBe(204)
})

test('AST-12 a key keeps its first file, and one that was missing takes the file that comes later', async () => {
  const { up, down } = await pair()
  await put(up, 'k', makePng(64))
  expect((await put(up, 'k', makePng(80))).status).toBe(204)
  await put(up, 'k', '', { 'x-alongside-missing': '1' })
  expect((await (await get(down, 'k')).arrayBuffer()).byteLength).toBe(64)
  await put(up, 'late', '', { 'x-alongside-missing': '1' })
  await put(up, 'late', makePng())
  expect((await get(down, 'late')).status).toBe(200)
})

test('AST-13 a page may upload from the origins of its key only', async () => {
  const preflight = (ticket: string, origin: string) =>
    fetch(at(ticket, 'k'), {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' },
    })
  const anywhere = await pair()
  const answer = await preflight(anywhere.up, 'https://any.example')
  expect(answer.status).toBe(204)
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'access-control-allow-origin': 'https://any.example',
    'access-control-allow-methods': 'PUT',
    'access-control-allow-headers': 'content-type, x-alongside-missing',
    vary: 'origin',
  })
  await open({ keys: [{ ...KEY, allowedOrigins: ['https://shop.example'] }] })
  const line = await house.line({ origin: 'https://shop.example' })
  line.say({ type: 'start', version: 1, token: await house.token(1) })
  const { assets } = await line.expect('started')
  const { line: agent } = await house.asked(line, (await line.expect('pin')).pin)
  line.say({ type: 'consent', participant: 2, granted: true })
  await agent.expect('joined')
  expect((await preflight(assets, 'https://shop.example')).status).toBe(204)
  for (const refused of [
    await preflight(assets, 'https://evil.example'),
    await put(assets, 'k', makePng(), { origin: 'https://evil.example' }),
  ]) {
    expect(refused.headers.has('access-control-allow-origin')).toBe(false)
    expect(await refusal(refused)).toMatchObject({ status: 403, code: 1109 })
  }
  expect((await put(assets, 'k', makePng())).status).toBe(204)
})

test("AST-14 an agent's page on another site may show what it gets, and only that site", async () => {
  const { line: customer, started, pin } = await house.customer()
  const agent = await house.line({ origin: 'https://help.example' })
  agent.say({ type: 'join', version: 1, token: await house.token(2, { userId: 'a1' }), pinCode: pin })
  await agent.expect('asked')
  customer.say({ type: 'consent', participant: 2, granted: true })
  const { assets } = await agent.expect('joined')
  await put(started.assets, 'k', makePng())
  expect(Object.fromEntries((await get(assets, 'k')).headers)).toMatchObject({
    'access-control-allow-origin': 'https://help.example',
    'cross-origin-resource-policy': 'cross-origin',
  })
})

test('AST-15 no log holds a ticket or a key', async () => {
  const { up, down } = await pair()
  await put(up, 'a-key-of-its-own', makePng())
  await put(up, 'a-key-of-its-own', 'a page', { 'content-type': 'image/png' })
  await get(down, 'a-key-of-its-own')
  await get('Z'.repeat(32), 'a-key-of-its-own')
  await until(() => expect(log.filter((line) => line.includes('"event":"http"')).length).toBe(4))
  const everything = log.join('')
  for (const secret of [up, down, 'Z'.repeat(32), 'a-key-of-its-own']) expect(everything).not.toContain(secret)
})
