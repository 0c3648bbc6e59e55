import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { encodeFrame } from '@alongside/protocol'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../limits.ts'
import { createTestDatabase } from '../testing/databases.ts'
import { House } from '../testing/house.ts'

let house: House
beforeEach(async () => {
  house = await House.open()
})
afterEach(() => house.close())

const TOKEN = 'a token for metrics'

const get = (path: string, headers: Record<string, string> = {}, of = house) =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const asked = request(`${of.server.origin}${path}`, { headers }, async (answer) =>
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) }),
    )
    asked.on('upgrade', ({ headers }, socket) => {
      socket.destroy()
      resolve({ status: 101, headers, body: '' })
    })
    asked.on('error', reject).end()
  })

/** The values of the metrics whose line begins with `name`. */
async function readMetric(name: string): Promise<Record<string, number>> {
  const { body } = await get('/metrics')
  const lines = body.split('\n').filter((line) => line.startsWith(`alongside_${name}`))
  return Object.fromEntries(
    lines.map((line) => [
      line.slice(`alongside_${name}`.length, line.lastIndexOf(' ')),
      Number(line.split(' ').at(-1)),
    ]),
  )
}

test('OPS-201 is ready until it stops, and says why not while sockets close', async () => {
  expect(await get('/readyz')).toMatchObject({ status: 200, body: '{"status":"ready"}' })
  const line = await house.line()
  // It does not answer the close, so the server is still waiting when it is asked.
  line.socket.pause()
  const closed = house.server.close()
  const answer = await get('/readyz')
  expect(answer).toMatchObject({ status: 503, headers: { 'cache-control': 'no-store' } })
  expect(JSON.parse(answer.body)).toEqual({ status: 'not ready', reason: 'The server is stopping.' })
  expect((await get('/healthz')).status).toBe(200)
  line.socket.resume()
  await closed
})

test('OPS-213 is not ready while its database cannot be read', async () => {
  const database = await createTestDatabase('PostgreSQL')
  const other = await House.open({ databaseUrl: database.url })
  expect((await get('/readyz', {}, other)).status).toBe(200)
  // What is still to be written would be the first to find the database gone.
  await other.server.history.flush()
  await database.remove()
  const answers = await Promise.all(Array.from({ length: 20 }, () => get('/readyz', {}, other)))
  for (const { status, body } of answers) {
    expect(status).toBe(503)
    expect(JSON.parse(body)).toEqual({ status: 'not ready', reason: 'The database cannot be read.' })
  }
  expect((await get('/healthz', {}, other)).status).toBe(200)
  await other.close()
})

test('OPS-214 refuses sockets with 503 while it stops', async () => {
  const line = await house.line()
  line.socket.pause()
  const closed = house.server.close()
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  }
  const { status } = await get('/socket', headers)
  line.socket.resume()
  await closed
  expect(status).toBe(503)
})

test('OPS-202 counts sessions, sockets, frames, refusals and requests', async () => {
  const { customer, agent } = await house.pair()
  await house.customer()
  customer.line.socket.send(encodeFrame({ kind: 'content', flags: 0, peer: 2, sequence: 1 }, Buffer.alloc(92)))
  await agent.line.expectFrame()
  customer.line.socket.send(encodeFrame({ kind: 'content', flags: 0, peer: 9, sequence: 1 }))
  await customer.line.settle()
  await (await house.join('000000')).expect('error')
  await get('/healthz?token=private')
  await get('/private-path')
  expect(await readMetric('sessions{')).toMatchObject({ 'state="waiting"}': 1, 'state="live"}': 1 })
  expect(await readMetric('sessions_started_total')).toEqual({ '': 2 })
  expect(await readMetric('frames_total')).toEqual({ '': 1 })
  expect(await readMetric('frame_bytes_total')).toEqual({ '': 100 })
  expect(await readMetric('frames_dropped_total')).toEqual({ '': 1 })
  expect(await readMetric('refusals_total')).toEqual({ '{code="1006"}': 1 })
  expect(await readMetric('http_request_duration_seconds_count')).toMatchObject({
    '{method="GET",route="/healthz",status="200"}': 1,
    '{method="any",route="none",status="404"}': 1,
  })
  customer.line.say({ type: 'end' })
  await agent.line.expect('ended')
  expect(await readMetric('sessions_ended_total')).toEqual({ '{reason="customer_ended"}': 1 })
  const { body, headers } = await get('/metrics')
  expect(headers['content-type']).toMatch(/^text\/plain; .*version=0\.0\.4/)
  expect(body).toContain('process_resident_memory_bytes')
  // One description of each, as the format asks, although two registries make the text.
  const names = [...body.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1])
  expect(new Set(names).size).toBe(names.length)
  for (const secret of ['shop', 'private', customer.pin]) expect(body).not.toContain(secret)
})

test('OPS-203 shows metrics to this machine only, and to no page or proxy on it', async () => {
  expect((await get('/metrics')).status).toBe(200)
  expect((await get('/metrics', { host: 'localhost:4000' })).status).toBe(200)
  for (const headers of [
    { 'x-forwarded-for': '127.0.0.1' },
    { forwarded: 'for=127.0.0.1' },
    { via: '1.1 proxy' },
    { 'x-real-ip': '127.0.0.1' },
    { host: 'rebound.example' },
    { host: '127.0.0.1.rebound.example' },
    { authorization: 'Bearer undefined', host: 'rebound.example' },
  ] as Record<string, string>[]) {
    expect(await get('/metrics', headers)).toMatchObject({
      status: 403,
      body: expect.stringContaining('METRICS_TOKEN'),
    })
  }
})

test('OPS-204 shows metrics to the bearer of the token, from anywhere', async () => {
  const guarded = await House.open({ metricsToken: TOKEN })
  const ask = (headers: Record<string, string>) => get('/metrics', headers, guarded)
  expect((await ask({ authorization: `Bearer ${TOKEN}`, host: 'metrics.example', via: '1.1 proxy' })).status).toBe(200)
  for (const authorization of [
    '',
    'Bearer ',
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(0, -1)}`,
    TOKEN,
    `Basic ${TOKEN}`,
  ]) {
    expect((await ask({ authorization })).status).toBe(401)
  }
  expect((await ask({})).status).toBe(401)
  await guarded.close()
})

test('OPS-205 logs one line for a request, by its route and without what the address holds', async () => {
  const lines: string[] = []
  const stream = { write: (line: string) => void lines.push(line) }
  const other = await House.open({ log: pino({ level: 'debug' }, stream) })
  await get(`/desk?access_token=private-token`, { authorization: 'Bearer private-bearer' }, other)
  await get('/v2/cobrowsesdk/live_sessions?session_pin=private-pin', { authorization: 'Bearer private-bearer' }, other)
  await get('/private-path', { 'user-agent': 'private-agent' }, other)
  await expect.poll(() => lines.filter((line) => line.includes('"http"'))).toHaveLength(3)
  expect(lines.join('')).not.toContain('private')
  expect(JSON.parse(lines.find((line) => line.includes('/desk')) ?? '')).toMatchObject({
    event: 'http',
    method: 'GET',
    route: '/desk',
    status: 401,
    ms: expect.any(Number),
  })
  await other.close()
})

test('OPS-206 refuses with 429 and the seconds to wait what one address asks for too often', async () => {
  const http = { apiPerKey: 9, refusedPerAddress: 9, pagesPerAddress: 2, filesPerAddress: 3 }
  const small = await House.open({ limits: { http }, trustedProxies: ['127.0.0.1'] })
  try {
    const from = (address: string, path: string) => get(path, { 'x-forwarded-for': address }, small)
    for (const status of [401, 401, 429]) expect((await from('192.0.2.1', '/desk')).status).toBe(status)
    for (const status of [200, 404, 200, 429]) {
      const path = status === 404 ? '/nothing' : '/replica'
      expect((await from('192.0.2.1', path)).status).toBe(status)
    }
    const refused = await from('192.0.2.1', '/sdkapi/zcb/frame-templates/desk?access_token=x')
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '30', 'cache-control': 'no-store' } })
    expect(JSON.parse(refused.body)).toEqual({ code: 429, message: 'Too many requests. Try again in 30 s.' })
    // Others are served, and probes are not counted.
    expect((await from('192.0.2.2', '/desk')).status).toBe(401)
    for (let i = 0; i < 5; i++) expect((await from('192.0.2.1', '/healthz')).status).toBe(200)
    small.clock.advance(60_000)
    expect((await from('192.0.2.1', '/desk')).status).toBe(401)
  } finally {
    await small.close()
  }
})

test('OPS-212 counts a socket by the address that a trusted proxy names', async () => {
  const attempts = { ...DEFAULT_LIMITS.attempts, perAddress: 1 }
  const behind = await House.open({ limits: { attempts }, trustedProxies: ['127.0.0.1'] })
  const direct = await House.open({ limits: { attempts } })
  const tryPin = async (of: House, forwarded: string) => {
    const line = await of.line({ headers: { 'x-forwarded-for': forwarded } })
    const userId = `a${Math.floor(Number(forwarded.at(-1)))}`
    line.say({ type: 'join', version: 1, token: await of.token(2, { userId }), pinCode: '000000' })
    return (await line.expect('error')).code
  }
  expect(await tryPin(behind, '203.0.113.1')).toBe(1006)
  expect(await tryPin(behind, '203.0.113.2')).toBe(1006)
  expect(await tryPin(behind, '203.0.113.9, 203.0.113.1')).toBe(1102)
  expect(await tryPin(direct, '203.0.113.1')).toBe(1006)
  expect(await tryPin(direct, '203.0.113.2')).toBe(1102)
  await behind.close()
  await direct.close()
})
