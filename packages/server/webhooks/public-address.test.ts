import type { LookupAddress } from 'node:dns'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keySchema } from '../key.ts'
import { House, KEY } from '../testing/house.ts'
import { LogText } from '../testing/log-text.ts'
import { Receiver, settled, WEBHOOK_SECRET } from '../testing/receiver.ts'
import { isPublicAddress, namesPrivateAddress, type Resolve } from './public-address.ts'

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
  '2600::5efe:10.0.0.1',
  '2600::200:5efe:10.0.0.1',
  '192.88.99.1',
  '2001:20::1',
  '2620:4f:8000::1',
  '010.0.0.1',
  '0x8.8.8.8',
  '134744072',
  '8.8',
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

/** Some of each network that strangers do not reach. */
const PRIVATE = ['10.1.2.3', '172.20.0.7', '192.168.4.5', '127.9.9.9', '169.254.169.254', '100.64.3.2', '0.0.0.0']

/** An IPv4 address as addresses of IPv6 hold one. */
const HOLDERS: [string, (hex: string) => string][] = [
  ['mapped', (hex) => `::ffff:${hex}`],
  ['compatible', (hex) => `::${hex}`],
  ['translated', (hex) => `::ffff:0:${hex}`],
  ['NAT64', (hex) => `64:ff9b::${hex}`],
  ['local NAT64', (hex) => `64:ff9b:1::${hex}`],
  ['6to4', (hex) => `2002:${hex}::1`],
  ['Teredo', (hex) => `2001:0:${hex}::1`],
  ['ISATAP', (hex) => `2600::5efe:${hex}`],
]

test.each(HOLDERS)('SEC-20 an address of IPv6 is not sent to that holds one of IPv4: %s', (_name, hold) => {
  for (const address of [...PRIVATE, '8.8.8.8']) {
    const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
    const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
    expect(isPublicAddress(hold(hex)), hold(hex)).toBe(false)
    expect(namesPrivateAddress(new URL(`http://[${hold(hex)}]/`)), hold(hex)).toBe(true)
  }
  // Control: it is not refused for being IPv6.
  expect(isPublicAddress('2600::1234:808:808')).toBe(true)
})

test('SEC-21 a name is looked up and checked for each try', async () => {
  let addresses = [home]
  const webhooks = [{ url: `http://hooks.example:${receiver.port}/`, secret: WEBHOOK_SECRET }]
  let asked = 0
  const resolve: Resolve = (_name, _options, done) => {
    asked++
    done(null, addresses)
  }
  house = await House.open({ keys: [{ ...KEY, webhooks }], log: logged.log, resolve })
  await settled(house, () => logged.text.includes('webhook endpoint not proved'))
  addresses = [outside, home]
  house.clock.advance(5_000)
  await settled(house, () => logged.text.split('not proved').length > 2)
  expect([asked, receiver.checks]).toEqual([2, 0])
  await house.close()
  // Control: without the check it connects, once for each name that it looks up.
  asked = 0
  house = await House.open({
    keys: [{ ...KEY, webhooks }],
    log: logged.log,
    resolve,
    webhooks: { allowPrivateAddresses: true },
  })
  addresses = [home]
  await settled(house, () => logged.text.includes('webhook endpoint proved'))
  expect(receiver.checks).toBe(1)
})

test('SEC-21 a connection that is kept goes on to the address that was checked, whatever the name leads to by then', async () => {
  const answers = [[home], [outside]]
  const webhooks = [{ url: `http://hooks.example:${receiver.port}/`, secret: WEBHOOK_SECRET }]
  let asked = 0
  house = await House.open({
    keys: [{ ...KEY, webhooks }],
    log: logged.log,
    webhooks: { allowPrivateAddresses: true },
    resolve: (_name, _options, done) => done(null, answers[asked++] ?? []),
  })
  await settled(house, () => logged.text.includes('webhook endpoint proved'))
  await house.customer()
  await house.server.history.flush()
  expect((await receiver.next(house)).body.event).toBe('cobrowse.session_started')
  expect(asked).toBe(1)
})

test.each(['localhost', 'LOCALHOST'])('SEC-22 nothing is sent to %s, as this machine looks it up', async (host) => {
  const webhooks = [{ url: `http://${host}:${receiver.port}/`, secret: WEBHOOK_SECRET }]
  house = await House.open({ keys: [{ ...KEY, webhooks }], log: logged.log })
  await settled(house, () => logged.text.includes('webhook endpoint not proved'))
  expect(logged.text).toMatch(/leads to the private address (127\.0\.0\.1|::1)/)
  expect(receiver.checks).toBe(0)
  await house.close()
  house = await House.open({
    keys: [{ ...KEY, webhooks }],
    log: logged.log,
    webhooks: { allowPrivateAddresses: true },
  })
  await settled(house, () => logged.text.includes('webhook endpoint proved'))
  expect(receiver.checks).toBe(1)
})

test.each([
  'ftp://hooks.example/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/plain,x',
  'unix:/var/run/docker.sock',
  '//hooks.example/',
  'http://',
  'https://user@hooks.example/',
  'https://hooks.example@127.0.0.1/',
  'https://user:pass@hooks.example/',
  'https://hooks.example/#fragment',
])('SEC-23 the configuration takes no webhook address like %s', (url) => {
  const key = (address: string) => ({
    sdkKey: 'a',
    sdkSecret: 'x'.repeat(32),
    webhooks: [{ url: address, secret: 'x'.repeat(16) }],
  })
  expect(keySchema.safeParse(key(url)).error?.issues[0]?.path).toEqual(['webhooks', 0, 'url'])
  expect(keySchema.safeParse(key('https://hooks.example:8443/in?of=shop')).success).toBe(true)
})
