import {
  type AgentInfo,
  encodeFrame,
  type FrameHeader,
  MAX_GESTURE_BYTES,
  type RecordingMark,
  SERVER_ID,
} from '@alongside/protocol'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { SessionName } from '../history/fact.ts'
import type { Recorder } from '../recordings/recorder.ts'
import type { Recordings } from '../recordings/recordings.ts'
import type { Connection } from '../socket/connection.ts'
import type { SessionPictures } from './session-pictures.ts'

/** How far apart the places are that a player can jump to: what lies between is played at once, unseen. */
const SEEK_POINT_MS = 2 * 60_000

/** Less than this is played in no time, and the picture that a seek point begins with would be larger. */
const SEEK_POINT_BYTES = 128 * 1024

/** `stopped`: it failed, and does not begin again. */
export const recordingRecord = z.object({ state: z.enum(['off', 'on', 'stopped']), id: z.string().optional() })
type RecordingRecord = z.infer<typeof recordingRecord>

interface SessionRecordingOptions extends SessionName {
  customerName: string
  recordings: Recordings
  clock: Clock
  pictures: SessionPictures
  /** Whether an agent sees the page now: only then anything is taken. */
  isShown(): boolean
  /** Those who are in. */
  agents(): AgentInfo[]
  /** To the customer's page. */
  send(frame: Uint8Array): void
  /** It began, or failed. */
  onChange(): void
}

/** One session's recording, as one more receiver of the customer's page: it says what it has kept, and when it needs the
 *  picture anew. */
export class SessionRecording {
  readonly #options: SessionRecordingOptions
  #state: RecordingRecord['state']
  #id: string | undefined
  #recorder: Recorder | undefined
  /** A frame was not taken, so that the ones after it are of no use until a stream begins. */
  #isBroken = false
  #hasAsked = false
  #begunAt = 0
  #bytes = 0

  constructor(options: SessionRecordingOptions, { state, id }: RecordingRecord) {
    this.#options = options
    this.#state = state
    this.#id = id
    if (state === 'on')
      options.pictures.tell((key, asset) => {
        if (options.isShown()) this.#recorder?.asset(key, asset)
      })
  }

  get state(): RecordingRecord['state'] {
    return this.#state
  }

  get record(): RecordingRecord {
    return { state: this.#state, ...(this.#id === undefined ? {} : { id: this.#id }) }
  }

  /** A frame of the customer's page for the recording. `from` is the line that it came on. */
  take(from: Connection, bytes: Uint8Array, header: FrameHeader): void {
    const { kind, sequence } = header
    const isKept = kind === 'content' || (kind === 'annotation' && bytes.length <= MAX_GESTURE_BYTES)
    if (this.#state !== 'on' || !isKept) return
    if (!this.#options.isShown()) {
      this.#isBroken = true
      return
    }
    const begins = kind === 'content' && sequence === 1
    if (begins) this.#beginStream()
    if (this.#isBroken) return this.wake()
    this.#bytes += bytes.length
    this.#recorder?.frame(bytes, () => {
      if (kind === 'content') from.forward(encodeFrame({ kind: 'ack', flags: 0, peer: SERVER_ID, sequence }))
    })
    const { clock } = this.#options
    if (clock.now() - this.#begunAt >= SEEK_POINT_MS && this.#bytes >= SEEK_POINT_BYTES) this.#askAnew()
  }

  /** The page is seen again by somebody: what was left out meanwhile is made good by a new stream. */
  wake(): void {
    if (this.#state === 'on' && this.#isBroken && this.#options.isShown()) this.#askAnew()
  }

  mark(mark: RecordingMark): void {
    this.#recorder?.mark(mark)
  }

  /** The session is over. */
  finish(): void {
    const { recordings, sdkKey, sessionId } = this.#options
    if (this.#state === 'on' && this.#id !== undefined)
      recordings.finish({ sdkKey, sessionId }, this.#id, this.#recorder)
    this.#state = 'off'
  }

  #beginStream(): void {
    const { clock, pictures } = this.#options
    this.#begin()
    this.#isBroken = false
    this.#hasAsked = false
    this.#begunAt = clock.now()
    this.#bytes = 0
    for (const [key, asset] of pictures.files()) this.#recorder?.asset(key, asset)
  }

  #begin(): void {
    if (this.#recorder) return
    const { recordings, agents, onChange, sdkKey, sessionId, customerName } = this.#options
    const onFault = () => {
      if (this.#state === 'on') this.#state = 'stopped'
      onChange()
    }
    const { recordingId, recorder } = recordings.record({ sdkKey, sessionId, customerName, onFault }, this.#id)
    this.#id = recordingId
    this.#recorder = recorder
    for (const agent of agents()) recorder.mark({ type: 'agent_joined', ...agent })
    onChange()
  }

  #askAnew(): void {
    if (this.#hasAsked) return
    this.#hasAsked = true
    this.#options.send(encodeFrame({ kind: 'restart', flags: 0, peer: SERVER_ID, sequence: 0 }))
  }
}
