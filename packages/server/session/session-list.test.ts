import { PROTOCOL_VERSION } from '@alongside/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeKey } from '../key.ts'
import { House, KEY, SECRET } from '../testing/house.ts'
import type { Line } from '../testing/line.ts'
import { mintToken } from '../token.ts'
import type { SessionPage } from './session-list.ts'

const BANK = makeKey('bank', SECRET)

let house: House
let token: string
beforeEach(async () => {
  house = await House.open({ keys: [KEY, BANK] })
  token = await house.token(2, { userId: 'a9', userName: 'Zoe' })
})
afterEach(() => house.close())

async function ask(query = '', bearer = token) {
  const headers = { authorization: `Bearer ${bearer}` }
  const response = await fetch(`${house.server.origin}/agent/sessions${query}`, { headers })
  return { status: response.status, headers: response.headers, body: (await response.json()) as SessionPage }
}

async function joinSession(sessionId: string, more: object = {}): Promise<Line> {
  const line = await house.line()
  line.say({ type: 'join_session', version: PROTOCOL_VERSION, token, sessionId, ...more })
  return line
}

test('SES-430 an agent’s token opens the list of its key’s open sessions, from any origin', async () => {
  const first = await house.customer()
  house.clock.advance(1_000)
  const { customer } = await house.pair()
  const { status, headers, body } = await ask()
  expect([status, headers.get('access-control-allow-origin')]).toEqual([200, '*'])
  const now = house.clock.now()
  expect(body).toEqual({
    sessions: [
      {
        id: customer.started.sessionId,
        customerName: 'Cora',
        site: '',
        since: now,
        state: 'live',
        agents: [{ userId: 'a1', userName: 'Agent a1' }],
        joinable: true,
      },
      {
        id: first.started.sessionId,
        customerName: 'Cora',
        site: '',
        since: now - 1_000,
        state: 'waiting',
        agents: [],
        joinable: true,
      },
    ],
    total: 2,
  })
  expect(JSON.stringify(body)).not.toContain(first.pin)
  expect((await ask('?search=agent%20cor')).body.total).toBe(1)
  expect((await ask('?search=nobody')).body).toEqual({ sessions: [], total: 0 })
  const page = (await ask('?page_size=1')).body
  expect(page).toMatchObject({ total: 2, next: customer.started.sessionId })
  expect((await ask(`?page_size=1&after=${page.next}`)).body.sessions.map(({ id }) => id)).toEqual([
    first.started.sessionId,
  ])
  const theirs = await mintToken(
    BANK,
    { role: 2, userId: 'b', userName: 'B', seconds: 1_800, enableByop: 0 },
    house.clock,
  )
  expect((await ask('', theirs)).body.total).toBe(0)
  expect((await ask('', await house.token(1))).status).toBe(401)
})

test('SES-431 one who joins from the list asks the customer as always, and the code stays', async () => {
  const { line: customer, started, pin } = await house.customer()
  const line = await joinSession(started.sessionId)
  await line.expectSoon('asked')
  expect(await customer.expectSoon('agent_requested')).toMatchObject({ userId: 'a9', userName: 'Zoe' })
  customer.say({ type: 'consent', participant: 2, granted: false })
  expect(await line.expectSoon('error')).toEqual({ type: 'error', code: 1100 })
  await customer.expectSoon('agent_left')
  const { pin: next } = await customer.expectSoon('pin')
  expect(next).not.toBe(pin)
  await (await joinSession(started.sessionId)).expectSoon('asked')
  await customer.expectSoon('agent_requested')
  await house.asked(customer, next)
})

test('SES-432 nobody is let in from the list without a question, into another key’s session, or where it is off', async () => {
  const { started } = await house.customer()
  const theirs = await mintToken(
    BANK,
    { role: 2, userId: 'b', userName: 'B', seconds: 1_800, enableByop: 0 },
    house.clock,
  )
  for (const [more, code] of [
    [{ token: theirs }, 1112],
    [{ sessionId: 'A'.repeat(22) }, 1112],
    [{ token: await house.token(1) }, 2001],
  ] as const)
    expect(await (await joinSession(started.sessionId, more)).expectSoon('error')).toEqual({ type: 'error', code })
  await house.close()
  house = await House.open({ keys: [{ ...KEY, consent: 'agent_initiated' }] })
  const loose = await house.customer()
  expect((await ask()).body.sessions).toMatchObject([{ joinable: false }])
  expect(await (await joinSession(loose.started.sessionId)).expectSoon('error')).toEqual({ type: 'error', code: 1119 })
  await house.close()
  house = await House.open({ keys: [{ ...KEY, features: { ...KEY.features, sessionList: false } }] })
  const off = await house.customer()
  expect(await ask()).toMatchObject({ status: 403, body: { code: 1115 } })
  expect(await (await joinSession(off.started.sessionId)).expectSoon('error')).toEqual({ type: 'error', code: 1115 })
})
