import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeKey } from '../key.ts'
import { ApiCaller } from '../testing/api-caller.ts'
import { API_SECRET, House, KEY, SECRET } from '../testing/house.ts'

const OTHER = { ...makeKey('other', SECRET), apiKey: 'other-api', apiSecrets: [API_SECRET] }
const PATH = '/alongside/audit_events'

interface Events {
  from: string
  to: string
  next_page_token: string
  events: { event_id: number; action: string; session_id?: string }[]
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

test('REST-50 tells what was done in a session and in all of the key, the newest first', async () => {
  const { customer, agent } = await house.pair()
  const second = await house.customer()
  house.clock.advance(5_000)
  agent.line.say({ type: 'leave' })
  await customer.line.expect('agent_left')
  const { sessionId } = customer.started
  const path = `/alongside/sessions/${sessionId}/audit_events`
  const { events } = await caller.ok<Events>(path)
  const actions = events.map(({ action }) => action)
  expect(actions).toEqual(expect.arrayContaining(['session.started']))
  expect(actions.at(-1)).toBe('session.started')
  expect(events.every((event) => event.session_id === sessionId)).toBe(true)
  expect(events.map(({ event_id }) => event_id)).toEqual(events.map(({ event_id }) => event_id).sort((a, b) => b - a))
  expect(events[0]).toMatchObject({ time: '2030-01-01T00:00:05Z', user_id: 'a1', role_type: 'agent' })
  const all = await caller.ok<Events>(PATH)
  expect([all.from, all.to]).toEqual(['2029-12-31T00:00:05Z', '2030-01-01T00:00:05Z'])
  expect(new Set(all.events.map(({ session_id }) => session_id))).toEqual(
    new Set([sessionId, second.started.sessionId]),
  )
  const started = await caller.ok<Events>(`${PATH}?action=session.started`)
  expect(started.events.map(({ session_id }) => session_id)).toEqual([second.started.sessionId, sessionId])
  expect(JSON.stringify(all)).not.toContain(customer.pin)
})

test('REST-51 shows a key no event of another one, and refuses bad parameters', async () => {
  const { started } = await house.customer()
  const path = `/alongside/sessions/${started.sessionId}/audit_events`
  expect(await other.ok(PATH)).toMatchObject({ events: [] })
  expect(await other.refusal(path)).toMatchObject({ status: 404, code: 30300 })
  expect(await caller.refusal(`${PATH}?page_size=1`)).toMatchObject({ status: 400, code: 300 })
  expect(await caller.refusal(`${PATH}?from=x`)).toMatchObject({ status: 400, code: 300 })
  expect(await caller.refusal(`${PATH}?next_page_token=x`)).toMatchObject({ status: 400, code: 30101 })
  expect(await caller.refusal(`${path}?next_page_token=x`)).toMatchObject({ status: 400, code: 30101 })
})

test('REST-53 tells what the back end itself did', async () => {
  const { line, started } = await house.customer()
  const session = `/alongside/sessions/${started.sessionId}`
  await caller.ok(`${session}/agent_links`, 'POST', { user_id: 'ann', user_name: 'Ann' })
  await caller.ok(`${session}/end`, 'POST')
  await line.expect('ended')
  const page = await house.line()
  page.say({ type: 'register', version: 1, sdkKey: 'shop', deviceId: 'device-1' })
  await page.expect('registered')
  await caller.ok('/alongside/devices/device-1/sessions', 'POST', { user_id: 'ben', user_name: 'Ben' })
  await caller.ok('/alongside/settings', 'PATCH', { features: { presence: false } })
  const { events } = await caller.ok<Events>(PATH)
  const own = events.filter(({ action }) => /by_api|link|settings/.test(action))
  expect(own).toMatchObject([
    { action: 'settings.changed', details: { change: '{"features":{"presence":false}}' } },
    { action: 'agent.link_made', user_id: 'ben', user_name: 'Ben', details: { deviceId: 'device-1' } },
    { action: 'session.ended_by_api', session_id: started.sessionId },
    { action: 'agent.link_made', session_id: started.sessionId, user_id: 'ann', user_name: 'Ann' },
  ])
})

test('REST-52 leads through all events page by page, each once', async () => {
  for (let i = 0; i < 35; i++) await house.customer()
  for (const path of [`${PATH}?action=session.started`, PATH]) {
    const seen: number[] = []
    for (let token = ''; ; ) {
      const sign = path.includes('?') ? '&' : '?'
      const page = await caller.ok<Events>(`${path}${token && `${sign}next_page_token=${token}`}`)
      expect(page.events.length).toBeLessThanOrEqual(30)
      seen.push(...page.events.map(({ event_id }) => event_id))
      token = page.next_page_token
      if (!token) break
    }
    expect(seen.length).toBeGreaterThanOrEqual(35)
    expect(new Set(seen).size).toBe(seen.length)
  }
})
