import { CUSTOMER_ID, SERVER_ID } from '@alongside/protocol'
import { expect, test } from 'vitest'
import { ManualClock } from '../../server/testing/manual-clock.ts'
import { type ConnectionQuality, PROBE_INTERVAL_MS, QualityMeter } from './connection-quality.ts'

function measure() {
  const clock = new ManualClock()
  const probes: [number, number][] = []
  const told: ConnectionQuality[] = []
  let wanted = true
  const meter = new QualityMeter({
    clock,
    isWanted: () => wanted,
    probe: (peer, sequence) => probes.push([peer, sequence]),
    report: (quality) => told.push(quality),
  })
  const answer = (peer: number, sequence: number, underWay?: number) => {
    const payload = new Uint8Array(underWay === undefined ? 0 : 4)
    if (underWay !== undefined) new DataView(payload.buffer).setUint32(0, underWay)
    meter.receive({ kind: 'probe', flags: 0, peer, sequence }, payload)
  }
  const want = (now: boolean) => {
    wanted = now
  }
  return { clock, probes, told, meter, answer, want }
}

test('SES-410 measures the way to the page and to the server every three seconds, and how old the copy may be', () => {
  const { clock, probes, told, meter, answer } = measure()
  meter.start()
  meter.start()
  expect(probes).toEqual([
    [CUSTOMER_ID, 1],
    [SERVER_ID, 1],
  ])
  clock.advance(40)
  answer(SERVER_ID, 1)
  clock.advance(60)
  answer(CUSTOMER_ID, 1, 0)
  expect(told).toEqual([{ latency: 100, serverLatency: 40, inSync: true, behind: 50 }])
  clock.advance(PROBE_INTERVAL_MS - 101)
  expect(probes).toHaveLength(2)
  clock.advance(1)
  expect(probes).toHaveLength(4)
  clock.advance(100)
  answer(CUSTOMER_ID, 2, 900)
  expect(told[1]).toEqual({ latency: 100, serverLatency: 40, inSync: true, behind: 950 })
  clock.advance(PROBE_INTERVAL_MS)
  answer(CUSTOMER_ID, 3, 960)
  expect(told[2]).toMatchObject({ inSync: false, behind: 1_010 })
  meter.stop()
  meter.stop()
  expect(clock.pending).toBe(0)
})

test('SES-410 a page that does not answer is more behind at each beat, and a late answer still counts', () => {
  const { clock, told, meter, answer } = measure()
  meter.start()
  clock.advance(100)
  answer(CUSTOMER_ID, 1, 0)
  clock.advance(3 * PROBE_INTERVAL_MS)
  expect(told.slice(1).map(({ inSync, behind, latency }) => [inSync, behind, latency])).toEqual([
    [false, 5_950, 3_000],
    [false, 8_950, 6_000],
  ])
  answer(CUSTOMER_ID, 3, 0)
  expect(told.at(-1)).toMatchObject({ latency: 3_100, behind: 1_550 })
  // Those before it are no news any more.
  answer(CUSTOMER_ID, 2, 0)
  answer(CUSTOMER_ID, 99, 0)
  expect(told).toHaveLength(4)
  meter.stop()
})

test('SES-410 a server that did not answer yet is as far away as the page, not near', () => {
  const { clock, told, meter, answer } = measure()
  meter.start()
  clock.advance(PROBE_INTERVAL_MS)
  expect(told).toMatchObject([{ latency: PROBE_INTERVAL_MS, serverLatency: PROBE_INTERVAL_MS }])
  clock.advance(10)
  answer(SERVER_ID, 2)
  answer(CUSTOMER_ID, 2, 0)
  expect(told[1]).toMatchObject({ latency: 10, serverLatency: 10 })
  meter.stop()
})

test('SES-411 sends nothing while nobody wants to know, and begins anew afterwards', () => {
  const { clock, probes, told, meter, answer, want } = measure()
  want(false)
  meter.start()
  clock.advance(10 * PROBE_INTERVAL_MS)
  expect([probes, told]).toEqual([[], []])
  want(true)
  clock.advance(PROBE_INTERVAL_MS)
  expect(probes).toHaveLength(2)
  want(false)
  clock.advance(PROBE_INTERVAL_MS)
  answer(CUSTOMER_ID, 1, 0)
  expect(told).toEqual([])
  meter.stop()
})
