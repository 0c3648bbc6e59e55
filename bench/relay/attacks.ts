import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { deflateRawSync } from 'node:zlib'
import { MAX_FRAME_BYTES, PROTOCOL_VERSION } from '../../packages/protocol/index.ts'
import { Line } from '../../packages/server/testing/line.ts'
import { type From, frame, makeToken, openCustomer, openPair } from './seats.ts'

/** What an attacker does again and again, as fast as it can, until `goesOn` is aborted. */
type Attack = (from: From, goesOn: AbortSignal) => Promise<unknown>

const NOBODY = 77
const CHUNK = 256 * 1024
const LARGE = 4 * 1024 * 1024

export const ATTACKS: Record<string, Attack> = {
  /** Shows what the measurement itself is worth: work on the attackers' core that no server sees. */
  'none, a busy core only': async () => {
    for (const end = performance.now() + 20; performance.now() < end; );
  },
  'slow heads': (from, goesOn) => dribble(from, goesOn, 1_000),
  'silent sockets': async ({ port, localAddress }, goesOn) => {
    const lines = Array.from({ length: 600 }, () => Line.open(port, { localAddress }).catch(() => undefined))
    await Promise.all(lines)
    await rest(100, goesOn)
  },
  'control messages': (from, goesOn) => byCustomer(from, goesOn, text('{"type":"focus","focused":true}')),
  'messages that are no JSON': (from, goesOn) => byStranger(from, goesOn, text(`{"a":${'['.repeat(8_000)}`)),
  pings: (from, goesOn) => byCustomer(from, goesOn, masked(0x89, Buffer.alloc(0))),
  'pings, answers unread': (from, goesOn) => byCustomer(from, goesOn, masked(0x89, Buffer.alloc(125)), true),
  'frames to nobody': (from, goesOn) => byCustomer(from, goesOn, content(NOBODY, 0)),
  'frames of 1 KB to the own agent': (from, goesOn) => byPair(from, goesOn, 1_024),
  'frames of 64 KB to the own agent': (from, goesOn) => byPair(from, goesOn, 64 * 1024),
  'frames of 16 MB to the own agent': (from, goesOn) => byPair(from, goesOn, MAX_FRAME_BYTES - 1_024),
  'an agent who does not read': (from, goesOn) => byPair(from, goesOn, 64 * 1024, true),
  'messages of 1,000 fragments': (from, goesOn) => byCustomer(from, goesOn, fragments(1_000)),
  'messages of endless fragments': (from, goesOn) => byCustomer(from, goesOn, masked(0x00, Buffer.alloc(1))),
  'frames that do not end': (from, goesOn) => byCustomer(from, goesOn, masked(0x00, Buffer.alloc(64 * 1024))),
  'compression bombs': bomb,
  'opens and closes': async ({ port, localAddress }) => {
    const opening = Array.from({ length: 50 }, () => Line.open(port, { localAddress }).catch(() => undefined))
    for (const line of await Promise.all(opening)) await line?.close()
  },
  'guesses of PINs': async (from) => {
    await Promise.all(Array.from({ length: 20 }, () => guess(from)))
  },
  'requests, 100 at once': (from, goesOn) => request(from, goesOn, '/'),
  uploads: async (from, goesOn) => {
    const { line, assets } = await openCustomer(from)
    await Promise.all([1, 2, 3, 4].map((n) => upload(from, goesOn, assets, n)))
    await line.close()
  },
}

/** One frame of a WebSocket as a client sends it, with a mask of zeros. */
function masked(head: number, payload: Uint8Array): Buffer {
  const length = payload.length < 126 ? 0 : payload.length < 65_536 ? 2 : 8
  const bytes = Buffer.alloc(2 + length + 4 + payload.length)
  bytes[0] = head
  bytes[1] = 0x80 | (length === 0 ? payload.length : length === 2 ? 126 : 127)
  if (length === 2) bytes.writeUInt16BE(payload.length, 2)
  if (length === 8) bytes.writeBigUInt64BE(BigInt(payload.length), 2)
  bytes.set(payload, bytes.length - payload.length)
  return bytes
}

const text = (said: string) => masked(0x81, Buffer.from(said))
const content = (peer: number, bytes: number) => masked(0x82, frame(peer, new Uint8Array(bytes)))

function fragments(count: number): Buffer {
  const one = Buffer.from([NOBODY])
  return Buffer.concat([
    masked(0x02, frame(NOBODY, one)),
    ...Array.from({ length: count - 2 }, () => masked(0x00, one)),
    masked(0x80, one),
  ])
}

function streamOf(line: Line): Socket {
  return (line.socket as unknown as { _socket: Socket })._socket
}

/** Writes the same bytes until the server has closed the socket. */
async function pour(line: Line, bytes: Buffer, goesOn: AbortSignal): Promise<void> {
  const stream = streamOf(line)
  const closed = once(stream, 'close').catch(() => {})
  const block = Buffer.concat(Array.from({ length: Math.max(1, Math.floor(CHUNK / bytes.length)) }, () => bytes))
  while (!goesOn.aborted && stream.writable)
    if (!stream.write(block)) await Promise.race([once(stream, 'drain').catch(() => {}), closed, rest(200, goesOn)])
  await line.close()
}

async function byCustomer(from: From, goesOn: AbortSignal, bytes: Buffer, isDeaf = false): Promise<void> {
  const { line } = await openCustomer(from)
  // A message that goes on needs a beginning.
  if (bytes[0] === 0) streamOf(line).write(masked(0x02, frame(NOBODY, new Uint8Array(0))))
  if (isDeaf) streamOf(line).pause()
  await pour(line, bytes, goesOn)
}

async function byStranger({ port, localAddress }: From, goesOn: AbortSignal, bytes: Buffer): Promise<void> {
  await pour(await Line.open(port, { localAddress }), bytes, goesOn)
}

async function byPair(from: From, goesOn: AbortSignal, bytes: number, isDeaf = false): Promise<void> {
  const { customer, agent, participant } = await openPair(from)
  agent.socket.removeAllListeners('message')
  if (isDeaf) streamOf(agent).pause()
  await pour(customer, content(participant, bytes), goesOn)
  await agent.close()
}

/** 4 MB of zeros in each of its 4 KB, whether that was agreed on or not. */
async function bomb({ port, localAddress }: From, goesOn: AbortSignal): Promise<void> {
  const line = await Line.open(port, { localAddress, perMessageDeflate: true })
  const said = { type: 'start', version: PROTOCOL_VERSION, token: await makeToken(1) }
  line.socket.send(JSON.stringify(said), { compress: false })
  await line.expect('started')
  await line.expect('pin')
  const bytes = frame(NOBODY, new Uint8Array(LARGE))
  await pour(line, masked(0xc2, deflateRawSync(bytes, { finishFlush: 2 }).subarray(0, -4)), goesOn)
}

async function guess({ port, localAddress }: From): Promise<void> {
  const line = await Line.open(port, { localAddress }).catch(() => undefined)
  const pinCode = String(Math.floor(Math.random() * 1e6)).padStart(6, '0')
  line?.say({ type: 'join', version: PROTOCOL_VERSION, token: await makeToken(2, `guesser${pinCode}`), pinCode })
  await line?.next()
  await line?.close()
}

async function dribble(from: From, goesOn: AbortSignal, count: number): Promise<void> {
  const sockets = Array.from({ length: count }, () => reach(from))
  for (const socket of sockets) socket.write('GET /socket HTTP/1.1\r\nX-Slow: ')
  for (let n = 0; n < 20 && !goesOn.aborted; n++) {
    for (const socket of sockets) if (socket.writable) socket.write('a')
    await rest(50, goesOn)
  }
  for (const socket of sockets) socket.destroy()
}

/** Requests that do not wait for the answers of those before them. */
async function request(from: From, goesOn: AbortSignal, path: string): Promise<void> {
  const socket = reach(from).resume()
  const head = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${from.port}\r\n\r\n`
  const closed = once(socket, 'close')
  for (let n = 0; n < 50 && socket.writable && !goesOn.aborted; n++)
    if (!socket.write(head.repeat(100)))
      await Promise.race([once(socket, 'drain').catch(() => {}), closed, rest(200, goesOn)])
  socket.destroy()
  await closed
}

async function upload(from: From, goesOn: AbortSignal, ticket: string, n: number): Promise<void> {
  const socket = reach(from).resume()
  const closed = once(socket, 'close')
  const body = Buffer.alloc(5 * 1024 * 1024 - 1, n)
  body.write('GIF89a')
  const head = `PUT /assets/${ticket}/k${n} HTTP/1.1\r\nHost: 127.0.0.1:${from.port}\r\nContent-Length: ${body.length}\r\n\r\n`
  socket.write(head)
  socket.end(body)
  await Promise.race([closed, rest(1_000, goesOn)])
  socket.destroy()
}

function reach({ port, localAddress }: From): Socket {
  return connect({ port, host: '127.0.0.1', localAddress }).on('error', () => {})
}

function rest(ms: number, goesOn: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    goesOn.addEventListener('abort', () => resolve(clearTimeout(timer)), { once: true })
  })
}
