import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startServer } from '../index.ts'
import { createTestDatabase, DATABASES, type TestDatabase } from '../testing/databases.ts'
import { openDatabase } from './database.ts'

const log = pino({ level: 'silent' })
const SESSION = {
  session_id: 's',
  sdk_key: 'shop',
  start_time: 1_900_000_000_000,
  end_time: null,
  end_reason: null,
  pin: '012345',
}

describe.each(DATABASES)('%s', (kind) => {
  let place: TestDatabase
  beforeEach(async () => {
    place = await createTestDatabase(kind)
  })
  afterEach(() => place.remove())

  test('HIST-1 makes its tables in an empty database, and opens one that has them with what it holds', async () => {
    const first = await openDatabase(place.url, log)
    await first.insertInto('sessions').values(SESSION).execute()
    await first.destroy()
    const second = await openDatabase(place.url, log)
    expect(await second.selectFrom('sessions').selectAll().execute()).toEqual([SESSION])
    await second.destroy()
  })

  test('HIST-1 lets two servers that start at once make the tables', async () => {
    const opened = await Promise.allSettled([openDatabase(place.url, log), openDatabase(place.url, log)])
    for (const one of opened) if (one.status === 'fulfilled') await one.value.destroy()
    // A file that the other one is changing is refused, not waited for: a wait would stop the relay.
    expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(kind === 'SQLite' ? 1 : 2)
  })
})

test('HIST-2 makes the folder and the file, which only their owner may read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'folder-'))
  const database = await openDatabase(join(folder, 'a/b/history.db'), log)
  expect(statSync(join(folder, 'a/b')).mode & 0o777).toBe(0o700)
  for (const name of readdirSync(join(folder, 'a/b')))
    expect([name, statSync(join(folder, 'a/b', name)).mode & 0o777]).toEqual([name, 0o600])
  await database.destroy()
  rmSync(folder, { recursive: true })
})

test.each([
  ['mysql://root:hunter2@localhost/db', /^DATABASE_URL: expected a path, .* got mysql:\/\/…@localhost\/db\.$/],
  ['sqlite:', /^DATABASE_URL: expected a path/],
  ['/etc/passwd/history.db', /^DATABASE_URL: \/etc\/passwd\/history\.db cannot be opened \(E[A-Z]+: .*\)\. Check/],
  ['postgres://ann:hunter2@127.0.0.1:1/db', /^DATABASE_URL: postgres:\/\/…@.* cannot be opened \(.*ECONNREFUSED/],
  ['mysql://ann:hunter2:hunter2@hunter2/db@localhost/db', /^(?!.*hunter2).* got mysql:\/\/…@localhost\/db\.$/],
  [
    'postgres://127.0.0.1:1/db?user=ann&password=hunter2',
    /^(?!.*hunter2)DATABASE_URL: postgres:\/\/127.0.0.1:1\/db cannot/,
  ],
])('HIST-3 refuses %s at the start, with a sentence that holds no password', async (databaseUrl, sentence) => {
  await expect(startServer({ databaseUrl })).rejects.toThrow(sentence)
})
