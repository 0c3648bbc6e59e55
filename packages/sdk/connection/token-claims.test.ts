import { expect, test } from 'vitest'
import { readToken } from './token-claims.ts'

const token = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.e30`

test('API-4 a token of another SDK key is refused with 2001, and neither key is in the text', () => {
  expect(readToken(token({ app_key: 'shop' }), 'shop').appKey).toBe('shop')
  expect(() => readToken(token({ app_key: 'other' }), 'shop')).toThrow(
    expect.objectContaining({ code: 2001, message: expect.not.stringMatching(/other(?! SDK key)|shop/) }),
  )
  expect(readToken(token({ app_key: 'other' }), '').appKey).toBe('other')
})

test.each([undefined, null, '', 7, {}])('API-5 a missing token is refused with 2001: %j', (given) => {
  expect(() => readToken(given, 'shop')).toThrow(expect.objectContaining({ code: 2001 }))
})

test.each(['x', 'a.b.c', 'e30.W10.e30', 'e30.bnVsbA.e30', 'e30.eyJhcHBfa2V5Ijo3fQ.e30', '..'])(
  'API-5 what is no token is left to the server: %s',
  (given) => expect(readToken(given, 'shop').appKey).toBe(undefined),
)

test('API-6 a token says whether its customer brings an own PIN', () => {
  const read = (claims: object) => readToken(token({ app_key: 'shop', ...claims }), 'shop').ownPin
  expect([read({ enable_byop: 1 }), read({ enable_byop: 0 }), read({})]).toEqual([true, false, false])
  expect(readToken('a.b.c', 'shop').ownPin).toBe(undefined)
})
