import { AlongsideError, ERRORS, reportError } from '@alongside/protocol'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { type TokenRules, verifyToken } from '../token.ts'
import type { Presence } from './presence.ts'

const query = z.object({
  search: z.string().max(200).default(''),
  page_size: z.coerce.number().int().min(1).max(100).default(30),
  after: z.string().max(64).optional(),
})

/** `GET /agent/devices`: the list of present devices for the agents of a key, with an agent's token as bearer. For desks
 *  and for pages with the agent SDK on any origin: without the token, which no browser adds by itself, it says nothing. */
export function addDeviceRoute(app: FastifyInstance, presence: Presence, tokens: TokenRules): void {
  const open = (reply: FastifyReply) =>
    reply.header('access-control-allow-origin', '*').header('cache-control', 'no-store')

  app.options('/agent/devices', async (_request, reply) =>
    open(reply)
      .header('access-control-allow-methods', 'GET')
      .header('access-control-allow-headers', 'authorization')
      .header('access-control-max-age', '600')
      .code(204)
      .send(),
  )

  app.get('/agent/devices', async (request, reply) => {
    try {
      const [, token = ''] = /^Bearer ([\w.-]+)$/i.exec(request.headers.authorization ?? '') ?? []
      const { key } = await verifyToken(token, 'agent', tokens)
      if (!key.features.presence) throw new AlongsideError(1115)
      const parsed = query.safeParse(request.query)
      if (!parsed.success) throw new AlongsideError(1105)
      const { search, page_size: pageSize, after } = parsed.data
      return open(reply).send(
        presence.list(key.sdkKey, { search, pageSize, ...(after === undefined ? {} : { after }) }),
      )
    } catch (error) {
      if (!(error instanceof AlongsideError)) throw error
      const { code, errorMsg: message } = reportError(error)
      return open(reply).code(ERRORS[code].status).send({ code, message })
    }
  })
}
