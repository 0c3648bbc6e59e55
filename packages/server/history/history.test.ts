import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeKey } from '../key.ts'
import { createTestDatabase, DATABASES, type TestDatabase } from '../testing/databases.ts'
import { House, KEY, SECRET } from '../testing/house.ts'
import { openDatabase } from './database.ts'
import type { History } from './history.ts'
import type { Database } from './schema.ts'

const BANK = makeKey('bank', SECRET)
const MINUTE = 60_000
const A_DAY = 86_400_000
const EVER = { from: 0, to: Number.MAX_SAFE_INTEGER, limit: 300 }
const silent = pino({ level: 'silent' })

describe.each(DATABASES)('%s', (kind) => {
  let place: TestDatabase
  let house: House
  let history: History

  beforeEach(async () => {
    place = await createTestDatabase(kind)
    await open()
  })
  afterEach(async () => {
    await house.close()
    await place.remove()
  })

  async function open(): Promise<void> {
    house = await House.open({ keys: [KEY, BANK], databaseUrl: place.url })
    history = house.server.history
  }

  /** Works on the same database as somebody else. */
  async function beside<T>(work: (database: Database) => Promise<T>): Promise<T> {
    const database = await openDatabase(place.url, silent)
    try {
      return await work(database)
    } finally {
      await database.destroy()
    }
  }

  /** A session of that key in the history alone. */
  function tellSession(sdkKey: string, sessionId: string, pin = '000000'): void {
    const customer = {
      connectionId: `${sessionId}-1`,
      userId: 'c',
      userName: 'C',
      role: 'customer',
      address: '',
    } as const
    history.tell({ type: 'started', sdkKey, sessionId, customer })
    history.tell({ type: 'pin_shown', sdkKey, sessionId, pin })
  }

  function tellEnd(sdkKey: string, sessionId: string): void {
    history.tell({ type: 'ended', sdkKey, sessionId, reason: 'customer_ended' })
  }

  test('HIST-10 keeps a session from its start to its end, with one row for each join', async () => {
    const { customer, agent } = await house.pair()
    const { sessionId, startTime } = customer.started
    await history.flush()
    const cora = { userId: 'c1', userName: 'Cora', role: 'customer' } as const
    const abe = { userId: 'a1', userName: 'Agent a1', role: 'agent' } as const
    const live = {
      sessionId,
      startTime,
      endTime: undefined,
      endReason: undefined,
      pin: customer.pin,
      users: [cora, abe],
    }
    expect(await history.reader.liveSessions('shop', { limit: 30 })).toEqual({ items: [live], next: undefined })
    expect(await history.reader.pastSessions('shop', { ...EVER, timeType: 'start' })).toMatchObject({ items: [] })

    house.clock.advance(MINUTE)
    agent.line.say({ type: 'leave' })
    await customer.line.expect('agent_left')
    customer.line.say({ type: 'new_pin' })
    const { pin } = await customer.line.expect('pin')
    await history.flush()
    expect(await history.reader.session('shop', sessionId)).toEqual({ ...live, pin, users: [cora] })
    house.clock.advance(MINUTE)
    customer.line.say({ type: 'end' })
    await customer.line.expect('ended')

    // What was told before the end of the server is there after it.
    await house.close()
    await open()
    const past = { ...live, pin, endTime: startTime + 2 * MINUTE, endReason: 'customer_ended' }
    expect(await history.reader.pastSessions('shop', { ...EVER, timeType: 'end' })).toMatchObject({ items: [past] })
    expect(await history.reader.liveSessions('shop', { limit: 30 })).toMatchObject({ items: [] })
    const visit = { ipAddress: '127.0.0.1', joinTime: startTime }
    expect(await history.reader.users('shop', sessionId, { limit: 30 })).toEqual({
      items: [
        {
          ...cora,
          ...visit,
          connectionId: `${sessionId}-1`,
          leaveTime: startTime + 2 * MINUTE,
          leaveReason: 'session_ended',
        },
        { ...abe, ...visit, connectionId: `${sessionId}-2`, leaveTime: startTime + MINUTE, leaveReason: 'left' },
      ],
      next: undefined,
    })
  })

  test('HIST-11 lists nobody as a user whom the customer did not let in, and keeps in the audit who did what', async () => {
    const customer = await house.customer()
    const agent = await house.asked(customer.line, customer.pin)
    customer.line.say({ type: 'consent', participant: agent.asked.participant, granted: false })
    await customer.line.expect('agent_left')
    await customer.line.expect('pin')
    customer.line.say({ type: 'end' })
    await customer.line.expect('ended')
    await history.flush()
    const { sessionId, startTime: time } = customer.started
    expect((await history.reader.users('shop', sessionId, { limit: 30 }))?.items).toHaveLength(1)
    const { items } = await history.reader.audit('shop', { sessionId, limit: 30 })
    const ipAddress = '127.0.0.1'
    const cora = { userId: 'c1', userName: 'Cora', role: 'customer', ipAddress }
    const abe = { userId: 'a1', userName: 'Agent a1', role: 'agent', ipAddress }
    const nobody = { userId: undefined, userName: undefined, role: undefined, ipAddress: undefined }
    expect(items.map(({ id, ...event }) => event)).toEqual([
      { time, sessionId, ...nobody, action: 'session.ended', details: { reason: 'customer_ended' } },
      { time, sessionId, ...abe, action: 'agent.declined', details: {} },
      { time, sessionId, ...abe, action: 'agent.asked', details: {} },
      { time, sessionId, ...cora, action: 'session.started', details: {} },
    ])
  })

  test('HIST-12 finds nothing under an id that no text of a database can hold', async () => {
    const { reader } = history
    expect(await reader.session('shop', 'a\0')).toBeUndefined()
    expect(await reader.users('shop', 'a\0', { limit: 30 })).toBeUndefined()
    expect((await reader.pastSessions('shop', { ...EVER, timeType: 'start', sessionId: 'a\0' })).items).toEqual([])
    expect((await reader.audit('shop', { action: 'a\0', limit: 30 })).items).toEqual([])
  })

  test('HIST-12 answers each key with its own sessions alone', async () => {
    tellSession('shop', 'of-shop', '111111')
    tellSession('bank', 'of-bank', '111111')
    tellSession('bank', 'over', '111111')
    tellEnd('bank', 'over')
    // A fact with the wrong key changes nothing.
    tellEnd('shop', 'of-bank')
    await history.flush()
    const { reader } = history
    const ids = ({ items }: { items: { sessionId: string }[] }) => items.map(({ sessionId }) => sessionId)
    expect(ids(await reader.liveSessions('shop', { limit: 30, pin: '111111' }))).toEqual(['of-shop'])
    expect(ids(await reader.liveSessions('bank', { limit: 30, pin: '111111' }))).toEqual(['of-bank'])
    for (const timeType of ['start', 'end'] as const) {
      const query = { ...EVER, timeType, sessionId: 'over', pin: '111111' }
      expect(ids(await reader.pastSessions('shop', query))).toEqual([])
      expect(ids(await reader.pastSessions('bank', query))).toEqual(['over'])
    }
    expect(await reader.session('shop', 'of-bank')).toBeUndefined()
    expect(await reader.session('bank', 'of-bank')).toBeDefined()
    expect(await reader.users('shop', 'of-bank', { limit: 30 })).toBeUndefined()
    expect(await reader.users('bank', 'of-bank', { limit: 30 })).toBeDefined()
    expect((await reader.audit('shop', { sessionId: 'of-bank', limit: 30 })).items).toEqual([])
    expect((await reader.audit('bank', { sessionId: 'of-bank', limit: 30 })).items).toHaveLength(1)
  })

  test('HIST-13 pages through every list once, whatever comes and goes meanwhile', async () => {
    // Three at the same millisecond, so that the time alone cannot be the cursor.
    for (let number = 0; number < 7; number++) {
      if (number % 3 === 0) house.clock.advance(1_000)
      tellSession('shop', `s${number}`)
      tellEnd('shop', `s${number}`)
    }
    await history.flush()
    const seen: string[] = []
    let after: { time: number; sessionId: string } | undefined
    do {
      const page = await history.reader.pastSessions('shop', { ...EVER, limit: 2, timeType: 'end', after })
      seen.push(...page.items.map(({ sessionId }) => sessionId))
      after = page.next
      house.clock.advance(1_000)
      tellSession('shop', `later${seen.length}`)
      tellEnd('shop', `later${seen.length}`)
      await beside((database) =>
        database
          .deleteFrom('sessions')
          .where('session_id', '=', seen.at(-1) ?? '')
          .execute(),
      )
      await history.flush()
    } while (after)
    expect(seen).toEqual(['s6', 's5', 's4', 's3', 's2', 's1', 's0'])

    tellSession('shop', 'crowd')
    for (let number = 2; number < 7; number++) {
      const person = {
        connectionId: `crowd-${number}`,
        userId: 'a',
        userName: 'A',
        role: 'agent',
        address: '',
      } as const
      history.tell({ type: 'joined', sdkKey: 'shop', sessionId: 'crowd', person })
      history.tell({ type: 'left', sdkKey: 'shop', sessionId: 'crowd', person, reason: 'left' })
    }
    await history.flush()
    const visits: string[] = []
    let last: number | undefined
    do {
      const page = await history.reader.users('shop', 'crowd', { limit: 4, after: last })
      visits.push(...(page?.items ?? []).map(({ connectionId }) => connectionId))
      last = page?.next
    } while (last !== undefined)
    expect(visits).toEqual([1, 2, 3, 4, 5, 6].map((number) => `crowd-${number}`))
    const first = await history.reader.audit('shop', { sessionId: 'crowd', limit: 6 })
    const second = await history.reader.audit('shop', { sessionId: 'crowd', limit: 6, after: first.next })
    expect([...first.items, ...second.items].map(({ action }) => action)).toEqual([
      ...Array.from({ length: 5 }, () => ['agent.left', 'agent.joined']).flat(),
      'session.started',
    ])
    expect(second.next).toBeUndefined()
  })

  test('HIST-14 finds past sessions by start or end, both ends of the range included', async () => {
    const start = house.clock.now()
    tellSession('shop', 'first')
    house.clock.advance(MINUTE)
    tellEnd('shop', 'first')
    await history.flush()
    const find = async (timeType: 'start' | 'end', from: number, to: number) =>
      (await history.reader.pastSessions('shop', { timeType, from, to, limit: 30 })).items.length
    expect(await find('start', start, start)).toBe(1)
    expect(await find('start', start + 1, start + MINUTE)).toBe(0)
    expect(await find('end', start + MINUTE, start + MINUTE)).toBe(1)
    expect(await find('end', start, start + MINUTE - 1)).toBe(0)
  })

  test('HIST-15 goes on serving sessions while the database takes nothing, says so, and catches up', async () => {
    const readiness = async () => (await fetch(`${house.server.origin}/readyz`)).status
    const unlock = await beside((database) => lock(database))
    const { customer } = await house.pair()
    await history.flush()
    expect(history.fault).toMatch(/^The database does not write: /)
    expect(await readiness()).toBe(503)
    customer.line.say({ type: 'end' })
    await customer.line.expect('ended')
    await unlock()
    house.clock.advance(10_000)
    while (history.fault !== undefined) await nextTurn()
    await history.flush()
    expect(await readiness()).toBe(200)
    expect(await history.reader.session('shop', customer.started.sessionId)).toMatchObject({
      endReason: 'customer_ended',
      users: [{ userId: 'c1' }, { userId: 'a1' }],
    })
  })

  /** Makes the database refuse writes until the returned function is called. */
  async function lock(database: Database): Promise<() => Promise<void>> {
    if (kind === 'SQLite') {
      const other = await openDatabase(place.url, silent)
      await sql`begin immediate`.execute(other)
      return () => other.destroy()
    }
    // As a full disk is told.
    await sql`create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'disk full' using errcode = '53100'; end $$`.execute(database)
    await sql`create trigger refuse before insert or update on sessions execute function refuse()`.execute(database)
    return () => beside(async (again) => void (await sql`drop trigger refuse on sessions`.execute(again)))
  }

  test('HIST-10 keeps a session whose people have names that no database can keep as they are', async () => {
    const customer = {
      connectionId: 'n-1',
      userId: 'c\0\ud800',
      userName: '\0',
      role: 'customer',
      address: '',
    } as const
    history.tell({ type: 'started', sdkKey: 'shop', sessionId: 'n', customer })
    await history.flush()
    expect((await history.reader.session('shop', 'n'))?.users).toMatchObject([{ userId: 'c\ufffd', userName: '' }])
  })

  test('HIST-19 is done flushing while ever more is told', async () => {
    let isDone = false
    let told = 0
    const tellOn = (): void => {
      if (!isDone) history.queue.push('more', async () => void told++, tellOn)
    }
    for (let chain = 0; chain < 50; chain++) tellOn()
    await history.flush()
    isDone = true
    expect(told).toBeGreaterThanOrEqual(50)
    await history.flush()
  })

  test('HIST-16 keeps the facts beside one that the database refuses', async () => {
    tellSession('shop', 'one')
    tellSession('shop', 'one')
    tellSession('shop', 'two')
    await history.flush()
    expect(history.fault).toBeUndefined()
    expect((await history.reader.liveSessions('shop', { limit: 30 })).items).toHaveLength(2)
  })

  test('HIST-17 ends in the history what a crash left open', async () => {
    tellSession('shop', 'open')
    await house.close()
    await open()
    await history.flush()
    const time = house.clock.now()
    expect(await history.reader.session('shop', 'open')).toMatchObject({ endTime: time, endReason: 'abandoned' })
    const users = await history.reader.users('shop', 'open', { limit: 30 })
    expect(users?.items).toMatchObject([{ leaveTime: time, leaveReason: 'abandoned' }])
  })

  test('HIST-18 deletes what ended more than six months ago, at the start and daily, and nothing younger', async () => {
    // One batch brings the next.
    const purged = async () => {
      do await history.flush()
      while (history.queue.waiting)
    }
    const ids = async () =>
      beside(async (database) => ({
        sessions: (await database.selectFrom('sessions').select('session_id').orderBy('session_id').execute()).map(
          (row) => row.session_id,
        ),
        participants: (await database.selectFrom('participants').select('id').execute()).length,
        audit: (await database.selectFrom('audit').select('id').execute()).length,
      }))
    // More than two batches, so that one must follow the other.
    for (let number = 0; number < 250; number++) {
      tellSession('shop', `old${number}`)
      tellEnd('shop', `old${number}`)
    }
    house.clock.advance(A_DAY)
    tellSession('shop', 'young')
    tellEnd('shop', 'young')
    await purged()
    expect((await ids()).sessions).toHaveLength(251)
    // The first of January and six months, by calendar, are the first of July; one day later the old ones go.
    house.clock.advance(180 * A_DAY)
    await purged()
    expect((await ids()).sessions).toHaveLength(251)
    house.clock.advance(A_DAY)
    await purged()
    expect(await ids()).toEqual({ sessions: ['young'], participants: 1, audit: 2 })

    await house.close()
    await beside((database) => database.updateTable('sessions').set({ end_time: 1 }).execute())
    await open()
    await purged()
    expect(await ids()).toEqual({ sessions: [], participants: 0, audit: 2 })
  })
})
