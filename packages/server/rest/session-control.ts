import { z } from 'zod'
import type { Sessions } from '../session/sessions.ts'
import { type Api, callerOf } from './api.ts'
import { noSession, SESSION_ERRORS } from './api-error.ts'

/** The id of a session in a path. One that no session can have is answered like one that no session has. */
export const sessionParams = z.object({ sessionId: z.string().describe('22 URL-safe base64 characters.') })

/** What a back end may do to a session that runs. */
export function addSessionControl(api: Api, sessions: Sessions): void {
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
      const session = sessions.find(callerOf(request).sdkKey, sessionId)
      if (!session) throw noSession()
      session.end('operator_ended')
      return { session_id: sessionId }
    },
  )
}
