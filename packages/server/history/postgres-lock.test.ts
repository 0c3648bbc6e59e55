import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startServer } from '../index.ts'
import { createTestDatabase, type TestDatabase } from '../testing/databases.ts'
import { House, KEY } from '../testing/house.ts'
import { LogText } from '../testing/log-text.ts'

const TAKE = `select pg_advisory_lock(hashtext('alongside'), hashtext(current_schema()))`

let place: TestDatabase
/** Another program's connection to the database. */
let other: pg.Client
beforeEach(async () => {
  place = await createTestDatabase('PostgreSQL')
  other = new pg.Client({ connectionString: place.url })
  await other.connect()
})
afterEach(async () => {
  await other.end()
  await place.remove()
})

const HOLDERS = `select pid from pg_locks where locktype = 'advisory' and granted
  and database = (select oid from pg_database where datname = current_database())`

/** Ends the connection that has the lock, as a restart of the database or a firewall does. */
const cut = (by = other) => by.query(`select pg_terminate_backend(pid) from (${HOLDERS}) as holders`)

/** Resolves when the log has such a line; each look is a round trip to the database. */
async function logged(log: LogText, event: string): Promise<void> {
  while (!log.text.includes(event)) await other.query('select 1')
}

const ready = async (house: House) => (await fetch(`${house.server.origin}/readyz`)).status

test('OPS-301 a server that finds the database taken has changed nothing in it', async () => {
  await other.query(TAKE)
  await expect(startServer({ keys: [KEY], databaseUrl: place.url })).rejects.toThrow(/is in use by another server/)
  const { rows } = await other.query(`select table_name from information_schema.tables where table_schema = 'public'`)
  expect(rows).toEqual([])
})

test('OPS-302 a lock that is lost with its connection is taken again, and sessions go on', async () => {
  const log = new LogText()
  const house = await House.open({ databaseUrl: place.url, log: log.log })
  const { customer, agent } = await house.pair()
  await cut()
  await logged(log, 'database lock lost')
  await logged(log, 'database lock is back')
  expect(await ready(house)).toBe(200)
  await expect(startServer({ keys: [KEY], databaseUrl: place.url })).rejects.toThrow(/is in use by another server/)
  agent.line.say({ type: 'leave' })
  await customer.line.expect('agent_left')
  await house.close()
})

test('OPS-303 the connection that has the lock is used every ten seconds, so that a dead one is noticed', async () => {
  const house = await House.open({ databaseUrl: place.url })
  const used = async () =>
    (await other.query(`select query, query_start from pg_stat_activity where pid = (${HOLDERS})`)).rows[0]
  const planned = house.clock.pending
  let before = await used()
  expect(before.query).toContain('pg_advisory_lock')
  for (let times = 0; times < 2; times++) {
    house.clock.advance(10_000)
    while ((await used()).query_start.getTime() === before.query_start.getTime());
    before = await used()
    expect(before.query).toBe('select 1')
    // The answer has arrived when the next one is planned.
    while (house.clock.pending < planned) await other.query('select 1')
  }
  await house.close()
})

test('OPS-304 a server whose database another one has taken hands its sessions over and stops', async () => {
  const log = new LogText()
  let stopped = () => {}
  const taken = new Promise<void>((resolve) => {
    stopped = resolve
  })
  const house = await House.open({ databaseUrl: place.url, log: log.log, onTaken: () => stopped() })
  const { customer, agent } = await house.pair()
  // Who waits in PostgreSQL's own queue has the lock before the server can ask for it again.
  const theirs = other.query(TAKE)
  const second = new pg.Client({ connectionString: place.url })
  await second.connect()
  const waits = `select 1 from pg_locks where locktype = 'advisory' and not granted`
  while ((await second.query(waits)).rowCount === 0);
  await cut(second)
  await theirs
  await taken
  expect(log.text).toContain('database lock taken')
  for (const { line } of [customer, agent]) expect(await line.expectClosed()).toBe(1001)
  await second.end()
  await other.query('select pg_advisory_unlock_all()')
  // The sessions are there for whoever has the database now.
  await house.restart()
  await (await house.resume(customer.started.sessionId, customer.started.secret)).expect('resumed')
  await house.close()
})
