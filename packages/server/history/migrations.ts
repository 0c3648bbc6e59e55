import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What the number of a row is made of, which no standard gives the same name. */
export type Numbering = 'integer' | 'bigserial'

/** The steps from an empty database to `Schema`, in the order of their names. A step that was released is never
 *  changed: a change of it is another step. */
export function createMigrations(numbering: Numbering): Record<string, Migration> {
  const asNumber = (column: ColumnDefinitionBuilder) =>
    numbering === 'integer' ? column.primaryKey().autoIncrement() : column.primaryKey()
  const required = (column: ColumnDefinitionBuilder) => column.notNull()
  const ofSession = (column: ColumnDefinitionBuilder) =>
    column.notNull().references('sessions.session_id').onDelete('cascade')

  return {
    '001 history': {
      async up(db: Kysely<unknown>) {
        await db.schema
          .createTable('sessions')
          .addColumn('session_id', 'text', (column) => column.primaryKey())
          .addColumn('sdk_key', 'text', required)
          .addColumn('start_time', 'bigint', required)
          .addColumn('end_time', 'bigint')
          .addColumn('end_reason', 'text')
          .addColumn('pin', 'text')
          .execute()
        await index(db, 'sessions', ['sdk_key', 'start_time', 'session_id'])
        await index(db, 'sessions', ['sdk_key', 'end_time', 'session_id'])
        await index(db, 'sessions', ['end_time'])
        await db.schema
          .createTable('participants')
          .addColumn('id', numbering, asNumber)
          .addColumn('session_id', 'text', ofSession)
          .addColumn('connection_id', 'text', required)
          .addColumn('user_id', 'text', required)
          .addColumn('user_name', 'text', required)
          .addColumn('role', 'text', required)
          .addColumn('ip_address', 'text', required)
          .addColumn('join_time', 'bigint', required)
          .addColumn('leave_time', 'bigint')
          .addColumn('leave_reason', 'text')
          .addUniqueConstraint('participants_connection', ['session_id', 'connection_id'])
          .execute()
        await index(db, 'participants', ['session_id', 'id'])
        await db.schema
          .createTable('audit')
          .addColumn('id', numbering, asNumber)
          .addColumn('sdk_key', 'text', required)
          .addColumn('time', 'bigint', required)
          .addColumn('action', 'text', required)
          // A fact of the audit may outlive its session, or speak of none, so it references nothing.
          .addColumn('session_id', 'text')
          .addColumn('user_id', 'text')
          .addColumn('user_name', 'text')
          .addColumn('role', 'text')
          .addColumn('ip_address', 'text')
          .addColumn('details', 'text')
          .execute()
        await index(db, 'audit', ['sdk_key', 'id'])
        await index(db, 'audit', ['session_id', 'id'])
        await index(db, 'audit', ['time'])
        await db.schema
          .createTable('webhook_outbox')
          .addColumn('id', numbering, asNumber)
          .addColumn('sdk_key', 'text', required)
          .addColumn('url', 'text', required)
          .addColumn('session_id', 'text', required)
          .addColumn('event', 'text', required)
          .addColumn('body', 'text', required)
          .addColumn('created_time', 'bigint', required)
          .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(sql`0`))
          .addColumn('next_time', 'bigint')
          .execute()
        await index(db, 'webhook_outbox', ['sdk_key', 'url', 'session_id', 'id'])
        await index(db, 'webhook_outbox', ['sdk_key', 'url', 'next_time'])
      },
    },
    '002 restart': {
      async up(db: Kysely<unknown>) {
        await db.schema
          .createTable('live_sessions')
          .addColumn('session_id', 'text', (column) => column.primaryKey())
          .addColumn('record', 'text', required)
          .execute()
        await db.schema
          .createTable('server_secrets')
          .addColumn('name', 'text', (column) => column.primaryKey())
          .addColumn('value', 'text', required)
          .execute()
      },
    },
    '003 key settings': {
      async up(db: Kysely<unknown>) {
        await db.schema
          .createTable('key_settings')
          .addColumn('sdk_key', 'text', (column) => column.primaryKey())
          .addColumn('settings', 'text', required)
          .addColumn('changed_time', 'bigint', required)
          .execute()
      },
    },
    '004 recordings': {
      async up(db: Kysely<unknown>) {
        await db.schema
          .createTable('recordings')
          .addColumn('id', 'text', (column) => column.primaryKey())
          .addColumn('sdk_key', 'text', required)
          .addColumn('session_id', 'text', required)
          .addColumn('start_time', 'bigint', required)
          .addColumn('end_time', 'bigint')
          .addColumn('bytes', 'bigint', required)
          .addColumn('state', 'text', required)
          .addColumn('reason', 'text')
          .addColumn('wrapped_key', 'text', required)
          .execute()
        await index(db, 'recordings', ['sdk_key', 'start_time', 'id'])
        await index(db, 'recordings', ['sdk_key', 'session_id'])
        await index(db, 'recordings', ['end_time'])
        await index(db, 'recordings', ['state'])
      },
    },
  }
}

async function index(db: Kysely<unknown>, table: string, columns: string[]): Promise<void> {
  await db.schema
    .createIndex(`${table}_by_${columns.join('_')}`)
    .on(table)
    .columns(columns)
    .execute()
}
