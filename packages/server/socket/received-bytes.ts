import type { Duplex } from 'node:stream'
import { AlongsideError, MAX_CONTROL_BYTES } from '@alongside/protocol'
import type { WebSocket } from 'ws'
import type { Peer } from './peer.ts'
import type { Place } from './socket-places.ts'

/** Bytes that a peer may send before it is admitted: its first message and the frames around it. */
const MAX_EARLY_BYTES = 4 * MAX_CONTROL_BYTES

/** What may have come in behind a small message of a page in the background before that message is told: two reads. */
const MAX_BEHIND_BYTES = 128 * 1024

/** Bytes after which a refused peer that goes on sending is cut. Between the two it is still told why. */
const MAX_REFUSED_BYTES = 1024 * 1024

/** What everybody may hold of a message that is not whole, uncounted: most messages come in one piece. */
const FREE_BYTES = 64 * 1024

/** Counts what a socket received of messages that are not whole. The server has to hold that, so sockets that never say
 *  who they are, or begin large frames and never end them, could each make it hold a frame of the largest size. The
 *  returned function is to be called after each whole message; a page in the background is never let off, and its count
 *  begins anew after each of its small messages, too. */
export function limitBytes(stream: Duplex, socket: WebSocket, peer: Peer, place: Place): () => void {
  let early = 0
  let partial = 0
  const refuse = () => peer.refuse(new AlongsideError(1106))
  const takeEarly = (bytes: number) => {
    early += bytes
    if (early > MAX_REFUSED_BYTES) socket.terminate()
    else if (early > MAX_EARLY_BYTES + (peer.registered ? MAX_BEHIND_BYTES : 0)) refuse()
  }
  const takePartial = (bytes: number) => {
    partial += bytes
    if (partial > peer.maxMessageBytes) refuse()
    else if (partial > FREE_BYTES) place.hold(partial, refuse)
  }
  // Before ws tells of the messages that these bytes end: it tells one in a turn.
  stream.on('data', ({ length }: Buffer) => (peer.admitted ? takePartial(length) : takeEarly(length)))
  return () => {
    if (peer.registered) early = 0
    if (partial > FREE_BYTES) place.hold(0, refuse)
    partial = 0
  }
}
