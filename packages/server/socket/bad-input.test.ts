import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Writable } from 'node:stream'
import { encodeFrame, isErrorCode, PROTOCOL_VERSION } from '@alongside/protocol'
import fc from 'fast-check'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { House } from '../testing/house.ts'
import type { Line } from '../testing/line.ts'

const FRAME = encodeFrame({ kind: 'content', flags: 0, peer: 2, sequence: 1 })

let house: House
let logged: { event: string; code?: number }[]
beforeEach(async () => {
  logged = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      logged.push(JSON.parse(String(chunk)))
      done()
    },
  })
  house = await House.open({ log: pino({ level: 'info' }, sink) })
})
afterEach(() => house.close())

/** Errors that a line got until its end, which text that is no JSON brings about where nothing did before. */
async function errorsOf(line: Line): Promise<number[]> {
  const { socket } = line
  if (socket.readyState !== socket.CLOSED) {
    const over = once(socket, 'close')
    if (socket.readyState === socket.OPEN) socket.send('{')
    await over
  }
  return line.inbox.flatMap((message) => ('code' in message ? [message.code as number] : []))
}

describe('CON-122 judges the version of a first message', () => {
  const resume = { type: 'resume', sessionId: 'A'.repeat(22), secret: 'A'.repeat(48) }
  test.each([
    [0, 1011],
    [2, 1011],
    [-1, 1011],
    [Number.MAX_SAFE_INTEGER, 1011],
    ['1', 1105],
    [1.5, 1105],
    [null, 1105],
    [true, 1105],
    [[1], 1105],
    [{ version: 1 }, 1105],
    [2 ** 53, 1105],
    [1e308, 1105],
  ])('%j', async (version, code) => {
    const line = await house.line()
    line.say({ ...resume, version })
    expect(await line.expect('error')).toEqual({ type: 'error', code })
  })
})

describe('CON-123 takes what is said twice or to nobody once, and what is out of order not at all', () => {
  test('consent twice, for a stranger, and for an agent that left', async () => {
    const { customer, agent } = await house.pair()
    for (const participant of [2, 3, 65_535]) customer.line.say({ type: 'consent', participant, granted: true })
    customer.line.socket.send(FRAME)
    await agent.line.expectFrame()
    agent.line.say({ type: 'leave' })
    await customer.line.expect('agent_left')
    customer.line.say({ type: 'consent', participant: 2, granted: true })
    await customer.line.settle()
    expect([...customer.line.inbox, ...agent.line.inbox]).toEqual([])
  })

  test('pause twice', async () => {
    const { customer, agent } = await house.pair()
    for (const paused of [true, true, false, false]) customer.line.say({ type: 'pause', paused })
    expect(await agent.line.expect('paused')).toMatchObject({ paused: true })
    expect(await agent.line.expect('paused')).toMatchObject({ paused: false })
    await customer.line.settle()
    await agent.line.settle()
    expect([...customer.line.inbox, ...agent.line.inbox]).toEqual([])
  })

  test.each(['before', 'after'])('start twice on one socket, %s the answer', async (when) => {
    const line = await house.line()
    const start = { type: 'start', version: PROTOCOL_VERSION, token: await house.token(1) } as const
    line.say(start)
    if (when === 'before') line.say(start)
    await line.expect('started')
    await line.expect('pin')
    if (when === 'after') line.say(start)
    expect(await line.expect('error')).toEqual({ type: 'error', code: 1105 })
    expect(house.server.counts().sessions).toBe(1)
  })

  test('resume twice with one secret', async () => {
    const { line, started } = await house.customer()
    await line.close()
    const back = await house.resume(started.sessionId, started.secret)
    await back.expect('resumed')
    await back.expect('pin')
    await back.prove()
    const again = await house.resume(started.sessionId, started.secret)
    expect(await again.expect('error')).toEqual({ type: 'error', code: 1107 })
    await back.settle()
    expect(back.inbox).toEqual([])
  })

  test('end and leave twice', async () => {
    const { customer, agent } = await house.pair()
    for (let n = 0; n < 2; n++) agent.line.say({ type: 'leave' })
    expect(await agent.line.expectClosed()).toBe(1000)
    await customer.line.expect('agent_left')
    for (let n = 0; n < 2; n++) customer.line.say({ type: 'end' })
    await customer.line.expect('ended')
    expect(await customer.line.expectClosed()).toBe(1000)
  })
})

test('CON-124 answers text as bytes and bytes as text with 1105', async () => {
  const { line } = await house.customer()
  line.socket.send(Buffer.from('{"type":"end"}'))
  expect(await errorsOf(line)).toEqual([1105])
  const other = await house.customer()
  other.line.socket.send(Buffer.from(FRAME).toString('latin1'))
  expect(await errorsOf(other.line)).toEqual([1105])
})

const odd = fc.oneof(
  fc.constantFrom<unknown>(0, -1, 1.5, 2 ** 31, 2 ** 53, 1e308, '', '1', null, true, [], {}, '\u0000', '\ud800'),
  fc.string(),
  fc.integer(),
  fc.string({ minLength: 40, maxLength: 60 }).map((text) => text.repeat(400)),
  fc.jsonValue({ maxDepth: 3 }),
)

const FIELDS: Record<string, string[]> = {
  start: ['version', 'token', 'tab'],
  start_device: ['version', 'sdkKey', 'deviceId', 'customData'],
  join: ['version', 'token', 'pinCode'],
  call: ['version', 'token', 'deviceId'],
  register: ['version', 'sdkKey', 'deviceId', 'customData'],
  resume: ['version', 'sessionId', 'secret'],
  consent: ['participant', 'granted'],
  new_pin: [],
  pause: ['paused'],
  focus: ['focused'],
  end: [],
  leave: [],
  update: ['customData'],
  busy: ['invitation'],
  constructor: [],
}

/** Messages of the protocol, right or with one thing wrong, and text that is none. */
function messages(tokens: string[], types: readonly string[]): fc.Arbitrary<string> {
  const id = (bytes: number) => randomBytes(bytes).toString('base64url')
  const values: Record<string, unknown[]> = {
    version: [PROTOCOL_VERSION],
    token: tokens,
    pinCode: ['000000', 'ABC'],
    customPinCode: ['OWN1'],
    sessionId: [id(16)],
    secret: [id(36)],
    participant: [2, 3, 65_535],
    granted: [true, false],
    paused: [true, false],
    focused: [true, false],
    deviceId: ['device-1'],
    sdkKey: ['shop'],
    customData: [{}, { name: 'Cora' }],
    invitation: [id(32)],
    tab: ['tab-1'],
  }
  const right = fc.constantFrom(...types).chain((type) => {
    const fields = (FIELDS[type] ?? []).map((name) => [name, fc.constantFrom(...(values[name] ?? []))])
    return fc.record({ type: fc.constant(type), ...Object.fromEntries(fields) }) as fc.Arbitrary<
      Record<string, unknown>
    >
  })
  const name = fc.constantFrom('type', ...Object.keys(values), 'extra')
  const wrong = fc.tuple(right, name, odd).map(([message, field, value]) => ({ ...message, [field]: value }))
  const short = right.map((message) => Object.fromEntries(Object.entries(message).slice(0, -1)))
  const text = fc.oneof({ arbitrary: right, weight: 6 }, wrong, short).map((message) => JSON.stringify(message))
  const polluted = text.map((json) => json.replace('{', '{"__proto__":{"granted":true},'))
  const other = fc.oneof(
    polluted,
    fc.json(),
    fc.string(),
    text.map((json) => json.slice(0, -3)),
  )
  return fc.oneof({ arbitrary: text, weight: 9 }, other)
}

const ROLES = ['stranger', 'customer', 'asked agent', 'agent', 'device'] as const

const FITTING: Record<(typeof ROLES)[number], string[]> = {
  stranger: ['start', 'start_device', 'join', 'call', 'register', 'resume'],
  customer: ['consent', 'new_pin', 'pause', 'focus', 'end'],
  'asked agent': ['leave', 'end'],
  agent: ['leave', 'end'],
  device: ['update', 'focus', 'busy'],
}

async function enter(role: (typeof ROLES)[number]): Promise<{ line: Line; others: Line[] }> {
  switch (role) {
    case 'stranger':
      return { line: await house.line(), others: [] }
    case 'customer':
      return { line: (await house.customer()).line, others: [] }
    case 'asked agent': {
      const customer = await house.customer()
      return { line: (await house.asked(customer.line, customer.pin)).line, others: [customer.line] }
    }
    case 'agent': {
      const { customer, agent } = await house.pair()
      return { line: agent.line, others: [customer.line] }
    }
    case 'device': {
      const line = await house.line()
      line.say({ type: 'register', version: PROTOCOL_VERSION, sdkKey: 'shop', deviceId: 'device-2' })
      await line.expect('registered')
      return { line, others: [] }
    }
  }
}

test('CON-125 whatever a peer says gets coded errors for that peer, one line in the log, and no effect on another session', async () => {
  const bystanders = await house.pair()
  const tokens = [await house.token(1), await house.token(2, { userId: 'thief' }), 'x', `${await house.token(1)}x`]
  const frames = fc.oneof(fc.constant(FRAME), fc.uint8Array({ maxLength: 40 }))
  // What fits the role comes more often, so that most peers get beyond their first word.
  const plan = fc.constantFrom(...ROLES).chain((role) => {
    const fitting = messages(tokens, FITTING[role])
    const any = messages(tokens, Object.keys(FIELDS))
    const said = fc.oneof({ arbitrary: fitting, weight: 8 }, any, frames)
    return fc.tuple(fc.constant(role), fc.array(said, { minLength: 1, maxLength: 8 }))
  })
  const seed = Number(process.env.SEED ?? randomBytes(4).readUInt32BE())
  await fc.assert(
    fc.asyncProperty(plan, async ([role, all]) => {
      const { line, others } = await enter(role)
      logged.length = 0
      for (const one of all) if (line.socket.readyState === line.socket.OPEN) line.socket.send(one)
      const errors = await errorsOf(line)
      expect(errors.every((code) => isErrorCode(code) && code !== 9999)).toBe(true)
      const refusals = logged.filter(({ event }) => event === 'peer refused').map(({ code }) => code)
      expect(refusals).toEqual(errors)
      expect(errors.length).toBeLessThanOrEqual(1)
      expect(logged.filter(({ event }) => event === 'fault')).toEqual([])
      bystanders.customer.line.socket.send(FRAME)
      await bystanders.agent.line.expectFrame()
      expect([...bystanders.customer.line.inbox, ...bystanders.agent.line.inbox]).toEqual([])
      await Promise.all([line, ...others].map((each) => each.close()))
      expect(({} as { granted?: unknown }).granted).toBeUndefined()
    }),
    { seed, numRuns: 200 },
  )
})
