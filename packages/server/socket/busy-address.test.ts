import { once } from 'node:events'
import { CUSTOMER_ID, encodeFrame, HELLO_TIMEOUT_MS, PROTOCOL_VERSION } from '@alongside/protocol'
import { afterEach, expect, test } from 'vitest'
import { createLog } from '../log.ts'
import { House } from '../testing/house.ts'

const METRICS_TOKEN = 'a token of the operators, long enough'
const PING_INTERVAL_MS = 10_000

let house: House
afterEach(() => house.close())

const content = (sequence: number) => encodeFrame({ kind: 'content', flags: 0, peer: 2, sequence })
const received = (sequence: number) =>
  Buffer.from(encodeFrame({ kind: 'content', flags: 0, peer: CUSTOMER_ID, sequence }))

async function openHouse() {
  const log: string[] = []
  house = await House.open({
    log: createLog('info', { write: (line) => log.push(line) }),
    metricsToken: METRICS_TOKEN,
    limits: { pingIntervalMs: PING_INTERVAL_MS },
  })
  return () => log.filter((line) => line.includes('"address waits"'))
}

async function longWaits(): Promise<number> {
  const answer = await fetch(`${house.server.origin}/metrics`, {
    headers: { authorization: `Bearer ${METRICS_TOKEN}` },
  })
  return Number(/^alongside_long_waits_total (\d+)$/m.exec(await answer.text())?.[1])
}

/** An office: all behind one address. Each customer says so much at once, and each agent hears it in order. */
async function work(sessions: number, frames: number): Promise<void> {
  const pairs = []
  for (let n = 0; n < sessions; n++) pairs.push(await house.pair())
  for (const { customer } of pairs)
    for (let sequence = 1; sequence <= frames; sequence++) customer.line.socket.send(content(sequence))
  for (const { agent } of pairs)
    for (let sequence = 1; sequence <= frames; sequence++)
      expect(await agent.line.expectFrame()).toEqual(received(sequence))
  for (const { customer, agent } of pairs) expect([...customer.line.inbox, ...agent.line.inbox]).toEqual([])
}

test('LIM-56 forty sessions of one address work at full pace on a server that is not busy', async () => {
  const waits = await openHouse()
  await work(40, 20)
  expect(waits()).toEqual([])
  expect(await longWaits()).toBe(0)
})

test('LIM-56 on a busy server those of one address wait, lose nothing and are not closed; LIM-57 it is told once', async () => {
  const waits = await openHouse()
  house.clock.workMs = 60
  await work(5, 20)
  expect(waits()).toHaveLength(1)
  expect(JSON.parse(waits()[0]!)).toMatchObject({ event: 'address waits', address: '127.0.0.1' })
  expect(await longWaits()).toBeGreaterThan(1)
  expect((await fetch(`${house.server.origin}/healthz`)).status).toBe(200)
})

test('LIM-56 a socket that waits for its turn is not taken for silent or lost', async () => {
  await openHouse()
  const stranger = await house.line()
  const { customer, agent } = await house.pair()
  house.clock.workMs = 25_000
  customer.line.socket.send(content(1))
  await agent.line.expectFrame()
  // The address owes fifty thousand turns.
  house.clock.workMs = 0
  stranger.say({ type: 'start', version: PROTOCOL_VERSION, token: await house.token(1) })
  const pinged = [customer.line, agent.line].map(({ socket }) => once(socket, 'ping'))
  house.clock.advance(PING_INTERVAL_MS - 1)
  for (let turn = 0; turn < 5_000; turn++) await new Promise(setImmediate)
  house.clock.advance(HELLO_TIMEOUT_MS - PING_INTERVAL_MS + 1)
  await Promise.all(pinged)
  for (let turn = 0; turn < 5_000; turn++) await new Promise(setImmediate)
  house.clock.advance(PING_INTERVAL_MS)
  await stranger.expect('started')
  customer.line.socket.send(content(2))
  expect(await agent.line.expectFrame()).toEqual(received(2))
})
