import { ASSET_WAIT_MS, MAX_ASSET_BYTES, MAX_ASSETS } from '@alongside/protocol'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ManualClock } from '../../server/testing/manual-clock.ts'
import { makePng, SVG } from '../../server/testing/pictures.ts'
import { Assets } from './assets.ts'

const SERVER = 'https://server.example'

/** A request that the test answers. */
interface Asked {
  url: string
  init: RequestInit
  answer(response: Response): void
  fail(): void
}

let clock: ManualClock
let assets: Assets
let asked: Asked[]
const onUnhandled = vi.fn()

beforeEach(() => {
  clock = new ManualClock()
  asked = []
  assets = new Assets({
    origin: SERVER,
    clock: { now: () => clock.now(), after: (ms, run) => clock.after(ms, run) },
    fetch: (url, init = {}) =>
      new Promise((resolve, reject) => {
        init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
        asked.push({ url: String(url), init, answer: resolve, fail: () => reject(new TypeError('Failed to fetch')) })
      }),
  })
  assets.use('ticket', 'store')
  process.on('unhandledRejection', onUnhandled)
})

afterEach(async () => {
  assets.close()
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', onUnhandled)
  expect(onUnhandled).not.toHaveBeenCalled()
  clock.advance(0)
  expect(clock.pending).toBe(0)
})

const file = (body: BodyInit, type = 'image/png') => new Response(body, { headers: { 'content-type': type } })

/** The next request, which must be for that address. */
async function next(url: string): Promise<Asked> {
  clock.advance(0)
  await expect.poll(() => asked.map((each) => each.url)).toContain(url)
  return asked.splice(
    asked.findIndex((each) => each.url === url),
    1,
  )[0]!
}

const upload = (key: string | undefined) => next(`${SERVER}/assets/ticket/${key}`)
const quiet = async () => {
  clock.advance(0)
  await new Promise((resolve) => setImmediate(resolve))
  return asked.map(({ url }) => url)
}

test('AST-20 the same address has the same key, and nobody can guess it', async () => {
  const key = assets.key('https://shop.example/a.png')
  expect(key).toMatch(/^[\w-]{24,64}$/)
  expect(assets.key('https://shop.example/a.png')).toBe(key)
  expect(assets.key('https://shop.example/b.png')).not.toBe(key)
  const other = new Assets({ origin: SERVER, clock: { now: () => 0, after: () => () => {} } })
  expect(other.key('https://shop.example/a.png')?.slice(0, 24)).not.toBe(key?.slice(0, 24))
  for (let index = 2; index < MAX_ASSETS; index++) assets.key(`https://shop.example/${index}`)
  expect(assets.key('https://shop.example/too-many')).toBe(undefined)
  expect(assets.key('https://shop.example/a.png')).toBe(key)
})

test("AST-21 a file is read once, with the cookies of the page's own origin only, and brought", async () => {
  assets.open()
  const key = assets.key('https://shop.example/a.png')
  const read = await next('https://shop.example/a.png')
  expect(read.init).toMatchObject({ credentials: 'same-origin', cache: 'force-cache' })
  expect(read.init.mode).toBe(undefined)
  read.answer(file(makePng()))
  const { init, answer } = await upload(key)
  expect(init).toMatchObject({ method: 'PUT', mode: 'cors', credentials: 'omit', referrerPolicy: 'no-referrer' })
  expect(Buffer.from(init.body as Uint8Array)).toEqual(makePng())
  answer(new Response(null, { status: 204 }))
  assets.key('https://shop.example/a.png')
  expect(await quiet()).toEqual([])
})

test.each([
  ['is of another origin that does not share it', undefined],
  ['is not there', new Response('', { status: 404, headers: { 'content-type': 'image/png' } })],
  ['is a page', file(makePng(), 'text/html')],
  ['calls itself a picture and is none', file('<!doctype html>', 'image/png')],
  ['is bytes of any kind', file('secret', 'application/octet-stream')],
  ['is an SVG of no type', file(SVG, 'application/octet-stream')],
  ['is larger than 5 MB', file(makePng(MAX_ASSET_BYTES + 1))],
])('AST-22 a file that %s is told as missing', async (_name, response) => {
  assets.open()
  const key = assets.key('https://other.example/a.png')
  const read = await next('https://other.example/a.png')
  if (response) read.answer(response)
  else read.fail()
  const { init, answer } = await upload(key)
  expect(init).toMatchObject({ method: 'PUT', headers: { 'x-alongside-missing': '1' } })
  expect(init.body).toBe(undefined)
  answer(new Response(null, { status: 204 }))
})

test.each([
  ['image/svg+xml; charset=utf-8', SVG],
  ['application/font-woff2', Buffer.from('wOF2....')],
  ['application/octet-stream', Buffer.from('wOF2....')],
  ['image/jpeg', makePng()],
])('AST-22 a file of type %s is brought', async (type, body) => {
  assets.open()
  const key = assets.key('https://shop.example/a')
  ;(await next('https://shop.example/a')).answer(file(new Uint8Array(body), type))
  const { init, answer } = await upload(key)
  expect(Buffer.from(init.body as Uint8Array)).toEqual(Buffer.from(body))
  answer(new Response(null, { status: 204 }))
})

test('AST-22 a file that takes too long to read is told as missing before the agent gives up', async () => {
  assets.open()
  const key = assets.key('https://shop.example/stream')
  const read = await next('https://shop.example/stream')
  clock.advance(ASSET_WAIT_MS - 1)
  expect(read.init.signal?.aborted).toBe(true)
  const { init, answer } = await upload(key)
  expect(init.headers).toEqual({ 'x-alongside-missing': '1' })
  answer(new Response(null, { status: 204 }))
})

test('AST-23 at most four files are under way', async () => {
  assets.open()
  const addresses = Array.from({ length: 6 }, (_, index) => `https://shop.example/${index}.png`)
  const keys = addresses.map(assets.key)
  expect(await quiet()).toEqual(addresses.slice(0, 4))
  ;(await next(addresses[1]!)).answer(file(makePng()))
  const { answer } = await upload(keys[1])
  expect(asked.length).toBe(3)
  answer(new Response(null, { status: 204 }))
  await next(addresses[4]!)
  expect(asked.length).toBe(3)
})

test('AST-24 nothing is read before an agent looks and after nobody does; what was broken off is brought when one does', async () => {
  const key = assets.key('https://shop.example/a.png')
  const second = assets.key('https://shop.example/b.png')
  expect(await quiet()).toEqual([])
  assets.open()
  ;(await next('https://shop.example/a.png')).answer(file(makePng()))
  const broken = await upload(key)
  const reading = await next('https://shop.example/b.png')
  assets.close()
  expect([broken.init.signal?.aborted, reading.init.signal?.aborted]).toEqual([true, true])
  assets.key('https://shop.example/c.png')
  expect(await quiet()).toEqual([])
  assets.use('next', 'store')
  assets.open()
  ;(await next('https://shop.example/b.png')).answer(file(makePng()))
  ;(await next('https://shop.example/a.png')).answer(file(makePng()))
  ;(await next(`${SERVER}/assets/next/${key}`)).answer(new Response(null, { status: 204 }))
  ;(await next(`${SERVER}/assets/next/${second}`)).answer(new Response(null, { status: 204 }))
  await next('https://shop.example/c.png')
})

test('SES-132 what new streams name is brought again to a store that the page does not know, under the same keys', async () => {
  assets.open()
  const bring = async (address: string) => {
    const key = assets.key(address)
    ;(await next(address)).answer(file(makePng()))
    ;(await upload(key)).answer(new Response(null, { status: 204 }))
    return key
  }
  const key = await bring('https://shop.example/a.png')
  await bring('https://shop.example/gone.png')
  assets.use('ticket', 'store')
  assets.key('https://shop.example/a.png')
  expect(await quiet()).toEqual([])
  assets.use('ticket', 'another')
  expect(await quiet()).toEqual([])
  expect(await bring('https://shop.example/a.png')).toBe(key)
  expect(await quiet()).toEqual([])
})

test.each([
  ['the line fails', (request: Asked) => request.fail()],
  ['the server is busy', (request: Asked) => request.answer(new Response(null, { status: 429 }))],
])('AST-25 an upload is tried once more when %s', async (_name, refuse) => {
  assets.open()
  const key = assets.key('https://shop.example/a.png')
  ;(await next('https://shop.example/a.png')).answer(file(makePng()))
  refuse(await upload(key))
  expect(await quiet()).toEqual([])
  clock.advance(1_000)
  refuse(await upload(key))
  expect(await quiet()).toEqual([])
  clock.advance(60_000)
  expect(await quiet()).toEqual([])
})

test('AST-25 an upload that the server refuses for what it is is not tried again', async () => {
  assets.open()
  const key = assets.key('https://shop.example/a.png')
  ;(await next('https://shop.example/a.png')).answer(file(makePng()))
  ;(await upload(key)).answer(new Response('{}', { status: 415 }))
  expect(await quiet()).toEqual([])
  clock.advance(60_000)
  expect(await quiet()).toEqual([])
})
