import type { Selectable, SelectQueryBuilder } from 'kysely'
import type { AuditTable, Database, ParticipantsTable, Schema, SessionsTable } from './schema.ts'

/** Where a page of sessions ended: the next one goes on behind it, whatever came or went meanwhile. */
export interface SessionCursor {
  time: number
  sessionId: string
}

export interface Page<Item, Cursor> {
  items: Item[]
  /** Undefined on the last page. */
  next: Cursor | undefined
}

export interface User {
  userId: string
  userName: string
  role: 'customer' | 'agent'
}

/** Times are ms since the epoch; the end is undefined while it lasts. */
export interface SessionSummary {
  sessionId: string
  startTime: number
  endTime: number | undefined
  endReason: string | undefined
  pin: string | undefined
  /** Each once, in the order of coming: of a live session those who are in, of a past one all who were. */
  users: User[]
}

/** From one join to one leave. */
export interface UserVisit extends User {
  connectionId: string
  ipAddress: string
  joinTime: number
  leaveTime: number | undefined
  leaveReason: string | undefined
}

export interface AuditEvent {
  id: number
  time: number
  action: string
  sessionId: string | undefined
  userId: string | undefined
  userName: string | undefined
  role: string | undefined
  ipAddress: string | undefined
  details: Record<string, string | number | boolean>
}

interface LiveQuery {
  pin?: string | undefined
  limit: number
  after?: SessionCursor | undefined
}

interface PastQuery extends LiveQuery {
  /** Which time lies between `from` and `to`, both included. */
  timeType: 'start' | 'end'
  from: number
  to: number
  sessionId?: string | undefined
}

interface AuditQuery {
  /** Times from and to, both included. */
  from?: number | undefined
  to?: number | undefined
  sessionId?: string | undefined
  action?: string | undefined
  limit: number
  /** The `id` of the last event that was seen. */
  after?: number | undefined
}

/** Reads what one key's sessions were. Lists begin with the newest; users of a session with the first. */
export interface HistoryReader {
  liveSessions(sdkKey: string, query: LiveQuery): Promise<Page<SessionSummary, SessionCursor>>
  pastSessions(sdkKey: string, query: PastQuery): Promise<Page<SessionSummary, SessionCursor>>
  /** Undefined when the key has no such session. */
  session(sdkKey: string, sessionId: string): Promise<SessionSummary | undefined>
  /** Undefined when the key has no such session. `after` is the `next` of the page before. */
  users(
    sdkKey: string,
    sessionId: string,
    query: { limit: number; after?: number | undefined },
  ): Promise<Page<UserVisit, number> | undefined>
  audit(sdkKey: string, query: AuditQuery): Promise<Page<AuditEvent, number>>
}

/** PostgreSQL refuses a question about a text that it could not hold. */
function isText(text: string | undefined): boolean {
  return !text?.includes('\0')
}

export function createReader(database: Database): HistoryReader {
  return {
    async liveSessions(sdkKey, { pin, limit, after }) {
      let query = database
        .selectFrom('sessions')
        .selectAll()
        .where('sdk_key', '=', sdkKey)
        .where('end_time', 'is', null)
      if (pin !== undefined) query = query.where('pin', '=', pin)
      return readPage(query, 'start_time', limit, after)
    },

    async pastSessions(sdkKey, { timeType, from, to, sessionId, pin, limit, after }) {
      if (!isText(sessionId)) return { items: [], next: undefined }
      const column = timeType === 'start' ? 'start_time' : 'end_time'
      let query = database
        .selectFrom('sessions')
        .selectAll()
        .where('sdk_key', '=', sdkKey)
        .where('end_time', 'is not', null)
        .where(column, '>=', from)
        .where(column, '<=', to)
      if (sessionId !== undefined) query = query.where('session_id', '=', sessionId)
      if (pin !== undefined) query = query.where('pin', '=', pin)
      return readPage(query, column, limit, after)
    },

    async session(sdkKey, sessionId) {
      const row = await findSession(sdkKey, sessionId)
      return row && (await summarize([row]))[0]
    },

    async users(sdkKey, sessionId, { limit, after = 0 }) {
      if (!(await findSession(sdkKey, sessionId))) return undefined
      const rows = await database
        .selectFrom('participants')
        .selectAll()
        .where('session_id', '=', sessionId)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit + 1)
        .execute()
      const items = rows.slice(0, limit)
      return { items: items.map(toVisit), next: rows.length > limit ? items.at(-1)?.id : undefined }
    },

    async audit(sdkKey, { from, to, sessionId, action, limit, after }) {
      if (!isText(sessionId) || !isText(action)) return { items: [], next: undefined }
      let query = database.selectFrom('audit').selectAll().where('sdk_key', '=', sdkKey)
      if (from !== undefined) query = query.where('time', '>=', from)
      if (to !== undefined) query = query.where('time', '<=', to)
      if (sessionId !== undefined) query = query.where('session_id', '=', sessionId)
      if (action !== undefined) query = query.where('action', '=', action)
      if (after !== undefined) query = query.where('id', '<', after)
      const rows = await query
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute()
      const items = rows.slice(0, limit)
      return { items: items.map(toAuditEvent), next: rows.length > limit ? items.at(-1)?.id : undefined }
    },
  }

  async function readPage(
    query: SelectQueryBuilder<Schema, 'sessions', Row<SessionsTable>>,
    column: 'start_time' | 'end_time',
    limit: number,
    after: SessionCursor | undefined,
  ): Promise<Page<SessionSummary, SessionCursor>> {
    const behind = after
      ? query.where((is) =>
          is.or([
            is(column, '<', after.time),
            is.and([is(column, '=', after.time), is('session_id', '<', after.sessionId)]),
          ]),
        )
      : query
    const rows = await behind
      .orderBy(column, 'desc')
      .orderBy('session_id', 'desc')
      .limit(limit + 1)
      .execute()
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    const next = rows.length > limit && last ? { time: last[column] ?? 0, sessionId: last.session_id } : undefined
    return { items: await summarize(items), next }
  }

  async function findSession(sdkKey: string, sessionId: string): Promise<Row<SessionsTable> | undefined> {
    if (!isText(sessionId)) return undefined
    return database
      .selectFrom('sessions')
      .selectAll()
      .where('session_id', '=', sessionId)
      .where('sdk_key', '=', sdkKey)
      .executeTakeFirst()
  }

  async function summarize(rows: Row<SessionsTable>[]): Promise<SessionSummary[]> {
    if (!rows.length) return []
    const ids = rows.map((row) => row.session_id)
    const visits = await database
      .selectFrom('participants')
      .select(['session_id', 'user_id', 'user_name', 'role', 'leave_time'])
      .where('session_id', 'in', ids)
      .orderBy('id')
      .execute()
    const bySession = Map.groupBy(visits, (visit) => visit.session_id)
    return rows.map((row) => {
      const ofSession = bySession.get(row.session_id) ?? []
      return toSummary(row, row.end_time === null ? ofSession.filter((visit) => visit.leave_time === null) : ofSession)
    })
  }
}

type Row<Table> = Selectable<Table>
type Visit = Pick<Row<ParticipantsTable>, 'user_id' | 'user_name' | 'role'>

function toSummary(row: Row<SessionsTable>, visits: Visit[]): SessionSummary {
  const users = new Map(
    visits.map((visit) => [
      `${visit.role} ${visit.user_id}`,
      { userId: visit.user_id, userName: visit.user_name, role: visit.role },
    ]),
  )
  return {
    sessionId: row.session_id,
    startTime: row.start_time,
    endTime: row.end_time ?? undefined,
    endReason: row.end_reason ?? undefined,
    pin: row.pin ?? undefined,
    users: [...users.values()],
  }
}

function toVisit(row: Row<ParticipantsTable>): UserVisit {
  return {
    connectionId: row.connection_id,
    userId: row.user_id,
    userName: row.user_name,
    role: row.role,
    ipAddress: row.ip_address,
    joinTime: row.join_time,
    leaveTime: row.leave_time ?? undefined,
    leaveReason: row.leave_reason ?? undefined,
  }
}

function toAuditEvent(row: Row<AuditTable>): AuditEvent {
  return {
    id: row.id,
    time: row.time,
    action: row.action,
    sessionId: row.session_id ?? undefined,
    userId: row.user_id ?? undefined,
    userName: row.user_name ?? undefined,
    role: row.role ?? undefined,
    ipAddress: row.ip_address ?? undefined,
    details: row.details === null ? {} : JSON.parse(row.details),
  }
}
