import { createHmac, generateKeyPairSync, sign as signBytes } from 'node:crypto'
import { PROTOCOL_VERSION } from '@alongside/protocol'
import { describe, expect, test } from 'vitest'
import type { Key } from './key.ts'
import { House, KEY, SECRET } from './testing/house.ts'
import { ManualClock } from './testing/manual-clock.ts'
import { mintToken, verifyToken } from './token.ts'

const clock = new ManualClock()
const now = clock.now() / 1000
const rules = { keys: new Map([[KEY.sdkKey, KEY]]), clock, minTokenSeconds: 1_800 }
const HEADER = { alg: 'HS256', typ: 'JWT' }
const CLAIMS = { app_key: 'shop', role_type: 2, iat: now, exp: now + 1_800, user_id: 'ann', user_name: 'Ann' }

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const mac = (text: string, secret: Uint8Array = SECRET, hash = 'sha256') =>
  createHmac(hash, secret).update(text).digest('base64url')

function forge(claims: object = {}, header: object = HEADER): string {
  const text = `${encode(header)}.${encode({ ...CLAIMS, ...claims })}`
  return `${text}.${mac(text)}`
}

const refused = (token: string) => expect(verifyToken(token, 'agent', rules)).rejects.toMatchObject({ code: 2001 })

test('TOK-1 accepts a token of the documented form, with and without typ, and ignores other claims', async () => {
  const claims = { key: KEY, userId: 'ann', userName: 'Ann', ownPin: false }
  expect(await verifyToken(forge(), 'agent', rules)).toEqual(claims)
  expect(await verifyToken(forge({ aud: 'x', scope: [1] }, { alg: 'HS256' }), 'agent', rules)).toEqual(claims)
  expect(await verifyToken(forge({ enable_byop: 1 }), 'agent', rules)).toEqual({ ...claims, ownPin: true })
  const minted = { role: 2, userId: 'ann', userName: 'Ann', seconds: 1_800, enableByop: 0 } as const
  expect(await verifyToken(await mintToken(KEY, minted, clock), 'agent', rules)).toEqual(claims)
})

describe('TOK-2 refuses any algorithm but HS256', () => {
  const body = encode(CLAIMS)
  test.each(['none', 'None', 'NONE', 'nOnE', ''])('alg %j without a signature', async (alg) => {
    await refused(`${encode({ alg, typ: 'JWT' })}.${body}.`)
    await refused(`${encode({ alg, typ: 'JWT' })}.${body}.${mac(`${encode({ alg, typ: 'JWT' })}.${body}`)}`)
  })
  test.each(['HS384', 'HS512'])('%s with the right secret', async (alg) => {
    const text = `${encode({ alg, typ: 'JWT' })}.${body}`
    await refused(`${text}.${mac(text, SECRET, `sha${alg.slice(2)}`)}`)
  })
  test('RS256, with an own key in the header', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const text = `${encode({ alg: 'RS256', typ: 'JWT', jwk: publicKey.export({ format: 'jwk' }) })}.${body}`
    await refused(`${text}.${signBytes('sha256', Buffer.from(text), privateKey).toString('base64url')}`)
  })
  test('no algorithm, or a list of them', async () => {
    await refused(forge({}, { typ: 'JWT' }))
    await refused(forge({}, { alg: ['HS256'], typ: 'JWT' }))
  })
})

describe('TOK-3 refuses a signature that the key of app_key did not make', () => {
  const [header, body, signature = ''] = forge().split('.')
  const text = `${header}.${body}`
  test('of another secret, of an empty one, of the secret in hexadecimal', async () => {
    const secrets = [Buffer.from('another secret'), Buffer.alloc(1), Buffer.from(Buffer.from(SECRET).toString('hex'))]
    for (const secret of secrets) await refused(`${text}.${mac(text, secret)}`)
  })
  test('of another body, cut short, or left out', async () => {
    await refused(`${header}.${encode({ ...CLAIMS, user_name: 'Boss' })}.${signature}`)
    await refused(`${text}.${Buffer.from(signature, 'base64url').subarray(0, 16).toString('base64url')}`)
    await refused(`${text}.`)
    await refused(text)
  })
  test('of a key that the header brings or names', async () => {
    const own = Buffer.from('the own secret of an attacker 32')
    const headers = [
      { jwk: { kty: 'oct', k: own.toString('base64url') } },
      { kid: '../../../dev/null' },
      { jku: 'https://attacker.example/keys' },
      { x5u: 'https://attacker.example/cert' },
    ]
    for (const extra of headers) {
      const forged = `${encode({ ...HEADER, ...extra })}.${body}`
      await refused(`${forged}.${mac(forged, own)}`)
    }
  })
  test('for an unknown key, with the same refusal', () => refused(forge({ app_key: 'unknown' })))
  test('for a name of the language as key', async () => {
    for (const app_key of ['__proto__', 'constructor', 'toString']) await refused(forge({ app_key }))
  })
})

describe('TOK-4 refuses every spelling but strict base64url in three parts', () => {
  const [header = '', body = '', signature = ''] = forge().split('.')
  test.each([
    ['padding', `${header}.${body}.${signature}=`],
    ['white space in front', ` ${forge()}`],
    ['a line end behind', `${forge()}\n`],
    ['a line end inside', `${header}.${body}.${signature.slice(0, 9)}\n${signature.slice(9)}`],
    ['a fourth part', `${forge()}.x`],
    ['an empty part', `${header}..${signature}`],
    ['five parts, as in JWE', `${header}.${body}.${signature}.a.b`],
    ['a foreign character', `${header}.${body}.${signature}*`],
    ['nothing', ''],
    ['the JSON form', JSON.stringify({ protected: header, payload: body, signature })],
  ])('%s', (_name, token) => refused(token))
  test('the alphabet of plain base64', async () => {
    let token = ''
    for (let n = 0; !/[-_]/.test(token.split('.')[2] ?? ''); n++) token = forge({ n })
    expect(await verifyToken(token, 'agent', rules)).toBeTruthy()
    await refused(token.replaceAll('-', '+').replaceAll('_', '/'))
  })
  test('unused bits of the last character', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const next = alphabet[alphabet.indexOf(signature.at(-1) ?? '') + 1]
    const other = `${signature.slice(0, -1)}${next}`
    expect(Buffer.from(other, 'base64url')).toEqual(Buffer.from(signature, 'base64url'))
    await refused(`${header}.${body}.${other}`)
  })
  test('more than 4096 characters', () => refused(forge({ filler: 'x'.repeat(4_096) })))
})

describe('TOK-5 refuses a token before and after its time, and one that lives too short or too long', () => {
  test.each([
    ['expired', { iat: now - 1_800, exp: now }],
    ['expired long ago', { iat: now - 7_200, exp: now - 3_600 }],
    ['from the future', { iat: now + 31, exp: now + 3_600 }],
    ['not valid yet', { nbf: now + 60 }],
    ['shorter than 1,800 s', { exp: now + 1_799 }],
    ['longer than 172,800 s', { exp: now + 172_801 }],
    ['ends before it begins', { iat: now, exp: now - 1 }],
  ])('%s', (_name, claims) => refused(forge(claims)))
  test('accepts the bounds, and a token server whose clock is half a minute ahead', async () => {
    for (const claims of [
      { exp: now + 172_800 },
      { iat: now + 30, exp: now + 1_830 },
      { iat: now - 1_799, exp: now + 1 },
    ]) {
      expect(await verifyToken(forge(claims), 'agent', rules)).toBeTruthy()
    }
  })
  test('accepts a shorter life where the server says so', async () => {
    const relaxed = { ...rules, minTokenSeconds: 60 }
    expect(await verifyToken(forge({ exp: now + 60 }), 'agent', relaxed)).toBeTruthy()
  })
})

describe('TOK-6 refuses a missing claim and one of another type or size', () => {
  test.each(Object.keys(CLAIMS))('without %s', (claim) => refused(forge({ [claim]: undefined })))
  test.each([
    { role_type: '2' },
    { role_type: 3 },
    { role_type: 0 },
    { role_type: [2] },
    { role_type: true },
    { app_key: ['shop'] },
    { app_key: 7 },
    { iat: String(now) },
    { exp: String(now + 1_800) },
    { exp: null },
    { user_id: '' },
    { user_id: 7 },
    { user_id: 'x'.repeat(81) },
    { user_name: '' },
    { user_name: { a: 1 } },
    { user_name: 'x'.repeat(81) },
    { enable_byop: '1' },
    { enable_byop: 2 },
    { enable_byop: true },
  ])('%j', (claims) => refused(forge(claims)))
  test('a body that is no object', async () => {
    for (const payload of ['[]', 'null', '"x"', '7', '{', '']) {
      const text = `${encode(HEADER)}.${Buffer.from(payload).toString('base64url')}`
      await refused(`${text}.${mac(text)}`)
    }
  })
  test('a header of another type, or with a demand that we do not know', async () => {
    await refused(forge({}, { ...HEADER, typ: 'at+jwt' }))
    await refused(forge({}, { ...HEADER, crit: ['b64'], b64: false }))
    await refused(forge({}, { ...HEADER, crit: ['x'], x: 1 }))
  })
})

describe('TOK-11 refuses every other known way to forge a token', () => {
  const body = encode(CLAIMS)
  const signed = (header: string, payload: string, secret: Uint8Array = SECRET) =>
    `${header}.${payload}.${mac(`${header}.${payload}`, secret)}`
  const raw = (json: string) => Buffer.from(json).toString('base64url')
  const claims = (more: string) => raw(`${JSON.stringify(CLAIMS).slice(0, -1)},${more}}`)
  const own = Buffer.from('the own secret of an attacker 32')

  test.each(['hs256', 'Hs256', 'HS256 ', ' HS256', 'HS256\u0000', 'HMAC', 'A256KW', 'dir'])('alg %j', (alg) =>
    refused(signed(encode({ alg, typ: 'JWT' }), body)),
  )
  test.each(['HS384', 'HS512', 'none'])('HS256 in a duplicate of the header’s alg, %s last', (alg) =>
    refused(signed(raw(`{"alg":"HS256","alg":"${alg}","typ":"JWT"}`), body)),
  )
  test.each([
    ['kid with a path', { kid: '../../../../dev/null' }, Buffer.from('')],
    ['kid with SQL', { kid: "x' UNION SELECT 'key' --" }, Buffer.from('key')],
    ['jwk', { jwk: { kty: 'oct', k: own.toString('base64url'), alg: 'HS256' } }, own],
    ['jku', { jku: 'https://attacker.example/keys.json', kid: '1' }, own],
    ['x5c', { x5c: [own.toString('base64')] }, own],
    ['x5u', { x5u: 'https://attacker.example/chain.pem' }, own],
  ])('the key that %s brings', (_name, extra, secret) => refused(signed(encode({ ...HEADER, ...extra }), body, secret)))
  test.each([
    ['the secret’s name as secret', Buffer.from('shop')],
    ['zero bytes as secret', Buffer.alloc(32)],
    ['the word secret as secret', Buffer.from('secret')],
    ['the secret with a line end as secret', Buffer.concat([SECRET, Buffer.from('\n')])],
    ['the secret in base64 as secret', Buffer.from(Buffer.from(SECRET).toString('base64'))],
  ])('%s', (_name, secret) => refused(signed(encode(HEADER), body, secret)))
  test.each([
    ['b64 switched off', { b64: false, crit: ['b64'] }],
    ['an empty crit', { crit: [] }],
    ['crit that is no list', { crit: 'exp' }],
    ['crit that names what is in no header', { crit: ['exp'] }],
    ['a nested token', { cty: 'JWT', typ: 'JWE' }],
    ['a zip', { zip: 'DEF', crit: ['zip'] }],
  ])('%s', (_name, extra) => refused(signed(encode({ ...HEADER, ...extra }), body)))
  test('a token inside a token', () => refused(signed(encode({ ...HEADER, cty: 'JWT' }), raw(forge()))))
  test.each([
    '',
    '.',
    '..',
    '...',
    `${forge()}.`,
    `.${forge()}`,
    forge().replace('.', '..'),
    `${forge()}#`,
    `"${forge()}"`,
  ])('the spelling %j', (token) => refused(token))
  test.each([
    ['exp as text', `"exp":"${now + 1_800}"`],
    [
      'exp in other digits',
      `"exp":"${String(now + 1_800).replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)))}"`,
    ],
    ['exp without end', '"exp":1e999'],
    ['exp below zero', '"exp":-1'],
    ['exp as null', '"exp":null'],
    ['exp as a list', `"exp":[${now + 1_800}]`],
    ['exp that is no number', '"exp":NaN'],
    ['iat as text', `"iat":"${now}"`],
    ['role_type as a fraction', '"role_type":2.5'],
    ['role_type as a list', '"role_type":[2]'],
    ['enable_byop as true', '"enable_byop":true'],
    ['a key of the language', '"app_key":"__proto__"'],
    ['claims below __proto__', '"user_id":null,"__proto__":{"user_id":"ann"}'],
    ['another key last', '"app_key":"other"'],
  ])('duplicate claims: %s', (_name, more) => refused(signed(encode(HEADER), claims(more))))
  test('a fraction of a second counts, and the key that a duplicate names last is the one that must have signed', async () => {
    expect(await verifyToken(signed(encode(HEADER), claims(`"exp":${now + 1_800.5}`)), 'agent', rules)).toBeTruthy()
    const other = { ...KEY, sdkKey: 'other', secrets: [own] }
    const both = { ...rules, keys: new Map([KEY, other].map((key) => [key.sdkKey, key])) }
    const doubled = claims('"app_key":"other"')
    await expect(verifyToken(signed(encode(HEADER), doubled), 'agent', both)).rejects.toMatchObject({ code: 2001 })
    const { key } = await verifyToken(signed(encode(HEADER), doubled, own), 'agent', both)
    expect(key.sdkKey).toBe('other')
  })
})

test('TOK-7 refuses a token for the other role', async () => {
  await refused(forge({ role_type: 1 }))
  await expect(verifyToken(forge(), 'customer', rules)).rejects.toMatchObject({ code: 2001 })
  expect(await verifyToken(forge({ role_type: 1 }), 'customer', rules)).toBeTruthy()
})

test('TOK-8 takes control, direction and invisible characters out of a name', async () => {
  const nameOf = async (user_name: string) => (await verifyToken(forge({ user_name }), 'agent', rules)).userName
  expect(await nameOf('\u202eAnn\u2066 \u0000\n Lee\u200b\ufeff ')).toBe('Ann Lee')
  expect(await nameOf('Zoë 李 😀')).toBe('Zoë 李 😀')
  expect(await nameOf('😀'.repeat(80))).toBe('😀'.repeat(80))
  await refused(forge({ user_name: '\u202e\u200b \n' }))
})

test('TOK-10 takes tokens of every secret of the key until it is taken out, and signs with the newest', async () => {
  const next = new TextEncoder().encode('the next secret of the same shop')
  const during = { ...KEY, secrets: [next, SECRET] }
  const after = { ...KEY, secrets: [next] }
  const claims = { role: 2, userId: 'ann', userName: 'Ann', seconds: 1_800, enableByop: 0 } as const
  const [old, fresh] = [await mintToken(KEY, claims, clock), await mintToken(during, claims, clock)]
  const verify = (key: Key, token: string) =>
    verifyToken(token, 'agent', { ...rules, keys: new Map([[key.sdkKey, key]]) }).then(
      () => true,
      () => false,
    )
  expect(await Promise.all([KEY, during, after].map((key) => verify(key, old)))).toEqual([true, true, false])
  expect(await Promise.all([KEY, during, after].map((key) => verify(key, fresh)))).toEqual([false, true, true])
})

test('TOK-9 answers a bad token on the socket with 2001, closes with 4401 and logs no token', async () => {
  const house = await House.open()
  const bad = await house.token(1)
  const messages = [
    { type: 'start', version: PROTOCOL_VERSION, token: `${bad}x` },
    { type: 'start', version: PROTOCOL_VERSION, token: await house.token(2) },
    { type: 'join', version: PROTOCOL_VERSION, token: bad, pinCode: '123456' },
    { type: 'join', version: PROTOCOL_VERSION, token: '', pinCode: '123456' },
  ]
  for (const message of messages) {
    const line = await house.line()
    line.say(message)
    expect(await line.expect('error')).toEqual({ type: 'error', code: 2001 })
    expect(await line.expectClosed()).toBe(4401)
  }
  await house.close()
})
