import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { PROTOCOL_VERSION } from '@alongside/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ApiCaller } from '../testing/api-caller.ts'
import { House } from '../testing/house.ts'

let house: House
beforeEach(async () => {
  house = await House.open({ trustedProxies: ['127.0.0.1'] })
})
afterEach(() => house.close())

const get = (path: string, init?: RequestInit) => fetch(house.server.origin + path, init)

/** What the server answers to bytes as they are, until it closes. */
async function say(bytes: string): Promise<string> {
  const socket = connect(house.server.port, '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => {})
  socket.end(bytes, 'latin1')
  return text(socket).catch(() => '')
}

const statuses = (answer: string) => [...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status))

/** One address of each kind, with the status it answers. */
const ADDRESSES: [string, number][] = [
  ['/healthz', 200],
  ['/desk', 401],
  ['/sdkapi/zcb/frame-templates/desk', 401],
  ['/replica', 200],
  ['/static/resource/sdk/shop/js', 200],
  ['/static/resource/sdk/nobody/js', 200],
  ['/agent/devices', 401],
  ['/agent/sessions', 401],
  ['/assets/none/none', 404],
  ['/v2/cobrowsesdk/live_sessions', 401],
  ['/v2/openapi.json', 200],
  ['/nothing/here', 404],
  ['/%', 400],
]

test('SEC-1 every answer says how it is to be read, refusals too', async () => {
  for (const [path, status] of ADDRESSES) {
    const answer = await get(path)
    expect([path, answer.status]).toEqual([path, status])
    const headers = Object.fromEntries(answer.headers)
    expect(headers, path).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
    expect(headers['content-type'], path).toMatch(/charset=utf-8/)
    for (const name of ['set-cookie', 'server', 'x-powered-by', 'strict-transport-security'])
      expect(headers[name], `${path} ${name}`).toBeUndefined()
    if (/javascript/.test(headers['content-type'] ?? '')) continue
    expect(headers['content-security-policy'], path).toMatch(/^default-src 'none'/)
    expect(headers['content-security-policy'], path).toMatch(/base-uri 'none'/)
    if (!/json/.test(headers['content-type'] ?? '')) continue
    expect(headers['content-security-policy'], path).toMatch(/frame-ancestors 'none'/)
    // That a picture is missing is told to the agents' pages of any site.
    const policy = path.startsWith('/assets/') ? 'cross-origin' : 'same-origin'
    expect(headers['cross-origin-resource-policy'], path).toBe(policy)
  }
})

test('SEC-2 browsers are told to come by HTTPS only where a trusted proxy says that they did', async () => {
  const headers = { 'x-forwarded-proto': 'https' }
  for (const path of ['/healthz', '/desk', '/nothing/here'])
    expect((await get(path, { headers })).headers.get('strict-transport-security')).toBe('max-age=31536000')
  await house.close()
  house = await House.open()
  expect((await get('/healthz', { headers })).headers.get('strict-transport-security')).toBeNull()
})

test.each([
  'shop.example:99999',
  'shop.example/desk',
  'user@shop.example',
  'shop.example#',
  'shop.example?x',
  'shop example',
  '"><script>alert(1)</script>',
  'shop.example, evil.example',
  'shop.example\\evil',
  '[::1',
  '%73hop.example',
  'sh\u00f6p.example',
  ':80',
  'a'.repeat(300),
])('SEC-3 a Host header that is none, %j, is refused', async (host) => {
  expect(statuses(await say(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`))).toEqual([400])
})

test.each(['shop.example', 'shop.example:8443', '127.0.0.1:4000', '[::1]:4000', 'a_b.internal', 'LOCALHOST'])(
  'SEC-3 control: %s is a host, and links are made of it',
  async (host) => {
    expect(statuses(await say(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`))).toEqual([200])
  },
)

test('SEC-3 probes of HTTP/1.0 need none', async () => {
  expect(statuses(await say('GET /healthz HTTP/1.0\r\n\r\n'))).toEqual([200])
})

const HOST = 'Host: shop.example\r\n'
const SECOND = `GET /healthz HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`

test.each([
  ['two lengths', `POST /v2/x HTTP/1.1\r\n${HOST}Content-Length: 5\r\nContent-Length: 0\r\n\r\n`],
  ['a list of lengths', `POST /v2/x HTTP/1.1\r\n${HOST}Content-Length: 0, 0\r\n\r\n`],
  [
    'a length and chunks',
    `POST /v2/x HTTP/1.1\r\n${HOST}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  ['a length with a sign', `POST /v2/x HTTP/1.1\r\n${HOST}Content-Length: +0\r\n\r\n`],
  ['a length in hexadecimal', `POST /v2/x HTTP/1.1\r\n${HOST}Content-Length: 0x0\r\n\r\n`],
  ['a coding that is none', `POST /v2/x HTTP/1.1\r\n${HOST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
  ['chunks that are not last', `POST /v2/x HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
  ['a space before the colon', `POST /v2/x HTTP/1.1\r\n${HOST}Content-Length : 0\r\n\r\n`],
  ['a folded header', `GET /v2/x HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`],
  ['a header without a name', `GET /v2/x HTTP/1.1\r\n${HOST}: a\r\n\r\n`],
  ['a NUL in a header', `GET /v2/x HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`],
  ['a bare carriage return', `GET /v2/x HTTP/1.1\r\n${HOST}X: a\rY: b\r\n\r\n`],
  ['a chunk with a wrong size', `POST /v2/x HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`],
  ['no host', 'GET /v2/x HTTP/1.1\r\n\r\n'],
  ['two hosts', `GET /v2/x HTTP/1.1\r\n${HOST}Host: evil.example\r\n\r\n`],
  ['another protocol', `GET /v2/x HTTP/9.9\r\n${HOST}\r\n`],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
])(
  'SEC-4 a request that two servers could read in two ways, with %s, is refused and nothing behind it is read',
  async (_name, bytes) => {
    const answer = await say(bytes + SECOND)
    expect(statuses(answer).every((status) => status >= 400)).toBe(true)
    expect(statuses(answer).length).toBeLessThanOrEqual(1)
    expect(answer).not.toContain('"ok"')
  },
)

test('SEC-4 control: what comes behind a sound request is read', async () => {
  expect(statuses(await say(`GET /replica HTTP/1.1\r\n${HOST}\r\n${SECOND}`))).toEqual([200, 200])
})

test.each(['TRACE', 'TRACK', 'CONNECT', 'PROPFIND', 'PATCH', 'DELETE', 'PUT', 'get', 'X'])(
  'SEC-5 nothing answers to %s where it was not made to',
  async (method) => {
    const answer = await say(
      `${method} /healthz HTTP/1.1\r\n${HOST}X-Secret: echo-me\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    )
    expect(statuses(answer).every((status) => status >= 400 && status < 500)).toBe(true)
    expect(answer).not.toContain('echo-me')
  },
)

const MARK = 'mark-of-the-caller'

test('SEC-6 no refusal repeats what was sent, or tells of the inside', async () => {
  const authorization = `Bearer ${await new ApiCaller(house).token()}`
  const json = { 'content-type': 'application/json', authorization }
  const calls: [string, RequestInit][] = [
    [`/${MARK}?${MARK}=${MARK}`, {}],
    [`/%E0%A4%A${MARK}`, {}],
    [`/desk?access_token=${MARK}`, {}],
    [`/replica?mode=${MARK}`, {}],
    [`/v2/${MARK}`, { headers: json }],
    [`/v2/cobrowsesdk/sessions/${MARK}`, { headers: json }],
    [`/v2/cobrowsesdk/live_sessions?page_size=${MARK}&next_page_token=${MARK}`, { headers: json }],
    ['/v2/alongside/settings', { method: 'PATCH', headers: json, body: `{"company":"${MARK}",` }],
    ['/v2/alongside/settings', { method: 'PATCH', headers: json, body: `{"${MARK}":1}` }],
    ['/v2/alongside/settings', { method: 'PATCH', headers: { authorization, 'content-type': MARK }, body: MARK }],
    ['/v2/alongside/settings', { method: 'PATCH', headers: json, body: JSON.stringify({ a: MARK.repeat(9_999) }) }],
    ['/desk/recording', { method: 'POST', headers: json, body: JSON.stringify({ link: MARK }) }],
    ['/agent/devices', { headers: { authorization: `Bearer ${MARK}` } }],
    [`/assets/${MARK}/${MARK}`, { method: 'PUT', body: MARK }],
    ['/healthz', { headers: { 'x-forwarded-for': MARK, 'content-type': MARK, accept: MARK, range: MARK } }],
  ]
  for (const [path, init] of calls) {
    const answer = await get(path, init)
    const said = `${await answer.text()} ${JSON.stringify([...answer.headers])}`
    // A field that is not known is named, so that its writer finds it.
    if (!init.body?.toString().startsWith(`{"${MARK}`)) expect(said, path).not.toContain(MARK)
    expect(said, path).not.toMatch(/\bat .*\.ts|node_modules|\/packages\/|SQLITE|zod|fastify/i)
    expect(answer.status, path).toBeLessThan(500)
  }
})

test.each([
  '{"__proto__":{"company":"x"},"company":"y"}',
  '{"constructor":{"prototype":{"company":"x"}}}',
  '{"\\u005f_proto__":{"company":"x"}}',
  '{"features":{"__proto__":{"presence":false}}}',
])('SEC-7 a body with a name of the language, %s, is refused and changes no object', async (body) => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await new ApiCaller(house).token()}` }
  expect((await get('/v2/alongside/settings', { method: 'PATCH', headers, body })).status).toBe(400)
  expect(Object.keys(Object.prototype)).toEqual([])
  expect(await new ApiCaller(house).ok('/alongside/settings')).not.toHaveProperty('company', 'x')
})

test('SEC-7 neither does a message on a socket, or custom data', async () => {
  const before = Object.getOwnPropertyNames(Object.prototype)
  const start = await house.line()
  const token = await house.token(1)
  start.socket.send(`{"type":"start","version":${PROTOCOL_VERSION},"token":"${token}","__proto__":{"tab":"x"}}`)
  const device = await house.line()
  device.socket.send(
    `{"type":"register","version":${PROTOCOL_VERSION},"sdkKey":"shop","deviceId":"device-1","customData":{"__proto__":"x","constructor":"y","user_name":"Cora"}}`,
  )
  await Promise.all([start.settle(), device.settle()])
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
  expect(({} as Record<string, unknown>).tab).toBeUndefined()
})

test('SEC-8 a parameter that is given twice is not one of the two', async () => {
  const { ok, refusal } = { ok: new ApiCaller(house), refusal: new ApiCaller(house) }
  expect(await ok.ok('/cobrowsesdk/live_sessions?page_size=30')).toMatchObject({ page_size: 30 })
  expect(await refusal.refusal('/cobrowsesdk/live_sessions?page_size=30&page_size=300')).toMatchObject({ code: 300 })
  expect((await get('/replica?mode=quirks&mode=standards')).status).toBe(400)
  const token = await house.token(2)
  expect((await get(`/desk?access_token=${token}&access_token=${token}`)).status).toBe(401)
})

test('SEC-9 pages of other origins may read scripts and what asks for a token in a header, and nothing else', async () => {
  const headers = { origin: 'https://evil.example' }
  for (const [path] of ADDRESSES) {
    const answer = await get(path, { headers })
    const isOpen = /^\/(static|agent)\//.test(path)
    expect([path, answer.headers.get('access-control-allow-origin')]).toEqual([path, isOpen ? '*' : null])
    expect(answer.headers.get('access-control-allow-credentials'), path).toBeNull()
  }
  for (const path of ['/v2/alongside/settings', '/desk', '/desk/recording', '/metrics'])
    expect(
      (await get(path, { method: 'OPTIONS', headers })).headers.get('access-control-allow-origin'),
      path,
    ).toBeNull()
})

test('SEC-10 nothing of sessions, and no page that came with a token, is kept by browsers and proxies', async () => {
  const api = new ApiCaller(house)
  const agent = { headers: { authorization: `Bearer ${await house.token(2)}` } }
  const answers = [
    await api.fetch('/cobrowsesdk/live_sessions'),
    await api.fetch('/cobrowsesdk/sessions/none'),
    await api.fetch('/alongside/settings'),
    await api.fetch('/alongside/audit_events'),
    await get('/v2/cobrowsesdk/live_sessions'),
    await get('/agent/devices', agent),
    await get('/agent/sessions'),
    await get(`/desk?access_token=${await house.token(2)}`),
    await get('/desk?access_token=x'),
    await get('/desk/recording', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }),
    await get('/metrics'),
  ]
  for (const answer of answers) expect(answer.headers.get('cache-control'), answer.url).toBe('no-store')
})

test.each([
  'application/json;',
  'application/json\t; x=1',
  'application/json ; charset=utf-8',
  'Application/JSON',
  'application/json;a;b',
])('SEC-11 a body is checked whatever spelling of its type it comes with: %j', async (type) => {
  const authorization = `Bearer ${await new ApiCaller(house).token()}`
  const patch = (body: string) =>
    get('/v2/alongside/settings', { method: 'PATCH', headers: { authorization, 'content-type': type }, body })
  expect([400, 415]).toContain((await patch('{"company":7,"recording_days":-1}')).status)
  expect([200, 400, 415]).toContain((await patch('{"company":"Shop"}')).status)
})
