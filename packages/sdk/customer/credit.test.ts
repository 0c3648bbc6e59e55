import { expect, test } from 'vitest'
import { Credit } from './credit.ts'

interface Scene {
  bytesPerMs: number | ((now: number) => number)
  roundTripMs: number
  /** Changed values a second, spread over `values`. */
  changes: number
  values: number
  bytesPerValue: number
  snapshotBytes?: number
  seconds?: number
  /** Sends whatever there is, whether the line takes it or not. */
  withoutCredit?: boolean
}

const FRAME_OVERHEAD = 14
const SLICE_BYTES = 12_000
const TURN_MS = 4

/** A page whose values change all the time, a line in which bytes queue, an agent who acknowledges. By the millisecond. */
function simulate(scene: Scene) {
  const { bytesPerMs, roundTripMs, changes, values, bytesPerValue } = scene
  const { snapshotBytes = 0, seconds = 30, withoutCredit = false } = scene
  let now = 0
  let lineFreeAt = 0
  let sequence = 0
  let snapshotLeft = snapshotBytes
  let owed = 0
  let seed = 7
  const credit = new Credit(() => now)
  const dirty = new Map<number, number>()
  const coming: { at: number; run: () => void }[] = []
  /** When a change was made and how long it took to the agent. */
  const delays: { at: number; ms: number }[] = []
  const applied: number[] = []
  const send = (bytes: number, changedAt: number[]) => {
    const own = ++sequence
    credit.sent(own, bytes)
    const rate = typeof bytesPerMs === 'number' ? bytesPerMs : bytesPerMs(now)
    lineFreeAt = Math.max(lineFreeAt, now) + bytes / rate
    const at = lineFreeAt + roundTripMs / 2
    const run = () => {
      applied.push(at)
      for (const change of changedAt) delays.push({ at: change, ms: at - change })
    }
    coming.push({ at, run }, { at: at + roundTripMs / 2, run: () => credit.acked(own) })
  }
  const flush = () => {
    while ((withoutCredit || credit.allows(0)) && (snapshotLeft > 0 || dirty.size > 0)) {
      if (snapshotLeft > 0) send(Math.min(SLICE_BYTES, snapshotLeft), [])
      else send(FRAME_OVERHEAD + dirty.size * bytesPerValue, [...dirty.values()])
      if (snapshotLeft > 0) snapshotLeft -= SLICE_BYTES
      else dirty.clear()
    }
  }
  for (; now < seconds * 1000; now++) {
    for (const event of coming.filter(({ at }) => at <= now)) {
      coming.splice(coming.indexOf(event), 1)
      event.run()
    }
    for (owed += changes / 1000; owed >= 1; owed--) {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff
      const value = seed % values
      if (!dirty.has(value)) dirty.set(value, now)
    }
    if (now % TURN_MS === 0) flush()
  }
  const from = (ms: number) => delays.filter(({ at }) => at >= ms)
  return {
    worstAfter: (ms: number) => from(ms).reduce((worst, delay) => Math.max(worst, delay.ms), 0),
    framesPerSecond: (ms: number) => applied.filter((at) => at >= ms).length / (seconds - ms / 1000),
  }
}

const SLOW = 2.5
const SLOW_PAGE = { changes: 300, values: 300, bytesPerValue: 4 }

test.each([0, 5_000, 50_000])(
  'CON-208 on a 20 kbit/s line with 300 changed values a second the agent is at most 0.5 s behind, after a snapshot of %i bytes',
  (snapshotBytes) => {
    const line = simulate({ bytesPerMs: SLOW, roundTripMs: 40, ...SLOW_PAGE, snapshotBytes })
    expect(line.worstAfter(snapshotBytes / SLOW + 2_000)).toBeLessThan(500)
  },
)

test('CON-208 control: without credit the same line falls seconds behind', () => {
  const line = simulate({ bytesPerMs: SLOW, roundTripMs: 40, ...SLOW_PAGE, withoutCredit: true })
  expect(line.worstAfter(2_000)).toBeGreaterThan(5_000)
})

test('CON-209 a line of 10 Mbit/s with a round trip of 100 ms carries at least 30 frames a second', () => {
  const small = simulate({ bytesPerMs: 1_250, roundTripMs: 100, changes: 300, values: 300, bytesPerValue: 10 })
  expect(small.framesPerSecond(1_000)).toBeGreaterThan(30)
  expect(small.worstAfter(1_000)).toBeLessThan(100)
  const large = simulate({ bytesPerMs: 1_250, roundTripMs: 100, changes: 60_000, values: 2_000, bytesPerValue: 5 })
  expect(large.framesPerSecond(1_000)).toBeGreaterThan(30)
  expect(large.worstAfter(1_000)).toBeLessThan(250)
})

test('CON-210 a line that becomes slow is noticed: two seconds later the agent is at most 0.6 s behind again', () => {
  const bytesPerMs = (now: number) => (now < 10_000 ? 1_250 : SLOW)
  const line = simulate({
    bytesPerMs,
    roundTripMs: 60,
    changes: 1_000,
    values: 100,
    bytesPerValue: 6,
    snapshotBytes: 50_000,
  })
  expect(line.worstAfter(12_500)).toBeLessThan(600)
})

test('CON-211 one frame may always be under way, and none more before the line is known', () => {
  let now = 0
  const credit = new Credit(() => now)
  expect(credit.allows(0)).toBe(true)
  expect(credit.allows(1)).toBe(false)
  credit.sent(1, 5_000_000)
  expect(credit.allows(0)).toBe(false)
  now = 60_000
  expect(credit.allows(0)).toBe(false)
  credit.acked(1)
  expect(credit.allows(0)).toBe(true)
})

test('CON-212 an acknowledgement of a frame that is not under way gives no credit', () => {
  const credit = new Credit(() => 0)
  credit.sent(1, 100)
  credit.acked(2)
  expect(credit.allows(0)).toBe(false)
  credit.acked(1)
  credit.acked(1)
  expect(credit.allows(0)).toBe(true)
})

test('STA-25 a line that is known to be slow has no room for pictures for a minute; small frames alone say nothing', () => {
  let now = 0
  const credit = new Credit(() => now)
  let sequence = 0
  const carry = (bytes: number, ms: number) => {
    credit.sent(++sequence, bytes)
    now += ms
    credit.acked(sequence)
  }
  for (let i = 0; i < 40; i++) carry(100, 100)
  expect(credit.room).toBeGreaterThan(10_000)
  for (let i = 0; i < 4; i++) carry(4_000, 1_600)
  expect(credit.room).toBe(0)
  now += 61_000
  expect(credit.room).toBeGreaterThan(10_000)
  carry(4_000, 40)
  carry(4_000, 1_600)
  expect(credit.room).toBeGreaterThan(10_000)
})
