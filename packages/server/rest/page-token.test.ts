import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { ManualClock } from '../testing/manual-clock.ts'
import { PAGE_TOKEN_LIFETIME_MS, type PageScope, PageTokens } from './page-token.ts'

const clock = new ManualClock()
const tokens = new PageTokens(z.object({ after: z.number() }), clock)
const [secret, next] = ['first', 'next'].map((name) =>
  new TextEncoder().encode(`the ${name} secret, long enough for it`),
)
const scope: PageScope = {
  sdkKey: 'shop',
  secrets: [secret as Uint8Array],
  operation: 'listPastSessions',
  query: { from: '2030-01-01', session_pin: undefined },
}
const refusal = expect.objectContaining({ status: 400, code: 30101 })

test('REST-17 takes a page token for 15 minutes', () => {
  const token = tokens.make(scope, { after: 7 })
  expect(token).toMatch(/^[\w-]+$/)
  expect(tokens.read(scope, token)).toEqual({ after: 7 })
  clock.advance(PAGE_TOKEN_LIFETIME_MS - 1)
  expect(tokens.read(scope, token)).toEqual({ after: 7 })
  clock.advance(1)
  expect(() => tokens.read(scope, token)).toThrow(refusal)
})

test('REST-18 refuses a page token of another key, operation, query or secret, and one that was changed or made up', () => {
  const token = tokens.make(scope, { after: 7 })
  for (const changed of [
    { sdkKey: 'other' },
    { operation: 'listLiveSessions' },
    { query: {} },
    { query: { from: '2030-01-02' } },
    { query: { from: '2030-01-01', session_id: 'x' } },
    { secrets: [next as Uint8Array] },
    { secrets: [] },
  ]) {
    expect(() => tokens.read({ ...scope, ...changed }, token)).toThrow(refusal)
  }
  const bytes = Buffer.from(token, 'base64url')
  for (let at = 0; at < bytes.length; at++) {
    const other = Buffer.from(bytes)
    other[at] = (other[at] ?? 0) ^ 1
    expect(() => tokens.read(scope, other.toString('base64url'))).toThrow(refusal)
  }
  const body = Buffer.from(JSON.stringify([clock.now() + 9_999, { after: 1 }]))
  const forged = createHmac('sha256', secret as Uint8Array)
    .update(body)
    .digest()
  for (const made of [
    '',
    'x',
    `${token}=`,
    `${token} `,
    token.slice(0, -4),
    `${token}AAAA`,
    'A'.repeat(43),
    'A'.repeat(4_000),
    Buffer.concat([forged, body]).toString('base64url'),
  ]) {
    expect(() => tokens.read(scope, made)).toThrow(refusal)
  }
})

test('REST-19 goes on paging while the API secret changes', () => {
  const token = tokens.make(scope, { after: 7 })
  const rotating = { ...scope, secrets: [next as Uint8Array, secret as Uint8Array] }
  expect(tokens.read(rotating, token)).toEqual({ after: 7 })
  // The order in which a query is written means nothing.
  const query = { session_id: 'b', from: 'a' }
  const other = tokens.make({ ...scope, query }, { after: 1 })
  expect(tokens.read({ ...scope, query: { from: 'a', session_id: 'b' } }, other)).toEqual({ after: 1 })
})
