import { AlongsideError, ERRORS, reportError } from '@alongside/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Claims, type TokenRules, verifyToken } from '../token.ts'

/** What an address answers an agent. May throw an `AlongsideError`. */
type Answer = (claims: Claims, request: FastifyRequest, reply: FastifyReply) => object | Promise<object>

/** An address for the agents of a key, with an agent's token as bearer. For desks and for pages with the agent SDK on any
 *  origin: without the token, which no browser adds by itself, it says nothing. */
export function addAgentRoutes(
  app: FastifyInstance,
  path: string,
  tokens: TokenRules,
  answers: { GET: Answer; PUT?: Answer },
): void {
  const open = (reply: FastifyReply) =>
    reply
      .header('access-control-allow-origin', '*')
      .header('access-control-expose-headers', 'etag')
      .header('cache-control', 'no-store')

  app.options(path, async (_request, reply) =>
    open(reply)
      .header('access-control-allow-methods', Object.keys(answers).join(', '))
      .header('access-control-allow-headers', 'authorization, content-type, if-match')
      .header('access-control-max-age', '600')
      .code(204)
      .send(),
  )

  for (const [method, answer] of Object.entries(answers))
    app.route({
      method,
      url: path,
      // A body that is no JSON, or too large, is bad input like any other.
      errorHandler: (error: { statusCode?: number }, _request, reply) => {
        const status = error.statusCode ?? 500
        if (status >= 500) throw error
        open(reply)
          .code(status === 413 ? 413 : 400)
          .send({ code: 1103, message: 'body: must be JSON of at most 16 KB.', setting: 'body' })
      },
      handler: async (request, reply) => {
        try {
          const [, token = ''] = /^Bearer ([\w.-]+)$/i.exec(request.headers.authorization ?? '') ?? []
          return open(reply).send(await answer(await verifyToken(token, 'agent', tokens), request, reply))
        } catch (error) {
          if (!(error instanceof AlongsideError)) throw error
          const { code, errorMsg: message } = reportError(error)
          return open(reply)
            .code(ERRORS[code].status)
            .send({ code, message, ...error.detail })
        }
      },
    })
}
