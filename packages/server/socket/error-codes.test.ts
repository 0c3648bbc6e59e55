import { ERRORS, type ErrorCode, PROTOCOL_VERSION } from '@alongside/protocol'
import { afterEach, expect, test } from 'vitest'
import { MemoryBackplane } from '../memory-backplane.ts'
import { House, KEY } from '../testing/house.ts'
import type { Line } from '../testing/line.ts'
import { LogText } from '../testing/log-text.ts'
import { ManualClock } from '../testing/manual-clock.ts'

const version = PROTOCOL_VERSION

/** Everything that the store behind is asked fails. */
class BrokenBackplane extends MemoryBackplane {
  override claimPin(): Promise<boolean> {
    throw new Error('broken')
  }
}

/** Takes PINs, and does not let go of them. */
class HalfBrokenBackplane extends MemoryBackplane {
  override async releasePin(): Promise<void> {
    throw new Error('broken')
  }
}

class FullBackplane extends MemoryBackplane {
  override async claimPin(): Promise<boolean> {
    return false
  }
}

const clock = new ManualClock()
let house: House
afterEach(() => house.close())

/** A peer's way into a refusal: the line that hears of it. */
type Way = () => Promise<Line>

async function say(message: Record<string, unknown>, options?: { origin: string }): Promise<Line> {
  const line = await house.line(options && { headers: options })
  line.say(message)
  return line
}

const start = async (more: object = {}, enableByop: 0 | 1 = 0) =>
  say({ type: 'start', version, token: await house.token(1, { enableByop }), ...more })

const WAYS: [ErrorCode, string, Way][] = [
  [1006, 'an unknown PIN', () => house.join('999999')],
  [1008, 'a PIN of a wrong form', () => house.join('1'.repeat(4_000))],
  [1009, 'no own PIN', () => start({}, 1)],
  [
    1010,
    'an own PIN in use',
    async () => {
      await house.customer('CASE1')
      return start({ customPinCode: 'case1' }, 1)
    },
  ],
  [1011, 'another version', () => say({ type: 'start', version: version + 1, token: '' })],
  [
    1012,
    'a second customer',
    async () => {
      const { line, started } = await house.customer()
      await (await house.resume(started.sessionId, started.secret)).expect('resumed')
      return line
    },
  ],
  [
    1015,
    'the same user twice',
    async () => {
      const { customer } = await house.pair()
      customer.line.say({ type: 'new_pin' })
      return house.join((await customer.line.expect('pin')).pin, 'a1')
    },
  ],
  [
    1100,
    'a no',
    async () => {
      const { line, pin } = await house.customer()
      const agent = await house.asked(line, pin)
      line.say({ type: 'consent', participant: agent.asked.participant, granted: false })
      return agent.line
    },
  ],
  [
    1101,
    'no answer',
    async () => {
      const { line, pin } = await house.customer()
      const agent = await house.asked(line, pin)
      house.clock.advance(180_000)
      return agent.line
    },
  ],
  [1105, 'no message of the protocol', () => say({ type: 'hello' })],
  [1106, 'a message that is too large', () => say({ type: 'start', version, token: 'x'.repeat(17_000) })],
  [1107, 'an unknown session', () => house.resume('A'.repeat(22), 'A'.repeat(48))],
  [2001, 'a token that is too long', () => say({ type: 'start', version, token: 'x'.repeat(5_000) })],
]

test.each(WAYS)('ERR-2 the socket answers and closes with %i for %s', async (code, _name, way) => {
  house = await House.open()
  const line = await way()
  expect(await line.expect('error')).toEqual({ type: 'error', code })
  expect(await line.expectClosed()).toBe(ERRORS[code].close)
})

test.each([
  [1001, new FullBackplane(clock)],
  [9999, new BrokenBackplane(clock)],
] as const)('ERR-2 the socket answers and closes with %i when no PIN can be had', async (code, backplane) => {
  house = await House.open({ backplane })
  const line = await start()
  expect(await line.expect('error')).toEqual({ type: 'error', code })
  expect(await line.expectClosed()).toBe(ERRORS[code].close)
})

test('ERR-2 the socket answers and closes with 1109 for a site that is not on the list', async () => {
  house = await House.open({ keys: [{ ...KEY, allowedOrigins: ['https://shop.example'] }] })
  const line = await say({ type: 'start', version, token: await house.token(1) }, { origin: 'https://evil.example' })
  expect(await line.expect('error')).toEqual({ type: 'error', code: 1109 })
  expect(await line.expectClosed()).toBe(ERRORS[1109].close)
})

test('ERR-2 a fault of ours is in the log, with what it was', async () => {
  const logged = new LogText()
  house = await House.open({ backplane: new BrokenBackplane(clock), log: logged.log })
  await (await start()).expect('error')
  const fault = logged.text.split('\n').find((entry) => entry.includes('"fault"'))
  expect(JSON.parse(fault ?? '{}')).toMatchObject({ err: { message: 'broken', stack: expect.any(String) } })
})

test('ERR-2 a session ends also when its PIN cannot be taken down', async () => {
  house = await House.open({ backplane: new HalfBrokenBackplane(clock) })
  const { line } = await house.customer()
  line.say({ type: 'end' })
  expect(await line.expect('ended')).toEqual({ type: 'ended', reason: 'customer_ended' })
})
