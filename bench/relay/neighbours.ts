// Those who have nothing to do with an attack: sessions in which the customer sends and the agent receives.
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { HEADER_BYTES } from '../../packages/protocol/index.ts'
import { answer } from './child.ts'
import { type From, frame, openCustomer, openPair } from './seats.ts'

export type Question =
  | { type: 'open'; from: From; pairs: number }
  /** The same through `bare-relay.ts`. */
  | { type: 'open_bare'; port: number; pairs: number }
  /** Customers whose sessions wait for an agent. */
  | { type: 'wait'; from: From; customers: number }
  | { type: 'watch'; ms: number; perSecond: number }

interface Pair {
  customer: WebSocket
  agent: WebSocket
  participant: number
}

const PAYLOAD_BYTES = 1_024

/** What is still under way when the sending ends. */
const GIVE_UP_MS = 10_000

const pairs: Pair[] = []
let ways: number[] = []

answer<Question>(async (question) => {
  switch (question.type) {
    case 'open':
      for (let n = 0; n < question.pairs; n++) {
        const { customer, agent, participant } = await openPair(question.from)
        keep({ customer: customer.socket, agent: agent.socket, participant })
      }
      return
    case 'open_bare':
      for (let n = 0; n < question.pairs; n++) {
        const [customer, agent] = [await openBare(question.port, n), await openBare(question.port, n)]
        keep({ customer, agent, participant: 2 })
      }
      return
    case 'wait':
      for (let n = 0; n < question.customers; n++) await openCustomer(question.from)
      return
    case 'watch':
      return watch(question.ms, question.perSecond)
  }
})

async function openBare(port: number, n: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/${n}`)
  await once(socket, 'open')
  return socket
}

function keep(pair: Pair): void {
  pair.agent.removeAllListeners('message')
  pair.agent.on('message', (bytes: Buffer) => {
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
      customer.send(frame(participant, payload))
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  while (ways.length < sent && performance.now() - begin < ms + GIVE_UP_MS)
    await new Promise((resolve) => setTimeout(resolve, 1))
  if (ways.length < sent) throw new Error(`${sent - ways.length} of ${sent} frames did not arrive`)
  return ways
}
