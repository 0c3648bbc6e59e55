import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import { deflateRawSync } from 'node:zlib'
import { MAX_FRAME_BYTES, PROTOCOL_VERSION } from '../../packages/protocol/index.ts'
import { Line } from '../../packages/server/testing/line.ts'
import { type From, frame, makeToken, openCustomer, openPair } from './seats.ts'
import { type Tally, throwRefusal } from './tally.ts'

/** From where an attacker comes, until when it goes on, and where it counts what it tried. */
interface Scene {
  from: From
  goesOn: AbortSignal
  tally: Tally
}

/** What an attacker does again and again, as fast as it can, until `goesOn` is aborted. */
type Attack = (scene: Scene) => Promise<unknown>

const NOBODY = 77
const CHUNK = 256 * 1024
const LARGE = 4 * 1024 * 1024

export const ATTACKS: Record<string, Attack> = {
  /** Work on the attackers' core that no server sees. */
  'none, a busy core only': async ({ tally }) => {
    await tally.try(async () => {
      for (const end = performance.now() + 20; performance.now() < end; );
    })
  },
  'connections that say nothing': (scene) => dribble(scene, ''),
  'slow heads': (scene) => dribble(scene, 'GET /socket HTTP/1.1\r\nX-Slow: '),
  'silent sockets': (scene) => openMany(scene, 600, () => rest(100, scene.goesOn)),
  'opens and closes': (scene) => openMany(scene, 50, async () => {}),
  'control messages': (scene) => byCustomer(scene, text('{"type":"focus","focused":true}')),
  'messages that are no JSON': (scene) => byStranger(scene, text(`{"a":${'['.repeat(8_000)}`)),
  pings: (scene) => byCustomer(scene, masked(0x89, Buffer.alloc(0))),
  'pings, answers unread': (scene) => byCustomer(scene, masked(0x89, Buffer.alloc(125)), true),
  'frames to nobody': (scene) => byCustomer(scene, content(NOBODY, 0)),
  'frames of 1 KB to the own agent': (scene) => byPair(scene, 1_024),
  'frames of 64 KB to the own agent': (scene) => byPair(scene, 64 * 1024),
  'frames of 16 MB to the own agent': (scene) => byPair(scene, MAX_FRAME_BYTES - 1_024),
  'an agent who does not read': (scene) => byPair(scene, 64 * 1024, true),
  'messages of 1,000 fragments': (scene) => byCustomer(scene, fragments(1_000)),
  'messages of endless fragments': (scene) => byCustomer(scene, masked(0x00, Buffer.alloc(1))),
  'frames that do not end': (scene) => byCustomer(scene, masked(0x00, Buffer.alloc(64 * 1024))),
  'compression bombs': bomb,
  'guesses of PINs': (scene) => Promise.all(Array.from({ length: 20 }, () => guess(scene))),
  'requests, 100 at once': (scene) => request(scene, '/'),
  'requests, answers unread': (scene) => request(scene, '/', true),
  uploads: ({ from, goesOn, tally }) =>
    tally.try(async () => {
      const { line, assets } = await openCustomer(from)
      await Promise.all([1, 2, 3, 4].map((n) => upload({ from, goesOn, tally }, assets, n)))
      await line.close()
    }),
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

/** Writes the same bytes until the server has closed the socket, and throws why it has. */
async function pour(line: Line, bytes: Buffer, { goesOn, tally }: Scene): Promise<void> {
  const stream = streamOf(line)
  const block = Buffer.concat(Array.from({ length: Math.max(1, Math.floor(CHUNK / bytes.length)) }, () => bytes))
  while (!goesOn.aborted && stream.writable) {
    tally.sent(block.length)
    if (!stream.write(block)) await drained(stream, goesOn)
  }
  if (!goesOn.aborted) await throwRefusal(line)
  await line.close()
}

/** Resolves when the stream takes more or is closed, or the attack is over. Leaves no listener. */
function drained(stream: Socket, goesOn: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done)
      goesOn.removeEventListener('abort', done)
      resolve()
    }
    stream.on('drain', done).on('close', done)
    goesOn.addEventListener('abort', done)
  })
}

async function openMany({ from, tally }: Scene, count: number, stay: () => Promise<void>): Promise<void> {
  const { port, localAddress } = from
  const opening = Array.from({ length: count }, () => tally.try(() => Line.open(port, { localAddress })))
  const lines = await Promise.all(opening)
  await stay()
  await Promise.all(lines.map((line) => line?.close()))
}

function byCustomer(scene: Scene, bytes: Buffer, isDeaf = false): Promise<void> {
  return scene.tally.try(async () => {
    const { line } = await openCustomer(scene.from)
    // A message that goes on needs a beginning.
    if (bytes[0] === 0) streamOf(line).write(masked(0x02, frame(NOBODY, new Uint8Array(0))))
    if (isDeaf) streamOf(line).pause()
    await pour(line, bytes, scene)
  })
}

function byStranger(scene: Scene, bytes: Buffer): Promise<void> {
  const { port, localAddress } = scene.from
  return scene.tally.try(async () => pour(await Line.open(port, { localAddress }), bytes, scene))
}

function byPair(scene: Scene, bytes: number, isDeaf = false): Promise<void> {
  return scene.tally.try(async () => {
    const { customer, agent, participant } = await openPair(scene.from)
    agent.socket.removeAllListeners('message')
    // From then on nobody would get what is sent.
    agent.socket.once('close', () => customer.socket.terminate())
    if (isDeaf) streamOf(agent).pause()
    await pour(customer, content(participant, bytes), scene).finally(() => agent.close())
  })
}

/** 4 MB of zeros in each of its 4 KB, whether that was agreed on or not. */
function bomb(scene: Scene): Promise<void> {
  const { port, localAddress } = scene.from
  return scene.tally.try(async () => {
    const line = await Line.open(port, { localAddress, perMessageDeflate: true })
    const said = { type: 'start', version: PROTOCOL_VERSION, token: await makeToken(1) }
    line.socket.send(JSON.stringify(said), { compress: false })
    await line.expect('started')
    await line.expect('pin')
    await pour(line, BOMB, scene)
  })
}

const BOMB = masked(0xc2, deflateRawSync(frame(NOBODY, new Uint8Array(LARGE)), { finishFlush: 2 }).subarray(0, -4))

function guess({ from: { port, localAddress }, tally }: Scene): Promise<void> {
  return tally.try(async () => {
    const line = await Line.open(port, { localAddress })
    const pinCode = String(Math.floor(Math.random() * 1e6)).padStart(6, '0')
    line.say({ type: 'join', version: PROTOCOL_VERSION, token: await makeToken(2, `guesser${pinCode}`), pinCode })
    await line.expect('asked').finally(() => line.close())
  })
}

/** A thousand connections that begin and take their time. */
async function dribble({ from, goesOn, tally }: Scene, beginning: string): Promise<void> {
  let isOver = false
  const sockets = Array.from({ length: 1_000 }, () => {
    tally.counts.tries++
    return reach(from).on('close', () => isOver || tally.refuse('closed'))
  })
  if (beginning) for (const socket of sockets) socket.write(beginning)
  for (let n = 0; n < 20 && !goesOn.aborted; n++) {
    if (beginning) for (const socket of sockets) if (socket.writable) socket.write('a')
    await rest(50, goesOn)
  }
  isOver = true
  for (const socket of sockets) socket.destroy()
}

/** Requests that do not wait for the answers of those before them. Refused are the answers other than 200. */
function request({ from, goesOn, tally }: Scene, path: string, isDeaf = false): Promise<void> {
  return tally.try(async () => {
    const socket = reach(from)
    if (!isDeaf)
      socket.on('data', (bytes) => {
        for (const [, status] of String(bytes).matchAll(/^HTTP\/1.1 (\d+)/gm))
          if (status !== '200') tally.refuse(status!)
      })
    const head = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${from.port}\r\n\r\n`
    for (let n = 0; n < 50 && socket.writable && !goesOn.aborted; n++) {
      tally.counts.tries += 100
      tally.sent(100 * head.length)
      if (!socket.write(head.repeat(100))) await drained(socket, goesOn)
    }
    socket.destroy()
  })
}

async function upload({ from, goesOn, tally }: Scene, ticket: string, n: number): Promise<void> {
  const socket = reach(from).resume()
  const closed = once(socket, 'close')
  const body = Buffer.alloc(5 * 1024 * 1024 - 1, n)
  body.write('GIF89a')
  const head = `PUT /assets/${ticket}/k${n} HTTP/1.1\r\nHost: 127.0.0.1:${from.port}\r\nContent-Length: ${body.length}\r\n\r\n`
  socket.write(head)
  socket.end(body)
  tally.sent(body.length)
  await Promise.race([closed, rest(1_000, goesOn)])
  socket.destroy()
}

function reach({ port, localAddress }: From): Socket {
  return connect({ port, host: '127.0.0.1', localAddress }).on('error', () => {})
}

/** Resolves after so long, or when the attack is over. */
async function rest(ms: number, goesOn: AbortSignal): Promise<void> {
  await after(ms, undefined, { signal: goesOn }).catch((error) => {
    if (error.name !== 'AbortError') throw error
  })
}
