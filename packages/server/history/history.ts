import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Fact } from './fact.ts'
import { createReader, type HistoryReader } from './read-history.ts'
import { recordFact, type SessionEvent } from './record-fact.ts'
import { Retention } from './retention.ts'
import type { Database } from './schema.ts'
import { WriteQueue, type Writing } from './write-queue.ts'

/** Who tells others of a session's events: called within the transaction that keeps the fact, and once it is kept. */
export interface Announcer {
  write(tx: Writing, event: SessionEvent): Promise<void>
  wake(sdkKey: string): void
}

interface HistoryOptions {
  database: Database
  clock: Clock
  log: Logger
  retentionMonths: number
}

/** What happened in the sessions of all keys. Telling it a fact never waits and never fails; reading it after `flush` sees
 *  every fact that was told before. */
export class History {
  /** For all else that is to be written: in the order of the facts. */
  readonly queue: WriteQueue
  /** Each method answers for one key alone. */
  readonly reader: HistoryReader
  readonly #database: Database
  readonly #clock: Clock
  readonly #retention: Retention
  #announcer: Announcer | undefined

  constructor({ database, clock, log, retentionMonths }: HistoryOptions) {
    this.#database = database
    this.#clock = clock
    this.queue = new WriteQueue(database, clock, log)
    this.reader = createReader(database)
    this.#retention = new Retention(this.queue, clock, log, retentionMonths)
  }

  announceTo(announcer: Announcer): void {
    this.#announcer = announcer
  }

  /** Takes in what happened now. */
  tell(fact: DistributiveOmit<Fact, 'time'>): void {
    this.#tell({ ...fact, time: this.#clock.now() } as Fact)
  }

  /** Ends in the history what a crash left open: all sessions but those that this server has taken up again. */
  async endAbandoned(isTaken: (sessionId: string) => boolean): Promise<void> {
    const open = await this.#database
      .selectFrom('sessions')
      .select(['session_id', 'sdk_key'])
      .where('end_time', 'is', null)
      .execute()
    for (const { session_id: sessionId, sdk_key: sdkKey } of open)
      if (!isTaken(sessionId)) this.tell({ type: 'ended', sdkKey, sessionId, reason: 'abandoned' })
  }

  /** Why facts are not written at present; undefined when all is well. */
  get fault(): string | undefined {
    return this.queue.fault
  }

  /** Resolves when everything told so far can be read, or the database turns out to take nothing. */
  flush(): Promise<void> {
    return this.queue.flush()
  }

  /** Writes what is left. The database stays open. */
  async close(): Promise<void> {
    this.#retention.close()
    await this.queue.close()
  }

  #tell(fact: Fact): void {
    const write = async (tx: Writing) => {
      for (const event of await recordFact(tx, fact)) await this.#announcer?.write(tx, event)
    }
    this.queue.push(fact.type, write, () => this.#announcer?.wake(fact.sdkKey))
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
