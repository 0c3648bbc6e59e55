import type { Transaction } from 'kysely'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Database, Schema } from './schema.ts'

/** What a write works with: everything that it does is kept, or nothing. */
export type Writing = Transaction<Schema>

interface Write {
  /** For the log. */
  name: string
  run: (tx: Writing) => Promise<void>
  onDone: ((isWritten: boolean) => void) | undefined
}

/** Writes that share one transaction. On a file they are made on the thread that relays, about 0.2 ms each, and the relay
 *  has its turn between two transactions. */
const BATCH = 5
/** Writes that wait while the database does not take any: about 10 MB, an hour of a busy server. */
const MAX_WAITING = 20_000
const FIRST_RETRY_MS = 250
const MAX_RETRY_MS = 10_000

/** All writes of one server, in order, one transaction after the other. Who pushes never waits, and never learns of a
 *  failure: a database that takes nothing is logged, tried again and reported by `fault`. */
export class WriteQueue {
  readonly #database: Database
  readonly #clock: Clock
  readonly #log: Logger
  readonly #waiting: Write[] = []
  /** Who waits, and for how many writes since the start. */
  #flushing: { upTo: number; resolve: () => void }[] = []
  #taken = 0
  #settled = 0
  #running: Promise<void> | undefined
  #cancelRetry: (() => void) | undefined
  #fault: string | undefined
  #failures = 0
  #dropped = 0
  #closed = false

  constructor(database: Database, clock: Clock, log: Logger) {
    this.#database = database
    this.#clock = clock
    this.#log = log
  }

  /** Why nothing is written at present; undefined when all is well. */
  get fault(): string | undefined {
    return this.#fault
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** Writes that were lost for want of room. */
  get dropped(): number {
    return this.#dropped
  }

  /** Takes a write in. `onDone` is called once, when it is kept or lost. False when it is lost at once. */
  push(name: string, run: Write['run'], onDone?: Write['onDone']): boolean {
    if (this.#closed) {
      this.#log.error({ event: 'write lost', write: name, reason: 'the server has stopped' })
      onDone?.(false)
    } else if (this.#waiting.length >= MAX_WAITING) {
      if (this.#dropped++ === 0) this.#log.error({ event: 'write lost', write: name, waiting: MAX_WAITING })
      onDone?.(false)
    } else {
      this.#taken++
      this.#waiting.push({ name, run, onDone })
      this.#start()
      return true
    }
    return false
  }

  /** Resolves when all that was pushed before is written, or the database turns out to take nothing. */
  flush(): Promise<void> {
    if (this.#fault !== undefined || (!this.#waiting.length && !this.#running)) return Promise.resolve()
    return new Promise((resolve) => {
      this.#flushing.push({ upTo: this.#taken, resolve })
    })
  }

  /** Writes what waits, trying once more where that failed before. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#cancelRetry?.()
    this.#cancelRetry = undefined
    await this.#running
    while (this.#waiting.length && (await this.#writeBatch()));
    if (this.#waiting.length) this.#log.error({ event: 'writes lost', writes: this.#waiting.length })
  }

  #start(): void {
    this.#running ??= this.#cancelRetry ? undefined : this.#run()
  }

  async #run(): Promise<void> {
    // Lets what was pushed together be written together, and the relay have its turn between two batches.
    await new Promise(setImmediate)
    const isWritten = await this.#writeBatch()
    this.#running = undefined
    const isOver = ({ upTo }: { upTo: number }) => !isWritten || this.#settled >= upTo
    for (const { resolve } of this.#flushing.filter(isOver)) resolve()
    this.#flushing = this.#flushing.filter((one) => !isOver(one))
    if (this.#closed || !this.#waiting.length) return
    if (isWritten) this.#start()
    else this.#retryLater()
  }

  #retryLater(): void {
    const delay = Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), MAX_RETRY_MS)
    this.#cancelRetry = this.#clock.after(delay, () => {
      this.#cancelRetry = undefined
      this.#start()
    })
  }

  /** Whether the batch is done with: written, or refused for what it says. */
  async #writeBatch(): Promise<boolean> {
    const batch = this.#waiting.slice(0, BATCH)
    try {
      await this.#write(batch)
    } catch {
      // One of them may be at fault, so each is tried for itself.
      for (const write of batch) if (!(await this.#writeAlone(write))) return false
      return true
    }
    this.#done(batch)
    return true
  }

  async #writeAlone(write: Write): Promise<boolean> {
    try {
      await this.#write([write])
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (!isRefusal(error)) {
        this.#fail(reason)
        return false
      }
      this.#log.error({ event: 'write refused', write: write.name, reason })
      this.#waiting.shift()
      this.#settled++
      write.onDone?.(false)
      return true
    }
    this.#done([write])
    return true
  }

  async #write(batch: Write[]): Promise<void> {
    await this.#database.transaction().execute(async (tx) => {
      for (const { run } of batch) await run(tx)
    })
  }

  #done(batch: Write[]): void {
    this.#waiting.splice(0, batch.length)
    this.#settled += batch.length
    if (this.#fault !== undefined) this.#log.warn({ event: 'database is back', lost: this.#dropped })
    this.#fault = undefined
    this.#failures = 0
    for (const { onDone } of batch) onDone?.(true)
  }

  #fail(reason: string): void {
    this.#failures++
    if (this.#fault === undefined) this.#log.error({ event: 'database does not write', reason })
    this.#fault = `The database does not write: ${reason}`
  }
}

/** SQLite's result codes: a statement that is wrong, a constraint, a type. */
const SQLITE_REFUSALS = new Set([1, 19, 20])

/** Whether the database is well and only this write is wrong, so that trying again would not help. */
function isRefusal(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown }
  if (typeof errcode === 'number') return SQLITE_REFUSALS.has(errcode & 0xff)
  // Classes of SQLSTATE: data exception, integrity constraint, syntax or access rule.
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return /^(22|23|42)/.test(code)
  return error instanceof TypeError || error instanceof RangeError
}
