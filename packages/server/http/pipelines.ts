import type { RequestListener } from 'node:http'
import type { Socket } from 'node:net'

/** Requests of one connection that wait for their answers. Browsers and proxies wait for each before they send the next;
 *  who does not could have a thousand of them begun by one packet, before anybody else is read. */
const MAX_WAITING = 8

/** Cuts a connection that sends more. */
export function limitPipelines(handle: RequestListener): RequestListener {
  const waiting = new WeakMap<Socket, number>()
  return (request, response) => {
    const { socket } = request
    // What came in behind the one too many.
    if (socket.destroyed) return
    const count = (waiting.get(socket) ?? 0) + 1
    if (count > MAX_WAITING) {
      socket.destroy()
      return
    }
    waiting.set(socket, count)
    response.once('close', () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1))
    handle(request, response)
  }
}
