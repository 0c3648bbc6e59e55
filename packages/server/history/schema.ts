import type { Generated, Kysely } from 'kysely'

/** The tables that every part of the server keeps its facts in. Times are milliseconds since the epoch; texts hold no
 *  page content and no secret of a peer in clear. A part that needs a table adds it here and in `migrations.ts`. */
export interface Schema {
  sessions: SessionsTable
  participants: ParticipantsTable
  audit: AuditTable
  webhook_outbox: WebhookOutboxTable
  key_settings: KeySettingsTable
  live_sessions: LiveSessionsTable
  server_secrets: ServerSecretsTable
  recordings: RecordingsTable
}

export type Database = Kysely<Schema>

/** One row per session; `end_time` is empty while it lasts. */
export interface SessionsTable {
  session_id: string
  sdk_key: string
  start_time: number
  end_time: number | null
  end_reason: string | null
  /** The newest one that the customer was shown. */
  pin: string | null
}

/** One row per join: a person who leaves and joins anew has two. */
export interface ParticipantsTable {
  id: Generated<number>
  session_id: string
  connection_id: string
  user_id: string
  user_name: string
  role: 'customer' | 'agent'
  ip_address: string
  join_time: number
  leave_time: number | null
  leave_reason: string | null
}

/** Who did what: never what was on the page. */
export interface AuditTable {
  id: Generated<number>
  sdk_key: string
  time: number
  /** Such as `session.started`, `agent.declined`, `device.called`. */
  action: string
  session_id: string | null
  user_id: string | null
  user_name: string | null
  role: string | null
  ip_address: string | null
  /** JSON, an object of short texts and numbers. */
  details: string | null
}

/** A webhook that one endpoint has not taken yet. */
export interface WebhookOutboxTable {
  id: Generated<number>
  sdk_key: string
  url: string
  session_id: string
  event: string
  /** The request's body as it is signed and sent, byte by byte. */
  body: string
  created_time: number
  attempts: number
  /** When it may be sent; empty while another of the session is ahead of it. */
  next_time: number | null
}

/** What was changed of a key's configuration at run time. */
export interface KeySettingsTable {
  sdk_key: string
  /** JSON, a `SettingsPatch`. */
  settings: string
  changed_time: number
}

/** One row per open session, for the server that starts next. */
export interface LiveSessionsTable {
  session_id: string
  /** JSON, a `SessionRecord`. */
  record: string
}

/** What the server itself must know again after a restart. */
export interface ServerSecretsTable {
  name: string
  /** base64url. */
  value: string
}

/** One row per recorded session. It outlives the session's own rows where recordings are kept for longer. */
export interface RecordingsTable {
  id: string
  sdk_key: string
  session_id: string
  start_time: number
  /** Empty while it goes on. */
  end_time: number | null
  /** Of the file, once it is over. */
  bytes: number
  state: 'recording' | 'complete' | 'failed'
  reason: string | null
  /** What the file is locked with, locked with the server's own key; base64url. */
  wrapped_key: string
}
