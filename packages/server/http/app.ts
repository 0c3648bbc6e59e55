import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import type { Logger } from 'pino'
import type { AssetTickets } from '../assets/asset-tickets.ts'
import type { Key } from '../key.ts'
import type { TokenRules } from '../token.ts'
import { addAssetRoutes } from './asset-routes.ts'
import { addDeskRoutes } from './desk-routes.ts'
import { addPageRoutes } from './page-routes.ts'
import { addReplicaRoute } from './replica-route.ts'
import { addScriptRoutes } from './script-routes.ts'
import { addTokenRoutes } from './token-routes.ts'

/** Largest body of any HTTP request today: names and numbers. */
const MAX_BODY_BYTES = 16 * 1024

export interface HttpOptions {
  keys: ReadonlyMap<string, Key>
  tokens: TokenRules
  tickets: AssetTickets
  development: boolean
  /** The folder that holds `apps` and `packages` with their built files. */
  root: string
  log: Logger
}

export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  // Fastify would log whole addresses, and the desk's holds a token.
  const app = Fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: true,
    // Fastify's own answer would repeat the address.
    frameworkErrors: (error, _request, reply) => void sendError(reply, error.statusCode ?? 400),
  })
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
    if (!reply.hasHeader('referrer-policy')) reply.header('referrer-policy', 'no-referrer')
  })
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request
    options.log.debug({ event: 'http', method, route: routeOptions.url, status: reply.statusCode })
  })
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ code: 404, message: 'There is no such page.' }))
  app.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) options.log.error({ event: 'fault', error })
    return sendError(reply, status)
  })
  app.get('/healthz', async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }))
  addScriptRoutes(app, options)
  addTokenRoutes(app, options)
  addReplicaRoute(app)
  addDeskRoutes(app, options)
  await addAssetRoutes(app, options.tickets)
  await addPageRoutes(app, options)
  return app
}

function sendError(reply: FastifyReply, status: number): FastifyReply {
  const message =
    status >= 500
      ? 'Something went wrong on our side. Try again later.'
      : 'The request could not be understood. Check its address and body.'
  return reply.code(status).send({ code: status, message })
}
