import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Clock } from '../clock.ts'
import { BYTE_MS, FULL_READ_BYTES, type Turns } from '../turns.ts'

/** Bytes that a socket may send at once, and in each second from then on: several of the largest frames when a page
 *  begins, and more than its changes ever are. What goes on faster takes the time that others wait for. */
const BYTES_AT_ONCE = 64 * 1024 * 1024
const BYTES_PER_SECOND = 16 * 1024 * 1024

interface Reader {
  clock: Clock
  turns: Turns
  /** Whose turns it takes. */
  name: string
}

/** Reads a socket no faster than that, in each turn once, and once more ahead, and not before its address has its turn: its
 *  sender waits, as for a slow line, and loses nothing. */
export function throttle(stream: Duplex, socket: WebSocket, { clock, turns, name }: Reader): void {
  let left = BYTES_AT_ONCE
  let at = clock.now()
  let cancel = () => {}
  socket.once('close', () => cancel())
  const goOn = () => socket.resume()
  const { push } = stream
  // What is pushed into a paused stream stays there: ws does not see it before.
  stream.push = (chunk, encoding) => {
    if (chunk && !socket.isPaused && turns.isBusy(name)) {
      socket.pause()
      turns.wait(name, goOn)
    }
    return push.call(stream, chunk, encoding)
  }
  stream.on('data', ({ length }: Buffer) => {
    turns.charge(name, length * BYTE_MS)
    const now = clock.now()
    left = Math.min(BYTES_AT_ONCE, left + (Math.max(0, now - at) * BYTES_PER_SECOND) / 1_000) - length
    at = now
    if (socket.isPaused || (left >= 0 && length < FULL_READ_BYTES)) return
    socket.pause()
    if (left >= 0) turns.wait(name, goOn)
    else cancel = clock.after(Math.ceil((-left * 1_000) / BYTES_PER_SECOND), goOn)
  })
}
