import { afterEach, expect, test } from 'vitest'
import { ApiCaller } from '../testing/api-caller.ts'
import { House } from '../testing/house.ts'

const MASK = { rules: [{ name: 'cards', mask_css_selectors: '.card' }], detectors: [] }

let house: House
afterEach(() => house.close())

async function ask(claims: object, method = 'GET', body?: unknown, role: 1 | 2 = 2, ifMatch?: string) {
  const token = await house.token(role, { userId: 'a1', userName: 'Ana', ...claims })
  const answer = await fetch(`${house.server.origin}/agent/mask`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return {
    status: answer.status,
    body: (await answer.json()) as Record<string, unknown>,
    tag: answer.headers.get('etag'),
  }
}
const MAY = { enableSettings: 1 } as const
const save = (mask: object, ifMatch?: string) => ask(MAY, 'PUT', mask, 2, ifMatch)

test('MSK-45 an agent whose token says so reads and changes what the key masks, and the audit says who', async () => {
  house = await House.open()
  const { line } = await house.customer()
  expect(await ask(MAY)).toMatchObject({ status: 200, body: { rules: [], detectors: [] } })
  expect(await ask(MAY, 'PUT', MASK)).toMatchObject({ status: 200, body: MASK })
  expect((await line.expect('mask')).mask.rules).toEqual([{ name: 'cards', maskCssSelectors: '.card' }])
  expect(await ask(MAY)).toMatchObject({ status: 200, body: MASK })
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
  expect(await ask(MAY)).toMatchObject({ status: 200, body: { rules: [], detectors: [] } })
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
  expect(await ask(MAY)).toMatchObject({ status: 200, body: { rules: [], detectors: [] } })
})

const OTHER = { rules: [{ name: 'names', mask_css_selectors: '.name' }], detectors: [] }

test('MSK-60 who saves over rules that somebody else changed since is refused, and changes nothing', async () => {
  house = await House.open()
  const { tag } = await ask(MAY)
  expect(tag).toMatch(/^"[0-9a-f]{64}"$/)
  expect((await ask(MAY)).tag).toBe(tag)
  const saved = await save(MASK, tag!)
  expect(saved).toMatchObject({ status: 200, body: MASK })
  expect(saved.tag).not.toBe(tag)
  expect(await save(OTHER, tag!)).toMatchObject({ status: 412, body: { code: 1123 } })
  expect(await ask(MAY)).toMatchObject({ body: MASK, tag: saved.tag })
  for (const none of ['', '"none"', '"none", W/"other"'])
    expect(await save(OTHER, none), none).toMatchObject({ status: 412, body: { code: 1123 } })
  const { events } = await new ApiCaller(house).ok<{ events: { action: string }[] }>('/alongside/audit_events')
  expect(events.filter(({ action }) => action === 'settings.changed')).toHaveLength(1)
  const again = await save(OTHER, `"none", ${saved.tag}`)
  expect(again.body).toEqual(OTHER)
  expect((await save(MASK)).status).toBe(200)
  expect((await save(OTHER, '*')).status).toBe(200)
})

test('MSK-60 of two that save at once one is refused', async () => {
  house = await House.open()
  const { tag } = await ask(MAY)
  const both = await Promise.all([save(MASK, tag!), save(OTHER, tag!)])
  expect(both.map(({ status }) => status).sort()).toEqual([200, 412])
  expect((await ask(MAY)).body).toEqual(both.find(({ status }) => status === 200)!.body)
})

test.each(['W/"TAG"', '"TAG-gzip"'])('MSK-60 a tag that a proxy which compresses made %s is taken', async (form) => {
  house = await House.open()
  const tag = (await ask(MAY)).tag!.slice(1, -1)
  expect((await save(MASK, form.replace('TAG', tag))).status).toBe(200)
  expect((await save(OTHER, form.replace('TAG', tag))).status).toBe(412)
})

test('MSK-60 a page of another origin may read the tag and send it', async () => {
  house = await House.open()
  const options = await fetch(`${house.server.origin}/agent/mask`, { method: 'OPTIONS' })
  expect(options.headers.get('access-control-allow-methods')).toBe('GET, PUT')
  expect(options.headers.get('access-control-allow-headers')).toMatch(/\bif-match\b/)
  const token = await house.token(2, { userId: 'a1', userName: 'Ana', ...MAY })
  const headers = { authorization: `Bearer ${token}` }
  const read = await fetch(`${house.server.origin}/agent/mask`, { headers })
  expect(read.headers.get('access-control-expose-headers')).toBe('etag')
})

test('MSK-60 settings over REST are refused the same, whoever changed them and what', async () => {
  house = await House.open()
  const caller = new ApiCaller(house)
  const path = '/alongside/settings'
  const patch = (body: object, tag: string) => caller.fetch(path, 'PATCH', body, { 'if-match': tag })
  const tagNow = async () => (await caller.fetch(path)).headers.get('etag')!
  const first = await tagNow()
  await save(MASK)
  const refused = await patch({ company: 'Shop' }, first)
  expect([refused.status, ((await refused.json()) as { code: number }).code]).toEqual([412, 412])
  expect(await caller.ok(path)).toMatchObject({ company: null, mask: MASK })
  const taken = await patch({ company: 'Shop' }, await tagNow())
  expect(taken.status).toBe(200)
  expect(taken.headers.get('etag')).toBe(await tagNow())
})
