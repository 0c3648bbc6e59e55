import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isLoopback } from '../config.ts'
import { METRICS_TYPE, type Metrics } from '../metrics.ts'

export interface OperatorOptions {
  /** Why the server should get no new work; undefined when all is well. */
  findFault: () => Promise<string | undefined>
  metrics: Metrics
  /** With one, it is what `/metrics` asks for; without, only this machine may read. */
  metricsToken: string | undefined
}

/** What probes and Prometheus ask. `/healthz` says that the process answers and should not be killed, `/readyz` that it
 *  should get work. */
export function addOperatorRoutes(app: FastifyInstance, { findFault, metrics, metricsToken }: OperatorOptions): void {
  app.get('/healthz', async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }))

  app.get('/readyz', async (_request, reply) => {
    const reason = await findFault()
    reply.header('cache-control', 'no-store')
    return reason === undefined ? { status: 'ready' } : reply.code(503).send({ status: 'not ready', reason })
  })

  app.get('/metrics', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    if (metricsToken !== undefined && !bears(request, metricsToken)) {
      return reply
        .code(401)
        .header('www-authenticate', 'Bearer')
        .send({ code: 401, message: 'Send "Authorization: Bearer" with the token that METRICS_TOKEN names.' })
    }
    if (metricsToken === undefined && !isFromThisMachine(request)) {
      return reply.code(403).send({
        code: 403,
        message: 'Only this machine may read the metrics. Set METRICS_TOKEN to read them from others.',
      })
    }
    return reply.type(METRICS_TYPE).send(await metrics.read())
  })
}

// Both are hashed, so that the time tells nothing of either's length.
function bears({ headers }: FastifyRequest, token: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(headers.authorization ?? ''), hash(`Bearer ${token}`))
}

/** A proxy on this machine forwards strangers from the same address, so what a proxy forwarded does not count, and
 *  neither does a page that made its own name mean this machine. */
function isFromThisMachine({ raw, headers, hostname }: FastifyRequest): boolean {
  const isForwarded = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via'].some((name) => headers[name] !== undefined)
  const remote = (raw.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  return !isForwarded && isLoopback(remote) && isLoopback(hostname.replace(/^\[(.*)\]$/, '$1'))
}
