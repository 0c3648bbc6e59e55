import {
  AlongsideError,
  decodeAsset,
  decodeHeader,
  type FrameHeader,
  HEADER_BYTES,
  RECORDING_MAGIC,
  type RecordingInfo,
  type RecordingMark,
  readEntries,
} from '@alongside/protocol'

type Bytes = Uint8Array<ArrayBuffer>

export interface RecordedFrame {
  /** Ms since the recording's start. */
  time: number
  header: FrameHeader
  payload: Bytes
}

export interface RecordedFile {
  type: string
  bytes: Bytes
}

export interface TimedMark {
  time: number
  mark: RecordingMark
}

/** A recording as it lies in memory. */
export interface Recording {
  info: RecordingInfo
  /** In ms. */
  duration: number
  /** Of the page, in order. */
  frames: RecordedFrame[]
  /** Of what was drawn on it, in order. */
  drawings: RecordedFrame[]
  marks: TimedMark[]
  /** Pictures and fonts by the keys that frames name. */
  files: Map<string, RecordedFile>
}

/** Reads a downloaded recording, as far as it is whole. Throws 1105 when it is none, damaged, or one of another version. */
export function readRecording(bytes: Bytes): Recording {
  try {
    return read(bytes)
  } catch {
    throw new AlongsideError(1105, 'This is not a recording, or a damaged one, or one of another version.')
  }
}

function read(bytes: Bytes): Recording {
  const isOne = RECORDING_MAGIC.every((byte, index) => bytes[index] === byte)
  const entries = isOne ? [...readEntries(bytes, RECORDING_MAGIC.length)] : []
  const info = entries.find(({ kind }) => kind === 'info')
  if (!info) throw new AlongsideError(1105)
  const recording: Recording = {
    info: parse<RecordingInfo>(info.payload),
    duration: entries.reduce((last, { time }) => Math.max(last, time), 0),
    frames: [],
    drawings: [],
    marks: [],
    files: new Map(),
  }
  const byHash = new Map<string, RecordedFile>()
  for (const { kind, time, payload } of entries) {
    if (kind === 'mark') recording.marks.push({ time, mark: parse<RecordingMark>(payload) })
    else if (kind === 'frame') {
      const header = decodeHeader(payload)
      const to = header && { content: recording.frames, annotation: recording.drawings }[header.kind as string]
      if (header && to) to.push({ time, header, payload: payload.subarray(HEADER_BYTES) })
    } else if (kind === 'asset') {
      const { head, bytes } = decodeAsset(payload)
      const file = byHash.get(head.hash) ?? { type: head.type, bytes }
      byHash.set(head.hash, file)
      recording.files.set(head.key, file)
    }
  }
  return recording
}

function parse<T>(payload: Bytes): T {
  return JSON.parse(new TextDecoder().decode(payload)) as T
}
