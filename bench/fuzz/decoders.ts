import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FrameReader, WireError } from '../../packages/mirror/wire/index.ts'
import {
  AlongsideError,
  type CustomerMessage,
  decodeHeader,
  HEADER_BYTES,
  type PeerMessage,
  RECORDING_MAGIC,
  readEntries,
} from '../../packages/protocol/index.ts'
import { readRecording } from '../../packages/sdk/agent/player/read-recording.ts'
import { readAgentSays, readPageSays } from '../../packages/sdk/annotation/messages.ts'
import { readAction } from '../../packages/sdk/customer/assist/read-action.ts'
import {
  laterAgentMessage,
  laterCustomerMessage,
  laterDeviceMessage,
} from '../../packages/server/socket/message-schemas.ts'
import { readFirst, readMessage } from '../../packages/server/socket/read-message.ts'
import { readFrame } from './read-frame.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** One decoder, and real input for it to be mutated. */
export interface Decoder {
  corpus: readonly Bytes[]
  /** `number` says which of the corpus the bytes were. */
  read(bytes: Bytes, number: number): void
  /** The refusals that it is meant to answer with; anything else is a crash. */
  refuses(error: unknown): boolean
  /** Of a hundred frames. */
  share: number
}

/** A recording of a real page: see record-frames.ts. */
const RECORDING = new Uint8Array(readFileSync(join(import.meta.dirname, 'frames.alrec')))
const FRAMES = [...readEntries(RECORDING, RECORDING_MAGIC.length)].flatMap(({ kind, payload }) =>
  kind === 'frame' ? [payload] : [],
)
const RECORDED = FRAMES.map((frame) => frame.slice(HEADER_BYTES))

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const coded = (error: unknown) => error instanceof AlongsideError
const nothing = () => false

const token = 'eyJhbGciOiJIUzI1NiJ9.eyJyb2xlX3R5cGUiOjF9.AAAA'
const [id, secret] = ['A'.repeat(22), 'A'.repeat(48)]
const MESSAGES: (PeerMessage | CustomerMessage)[] = [
  { type: 'start', version: 1, token, customPinCode: 'OWN1', tab: 'tab-1' },
  { type: 'start_device', version: 1, sdkKey: 'shop', deviceId: 'device-1', customData: { name: 'Cora' } },
  { type: 'join', version: 1, token, pinCode: '123456', watchOnly: true },
  { type: 'resume', version: 1, sessionId: id, secret, tab: 'tab-1' },
  { type: 'register', version: 1, sdkKey: 'shop', deviceId: 'device-1', customData: { name: 'Cora' } },
  { type: 'consent', participant: 2, granted: true },
  { type: 'hand_off', origin: 'https://shop.example' },
  { type: 'assist_answer', participant: 2, types: ['click', 'type'] },
  { type: 'make_link', userName: 'Ben', watchOnly: true },
  { type: 'assist_request', types: ['click', 'scroll_page'] },
  { type: 'update', customData: { name: 'Cora' } },
  { type: 'busy', invitation: 'A'.repeat(43) },
]
const ACTIONS = [
  {
    id: 1,
    page: 0.5,
    until: 1,
    action: { do: 'click', at: { node: 7, x: 0.5, y: 0.5 }, button: 0, count: 1, keys: 0 },
  },
  { id: 2, page: 0.5, until: 1, action: { do: 'choose', node: 7, values: ['a', 'b'] } },
  { id: 3, page: 0.5, until: 1, action: { do: 'key', key: 'a', code: 'KeyA', keys: 0 } },
]
const mark = { id: 1, tool: 'pen', colour: 1, anchor: 7, points: [0, 0, 1, 1], text: '', done: true }
const SAYINGS = [
  { type: 'put', author: 2, ...mark },
  { type: 'extend', author: 2, id: 1, points: [1, 2] },
  { type: 'point', author: 2, tool: 'laser', colour: 7, anchor: 7, x: 0.5, y: 0.5 },
  { type: 'refused', code: 1121 },
]

/** Everything that takes bytes or text of a peer, or of a file, and needs no browser. */
export const DECODERS: Record<string, Decoder> = {
  'frame header': { corpus: FRAMES, read: (bytes) => void decodeHeader(bytes), refuses: nothing, share: 10 },
  'control message': {
    corpus: MESSAGES.map(encode),
    read: (bytes) => readControl(new TextDecoder().decode(bytes)),
    refuses: coded,
    share: 20,
  },
  'mirror frame': {
    corpus: RECORDED,
    read: readInStream,
    refuses: (error) => error instanceof WireError,
    share: 50,
  },
  recording: { corpus: [RECORDING], read: (bytes) => void readRecording(bytes), refuses: coded, share: 4 },
  action: { corpus: ACTIONS.map(encode), read: (bytes) => void readAction(bytes), refuses: nothing, share: 8 },
  annotation: {
    corpus: SAYINGS.map(encode),
    read: (bytes) => void [readAgentSays(bytes), readPageSays(bytes)],
    refuses: nothing,
    share: 8,
  },
}

/** A first message, and a later one of each role. */
function readControl(text: string): void {
  const schemas = [laterCustomerMessage, laterAgentMessage, laterDeviceMessage]
  const reads = [() => readFirst(text), ...schemas.map((schema) => () => readMessage<unknown>(schema, text))]
  for (const read of reads) {
    try {
      read()
    } catch (error) {
      if (!coded(error)) throw error
    }
  }
}

/** The frames before it come first, so that ids of strings and sequence fit. */
function readInStream(bytes: Bytes, number: number): void {
  const reader = new FrameReader()
  for (const frame of RECORDED.slice(0, number)) readFrame(reader, frame)
  readFrame(reader, bytes)
}

/** The names of the operations and states in the frames that are mutated. Throws when one of these is not read to its
 *  end. */
export function knownOperations(): Set<string> {
  const names = new Set<string>()
  const note = (name: string) => void names.add(name)
  const reader = new FrameReader()
  for (const frame of RECORDED) readFrame(reader, frame, note)
  return names
}
