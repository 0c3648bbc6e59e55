import type { IncomingMessage, ServerResponse } from 'node:http'
import swagger from '@fastify/swagger'
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify'
import {
  createJsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import type { Clock } from '../clock.ts'
import { limitName } from '../http/client-address.ts'
import type { Key } from '../key.ts'
import type { ServerLimits } from '../limits.ts'
import { A_MINUTE_MS, Quota } from '../quota.ts'
import { sendApiError, tooMany } from './api-error.ts'
import { ApiTokens } from './api-token.ts'

/** Where operations are added: every request that arrives there is authenticated and within its limits. */
export type Api = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose API secret signed the request's token; only under `/v2`. */
    caller: Key | undefined
  }
}

export interface ApiOptions {
  keys: ReadonlyMap<string, Key>
  clock: Clock
  limits: ServerLimits['http']
  addressOf: (request: FastifyRequest) => string
  onFault: (error: unknown) => void
}

/** The REST interface under `/v2`.
 *
 *  `addOperations` adds the routes, by paths that begin behind `/v2`. A route gives one zod schema each for its
 *  `params`, `querystring`, `body` and `response` (which begins with `...COMMON_ERRORS` or `...SESSION_ERRORS`), a
 *  `summary`, a `description`, an `operationId` and `tags`. From them come the types of its handler, the check of what
 *  comes in (300 names the parameter), the check of what goes out (500 when it is not as promised) and the OpenAPI
 *  document. `callerOf(request)` is the key that asks; a handler throws `ApiError` to refuse. */
export async function addApi(
  app: FastifyInstance,
  options: ApiOptions,
  addOperations: (api: Api) => void,
): Promise<void> {
  await app.register(
    async (scope) => {
      scope.setValidatorCompiler(validatorCompiler)
      scope.setSerializerCompiler(serializerCompiler)
      scope.setErrorHandler((error: Error, _request, reply) => sendApiError(error, reply, options.onFault))
      await scope.register(swagger, { openapi: DESCRIPTION, transform: createJsonSchemaTransform({}) })
      scope.get('/openapi.json', { schema: { hide: true } }, async () => scope.swagger())
      await scope.register(async (api) => {
        addAuthentication(api, options)
        addOperations(api.withTypeProvider<ZodTypeProvider>())
      })
    },
    { prefix: '/v2' },
  )
}

/** The key that asks. */
export function callerOf(request: FastifyRequest): Key {
  if (!request.caller) throw new Error('this route is outside of the authenticated ones')
  return request.caller
}

function addAuthentication(api: FastifyInstance, { keys, clock, limits, addressOf }: ApiOptions): void {
  const tokens = new ApiTokens(keys, clock)
  const perKey = new Quota(clock, limits.apiPerKey, A_MINUTE_MS)
  const refused = new Quota(clock, limits.refusedPerAddress, A_MINUTE_MS)
  api.decorateRequest('caller', undefined)
  api.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    try {
      request.caller = await tokens.verify(request.headers.authorization)
    } catch (error) {
      // Not before the token was looked at: a stranger behind the same address must not lock a right caller out.
      const wait = refused.spend(limitName(addressOf(request)))
      throw wait === undefined ? error : tooMany(wait)
    }
    const wait = perKey.spend(request.caller.sdkKey)
    if (wait !== undefined) throw tooMany(wait)
  })
}

const DESCRIPTION = {
  openapi: '3.1.0' as const,
  info: {
    title: 'Alongside',
    version: '2',
    description:
      'What happened and what is happening in the sessions of one SDK key. Times are ISO 8601 in UTC. Errors are { "code", "message" }.',
  },
  components: {
    securitySchemes: {
      token: {
        type: 'http' as const,
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description:
          'A JWT, HS256, of { "iss": your API key, "iat", "exp" }, signed with your API secret; it may live for 48 hours.',
      },
    },
  },
  security: [{ token: [] }],
}
