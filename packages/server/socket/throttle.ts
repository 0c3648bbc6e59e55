import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Clock } from '../clock.ts'

/** Bytes that a socket may send at once, and in each second from then on: several of the largest frames when a page
 *  begins, and more than its changes ever are. What goes on faster takes the time that others wait for. */
const BYTES_AT_ONCE = 64 * 1024 * 1024
const BYTES_PER_SECOND = 16 * 1024 * 1024

/** What Node reads at once. Behind a read that is full there is more, which it would read, too, up to 2 MB, before it
 *  turns to another socket. */
const FULL_READ = 64 * 1024

/** Reads a socket no faster than that, and in each turn once, and once more ahead: its sender waits, as for a slow line, and loses nothing. */
export function throttle(stream: Duplex, socket: WebSocket, clock: Clock): void {
  let left = BYTES_AT_ONCE
  let at = clock.now()
  let cancel = () => {}
  socket.once('close', () => cancel())
  stream.on('data', ({ length }: Buffer) => {
    const now = clock.now()
    left = Math.min(BYTES_AT_ONCE, left + (Math.max(0, now - at) * BYTES_PER_SECOND) / 1_000) - length
    at = now
    if (socket.isPaused || (left >= 0 && length < FULL_READ)) return
    socket.pause()
    const goOn = () => socket.resume()
    if (left >= 0) setImmediate(goOn)
    else cancel = clock.after(Math.ceil((-left * 1_000) / BYTES_PER_SECOND), goOn)
  })
}
