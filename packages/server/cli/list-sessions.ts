import { z } from 'zod'
import type { Config } from '../config.ts'
import { type AskOptions, askAll, toTable } from './ask.ts'

const pageSchema = z.object({
  next_page_token: z.string(),
  sessions: z.array(
    z.looseObject({
      session_id: z.string(),
      start_time: z.string(),
      users: z.array(z.looseObject({ user_name: z.string(), role_type: z.enum(['customer', 'agent']) })),
    }),
  ),
})

/** The live sessions of a key, as a table or as JSON. Throws `ConfigError` when the server cannot be asked. */
export async function listSessions(config: Config, options: AskOptions & { json?: boolean }): Promise<string> {
  const path = '/v2/cobrowsesdk/live_sessions'
  const sessions = await askAll(config, options, path, pageSchema, (page) => page.sessions)
  if (options.json) return JSON.stringify(sessions, null, 2)
  if (sessions.length === 0) return 'There is no live session.'
  const rows = sessions.map(({ session_id, start_time, users }) => {
    const names = (role: string) =>
      users.filter(({ role_type }) => role_type === role).map(({ user_name }) => user_name)
    return [session_id, start_time, names('customer').join(', ') || '-', names('agent').join(', ') || '-']
  })
  return toTable([['SESSION', 'STARTED', 'CUSTOMER', 'AGENTS'], ...rows])
}
