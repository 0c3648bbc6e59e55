import type { Logger } from 'pino'
import { Agent } from 'undici'
import type { Clock } from '../clock.ts'
import type { Announcer, History } from '../history/history.ts'
import type { SessionEvent } from '../history/record-fact.ts'
import type { Database } from '../history/schema.ts'
import type { Writing } from '../history/write-queue.ts'
import type { Key } from '../key.ts'
import type { Metrics } from '../metrics.ts'
import { Endpoint, type EndpointContext } from './endpoint.ts'
import { addToOutbox, removeForgotten } from './outbox.ts'
import { guardLookup, namesPrivateAddress, type Resolve } from './public-address.ts'
import { describeEvent } from './session-webhook.ts'

/** How long a connection to an endpoint may take to be made. */
const CONNECT_TIMEOUT_MS = 5_000

interface WebhooksOptions {
  keys: ReadonlyMap<string, Key>
  database: Database
  history: History
  clock: Clock
  log: Logger
  metrics: Metrics
  allowPrivateAddresses: boolean
  /** How names are looked up; the system's way when left out. */
  resolve?: Resolve | undefined
}

/** Tells the back ends of all keys what happens in their sessions. Each event is written down with the fact that it
 *  tells, so that neither can be without the other, and stays there until the endpoint has taken it. */
export class Webhooks implements Announcer {
  readonly #keys: ReadonlyMap<string, Key>
  readonly #endpoints: Map<string, Endpoint[]>
  readonly #dispatcher: Agent

  constructor({ keys, allowPrivateAddresses, resolve, ...rest }: WebhooksOptions) {
    this.#keys = keys
    const lookup = allowPrivateAddresses ? resolve : guardLookup(resolve)
    this.#dispatcher = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS, ...(lookup ? { lookup } : {}) } })
    const refuse = (url: string) =>
      !allowPrivateAddresses && namesPrivateAddress(new URL(url)) ? 'the address is a private one' : undefined
    const context: EndpointContext = { ...rest, dispatcher: this.#dispatcher, refuse }
    this.#endpoints = new Map(
      [...keys.values()].map((key) => [key.sdkKey, key.webhooks.map((one) => new Endpoint(key.sdkKey, one, context))]),
    )
    const names = [...keys.values()].flatMap(({ sdkKey, webhooks }) => webhooks.map(({ url }) => ({ sdkKey, url })))
    rest.history.queue.push('webhooks of former endpoints', async (tx) => {
      const removed = await removeForgotten(tx, names)
      if (removed) rest.log.warn({ event: 'webhooks dropped', reason: 'their endpoint is no longer set', removed })
    })
    rest.metrics.addGauge('webhook_endpoints_unproved', 'Webhook endpoints that did not pass their check.', () =>
      this.#all().reduce((count, { isProved }) => count + (isProved ? 0 : 1), 0),
    )
    for (const endpoint of this.#all()) endpoint.wake()
  }

  async write(tx: Writing, event: SessionEvent): Promise<void> {
    const key = this.#keys.get(event.sdkKey)
    if (!key?.webhooks.length) return
    const { event: name, body } = describeEvent(event, key.accountId)
    for (const { url, events } of key.webhooks) {
      if (events && !events.includes(name)) continue
      const { sdkKey, sessionId, time } = event
      await addToOutbox(tx, { sdkKey, url }, { sessionId, event: name, body, time })
    }
  }

  wake(sdkKey: string): void {
    for (const endpoint of this.#endpoints.get(sdkKey) ?? []) endpoint.wake()
  }

  async close(): Promise<void> {
    await Promise.all(this.#all().map((endpoint) => endpoint.close()))
    await this.#dispatcher.destroy()
  }

  #all(): Endpoint[] {
    return [...this.#endpoints.values()].flat()
  }
}
