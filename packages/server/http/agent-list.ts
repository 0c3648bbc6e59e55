import { AlongsideError, ERRORS, reportError } from '@alongside/protocol'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Key } from '../key.ts'
import { type TokenRules, verifyToken } from '../token.ts'

const query = z.object({
  search: z.string().max(200).default(''),
  page_size: z.coerce.number().int().min(1).max(100).default(30),
  after: z.string().max(64).optional(),
})

export interface ListQuery {
  search: string
  pageSize: number
  after?: string
}

/** A list for the agents of a key, with an agent's token as bearer. For desks and for pages with the agent SDK on any
 *  origin: without the token, which no browser adds by itself, it says nothing. `read` may throw an `AlongsideError`. */
export function addAgentList(
  app: FastifyInstance,
  path: string,
  tokens: TokenRules,
  read: (key: Key, query: ListQuery) => object,
): void {
  const open = (reply: FastifyReply) =>
    reply.header('access-control-allow-origin', '*').header('cache-control', 'no-store')

  app.options(path, async (_request, reply) =>
    open(reply)
      .header('access-control-allow-methods', 'GET')
      .header('access-control-allow-headers', 'authorization')
      .header('access-control-max-age', '600')
      .code(204)
      .send(),
  )

  app.get(path, async (request, reply) => {
    try {
      const [, token = ''] = /^Bearer ([\w.-]+)$/i.exec(request.headers.authorization ?? '') ?? []
      const { key } = await verifyToken(token, 'agent', tokens)
      const parsed = query.safeParse(request.query)
      if (!parsed.success) throw new AlongsideError(1105)
      const { search, page_size: pageSize, after } = parsed.data
      return open(reply).send(read(key, { search, pageSize, ...(after === undefined ? {} : { after }) }))
    } catch (error) {
      if (!(error instanceof AlongsideError)) throw error
      const { code, errorMsg: message } = reportError(error)
      return open(reply).code(ERRORS[code].status).send({ code, message })
    }
  })
}
