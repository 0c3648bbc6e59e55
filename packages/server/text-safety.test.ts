import { cleanText, PROTOCOL_VERSION } from '@alongside/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ApiCaller } from './testing/api-caller.ts'
import { HOSTILE_TEXTS, NOT_SHOWABLE } from './testing/hostile-texts.ts'
import { House, KEY } from './testing/house.ts'
import type { Line } from './testing/line.ts'
import { LogText } from './testing/log-text.ts'
import { Receiver, settled } from './testing/receiver.ts'

const version = PROTOCOL_VERSION

/** As much of a text as a name may have. */
const asName = (text: string) => [...text].slice(0, 80).join('')
/** Those of which something remains to be shown. */
const NAMES = HOSTILE_TEXTS.map(([, text]) => asName(text)).filter(cleanText)

let house: House
let api: ApiCaller
let receiver: Receiver
let logged: LogText
/** Everything that left the server. */
let seen: unknown[]
beforeEach(async () => {
  receiver = await Receiver.open()
  logged = new LogText()
  seen = []
  const webhooks = { allowPrivateAddresses: true }
  const keys = [{ ...KEY, webhooks: [receiver.webhook] }]
  house = await House.open({ keys, log: logged.log, webhooks })
  api = new ApiCaller(house)
})
afterEach(async () => {
  await house.close()
  await receiver.close()
})

/** Every text in a value, names of fields too. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) => [name, ...textsIn(one)])
}

const unsafeIn = (value: unknown) => textsIn(value).filter((text) => NOT_SHOWABLE.test(text))

async function line(): Promise<Line> {
  const opened = await house.line()
  opened.socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) seen.push(JSON.parse(data.toString()))
  })
  return opened
}

/** A session whose customer, agent and invited colleague have that name, and what anybody can read of it. */
async function play(userName: string): Promise<void> {
  const customer = await line()
  customer.say({ type: 'start', version, token: await house.token(1, { userName }) })
  await customer.expect('started')
  const { pin: pinCode } = await customer.expect('pin')
  const agent = await line()
  agent.say({ type: 'join', version, token: await house.token(2, { userId: 'a', userName }), pinCode })
  const { participant } = await agent.expect('asked')
  await customer.expect('agent_requested')
  customer.say({ type: 'consent', participant, granted: true })
  await agent.expect('joined')
  agent.say({ type: 'make_link', userName })
  const { link } = await agent.expect('link_made')
  const colleague = await line()
  colleague.say({ type: 'join_link', version, link })
  await colleague.expect('asked')
  seen.push(await api.ok('/cobrowsesdk/live_sessions'), await listForAgents('sessions'))
  customer.say({ type: 'end' })
  await customer.settle()
}

async function listForAgents(what: 'sessions' | 'devices'): Promise<unknown> {
  const headers = { authorization: `Bearer ${await house.token(2)}` }
  return (await fetch(`${house.server.origin}/agent/${what}`, { headers })).json()
}

test('TXT-3 names reach nobody with what does not belong into them: lines, lists, REST, webhooks, audit, log', async () => {
  expect(NAMES.filter((name) => NOT_SHOWABLE.test(name)).length).toBeGreaterThan(20)
  for (const name of NAMES) await play(name)
  await house.server.history.flush()
  await settled(house, () => receiver.deliveries.filter(({ body }) => /ended/.test(body.event)).length === NAMES.length)
  seen.push(
    await api.ok('/cobrowsesdk/past_sessions?page_size=300'),
    await api.ok('/alongside/audit_events?page_size=300'),
  )
  seen.push(...receiver.deliveries.map(({ body }) => body))
  expect(textsIn(seen).length).toBeGreaterThan(NAMES.length * 50)
  expect(unsafeIn(seen)).toEqual([])
  expect(receiver.deliveries.map(({ raw }) => raw).filter((raw) => /[\p{Cc}\u2028\u2029]/u.test(raw))).toEqual([])
  expect(logged.text.split('\n').filter((one) => /[\p{Cc}\p{Cf}\u2028\u2029]/u.test(one))).toEqual([])
})

test('TXT-3 a name of which nothing can be shown is refused, in a token and in a link', async () => {
  const userName = '\u202e\u3164\u2800\ufe0f'
  const customer = await line()
  customer.say({ type: 'start', version, token: await house.token(1, { userName }) })
  expect(await customer.expect('error')).toMatchObject({ code: 2001 })
  const { agent } = await house.pair()
  agent.line.say({ type: 'make_link', userName })
  expect(await agent.line.expectSoon('error')).toMatchObject({ code: 1105 })
})

test('TXT-2 an id with hidden characters is refused wherever one is given, and kept as it is otherwise', async () => {
  const { agent, customer } = await house.pair()
  const { sessionId } = customer.started
  for (const userId of ['a\u200b1', 'a\n1', 'a\u0000', '\u202ea1', '\ud800']) {
    const join = await line()
    join.say({ type: 'join', version, token: await house.token(2, { userId }), pinCode: '000000' })
    expect(await join.expect('error')).toMatchObject({ code: 2001 })
    const refusal = await api.refusal(`/alongside/sessions/${sessionId}/agent_links`, 'POST', {
      user_id: userId,
      user_name: 'Ann',
    })
    expect(refusal).toMatchObject({ status: 400, code: 300 })
    expect(refusal.message).toContain('user_id')
  }
  agent.line.say({ type: 'make_link', userName: 'Ann', userId: 'DOMAIN\\ann <ann@shop.example> 李' })
  await agent.line.expectSoon('link_made')
  agent.line.say({ type: 'make_link', userName: 'Ann', userId: 'a\u0000' })
  expect(await agent.line.expectSoon('error')).toMatchObject({ code: 1105 })
})

test('TXT-3 custom data and the company reach nobody with it either', async () => {
  for (const [index, text] of NAMES.entries()) {
    const device = await line()
    const customData = { user_name: text, [`note ${text}`.slice(0, 60)]: text }
    device.say({ type: 'register', version, sdkKey: 'shop', deviceId: `device-${index}`, customData })
    await device.expect('registered')
    const answer = await api.fetch('/alongside/settings', 'PATCH', { company: text })
    seen.push(await answer.json())
  }
  const customer = await line()
  customer.say({ type: 'start', version, token: await house.token(1) })
  await customer.expect('started')
  seen.push(await listForAgents('devices'), await api.ok('/alongside/devices?page_size=300'))
  expect(textsIn(seen).length).toBeGreaterThan(NAMES.length * 5)
  expect(unsafeIn(seen)).toEqual([])
})

test.each([
  'https://shop.example/\u009b2J',
  'https://shop.ex\u00e4mple',
  'HTTPS://Shop.example',
  '=cmd()',
  'https://a@shop.example',
])('TXT-5 an Origin that is none, %j, is told to nobody', async (origin) => {
  const starts = [origin, 'https://xn--shp-jmc.example']
  for (const [index, header] of starts.entries()) {
    const customer = await house.line({ headers: { origin: header } })
    customer.say({ type: 'start', version, token: await house.token(1, { userId: `c${index}` }) })
    await customer.expect('started')
    await house.server.history.flush()
    const { body } = await receiver.next(house)
    // Control: a real one is told as it came, in punycode.
    expect(body.payload.object.start_url).toBe(index === 0 ? undefined : header)
    await receiver.next(house)
    customer.say({ type: 'end' })
    await customer.settle()
    await house.server.history.flush()
    await receiver.next(house)
    await receiver.next(house)
  }
})
