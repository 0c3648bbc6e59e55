import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import { ConfigError } from '../config-error.ts'
import { cannotOpen, filePath, withoutPassword } from './database.ts'
import { isLockTaken, PostgresLock } from './postgres-lock.ts'

export interface DatabaseLock {
  /** False while it is lost and not back. */
  readonly held: boolean
  release(): Promise<void>
}

export interface LockOptions {
  url: string
  clock: Clock
  log: Logger
  /** Another server has taken the database after our lock was lost: this one must stop. */
  onTaken(): void
}

/** Keeps a database for one server, until it is released or the process is gone, however it went. Two servers on one
 *  database would both take its sessions up, and each would end those of the other. To be taken before anything in the
 *  database is read or changed. Rejects with `ConfigError` when another server has it, or it cannot be opened. */
export async function lockDatabase(options: LockOptions): Promise<DatabaseLock> {
  const { url } = options
  const path = filePath(url)
  if (path === ':memory:') return { held: true, release: async () => {} }
  try {
    return path === undefined ? await PostgresLock.take(options) : lockFile(path)
  } catch (error) {
    if (!isLockTaken(error)) throw cannotOpen(url, error)
    throw new ConfigError(
      `DATABASE_URL: ${withoutPassword(url)} is in use by another server. Stop that one, or give this one a database of its own.`,
    )
  }
}

// A file beside it, so that other programs may read the database itself.
function lockFile(path: string): DatabaseLock {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const lock = new DatabaseSync(`${path}-lock`, { timeout: 0 })
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    throw error
  }
  return { held: true, release: async () => lock.close() }
}
