import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type IncomingMessage, request, Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type RunningServer, startServer } from '../index.ts'
import { KEY } from '../testing/house.ts'
import { mintToken, verifyToken } from '../token.ts'

const FILES = {
  'packages/sdk/package.json': '{"version":"1.4.2"}',
  'packages/sdk/dist/loader.js': 'loader()',
  'packages/sdk/dist/agent-script.js': 'agent()',
  'packages/sdk/dist/core-1a2b.js': 'export {}',
  'packages/sdk/dist/guest.js': 'serve();',
  'packages/sdk/dist/cobrowse-script.js': 'cobrowse()',
  'packages/sdk/dist/notes.txt': 'notes',
  'packages/sdk/dist/refused.js': 'refuse("__ALONGSIDE_REASON__",987654321)',
  'apps/demo/dist/index.html': 'both',
  'apps/demo/dist/shop.html': 'shop',
  'apps/demo/dist/assets/shop.css': 'p{}',
  'apps/desk/dist/index.html': 'desk',
  'apps/desk/dist/refused.html': 'no pass<!--development-->',
  'apps/desk/dist/icon.svg': '<svg/>',
  'apps/desk/dist/assets/desk.js': 'desk()',
  'secret.txt': 'outside',
}

let root: string
let development: RunningServer
let keyed: RunningServer
let empty: RunningServer

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'alongside-'))
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(join(root, name, '..'), { recursive: true })
    await writeFile(join(root, name), text)
  }
  const bare = join(root, 'bare')
  await mkdir(join(bare, 'packages/sdk'), { recursive: true })
  await writeFile(join(bare, 'packages/sdk/package.json'), '{"version":"1.4.2"}')
  development = await startServer({ root })
  keyed = await startServer({ root, keys: [{ ...KEY, allowedOrigins: ['https://shop.example'] }] })
  empty = await startServer({ root: bare })
})

afterAll(async () => {
  await Promise.all([development.close(), keyed.close(), empty.close()])
  await rm(root, { recursive: true })
})

const get = (path: string, server = development, init?: RequestInit) => fetch(server.origin + path, init)

/** Asks for a path as it is; `fetch` would tidy it up. */
function getRaw(path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ port: development.port, path }, (answer) => {
      let body = ''
      answer.on('data', (chunk) => {
        body += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }))
    })
    outgoing.on('error', reject).end()
  })
}

test('HTTP-101 answers /healthz', async () => {
  const answer = await get('/healthz')
  expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }])
})

test('HTTP-119 a connection waits for its next request longer than proxies keep theirs', async () => {
  const { headers } = await get('/healthz')
  expect(headers.get('keep-alive')).toBe('timeout=72')
})

describe('HTTP-102 serves the scripts to any origin', () => {
  test.each([
    ['js', 'loader()'],
    ['js/1.4.2', 'loader()'],
    ['js/1.4.x', 'loader()'],
    ['agent', 'agent()'],
    ['agent/1.4.2', 'agent()'],
    ['agent/1.4.x', 'agent()'],
    ['core/core-1a2b.js', 'export {}'],
    ['js/2.10.0', 'loader()'],
    ['js/2.13.x', 'loader()'],
    ['js/3.10.0', 'loader()'],
    ['agent/2.13.2', 'agent()'],
  ])('%s', async (path, body) => {
    const answer = await get(`/static/resource/sdk/dev/${path}`)
    expect([answer.status, await answer.text()]).toEqual([200, body])
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
    })
    const etag = answer.headers.get('etag') ?? ''
    expect(
      (await get(`/static/resource/sdk/dev/${path}`, development, { headers: { 'if-none-match': etag } })).status,
    ).toBe(304)
  })
})

test('CIO-1 serves the script of Cobrowse.io pages, and what it loads, without a key in the address', async () => {
  const answer = await get('/CobrowseIO.js')
  expect([answer.status, await answer.text()]).toEqual([200, 'cobrowse()'])
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
  })
  expect(await (await get('/CobrowseIO/core-1a2b.js')).text()).toBe('export {}')
  for (const path of ['/CobrowseIO/notes.txt', '/CobrowseIO/..%2fpackage.json', '/CobrowseIO/other.js', '/CobrowseIO/'])
    expect((await getRaw(path)).status, path).toBe(404)
})

describe('HTTP-103 answers an unknown key, an unknown version and a placeholder with a script that says so', () => {
  test.each([
    ['other/js', 'key', 1104],
    ['__proto__/js', 'key', 1104],
    ['other/agent', 'key', 1104],
    ['other/js/2.13.2', 'key', 1104],
    ['dev/js/1.4', 'version', 1011],
    ['dev/js/1.5.x', 'version', 1011],
    ['dev/js/x.x.x', 'version', 1011],
    ['dev/js/2.x', 'version', 1011],
    ['dev/js/2.13.2.1', 'version', 1011],
    ['dev/js/latest', 'version', 1011],
    ['dev/js/%7BSDK_VERSION%7D', 'version', 1011],
    ['dev/agent/9.9.9', 'version', 1011],
    ['$%7BSDK_KEY%7D/js', 'placeholder', 1104],
    ['$%7BSDK_KEY%7D/js/1.4.2', 'placeholder', 1104],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the mistake under test
    ['${SDK_KEY}/js', 'placeholder', 1104],
    ['%3C%2Fscript%3E%22)%3Balert(1)%2F%2F/js', 'key', 1104],
    ['dev/js/%22)%3Balert(1)%2F%2F', 'version', 1011],
  ])('%s', async (path, word, code) => {
    const { status, body } = await getRaw(`/static/resource/sdk/${path}`)
    expect(status).toBe(200)
    expect(body).toMatch(new RegExp(`^refuse\\("[A-Za-z .,]*${word}[A-Za-z .,]*",${code}\\)$`))
  })
})

test('FRM-30 the part for framed pages says whether pages of an origin may show one: those on the key’s list, without a list none but in development', async () => {
  const ask = async (origin: string, server: RunningServer, key = 'dev') => {
    const answer = await get(`/static/resource/sdk/${key}/guest?for=${encodeURIComponent(origin)}`, server)
    return [answer.status, (await answer.text()).replace('serve();export const allowed=', '')]
  }
  const listless = await startServer({ root, keys: [KEY] })
  const own = KEY.sdkKey
  expect(await Promise.all(['https://shop.example', 'https://any.example'].map((at) => ask(at, keyed, own)))).toEqual([
    [200, 'true'],
    [200, 'false'],
  ])
  for (const almost of ['https://shop.example/', 'http://shop.example', 'https://shop.example.evil', 'null', '', '*'])
    expect(await ask(almost, keyed, own)).toEqual([200, 'false'])
  expect(await ask('https://shop.example', listless, own)).toEqual([200, 'false'])
  expect([await ask('https://any.example', development), await ask('null', development)]).toEqual([
    [200, 'true'],
    [200, 'false'],
  ])
  expect((await ask('https://shop.example', keyed, 'unknown'))[0]).toBe(404)
  await listless.close()
})

test('HTTP-104 serves no other file of the scripts folder, and none outside it', async () => {
  for (const file of [
    'notes.txt',
    'missing.js',
    '..%2fpackage.json',
    '..%2f..%2f..%2fsecret.txt',
    '%2e%2e',
    '.',
    'core-1a2b.js%00',
  ]) {
    expect((await getRaw(`/static/resource/sdk/dev/core/${file}`)).status).toBe(404)
  }
  expect((await get('/static/resource/sdk/other/core/core-1a2b.js')).status).toBe(404)
})

test('HTTP-105 lets no spelling of a path lead out of the folders', async () => {
  const ways = ['../', '..%2f', '%2e%2e/', '%2e%2e%2f', '..%5c', '%252e%252e%252f', '....//', './../']
  for (const base of ['/demo/', '/demo/assets/', '/desk/assets/', '/']) {
    for (const way of ways) {
      for (let depth = 1; depth <= 5; depth++) {
        const { status, body } = await getRaw(`${base}${way.repeat(depth)}secret.txt`)
        expect([400, 403, 404]).toContain(status)
        expect(body).not.toContain('outside')
      }
    }
  }
  expect((await getRaw('/%ZZ')).status).toBe(400)
  expect((await getRaw('/desk%ZZ?access_token=private')).body).not.toContain('private')
  expect((await getRaw('/demo/assets')).body).toBe('shop')
  expect((await getRaw('/desk/assets/')).status).toBe(403)
})

test('HTTP-106 serves the inert frame document in each of the three modes, and refuses another with 400', async () => {
  const doctypes = {
    standards: '<!DOCTYPE html>',
    'limited-quirks':
      '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">',
    quirks: '',
  }
  for (const [mode, doctype] of Object.entries(doctypes)) {
    const answer = await get(`/replica?mode=${mode}`)
    expect(await answer.text()).toBe(`${doctype}<html><head></head><body></body></html>`)
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob: 'self'; font-src data: 'self'; media-src data: 'self'; " +
        "form-action 'none'; base-uri 'none'; sandbox allow-same-origin",
    )
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  }
  for (const mode of ['x', '', 'constructor', 'quirks&mode=standards']) {
    expect((await get(`/replica?mode=${mode}`)).status).toBe(400)
  }
})

test('HTTP-107 serves both sides at /, the shop at /demo and every path of its router, and their assets', async () => {
  const bodies = await Promise.all(
    ['/', '/demo', '/demo/', '/demo/product/7', '/demo/assets/shop.css', '/desk/assets/desk.js', '/desk/icon.svg'].map(
      async (path) => (await get(path)).text(),
    ),
  )
  expect(bodies).toEqual(['both', 'shop', 'shop', 'shop', 'p{}', 'desk()', '<svg/>'])
  expect((await get('/demo/assets/missing.js')).status).toBe(404)
  for (const path of [
    '/nothing',
    '/desk/index.html',
    '/desk/refused.html',
    '/desk/index%2ehtml',
    '/desk/./index.html',
  ]) {
    expect((await getRaw(path)).status).toBe(404)
  }
})

test('HTTP-108 says with 503 what to do when a part is not built', async () => {
  const { token } = await mint(empty, { role: 2 })
  for (const path of ['/', '/demo', `/desk?access_token=${token}`]) {
    const answer = await get(path, empty)
    expect(answer.status).toBe(503)
    expect(await answer.text()).toContain('npm start')
  }
  expect(await (await get('/static/resource/sdk/dev/js', empty)).text()).toMatch(
    /^console.error\('Alongside: .*npm start/,
  )
})

async function mint(server: RunningServer, body: unknown): Promise<{ token: string; sdkKey: string }> {
  const answer = await post(server, JSON.stringify(body))
  return (await answer.json()) as { token: string; sdkKey: string }
}

function post(server: RunningServer, body: string, type = 'application/json'): Promise<Response> {
  const headers = { 'content-type': type, origin: 'https://any.example' }
  return fetch(`${server.origin}/token`, { method: 'POST', headers, body })
}

describe('HTTP-109 mints tokens in development mode', () => {
  test('for either spelling of a role, for any origin', async () => {
    for (const role of [1, '1', 2, '2']) {
      const answer = await post(
        development,
        JSON.stringify({ role, userId: 'ann', userName: 'Ann', expirationSeconds: 1_800 }),
      )
      expect(answer.status).toBe(200)
      expect(answer.headers.get('access-control-allow-origin')).toBe('*')
      expect(await answer.json()).toEqual({ token: expect.any(String), sdkKey: 'dev' })
    }
    const preflight = await get('/token', development, { method: 'OPTIONS' })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type')
  })

  test.each([
    [{}, 'role'],
    [{ role: 3 }, 'role'],
    [{ role: '01' }, 'role'],
    [{ role: true }, 'role'],
    [{ role: 1, userId: '' }, 'userId'],
    [{ role: 1, userId: 7 }, 'userId'],
    [{ role: 1, userName: 'x'.repeat(81) }, 'userName'],
    [{ role: 1, expirationSeconds: 1_799 }, 'expirationSeconds'],
    [{ role: 1, expirationSeconds: 172_801 }, 'expirationSeconds'],
    [{ role: 1, expirationSeconds: 1_800.5 }, 'expirationSeconds'],
    [{ role: 1, enableByop: 2 }, 'enableByop'],
    [[], 'body'],
    [null, 'body'],
  ])('and names what is wrong with %j', async (body, property) => {
    const answer = await post(development, JSON.stringify(body))
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({ errors: [{ property, reason: expect.any(String) }] })
  })

  test('and refuses a body that is no JSON or too large', async () => {
    const bad = [
      post(development, '{'),
      post(development, 'role=1', 'text/plain'),
      post(development, ''),
      post(development, `"${'x'.repeat(20_000)}"`),
    ]
    for (const answer of await Promise.all(bad)) {
      expect(answer.status).toBe(400)
      expect(await answer.json()).toEqual({ errors: [{ property: 'body', reason: expect.any(String) }] })
    }
  })
})

test('HTTP-110 has no token route once a key is configured', async () => {
  expect((await post(keyed, '{"role":1}')).status).toBe(404)
  expect((await get('/token', keyed, { method: 'OPTIONS' })).status).toBe(404)
})

describe('DSK-101 opens the desk with an agent token only', () => {
  test.each(['/desk', '/desk/', '/sdkapi/zcb/frame-templates/desk'])('%s', async (path) => {
    const agent = await mint(development, { role: 2 })
    const customer = await mint(development, { role: 1 })
    const opened = await get(`${path}?access_token=${agent.token}`)
    expect([opened.status, await opened.text()]).toEqual([200, 'desk'])
    expect(opened.headers.get('cache-control')).toBe('no-store')
    expect(opened.headers.get('referrer-policy')).toBe('no-referrer')
    expect(opened.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; .*frame-ancestors \*$/,
    )
    for (const query of [
      '',
      '?access_token=',
      `?access_token=${agent.token}x`,
      `?access_token=${customer.token}`,
      `?access_token=${agent.token}&access_token=x`,
    ]) {
      const refused = await get(path + query)
      expect(refused.status).toBe(401)
      expect(refused.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(await refused.text()).toMatch(/^no pass<button/)
    }
  })
})

test('INR-20 serves the desk from its own origin alone, and sends there who comes by another name', async () => {
  const apart = await startServer({ root, deskOrigin: 'https://desk.example', trustedProxies: ['127.0.0.1'] })
  try {
    const token = (await mint(apart, { role: 2 })).token
    const paths = [
      `/desk?access_token=${token}&lang=de`,
      `/desk/?access_token=${token}`,
      `/sdkapi/zcb/frame-templates/desk?access_token=${token}`,
      '/desk/link',
    ]
    for (const path of paths) {
      const sent = await get(path, apart, { redirect: 'manual' })
      expect([sent.status, sent.headers.get('location')]).toEqual([307, `https://desk.example${path}`])
      expect([sent.headers.get('cache-control'), sent.headers.get('referrer-policy')]).toEqual([
        'no-store',
        'no-referrer',
      ])
      const served = await new Promise<IncomingMessage>((resolve, reject) => {
        const headers = { host: 'desk.example', 'x-forwarded-proto': 'https' }
        request({ port: apart.port, path, headers }, resolve).on('error', reject).end()
      })
      served.resume()
      expect(served.statusCode).toBe(200)
      expect(served.headers).toMatchObject({
        'origin-agent-cluster': '?1',
        'cross-origin-opener-policy': 'same-origin',
      })
    }
    expect((await get('/replica', apart)).headers.get('origin-agent-cluster')).toBe('?1')
    expect((await get('/replica')).headers.get('origin-agent-cluster')).toBe(null)
  } finally {
    await apart.close()
  }
})

test('API-15 names a bad token over HTTP with 401 and 124, as JSON where that is asked for', async () => {
  for (const query of ['', '?access_token=a.b.c']) {
    const headers = { accept: 'application/json' }
    const answer = await get(`/sdkapi/zcb/frame-templates/desk${query}`, development, { headers })
    expect([answer.status, await answer.json()]).toEqual([401, { code: 124, message: 'Invalid token' }])
  }
  const page = await get('/desk?access_token=a.b.c', empty)
  expect([page.status, await page.text()]).toEqual([401, expect.stringContaining('Error 124: Invalid token')])
})

test('DSK-102 may be framed by the origins of the key, and offers no demo agent there', async () => {
  const clock = { now: Date.now, after: () => () => {} }
  const token = await mintToken(KEY, { role: 2, userId: 'a', userName: 'A', seconds: 1_800, enableByop: 0 }, clock)
  const opened = await get(`/desk?access_token=${token}`, keyed)
  expect(opened.headers.get('content-security-policy')).toMatch(/frame-ancestors 'self' https:\/\/shop\.example$/)
  expect(await (await get('/desk', keyed)).text()).toBe('no pass<!--development-->')
  expect(await (await get('/desk')).text()).toContain('Continue as a demo agent')
  expect(await (await get('/desk', empty)).text()).toContain('The desk cannot be opened')
  expect(
    await verifyToken(token, 'agent', { keys: new Map([['shop', KEY]]), clock, minTokenSeconds: 1_800 }),
  ).toBeTruthy()
})

test('HTTP-111 waits for a whole request so long and no longer', async () => {
  const listen = vi.spyOn(Server.prototype, 'listen')
  const server = await startServer({ root })
  const [http] = listen.mock.contexts as Server[]
  listen.mockRestore()
  await server.close()
  expect(http?.requestTimeout).toBe(300_000)
})
