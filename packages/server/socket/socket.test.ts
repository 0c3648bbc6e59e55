import { once } from 'node:events'
import { connect } from 'node:net'
import { Writable } from 'node:stream'
import {
  encodeFrame,
  HELLO_TIMEOUT_MS,
  MAX_CONTROL_BYTES,
  MAX_FRAME_BYTES,
  PING_INTERVAL_MS,
  PROTOCOL_VERSION,
} from '@alongside/protocol'
import { type Logger, pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../limits.ts'
import { House, KEY } from '../testing/house.ts'
import type { Line } from '../testing/line.ts'

let house: House
let logged: string[]
let log: Logger
beforeEach(async () => {
  logged = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk))
      done()
    },
  })
  log = pino({ level: 'debug' }, sink)
  house = await House.open({ log })
})
afterEach(() => house.close())

async function expectRefused(line: Line, code: number, close: number): Promise<void> {
  expect(await line.expect('error')).toEqual({ type: 'error', code })
  expect(await line.expectClosed()).toBe(close)
}

const resume = { type: 'resume', version: PROTOCOL_VERSION, sessionId: 'A'.repeat(22), secret: 'A'.repeat(48) }

test.each([
  ['no JSON', '{'],
  ['no object', '7'],
  ['null', 'null'],
  ['no type', '{}'],
  ['an unknown type', '{"type":"hello","version":1}'],
  ['a later message first', '{"type":"end"}'],
  ['an unknown field', JSON.stringify({ ...resume, extra: 1 })],
  ['a field of the wrong type', JSON.stringify({ ...resume, secret: 7 })],
  ['no version', JSON.stringify({ ...resume, version: undefined })],
  ['a name of the language', '{"type":"__proto__","version":1}'],
  ['deep nesting', '['.repeat(8_000)],
])('CON-101 refuses as first message with 1105: %s', async (_name, text) => {
  const line = await house.line()
  line.socket.send(text)
  await expectRefused(line, 1105, 4400)
  expect(logged.filter((entry) => entry.includes('peer refused'))).toHaveLength(1)
})

test('CON-102 refuses another version with 1011, whatever else the message holds', async () => {
  const line = await house.line()
  line.say({ type: 'start', version: PROTOCOL_VERSION + 1, credentials: 'x' })
  await expectRefused(line, 1011, 4410)
})

test('CON-103 refuses a frame before admission with 1105', async () => {
  const line = await house.line()
  line.socket.send(encodeFrame({ kind: 'content', flags: 0, peer: 2, sequence: 1 }))
  await expectRefused(line, 1105, 4400)
})

test.each([
  ['an empty frame', Buffer.alloc(0)],
  ['a frame shorter than its header', Buffer.from([1, 0, 0, 2, 0, 0, 0])],
  ['an unknown kind', Buffer.from([9, 0, 0, 2, 0, 0, 0, 1])],
  ['an unknown flag', Buffer.from([1, 2, 0, 2, 0, 0, 0, 1])],
  ['no JSON', '{'],
  ['a message of the other role', '{"type":"leave"}'],
  ['a second start', JSON.stringify(resume)],
  ['a consent for the customer', '{"type":"consent","participant":1,"granted":true}'],
])('CON-104 refuses later with 1105, and lets the session go on: %s', async (_name, data) => {
  const { customer, agent } = await house.pair()
  customer.line.socket.send(data)
  await expectRefused(customer.line, 1105, 4400)
  expect(await agent.line.expect('customer_connection')).toMatchObject({ connected: false })
  const back = await house.resume(customer.started.sessionId, customer.started.secret)
  await back.expect('resumed')
})

test('CON-105 refuses a control message beyond its limit with 1106, before and after admission', async () => {
  const { line } = await house.customer()
  line.socket.send(`{"type":"end"${' '.repeat(MAX_CONTROL_BYTES)}}`)
  await expectRefused(line, 1106, 4413)
  const silent = await house.line()
  silent.socket.send(' '.repeat(MAX_CONTROL_BYTES + 1))
  await expectRefused(silent, 1106, 4413)
})

test('CON-106 does not take in a large message of a peer that was not admitted', async () => {
  const line = await house.line()
  // Never finished: the server has to act on what it received so far.
  line.socket.send(Buffer.alloc(6 * MAX_CONTROL_BYTES), { fin: false })
  await expectRefused(line, 1106, 4413)
})

test('CON-107 closes with 1009 on a frame beyond its limit', async () => {
  const { customer, agent } = await house.pair()
  customer.line.socket.send(Buffer.alloc(MAX_FRAME_BYTES + 1))
  expect(await customer.line.expectClosed()).toBe(1009)
  expect(await agent.line.expect('customer_connection')).toMatchObject({ connected: false })
})

test('CON-108 survives a flood of messages from one peer, and serves the others', async () => {
  const { customer, agent } = await house.pair()
  const flood = await house.customer()
  for (let n = 0; n < 20_000; n++) flood.line.say({ type: 'pause', paused: n % 2 === 0 })
  customer.line.socket.send(encodeFrame({ kind: 'content', flags: 0, peer: 2, sequence: 1 }))
  await agent.line.expectFrame()
  expect(await flood.line.expect('error')).toMatchObject({ code: 1102 })
  expect(await flood.line.expectClosed()).toBe(4429)
})

test('CON-108 gives one customer so many PINs only, so that a flood leaves room for what is written of others', async () => {
  const { line, pin } = await house.customer()
  for (let n = 0; n < 500; n++) line.say({ type: 'new_pin' })
  await line.settle()
  expect(house.server.history.queue.waiting).toBeLessThan(100)
  const pins = line.inbox.flatMap((message) => ('type' in message && message.type === 'pin' ? [message.pin] : []))
  expect(new Set([pin, ...pins]).size).toBe(21)
  expect(line.inbox).toContainEqual({ type: 'error', code: 1102, retryAfter: 15 })
  house.clock.advance(15_000)
  while (line.inbox.length) await line.next()
  line.say({ type: 'new_pin' })
  await line.expect('pin')
})

test('CON-109 closes silent sockets when their time is over, takes only so many of an address, and serves others', async () => {
  await house.close()
  house = await House.open({ trustedProxies: ['127.0.0.1'], log })
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })
  const { silentPerAddress } = DEFAULT_LIMITS.sockets
  const lines = await Promise.all(Array.from({ length: silentPerAddress }, () => house.line(from('192.0.2.1'))))
  const refusals = Array.from({ length: 1_000 - silentPerAddress }, () => house.refusedUpgrade(from('192.0.2.1')))
  expect(new Set(await Promise.all(refusals))).toEqual(new Set(['429 10']))
  expect(logged.filter((entry) => entry.includes('sockets refused'))).toHaveLength(1)
  const other = await house.line(from('192.0.2.2'))
  other.say({ type: 'start', version: PROTOCOL_VERSION, token: await house.token(1) })
  await other.expect('started')
  await other.expect('pin')
  house.clock.advance(HELLO_TIMEOUT_MS)
  await Promise.all(lines.map((silent) => expectRefused(silent, 1105, 4400)))
  await other.settle()
  expect(other.inbox).toEqual([])
  expect(house.server.counts().sockets).toBe(1)
  await house.line(from('192.0.2.1'))
})

test('CON-120 has room for so many sockets of an address; who said hello leaves the silent ones’ room', async () => {
  await house.close()
  house = await House.open({ limits: { sockets: { ...DEFAULT_LIMITS.sockets, perAddress: 4, silentPerAddress: 2 } } })
  const first = await house.customer()
  const second = await house.customer()
  await house.line()
  await house.line()
  expect(await house.refusedUpgrade()).toBe('429 10')
  first.line.say({ type: 'end' })
  await first.line.expect('ended')
  await first.line.expectClosed()
  // Full of silent ones still.
  expect(await house.refusedUpgrade()).toBe('429 10')
  house.clock.advance(HELLO_TIMEOUT_MS)
  await expect.poll(() => house.server.counts().sockets).toBe(1)
  const third = await house.customer()
  await second.line.settle()
  expect([...second.line.inbox, ...third.line.inbox]).toEqual([])
})

test('CON-110 cuts a peer that answers no ping, and keeps one that does', async () => {
  await house.close()
  house = await House.open({ limits: { pingIntervalMs: PING_INTERVAL_MS } })
  const alive = await house.line()
  const dead = await house.line({ autoPong: false })
  for (const line of [alive, dead]) {
    line.say({ type: 'start', version: PROTOCOL_VERSION, token: await house.token(1) })
    await line.expect('started')
    await line.expect('pin')
  }
  house.clock.advance(PING_INTERVAL_MS)
  await alive.settle()
  house.clock.advance(PING_INTERVAL_MS)
  expect(await dead.expectClosed()).toBe(1006)
  await alive.settle()
})

test('CON-111 starts and resumes sessions only for the origins on the list of the key', async () => {
  await house.close()
  const origin = 'https://shop.example'
  house = await House.open({ keys: [{ ...KEY, allowedOrigins: [origin] }] })
  const start = { type: 'start', version: PROTOCOL_VERSION, token: await house.token(1) }
  for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { origin: `${origin}.evil` }, {}]) {
    const line = await house.line({ headers })
    line.say(start)
    await expectRefused(line, 1109, 4403)
  }
  const line = await house.line({ headers: { origin } })
  line.say(start)
  const { sessionId, secret } = await line.expect('started')
  await expectRefused(await house.resume(sessionId, secret, { origin: 'https://evil.example' }), 1109, 4403)
  const back = await house.resume(sessionId, secret, { origin })
  await back.expect('resumed')
})

test('CON-112 answers an upgrade of any other path with 404', async () => {
  for (const path of ['/', '/socket/', '/socketx', '/desk']) {
    const socket = connect(house.server.port, '127.0.0.1')
    socket.write(
      `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    )
    const [data] = await once(socket, 'data')
    expect(String(data)).toMatch(/^HTTP\/1.1 404 /)
    socket.destroy()
  }
})

test('LIM-55 who is refused an upgrade, keeps its side open and goes on sending is cut', async () => {
  const socket = connect({ port: house.server.port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => {})
  socket.write('GET /elsewhere HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n')
  await once(socket, 'data')
  while (!socket.destroyed) await new Promise((resolve) => socket.write(Buffer.alloc(64 * 1024), resolve))
})

test('OPS-101 logs each step of a session once, with ids, and never a token, PIN, secret or name', async () => {
  const { customer, agent } = await house.pair()
  customer.line.say({ type: 'end' })
  await agent.line.expect('ended')
  const wrong = await house.join('ZZZZZZ')
  await wrong.expect('error')
  await wrong.expectClosed()
  const token = await house.token(2)
  await fetch(`${house.server.origin}/desk?access_token=${token}`)
  const text = logged.join('')
  const events = logged.map((entry) => JSON.parse(entry).event)
  expect(events).toEqual(['session started', 'agent asked', 'agent joined', 'session ended', 'peer refused', 'http'])
  for (const secret of [
    token,
    token.slice(-20),
    customer.pin,
    customer.started.secret,
    agent.asked.secret,
    'ZZZZZZ',
    'Cora',
    'Agent a1',
  ]) {
    expect(text).not.toContain(secret)
  }
})
