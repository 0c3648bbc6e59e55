import { inflateRawSync } from 'node:zlib'
import { decodeHeader, FLAG_DEFLATED, HEADER_BYTES, RECORDING_MAGIC, readEntries } from '../packages/protocol/index.ts'

/** All that a recording holds, unpacked. */
export function unpackRecording(bytes: Uint8Array<ArrayBuffer>): Buffer {
  const parts = [...readEntries(bytes, RECORDING_MAGIC.length)].map(({ kind, payload }) =>
    kind === 'frame' ? unpackFrame(payload) : payload,
  )
  return Buffer.concat(parts)
}

/** What a frame says, without its header. */
export function unpackFrame(frame: Uint8Array): Uint8Array {
  const body = frame.subarray(HEADER_BYTES)
  return (decodeHeader(frame)?.flags ?? 0) & FLAG_DEFLATED ? inflateRawSync(body) : body
}
