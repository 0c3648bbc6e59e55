import type { Logger } from 'pino'
import { type SessionRecord, sessionRecord } from '../session/session-record.ts'
import type { Database } from './schema.ts'
import type { WriteQueue, Writing } from './write-queue.ts'

type ReadRecord = () => SessionRecord | undefined

/** What a restart needs of each open session, in the database. What a session goes through until its turn to be written
 *  comes is one write, and nobody waits for it: a crash can take away the last milliseconds, which the customer's page
 *  and the signatures of the resume secrets make good. */
export class LiveRecords {
  readonly #database: Database
  readonly #queue: WriteQueue
  readonly #log: Logger
  readonly #waiting = new Set<string>()

  constructor(database: Database, queue: WriteQueue, log: Logger) {
    this.#database = database
    this.#queue = queue
    this.#log = log
  }

  /** Has a session written down as `read` finds it then; one that is over is deleted. */
  save(id: string, read: ReadRecord): void {
    if (this.#waiting.has(id)) return
    const isTaken = this.#queue.push('session record', async (tx) => {
      this.#waiting.delete(id)
      await write(tx, id, read())
    })
    if (isTaken) this.#waiting.add(id)
  }

  /** The sessions that were open when the last server stopped. One that cannot be read is logged and left out. */
  async load(): Promise<SessionRecord[]> {
    const rows = await this.#database.selectFrom('live_sessions').selectAll().execute()
    return rows.flatMap(({ session_id: sessionId, record }) => {
      try {
        return sessionRecord.parse(JSON.parse(record))
      } catch (error) {
        // A parser's own message repeats the text, which holds names and a PIN.
        const reason = error instanceof SyntaxError ? 'it is not JSON' : String(error)
        this.#log.error({ event: 'session not restored', sessionId, reason })
        this.save(sessionId, () => undefined)
        return []
      }
    })
  }
}

async function write(tx: Writing, sessionId: string, record: SessionRecord | undefined): Promise<void> {
  if (!record) {
    await tx.deleteFrom('live_sessions').where('session_id', '=', sessionId).execute()
    return
  }
  const row = { session_id: sessionId, record: JSON.stringify(record) }
  await tx
    .insertInto('live_sessions')
    .values(row)
    .onConflict((conflict) => conflict.column('session_id').doUpdateSet({ record: row.record }))
    .execute()
}
