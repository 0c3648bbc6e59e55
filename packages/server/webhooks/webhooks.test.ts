import { createHmac } from 'node:crypto'
import type { EndReason, LeaveReason } from '@alongside/protocol'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../history/database.ts'
import type { Fact } from '../history/fact.ts'
import type { Database } from '../history/schema.ts'
import { makeKey, type Webhook } from '../key.ts'
import { createTestDatabase, DATABASES, type TestDatabase } from '../testing/databases.ts'
import { House, KEY, SECRET } from '../testing/house.ts'
import { LogText } from '../testing/log-text.ts'
import { Receiver, settled, WEBHOOK_SECRET } from '../testing/receiver.ts'
import { ANSWER_TIMEOUT_MS, GIVE_UP_MS } from './endpoint.ts'

const SECOND = 1_000
const customer = { connectionId: 's-1', userId: 'c', userName: 'C', role: 'customer', address: '192.0.2.1' } as const
const agent = { connectionId: 's-2', userId: 'a', userName: 'A', role: 'agent', address: '192.0.2.2' } as const

describe.each(DATABASES)('%s', (kind) => {
  let place: TestDatabase
  let receiver: Receiver
  let house: House
  let beside: Database
  let logged: LogText

  beforeEach(async () => {
    place = await createTestDatabase(kind)
    receiver = await Receiver.open()
    beside = await openDatabase(place.url, pino({ level: 'silent' }))
    await open(receiver.webhook)
  })
  afterEach(async () => {
    await beside.destroy()
    await house.close()
    await receiver.close()
    await place.remove()
  })

  async function open(...webhooks: Webhook[]): Promise<void> {
    logged = new LogText()
    const keys = [
      { ...KEY, accountId: 'acme', webhooks },
      { ...makeKey('bank', SECRET), webhooks },
    ]
    house = await House.open({
      keys,
      databaseUrl: place.url,
      log: logged.log,
      webhooks: { allowPrivateAddresses: true },
    })
  }

  async function reopen(...webhooks: Webhook[]): Promise<void> {
    await house.close()
    await open(...webhooks)
  }

  function start(sessionId: string, sdkKey = 'shop'): void {
    house.server.history.tell({ type: 'started', sdkKey, sessionId, customer })
  }

  function end(sessionId: string, reason: EndReason = 'customer_ended', sdkKey = 'shop'): void {
    house.server.history.tell({ type: 'ended', sdkKey, sessionId, reason })
  }

  async function next(from = receiver): Promise<string> {
    const { body } = await from.next(house)
    return `${body.payload.object.session_id} ${body.event.replace('cobrowse.session_', '')}`
  }

  const waiting = () => beside.selectFrom('webhook_outbox').selectAll().orderBy('id').execute()

  /** Both keys' endpoints have failed their check once. */
  const bothRefused = () => settled(house, () => logged.text.split('webhook endpoint not proved').length > 2)

  async function allTaken(): Promise<void> {
    await house.server.history.flush()
    await settled(house, async () => (await waiting()).length === 0)
  }

  test('HOOK-1 tells a session’s start, joins, leaves and end with the documented fields, in order', async () => {
    const pair = await house.pair()
    const { sessionId: session_id, startTime } = pair.customer.started
    await allTaken()
    house.clock.advance(90 * SECOND)
    pair.agent.line.say({ type: 'leave' })
    await pair.customer.line.expect('agent_left')
    pair.customer.line.say({ type: 'end' })
    await pair.customer.line.expect('ended')
    await allTaken()
    const [start_time, later] = ['2030-01-01T00:00:00Z', '2030-01-01T00:01:30Z']
    const ts = startTime + 90 * SECOND
    const cora = { user_connection_id: `${session_id}-1`, user_id: 'c1', user_name: 'Cora', role_type: 'customer' }
    const abe = { user_connection_id: `${session_id}-2`, user_id: 'a1', user_name: 'Agent a1', role_type: 'agent' }
    const told = (event: string, event_ts: number, object: object) => ({
      event: `cobrowse.${event}`,
      event_ts,
      payload: { account_id: 'acme', object: { session_id, start_time, ...object } },
    })
    expect(receiver.deliveries.map(({ body }) => body)).toEqual([
      told('session_started', startTime, cora),
      told('session_user_joined', startTime, { ...cora, join_time: start_time }),
      told('session_user_joined', startTime, { ...abe, join_time: start_time }),
      told('session_user_left', ts, { ...abe, leave_time: later, leave_reason: 'Left the session' }),
      told('session_user_left', ts, { ...cora, leave_time: later, leave_reason: 'The session end' }),
      told('session_ended', ts, { end_time: later, end_reason: 'The session ended' }),
    ])
  })

  test('HOOK-2 signs the time and the body as they are sent', async () => {
    start('s')
    const { headers, raw } = await receiver.next(house)
    const timestamp = String(house.clock.now() / SECOND)
    expect(headers['x-zm-request-timestamp']).toBe(timestamp)
    const sum = createHmac('sha256', WEBHOOK_SECRET).update(`v0:${timestamp}:${raw}`).digest('hex')
    expect(headers['x-zm-signature']).toBe(`v0=${sum}`)
    expect(headers['content-type']).toMatch(/^application\/json/)
  })

  const LEAVES: [LeaveReason, string][] = [
    ['left', 'Left the session'],
    ['too_slow', 'Got disconnected from the session'],
    ['connection_lost', 'Network connection error'],
    ['declined', 'Unknown reason'],
  ]
  test.each(LEAVES)('HOOK-3 says of an agent who left by %s: %s', async (reason, text) => {
    const name = { sdkKey: 'shop', sessionId: 's' }
    start('s')
    house.server.history.tell({ type: 'joined', ...name, person: agent })
    house.server.history.tell({ type: 'left', ...name, person: agent, reason })
    await allTaken()
    expect(receiver.deliveries.at(-1)?.body.payload.object).toMatchObject({ user_id: 'a', leave_reason: text })
  })

  const ENDS: [Extract<Fact, { type: 'ended' }>['reason'], string, string][] = [
    ['customer_ended', 'The session end', 'The session ended'],
    ['agent_ended', 'The session end', 'The session ended'],
    ['operator_ended', 'The session end', 'The session ended'],
    ['expired', 'The session end', 'The session ended'],
    ['connection_lost', 'Network connection error', 'Network connection error'],
    ['failed', 'The session end', 'Unknown reason'],
    ['abandoned', 'Unknown reason', 'Unknown reason'],
  ]
  test.each(ENDS)('HOOK-3 says of an end by %s: %s, %s', async (reason, left, ended) => {
    start('s')
    house.server.history.tell({ type: 'ended', sdkKey: 'shop', sessionId: 's', reason })
    await allTaken()
    const objects = receiver.deliveries.slice(-2).map(({ body }) => body.payload.object)
    expect(objects).toMatchObject([{ user_id: 'c', leave_reason: left }, { end_reason: ended }])
  })

  test('HOOK-4 tries again after growing delays, and holds what follows in that session alone', async () => {
    receiver.answer = (response, { body }) => {
      response.statusCode = body.payload.object.session_id === 'bad' ? 500 : 204
      response.end()
    }
    start('bad')
    expect(await next()).toBe('bad started')
    const delays: number[] = []
    for (let attempts = 1; attempts <= 9; attempts++) {
      await settled(house, async () => (await waiting())[0]?.attempts === attempts)
      const row = (await waiting())[0]
      delays.push(((row?.next_time ?? 0) - house.clock.now()) / SECOND)
      house.clock.advance(delays.at(-1)! * SECOND)
      expect(await next()).toBe('bad started')
    }
    expect(delays).toEqual([5, 30, 120, 600, 1_800, 3_600, 7_200, 7_200, 7_200])
    start('good')
    expect([await next(), await next()]).toEqual(['good started', 'good user_joined'])
    await settled(house, async () => (await waiting()).length === 2 && (await waiting())[0]?.attempts === 10)
    receiver.answer = undefined
    house.clock.advance(7_200 * SECOND)
    expect([await next(), await next()]).toEqual(['bad started', 'bad user_joined'])
    await allTaken()
  })

  test('HOOK-5 gives a webhook up after 24 hours, says so in log and audit, and goes on with the next', async () => {
    receiver.answer = (response) => response.writeHead(503).end()
    start('s')
    expect(await next()).toBe('s started')
    await settled(house, async () => (await waiting())[0]?.attempts === 1)
    house.clock.advance(GIVE_UP_MS - 1)
    expect(await next()).toBe('s started')
    await settled(house, async () => (await waiting())[0]?.attempts === 2)
    receiver.answer = (response, { body }) => response.writeHead(body.event.endsWith('started') ? 503 : 200).end()
    house.clock.advance(1)
    expect([await next(), await next()]).toEqual(['s started', 's user_joined'])
    await allTaken()
    await house.server.history.flush()
    const { items } = await house.server.history.reader.audit('shop', { action: 'webhook.given_up', limit: 9 })
    const details = { event: 'cobrowse.session_started', attempts: 2, reason: 'status 503' }
    expect(items).toMatchObject([{ sessionId: 's', details }])
    expect(logged.text).toContain('"event":"webhook given up"')
  })

  test('HOOK-6 sends after a restart what was not taken before it', async () => {
    receiver.answer = (response) => response.writeHead(500).end()
    start('s')
    end('s')
    expect(await next()).toBe('s started')
    await settled(house, async () => (await waiting())[0]?.attempts === 1)
    receiver.answer = undefined
    await reopen(receiver.webhook)
    house.clock.advance(5 * SECOND)
    expect([await next(), await next(), await next(), await next()]).toEqual([
      's started',
      's user_joined',
      's user_left',
      's ended',
    ])
    await allTaken()
  })

  test('HOOK-6 sends again what was on its way when the server stopped', async () => {
    receiver.answer = () => {}
    start('s')
    expect(await next()).toBe('s started')
    receiver.answer = undefined
    await reopen(receiver.webhook)
    expect([await next(), await next()]).toEqual(['s started', 's user_joined'])
  })

  test('HOOK-6 drops what is meant for an address that is no longer set, and says so', async () => {
    receiver.answer = (response) => response.writeHead(500).end()
    start('s')
    expect(await next()).toBe('s started')
    await reopen()
    await allTaken()
    expect(logged.text).toContain('their endpoint is no longer set')
  })

  test('HOOK-7 holds up no other endpoint, key or session when one does not answer', async () => {
    const silent = await Receiver.open()
    silent.answer = (response, { body }) => {
      if (body.payload.object.session_id !== 'quick') return
      response.end()
    }
    await reopen(silent.webhook, receiver.webhook)
    start('held')
    start('ours', 'bank')
    expect(new Set([await next(), await next(), await next(), await next()])).toEqual(
      new Set(['held started', 'held user_joined', 'ours started', 'ours user_joined']),
    )
    start('quick')
    const seen = [await next(silent), await next(silent), await next(silent), await next(silent)]
    expect(seen.filter((one) => one.startsWith('quick'))).toEqual(['quick started', 'quick user_joined'])
    // The answer is not waited for without end.
    house.clock.advance(ANSWER_TIMEOUT_MS)
    await settled(house, () => logged.text.includes('no answer in time'))
    await house.close()
    await silent.close()
    await open(receiver.webhook)
  })

  test('HOOK-8 sends nothing to an address that does not prove that it knows the secret, until it does', async () => {
    for (const answer of ['{}', 'null', 'no JSON', JSON.stringify({ plainToken: 'x', encryptedToken: 'y' })]) {
      receiver.answerCheck = (response) => response.end(answer)
      receiver.checks = 0
      await reopen(receiver.webhook)
      await bothRefused()
      const metrics = await (await fetch(`${house.server.origin}/metrics`)).text()
      expect(metrics).toMatch(/^alongside_webhook_endpoints_unproved 2$/m)
    }
    start('s')
    await house.server.history.flush()
    receiver.answerCheck = undefined
    const before = receiver.checks
    expect(receiver.deliveries).toEqual([])
    house.clock.advance(5 * SECOND)
    expect([await next(), await next()]).toEqual(['s started', 's user_joined'])
    expect(receiver.checks).toBeGreaterThan(before)
  })

  test('HOOK-8 gives up after 24 hours what waits for a check that is never passed', async () => {
    receiver.answerCheck = (response) => response.writeHead(404).end()
    await reopen(receiver.webhook)
    start('s')
    await house.server.history.flush()
    await bothRefused()
    house.clock.advance(GIVE_UP_MS)
    await allTaken()
    expect(receiver.deliveries).toEqual([])
    expect(logged.text).toContain('the endpoint did not pass its check')
  })

  test('HOOK-9 goes where no answer points to, and reads no answer without end', async () => {
    const elsewhere = await Receiver.open()
    receiver.answer = (response) => response.writeHead(307, { location: elsewhere.webhook.url }).end()
    start('s')
    expect(await next()).toBe('s started')
    await settled(house, async () => (await waiting())[0]?.attempts === 1)
    expect(logged.text).toContain('"reason":"status 307"')
    expect(elsewhere.deliveries).toEqual([])
    await elsewhere.close()

    let written = 0
    receiver.answer = (response) => {
      const flood = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16 * 1024))) written++
        if (!response.destroyed) response.once('drain', flood)
      }
      flood()
    }
    house.clock.advance(5 * SECOND)
    expect([await next(), await next()]).toEqual(['s started', 's user_joined'])
    await allTaken()
    expect(written).toBeLessThan(10_000)
  })

  test('HOOK-10 tells a key’s endpoints of that key’s sessions, and of the events that they ask for', async () => {
    const picky = await Receiver.open()
    const log = pino({ level: 'silent' })
    await house.close()
    const shop = {
      ...KEY,
      webhooks: [receiver.webhook, { ...picky.webhook, events: ['cobrowse.session_ended' as const] }],
    }
    const keys = [shop, makeKey('bank', SECRET)]
    house = await House.open({ keys, databaseUrl: place.url, log, webhooks: { allowPrivateAddresses: true } })
    start('theirs', 'bank')
    end('theirs', 'customer_ended', 'bank')
    start('ours')
    end('ours')
    await allTaken()
    expect(new Set(receiver.deliveries.map(({ body }) => body.payload.object.session_id))).toEqual(new Set(['ours']))
    expect(picky.deliveries.map(({ body }) => body.event)).toEqual(['cobrowse.session_ended'])
    await house.close()
    await picky.close()
    await open(receiver.webhook)
  })

  test('HOOK-11 keeps a fact and its webhooks together or not at all', async () => {
    if (kind === 'SQLite') {
      await sql`create trigger refuse before insert on webhook_outbox begin select raise(abort, 'full'); end`.execute(
        beside,
      )
    } else {
      await sql`create function refuse() returns trigger language plpgsql as
        $$ begin raise exception 'full' using errcode = '23000'; end $$`.execute(beside)
      await sql`create trigger refuse before insert on webhook_outbox execute function refuse()`.execute(beside)
    }
    start('s')
    await house.server.history.flush()
    expect(await house.server.history.reader.session('shop', 's')).toBeUndefined()
    expect(receiver.deliveries).toEqual([])
  })
})
