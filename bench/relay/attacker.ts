import { ATTACKS } from './attacks.ts'
import { answer } from './child.ts'
import type { From } from './seats.ts'
import { Tally } from './tally.ts'

export type Order = { type: 'begin'; name: string; from: From } | { type: 'stop' }

/** Rounds that go on at the same time. */
const ABREAST = 4

const STOP_MS = 500

let stopping = new AbortController()
let running: Promise<unknown> = Promise.resolve()
let tally = new Tally()

// Answers `stop` with what was tried and refused.
answer<Order>(async (order) => {
  if (order.type === 'begin') {
    stopping = new AbortController()
    tally = new Tally()
    running = Promise.all(Array.from({ length: ABREAST }, () => repeat(order, stopping.signal)))
    return {}
  }
  stopping.abort()
  // A socket that takes its time to close sends nothing any more.
  await Promise.race([running, new Promise((resolve) => setTimeout(resolve, STOP_MS))])
  return tally.counts
})

async function repeat({ name, from }: { name: string; from: From }, goesOn: AbortSignal): Promise<void> {
  while (!goesOn.aborted) {
    await ATTACKS[name]!({ from, goesOn, tally })
    // No timer: those of busy rounds are always due, and the word to stop would never be read.
    await new Promise(setImmediate)
  }
}
