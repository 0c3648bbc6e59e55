import { z } from 'zod'
import type { Config } from '../config.ts'
import { ConfigError } from '../config-error.ts'
import { findKey } from './find-key.ts'
import { mintApiToken } from './mint.ts'

/** Enough for one listing. */
const TOKEN_SECONDS = 600

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

interface ListOptions {
  key?: string
  server?: string
  json?: boolean
}

/** The live sessions of a key, as a table or as JSON. Throws `ConfigError` when the server cannot be asked. */
export async function listSessions(config: Config, { key, server, json }: ListOptions): Promise<string> {
  const withRest = key === undefined ? config.keys.filter(({ apiKey }) => apiKey !== undefined) : []
  const chosen = findKey(withRest.length === 1 ? { ...config, keys: withRest } : config, key)
  const headers = { authorization: `Bearer ${await mintApiToken(chosen, TOKEN_SECONDS)}` }
  const sessions: z.infer<typeof pageSchema>['sessions'] = []
  let next = ''
  do {
    const page = await ask(server ?? addressOf(config), `?page_size=300&next_page_token=${next}`, headers)
    sessions.push(...page.sessions)
    next = page.next_page_token
  } while (next)
  if (json) return JSON.stringify(sessions, null, 2)
  if (sessions.length === 0) return 'There is no live session.'
  const rows = sessions.map(({ session_id, start_time, users }) => {
    const names = (role: string) =>
      users.filter(({ role_type }) => role_type === role).map(({ user_name }) => user_name)
    return [session_id, start_time, names('customer').join(', ') || '-', names('agent').join(', ') || '-']
  })
  return toTable([['SESSION', 'STARTED', 'CUSTOMER', 'AGENTS'], ...rows])
}

async function ask(server: string, query: string, headers: Record<string, string>) {
  const url = URL.canParse(server) ? new URL(`/v2/cobrowsesdk/live_sessions${query}`, server) : undefined
  if (!url?.protocol.startsWith('http'))
    throw new ConfigError('--server: must be an address such as http://127.0.0.1:4000.')
  const response = await fetch(url, { headers }).catch(() => {
    throw new ConfigError(`No server answers at ${url.origin}. Start it, or name another with --server.`)
  })
  if (response.status === 401)
    throw new ConfigError(
      `The server at ${url.origin} does not know this API key. Restart it, or check both configurations.`,
    )
  const page = pageSchema.safeParse(await response.json().catch(() => undefined))
  if (!response.ok || !page.success)
    throw new ConfigError(`The server at ${url.origin} answered ${response.status}, and no sessions. Is it Alongside?`)
  return page.data
}

/** Where the server of a configuration is reached from its own machine. */
function addressOf({ host, port }: Config): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`
  if (host === '::') return `http://[::1]:${port}`
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function toTable(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
