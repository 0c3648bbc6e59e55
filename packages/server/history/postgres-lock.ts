import pg from 'pg'
import type { Clock } from '../clock.ts'
import type { LockOptions } from './database-lock.ts'

/** How long a server that starts waits for the one before it, whose end a PostgreSQL may notice a little late. */
const WAIT = '2s'

/** How long a database may take to answer at all. */
const ANSWER_TIMEOUT_MS = 10_000

/** How often a connection on which nothing else is said is tried: one that a firewall forgot looks open for hours. */
const BEAT_MS = 10_000

/** How long after a failed try to have the lock again the next one comes. */
const RETRY_MS = 1_000

/** A lock that PostgreSQL gives back with the connection that took it. One that is lost is taken again as soon as the
 *  database answers; the server goes on meanwhile, because a database that is away serves nobody else either. */
export class PostgresLock {
  readonly #options: LockOptions
  readonly #clock: Clock
  #client: pg.Client | undefined
  #cancel: (() => void) | undefined
  #released = false

  private constructor(options: LockOptions) {
    this.#options = options
    this.#clock = options.clock
  }

  /** Rejects with PostgreSQL's error; `isLockTaken` knows the one that says that somebody else has it. */
  static async take(options: LockOptions): Promise<PostgresLock> {
    const lock = new PostgresLock(options)
    await lock.#take()
    return lock
  }

  get held(): boolean {
    return this.#client !== undefined
  }

  async release(): Promise<void> {
    this.#released = true
    this.#cancel?.()
    const client = this.#client
    this.#client = undefined
    await client?.end()
  }

  async #take(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#options.url,
      keepAlive: true,
      connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
    })
    client.on('error', () => this.#lose(client))
    client.on('end', () => this.#lose(client))
    try {
      await client.connect()
      await client.query(`set lock_timeout = '${WAIT}'`)
      await client.query(`select pg_advisory_lock(hashtext('alongside'), hashtext(current_schema()))`)
    } catch (error) {
      // What could not be opened cannot always be closed.
      await client.end().catch(() => {})
      throw error
    }
    if (this.#released) return client.end()
    this.#client = client
    this.#beatLater(client)
  }

  #beatLater(client: pg.Client): void {
    this.#cancel = this.#clock.after(BEAT_MS, () => {
      client.query('select 1').then(
        () => this.#client === client && this.#beatLater(client),
        () => {
          this.#lose(client)
          void client.end().catch(() => {})
        },
      )
    })
  }

  #lose(client: pg.Client): void {
    if (this.#client !== client) return
    this.#client = undefined
    this.#cancel?.()
    this.#options.log.warn({ event: 'database lock lost' })
    void this.#retake()
  }

  async #retake(): Promise<void> {
    const { log, onTaken } = this.#options
    try {
      await this.#take()
      if (!this.#released) log.warn({ event: 'database lock is back' })
    } catch (error) {
      if (this.#released) return
      if (!isLockTaken(error)) this.#cancel = this.#clock.after(RETRY_MS, () => void this.#retake())
      else {
        log.error({ event: 'database lock taken', why: 'Another server has the database now, so this one stops.' })
        onTaken()
      }
    }
  }
}

/** SQLite's "busy", and PostgreSQL's "lock not available". */
export function isLockTaken(error: unknown): boolean {
  const { errcode, code } = error as { errcode?: unknown; code?: unknown }
  return errcode === 5 || code === '55P03'
}
