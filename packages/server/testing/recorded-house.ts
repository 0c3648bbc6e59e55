import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  decodeAsset,
  decodeHeader,
  type EntryKind,
  encodeFrame,
  RECORDING_MAGIC,
  readEntries,
  SERVER_ID,
} from '@alongside/protocol'
import type { ServerOptions } from '../index.ts'
import { ApiCaller } from './api-caller.ts'
import { House, KEY } from './house.ts'
import type { Line } from './line.ts'

export const RECORDED_KEY = { ...KEY, recording: 'on' as const }

export interface RecordingJson {
  recording_id: string
  session_id: string
  start_time: string
  end_time?: string
  duration: string
  bytes: number
  state: string
  reason?: string
}

/** What a recording says, in the order of its entries. */
export type Told = [time: number, kind: EntryKind, what: unknown]

/** A house whose key records, with a folder of its own for the files. */
export class RecordedHouse {
  readonly house: House
  readonly api: ApiCaller
  readonly folder: string

  private constructor(house: House, folder: string) {
    this.house = house
    this.folder = folder
    this.api = new ApiCaller(house)
  }

  static async open(options: ServerOptions = {}): Promise<RecordedHouse> {
    const folder = mkdtempSync(join(tmpdir(), 'recordings-'))
    return new RecordedHouse(
      await House.open({ keys: [RECORDED_KEY], recordingsFolder: join(folder, 'new'), ...options }),
      folder,
    )
  }

  /** The paths of the files. */
  files(): string[] {
    const folder = join(this.folder, 'new')
    return readdirSync(folder).map((name) => join(folder, name))
  }

  /** A customer and an agent who sees the page, both told of the recording. */
  async pair() {
    const pair = await this.house.pair()
    await pair.agent.line.expect('recording')
    return pair
  }

  async recordings(): Promise<RecordingJson[]> {
    return (await this.api.ok<{ recordings: RecordingJson[] }>('/alongside/recordings')).recordings
  }

  /** The recording of the only session, as soon as it is no longer under way. */
  async ended(): Promise<RecordingJson> {
    for (;;) {
      const [recording] = await this.recordings()
      if (recording && recording.state !== 'recording') return recording
    }
  }

  async download(recordingId: string): Promise<Uint8Array<ArrayBuffer>> {
    const answer = await this.api.fetch(`/alongside/recordings/${recordingId}/file`)
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
    return new Uint8Array(await answer.arrayBuffer())
  }

  async told(recordingId: string): Promise<Told[]> {
    return tell(await this.download(recordingId))
  }

  async close(): Promise<void> {
    await this.house.close()
    rmSync(this.folder, { recursive: true })
  }
}

export function tell(bytes: Uint8Array<ArrayBuffer>): Told[] {
  const entries = [...readEntries(bytes, RECORDING_MAGIC.length)]
  return entries.map(({ kind, time, payload }) => [time, kind, content(kind, payload)])
}

function content(kind: EntryKind, payload: Uint8Array<ArrayBuffer>): unknown {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
  switch (kind) {
    case 'frame':
      return `${decodeHeader(payload)?.sequence} ${text(payload.subarray(8))}`
    case 'asset': {
      const { head, bytes } = decodeAsset(payload)
      return { key: head.key, type: head.type, bytes: bytes.length }
    }
    default:
      return JSON.parse(text(payload))
  }
}

/** Sends a frame for the recording. */
export function record(line: Line, sequence: number, text: string | Uint8Array, flags = 0): void {
  const payload = typeof text === 'string' ? new TextEncoder().encode(text) : text
  line.socket.send(encodeFrame({ kind: 'content', flags, peer: SERVER_ID, sequence }, payload))
}

/** The next frame of the server's, whatever is said meanwhile of an agent's line: which kind, and to what. */
export async function feedback(line: Line): Promise<string> {
  let next = await line.next()
  while (next && 'type' in next && next.type === 'agent_connection') next = await line.next()
  if (!Buffer.isBuffer(next)) throw new Error(`expected a frame, got ${JSON.stringify(next)}`)
  const { kind, peer, sequence } = decodeHeader(next) ?? {}
  return `${kind} ${peer} ${sequence}`
}
