import type { RecordingInfo } from '@alongside/protocol'
import { readPageSays } from '../../annotation/messages.ts'
import { createEvents } from '../../connection/events.ts'
import { Drawings } from '../annotation/drawings.ts'
import { replicaFrameUrl } from '../frame-url.ts'
import { Stage, type Zoom } from '../stage.ts'
import { View } from '../view.ts'
import { AssetUrls } from './asset-urls.ts'
import { type Recording, readRecording, type TimedMark } from './read-recording.ts'

/** Without a change for longer than this nothing happens that is worth waiting for. */
const IDLE_MS = 2_000

/** What is left of such a stretch, before the next change. */
const IDLE_LEFT_MS = 300

/** The longest step of a film: a tab in the background gets none, and must not jump when it is back. */
const MAX_STEP_MS = 250

export interface PlayerOptions {
  /** Where the copy is shown. */
  root: HTMLElement
  /** A recording as it is downloaded. */
  recording: Uint8Array<ArrayBuffer>
  /** The Alongside server; the page's own origin when left out. */
  origin?: string
}

/** How playing stands. Times are ms since the recording's start. */
export interface PlayerState {
  time: number
  playing: boolean
  speed: number
  skipIdle: boolean
  /** The agents who were in at this time. */
  agents: { participant: number; userName: string }[]
  /** The customer hid the page at this time. */
  paused: boolean
  /** The customer's line was up at this time. */
  connected: boolean
  /** A picture is shown; false before the first one. */
  shown: boolean
}

interface PlayerEvents {
  changed: PlayerState
  viewport_changed: { width: number; height: number }
  /** The copy cannot be made: the recording is damaged. */
  broken: object
}

/** Plays a recording, as inert as a live copy. */
export interface Player {
  readonly info: RecordingInfo
  readonly duration: number
  readonly marks: readonly TimedMark[]
  /** Whether there is any picture. */
  readonly empty: boolean
  readonly state: PlayerState
  /** At the end it begins anew. */
  play(): void
  pause(): void
  seek(time: number): void
  setSpeed(factor: number): void
  setSkipIdle(on: boolean): void
  setZoom(zoom: Zoom): void
  on<Name extends keyof PlayerEvents>(event: Name, listener: (payload: PlayerEvents[Name]) => void): () => void
  /** May be called twice. */
  close(): void
}

/** Opens a recording, at its beginning and paused. Throws 1105 when it is none. */
export function createPlayer({ root, recording, origin = location.origin }: PlayerOptions): Player {
  return new RecordingPlayer(root, readRecording(recording), origin)
}

class RecordingPlayer implements Player {
  readonly #recording: Recording
  readonly #events = createEvents<PlayerEvents>()
  readonly #stage: Stage
  readonly #assets: AssetUrls
  readonly #view: View
  readonly on = this.#events.on
  #time = 0
  #speed = 1
  #skipIdle = true
  #shown = false
  /** The first frame that was not given to the view. */
  #next = 0
  readonly #drawings: Drawings
  /** The first of what was drawn that is not on the copy. */
  #nextDrawing = 0
  #film: number | undefined
  #drawnAt = 0

  constructor(root: HTMLElement, recording: Recording, origin: string) {
    this.#recording = recording
    this.#assets = new AssetUrls(recording.files)
    this.#stage = new Stage(root)
    this.#stage.open()
    this.#view = new View({
      stage: this.#stage,
      frameUrl: replicaFrameUrl(origin),
      assetUrl: (key) => this.#assets.of(key),
      ack: () => {},
      // What is damaged is left out: the next stream begins anew.
      restart: () => {},
      onBegin: () => {},
      onShown: () => {},
      onTitle: () => {},
      onReduced: () => {},
      onRestored: () => {},
      onViewport: (size) => this.#events.emit('viewport_changed', size),
      onReady: () => {
        this.#shown = true
        this.#tell()
      },
      onBroken: () => this.#events.emit('broken', {}),
    })
    const stage = this.#stage
    const replica = () => this.#view.replica
    this.#drawings = new Drawings({
      stage: { layer: stage.layer, scale: () => stage.scale, replica },
      nameOf: (participant) => this.state.agents.find((agent) => agent.participant === participant)?.userName ?? '',
    })
    this.#feed()
  }

  get info(): RecordingInfo {
    return this.#recording.info
  }

  get duration(): number {
    return this.#recording.duration
  }

  get marks(): readonly TimedMark[] {
    return this.#recording.marks
  }

  get empty(): boolean {
    return this.#recording.frames.length === 0
  }

  get state(): PlayerState {
    const agents = new Map<number, string>()
    let paused = false
    let connected = true
    for (const { time, mark } of this.#recording.marks) {
      if (time > this.#time) break
      if (mark.type === 'agent_joined') agents.set(mark.participant, mark.userName)
      else if (mark.type === 'agent_left') agents.delete(mark.participant)
      else if (mark.type === 'paused') paused = mark.paused
      else if (mark.type === 'customer_connection') connected = mark.connected
    }
    return {
      time: this.#time,
      playing: this.#film !== undefined,
      speed: this.#speed,
      skipIdle: this.#skipIdle,
      agents: [...agents].map(([participant, userName]) => ({ participant, userName })),
      paused,
      connected,
      shown: this.#shown,
    }
  }

  play(): void {
    if (this.#film !== undefined) return
    if (this.#time >= this.duration) this.#go(0)
    this.#drawnAt = performance.now()
    this.#film = requestAnimationFrame((now) => this.#step(now))
    this.#tell()
  }

  pause(): void {
    if (this.#film !== undefined) cancelAnimationFrame(this.#film)
    this.#film = undefined
    this.#tell()
  }

  seek(time: number): void {
    this.#go(Math.min(Math.max(0, time), this.duration))
    this.#tell()
  }

  setSpeed(factor: number): void {
    this.#speed = factor
    this.#tell()
  }

  setSkipIdle(on: boolean): void {
    this.#skipIdle = on
    this.#tell()
  }

  setZoom(zoom: Zoom): void {
    this.#stage.setZoom(zoom)
  }

  close(): void {
    this.pause()
    this.#drawings.close()
    this.#view.close()
    this.#assets.close()
  }

  #step(now: number): void {
    const passed = Math.min(Math.max(0, now - this.#drawnAt), MAX_STEP_MS) * this.#speed
    this.#drawnAt = now
    const happens = this.#skipIdle ? this.#nextTime() : Number.NEGATIVE_INFINITY
    const isIdle = happens - this.#time > IDLE_MS
    this.#go(Math.min(this.duration, isIdle ? happens - IDLE_LEFT_MS : this.#time + passed))
    this.#film = this.#time < this.duration ? requestAnimationFrame((next) => this.#step(next)) : undefined
    this.#tell()
  }

  /** When the next thing happens. */
  #nextTime(): number {
    const { frames, drawings, marks } = this.#recording
    const frame = Math.min(
      frames[this.#next]?.time ?? this.duration,
      drawings[this.#nextDrawing]?.time ?? this.duration,
    )
    const mark = marks.find(({ time }) => time > this.#time)?.time ?? this.duration
    return Math.min(frame, mark)
  }

  #go(time: number): void {
    const isBack = time < this.#time
    this.#time = time
    const begin = this.#recording.frames.findLastIndex((frame) => frame.time <= time && frame.header.sequence === 1)
    // Forward, what lies before the last beginning need not be shown; back, all begins there.
    if (begin >= 0 && (isBack || begin > this.#next)) this.#next = begin
    else if (begin < 0 && isBack) this.#next = 0
    if (isBack) {
      this.#drawings.forget()
      this.#nextDrawing = 0
    }
    this.#feed()
  }

  #feed(): void {
    const { frames, drawings } = this.#recording
    for (let frame = frames[this.#next]; frame && frame.time <= this.#time; frame = frames[this.#next]) {
      this.#view.receive(frame.header, frame.payload)
      this.#next++
    }
    for (let one = drawings[this.#nextDrawing]; one && one.time <= this.#time; one = drawings[this.#nextDrawing]) {
      const said = readPageSays(one.payload)
      if (said) this.#drawings.take(said)
      this.#nextDrawing++
    }
  }

  #tell(): void {
    this.#events.emit('changed', this.state)
  }
}
