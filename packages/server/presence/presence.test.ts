import {
  AGENT_WAIT_MS,
  type CustomData,
  encodeFrame,
  INVITATION_WAIT_MS,
  PIN_LIFETIME_MS,
  PROTOCOL_VERSION,
  RECOVERY_WINDOW_MS,
} from '@alongside/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../limits.ts'
import { House, KEY } from '../testing/house.ts'
import type { Line } from '../testing/line.ts'

const OTHER_KEY = { ...KEY, sdkKey: 'other' }
const STRICT_KEY = { ...KEY, sdkKey: 'strict', anonymous: false }
const QUIET_KEY = { ...KEY, sdkKey: 'quiet', features: { ...KEY.features, presence: false } }
const LISTED_KEY = { ...KEY, sdkKey: 'listed', allowedOrigins: ['https://shop.example'] }
const KEYS = [KEY, OTHER_KEY, STRICT_KEY, QUIET_KEY, LISTED_KEY]

const HELLO = { version: PROTOCOL_VERSION, sdkKey: 'shop' }

let house: House
beforeEach(async () => {
  house = await House.open({ keys: KEYS })
})
afterEach(() => house.close())

async function register(deviceId = 'device-1', customData?: CustomData, hello: object = HELLO): Promise<Line> {
  const line = await house.line()
  line.say({ type: 'register', deviceId, ...hello, ...(customData ? { customData } : {}) })
  return line
}

async function present(deviceId?: string, customData?: CustomData, hello?: object): Promise<Line> {
  const line = await register(deviceId, customData, hello)
  await line.expectSoon('registered')
  return line
}

async function call(deviceId = 'device-1', userId = 'a1'): Promise<Line> {
  const line = await house.line()
  const token = await house.token(2, { userId, userName: 'Ana' })
  line.say({ type: 'call', version: PROTOCOL_VERSION, token, deviceId })
  return line
}

async function startDevice(message: object): Promise<Line> {
  const line = await house.line()
  line.say({ type: 'start_device', ...HELLO, deviceId: 'device-1', ...message })
  return line
}

/** An agent who called, and the customer who is asked. */
async function called(deviceId = 'device-1') {
  const page = await present(deviceId, { user_name: 'Cora' })
  const agent = await call(deviceId)
  const { invitation } = await page.expectSoon('invited')
  const customer = await startDevice({ deviceId, customData: { user_name: 'Cora' }, invitation })
  const started = await customer.expectSoon('started')
  const asked = await agent.expectSoon('asked')
  await customer.expectSoon('agent_requested')
  return { page, agent, customer, started, asked, invitation }
}

const listed = (search?: string, sdkKey = 'shop') =>
  house.server.presence.list(sdkKey, { pageSize: 30, ...(search === undefined ? {} : { search }) })
const ids = (search?: string, sdkKey?: string) => listed(search, sdkKey).devices.map(({ id }) => id)

async function refused(line: Line, code: number): Promise<void> {
  expect(await line.expectSoon('error')).toMatchObject({ code })
}

test('DEV-1 a page that registered is on the list of its key until its socket closes', async () => {
  const page = await present('device-1', { user_name: 'Cora', plan: 'gold' })
  expect(listed()).toEqual({
    total: 1,
    devices: [
      {
        id: 'device-1',
        customData: { user_name: 'Cora', plan: 'gold' },
        since: house.clock.now(),
        tabs: 1,
        inSession: false,
      },
    ],
  })
  expect(ids('', 'other')).toEqual([])
  await present('device-1', {}, { ...HELLO, sdkKey: 'other' })
  expect(ids('', 'other')).toEqual(['device-1'])
  await page.close()
  await (await present('device-2')).settle()
  expect(ids()).toEqual(['device-2'])
})

test('DEV-2 the tabs of a device are one device, and the one turned to last is invited', async () => {
  const first = await present()
  const second = await present()
  expect(listed().devices).toMatchObject([{ id: 'device-1', tabs: 2 }])
  const agent = await call()
  await first.expectSoon('invited')
  await agent.close()
  second.say({ type: 'focus' })
  await second.settle()
  await call('device-1', 'a2')
  await second.expectSoon('invited')
  await first.close()
  await second.settle()
  expect(listed().devices).toMatchObject([{ tabs: 1 }])
})

test('DEV-3 a page is listed only for a key that knows it, its site and customers without a token', async () => {
  const hello = (sdkKey: string) => ({ ...HELLO, sdkKey })
  await refused(await register('device-1', {}, hello('nobody')), 1104)
  await refused(await register('device-1', {}, hello('strict')), 1116)
  await refused(await register('device-1', {}, hello('quiet')), 1115)
  await refused(await register('device-1', {}, hello('listed')), 1109)
  await refused(await register('device-1', {}, { ...HELLO, version: 9 }), 1011)
  const line = await house.line({ origin: 'https://shop.example' })
  line.say({ type: 'register', ...hello('listed'), deviceId: 'device-1' })
  await line.expectSoon('registered')
})

test('DEV-4 custom data are a bounded list of texts, and are shown without characters that deceive', async () => {
  const many = Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`n${index}`, 'v']))
  for (const customData of [many, { a: 'x'.repeat(4_097) }, { a: 1 }, { '': 'x' }, ['x'], 'x', { a: { b: 'c' } }])
    await refused(await register('device-1', customData as unknown as CustomData), 1105)
  for (const deviceId of ['', 'a b c d e f', 'x'.repeat(65), 7]) await refused(await register(deviceId as string), 1105)
  const page = await present('device-1', {
    user_name: 'A\u202Enna\u0000\u200B',
    ...Object.fromEntries(Object.entries(many).slice(2)),
  })
  expect(listed().devices[0]?.customData).toMatchObject({ user_name: 'Anna' })
  page.say({ type: 'update', customData: { user_name: 'Berta' } })
  await page.settle()
  expect(listed().devices[0]?.customData).toEqual({ user_name: 'Berta' })
})

test('DEV-5 the list is searched by words and comes in pages', async () => {
  await present('device-1', { user_name: 'Cora Lind', city: 'Oslo' })
  await present('device-2', { user_name: 'Carl Lind', city: 'Bergen' })
  await present('device-3', { user_email: 'dora@lind.example' })
  expect(ids()).toEqual(['device-3', 'device-2', 'device-1'])
  expect(ids('lind')).toEqual(['device-3', 'device-2', 'device-1'])
  expect(ids('  LIND oslo ')).toEqual(['device-1'])
  expect(ids('vice-3')).toEqual(['device-3'])
  expect(ids('user_name')).toEqual([])
  const first = house.server.presence.list('shop', { pageSize: 2 })
  expect(first).toMatchObject({ total: 3, next: 'device-2' })
  const second = house.server.presence.list('shop', { pageSize: 2, after: 'device-2' })
  expect(second.devices.map(({ id }) => id)).toEqual(['device-1'])
  expect(second.next).toBe(undefined)
})

test('DEV-6 an address and a key have room for so many pages; a place that is free again is given again', async () => {
  const limits = { ...DEFAULT_LIMITS.presence, perAddress: 3, perKey: 2 }
  const small = await House.open({ keys: KEYS, limits: { presence: limits } })
  const enter = async (deviceId: string, sdkKey = 'shop') => {
    const line = await small.line()
    line.say({ type: 'register', version: PROTOCOL_VERSION, sdkKey, deviceId })
    return line
  }
  const first = await enter('device-1')
  await first.expectSoon('registered')
  await (await enter('device-2')).expectSoon('registered')
  const full = await enter('device-3')
  expect(await full.expectSoon('error')).toEqual({ type: 'error', code: 1102, retryAfter: 60 })
  await (await enter('device-1')).expectSoon('registered')
  await refused(await enter('device-1', 'other'), 1102)
  await first.close()
  await (await enter('device-1', 'other')).expectSoon('registered')
  await small.close()
})

test('HIST-20 keeps in the audit which agent called which device', async () => {
  await called('device-1')
  const { history } = house.server
  await history.flush()
  const { items } = await history.reader.audit('shop', { action: 'device.called', limit: 9 })
  expect(items).toMatchObject([{ userId: 'a1', userName: 'Ana', role: 'agent', details: { deviceId: 'device-1' } }])
})

test('DEV-7 a customer without a token gets a PIN, and is called as the page says', async () => {
  const customer = await startDevice({ customData: { user_email: 'cora@shop.example' } })
  await customer.expectSoon('started')
  const { pin, expiresAt } = await customer.expectSoon('pin')
  expect(pin).toMatch(/^\d{6}$/)
  expect(expiresAt - house.clock.now()).toBe(PIN_LIFETIME_MS)
  const agent = await house.asked(customer, pin)
  expect(agent.asked.customerName).toBe('cora@shop.example')
  customer.say({ type: 'new_pin' })
  const next = await customer.expectSoon('pin')
  const nameless = await startDevice({ deviceId: 'device-2' })
  await nameless.expectSoon('started')
  const other = await house.asked(nameless, (await nameless.expectSoon('pin')).pin)
  expect(other.asked.customerName).toBe('Customer')
  house.clock.advance(PIN_LIFETIME_MS)
  await refused(await house.join(next.pin, 'a9'), 1006)
})

test('DEV-8 only a key that allows it starts sessions without a token, and only from its sites', async () => {
  await refused(await startDevice({ sdkKey: 'nobody' }), 1104)
  await refused(await startDevice({ sdkKey: 'strict' }), 1116)
  await refused(await startDevice({ sdkKey: 'listed' }), 1109)
  const quiet = await startDevice({ sdkKey: 'quiet' })
  await quiet.expectSoon('started')
})

test('DEV-9 an address has room for so many sessions without a token', async () => {
  const limits = { ...DEFAULT_LIMITS.presence, sessionsPerAddress: 2 }
  const small = await House.open({ limits: { presence: limits } })
  const begin = async (deviceId: string) => {
    const line = await small.line()
    line.say({ type: 'start_device', version: PROTOCOL_VERSION, sdkKey: 'shop', deviceId })
    return line
  }
  const first = await begin('device-1')
  await first.expectSoon('started')
  await first.expectSoon('pin')
  await (await begin('device-2')).expectSoon('started')
  expect(await (await begin('device-3')).expectSoon('error')).toEqual({ type: 'error', code: 1102, retryAfter: 60 })
  first.say({ type: 'end' })
  await first.expectSoon('ended')
  await (await begin('device-3')).expectSoon('started')
  await small.close()
})

test('DEV-9 an address may start so many sessions without a token within 15 minutes, also when it ends them at once', async () => {
  const small = await House.open({ limits: { presence: { ...DEFAULT_LIMITS.presence, startsPerAddress: 3 } } })
  const begin = async () => {
    const line = await small.line()
    line.say({ type: 'start_device', ...HELLO, deviceId: 'device-1' })
    return line
  }
  const startAndEnd = async () => {
    const line = await begin()
    await line.expect('started')
    await line.expect('pin')
    line.say({ type: 'end' })
    await line.expect('ended')
  }
  for (let n = 0; n < 3; n++) await startAndEnd()
  expect(await (await begin()).expect('error')).toEqual({ type: 'error', code: 1102, retryAfter: 300 })
  small.clock.advance(300_000)
  await startAndEnd()
  await small.close()
})

test('OPS-211 counts pages and sessions without a token of one IPv6 network as those of one address', async () => {
  const presence = { ...DEFAULT_LIMITS.presence, perAddress: 1, sessionsPerAddress: 1 }
  const small = await House.open({ limits: { presence }, trustedProxies: ['127.0.0.1'] })
  const say = async (type: string, address: string) => {
    const line = await small.line({ headers: { 'x-forwarded-for': address } })
    line.say({ type, ...HELLO, deviceId: `device-${address.length}` })
    return line.expect(type === 'register' ? 'registered' : 'started').then(
      () => 'in',
      () => 'refused',
    )
  }
  for (const type of ['register', 'start_device']) {
    expect(await say(type, '2001:db8::1')).toBe('in')
    expect(await say(type, '2001:db8::ff')).toBe('refused')
    expect(await say(type, '2001:db8:0:1::1')).toBe('in')
  }
  await small.close()
})

test('DEV-10 an agent calls a device: the customer is asked, and no frame passes before the yes', async () => {
  const { customer, agent, asked, started } = await called()
  expect(asked).toMatchObject({ sessionId: started.sessionId, participant: 2, customerName: 'Cora' })
  customer.socket.send(encodeFrame({ kind: 'content', flags: 0, peer: 2, sequence: 1 }))
  customer.say({ type: 'consent', participant: 2, granted: true })
  customer.socket.send(encodeFrame({ kind: 'content', flags: 0, peer: 2, sequence: 2 }))
  await agent.expectSoon('joined')
  await customer.expectSoon('agent_joined')
  expect(listed().devices).toMatchObject([{ inSession: true }])
  expect((await agent.expectFrame()).readUInt32BE(4)).toBe(2)
  customer.say({ type: 'end' })
  expect(await agent.expectSoon('ended')).toMatchObject({ reason: 'customer_ended' })
  expect(listed().devices).toMatchObject([{ inSession: false }])
})

test('DEV-11 a session that an agent began is over with its last agent, and shows the customer no PIN', async () => {
  const declined = await called('device-1')
  declined.customer.say({ type: 'consent', participant: 2, granted: false })
  await refused(declined.agent, 1100)
  await declined.customer.expectSoon('agent_left')
  expect(await declined.customer.expectSoon('ended')).toMatchObject({ reason: 'customer_ended' })

  const unanswered = await called('device-2')
  house.clock.advance(AGENT_WAIT_MS)
  await refused(unanswered.agent, 1101)
  await unanswered.customer.expectSoon('agent_left')
  expect(await unanswered.customer.expectSoon('ended')).toMatchObject({ reason: 'expired' })

  const given = await called('device-3')
  given.agent.say({ type: 'leave' })
  await given.customer.expectSoon('agent_left')
  expect(await given.customer.expectSoon('ended')).toMatchObject({ reason: 'agent_ended' })

  const lost = await called('device-4')
  await lost.agent.close()
  await lost.customer.settle()
  house.clock.advance(RECOVERY_WINDOW_MS)
  await lost.customer.expectSoon('agent_left')
  expect(await lost.customer.expectSoon('ended')).toMatchObject({ reason: 'connection_lost' })
})

test('DEV-12 an invitation works once, for its device and key, while its agent waits', async () => {
  const page = await present()
  const other = await present('device-2')
  const agent = await call()
  const { invitation, userName } = await page.expectSoon('invited')
  expect(userName).toBe('Ana')
  await refused(await startDevice({ deviceId: 'device-2', invitation }), 1117)
  await refused(await startDevice({ sdkKey: 'other', invitation }), 1117)
  await refused(await startDevice({ invitation: 'x'.repeat(43) }), 1117)
  const customer = await startDevice({ invitation })
  await customer.expectSoon('started')
  await agent.expectSoon('asked')
  await refused(await startDevice({ invitation }), 1117)
  const impatient = await call('device-2', 'a2')
  const second = await other.expectSoon('invited')
  await impatient.close()
  await other.settle()
  await refused(await startDevice({ deviceId: 'device-2', invitation: second.invitation }), 1117)
})

test('DEV-13 the agent learns that the customer is gone, busy, or does not answer', async () => {
  await refused(await call('nobody-1'), 1112)
  const page = await present()
  const first = await call()
  const { invitation } = await page.expectSoon('invited')
  await refused(await call('device-1', 'a2'), 1113)
  house.clock.advance(INVITATION_WAIT_MS)
  await refused(first, 1114)
  await refused(await startDevice({ invitation }), 1117)

  const second = await call()
  page.say({ type: 'busy', invitation: (await page.expectSoon('invited')).invitation })
  await refused(second, 1113)

  const third = await call()
  await page.expectSoon('invited')
  await page.close()
  await refused(third, 1112)
})

test('DEV-14 a customer who goes to another page while an agent calls is invited there', async () => {
  const page = await present()
  const agent = await call()
  const { invitation } = await page.expectSoon('invited')
  const next = await present()
  const last = await present()
  await page.close()
  expect(await next.expectSoon('invited')).toMatchObject({ invitation })
  last.say({ type: 'focus' })
  expect(await last.expectSoon('invited')).toMatchObject({ invitation })
  next.say({ type: 'focus' })
  last.say({ type: 'focus' })
  const customer = await startDevice({ invitation })
  await customer.expectSoon('started')
  await agent.expectSoon('asked')
})

test('DEV-15 only an agent of the key may call, and only so often', async () => {
  await present()
  const line = await house.line()
  line.say({ type: 'call', version: PROTOCOL_VERSION, token: await house.token(1), deviceId: 'device-1' })
  await refused(line, 2001)
  await present('device-9', {}, { ...HELLO, sdkKey: 'other' })
  await refused(await call('device-9'), 1112)
  const calls = { ...DEFAULT_LIMITS.calls, perAgent: 1 }
  const small = await House.open({ limits: { calls } })
  for (const code of [1112, 1102]) {
    const again = await small.line()
    const token = await small.token(2, { userId: 'a1' })
    again.say({ type: 'call', version: PROTOCOL_VERSION, token, deviceId: 'device-1' })
    await refused(again, code)
  }
  await small.close()
})

test('DEV-16 a page in the background says little: anything else ends its socket, however long it has been there', async () => {
  const talker = await present('device-1')
  for (let index = 0; index < 30; index++) talker.say({ type: 'update', customData: { note: 'x'.repeat(4_000) } })
  await talker.settle()
  expect(ids()).toEqual(['device-1'])
  talker.say({ type: 'end' })
  await refused(talker, 1105)
  expect(ids()).toEqual([])
  const framer = await present('device-2')
  framer.socket.send(encodeFrame({ kind: 'content', flags: 0, peer: 2, sequence: 1 }))
  await refused(framer, 1105)
  const shouter = await present('device-3')
  shouter.socket.send(Buffer.alloc(300_000))
  await refused(shouter, 1106)
})

test('CFG-10 asks about an agent who called also where the PIN would do for a yes', async () => {
  await house.close()
  house = await House.open({ keys: [{ ...KEY, consent: 'agent_initiated' }] })
  expect((await called()).started.settings.consent).toBe('always')
  expect((await house.customer()).started.settings.consent).toBe('agent_initiated')
})

test('DEV-17 an agent who calls a device that has a session asks there, with the PIN still up', async () => {
  await present()
  const customer = await startDevice({})
  await customer.expectSoon('started')
  const { pin } = await customer.expectSoon('pin')
  expect(listed().devices).toMatchObject([{ inSession: false }])
  const agent = await call()
  const { participant } = await agent.expectSoon('asked')
  await customer.expectSoon('agent_requested')
  customer.say({ type: 'consent', participant, granted: true })
  await agent.expectSoon('joined')
  await customer.expectSoon('agent_joined')
  await refused(await call(), 1015)
  const second = await call('device-1', 'a2')
  await second.expectSoon('asked')
  await customer.expectSoon('agent_requested')
  await house.asked(customer, pin, 'a3')
})

test('DEV-18 an agent whose page was loaded again may call again, and the session that it began goes on', async () => {
  const { agent, customer } = await called()
  await agent.close()
  await customer.settle()
  const again = await call()
  expect(await again.expectSoon('asked')).toMatchObject({ participant: 3 })
  expect(await customer.expectSoon('agent_left')).toMatchObject({ participant: 2, reason: 'connection_lost' })
  expect(await customer.expectSoon('agent_requested')).toMatchObject({ participant: 3 })
})

test('DEV-19 an agent who calls is never let in by a page that spares the question for agents with the PIN', async () => {
  await house.close()
  house = await House.open({ keys: [{ ...KEY, consent: 'agent_initiated' }] })
  await present()
  const customer = await startDevice({})
  await customer.expectSoon('started')
  await customer.expectSoon('pin')
  await refused(await call(), 1113)
  await customer.settle()
  expect(customer.inbox).toEqual([])
})
