import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { House } from './house.ts'

export const WEBHOOK_SECRET = 'a secret of the receiver'

export interface Delivery {
  headers: IncomingHttpHeaders
  raw: string
  body: { event: string; event_ts: number; payload: { account_id: string; object: Record<string, unknown> } }
}

/** What a receiver does with a webhook; left out, it takes it. */
type Answer = (response: ServerResponse, delivery: Delivery) => void

/** An integrator's back end: a real HTTP server that takes webhooks and passes the check of its address. */
export class Receiver {
  /** All but the checks of the address, in the order of coming. */
  readonly deliveries: Delivery[] = []
  checks = 0
  answer: Answer | undefined
  answerCheck: Answer | undefined
  readonly #server: Server
  #taken = 0

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const raw = await text(request)
      const delivery = { headers: request.headers, raw, body: JSON.parse(raw) }
      if (delivery.body.event !== 'endpoint.url_validation') {
        this.deliveries.push(delivery)
        if (this.answer) this.answer(response, delivery)
        else response.end()
        return
      }
      this.checks++
      if (this.answerCheck) return this.answerCheck(response, delivery)
      const { plainToken } = delivery.body.payload
      const encryptedToken = createHmac('sha256', WEBHOOK_SECRET).update(plainToken).digest('hex')
      response.end(JSON.stringify({ plainToken, encryptedToken }))
    })
  }

  static async open(): Promise<Receiver> {
    const receiver = new Receiver()
    receiver.#server.listen(0, '127.0.0.1')
    await once(receiver.#server, 'listening')
    return receiver
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** What a key sets to have its webhooks sent here. */
  get webhook() {
    return { url: `http://127.0.0.1:${this.port}/hooks`, secret: WEBHOOK_SECRET }
  }

  /** The next delivery that was not asked for yet. Lets the house do what is due now, but never moves its clock. */
  async next(house: House): Promise<Delivery> {
    await settled(house, () => this.deliveries.length > this.#taken)
    return this.deliveries[this.#taken++] as Delivery
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

/** Resolves when `isSo`, while the house does what is due now. */
export async function settled(house: House, isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) {
    house.clock.advance(0)
    await nextTurn()
  }
}
