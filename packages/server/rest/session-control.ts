import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { History } from '../history/history.ts'
import type { Sessions } from '../session/sessions.ts'
import { userIdSchema, userNameSchema } from '../shown-name.ts'
import { type Api, callerOf } from './api.ts'
import { ApiError, noSession, SESSION_ERRORS } from './api-error.ts'
import { formatTime } from './time.ts'

/** The id of a session in a path. One that no session can have is answered like one that no session has. */
export const sessionParams = z.object({ sessionId: z.string().describe('22 URL-safe base64 characters.') })

/** What a back end may do to a session that runs. */
export function addSessionControl(
  api: Api,
  sessions: Sessions,
  history: History,
  originOf: (request: FastifyRequest) => string,
): void {
  api.post(
    '/alongside/sessions/:sessionId/end',
    {
      schema: {
        operationId: 'endSession',
        tags: ['Alongside'],
        summary: 'End a session',
        description: 'Ends a live session for everybody at once. Its page and desks are told `operator_ended`.',
        params: sessionParams,
        response: { 200: z.object({ session_id: z.string() }).describe('The session is over.'), ...SESSION_ERRORS },
      },
    },
    async (request) => {
      const { sessionId } = request.params
      const { sdkKey } = callerOf(request)
      const session = sessions.find(sdkKey, sessionId)
      if (!session) throw noSession()
      history.tell({ type: 'audit', sdkKey, sessionId, action: 'session.ended_by_api' })
      session.end('operator_ended')
      return { session_id: sessionId }
    },
  )

  api.post(
    '/alongside/sessions/:sessionId/agent_links',
    {
      schema: {
        operationId: 'createAgentLink',
        tags: ['Alongside'],
        summary: 'Make a one-time link for an agent',
        description:
          'The address of a desk that asks the customer of a live session about the named agent, without a PIN. It works once and for 10 minutes; the customer still answers. The secret is in the fragment, which no server log sees.',
        params: sessionParams,
        body: z.object({
          user_id: userIdSchema,
          user_name: userNameSchema,
          watch_only: z.boolean().exactOptional().describe('The agent may look and do nothing else.'),
        }),
        response: {
          200: z.object({ url: z.string(), expires_at: z.string() }).describe('The link.'),
          ...SESSION_ERRORS,
          409: SESSION_ERRORS[404],
        },
      },
    },
    async (request) => {
      const { sessionId } = request.params
      const { user_id: userId, user_name: userName, watch_only: watches } = request.body
      const { sdkKey } = callerOf(request)
      const session = sessions.find(sdkKey, sessionId)
      if (!session) throw noSession()
      if (!session.asksAboutAll) throw withoutQuestion()
      const { link, expiresAt } = sessions.links.issue({
        sessionId,
        userId,
        userName,
        ...(watches ? { watchOnly: true } : {}),
      })
      history.tell({
        type: 'audit',
        sdkKey,
        sessionId,
        action: 'agent.link_made',
        person: { userId, userName, role: 'agent' },
      })
      const fragment = new URLSearchParams({ key: sdkKey, link })
      return { url: `${originOf(request)}/desk/link#${fragment}`, expires_at: formatTime(expiresAt) }
    },
  )
}

function withoutQuestion(): ApiError {
  return new ApiError(
    409,
    409,
    'The customer of this session is not asked about agents, because the key has the consent agent_initiated. Give the agent the PIN instead.',
  )
}
