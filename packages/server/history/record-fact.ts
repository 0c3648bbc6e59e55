import type { AuditFact, Fact, Person } from './fact.ts'
import type { Writing } from './write-queue.ts'

/** What an event of a session changed, as a webhook tells it. */
export interface SessionEvent {
  event: 'session_started' | 'session_user_joined' | 'session_user_left' | 'session_ended'
  sdkKey: string
  sessionId: string
  time: number
  startTime: number
  person?: Person
  /** Only with `session_started`. */
  origin?: string
  reason?: string
}

/** Writes one fact and answers what others are told of it, in order. A fact of a session that is not there, or has ended
 *  already, changes nothing. */
export async function recordFact(tx: Writing, fact: Fact): Promise<SessionEvent[]> {
  if (fact.type === 'audit') {
    await audit(tx, fact)
    return []
  }
  const { sdkKey, sessionId, time } = fact
  if (fact.type === 'started') {
    const { customer, origin } = fact
    await tx
      .insertInto('sessions')
      .values({ session_id: sessionId, sdk_key: sdkKey, start_time: time, end_time: null, end_reason: null, pin: null })
      .execute()
    await addParticipant(tx, sessionId, customer, time)
    await audit(tx, { ...fact, type: 'audit', action: 'session.started', person: customer })
    const about = { sdkKey, sessionId, time, startTime: time, person: customer }
    return [
      { event: 'session_started', ...about, ...(origin === undefined ? {} : { origin }) },
      { event: 'session_user_joined', ...about },
    ]
  }
  const session = await tx
    .selectFrom('sessions')
    .select(['start_time'])
    .where('session_id', '=', sessionId)
    .where('sdk_key', '=', sdkKey)
    .where('end_time', 'is', null)
    .executeTakeFirst()
  if (!session) return []
  const about = { sdkKey, sessionId, time, startTime: session.start_time }
  switch (fact.type) {
    case 'pin_shown':
      await tx.updateTable('sessions').set({ pin: fact.pin }).where('session_id', '=', sessionId).execute()
      return []
    case 'joined':
      await addParticipant(tx, sessionId, fact.person, time)
      await audit(tx, { ...fact, type: 'audit', action: `${fact.person.role}.joined` })
      return [{ event: 'session_user_joined', ...about, person: fact.person }]
    case 'left': {
      const { person, reason } = fact
      const isLeft = await leave(tx, sessionId, person.connectionId, time, reason)
      if (!isLeft) return []
      await audit(tx, { ...fact, type: 'audit', action: `${person.role}.left`, details: { reason } })
      return [{ event: 'session_user_left', ...about, person, reason }]
    }
    case 'ended':
      return endSession(tx, about, fact.reason)
  }
}

async function endSession(
  tx: Writing,
  about: Pick<SessionEvent, 'sdkKey' | 'sessionId' | 'time' | 'startTime'>,
  reason: Extract<Fact, { type: 'ended' }>['reason'],
): Promise<SessionEvent[]> {
  const { sdkKey, sessionId, time } = about
  const events: SessionEvent[] = []
  for (const person of await findPresent(tx, sessionId)) {
    const isCause = person.role === 'customer' && (reason === 'connection_lost' || reason === 'abandoned')
    const left = isCause ? reason : 'session_ended'
    await leave(tx, sessionId, person.connectionId, time, left)
    events.push({ event: 'session_user_left', ...about, person, reason: left })
  }
  await tx
    .updateTable('sessions')
    .set({ end_time: time, end_reason: reason })
    .where('session_id', '=', sessionId)
    .execute()
  await audit(tx, { type: 'audit', time, sdkKey, sessionId, action: 'session.ended', details: { reason } })
  return [...events, { event: 'session_ended', ...about, reason }]
}

async function findPresent(tx: Writing, sessionId: string): Promise<Person[]> {
  const rows = await tx
    .selectFrom('participants')
    .selectAll()
    .where('session_id', '=', sessionId)
    .where('leave_time', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    connectionId: row.connection_id,
    userId: row.user_id,
    userName: row.user_name,
    role: row.role,
    address: row.ip_address,
  }))
}

async function addParticipant(tx: Writing, sessionId: string, person: Person, time: number): Promise<void> {
  await tx
    .insertInto('participants')
    .values({
      session_id: sessionId,
      connection_id: person.connectionId,
      user_id: withoutNul(person.userId),
      user_name: withoutNul(person.userName),
      role: person.role,
      ip_address: person.address,
      join_time: time,
      leave_time: null,
      leave_reason: null,
    })
    .execute()
}

async function leave(
  tx: Writing,
  sessionId: string,
  connectionId: string,
  time: number,
  reason: string,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('participants')
    .set({ leave_time: time, leave_reason: reason })
    .where('session_id', '=', sessionId)
    .where('connection_id', '=', connectionId)
    .where('leave_time', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

async function audit(tx: Writing, { time, sdkKey, action, sessionId, person, details }: AuditFact & { time: number }) {
  await tx
    .insertInto('audit')
    .values({
      sdk_key: sdkKey,
      time,
      action,
      session_id: sessionId ?? null,
      user_id: withoutNul(person?.userId ?? null),
      user_name: withoutNul(person?.userName ?? null),
      role: person?.role ?? null,
      ip_address: person?.address ?? null,
      details: details ? JSON.stringify(details) : null,
    })
    .execute()
}

/** PostgreSQL keeps no NUL in a text, and would refuse the whole fact. */
function withoutNul<T extends string | null>(text: T): T {
  return (text?.replaceAll('\0', '') ?? null) as T
}
