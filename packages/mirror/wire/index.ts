/** Bytes that are not a frame of this format. The replica that threw it is unusable: ask capture for a new stream. */
export class WireError extends Error {
  override name = 'WireError'
}
