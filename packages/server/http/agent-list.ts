import { AlongsideError } from '@alongside/protocol'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Key } from '../key.ts'
import type { TokenRules } from '../token.ts'
import { addAgentRoutes } from './agent-routes.ts'

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

/** A list for the agents of a key. `read` may throw an `AlongsideError`. */
export function addAgentList(
  app: FastifyInstance,
  path: string,
  tokens: TokenRules,
  read: (key: Key, query: ListQuery) => object,
): void {
  addAgentRoutes(app, path, tokens, {
    GET: ({ key }, request) => {
      const parsed = query.safeParse(request.query)
      if (!parsed.success) throw new AlongsideError(1105)
      const { search, page_size: pageSize, after } = parsed.data
      return read(key, { search, pageSize, ...(after === undefined ? {} : { after }) })
    },
  })
}
