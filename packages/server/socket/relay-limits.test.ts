import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import {
  CONTROLS_PER_MINUTE,
  encodeFrame,
  FRAMES_PER_SECOND,
  type FrameKind,
  HEADER_BYTES,
  MAX_CONTROL_BYTES,
  MAX_FRAME_BYTES,
  MAX_GESTURE_BYTES,
  PINGS_PER_MINUTE,
  PROTOCOL_VERSION,
  RESTARTS_PER_MINUTE,
} from '@alongside/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../limits.ts'
import { createLog } from '../log.ts'
import { ApiCaller } from '../testing/api-caller.ts'
import { House } from '../testing/house.ts'
import type { Line } from '../testing/line.ts'

let house: House
beforeEach(async () => {
  house = await House.open()
})
afterEach(() => house.close())

const frame = (kind: FrameKind, peer: number, sequence = 1) => encodeFrame({ kind, flags: 0, peer, sequence })

async function expectRefused(line: Line, code: number, close: number): Promise<void> {
  expect(await line.expect('error')).toMatchObject({ code })
  expect(await line.expectClosed()).toBe(close)
}

/** A pair that stands by sees nothing of what others do, and is served. */
async function expectServed({ customer, agent }: Awaited<ReturnType<House['pair']>>): Promise<void> {
  customer.line.socket.send(frame('content', 2))
  expect(await agent.line.expectFrame()).toEqual(Buffer.from(frame('content', 1)))
  expect([...customer.line.inbox, ...agent.line.inbox]).toEqual([])
}

test('LIM-1 a flood of control messages ends the socket of whoever sends it with 1102, and nobody else notices', async () => {
  const bystanders = await house.pair()
  const { customer, agent } = await house.pair()
  // It has said `join`.
  for (let n = 1; n < CONTROLS_PER_MINUTE; n++) agent.line.say({ type: 'assist_release' })
  await agent.line.settle()
  expect(agent.line.inbox).toEqual([])
  agent.line.say({ type: 'assist_release' })
  await expectRefused(agent.line, 1102, 4429)
  expect(await customer.line.expect('agent_connection')).toMatchObject({ connected: false })
  const back = await house.resume(agent.asked.sessionId, agent.asked.secret)
  await back.expect('resumed')
  await expectServed(bystanders)
})

test('LIM-1 the room for control messages comes back with time', async () => {
  const { line } = await house.customer()
  for (let n = 1; n < CONTROLS_PER_MINUTE; n++) line.say({ type: 'focus', focused: true })
  await line.settle()
  house.clock.advance(1_000)
  for (let n = 0; n < CONTROLS_PER_MINUTE / 60; n++) line.say({ type: 'focus', focused: true })
  await line.settle()
  expect(line.inbox).toEqual([])
  line.say({ type: 'focus', focused: true })
  await expectRefused(line, 1102, 4429)
})

test.each(['agent', 'customer'] as const)(
  'LIM-2 a flood of frames ends the socket of the %s with 1102',
  async (who) => {
    const bystanders = await house.pair()
    const { customer, agent } = await house.pair()
    const { line } = who === 'agent' ? agent : customer
    // To nobody.
    const bytes = frame(who === 'agent' ? 'ack' : 'content', 77)
    // The customer is sent what its agent acknowledges.
    for (let n = 0; n < FRAMES_PER_SECOND; n++) line.socket.send(bytes)
    await line.settle()
    expect(line.inbox).toEqual([])
    line.socket.send(bytes)
    await expectRefused(line, 1102, 4429)
    await expectServed(bystanders)
  },
)

test('LIM-3 the relay passes so many restarts of an agent in a minute; acknowledgements pass', async () => {
  const { customer, agent } = await house.pair()
  for (let n = 0; n < 200; n++) agent.line.socket.send(frame('restart', 1))
  await agent.line.settle()
  await customer.line.settle()
  expect(customer.line.inbox).toHaveLength(RESTARTS_PER_MINUTE)
  house.clock.advance(60_000 / RESTARTS_PER_MINUTE)
  for (let n = 0; n < 2; n++) agent.line.socket.send(frame('restart', 1))
  agent.line.socket.send(frame('ack', 1, 7))
  await agent.line.settle()
  await customer.line.settle()
  expect(customer.line.inbox.slice(RESTARTS_PER_MINUTE)).toEqual(
    [frame('restart', 2), frame('ack', 2, 7)].map((bytes) => Buffer.from(bytes)),
  )
})

/** A message that has begun and does not end. */
const begin = (line: Line, bytes: number) => line.socket.send(Buffer.alloc(bytes), { fin: false })

/** Where what a browser would never send is written. */
const streamOf = ({ socket }: Line) => (socket as unknown as { _socket: Socket })._socket

/** One short frame of a WebSocket as a client masks it. */
const masked = (head: number, payload: Uint8Array) =>
  Buffer.concat([Buffer.from([head, 0x80 | payload.length, 0, 0, 0, 0]), payload])

const repeat = (bytes: Buffer, times: number) => Buffer.concat(Array.from({ length: times }, () => bytes))

test('LIM-5 an agent cannot make the server take in a large frame, a customer can', async () => {
  const { customer, agent } = await house.pair()
  begin(customer.line, 6 * MAX_GESTURE_BYTES)
  await customer.line.settle()
  expect(customer.line.inbox).toEqual([])
  begin(agent.line, 6 * MAX_GESTURE_BYTES)
  await expectRefused(agent.line, 1106, 4413)
})

test('LIM-6 what an address holds of frames that are not whole is bounded: who holds most is refused, its neighbours go on', async () => {
  await house.close()
  const sockets = { ...DEFAULT_LIMITS.sockets, partialBytesPerAddress: 1024 * 1024 }
  house = await House.open({ trustedProxies: ['127.0.0.1'], limits: { sockets } })
  const customer = async (address: string) => {
    const line = await house.line({ headers: { 'x-forwarded-for': address } })
    line.say({ type: 'start', version: PROTOCOL_VERSION, token: await house.token(1) })
    await line.expect('started')
    await line.expect('pin')
    return line
  }
  const [first, second, third] = [await customer('192.0.2.1'), await customer('192.0.2.1'), await customer('192.0.2.1')]
  const other = await customer('192.0.2.2')
  begin(first, 700_000)
  await first.settle()
  begin(second, 400_000)
  await expectRefused(first, 1106, 4413)
  begin(other, 700_000)
  begin(third, 500_000)
  for (const line of [second, third, other]) {
    await line.settle()
    expect(line.inbox).toEqual([])
  }
})

test('LIM-7 an address opens so many sockets in a minute, also when it closes them again', async () => {
  await house.close()
  const sockets = { ...DEFAULT_LIMITS.sockets, opensPerAddress: 30 }
  house = await House.open({ trustedProxies: ['127.0.0.1'], limits: { sockets } })
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })
  for (let n = 0; n < 30; n++) await (await house.line(from('192.0.2.1'))).close()
  expect(await house.refusedUpgrade(from('192.0.2.1'))).toBe('429 10')
  await house.line(from('192.0.2.2'))
  house.clock.advance(2_000)
  await house.line(from('192.0.2.1'))
  expect(await house.refusedUpgrade(from('192.0.2.1'))).toBe('429 10')
})

test('LIM-8 a head that does not end, and a connection that says nothing, are cut off; others are served', async () => {
  await house.close()
  house = await House.open({ limits: { headersTimeoutMs: 1_000 } })
  const open = async (said: string) => {
    const socket = connect(house.server.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.on('error', () => {})
    socket.write(said)
    let heard = ''
    socket.on('data', (bytes) => {
      heard += String(bytes)
    })
    return async () => {
      await once(socket, 'close')
      return heard.split('\r\n')[0]
    }
  }
  const slow = await Promise.all(
    ['', 'GET /socket HTTP/1.1\r\nHost: a\r\nX-Slow: '].flatMap((said) => Array.from({ length: 15 }, () => open(said))),
  )
  expect((await fetch(`${house.server.origin}/healthz`)).status).toBe(200)
  expect(new Set(await Promise.all(slow.map((closed) => closed())))).toEqual(new Set(['HTTP/1.1 408 Request Timeout']))
})

test('LIM-9 no compression is agreed on, what claims to be compressed is refused, and nothing is inflated here', async () => {
  const line = await house.line({ perMessageDeflate: true })
  expect(line.socket.extensions).toBe('')
  const { customer } = await house.pair()
  // The head of a text message of one byte with the bit of compression set, as a client masks it.
  streamOf(customer.line).write(Buffer.from([0xc1, 0x81, 0, 0, 0, 0, 0x20]))
  expect(await customer.line.expectClosed()).toBe(1002)
  const api = new ApiCaller(house)
  const bomb = gzipSync(Buffer.alloc(10 * 1024 * 1024, ' '))
  const answer = await fetch(`${house.server.origin}/v2/alongside/settings`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${await api.token()}`,
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    },
    body: bomb,
  })
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.status).toBeLessThan(500)
})

test('LIM-10 a message of more fragments than any browser sends closes its socket with 1008', async () => {
  const bystanders = await house.pair()
  const { line } = await house.customer()
  for (let n = 0; n < 2_000; n++) line.socket.send(Buffer.alloc(1), { fin: false })
  expect(await line.expectClosed()).toBe(1008)
  await expectServed(bystanders)
})

test('LIM-11 JSON that is nested as deep as a message allows is refused with 1105', async () => {
  const deep = (open: string, close: string) => {
    const levels = Math.floor((MAX_CONTROL_BYTES - 300) / (open.length + close.length))
    return open.repeat(levels) + close.repeat(levels)
  }
  const start = (customData: string) =>
    `{"type":"start_device","version":1,"sdkKey":"shop","deviceId":"device-1","customData":${customData}}`
  for (const text of [deep('[', ']'), start(deep('[', ']')), start(deep('{"a":', '}').replace('}', '1}'))]) {
    const line = await house.line()
    line.socket.send(text)
    await expectRefused(line, 1105, 4400)
  }
})

test.each([
  ['pings', 0x89],
  ['pongs', 0x8a],
])('LIM-40 a flood of %s ends the socket of whoever sends it with 1102', async (_name, head) => {
  const bystanders = await house.pair()
  const { line } = await house.customer()
  streamOf(line).write(repeat(masked(head, Buffer.alloc(0)), PINGS_PER_MINUTE - 1))
  await line.settle()
  expect(line.inbox).toEqual([])
  streamOf(line).write(masked(head, Buffer.alloc(0)))
  await expectRefused(line, 1102, 4429)
  await expectServed(bystanders)
})

test('LIM-41 a peer that pings and does not read the answers is cut before they become many', async () => {
  const { customer, agent } = await house.pair()
  streamOf(customer.line).pause()
  const pings = repeat(masked(0x89, Buffer.alloc(125)), 2_000)
  const heard: (string | undefined)[] = []
  for (let round = 0; round < 200 && !heard.includes('customer_connection'); round++) {
    house.clock.advance(60_000)
    streamOf(customer.line).write(pings)
    customer.line.say({ type: 'pause', paused: round % 2 === 0 })
    const message = await agent.line.next()
    heard.push(message && 'type' in message ? message.type : undefined)
  }
  expect(heard.at(-1)).toBe('customer_connection')
})

test('LIM-42 a socket has one message handled at a time, however many it sends at once: those of others come between', async () => {
  const [flooding, other] = [await house.pair(), await house.pair()]
  const small = Buffer.from(frame('content', 2))
  const count = 3_000
  streamOf(flooding.customer.line).write(repeat(masked(0x82, small), count))
  other.customer.line.socket.send(small)
  await other.agent.line.expectFrame()
  expect(flooding.agent.line.inbox.length).toBeLessThan(count / 10)
  await flooding.customer.line.settle()
  await flooding.agent.line.settle()
  expect(flooding.agent.line.inbox).toHaveLength(count)
})

test('LIM-42 a frame of the largest size is not refused for what comes in right behind it', async () => {
  const [{ customer, agent }, other] = [await house.pair(), await house.pair()]
  const frameOf = (bytes: number) =>
    encodeFrame({ kind: 'content', flags: 0, peer: 2, sequence: 1 }, Buffer.alloc(bytes - HEADER_BYTES))
  const head = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  head.writeUInt32BE(MAX_FRAME_BYTES, 6)
  const large = Buffer.concat([head, frameOf(MAX_FRAME_BYTES)])
  // The server reads 64 KB at a time, so that the last piece holds the end of this frame and 30 KB of the next.
  streamOf(customer.line).write(large.subarray(0, 30_000))
  await expectServed(other)
  streamOf(customer.line).write(large.subarray(30_000))
  customer.line.socket.send(frameOf(60_000))
  expect(await agent.line.expectFrame()).toHaveLength(MAX_FRAME_BYTES)
  expect(await agent.line.expectFrame()).toHaveLength(60_000)
})

test('LIM-43 a socket that sends faster than a page ever does is read no faster, loses nothing, and others are served', async () => {
  const bystanders = await house.pair()
  const { customer, agent } = await house.pair()
  const large = Buffer.concat([frame('content', 2), Buffer.alloc(1024 * 1024)])
  const send = () => customer.line.socket.send(large)
  // The agent reads along, so that nothing waits for it.
  for (let n = 0; n < 62; n++) {
    send()
    await agent.line.expectFrame()
  }
  for (let n = 0; n < 10; n++) send()
  await agent.line.expectFrame()
  await expectServed(bystanders)
  await agent.line.settle()
  expect(agent.line.inbox.length).toBeLessThan(3)
  for (let left = 9; left > 0; left--) {
    await house.clock.advance(100)
    await agent.line.expectFrame()
  }
})

/** Bytes of buffers that somebody still holds. The second collection ends what the first one has begun. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc')
  for (let n = 0; n < 2; n++) runInNewContext('gc')()
  return process.memoryUsage().arrayBuffers
}

test('LIM-50 what a closed socket held of a message that is not whole is let go, also while its session waits for it', async () => {
  const bystanders = await house.pair()
  const part = Buffer.alloc(1024 * 1024)
  const lines: Line[] = []
  for (let n = 0; n < 8; n++) {
    const { line } = await house.customer()
    for (let sent = 0; sent < 8; sent++) line.socket.send(part, { fin: false })
    await line.settle()
    lines.push(line)
  }
  const held = heldBytes()
  for (const line of lines) await line.close()
  while (house.server.counts().sockets > 2) await expectServed(bystanders)
  expect(house.server.counts().sessions).toBe(9)
  expect(held - heldBytes()).toBeGreaterThan(56 * 1024 * 1024)
})

/** A connection that was taken in. */
async function reach(): Promise<Socket> {
  const socket = connect(house.server.port, '127.0.0.1').on('error', () => {})
  await once(socket, 'connect')
  return socket
}

const UPGRADE = [
  'GET /socket HTTP/1.1',
  'Host: a',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`,
  '',
  '',
].join('\r\n')

test('LIM-51 of the connections of an address that ask for nothing the oldest ends when there are too many; who asks is served', async () => {
  const bystanders = await house.pair()
  const oldest = await reach()
  const closed = new Promise((resolve) => oldest.on('close', resolve))
  const others = []
  for (let n = 0; n < 31; n++) others.push(await reach())
  await expectServed(bystanders)
  expect(oldest.destroyed).toBe(false)
  // It asks at once, and is no more counted.
  expect((await fetch(`${house.server.origin}/healthz`)).status).toBe(200)
  await closed
  await expectServed(bystanders)
  expect(others.map(({ destroyed }) => destroyed)).not.toContain(true)
  for (const socket of others) socket.destroy()
})

test('LIM-51 connections of a trusted proxy are not counted', async () => {
  await house.close()
  house = await House.open({ trustedProxies: ['127.0.0.1'] })
  const bystanders = await house.pair()
  const sockets = []
  for (let n = 0; n < 40; n++) sockets.push(await reach())
  await expectServed(bystanders)
  expect(sockets.map(({ destroyed }) => destroyed)).not.toContain(true)
  for (const socket of sockets) socket.destroy()
})

test('LIM-52 between sockets that are opened at once the server handles what others send', async () => {
  await house.close()
  house = await House.open({ trustedProxies: ['127.0.0.1'] })
  const { customer, agent } = await house.pair()
  const before = house.server.counts().sockets
  const sockets = []
  for (let n = 0; n < 200; n++) sockets.push(await reach())
  const answered = sockets.map((socket) => once(socket, 'data'))
  for (const socket of sockets) socket.write(UPGRADE)
  customer.line.socket.send(frame('content', 2))
  await agent.line.expectFrame()
  expect(house.server.counts().sockets - before).toBeLessThan(100)
  await Promise.all(answered)
  expect(house.server.counts().sockets - before).toBe(200)
  for (const socket of sockets) socket.destroy()
  while (house.server.counts().sockets > before) await agent.line.settle()
})

test('LIM-52 of refused sockets the log has one line a minute, and the metrics count all', async () => {
  await house.close()
  const lines: string[] = []
  const sockets = { ...DEFAULT_LIMITS.sockets, opensPerAddress: 1 }
  house = await House.open({
    log: createLog('info', { write: (line) => lines.push(line) }),
    limits: { sockets },
    metricsToken: 'a token of the operators, long enough',
  })
  await house.line()
  for (let n = 0; n < 5; n++) await house.refusedUpgrade()
  expect(lines.filter((line) => line.includes('sockets refused'))).toHaveLength(1)
  const answer = await fetch(`${house.server.origin}/metrics`, {
    headers: { authorization: 'Bearer a token of the operators, long enough' },
  })
  expect(await answer.text()).toMatch(/refusals\S*code="1102"\S* 5/)
  house.clock.advance(59_000)
  await house.refusedUpgrade()
  expect(lines.filter((line) => line.includes('sockets refused'))).toHaveLength(1)
})

/** How often a connection that sends so many requests at once is answered, and whether it is ended. */
async function pipeline(count: number): Promise<{ answers: number; ended: boolean }> {
  const socket = await reach()
  let heard = ''
  socket.on('data', (bytes) => {
    heard += String(bytes)
  })
  const answers = () => heard.match(/HTTP\/1.1 200/g)?.length ?? 0
  socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(count))
  await new Promise<void>((resolve) => {
    socket.on('close', resolve)
    socket.on('data', () => answers() === count && resolve())
  })
  const ended = socket.destroyed
  socket.destroy()
  return { answers: answers(), ended }
}

test('LIM-54 a connection that sends many requests without waiting for answers is ended, and others are served', async () => {
  const bystanders = await house.pair()
  expect(await pipeline(8)).toEqual({ answers: 8, ended: false })
  expect(await pipeline(100)).toMatchObject({ ended: true })
  await expectServed(bystanders)
  // Behind its address there can be a whole company.
  expect(await pipeline(8)).toEqual({ answers: 8, ended: false })
})
