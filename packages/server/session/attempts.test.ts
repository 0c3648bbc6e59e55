import { PIN_LIFETIME_MS } from '@alongside/protocol'
import { expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../limits.ts'
import { MemoryBackplane } from '../memory-backplane.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { type Attempt, Attempts } from './attempts.ts'
import { claimGeneratedPin, drawPin } from './pin.ts'

const LIMITS = DEFAULT_LIMITS.attempts
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const LIVE = 10_000

const ann = { sdkKey: 'shop', userId: 'ann', address: '192.0.2.1' }

/** Seconds that the next try has to wait; 0 when it was let through, and counted. */
function fail(attempts: Attempts, attempt: Attempt): number {
  try {
    attempts.count(attempt)
    return 0
  } catch (error) {
    return (error as { detail: { retryAfter: number } }).detail.retryAfter
  }
}

function waitsOf(attempts: Attempts, clock: ManualClock, attempt: Attempt, tries: number): number[] {
  return Array.from({ length: tries }, () => {
    const wait = fail(attempts, attempt)
    clock.advance(wait * 1_000)
    if (wait) fail(attempts, attempt)
    return wait
  })
}

/** Tries of thieves who never rest, on each of `days`: every stolen token tries as soon as it may. */
function triesOnDays(days: number, tokens: number, addressOf: (token: number) => string): number[] {
  const clock = new ManualClock()
  const attempts = new Attempts(clock, LIMITS)
  const begun = clock.now()
  const tries = new Array<number>(days).fill(0)
  const next = new Array<number>(tokens).fill(begun)
  for (;;) {
    const at = Math.min(...next)
    const day = Math.floor((at - begun) / DAY_MS)
    if (day >= days) return tries
    clock.advance(at - clock.now())
    const token = next.indexOf(at)
    const wait = fail(attempts, { sdkKey: 'shop', userId: `thief ${token}`, address: addressOf(token) })
    if (wait) next[token] = at + wait * 1_000
    else tries[day] = (tries[day] ?? 0) + 1
  }
}

test('PIN-120 lets an agent slip a few times, then doubles the wait up to its longest', () => {
  const clock = new ManualClock()
  const waits = waitsOf(new Attempts(clock, LIMITS), clock, ann, 18)
  expect(waits).toEqual([0, 0, 0, 0, 0, 0, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 5_120, 10_240, 10_240])
  clock.advance(20 * LIMITS.forgetMs)
  const attempts = new Attempts(clock, LIMITS)
  waitsOf(attempts, clock, ann, 40)
  expect(fail(attempts, ann)).toBe(LIMITS.maxWaitMs / 1_000)
})

test('PIN-120 forgets an agent’s slips one by one', () => {
  const clock = new ManualClock()
  const attempts = new Attempts(clock, LIMITS)
  for (let day = 0; day < 5; day++) {
    for (let slip = 0; slip < 5; slip++) {
      expect(fail(attempts, ann)).toBe(0)
      clock.advance(2 * HOUR_MS)
    }
    clock.advance(DAY_MS - 10 * HOUR_MS)
  }
})

test('PIN-121 limits an address of a key, and lets its room come back', () => {
  const clock = new ManualClock()
  const attempts = new Attempts(clock, LIMITS)
  const from = (agent: number, more: object = {}) =>
    fail(attempts, { sdkKey: 'shop', userId: `agent ${agent}`, address: '192.0.2.1', ...more })
  for (let agent = 0; agent < LIMITS.perAddress; agent++) expect(from(agent)).toBe(0)
  expect(from(1_000)).toBe(LIMITS.windowMs / LIMITS.perAddress / 1_000)
  expect(from(1_001, { address: '192.0.2.2' })).toBe(0)
  expect(from(1_002, { sdkKey: 'other' })).toBe(0)
  clock.advance(LIMITS.windowMs / LIMITS.perAddress)
  expect(from(1_003)).toBe(0)
})

test('PIN-121 takes a whole /64 of IPv6 for one address', () => {
  const attempts = new Attempts(new ManualClock(), { ...LIMITS, perAddress: 1 })
  expect(fail(attempts, { ...ann, address: '2001:db8::1' })).toBe(0)
  expect(fail(attempts, { ...ann, userId: 'ben', address: '2001:db8::ffff:1' })).toBeGreaterThan(0)
  expect(fail(attempts, { ...ann, userId: 'cleo', address: '2001:db8:0:1::1' })).toBe(0)
})

test('PIN-122 a try that was right leaves no trace', () => {
  const clock = new ManualClock()
  const attempts = new Attempts(clock, { ...LIMITS, perAgent: 1, perAgentUnderPressure: 1, perAddress: 2, perKey: 1 })
  for (let n = 0; n < 5; n++) attempts.count(ann)()
  expect([fail(attempts, ann), fail(attempts, ann)]).toEqual([0, 0])
  clock.advance(50_000)
  expect(fail(attempts, ann)).toBeGreaterThan(0)
})

test('PIN-123 when the failures of a key run high, others keep their tries, and who fails again waits longer', () => {
  const clock = new ManualClock()
  const attempts = new Attempts(clock, LIMITS)
  for (let thief = 0; thief < 500; thief++)
    for (let n = 0; n < 20; n++) fail(attempts, { sdkKey: 'shop', userId: `thief ${thief}`, address: `thief ${thief}` })
  expect(waitsOf(attempts, clock, ann, 5)).toEqual([0, 0, 0, 100, 200])
  expect(waitsOf(attempts, clock, { ...ann, sdkKey: 'other' }, 7)).toEqual([0, 0, 0, 0, 0, 0, 10])
  // One thief alone cannot bring that about, nor use up the room of an address.
  const calm = new Attempts(clock, LIMITS)
  for (let n = 0; n < 10_000; n++) {
    fail(calm, { ...ann, userId: 'thief' })
    clock.advance(1_000)
  }
  expect(waitsOf(calm, clock, ann, 7)).toEqual([0, 0, 0, 0, 0, 0, 10])
})

test('PIN-124 50 stolen tokens get 22 tries each on the first day and 6 on each later one', () => {
  // Written down in docs/adr/0006-pin-attempts.md.
  expect(triesOnDays(3, 50, (token) => `address ${token}`)).toEqual([1_100, 300, 300])
  expect(triesOnDays(3, 50, () => 'one address')).toEqual([1_091, 300, 300])
})

test('PIN-125 at 10,000 live PINs none is within a digit of another, and auto makes a hit a hundred times rarer', async () => {
  const fill = async (digits: number | 'auto') => {
    const backplane = new MemoryBackplane(new ManualClock())
    const length = { digits, pinsPerLive: DEFAULT_LIMITS.pinsPerLive }
    const pins = new Set<string>()
    for (let n = 0; n < LIVE; n++) pins.add(await claimGeneratedPin(backplane, 'shop', 's', PIN_LIFETIME_MS, length))
    return pins
  }
  const six = await fill(6)
  expect([...six].every((pin) => pin.length === 6)).toBe(true)
  expect(six.size).toBe(LIVE)
  expect(neighbouring(six)).toBe(0)
  // The control: PINs that are only drawn have many neighbours.
  const drawn = new Set(Array.from({ length: LIVE }, () => drawPin(6)))
  expect(neighbouring(drawn)).toBeGreaterThan(1_000)

  const auto = await fill('auto')
  expect(neighbouring(auto)).toBe(0)
  const lengths = [6, 7, 8].map((digits) => [...auto].filter((pin) => pin.length === digits).length)
  expect(lengths).toEqual([100, 900, 9_000])

  // What a try finds, by the length it guesses at; a thief takes the best.
  const chances = [6, 7, 8].map((digits, index) => (lengths[index] ?? 0) / 10 ** digits)
  const hits = (chance: number) => [1_100, 300].map((tries) => Number((tries * chance).toFixed(6)))
  expect(hits(LIVE / 10 ** 6)).toEqual([11, 3])
  expect(hits(Math.max(...chances))).toEqual([0.11, 0.03])
})

test('PIN-126 a full neighbourhood costs some draws, not the way apart', async () => {
  const backplane = new MemoryBackplane(new ManualClock())
  const length = { digits: 6, pinsPerLive: 10 }
  let draws = 0
  const draw = () => {
    draws++
    return drawPin(6)
  }
  for (let n = 0; n < LIVE; n++) await claimGeneratedPin(backplane, 'shop', 's', PIN_LIFETIME_MS, length, draw)
  // Each live PIN keeps at most 55 of the million away from others, so on the way there a draw is turned down 25 times
  // in 100; more than half again would be another rule.
  expect(draws).toBeGreaterThan(LIVE * 1.15)
  expect(draws).toBeLessThan(LIVE * 1.5)
})

/** PINs that differ in one digit from another one. */
function neighbouring(pins: ReadonlySet<string>): number {
  let count = 0
  for (const pin of pins) {
    const near = [...pin].some((digit, place) =>
      [...'0123456789'].some(
        (other) => other !== digit && pins.has(pin.slice(0, place) + other + pin.slice(place + 1)),
      ),
    )
    if (near) count++
  }
  return count
}
