import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  decodeHeader,
  type ErrorCode,
  encodeFrame,
  FRAME_KINDS,
  type FrameKind,
  type PeerMessage,
  PROTOCOL_VERSION,
} from '@alongside/protocol'
import { afterAll, expect, test } from 'vitest'
import { agentMessages, customerMessages, deviceMessages } from '../socket/message-schemas.ts'
import { House, KEY } from '../testing/house.ts'
import type { Line } from '../testing/line.ts'
import { SEATS, type Seat, type Stage, takeSeat } from '../testing/seats.ts'
import { FRAMES, MESSAGES, OTHERWISE, type Outcome, type Row } from './authority.ts'

const OFF = Object.fromEntries(Object.keys(KEY.features).map((name) => [name, false])) as typeof KEY.features

/** What a key may be set to, where it decides who may do what. */
const KEYS = {
  usual: KEY,
  'all off': { ...KEY, features: OFF, anonymous: false },
  'PIN is consent': { ...KEY, consent: 'agent_initiated' },
  recorded: { ...KEY, recording: 'on' },
} as const
type KeyName = keyof typeof KEYS

const TYPES = [...new Set([customerMessages, agentMessages, deviceMessages].flatMap(Object.keys))]
const KINDS = Object.keys(FRAME_KINDS) as FrameKind[]

/** To whom a frame is sent: the agent of a session or whoever has that number, the customer, the server, and nobody. */
const RECEIVERS = { agent: 2, customer: 1, server: 0, stranger: 77 }

const recordingsFolder = mkdtempSync(join(tmpdir(), 'authority-'))
afterAll(() => rmSync(recordingsFolder, { recursive: true }))

test('AUT-1 every message and kind of frame has its row, and no row is of another one', () => {
  expect(Object.keys(MESSAGES).toSorted()).toEqual(TYPES.toSorted())
  expect(Object.keys(FRAMES).toSorted()).toEqual(KINDS.toSorted())
  const names = new Set<string>([
    ...SEATS,
    ...Object.keys(KEYS).flatMap((key) => SEATS.map((seat) => `${seat} / ${key}`)),
  ])
  const receivers = new Set(Object.keys(RECEIVERS))
  const cells = [...Object.values(MESSAGES), ...Object.values(FRAMES)].flatMap(Object.keys)
  const unknown = cells.filter((cell) => {
    const [seat = '', to] = cell.split(' → ')
    return !names.has(seat) || (to !== undefined && !receivers.has(to))
  })
  expect(unknown).toEqual([])
})

function expected(rest: Row, row: Row, seat: Seat, key: KeyName, to?: string): Outcome {
  const arrow = to ? ` → ${to}` : ''
  const name = [`${seat} / ${key}${arrow}`, `${seat}${arrow}`, `${seat} / ${key}`, seat].find((cell) => cell in row)
  return (name === undefined ? (rest[seat] ?? rest.others) : row[name])!
}

// Where the key has all off there is no device.
const PLACES = SEATS.flatMap((seat) => (Object.keys(KEYS) as KeyName[]).map((key) => ({ seat, key }))).filter(
  ({ seat, key }) => seat !== 'device' || key !== 'all off',
)

test.each(PLACES)('AUT-2 who may say what, and what answers: $seat, key: $key', async ({ seat, key }) => {
  const house = await House.open({ keys: [KEYS[key]], recordingsFolder })
  const told: Record<string, Outcome> = {}
  const wanted: Record<string, Outcome> = {}
  for (const type of TYPES) {
    const stage = await takeSeat(house, seat)
    const message = await sample(house, type, stage)
    const outcome = expected(OTHERWISE.message, MESSAGES[type as PeerMessage['type']], seat, key)
    wanted[type] = outcome
    told[type] = await observe(stage, house, outcome !== 'nothing', () => stage.self.say(message))
    await closeAll(stage)
  }
  expect(told).toEqual(wanted)
  await house.close()
})

test.each(PLACES)('AUT-3 who may send which frames to whom: $seat, key: $key', async ({ seat, key }) => {
  const house = await House.open({ keys: [KEYS[key]], recordingsFolder })
  const told: Record<string, Outcome> = {}
  const wanted: Record<string, Outcome> = {}
  let stage = await takeSeat(house, seat)
  for (const kind of KINDS)
    for (const [to, peer] of Object.entries(RECEIVERS)) {
      const { self } = stage
      const bytes = encodeFrame({ kind, flags: 0, peer, sequence: 1 })
      const cell = `${kind} → ${to}`
      const outcome = expected(OTHERWISE.frame, FRAMES[kind], seat, key, to)
      wanted[cell] = outcome
      told[cell] = await observe(stage, house, outcome !== 'nothing', () => self.socket.send(bytes))
      if (self.socket.readyState === self.socket.OPEN) continue
      await closeAll(stage)
      stage = await takeSeat(house, seat)
    }
  expect(told).toEqual(wanted)
  await closeAll(stage)
  await house.close()
})

/** A message of that type that would be right in its place. */
async function sample(house: House, type: string, { known, agent }: Stage): Promise<Record<string, unknown>> {
  const version = PROTOCOL_VERSION
  const { pinCode, sessionId, secret, link } = known
  const agentToken = () => house.token(2, { userId: 'a9', userName: 'Nia' })
  const messages: Record<string, () => Promise<object> | object> = {
    start: async () => ({ version, token: await house.token(1, { userId: 'c9' }) }),
    start_device: () => ({ version, sdkKey: 'shop', deviceId: 'device-9' }),
    resume: () => ({ version, sessionId, secret }),
    consent: () => ({ participant: 2, granted: true }),
    new_pin: () => ({}),
    pause: () => ({ paused: true }),
    focus: () => ({ focused: false }),
    hand_off: () => ({ origin: 'https://shop.example' }),
    assist_answer: () => ({ participant: 2, types: ['click'] }),
    assist_stop: () => ({}),
    end: () => ({}),
    join: async () => ({ version, token: await agentToken(), pinCode }),
    join_link: () => ({ version, link }),
    call: async () => ({ version, token: await agentToken(), deviceId: 'device-1' }),
    join_session: async () => ({ version, token: await agentToken(), sessionId }),
    leave: () => ({}),
    make_link: () => ({ userName: 'Ben' }),
    assist_request: () => ({ types: ['click'] }),
    assist_release: () => ({}),
    assist_pass: () => ({ participant: agent ? 2 : 3 }),
    register: () => ({ version, sdkKey: 'shop', deviceId: 'device-9' }),
    update: () => ({ customData: { name: 'Cora' } }),
    busy: () => ({ invitation: 'A'.repeat(43) }),
  }
  return { type, ...(await messages[type]?.()) }
}

/** What everybody gets when somebody says something: `self`, then the others. A peer that is refused is only its code;
 *  of the others nobody but its session may learn that its line is gone. */
async function observe(
  { self, customer, agent, device }: Stage,
  house: House,
  isAnswered: boolean,
  say: () => void,
): Promise<Outcome> {
  const others = Object.entries({ customer, agent, device }).filter(
    (entry): entry is [string, Line] => entry[1]?.socket.readyState === self.socket.OPEN && entry[1] !== self,
  )
  for (const line of [self, ...others.map(([, line]) => line)]) while (line.inbox.length) await line.next()
  say()
  const lines = others.map(([, line]) => line)
  await settle(self, lines, house, isAnswered)
  const own = describe(self)
  const news = others.flatMap(([name, line]) => {
    const said = describe(line)
    return said ? [`${name}: ${said}`] : []
  })
  const refused = /^error (\d+) closed$/.exec(own)?.[1]
  if (!refused) return [own, ...news].filter(Boolean).join('; ') || 'nothing'
  expect(news.filter((one) => !/: (assist_stopped )?(agent|customer)_connection$/.test(one))).toEqual([])
  return Number(refused) as ErrorCode
}

/** Until the server has handled what a line said. Where an answer is to come it may take many round trips: a token is checked, a file written. */
async function settle(self: Line, others: Line[], house: House, isAnswered: boolean): Promise<void> {
  const { socket } = self
  const watch = socket.isPaused ? await house.line() : self
  const isHeard = () => [self, ...others].some(({ inbox }) => inbox.length > 0) || socket.readyState !== socket.OPEN
  for (let trips = 0; trips < (isAnswered ? 500 : 3); trips++) {
    if (isAnswered && isHeard()) break
    for (const line of [watch, ...others]) await line.settle()
  }
  if (watch !== self) await watch.close()
  for (const line of watch === self ? [self, ...others] : others) {
    await line.settle()
    // The end of its socket follows.
    const isOver = line.inbox.some((one) => 'type' in one && one.type === 'ended')
    if (isOver || line.socket.readyState === line.socket.CLOSING) await closed(line)
  }
}

async function closed({ socket }: Line): Promise<void> {
  if (socket.readyState !== socket.CLOSED) await once(socket, 'close')
}

function describe(line: Line): string {
  const { socket, inbox } = line
  const parts = inbox.map((one) => {
    if (Buffer.isBuffer(one)) return `${decodeHeader(one)?.kind} of ${decodeHeader(one)?.peer}`
    return 'code' in one ? `error ${one.code}` : one.type
  })
  if (socket.readyState === socket.CLOSED) parts.push('closed')
  return parts.join(' ')
}

async function closeAll({ self, customer, agent, device }: Stage): Promise<void> {
  for (const line of [self, customer, agent, device]) await line?.close()
}
