import type { LookupAddress } from 'node:dns'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { House, KEY } from '../testing/house.ts'
import { LogText } from '../testing/log-text.ts'
import { Receiver, settled, WEBHOOK_SECRET } from '../testing/receiver.ts'
import { isPublicAddress, namesPrivateAddress } from './public-address.ts'

test.each(['93.184.216.34', '8.8.8.8', '2606:4700::1111', '2001:4860:4860::8888'])(
  'HOOK-20 may send to %s',
  (address) => {
    expect(isPublicAddress(address)).toBe(true)
  },
)

test.each([
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '100.100.100.200',
  '169.254.169.254',
  '168.63.129.16',
  '192.0.0.192',
  '192.0.2.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fe80::1',
  'fe80::1%eth0',
  'fc00::1',
  'fd00:ec2::254',
  'fec0::1',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '::127.0.0.1',
  '::ffff:0:127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::a00:1',
  '2002:7f00:1::',
  '2001::1',
  '2001:db8::1',
  '3fff::1',
  '5f00::1',
  '4000::1',
  'no address',
  '',
])('HOOK-20 may not send to %s', (address) => {
  expect(isPublicAddress(address)).toBe(false)
})

test.each([
  'http://127.0.0.1/',
  'http://127.1/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://0177.0.0.1/',
  'http://127.0.0.1./',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://user:pass@10.0.0.1/',
  'http://１２７.０.０.１/',
])('HOOK-20 sees through %s', (url) => {
  expect(namesPrivateAddress(new URL(url))).toBe(true)
  // Control: the same spelling of a public address.
  expect(namesPrivateAddress(new URL('http://134744072/'))).toBe(false)
})

let receiver: Receiver
let house: House | undefined
let logged: LogText
beforeEach(async () => {
  receiver = await Receiver.open()
  logged = new LogText()
})
afterEach(async () => {
  await house?.close()
  house = undefined
  await receiver.close()
})

/** A server whose key sends to that host, which the name server says to be at those addresses. */
async function open(host: string, addresses: LookupAddress[], allowPrivateAddresses = false): Promise<string[]> {
  const asked: string[] = []
  const webhooks = [{ url: `http://${host}:${receiver.port}/`, secret: WEBHOOK_SECRET }]
  house = await House.open({
    keys: [{ ...KEY, webhooks }],
    log: logged.log,
    webhooks: { allowPrivateAddresses },
    resolve: (name, _options, done) => {
      asked.push(name)
      done(null, addresses)
    },
  })
  return asked
}

const home = { address: '127.0.0.1', family: 4 }
const outside = { address: '93.184.216.34', family: 4 }

test.each([
  ['a private address', [home], 'leads to the private address 127.0.0.1'],
  ['a public and a private address', [outside, home], 'leads to the private address 127.0.0.1'],
  ['a mapped address', [{ address: '::ffff:127.0.0.1', family: 6 }], 'leads to the private address ::ffff:127.0.0.1'],
  ['nothing', [], 'has no address'],
])('HOOK-21 sends nothing to a name that leads to %s', async (_name, addresses, reason) => {
  await open('hooks.example', addresses)
  await settled(house!, () => logged.text.includes('webhook endpoint not proved'))
  expect(logged.text).toContain(reason)
  expect(receiver.checks).toBe(0)
})

test('HOOK-21 sends nothing to a private address in the setting itself', async () => {
  const asked = await open('127.0.0.1', [outside])
  await settled(house!, () => logged.text.includes('webhook endpoint not proved'))
  expect(logged.text).toContain('the address is a private one')
  expect(receiver.checks).toBe(0)
  expect(asked).toEqual([])
})

test('HOOK-22 sends to private addresses where that is allowed', async () => {
  const asked = await open('hooks.example', [home], true)
  await settled(house!, () => logged.text.includes('webhook endpoint proved'))
  expect(receiver.checks).toBe(1)
  // The socket connected to what this one lookup answered.
  expect(asked).toEqual(['hooks.example'])
})
