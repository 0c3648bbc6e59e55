import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'

/** The databases that the server runs on: tests of what is kept run on each. */
export const DATABASES = ['SQLite', 'PostgreSQL'] as const

export interface TestDatabase {
  /** An empty database that nobody else uses; it keeps what was written until `remove`. */
  url: string
  remove(): Promise<void>
}

export async function createTestDatabase(kind: (typeof DATABASES)[number]): Promise<TestDatabase> {
  if (kind === 'SQLite') {
    const folder = mkdtempSync(join(tmpdir(), 'history-'))
    return { url: `sqlite:${folder}/new/history.db`, remove: async () => rmSync(folder, { recursive: true }) }
  }
  const server = inject('postgresUrl')
  // Not a schema of one database: what lists all tables there meets those that another test takes away.
  const name = `test_${randomBytes(6).toString('hex')}`
  await query(server, `create database ${name}`)
  const url = server.replace('/postgres?', `/${name}?`)
  return { url, remove: () => query(server, `drop database ${name} with (force)`) }
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(text)
  await client.end()
}
