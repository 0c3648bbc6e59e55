import type { z } from 'zod'
import type { Config } from '../config.ts'
import { ConfigError } from '../config-error.ts'
import { findKey } from './find-key.ts'
import { mintApiToken } from './mint.ts'

/** Enough for one command. */
const TOKEN_SECONDS = 600

/** Which key of which running server is asked. */
export interface AskOptions {
  key?: string
  server?: string
}

/** Asks a running server by REST, for the only key with REST when none is named. Throws `ConfigError` that says what to
 *  do when it cannot be asked or refuses. */
export async function askOne(config: Config, { key, server }: AskOptions, method: string, path: string) {
  const withRest = key === undefined ? config.keys.filter(({ apiKey }) => apiKey !== undefined) : []
  const chosen = findKey(withRest.length === 1 ? { ...config, keys: withRest } : config, key)
  const origin = server ?? addressOf(config)
  const url = URL.canParse(origin) ? new URL(path, origin) : undefined
  if (!url?.protocol.startsWith('http'))
    throw new ConfigError('--server: must be an address such as http://127.0.0.1:4000.')
  const headers = { authorization: `Bearer ${await mintApiToken(chosen, TOKEN_SECONDS)}` }
  const response = await fetch(url, { method, headers }).catch(() => {
    throw new ConfigError(`No server answers at ${url.origin}. Start it, or name another with --server.`)
  })
  if (response.status === 401)
    throw new ConfigError(
      `The server at ${url.origin} does not know this API key. Restart it, or check both configurations.`,
    )
  const answer: unknown = await response.json().catch(() => undefined)
  if (!response.ok)
    throw new ConfigError(`The server at ${url.origin} answered ${response.status}: ${messageOf(answer)}`)
  return { answer, origin: url.origin }
}

/** All items of a list, page by page. */
export async function askAll<Page extends { next_page_token: string }, Item>(
  config: Config,
  options: AskOptions,
  path: string,
  schema: z.ZodType<Page>,
  itemsOf: (page: Page) => Item[],
): Promise<Item[]> {
  const items: Item[] = []
  let next = ''
  do {
    const query = `?page_size=300&next_page_token=${encodeURIComponent(next)}`
    const { answer, origin } = await askOne(config, options, 'GET', path + query)
    const page = schema.safeParse(answer)
    if (!page.success) throw new ConfigError(`The server at ${origin} answered no list. Is it Alongside?`)
    items.push(...itemsOf(page.data))
    next = page.data.next_page_token
  } while (next)
  return items
}

export function toTable(rows: string[][]): string {
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

function messageOf(answer: unknown): string {
  const { message } = (answer ?? {}) as { message?: unknown }
  return typeof message === 'string' ? message : 'no message. Is it Alongside?'
}

/** Where the server of a configuration is reached from its own machine. */
function addressOf({ host, port }: Config): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`
  if (host === '::') return `http://[::1]:${port}`
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
