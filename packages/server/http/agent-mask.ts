import { AlongsideError, ERRORS, type KeyMask, reportError } from '@alongside/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Key } from '../key.ts'
import { fromBody, maskBody, toBody } from '../key-mask.ts'
import { type Claims, type TokenRules, verifyToken } from '../token.ts'

const PATH = '/agent/mask'

/** What the key of an agent masks: read, and changed, with an agent's token as bearer that says `enable_settings: 1`.
 *  For the desk, and for pages with the agent SDK on any origin. */
export function addAgentMask(
  app: FastifyInstance,
  tokens: TokenRules,
  change: (key: Key, mask: KeyMask, by: Claims) => Promise<Key>,
): void {
  const open = (reply: FastifyReply) =>
    reply.header('access-control-allow-origin', '*').header('cache-control', 'no-store')

  app.options(PATH, async (_request, reply) =>
    open(reply)
      .header('access-control-allow-methods', 'GET, PUT')
      .header('access-control-allow-headers', 'authorization, content-type')
      .header('access-control-max-age', '600')
      .code(204)
      .send(),
  )

  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    run: (claims: Claims) => Key | Promise<Key>,
  ): Promise<FastifyReply> => {
    try {
      const [, token = ''] = /^Bearer ([\w.-]+)$/i.exec(request.headers.authorization ?? '') ?? []
      const claims = await verifyToken(token, 'agent', tokens)
      if (!claims.maySet) throw new AlongsideError(1122)
      return open(reply).send(toBody((await run(claims)).mask))
    } catch (error) {
      if (!(error instanceof AlongsideError)) throw error
      const { code, errorMsg: message } = reportError(error)
      return open(reply)
        .code(ERRORS[code].status)
        .send({ code, message, ...error.detail })
    }
  }

  app.get(PATH, (request, reply) => answer(request, reply, ({ key }) => key))

  app.put(
    PATH,
    {
      // A body that is no JSON, or too large, is bad input like any other.
      errorHandler: (error: { statusCode?: number }, _request, reply) => {
        const status = error.statusCode ?? 500
        if (status >= 500) throw error
        open(reply)
          .code(status === 413 ? 413 : 400)
          .send({ code: 1103, message: 'body: must be JSON of at most 16 KB.', setting: 'body' })
      },
    },
    (request, reply) =>
      answer(request, reply, (claims) => {
        const parsed = maskBody.safeParse(request.body)
        if (parsed.success) return change(claims.key, fromBody(parsed.data), claims)
        const [{ path, message }] = parsed.error.issues as [(typeof parsed.error.issues)[0]]
        const setting = path.join('.') || 'body'
        throw new AlongsideError(1103, `${setting}: ${message}.`, { setting })
      }),
  )
}
