import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import type { Dispatcher } from 'undici'
import type { Clock } from '../clock.ts'
import type { History } from '../history/history.ts'
import type { Database } from '../history/schema.ts'
import type { Webhook } from '../key.ts'
import type { Metrics } from '../metrics.ts'
import { type EndpointName, findDue, findNextTime, type OutboxRow, putOff, removeFromOutbox } from './outbox.ts'
import { postSigned, sign } from './signed-post.ts'

/** How long an endpoint may take for one webhook. */
export const ANSWER_TIMEOUT_MS = 10_000
/** How long a webhook is tried. */
export const GIVE_UP_MS = 86_400_000
/** Webhooks of different sessions that are on their way to one endpoint at once. */
const MAX_ON_THE_WAY = 4

const SECOND = 1_000
const MINUTE = 60 * SECOND
/** Until the next try; the last one from then on. */
const DELAYS_MS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 60 * MINUTE, 120 * MINUTE] as const

export interface EndpointContext {
  database: Database
  history: History
  dispatcher: Dispatcher
  clock: Clock
  log: Logger
  metrics: Metrics
  /** Why the address may not be sent to at all. */
  refuse: (url: string) => string | undefined
}

/** Brings one key's webhooks to one address, in order within a session. It first proves that the address knows the secret;
 *  until then nothing is sent there, and what waits is given up at its time. What is not answered with 2xx is tried again
 *  after growing delays. */
export class Endpoint {
  readonly #name: EndpointName
  readonly #webhook: Webhook
  readonly #context: EndpointContext
  readonly #log: Logger
  /** Rows whose fate is not written down yet. */
  readonly #onTheWay = new Set<number>()
  readonly #requests = new Set<AbortController>()
  readonly #sending = new Set<Promise<void>>()
  #isProved = false
  #failedProofs = 0
  #nextProof = 0
  #working: Promise<void> | undefined
  #again = false
  #cancelTimer: (() => void) | undefined
  #closed = false

  constructor(sdkKey: string, webhook: Webhook, context: EndpointContext) {
    this.#name = { sdkKey, url: webhook.url }
    this.#webhook = webhook
    this.#context = context
    this.#log = context.log.child({ sdkKey, endpoint: this.#host })
  }

  get isProved(): boolean {
    return this.#isProved
  }

  /** Looks for what is due. */
  wake(): void {
    if (this.#closed) return
    this.#again = true
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined
      if (this.#again) this.wake()
    })
  }

  /** Breaks off what is on its way: it stays in the outbox and is sent again by the next server. */
  async close(): Promise<void> {
    this.#closed = true
    this.#again = false
    for (const controller of this.#requests) controller.abort()
    await this.#working
    await Promise.all(this.#sending)
    this.#cancelTimer?.()
  }

  async #work(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false
      try {
        if (!this.#isProved && this.#context.clock.now() >= this.#nextProof) await this.#prove()
        await this.#takeUpDue()
        this.#wakeAt(await this.#findNextTime())
      } catch (error) {
        // The database is away, which the history reports; what is due stays due.
        this.#log.warn({ event: 'webhooks not read', reason: textOf(error) })
        this.#wakeAt(this.#context.clock.now() + DELAYS_MS[0])
      }
    }
  }

  async #takeUpDue(): Promise<void> {
    const { database, clock } = this.#context
    const limit = MAX_ON_THE_WAY - this.#onTheWay.size
    if (limit <= 0 || this.#closed) return
    const now = clock.now()
    const due = { now, limit, not: [...this.#onTheWay], ...(this.#isProved ? {} : { before: now - GIVE_UP_MS }) }
    for (const row of await findDue(database, this.#name, due)) {
      this.#onTheWay.add(row.id)
      if (!this.#isProved) this.#giveUp(row, 'the endpoint did not pass its check')
      else {
        const sending = this.#send(row).finally(() => this.#sending.delete(sending))
        this.#sending.add(sending)
      }
    }
  }

  async #send(row: OutboxRow): Promise<void> {
    const { clock, history, metrics } = this.#context
    const { event, session_id: sessionId, created_time: created } = row
    const answer = await this.#post(row.body)
    const now = clock.now()
    const reason = typeof answer === 'string' ? answer : statusProblem(answer.status)
    if (reason === undefined) {
      this.#log.debug({ event: 'webhook delivered', webhook: event, sessionId })
      metrics.webhooks.inc({ result: 'delivered' })
      this.#remove(row)
    } else if (this.#closed) {
      // Broken off by the end of the server, which says nothing of the endpoint.
      this.#onTheWay.delete(row.id)
    } else if (now >= created + GIVE_UP_MS) {
      this.#giveUp(row, reason)
    } else {
      const attempts = row.attempts + 1
      this.#log.warn({ event: 'webhook not taken', webhook: event, sessionId, attempts, reason })
      metrics.webhooks.inc({ result: 'not_taken' })
      const next = Math.min(now + delayAfter(row.attempts), created + GIVE_UP_MS)
      history.queue.push('webhook put off', (tx) => putOff(tx, row, attempts, next), this.#whenWritten(row))
    }
  }

  #giveUp(row: OutboxRow, reason: string): void {
    const { event, session_id: sessionId, attempts } = row
    this.#log.error({ event: 'webhook given up', webhook: event, sessionId, attempts, reason })
    this.#context.metrics.webhooks.inc({ result: 'given_up' })
    const details = { event, endpoint: this.#host, attempts, reason }
    const { sdkKey } = this.#name
    this.#context.history.tell({ type: 'audit', sdkKey, sessionId, action: 'webhook.given_up', details })
    this.#remove(row)
  }

  #remove(row: OutboxRow): void {
    const now = this.#context.clock.now()
    this.#context.history.queue.push('webhook done', (tx) => removeFromOutbox(tx, row, now), this.#whenWritten(row))
  }

  // Not before: what a failing database still lists would be sent again and again.
  #whenWritten(row: OutboxRow): () => void {
    return () => {
      this.#onTheWay.delete(row.id)
      this.wake()
    }
  }

  /** Asks the address for a sum that only the holder of the secret can make. */
  async #prove(): Promise<void> {
    const { clock } = this.#context
    const plainToken = randomBytes(16).toString('base64url')
    const body = JSON.stringify({ event: 'endpoint.url_validation', event_ts: clock.now(), payload: { plainToken } })
    const answer = await this.#post(body)
    if (this.#closed) return
    const reason =
      typeof answer === 'string' ? answer : proofProblem(answer, plainToken, sign(this.#webhook.secret, plainToken))
    this.#isProved = reason === undefined
    if (this.#isProved) return this.#log.info({ event: 'webhook endpoint proved' })
    this.#nextProof = clock.now() + delayAfter(this.#failedProofs++)
    this.#log.warn({
      event: 'webhook endpoint not proved',
      reason,
      advice: 'Nothing is sent there until it answers endpoint.url_validation with plainToken and encryptedToken.',
    })
  }

  /** The answer, or why there is none. */
  async #post(body: string): Promise<{ status: number; text: string } | string> {
    const { dispatcher, clock, refuse } = this.#context
    const { url, secret } = this.#webhook
    const refusal = refuse(url)
    if (refusal !== undefined) return refusal
    const controller = new AbortController()
    this.#requests.add(controller)
    const cancel = clock.after(ANSWER_TIMEOUT_MS, () => controller.abort(new Error('no answer in time')))
    try {
      return await postSigned(dispatcher, { url, secret, body, time: clock.now(), signal: controller.signal })
    } catch (error) {
      return textOf(error)
    } finally {
      cancel()
      this.#requests.delete(controller)
    }
  }

  /** When there is something to do that nobody will wake for. */
  async #findNextTime(): Promise<number | undefined> {
    if (!this.#isProved) return this.#nextProof
    if (this.#onTheWay.size >= MAX_ON_THE_WAY) return undefined
    return findNextTime(this.#context.database, this.#name, [...this.#onTheWay])
  }

  #wakeAt(time: number | undefined): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    if (this.#closed || time === undefined) return
    this.#cancelTimer = this.#context.clock.after(Math.max(0, time - this.#context.clock.now()), () => this.wake())
  }

  /** For logs: a path or a query may hold a secret. */
  get #host(): string {
    return new URL(this.#webhook.url).host
  }
}

function delayAfter(failures: number): number {
  return DELAYS_MS[Math.min(failures, DELAYS_MS.length - 1)] ?? DELAYS_MS[0]
}

function statusProblem(status: number): string | undefined {
  return status >= 200 && status < 300 ? undefined : `status ${status}`
}

function proofProblem(
  { status, text }: { status: number; text: string },
  plainToken: string,
  encryptedToken: string,
): string | undefined {
  if (status !== 200) return `status ${status}`
  try {
    const answer = JSON.parse(text) as { plainToken?: unknown; encryptedToken?: unknown } | null
    const isRight = answer?.plainToken === plainToken && answer.encryptedToken === encryptedToken
    return isRight ? undefined : 'the answer does not hold plainToken and the right encryptedToken'
  } catch {
    return 'the answer is not JSON'
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
