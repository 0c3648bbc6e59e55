import { PROTOCOL_VERSION } from '@alongside/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ApiCaller } from '../testing/api-caller.ts'
import { API_SECRET, House, KEY } from '../testing/house.ts'

const OTHER = { ...KEY, sdkKey: 'other', apiKey: 'other-api', apiSecrets: [API_SECRET] }
const QUIET = {
  ...KEY,
  sdkKey: 'quiet',
  apiKey: 'quiet-api',
  apiSecrets: [API_SECRET],
  features: { ...KEY.features, presence: false },
}

let house: House
let caller: ApiCaller
beforeEach(async () => {
  house = await House.open({ keys: [KEY, OTHER, QUIET] })
  caller = new ApiCaller(house)
})
afterEach(() => house.close())

interface Page {
  page_size: number
  next_page_token: string
  total: number
  devices: { device_id: string; custom_data: Record<string, string> }[]
}

async function present(deviceId: string, customData = {}) {
  const line = await house.line()
  line.say({ type: 'register', version: PROTOCOL_VERSION, sdkKey: 'shop', deviceId, customData })
  await line.expect('registered')
  return line
}

test('DEV-20 REST lists the present devices of the key, searched and in pages', async () => {
  for (let index = 0; index < 31; index++) await present(`device-${index}`, { user_name: `Customer ${index}` })
  const first = await caller.ok<Page>('/alongside/devices')
  expect(first).toMatchObject({ page_size: 30, total: 31 })
  expect(first.devices[0]).toEqual({
    device_id: 'device-30',
    custom_data: { user_name: 'Customer 30' },
    online_since: '2030-01-01T00:00:00Z',
    tabs: 1,
    in_session: false,
  })
  const second = await caller.ok<Page>(`/alongside/devices?next_page_token=${first.next_page_token}`)
  expect(second.devices.map(({ device_id }) => device_id)).toEqual(['device-0'])
  expect(second.next_page_token).toBe('')
  expect((await caller.ok<Page>('/alongside/devices?search=CUSTOMER%2017')).devices).toMatchObject([
    { device_id: 'device-17' },
  ])
  expect((await new ApiCaller(house, 'other-api').ok<Page>('/alongside/devices')).devices).toEqual([])
  expect(await new ApiCaller(house, 'quiet-api').refusal('/alongside/devices')).toMatchObject({ status: 403 })
  expect(await caller.refusal('/alongside/devices?page_size=7')).toMatchObject({ status: 400, code: 300 })
})

test('DEV-21 REST starts a session on a device: its link calls the customer for the named agent, once', async () => {
  const page = await present('device-1', { user_name: 'Cora' })
  const path = '/alongside/devices/device-1/sessions'
  const ann = { user_id: 'ann', user_name: 'Ann' }
  const { url } = await caller.ok<{ url: string }>(path, 'POST', ann)
  expect(url).toMatch(/\/desk\/link#key=shop&link=[\w-]{43}$/)
  const link = new URLSearchParams(new URL(url).hash.slice(1)).get('link')
  const join = async () => {
    const line = await house.line()
    line.say({ type: 'join_link', version: PROTOCOL_VERSION, link })
    return line
  }
  const agent = await join()
  const { invitation, userName } = await page.expect('invited')
  expect(userName).toBe('Ann')
  const customer = await house.line()
  customer.say({
    type: 'start_device',
    version: PROTOCOL_VERSION,
    sdkKey: 'shop',
    deviceId: 'device-1',
    customData: { user_name: 'Cora' },
    invitation,
  })
  await customer.expect('started')
  expect(await customer.expect('agent_requested')).toMatchObject({ userId: 'ann', userName: 'Ann' })
  expect(await agent.expect('asked')).toMatchObject({ customerName: 'Cora' })
  expect(await (await join()).expect('error')).toMatchObject({ code: 1118 })
  expect(await new ApiCaller(house, 'other-api').refusal(path, 'POST', ann)).toMatchObject({ status: 404, code: 30300 })
  expect(await caller.refusal('/alongside/devices/nobody/sessions', 'POST', ann)).toMatchObject({ status: 404 })
  expect(await caller.refusal(path, 'POST', { user_id: '' })).toMatchObject({ status: 400, code: 300 })
})

test('DEV-22 an agent’s token opens the list of its key, on any origin, and nothing else does', async () => {
  await present('device-1', { user_name: 'Cora' })
  const list = (token: string, query = '') =>
    fetch(`${house.server.origin}/agent/devices${query}`, { headers: { authorization: `Bearer ${token}` } })
  const answer = await list(await house.token(2), '?search=cora')
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
  expect(await answer.json()).toMatchObject({
    total: 1,
    devices: [{ id: 'device-1', customData: { user_name: 'Cora' } }],
  })
  for (const token of [await house.token(1), 'x.y.z', ''])
    expect([(await list(token)).status, (await (await list(token)).json()).code]).toEqual([401, 2001])
  expect((await list(await house.token(2), '?page_size=0')).status).toBe(400)
  const asked = await fetch(`${house.server.origin}/agent/devices`, { method: 'OPTIONS' })
  expect([asked.status, asked.headers.get('access-control-allow-headers')]).toEqual([
    204,
    'authorization, content-type, if-match',
  ])
})
