import { afterEach, expect, test } from 'vitest'
import { ApiCaller } from '../testing/api-caller.ts'
import { House } from '../testing/house.ts'

const MASK = { rules: [{ name: 'cards', mask_css_selectors: '.card' }], detectors: [] }

let house: House
afterEach(() => house.close())

async function ask(claims: object, method = 'GET', body?: unknown, role: 1 | 2 = 2) {
  const token = await house.token(role, { userId: 'a1', userName: 'Ana', ...claims })
  const answer = await fetch(`${house.server.origin}/agent/mask`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
const MAY = { enableSettings: 1 } as const

test('MSK-45 an agent whose token says so reads and changes what the key masks, and the audit says who', async () => {
  house = await House.open()
  const { line } = await house.customer()
  expect(await ask(MAY)).toEqual({ status: 200, body: { rules: [], detectors: [] } })
  expect(await ask(MAY, 'PUT', MASK)).toEqual({ status: 200, body: MASK })
  expect((await line.expect('mask')).mask.rules).toEqual([{ name: 'cards', maskCssSelectors: '.card' }])
  expect(await ask(MAY)).toEqual({ status: 200, body: MASK })
  const caller = new ApiCaller(house)
  expect(await caller.ok('/alongside/settings')).toMatchObject({ mask: MASK })
  const { events } = await caller.ok<{ events: object[] }>('/alongside/audit_events')
  expect(events).toContainEqual(
    expect.objectContaining({
      action: 'settings.changed',
      user_id: 'a1',
      details: { change: JSON.stringify({ mask: MASK }) },
    }),
  )
})

test('MSK-45 any other token is refused, and changes nothing', async () => {
  house = await House.open()
  for (const method of ['GET', 'PUT']) {
    const body = method === 'PUT' ? MASK : undefined
    expect(await ask({}, method, body)).toMatchObject({ status: 403, body: { code: 1122 } })
    expect(await ask(MAY, method, body, 1)).toMatchObject({ status: 401, body: { code: 2001 } })
  }
  expect(await ask(MAY)).toEqual({ status: 200, body: { rules: [], detectors: [] } })
})

test.each([
  [{ rules: [{ name: 'a', mask_css_selectors: '.a[' }], detectors: [] }, 400, 'rules.0.mask_css_selectors'],
  [{ rules: [] }, 400, 'detectors'],
  [[], 400, 'body'],
  ['{', 400, 'body'],
  [`{"rules":"${'x'.repeat(20_000)}"}`, 413, 'body'],
])('MSK-45 a body that is not as documented is refused by name: %#', async (body, status, setting) => {
  house = await House.open()
  expect(await ask(MAY, 'PUT', body)).toMatchObject({ status, body: { code: 1103, setting } })
  expect(await ask(MAY)).toEqual({ status: 200, body: { rules: [], detectors: [] } })
})
