import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Clock } from '../clock.ts'
import type { ServerLimits } from '../limits.ts'
import { A_MINUTE_MS, Quota } from '../quota.ts'
import { limitName } from './client-address.ts'

const PAGES = ['/desk', '/desk/', '/sdkapi/zcb/frame-templates/desk', '/token']

/** Operators' own, and what has its own limits: `/v2` per key, pictures and fonts per session. */
const UNLIMITED = /^\/(healthz|readyz|metrics|v2\/.*|assets\/.*)$/

/** Refuses with 429 what one address asks for too often. */
export function limitRequests(
  app: FastifyInstance,
  clock: Clock,
  limits: ServerLimits['http'],
  addressOf: (request: FastifyRequest) => string,
): void {
  const pages = new Quota(clock, limits.pagesPerAddress, A_MINUTE_MS)
  const files = new Quota(clock, limits.filesPerAddress, A_MINUTE_MS)
  app.addHook('onRequest', async (request, reply) => {
    // An address that leads nowhere counts as a file.
    const route = request.routeOptions.url ?? ''
    if (UNLIMITED.test(route)) return
    const wait = (PAGES.includes(route) ? pages : files).spend(limitName(addressOf(request)))
    if (wait === undefined) return
    // Pages of any origin may learn how long to wait, as they may read the answer otherwise.
    if (route === '/token') reply.header('access-control-allow-origin', '*')
    return reply
      .code(429)
      .header('retry-after', wait)
      .header('cache-control', 'no-store')
      .send({ code: 429, message: `Too many requests. Try again in ${wait} s.` })
  })
}
