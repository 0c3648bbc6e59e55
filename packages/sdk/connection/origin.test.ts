import { expect, test } from 'vitest'
import { readOrigin, socketUrl } from './origin.ts'

test.each([
  ['help.example.com', 'https://help.example.com'],
  ['help.example.com:8443', 'https://help.example.com:8443'],
  ['https://help.example.com/some/path?x', 'https://help.example.com'],
  ['http://10.0.0.7:4000', 'http://10.0.0.7:4000'],
  ['localhost:4000', 'http://localhost:4000'],
])('CON-207 a host is a name or an origin: %s', (host, origin) => {
  expect(readOrigin(host, 'host')).toBe(origin)
})

test.each([undefined, '', 5, 'javascript://x', 'ftp://x', 'a b'])(
  'CON-207 another host is refused with 1103: %s',
  (host) => {
    expect(() => readOrigin(host, 'host')).toThrow(
      expect.objectContaining({ code: 1103, detail: { setting: 'host' } }) as Error,
    )
  },
)

test('CON-207 the socket is at the same origin', () => {
  expect(socketUrl('https://a.example')).toBe('wss://a.example/socket')
  expect(socketUrl('http://a.example:1')).toBe('ws://a.example:1/socket')
})
