import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeKey } from '../key.ts'
import { ApiCaller } from '../testing/api-caller.ts'
import { API_SECRET, House, KEY, SECRET } from '../testing/house.ts'

const OTHER = { ...makeKey('other', SECRET), apiKey: 'other-api', apiSecrets: [API_SECRET] }
const SECOND = 1_000
const DAY = 86_400 * SECOND

interface Sessions {
  from?: string
  to?: string
  page_size: number
  next_page_token: string
  sessions: { session_id: string; session_pin: string }[]
}

let house: House
let caller: ApiCaller
let other: ApiCaller
beforeEach(async () => {
  house = await House.open({ keys: [KEY, OTHER] })
  caller = new ApiCaller(house)
  other = new ApiCaller(house, 'other-api')
})
afterEach(() => house.close())

const LIVE = '/cobrowsesdk/live_sessions'
const PAST = '/cobrowsesdk/past_sessions'

type Customer = Awaited<ReturnType<House['customer']>>

async function end({ line }: Customer): Promise<void> {
  line.say({ type: 'end' })
  await line.expect('ended')
}

/** Sessions that began a second apart, oldest first. */
async function startSessions(count: number): Promise<Customer[]> {
  const started: Customer[] = []
  for (let i = 0; i < count; i++) {
    started.push(await house.customer())
    house.clock.advance(SECOND)
  }
  return started
}

const idsOf = ({ sessions }: Sessions) => sessions.map(({ session_id }) => session_id)

test('REST-10 lists live sessions with their PIN and those who are in', async () => {
  const lonely = await house.customer()
  house.clock.advance(5 * SECOND)
  const { customer, agent } = await house.pair()
  expect(await caller.ok(LIVE)).toEqual({
    page_size: 30,
    next_page_token: '',
    sessions: [
      {
        session_id: customer.started.sessionId,
        start_time: '2030-01-01T00:00:05Z',
        session_pin: customer.pin,
        users: [
          { user_id: 'c1', user_name: 'Cora', role_type: 'customer' },
          { user_id: 'a1', user_name: 'Agent a1', role_type: 'agent' },
        ],
      },
      {
        session_id: lonely.started.sessionId,
        start_time: '2030-01-01T00:00:00Z',
        session_pin: lonely.pin,
        users: [{ user_id: 'c1', user_name: 'Cora', role_type: 'customer' }],
      },
    ],
  })
  expect(idsOf(await caller.ok(`${LIVE}?session_pin=${lonely.pin}`))).toEqual([lonely.started.sessionId])
  expect(idsOf(await caller.ok(`${LIVE}?session_pin=999999x`))).toEqual([])
  agent.line.say({ type: 'leave' })
  await customer.line.expect('agent_left')
  await end(lonely)
  expect(await caller.ok(LIVE)).toMatchObject({
    sessions: [{ session_id: customer.started.sessionId, users: [{ role_type: 'customer' }] }],
  })
})

test('REST-11 lists past sessions of the last 24 hours with their duration and all who were in', async () => {
  const { customer, agent } = await house.pair()
  house.clock.advance(61 * SECOND)
  agent.line.say({ type: 'leave' })
  await customer.line.expect('agent_left')
  expect(await caller.ok(PAST)).toMatchObject({ sessions: [] })
  await end(customer)
  house.clock.advance(9 * SECOND)
  expect(await caller.ok(PAST)).toEqual({
    from: '2029-12-31T00:01:10Z',
    to: '2030-01-01T00:01:10Z',
    page_size: 30,
    next_page_token: '',
    sessions: [
      {
        session_id: customer.started.sessionId,
        start_time: '2030-01-01T00:00:00Z',
        end_time: '2030-01-01T00:01:01Z',
        duration: '00:01:01',
        user_count: 2,
        session_pin: customer.pin,
        users: [
          { user_id: 'c1', user_name: 'Cora', role_type: 'customer' },
          { user_id: 'a1', user_name: 'Agent a1', role_type: 'agent' },
        ],
      },
    ],
  })
  house.clock.advance(DAY)
  expect(await caller.ok(PAST)).toMatchObject({ sessions: [] })
  expect(idsOf(await caller.ok(`${PAST}?from=2030-01-01&to=2030-01-01`))).toEqual([customer.started.sessionId])
})

test('REST-12 finds past sessions by start or end, id and PIN', async () => {
  const [first, second] = (await startSessions(2)) as [Customer, Customer]
  house.clock.advance(60 * SECOND)
  await end(first)
  house.clock.advance(60 * SECOND)
  await end(second)
  const [one, two] = [first.started.sessionId, second.started.sessionId]
  const find = async (query: string) => idsOf(await caller.ok(`${PAST}?${query}`))
  expect(await find('')).toEqual([two, one])
  expect(await find('from=2030-01-01T00:00:01Z&to=2030-01-01T00:00:59Z')).toEqual([two])
  expect(await find('from=2030-01-01T00:00:00Z&to=2030-01-01T00:01:30Z&time_type=end_time')).toEqual([one])
  expect(await find(`session_id=${one}`)).toEqual([one])
  expect(await find(`session_pin=${second.pin}`)).toEqual([two])
  expect(await find(`session_id=${one}&session_pin=${second.pin}`)).toEqual([])
})

test('REST-13 reads one session, live and past, and who joined it when', async () => {
  const { customer, agent } = await house.pair()
  const path = `/cobrowsesdk/sessions/${customer.started.sessionId}`
  const live = {
    session_id: customer.started.sessionId,
    start_time: '2030-01-01T00:00:00Z',
    session_pin: customer.pin,
    user_count: 2,
  }
  expect(await caller.ok(path)).toEqual(live)
  expect(await caller.ok(`${path}?session_type=live`)).toEqual(live)
  expect(await caller.refusal(`${path}?session_type=past`)).toMatchObject({ status: 404, code: 30300 })
  house.clock.advance(60 * SECOND)
  agent.line.say({ type: 'leave' })
  await customer.line.expect('agent_left')
  customer.line.say({ type: 'new_pin' })
  const { pin } = await customer.line.expect('pin')
  house.clock.advance(60 * SECOND)
  const again = await house.asked(customer.line, pin, 'a1')
  customer.line.say({ type: 'consent', participant: again.asked.participant, granted: true })
  await again.line.expect('joined')
  house.clock.advance(30 * SECOND)
  const users = {
    page_size: 30,
    next_page_token: '',
    users: [
      {
        user_connection_id: expect.any(String),
        user_id: 'c1',
        user_name: 'Cora',
        role_type: 'customer',
        ip_address: '127.0.0.1',
        join_time: '2030-01-01T00:00:00Z',
        duration: '00:02:30',
      },
      {
        user_connection_id: expect.any(String),
        user_id: 'a1',
        user_name: 'Agent a1',
        role_type: 'agent',
        ip_address: '127.0.0.1',
        join_time: '2030-01-01T00:00:00Z',
        leave_time: '2030-01-01T00:01:00Z',
        duration: '00:01:00',
      },
      {
        user_connection_id: expect.any(String),
        user_id: 'a1',
        user_name: 'Agent a1',
        role_type: 'agent',
        ip_address: '127.0.0.1',
        join_time: '2030-01-01T00:02:00Z',
        duration: '00:00:30',
      },
    ],
  }
  const listed = await caller.ok<typeof users>(`${path}/users`)
  expect(listed).toEqual(users)
  expect(new Set(listed.users.map(({ user_connection_id }) => user_connection_id)).size).toBe(3)
  await customer.line.expect('agent_joined')
  await end(customer)
  house.clock.advance(DAY)
  expect(await caller.ok(`${path}?session_type=past`)).toEqual({
    ...live,
    session_pin: pin,
    end_time: '2030-01-01T00:02:30Z',
    duration: '00:02:30',
  })
  expect(await caller.refusal(`${path}?session_type=live`)).toMatchObject({ status: 404, code: 30300 })
  expect(await caller.ok(`${path}/users`)).toMatchObject({
    users: [{ leave_time: '2030-01-01T00:02:30Z', duration: '00:02:30' }, {}, { leave_time: '2030-01-01T00:02:30Z' }],
  })
})

describe('REST-20 leads through all pages, each session once, whatever comes and goes meanwhile', () => {
  test('of live sessions', async () => {
    const started = await startSessions(62)
    const ids = started.map(({ started: { sessionId } }) => sessionId).reverse()
    const first = await caller.ok<Sessions>(LIVE)
    expect(idsOf(first)).toEqual(ids.slice(0, 30))
    await house.customer()
    await end(started[61] as Customer)
    const second = await caller.ok<Sessions>(`${LIVE}?next_page_token=${first.next_page_token}`)
    expect(idsOf(second)).toEqual(ids.slice(30, 60))
    const third = await caller.ok<Sessions>(`${LIVE}?page_size=300&next_page_token=${second.next_page_token}`)
    expect([idsOf(third), third.next_page_token]).toEqual([ids.slice(60), ''])
  })

  test('of past sessions, within the range of the first page', async () => {
    const started = await startSessions(31)
    for (const customer of started) await end(customer)
    const first = await caller.ok<Sessions>(`${PAST}?next_page_token=`)
    house.clock.advance(14 * 60 * SECOND)
    await end(await house.customer())
    const second = await caller.ok<Sessions>(`${PAST}?next_page_token=${first.next_page_token}`)
    expect(idsOf(second)).toEqual([started[0]?.started.sessionId])
    expect([second.from, second.to]).toEqual([first.from, first.to])
    house.clock.advance(60 * SECOND)
    expect(await caller.refusal(`${PAST}?next_page_token=${first.next_page_token}`)).toMatchObject({
      status: 400,
      code: 30101,
    })
  })

  test('of the users of a session', async () => {
    const customer = await house.customer()
    let { pin } = customer
    for (let i = 0; i < 30; i++) {
      const { line, asked } = await house.asked(customer.line, pin)
      customer.line.say({ type: 'consent', participant: asked.participant, granted: true })
      await customer.line.expect('agent_joined')
      line.say({ type: 'leave' })
      await customer.line.expect('agent_left')
      house.clock.advance(15_000)
      customer.line.say({ type: 'new_pin' })
      pin = (await customer.line.expect('pin')).pin
    }
    const path = `/cobrowsesdk/sessions/${customer.started.sessionId}/users`
    const first = await caller.ok<{ next_page_token: string; users: unknown[] }>(path)
    expect(first.users).toHaveLength(30)
    const query = `next_page_token=${first.next_page_token}`
    const second = await caller.ok(`${path}?${query}`)
    expect(second).toMatchObject({ next_page_token: '', users: [{ user_id: 'a30' }] })
    // A token leads nowhere but in its own list.
    const another = await house.customer()
    for (const strange of [LIVE, PAST, `/cobrowsesdk/sessions/${another.started.sessionId}/users`]) {
      expect(await caller.refusal(`${strange}?${query}`)).toMatchObject({ status: 400, code: 30101 })
    }
  })
})

test('REST-21 shows a key nothing of another one', async () => {
  const { customer } = await house.pair()
  const { sessionId } = customer.started
  expect(await other.ok(LIVE)).toMatchObject({ sessions: [] })
  expect(await other.ok(`${LIVE}?session_pin=${customer.pin}`)).toMatchObject({ sessions: [] })
  for (const path of [`/cobrowsesdk/sessions/${sessionId}`, `/cobrowsesdk/sessions/${sessionId}/users`]) {
    expect(await other.refusal(path)).toEqual({ status: 404, code: 30300, message: 'Session does not exist' })
    expect((await caller.fetch(path)).status).toBe(200)
  }
  await end(customer)
  expect(await other.ok(`${PAST}?session_id=${sessionId}`)).toMatchObject({ sessions: [] })
  expect(await caller.ok(`${PAST}?session_id=${sessionId}`)).toMatchObject({ sessions: [{}] })
})

describe('REST-22 refuses a parameter that is not as documented with 300 and its name', () => {
  test.each([
    [`${LIVE}?page_size=29`, 'page_size'],
    [`${LIVE}?page_size=301`, 'page_size'],
    [`${LIVE}?page_size=30.5`, 'page_size'],
    [`${LIVE}?page_size=many`, 'page_size'],
    [`${LIVE}?page_size=`, 'page_size'],
    [`${LIVE}?page_size=30&page_size=40`, 'page_size'],
    [`${LIVE}?session_pin=12345678901`, 'session_pin'],
    [`${LIVE}?session_pin=%27%20or%201`, 'session_pin'],
    [`${LIVE}?session_pin=`, 'session_pin'],
    [`${PAST}?time_type=start`, 'time_type'],
    [`${PAST}?from=yesterday`, 'from'],
    [`${PAST}?to=2029-02-30`, 'to'],
    [`${PAST}?from=2029-12-31&from=2030-01-01`, 'from'],
    [`${PAST}?from=2029-11-01&to=2029-12-31`, 'to'],
    [`${PAST}?from=2029-06-01&to=2029-06-30`, 'from'],
    ['/cobrowsesdk/sessions/x?session_type=both', 'session_type'],
    ['/cobrowsesdk/sessions/x/users?page_size=1', 'page_size'],
  ])('%s', async (path, name) => {
    const { status, code, message } = await caller.refusal(path)
    expect([status, code]).toEqual([400, 300])
    expect(message).toMatch(new RegExp(`^${name}: must .*\\.$`))
  })

  test('and a page token with 30101', async () => {
    for (const token of ['x', 'A'.repeat(500), '%00', '..%2f', "'"]) {
      expect(await caller.refusal(`${LIVE}?next_page_token=${token}`)).toMatchObject({ status: 400, code: 30101 })
    }
  })

  test('and a session that is not there with 30300, however its id is written', async () => {
    for (const id of ['x', 'A'.repeat(22), 'A'.repeat(90), '%00', '..%2f..', "'%20or%201=1", '%F0%9F%98%80']) {
      expect(await caller.refusal(`/cobrowsesdk/sessions/${id}`)).toMatchObject({ status: 404, code: 30300 })
      expect(await caller.refusal(`/cobrowsesdk/sessions/${id}/users`)).toMatchObject({ status: 404, code: 30300 })
    }
  })

  test('and ignores parameters that it does not know', async () => {
    expect(await caller.ok(`${LIVE}?page_number=2&from=x`)).toMatchObject({ sessions: [] })
  })
})
