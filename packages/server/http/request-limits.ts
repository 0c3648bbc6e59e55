import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ServerLimits } from '../limits.ts'
import { limitName } from './client-address.ts'
import { RateLimit } from './rate-limit.ts'

const PAGES = ['/desk', '/desk/', '/sdkapi/zcb/frame-templates/desk', '/token']

/** Operators' own, and what has its own limits: `/v2` per key, pictures and fonts per session. */
const UNLIMITED = /^\/(healthz|readyz|metrics|v2\/.*|assets\/.*)$/

/** Refuses with 429 what one address asks for too often. */
export function limitRequests(
  app: FastifyInstance,
  limits: ServerLimits['http'],
  addressOf: (request: FastifyRequest) => string,
): void {
  const pages = new RateLimit(limits.pagesPerAddress)
  const files = new RateLimit(limits.filesPerAddress)
  app.addHook('onRequest', async (request, reply) => {
    // An address that leads nowhere counts as a file.
    const route = request.routeOptions.url ?? ''
    if (UNLIMITED.test(route)) return
    const wait = await (PAGES.includes(route) ? pages : files).take(limitName(addressOf(request)))
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
