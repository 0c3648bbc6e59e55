/** Bytes in front of every binary message. */
export const HEADER_BYTES = 8

/** What a binary message carries, numbered in this order. `content` and `result` flow customer → agent, `ack`, `restart`
 *  and `action` agent → customer, `annotation` and `probe` both ways. */
export const FRAME_KINDS = { content: 1, ack: 2, restart: 3, annotation: 4, action: 5, result: 6, probe: 7 } as const
export type FrameKind = keyof typeof FRAME_KINDS

/** Header flag: the payload is compressed with deflate-raw (RFC 1951). */
export const FLAG_DEFLATED = 1

/** `peer` is the participant: the receiver on the way to the relay, the sender on the way from it.
 *  `sequence` counts the sender's content frames to one agent from 1; an `ack` repeats the sequence that it answers. */
export interface FrameHeader {
  kind: FrameKind
  flags: number
  peer: number
  sequence: number
}

export function encodeFrame(header: FrameHeader, payload: Uint8Array = new Uint8Array(0)): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES + payload.length)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, FRAME_KINDS[header.kind])
  view.setUint8(1, header.flags)
  view.setUint16(2, header.peer)
  view.setUint32(4, header.sequence)
  bytes.set(payload, HEADER_BYTES)
  return bytes
}

/** Reads a header. Undefined when the bytes are too short, of an unknown kind or with an unknown flag. */
export function decodeHeader(bytes: Uint8Array): FrameHeader | undefined {
  if (bytes.length < HEADER_BYTES) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES)
  const kind = (Object.keys(FRAME_KINDS) as FrameKind[])[view.getUint8(0) - 1]
  const flags = view.getUint8(1)
  if (!kind || flags > FLAG_DEFLATED) return undefined
  return { kind, flags, peer: view.getUint16(2), sequence: view.getUint32(4) }
}

/** Overwrites the peer in place: the relay turns "to" into "from" without copying the payload. */
export function setPeer(bytes: Uint8Array, peer: number): void {
  new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES).setUint16(2, peer)
}
