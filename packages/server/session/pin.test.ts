import { once } from 'node:events'
import { PIN_LIFETIME_MS, PROTOCOL_VERSION } from '@alongside/protocol'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeKey } from '../key.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { MemoryBackplane } from '../memory-backplane.ts'
import { House, KEY } from '../testing/house.ts'
import type { Line } from '../testing/line.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { mintToken } from '../token.ts'
import { claimGeneratedPin, drawPin } from './pin.ts'

const SIX = { digits: 6, pinsPerLive: 10_000 }

let house: House
beforeEach(async () => {
  house = await House.open()
})
afterEach(() => house.close())
afterEach(() => vi.restoreAllMocks())

async function expectRefused(line: Line, code: number): Promise<void> {
  expect(await line.expect('error')).toMatchObject({ code })
  await line.expectClosed()
}

test('PIN-101 draws six digits and keeps leading zeros', () => {
  const pins = Array.from({ length: 2_000 }, () => drawPin(6))
  expect(pins.every((pin) => /^\d{6}$/.test(pin))).toBe(true)
  // 200 are expected; fewer than 100 happens less than once in 10^15 runs.
  expect(pins.filter((pin) => pin.startsWith('0')).length).toBeGreaterThan(100)
})

test('PIN-102 lets one of many racing agents have a generated PIN', async () => {
  const { pin, line } = await house.customer()
  const agents = await Promise.all(Array.from({ length: 8 }, () => house.join(pin)))
  const answers = await Promise.all(agents.map((agent) => agent.expect('asked').catch((error: Error) => error.message)))
  expect(answers.filter((answer) => typeof answer !== 'string')).toHaveLength(1)
  expect(answers.filter((answer) => typeof answer === 'string' && answer.includes('"code":1006'))).toHaveLength(7)
  await line.expect('agent_requested')
})

test('PIN-103 refuses an unknown, a used, a replaced and an expired PIN alike', async () => {
  const refusals: unknown[] = []
  const collect = async (pin: string) => {
    const line = await house.join(pin)
    refusals.push([await line.expect('error'), await line.expectClosed()])
  }
  const used = await house.customer()
  await collect(used.pin === '000000' ? '000001' : '000000')
  await house.asked(used.line, used.pin)
  await collect(used.pin)
  const replaced = await house.customer()
  replaced.line.say({ type: 'new_pin' })
  const { pin } = await replaced.line.expect('pin')
  await collect(replaced.pin)
  house.clock.advance(PIN_LIFETIME_MS)
  await collect(pin)
  expect(refusals).toEqual(Array(4).fill([{ type: 'error', code: 1006 }, 4404]))
})

test('PIN-104 ends a session that no agent found within 20 minutes with expired', async () => {
  const { line } = await house.customer()
  house.clock.advance(PIN_LIFETIME_MS - 1)
  await line.settle()
  expect(line.inbox).toEqual([])
  house.clock.advance(1)
  expect(await line.expect('ended')).toEqual({ type: 'ended', reason: 'expired' })
  expect(await line.expectClosed()).toBe(1000)
})

test('PIN-105 makes no PIN after an agent was let in until the customer asks for one', async () => {
  const { customer } = await house.pair()
  await customer.line.settle()
  expect(customer.line.inbox).toEqual([])
  customer.line.say({ type: 'new_pin' })
  const { pin, expiresAt } = await customer.line.expect('pin')
  expect(pin).not.toBe(customer.pin)
  expect(expiresAt).toBe(house.clock.now() + PIN_LIFETIME_MS)
  await house.asked(customer.line, pin)
})

test('PIN-114 lets a PIN expire while agents are in, without ending their session', async () => {
  const { customer, agent } = await house.pair()
  customer.line.say({ type: 'new_pin' })
  const { pin } = await customer.line.expect('pin')
  house.clock.advance(PIN_LIFETIME_MS)
  await expectRefused(await house.join(pin), 1006)
  await agent.line.settle()
  expect(agent.line.inbox).toEqual([])
})

test('PIN-106 refuses anything but 1 to 10 letters or digits with 1008, for agents and for own PINs', async () => {
  for (const pin of ['', ' - ', '12345678901', '12_4', 'ä1', '１２３', '123456\u0000', "1' OR '1"]) {
    await expectRefused(await house.join(pin), 1008)
    const line = await house.line()
    const token = await house.token(1, { enableByop: 1 })
    line.say({ type: 'start', version: PROTOCOL_VERSION, token, customPinCode: pin })
    await expectRefused(line, 1008)
  }
})

test('PIN-107 finds a session by an own PIN in any case, and lets it serve each of its agents', async () => {
  const { line, pin } = await house.customer('abc-12')
  expect(pin).toBe('ABC12')
  await house.asked(line, 'Abc12')
  await house.asked(line, 'a b c 1 2')
  line.say({ type: 'new_pin' })
  expect((await line.expect('pin')).pin).toBe('ABC12')
})

test('PIN-108 refuses an own PIN that is live in another session with 1010, and frees it at the end', async () => {
  const { line } = await house.customer('SAME1')
  const second = await house.line()
  const start = { type: 'start', version: PROTOCOL_VERSION, token: await house.token(1, { enableByop: 1 }) }
  second.say({ ...start, customPinCode: 'same1' })
  await expectRefused(second, 1010)
  line.say({ type: 'end' })
  await line.expect('ended')
  await house.customer('SAME1')
})

test('PIN-109 needs the token for an own PIN (2001), and the own PIN for such a token (1009)', async () => {
  const start = { type: 'start', version: PROTOCOL_VERSION }
  const without = await house.line()
  without.say({ ...start, token: await house.token(1), customPinCode: 'ABC' })
  await expectRefused(without, 2001)
  const missing = await house.line()
  missing.say({ ...start, token: await house.token(1, { enableByop: 1 }) })
  await expectRefused(missing, 1009)
})

test('PIN-110 keeps generated PINs two digits apart while there is room, and takes what is left after that', async () => {
  const backplane = new MemoryBackplane(new ManualClock())
  await backplane.claimPin('shop', '111111', { sessionId: 's1', reusable: false }, PIN_LIFETIME_MS)
  const draws = ['111111', '111112', '911111', '111122']
  expect(await claimGeneratedPin(backplane, 'shop', 's2', PIN_LIFETIME_MS, SIX, () => draws.shift() ?? '')).toBe(
    '111122',
  )
  expect(await claimGeneratedPin(backplane, 'shop', 's3', PIN_LIFETIME_MS, SIX, () => '111112')).toBe('111112')
  const full = claimGeneratedPin(backplane, 'shop', 's4', PIN_LIFETIME_MS, SIX, () => '111111')
  await expect(full).rejects.toMatchObject({ code: 1001 })
  // Another key has its own space.
  expect(await claimGeneratedPin(backplane, 'other', 's5', PIN_LIFETIME_MS, SIX, () => '111111')).toBe('111111')
})

test('PIN-111 refuses a try that has to wait with 1102 and the seconds, also for the right PIN, and lets it in after', async () => {
  const { pin, line } = await house.customer()
  const wrong = pin === '000000' ? '000001' : '000000'
  for (let n = 0; n < 6; n++) await expectRefused(await house.join(wrong, 'ann'), 1006)
  const refused = await house.join(pin, 'ann')
  expect(await refused.expect('error')).toEqual({ type: 'error', code: 1102, retryAfter: 10 })
  expect(await refused.expectClosed()).toBe(4429)
  house.clock.advance(9_999)
  await expectRefused(await house.join(pin, 'ann'), 1102)
  house.clock.advance(1)
  await house.asked(line, pin, 'ann')
})

test('PIN-112 does not count tries that were right', async () => {
  await house.close()
  const attempts = { ...DEFAULT_LIMITS.attempts, perAgent: 1, perAddress: 1, perKey: 1 }
  house = await House.open({ limits: { attempts } })
  for (let n = 0; n < 3; n++) {
    const { line, pin } = await house.customer()
    await house.asked(line, pin, 'ann')
  }
})

test('PIN-127 looks an unknown, a used, a replaced and an expired PIN up in the same way and answers with the same bytes', async () => {
  const lookups = vi.spyOn(MemoryBackplane.prototype, 'findPin')
  const takes = vi.spyOn(MemoryBackplane.prototype, 'takePin')
  const used = await house.customer()
  await house.asked(used.line, used.pin, 'first')
  const replaced = await house.customer()
  replaced.line.say({ type: 'new_pin' })
  const { pin: expired } = await replaced.line.expect('pin')
  house.clock.advance(PIN_LIFETIME_MS)
  const unknown = ['000000', '000001', '000002', '000003'].find(
    (pin) => ![used.pin, replaced.pin, expired].includes(pin),
  )
  const ways: unknown[] = []
  for (const pin of [unknown ?? '', used.pin, replaced.pin, expired]) {
    lookups.mockClear()
    takes.mockClear()
    const line = await house.join(pin)
    const answer = await bytesOf(line)
    ways.push({
      answer,
      found: await Promise.all(lookups.mock.results.map(({ value }) => value)),
      takes: takes.mock.calls,
    })
  }
  expect(ways).toEqual(Array(4).fill({ answer: '{"type":"error","code":1006}|4404|', found: [undefined], takes: [] }))
})

test('PIN-128 draws as many digits as the key says', async () => {
  await house.close()
  house = await House.open({ keys: [{ ...KEY, pinDigits: 8 }] })
  const { line, pin } = await house.customer()
  expect(pin).toMatch(/^\d{8}$/)
  await house.asked(line, pin)
})

test('CFG-13 keys share no PIN, no user and no count of failures', async () => {
  await house.close()
  const bank = makeKey('bank', new TextEncoder().encode('the secret of quite another firm'))
  house = await House.open({ keys: [KEY, bank] })
  const ofBank = (role: 1 | 2, userId: string, enableByop: 0 | 1 = 0) =>
    mintToken(bank, { role, userId, userName: userId, seconds: 1_800, enableByop }, house.clock)
  const say = async (message: object) => {
    const line = await house.line()
    line.say({ version: PROTOCOL_VERSION, ...message })
    return line
  }
  const shop = await house.customer('SAME1')
  const other = await say({ type: 'start', token: await ofBank(1, 'c1', 1), customPinCode: 'SAME1' })
  await other.expect('started')
  expect(await other.expect('pin')).toMatchObject({ pin: 'SAME1' })
  // Each finds the session of its own key behind the same PIN.
  await house.asked(shop.line, 'SAME1', 'ana')
  const agent = await say({ type: 'join', token: await ofBank(2, 'ana'), pinCode: 'SAME1' })
  expect(await agent.expect('asked')).toMatchObject({ customerName: 'c1' })
  const generated = await house.customer()
  const stranger = async () => say({ type: 'join', token: await ofBank(2, 'ben'), pinCode: generated.pin })
  for (let n = 0; n < 6; n++) await expectRefused(await stranger(), 1006)
  await expectRefused(await stranger(), 1102)
  await house.asked(generated.line, generated.pin, 'ben')
})

/** All that a refused agent gets: texts, close code and reason. */
async function bytesOf(line: Line): Promise<string> {
  const texts: string[] = []
  line.socket.on('message', (data) => texts.push(String(data)))
  const [code, reason] = await once(line.socket, 'close')
  return [...texts, code, reason].join('|')
}
