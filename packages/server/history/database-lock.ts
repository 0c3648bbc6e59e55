import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { ConfigError } from '../config-error.ts'
import { filePath, withoutPassword } from './database.ts'

/** How long a server that starts waits for the one before it, whose end a PostgreSQL may notice a little late. */
const WAIT = '2s'

/** How long a database may take to answer at all. */
const CONNECT_TIMEOUT_MS = 10_000

/** Keeps a database for one server, until the returned function is called or the process is gone, however it went. Two
 *  servers on one database would both take its sessions up, and each would end those of the other. Rejects with
 *  `ConfigError` when another server has it. */
export async function lockDatabase(url: string): Promise<() => Promise<void>> {
  const path = filePath(url)
  if (path === ':memory:') return async () => {}
  try {
    return path === undefined ? await lockPostgres(url) : lockFile(path)
  } catch (error) {
    if (!isTaken(error)) throw error
    throw new ConfigError(
      `DATABASE_URL: ${withoutPassword(url)} is in use by another server. Stop that one, or give this one a database of its own.`,
    )
  }
}

// A file beside it, so that other programs may read the database itself.
function lockFile(path: string): () => Promise<void> {
  const lock = new DatabaseSync(`${path}-lock`, { timeout: 0 })
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    throw error
  }
  return async () => lock.close()
}

async function lockPostgres(url: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url, keepAlive: true, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  // Without its connection the lock is gone; whatever else needs the database says so.
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(`set lock_timeout = '${WAIT}'`)
    await client.query(`select pg_advisory_lock(hashtext('alongside'), hashtext(current_schema()))`)
  } catch (error) {
    await client.end()
    throw error
  }
  return () => client.end()
}

/** SQLite's "busy", and PostgreSQL's "lock not available". */
function isTaken(error: unknown): boolean {
  const { errcode, code } = error as { errcode?: unknown; code?: unknown }
  return errcode === 5 || code === '55P03'
}
