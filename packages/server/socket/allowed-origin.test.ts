import { PROTOCOL_VERSION } from '@alongside/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { House, KEY } from '../testing/house.ts'

const ALLOWED = ['https://shop.example', 'https://xn--mnchen-3ya.example', 'http://localhost:8080']

let house: House
beforeAll(async () => {
  house = await House.open({ keys: [{ ...KEY, allowedOrigins: ALLOWED }] })
})
afterAll(() => house.close())

async function startFrom(origin: string | undefined) {
  const line = await house.line(origin === undefined ? {} : { headers: { origin } })
  line.say({ type: 'start', version: PROTOCOL_VERSION, token: await house.token(1) })
  return line
}

test.each(ALLOWED)('CON-121 takes an origin on the list: %s', async (origin) => {
  await (await startFrom(origin)).expect('started')
})

test.each([
  ['another site', 'https://evil.example'],
  ['no origin', undefined],
  ['an empty one', ''],
  ['null, as a sandboxed page sends it', 'null'],
  ['a suffix', 'https://shop.example.evil.example'],
  ['a suffix without a dot', 'https://shop.exampleevil'],
  ['a prefix', 'https://evilshop.example'],
  ['a prefix with a hyphen', 'https://evil-shop.example'],
  ['a sub-domain', 'https://www.shop.example'],
  ['the domain above', 'https://example'],
  ['another scheme', 'http://shop.example'],
  ['a scheme of WebSockets', 'wss://shop.example'],
  ['a scheme of files', 'file://shop.example'],
  ['another port', 'https://shop.example:8443'],
  ['the port that goes without saying', 'https://shop.example:443'],
  ['no port', 'http://localhost'],
  ['capitals', 'https://SHOP.example'],
  ['a scheme in capitals', 'HTTPS://shop.example'],
  ['a trailing dot', 'https://shop.example.'],
  ['a trailing slash', 'https://shop.example/'],
  ['a path', 'https://shop.example/cart'],
  ['a query', 'https://shop.example?'],
  ['a fragment', 'https://shop.example#'],
  ['a name before @', 'https://shop.example@evil.example'],
  ['a name and password', 'https://user:pass@shop.example'],
  ['a backslash', 'https://shop.example\\.evil.example'],
  ['white space inside', 'https://shop.exam ple'],
  ['a tab inside', 'https://shop.example\t.evil.example'],
  ['two origins', 'https://shop.example https://evil.example'],
  ['two with a comma', 'https://shop.example, https://evil.example'],
  ['a look-alike letter', 'https://shоp.example'.normalize()],
  ['a look-alike in punycode', 'https://xn--shp-jmc.example'],
  ['the unicode form of a listed one', 'https://m\u00fcnchen.example'],
  ['full-width letters', 'https://\uff53hop.example'],
  ['percent signs', 'https://shop%2eexample'],
  ['a NUL as text', 'https://shop.example%00.evil.example'],
  ['a wildcard', 'https://*.example'],
  ['no scheme', 'shop.example'],
  ['no scheme but slashes', '//shop.example'],
])('CON-121 refuses an origin that only looks like one on the list: %s', async (_name, origin) => {
  // A header is bytes: what a browser could send of other letters is their UTF-8.
  const line = await startFrom(origin === undefined ? origin : Buffer.from(origin).toString('latin1'))
  expect(await line.expect('error')).toEqual({ type: 'error', code: 1109 })
  expect(await line.expectClosed()).toBe(4403)
})
