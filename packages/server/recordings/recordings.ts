import { randomBytes } from 'node:crypto'
import { mkdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { RECORDING_MAGIC, type RecordingInfo } from '@alongside/protocol'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { SessionName } from '../history/fact.ts'
import type { History } from '../history/history.ts'
import type { Database } from '../history/schema.ts'
import type { Key } from '../key.ts'
import type { ServerLimits } from '../limits.ts'
import { Recorder, type RecorderOptions, type RecordingFault } from './recorder.ts'
import { makeRecordingKey, seal, unseal } from './recording-key.ts'
import { readSealed, SealedFile } from './sealed-file.ts'

const A_DAY_MS = 86_400_000

/** For recordings of a key that is no longer configured. */
export const DEFAULT_RECORDING_DAYS = 30

export interface RecordingRow {
  recordingId: string
  sessionId: string
  /** Ms since the epoch. */
  startTime: number
  /** Undefined while it goes on. */
  endTime: number | undefined
  bytes: number
  state: 'recording' | 'complete' | 'failed'
  /** Why it is not all of its session. */
  reason: string | undefined
}

export interface RecordingsOptions {
  database: Database
  history: History
  clock: Clock
  log: Logger
  limits: ServerLimits
  keys: ReadonlyMap<string, Key>
  folder: string
  /** Wraps the key of each recording. */
  masterKey: Uint8Array
}

/** A session that is to be recorded. */
export interface Recorded extends SessionName {
  customerName: string
  /** The recording failed: the session goes on without. */
  onFault(): void
}

/** The recordings of all keys: one sealed file and one row each. Without the row, which holds its key, a file cannot be
 *  read by anybody. */
export class Recordings {
  readonly #options: RecordingsOptions
  readonly #recorders = new Map<string, Recorder>()
  readonly #closing = new Set<Promise<void>>()
  #cancelPurge: (() => void) | undefined

  constructor(options: RecordingsOptions) {
    this.#options = options
    this.#purgeDaily()
  }

  /** Begins a recording, or goes on with the one of that id, which a server before this one began. */
  record(recorded: Recorded, goOnWith?: string): { recordingId: string; recorder: Recorder } {
    const { clock, limits } = this.#options
    const recordingId = goOnWith ?? randomBytes(16).toString('base64url')
    const { sessionId, customerName } = recorded
    const info = { recordingId, sessionId, customerName, startTime: clock.now() }
    const recorder: Recorder = new Recorder({
      clock,
      info,
      open: goOnWith === undefined ? this.#create(recorded, info) : this.#reopen(recorded, info),
      maxBytes: limits.maxRecordingBytes,
      maxWaitingBytes: limits.maxBufferedBytes,
      onFault: (fault, error) => {
        const { message: why } = (error ?? {}) as { message?: string }
        this.#options.log.error({ event: 'recording failed', sessionId, recordingId, reason: fault, why })
        recorded.onFault()
        this.#end(recorded, recordingId, recorder)
      },
    })
    this.#recorders.set(recordingId, recorder)
    return { recordingId, recorder }
  }

  /** The session is over. `recorder` is undefined where this server never took a frame of it. */
  finish(name: SessionName, recordingId: string, recorder: Recorder | undefined): void {
    recorder?.mark({ type: 'ended' })
    this.#end(name, recordingId, recorder)
  }

  /** What a crash left open: the recordings that no session of this server goes on with. */
  async endAbandoned(isTaken: (sessionId: string, recordingId: string) => boolean): Promise<void> {
    const { database } = this.#options
    const rows = await database.selectFrom('recordings').selectAll().where('state', '=', 'recording').execute()
    for (const { id, session_id: sessionId, sdk_key: sdkKey, start_time: startTime } of rows) {
      if (isTaken(sessionId, id)) continue
      const found = await stat(this.#path(id)).catch(() => undefined)
      const end = { time: Math.max(startTime, found?.mtimeMs ?? 0), bytes: found?.size ?? 0 }
      if (found) this.#writeEnd({ sdkKey, sessionId }, id, 'complete', 'server_stopped', end)
      else this.#writeEnd({ sdkKey, sessionId }, id, 'failed', 'file_missing', end)
    }
  }

  /** The recordings of a key, the newest first. */
  async list(
    sdkKey: string,
    { sessionId, limit, after }: { sessionId?: string; limit: number; after?: { time: number; id: string } },
  ): Promise<{ items: RecordingRow[]; next: { time: number; id: string } | undefined }> {
    let query = this.#options.database.selectFrom('recordings').selectAll().where('sdk_key', '=', sdkKey)
    if (sessionId !== undefined) query = query.where('session_id', '=', sessionId)
    if (after)
      query = query.where((is) =>
        is.or([
          is('start_time', '<', after.time),
          is.and([is('start_time', '=', after.time), is('id', '<', after.id)]),
        ]),
      )
    const rows = await query
      .orderBy('start_time', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    const next = rows.length > limit && last ? { time: last.start_time, id: last.id } : undefined
    return { items: await Promise.all(page.map((row) => this.#describe(row))), next }
  }

  async find(sdkKey: string, recordingId: string): Promise<RecordingRow | undefined> {
    const row = await this.#row(sdkKey, recordingId)
    return row && this.#describe(row)
  }

  /** All entries so far, as they are downloaded. Undefined when the server's key does not open it. */
  async read(sdkKey: string, recordingId: string): Promise<AsyncGenerator<Uint8Array> | undefined> {
    const row = await this.#row(sdkKey, recordingId)
    const key = row && unseal(this.#options.masterKey, recordingId, Buffer.from(row.wrapped_key, 'base64url'))
    if (!key) return undefined
    const path = this.#path(recordingId)
    return (async function* () {
      yield RECORDING_MAGIC
      for await (const { plain } of readSealed(path, key)) yield plain
    })()
  }

  /** Deletes one that is over. The row goes first: a file that stays behind can no longer be read. */
  async remove(sdkKey: string, recordingId: string): Promise<void> {
    const { history } = this.#options
    history.queue.push('recording deleted', async (tx) => {
      await tx.deleteFrom('recordings').where('id', '=', recordingId).where('sdk_key', '=', sdkKey).execute()
    })
    await history.flush()
    await unlink(this.#path(recordingId)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT')
        this.#options.log.error({ event: 'recording file not deleted', recordingId, err: error })
    })
  }

  /** Writes what waits. Recordings go on in the server that starts next. */
  async close(): Promise<void> {
    this.#cancelPurge?.()
    this.#cancelPurge = undefined
    await Promise.all([...this.#recorders.values()].map((recorder) => recorder.close()))
    await Promise.all(this.#closing)
  }

  #create(name: SessionName, info: RecordingInfo): RecorderOptions['open'] {
    const { masterKey, folder } = this.#options
    const { recordingId, startTime } = info
    const key = makeRecordingKey()
    const row = {
      id: recordingId,
      sdk_key: name.sdkKey,
      session_id: name.sessionId,
      start_time: startTime,
      end_time: null,
      bytes: 0,
      state: 'recording' as const,
      reason: null,
      wrapped_key: seal(masterKey, recordingId, [key]).toString('base64url'),
    }
    const { history } = this.#options
    history.queue.push('recording', async (tx) => {
      await tx.insertInto('recordings').values(row).execute()
    })
    history.tell({ type: 'audit', ...name, action: 'recording.started', details: { recordingId } })
    return async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      return SealedFile.create(this.#path(recordingId), key)
    }
  }

  #reopen(name: SessionName, info: RecordingInfo): RecorderOptions['open'] {
    return async (onChunk) => {
      const row = await this.#row(name.sdkKey, info.recordingId)
      if (!row) throw fault('file_missing')
      const key = unseal(this.#options.masterKey, info.recordingId, Buffer.from(row.wrapped_key, 'base64url'))
      if (!key) throw fault('key_changed')
      // Times count from the beginning, which an earlier server saw.
      info.startTime = row.start_time
      return SealedFile.reopen(this.#path(info.recordingId), key, onChunk)
    }
  }

  #end(name: SessionName, recordingId: string, recorder: Recorder | undefined): void {
    const work = async () => {
      await recorder?.close()
      // It may have failed and ended at once.
      if (recorder && !this.#recorders.delete(recordingId)) return
      const found = await stat(this.#path(recordingId)).catch(() => undefined)
      const fault = recorder?.fault
      const end = { time: undefined, bytes: found?.size ?? 0 }
      this.#writeEnd(name, recordingId, fault ? 'failed' : 'complete', fault ?? null, end)
    }
    const closing = work().finally(() => this.#closing.delete(closing))
    this.#closing.add(closing)
  }

  #writeEnd(
    name: SessionName,
    recordingId: string,
    state: 'complete' | 'failed',
    reason: string | null,
    { time = this.#options.clock.now(), bytes }: { time: number | undefined; bytes: number },
  ): void {
    const { history } = this.#options
    history.queue.push('end of a recording', async (tx) => {
      await tx
        .updateTable('recordings')
        .set({ end_time: Math.round(time), bytes, state, reason })
        .where('id', '=', recordingId)
        .execute()
    })
    const details = { recordingId, ...(reason === null ? {} : { reason }) }
    history.tell({
      type: 'audit',
      ...name,
      action: state === 'failed' ? 'recording.failed' : 'recording.ended',
      details,
    })
  }

  #purgeDaily(): void {
    this.#cancelPurge = this.#options.clock.after(A_DAY_MS, () => this.#purgeDaily())
    this.#purge().catch((error: unknown) => {
      // A server that stops meanwhile leaves it to the next one.
      if (this.#cancelPurge) this.#options.log.error({ event: 'recordings not purged', err: error })
    })
  }

  /** Deletes what is older than its key keeps recordings. */
  async #purge(): Promise<void> {
    const { database, clock, keys, history, log } = this.#options
    const rows = await database
      .selectFrom('recordings')
      .select(['id', 'sdk_key', 'session_id', 'end_time'])
      .where('end_time', '<', clock.now() - A_DAY_MS)
      .execute()
    let deleted = 0
    for (const { id, sdk_key: sdkKey, session_id: sessionId, end_time: endTime } of rows) {
      const days = keys.get(sdkKey)?.recordingDays ?? DEFAULT_RECORDING_DAYS
      if ((endTime ?? 0) >= clock.now() - days * A_DAY_MS) continue
      await this.remove(sdkKey, id)
      history.tell({ type: 'audit', sdkKey, sessionId, action: 'recording.purged', details: { recordingId: id } })
      deleted++
    }
    if (deleted) log.info({ event: 'recordings purged', recordings: deleted })
  }

  async #row(sdkKey: string, recordingId: string) {
    if (!/^[\w-]{22}$/.test(recordingId)) return undefined
    await this.#options.history.flush()
    return this.#options.database
      .selectFrom('recordings')
      .selectAll()
      .where('id', '=', recordingId)
      .where('sdk_key', '=', sdkKey)
      .executeTakeFirst()
  }

  #describe(row: {
    id: string
    session_id: string
    start_time: number
    end_time: number | null
    bytes: number
    state: RecordingRow['state']
    reason: string | null
  }): RecordingRow {
    return {
      recordingId: row.id,
      sessionId: row.session_id,
      startTime: row.start_time,
      endTime: row.end_time ?? undefined,
      bytes: row.end_time === null ? (this.#recorders.get(row.id)?.bytes ?? row.bytes) : row.bytes,
      state: row.state,
      reason: row.reason ?? undefined,
    }
  }

  #path(recordingId: string): string {
    return join(this.#options.folder, `${recordingId}.rec`)
  }
}

function fault(name: RecordingFault): Error & { fault: RecordingFault } {
  return Object.assign(new Error(`the recording cannot go on: ${name}`), { fault: name })
}
