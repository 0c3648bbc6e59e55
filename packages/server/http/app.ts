import { createServer } from 'node:http'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { AssetTickets } from '../assets/asset-tickets.ts'
import type { Clock } from '../clock.ts'
import type { Key } from '../key.ts'
import type { ServerLimits } from '../limits.ts'
import { type Api, addApi } from '../rest/api.ts'
import type { TokenRules } from '../token.ts'
import { addAssetRoutes } from './asset-routes.ts'
import type { ClientAddresses } from './client-address.ts'
import { addDeskRoutes } from './desk-routes.ts'
import { limitFreshConnections } from './fresh-connections.ts'
import { addOperatorRoutes, type OperatorOptions } from './operator-routes.ts'
import { addPageRoutes } from './page-routes.ts'
import { Pipelines } from './pipelines.ts'
import { addReplicaRoute } from './replica-route.ts'
import { limitRequests } from './request-limits.ts'
import { checkHost, putHeaders } from './response-headers.ts'
import { addScriptRoutes } from './script-routes.ts'
import { addTokenRoutes } from './token-routes.ts'

/** How long a request may take to come in: a picture of 5 MB on a slow line. Without it, a body that never ends would hold
 *  its connection for good. */
const REQUEST_TIMEOUT_MS = 5 * 60_000

/** How long a connection may wait for its next request: longer than proxies keep theirs (60 s), who would otherwise send
 *  one on a connection that is just being closed. */
const KEEP_ALIVE_MS = 72_000

/** Largest body of any HTTP request today: names and numbers. */
const MAX_BODY_BYTES = 16 * 1024

export interface HttpOptions extends OperatorOptions {
  keys: ReadonlyMap<string, Key>
  tokens: TokenRules
  tickets: AssetTickets
  development: boolean
  /** The folder that holds `apps` and `packages` with their built files. */
  root: string
  log: Logger
  clock: Clock
  limits: ServerLimits
  addresses: ClientAddresses
  /** Where alone the desk is served. */
  deskOrigin: string | undefined
  /** Adds the operations under `/v2`. */
  addOperations: (api: Api) => void
  /** Adds what else there is. */
  addRoutes: (app: FastifyInstance) => void
}

export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const addressOf = ({ raw }: FastifyRequest) => options.addresses.of(raw)
  const pipelines = new Pipelines()
  // Fastify would log whole addresses, and the desk's holds a token.
  const app = Fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: true,
    serverFactory: (handle) =>
      createServer(
        {
          requestTimeout: REQUEST_TIMEOUT_MS,
          keepAliveTimeout: KEEP_ALIVE_MS,
          headersTimeout: options.limits.headersTimeoutMs,
          // Node looks for those that are over their time so often, and each half minute otherwise.
          connectionsCheckingInterval: options.limits.headersTimeoutMs / 2,
        },
        pipelines.limit(handle),
      ),
    // Fastify's own answer would repeat the address.
    frameworkErrors: (error, request, reply) => {
      // Hooks do not run for these.
      reply.type('application/json; charset=utf-8')
      putHeaders(request, reply, options.addresses)
      sendError(reply, error.statusCode ?? 400)
    },
  })
  app.addHook('onSend', async (request, reply) => putHeaders(request, reply, options.addresses))
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request
    const status = reply.statusCode
    const ms = Math.round(reply.elapsedTime)
    options.log.debug({ event: 'http', method, route: routeOptions.url, status, ms })
    // What anybody may make up, methods and addresses, is no label.
    const labels =
      routeOptions.url === undefined ? { method: 'any', route: 'none' } : { method, route: routeOptions.url }
    options.metrics.requests.observe({ ...labels, status }, reply.elapsedTime / 1000)
  })
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ code: 404, message: 'There is no such page.' }))
  app.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) options.log.error({ event: 'fault', err: error })
    return sendError(reply, status)
  })
  limitFreshConnections(app.server, options.addresses)
  checkHost(app)
  limitRequests(app, options.clock, options.limits.http, addressOf)
  addOperatorRoutes(app, options)
  addScriptRoutes(app, options)
  addTokenRoutes(app, options)
  addReplicaRoute(app, options.deskOrigin)
  addDeskRoutes(app, options)
  options.addRoutes(app)
  await addAssetRoutes(app, options.tickets)
  await addPageRoutes(app, options)
  const onFault = (error: unknown) => options.log.error({ event: 'fault', err: error })
  await addApi(app, { ...options, limits: options.limits.http, addressOf, onFault }, options.addOperations)
  return app
}

function sendError(reply: FastifyReply, status: number): FastifyReply {
  const message =
    status >= 500
      ? 'Something went wrong on our side. Try again later.'
      : 'The request could not be understood. Check its address and body.'
  return reply.code(status).send({ code: status, message })
}
