import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Seconds. Most requests take a few milliseconds; one for a picture may wait 20 seconds. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25]

/** Memory, event loop and collector of this process: one registry, however many servers run in it. */
const processRegistry = new Registry()
let isCollecting = false

/** What the server counts, in the form that Prometheus reads. No label holds a key, a name, an address or a secret. */
export class Metrics {
  readonly #registry = new Registry()
  readonly sessionsStarted = this.#counter('sessions_started_total', 'Sessions that began.')
  readonly sessionsEnded = this.#counter('sessions_ended_total', 'Sessions that ended, by reason.', 'reason')
  readonly frames = this.#counter('frames_total', 'Frames that were passed on.')
  readonly frameBytes = this.#counter('frame_bytes_total', 'Bytes of the frames that were passed on.')
  readonly framesDropped = this.#counter('frames_dropped_total', 'Frames that may not pass or whose receiver is away.')
  readonly agentsTooSlow = this.#counter('agents_too_slow_total', 'Agents that were cut off because they did not read.')
  readonly webhooks = this.#counter('webhooks_total', 'Webhooks that were delivered, not taken or given up.', 'result')
  /** A failed try of a PIN is 1006 or 1008, one too many 1102. */
  readonly refusals = this.#counter('refusals_total', 'Sockets that were refused or closed with an error.', 'code')
  readonly requests = new Histogram({
    name: 'alongside_http_request_duration_seconds',
    help: 'How long requests took.',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS,
    registers: [this.#registry],
  })

  /** Adds what is looked at only when somebody reads: a number, or one for each value of `label`. */
  addGauge(name: string, help: string, read: () => number | Promise<number>): void
  addGauge(name: string, help: string, read: () => Record<string, number>, label: string): void
  addGauge(name: string, help: string, read: () => number | Promise<number> | Record<string, number>, label?: string) {
    new Gauge({
      name: `alongside_${name}`,
      help,
      labelNames: label === undefined ? [] : [label],
      registers: [this.#registry],
      async collect() {
        const value = await read()
        this.reset()
        if (typeof value === 'number') this.set(value)
        else if (label !== undefined) for (const [of, count] of Object.entries(value)) this.set({ [label]: of }, count)
      },
    })
  }

  /** All of it as text, with the content type in `METRICS_TYPE`. */
  async read(): Promise<string> {
    if (!isCollecting) collectDefaultMetrics({ register: processRegistry })
    isCollecting = true
    return `${await this.#registry.metrics()}\n${await processRegistry.metrics()}`
  }

  #counter(name: string, help: string, ...labelNames: string[]): Counter {
    return new Counter({ name: `alongside_${name}`, help, labelNames, registers: [this.#registry] })
  }
}

export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE
