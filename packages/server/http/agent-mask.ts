import { AlongsideError, type KeyMask } from '@alongside/protocol'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { matches, tagOf } from '../entity-tag.ts'
import type { Key } from '../key.ts'
import { fromBody, type MaskBody, maskBody, toBody } from '../key-mask.ts'
import type { Claims, TokenRules } from '../token.ts'
import { addAgentRoutes } from './agent-routes.ts'

/** What the key of an agent masks: read, and changed, with a token that says `enable_settings: 1`. `change` calls `check`
 *  with the key as it is right before. */
export function addAgentMask(
  app: FastifyInstance,
  tokens: TokenRules,
  change: (mask: KeyMask, by: Claims, check: (before: Key) => void) => Promise<Key>,
): void {
  addAgentRoutes(app, '/agent/mask', tokens, {
    GET: (claims, _request, reply) => {
      refuseOthers(claims)
      return answer(reply, claims.key)
    },
    PUT: async (claims, request, reply) => {
      refuseOthers(claims)
      const parsed = maskBody.safeParse(request.body)
      if (!parsed.success) {
        const [{ path, message }] = parsed.error.issues as [(typeof parsed.error.issues)[0]]
        const setting = path.join('.') || 'body'
        throw new AlongsideError(1103, `${setting}: ${message}.`, { setting })
      }
      const key = await change(fromBody(parsed.data), claims, ({ mask }) => {
        if (!matches(request.headers['if-match'], toBody(mask))) throw new AlongsideError(1123)
      })
      return answer(reply, key)
    },
  })
}

function refuseOthers({ maySet }: Claims): void {
  if (!maySet) throw new AlongsideError(1122)
}

function answer(reply: FastifyReply, { mask }: Key): MaskBody {
  const body = toBody(mask)
  reply.header('etag', tagOf(body))
  return body
}
