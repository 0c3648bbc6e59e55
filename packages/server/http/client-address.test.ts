import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import { ClientAddresses, limitName } from './client-address.ts'

const from = (remoteAddress: string | undefined, forwarded?: string) =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage

const PROXIES = ['10.0.0.0/8', '2001:db8:1::/48', '192.0.2.9']

describe('OPS-210 takes the client address from trusted proxies only', () => {
  test.each([
    ['a stranger without the header', '198.51.100.7', undefined, '198.51.100.7'],
    ['a stranger who invents one', '198.51.100.7', '127.0.0.1', '198.51.100.7'],
    ['a stranger who names a proxy', '198.51.100.7', '203.0.113.5, 10.0.0.1', '198.51.100.7'],
    ['a proxy', '10.0.0.1', '203.0.113.5', '203.0.113.5'],
    ['a proxy alone', '10.0.0.1', undefined, '10.0.0.1'],
    ['a client who invents one before the proxy', '10.0.0.1', '127.0.0.1, 203.0.113.5', '203.0.113.5'],
    ['a client who invents a proxy before the proxy', '10.0.0.1', '127.0.0.1, 10.9.9.9, 203.0.113.5', '203.0.113.5'],
    ['two proxies', '10.0.0.1', '203.0.113.5, 192.0.2.9', '203.0.113.5'],
    ['two proxies and a client who invents', '10.0.0.1', '1.1.1.1,203.0.113.5 , 10.2.3.4', '203.0.113.5'],
    ['a proxy by its mapped address', '::ffff:10.0.0.1', '203.0.113.5', '203.0.113.5'],
    ['a client by its mapped address', '10.0.0.1', '::ffff:203.0.113.5', '203.0.113.5'],
    ['a proxy of the next version', '2001:db8:1::4', '2001:db8:2::7', '2001:db8:2::7'],
    ['a stranger of the next version', '2001:db8:2::7', '203.0.113.5', '2001:db8:2::7'],
    ['an address with its port', '10.0.0.1', '203.0.113.5:4711', '203.0.113.5'],
    ['an address with its port, next version', '10.0.0.1', '[2001:db8:2::7]:4711', '2001:db8:2::7'],
    ['what is no address', '10.0.0.1', 'unknown', '10.0.0.1'],
    ['what is no address behind a right one', '10.0.0.1', '203.0.113.5, <script>', '10.0.0.1'],
    ['a number for an address', '10.0.0.1', '2130706433', '10.0.0.1'],
    ['a short address', '10.0.0.1', '127.1', '10.0.0.1'],
    ['an empty header', '10.0.0.1', '', '10.0.0.1'],
    ['commas alone', '10.0.0.1', ',,,', '10.0.0.1'],
    ['a closed socket', undefined, '203.0.113.5', ''],
  ])('%s', (_name, remote, forwarded, expected) => {
    expect(new ClientAddresses(PROXIES).of(from(remote, forwarded))).toBe(expected)
  })

  test('and from none where none is named', () => {
    expect(new ClientAddresses().of(from('127.0.0.1', '203.0.113.5'))).toBe('127.0.0.1')
  })

  test.each(['10.0.0.0/33', '10.0.0.0/x', '10.0.0.0/-1', 'proxy.example', '', '::1/129'])(
    'and refuses %j as a proxy',
    (proxy) => expect(() => new ClientAddresses([proxy])).toThrow('must be an address'),
  )
})

test('OPS-211 counts the addresses of one IPv6 network as one', () => {
  expect(limitName('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64')
  expect(limitName('2001:db8:1:2::1')).toBe('2001:db8:1:2::/64')
  expect(limitName('2001:db8:1:3::1')).not.toBe('2001:db8:1:2::/64')
  expect(limitName('203.0.113.5')).toBe('203.0.113.5')
})
