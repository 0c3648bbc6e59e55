import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Dialect, Kysely, PostgresDialect, SqliteDialect, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'
import type { Logger } from 'pino'
import { ConfigError } from '../config-error.ts'
import { createMigrations, type Numbering } from './migrations.ts'
import { openSqlite } from './node-sqlite.ts'
import type { Database, Schema } from './schema.ts'

/** Where a database is kept that nobody named: it is gone when the server stops. */
export const IN_MEMORY = 'sqlite::memory:'

/** How long a query may take before it counts as failed, so that a hanging database is noticed. */
const QUERY_TIMEOUT_MS = 10_000

/** Opens the database at `url` and brings its tables up to date: `postgres://…`, `sqlite::memory:`, `sqlite:` and a
 *  path, or a path alone. Missing folders are made. Rejects with `ConfigError`, which never holds the password. */
export async function openDatabase(url: string, log: Logger): Promise<Database> {
  const { dialect, numbering } = readUrl(url, log)
  const database = new Kysely<Schema>({ dialect })
  try {
    const migrator = new Migrator({
      db: database,
      provider: { getMigrations: async () => createMigrations(numbering) },
      ...(numbering === 'bigserial' ? { migrationTableSchema: await currentSchema(database) } : {}),
    })
    const { error } = await migrator.migrateToLatest()
    if (error) throw error
    return database
  } catch (error) {
    await database.destroy()
    throw cannotOpen(url, error)
  }
}

export function cannotOpen(url: string, error: unknown): ConfigError {
  const reason = error instanceof Error ? error.message : String(error)
  return new ConfigError(
    `DATABASE_URL: ${withoutPassword(url)} cannot be opened (${reason}). Check that it is right and that this user may write there.`,
  )
}

// The migrator would take its tables in another schema of the same database for ours.
async function currentSchema(database: Database): Promise<string> {
  const { rows } = await sql<{ name: string }>`select current_schema() as name`.execute(database)
  return rows[0]?.name ?? 'public'
}

/** Why nothing can be read at present; undefined when all is well. Calls while one is under way share its answer, so that
 *  many probes of a slow database are one query. */
export function createDatabaseProbe(database: Database): () => Promise<string | undefined> {
  let underWay: Promise<string | undefined> | undefined
  const ask = async () => {
    try {
      await database.selectFrom('key_settings').select('sdk_key').limit(1).execute()
      return undefined
    } catch {
      return 'The database cannot be read.'
    } finally {
      underWay = undefined
    }
  }
  return () => {
    underWay ??= ask()
    return underWay
  }
}

/** The path of a database that is a file; undefined for a PostgreSQL. Throws `ConfigError` for what is neither. */
export function filePath(url: string): string | undefined {
  if (/^postgres(ql)?:/.test(url)) return undefined
  const path = url.replace(/^sqlite:(\/\/(?=\/))?/, '')
  if (path === '' || path.includes('://')) {
    throw new ConfigError(
      `DATABASE_URL: expected a path, sqlite:<path> or postgres://<user>:<password>@<host>/<database>, got ${withoutPassword(url)}.`,
    )
  }
  return path
}

function readUrl(url: string, log: Logger): { dialect: Dialect; numbering: Numbering } {
  const path = filePath(url)
  if (path === undefined) return { dialect: createPostgres(url, log), numbering: 'bigserial' }
  return { dialect: new SqliteDialect({ database: async () => openFile(path) }), numbering: 'integer' }
}

function openFile(path: string) {
  // Names and addresses of people are in there, so others on this machine may not look.
  if (path !== ':memory:') {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    closeSync(openSync(path, 'a', 0o600))
  }
  return openSqlite(path)
}

function createPostgres(url: string, log: Logger): Dialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: 5,
    connectionTimeoutMillis: QUERY_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    types: {
      // Times and counts are 8 bytes wide there and fit a number here until the year 287,396.
      getTypeParser: (oid, format) => (oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)),
    },
  })
  // An idle connection that the database closes; the pool opens another one when it is needed.
  pool.on('error', (error) => log.warn({ event: 'database connection lost', reason: error.message }))
  return new PostgresDialect({ pool })
}

/** A database's address for people to read. A password may hold any sign, and may stand in the query too. */
export function withoutPassword(url: string): string {
  return url.includes('://') ? url.replace(/:\/\/.*@/s, '://…@').replace(/\?.*/s, '') : url
}
