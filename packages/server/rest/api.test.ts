import { createHmac, generateKeyPairSync, sign as signBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeKey } from '../key.ts'
import { ApiCaller } from '../testing/api-caller.ts'
import { API_SECRET, House, KEY, SECRET } from '../testing/house.ts'

const OTHER_SECRET = new TextEncoder().encode('the other API secret, as long as it')
const OTHER = { ...makeKey('other', SECRET), apiKey: 'other-api', apiSecrets: [OTHER_SECRET] }
const WITHOUT_REST = makeKey('bare', SECRET)

let house: House
beforeEach(async () => {
  house = await House.open({
    keys: [KEY, OTHER, WITHOUT_REST],
    limits: { http: { apiPerKey: 500, refusedPerAddress: 500, pagesPerAddress: 9, filesPerAddress: 9 } },
  })
})
afterEach(() => house.close())

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const mac = (text: string, secret: Uint8Array = API_SECRET, hash = 'sha256') =>
  createHmac(hash, secret).update(text).digest('base64url')
const HEADER = { alg: 'HS256', typ: 'JWT' }
const now = () => house.clock.now() / 1000
const claims = () => ({ iss: 'shop-api', iat: now(), exp: now() + 60 })

function forge(changed: object = {}, header: object = HEADER, secret?: Uint8Array): string {
  const text = `${encode(header)}.${encode({ ...claims(), ...changed })}`
  return `${text}.${mac(text, secret)}`
}

/** An operation on a session that is not there: 404 says that the caller was let in. */
const SOMEWHERE = '/v2/alongside/sessions/none/end'

const call = (authorization?: string, path = SOMEWHERE) =>
  fetch(house.server.origin + path, { method: 'POST', headers: authorization === undefined ? {} : { authorization } })

const accepted = async (token: string) => expect((await call(`Bearer ${token}`)).status).toBe(404)

async function refused(authorization?: string) {
  const answer = await call(authorization)
  expect(answer.status).toBe(401)
  expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(await answer.json()).toEqual({ code: 401, message: expect.stringContaining('Invalid token') })
}

test('REST-1 lets in who signs with the API secret, and answers all others alike with 401', async () => {
  await accepted(forge())
  await accepted(forge({ extra: 1 }, { alg: 'HS256' }))
  expect((await call(`bearer ${forge()}`)).status).toBe(404)
  const { iat } = claims()
  await accepted(forge({ exp: iat + 172_800 }))
  await accepted(forge({ iat: iat + 30, exp: iat + 31 }))
  await refused()
  for (const other of ['', 'Bearer', 'Bearer ', `Basic ${forge()}`, forge(), `Bearer ${forge()} x`, 'Bearer a.b.c']) {
    await refused(other)
  }
})

describe('REST-2 refuses a token that is forged', () => {
  test.each(['none', 'None', 'NONE', 'nOnE', ''])('with alg %j', async (alg) => {
    const text = `${encode({ alg, typ: 'JWT' })}.${encode(claims())}`
    await refused(`Bearer ${text}.`)
    await refused(`Bearer ${text}.${mac(text)}`)
  })
  test.each(['HS384', 'HS512'])('with %s and the right secret', async (alg) => {
    const text = `${encode({ alg, typ: 'JWT' })}.${encode(claims())}`
    await refused(`Bearer ${text}.${mac(text, API_SECRET, `sha${alg.slice(2)}`)}`)
  })
  test('with RS256 and a key in its header', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const text = `${encode({ alg: 'RS256', jwk: publicKey.export({ format: 'jwk' }) })}.${encode(claims())}`
    await refused(`Bearer ${text}.${signBytes('sha256', Buffer.from(text), privateKey).toString('base64url')}`)
  })
  test('with a secret that is not of its issuer', async () => {
    for (const secret of [SECRET, OTHER_SECRET, Buffer.from('shop-api'), Buffer.alloc(1)]) {
      await refused(`Bearer ${forge({}, HEADER, secret)}`)
    }
    await refused(`Bearer ${forge({ iss: 'other-api' })}`)
    await accepted(forge({ iss: 'other-api' }, HEADER, OTHER_SECRET))
  })
  test('with a key that it names or brings', async () => {
    for (const extra of [{ kid: '/dev/null' }, { jwk: { kty: 'oct', k: 'AA' } }, { jku: 'https://attacker.example' }]) {
      await refused(`Bearer ${forge({}, { ...HEADER, ...extra }, Buffer.alloc(1))}`)
    }
    await refused(`Bearer ${forge({}, { ...HEADER, crit: ['x'], x: 1 })}`)
    await refused(`Bearer ${forge({}, { ...HEADER, typ: 'at+jwt' })}`)
  })
  test('with an issuer that has no REST, is none, or is a name of the language', async () => {
    for (const iss of ['bare', 'shop', 'unknown', '', '__proto__', 'constructor', undefined, null, 7, ['shop-api']]) {
      await refused(`Bearer ${forge({ iss })}`)
      await refused(`Bearer ${forge({ iss }, HEADER, SECRET)}`)
    }
  })
  test('as a token of a customer or agent', async () => {
    await refused(`Bearer ${await house.token(1)}`)
    await refused(`Bearer ${await house.token(2)}`)
  })
})

describe('REST-3 refuses a token out of its time or of another form', () => {
  test('too early, too late, for too long, without a time', async () => {
    const { iat } = claims()
    for (const changed of [
      { iat: iat - 60, exp: iat },
      { iat: iat + 31, exp: iat + 60 },
      { nbf: iat + 60 },
      { exp: iat + 172_801 },
      { exp: iat - 1 },
      { exp: undefined },
      { iat: undefined },
      { exp: String(iat + 60) },
      { exp: null },
      { iat: 'now' },
    ]) {
      await refused(`Bearer ${forge(changed)}`)
    }
  })
  test('written otherwise than strictly', async () => {
    const [header, body, signature = ''] = forge().split('.')
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const next = alphabet[alphabet.indexOf(signature.at(-1) ?? '') + 1]
    const otherBits = `${signature.slice(0, -1)}${next}`
    expect(Buffer.from(otherBits, 'base64url')).toEqual(Buffer.from(signature, 'base64url'))
    for (const token of [
      `${header}.${body}.${otherBits}`,
      `${header}.${body}.${signature}=`,
      `${header}.${body}.${signature}.x`,
      `${header}.${body}.`,
      `${header}.${body}`,
      `${header}..${signature}`,
      `${header}.${encode({ ...claims(), iss: 'other-api' })}.${signature}`,
      forge({ filler: 'x'.repeat(4_096) }),
    ]) {
      await refused(`Bearer ${token}`)
    }
  })
})

test('REST-4 accepts every API secret of a key while it changes over', async () => {
  const next = new TextEncoder().encode('the next API secret, as long as it')
  const rotating = await House.open({ keys: [{ ...KEY, apiSecrets: [next, API_SECRET] }] })
  for (const secret of [next, API_SECRET]) {
    const caller = new ApiCaller(rotating, 'shop-api', secret)
    expect((await caller.refusal('/alongside/sessions/none/end', 'POST')).status).toBe(404)
  }
  const stranger = new ApiCaller(rotating, 'shop-api', OTHER_SECRET)
  expect((await stranger.refusal('/alongside/sessions/none/end', 'POST')).status).toBe(401)
  await rotating.close()
})

test('REST-5 answers every error as code and message, and repeats nothing of the request', async () => {
  const caller = new ApiCaller(house)
  const answers = [
    [await caller.fetch('/alongside/sessions/<private>/end', 'POST'), 404, 30300],
    [await call(undefined, '/v2/private-path'), 404, 404],
    [await call(undefined, '/v2/%ZZprivate'), 400, 400],
    [await fetch(`${house.server.origin}/v2${'/private'.repeat(3_000)}`), 431, undefined],
  ] as const
  for (const [answer, status, code] of answers) {
    expect(answer.status).toBe(status)
    const text = await answer.text()
    expect(text).not.toContain('private')
    if (code) expect(JSON.parse(text)).toEqual({ code, message: expect.any(String) })
  }
})

test('REST-6 refuses what a key asks too often with 429 and the seconds to wait, and serves the others', async () => {
  const http = { apiPerKey: 2, refusedPerAddress: 2, pagesPerAddress: 9, filesPerAddress: 9 }
  const small = await House.open({ keys: [KEY, OTHER], limits: { http } })
  try {
    const caller = new ApiCaller(small)
    const ask = (of = caller) => of.fetch('/alongside/sessions/none/end', 'POST')
    expect([(await ask()).status, (await ask()).status]).toEqual([404, 404])
    const answer = await ask()
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '30'])
    expect(await answer.json()).toEqual({ code: 429, message: 'Too many requests. Try again in 30 s.' })
    expect((await ask(new ApiCaller(small, 'other-api', OTHER_SECRET))).status).toBe(404)
    // Who shows no valid token is counted by address, and spends nothing of the key's.
    const stranger = new ApiCaller(small, 'other-api', SECRET)
    expect([(await ask(stranger)).status, (await ask(stranger)).status]).toEqual([401, 401])
    expect((await ask(stranger)).status).toBe(429)
    expect((await ask(new ApiCaller(small, 'other-api', OTHER_SECRET))).status).toBe(404)
    small.clock.advance(60_000)
    expect((await ask()).status).toBe(404)
  } finally {
    await small.close()
  }
})
