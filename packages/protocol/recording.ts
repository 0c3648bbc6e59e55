import type { AgentInfo, ParticipantId } from './messages.ts'

/** The first bytes of a recording as it is downloaded: the name of the format and its version. Entries follow. */
export const RECORDING_MAGIC = new TextEncoder().encode('ALREC 1\n')

/** Bytes in front of every entry: kind (1), ms since the recording's start (4), bytes that follow (4), big-endian. */
export const ENTRY_HEAD_BYTES = 9

/** What an entry holds: JSON `RecordingInfo`, first and once; a frame as it came, header included; a picture or font;
 *  JSON `RecordingMark`. */
export const ENTRY_KINDS = { info: 1, frame: 2, asset: 3, mark: 4 } as const
export type EntryKind = keyof typeof ENTRY_KINDS

export interface RecordingInfo {
  recordingId: string
  sessionId: string
  /** In ms since the epoch: the times of entries count from it. */
  startTime: number
  customerName: string
}

/** What happened to the people of the session. */
export type RecordingMark =
  | ({ type: 'agent_joined' } & AgentInfo)
  | { type: 'agent_left'; participant: ParticipantId }
  | { type: 'paused'; paused: boolean }
  | { type: 'customer_connection'; connected: boolean }
  | { type: 'ended' }

/** The head of a picture or font; its bytes follow, and only the first time that they are named. */
export interface AssetHead {
  /** By what frames name it. */
  key: string
  /** SHA-256 of the bytes, base64. */
  hash: string
  type: string
}

export interface RecordingEntry {
  kind: EntryKind
  /** Ms since the recording's start. */
  time: number
  payload: Uint8Array<ArrayBuffer>
}

const NAMES = new Map<number, EntryKind>(
  Object.entries(ENTRY_KINDS).map(([name, number]) => [number, name as EntryKind]),
)

export function encodeEntryHead(kind: EntryKind, time: number, length: number): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(ENTRY_HEAD_BYTES)
  const view = new DataView(head.buffer)
  view.setUint8(0, ENTRY_KINDS[kind])
  view.setUint32(1, time)
  view.setUint32(5, length)
  return head
}

/** The entries in `bytes` from `offset` on, up to the first that is not whole. One of an unknown kind is left out. */
export function* readEntries(bytes: Uint8Array<ArrayBuffer>, offset = 0): Generator<RecordingEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = offset; at + ENTRY_HEAD_BYTES <= bytes.length; ) {
    const begin = at + ENTRY_HEAD_BYTES
    const end = begin + view.getUint32(at + 5)
    if (end > bytes.length) return
    const kind = NAMES.get(view.getUint8(at))
    if (kind) yield { kind, time: view.getUint32(at + 1), payload: bytes.subarray(begin, end) }
    at = end
  }
}

/** The payload of an asset's entry before its bytes: the length of the head (2), and the head as JSON. */
export function encodeAssetHead(head: AssetHead): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(head))
  const bytes = new Uint8Array(2 + json.length)
  new DataView(bytes.buffer).setUint16(0, json.length)
  bytes.set(json, 2)
  return bytes
}

export function decodeAsset(payload: Uint8Array<ArrayBuffer>): { head: AssetHead; bytes: Uint8Array<ArrayBuffer> } {
  const length = 2 + new DataView(payload.buffer, payload.byteOffset).getUint16(0)
  return {
    head: JSON.parse(new TextDecoder().decode(payload.subarray(2, length))) as AssetHead,
    bytes: payload.subarray(length),
  }
}
