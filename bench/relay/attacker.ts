import { ATTACKS } from './attacks.ts'
import { answer } from './child.ts'
import type { From } from './seats.ts'

export type Order = { type: 'begin'; name: string; from: From } | { type: 'stop' }

/** Rounds that go on at the same time. */
const ABREAST = 4

let stopping = new AbortController()
let running: Promise<unknown> = Promise.resolve()
let rounds = 0

answer<Order>(async (order) => {
  if (order.type === 'begin') {
    stopping = new AbortController()
    rounds = 0
    running = Promise.all(Array.from({ length: ABREAST }, () => repeat(order, stopping.signal)))
    return {}
  }
  stopping.abort()
  await running
  return { rounds }
})

async function repeat({ name, from }: { name: string; from: From }, goesOn: AbortSignal): Promise<void> {
  while (!goesOn.aborted) {
    // Refused, as it should be.
    await ATTACKS[name]!(from, goesOn).catch(() => {})
    rounds++
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}
