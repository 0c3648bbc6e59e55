// Those who have nothing to do with an attack: sessions in which the customer sends and the agent receives.
import { HEADER_BYTES } from '../../packages/protocol/index.ts'
import { answer } from './child.ts'
import { type From, frame, openCustomer, openPair } from './seats.ts'

export type Question =
  | { type: 'open'; from: From; pairs: number }
  /** Customers whose sessions wait for an agent. */
  | { type: 'wait'; from: From; customers: number }
  | { type: 'watch'; ms: number; perSecond: number }

const PAYLOAD_BYTES = 1_024

const pairs: Awaited<ReturnType<typeof openPair>>[] = []
let ways: number[] = []

answer<Question>(async (question) => {
  switch (question.type) {
    case 'open':
      for (let n = 0; n < question.pairs; n++) await open(question.from)
      return
    case 'wait':
      for (let n = 0; n < question.customers; n++) await openCustomer(question.from)
      return
    case 'watch':
      return watch(question.ms, question.perSecond)
  }
})

async function open(from: From): Promise<void> {
  const pair = await openPair(from)
  pair.agent.socket.removeAllListeners('message')
  pair.agent.socket.on('message', (bytes: Buffer) => {
    ways.push(performance.now() - bytes.readDoubleBE(HEADER_BYTES))
  })
  pairs.push(pair)
}

/** The ways, in ms, from a customer's send to the agent's receipt. The times of sending do not depend on the answers, so
 *  that a server that stands still is seen by all who send meanwhile. */
async function watch(ms: number, perSecond: number): Promise<number[]> {
  ways = []
  const payload = Buffer.alloc(PAYLOAD_BYTES)
  const begin = performance.now()
  let sent = 0
  while (performance.now() - begin < ms) {
    for (const due = ((performance.now() - begin) * perSecond) / 1_000; sent < due; sent++) {
      const { customer, participant } = pairs[sent % pairs.length]!
      payload.writeDoubleBE(performance.now())
      customer.socket.send(frame(participant, payload))
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  while (ways.length < sent) await new Promise((resolve) => setTimeout(resolve, 1))
  return ways
}
