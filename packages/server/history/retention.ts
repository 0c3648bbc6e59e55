import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { WriteQueue, Writing } from './write-queue.ts'

const A_DAY_MS = 86_400_000
/** Sessions or facts of the audit that one transaction deletes: some milliseconds. */
const BATCH = 100

/** Deletes what is older than the key's people agreed to: at the start, and once a day. */
export class Retention {
  readonly #queue: WriteQueue
  readonly #clock: Clock
  readonly #log: Logger
  readonly #months: number
  #cancel: (() => void) | undefined

  constructor(queue: WriteQueue, clock: Clock, log: Logger, months: number) {
    this.#queue = queue
    this.#clock = clock
    this.#log = log
    this.#months = months
    this.#purge()
  }

  close(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #purge(): void {
    const before = monthsBefore(this.#clock.now(), this.#months)
    this.#deleteBatches('sessions', (tx) => deleteSessions(tx, before))
    this.#deleteBatches('audit', (tx) => deleteAudit(tx, before))
    this.#cancel = this.#clock.after(A_DAY_MS, () => this.#purge())
  }

  // Each batch waits its turn behind what was told meanwhile.
  #deleteBatches(table: string, deleteBatch: (tx: Writing) => Promise<number>): void {
    let deleted = 0
    this.#queue.push(
      `purge of ${table}`,
      async (tx) => {
        deleted = await deleteBatch(tx)
      },
      (isWritten) => {
        if (!isWritten) return
        if (deleted) this.#log.info({ event: 'history purged', table, rows: deleted })
        if (deleted === BATCH && this.#cancel) this.#deleteBatches(table, deleteBatch)
      },
    )
  }
}

async function deleteSessions(tx: Writing, before: number): Promise<number> {
  const old = tx.selectFrom('sessions').select('session_id').where('end_time', '<', before).orderBy('end_time')
  const { numDeletedRows } = await tx
    .deleteFrom('sessions')
    .where('session_id', 'in', old.limit(BATCH))
    .executeTakeFirst()
  return Number(numDeletedRows)
}

async function deleteAudit(tx: Writing, before: number): Promise<number> {
  const old = tx.selectFrom('audit').select('id').where('time', '<', before).orderBy('time').limit(BATCH)
  const { numDeletedRows } = await tx.deleteFrom('audit').where('id', 'in', old).executeTakeFirst()
  return Number(numDeletedRows)
}

/** The same day some months earlier, or the last of that month where it has no such day. */
function monthsBefore(time: number, months: number): number {
  const date = new Date(time)
  const day = date.getUTCDate()
  date.setUTCMonth(date.getUTCMonth() - months, 1)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, last))
  return date.getTime()
}
