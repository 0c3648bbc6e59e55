import type { RequestListener } from 'node:http'
import type { Socket } from 'node:net'

/** Requests of one connection that wait for their answers. Browsers and proxies wait for each before they send the next;
 *  who does not could have a thousand of them begun by one packet, before anybody else is read. */
const MAX_WAITING = 8

/** Ends connections that send requests without waiting for answers. Their addresses may open others: behind one there can
 *  be a whole company. */
export class Pipelines {
  readonly #waiting = new WeakMap<Socket, number>()

  limit(handle: RequestListener): RequestListener {
    return (request, response) => {
      const { socket } = request
      // What came in behind the one too many.
      if (socket.destroyed) return
      const count = (this.#waiting.get(socket) ?? 0) + 1
      if (count > MAX_WAITING) {
        socket.destroy()
        return
      }
      this.#waiting.set(socket, count)
      response.once('close', () => this.#waiting.set(socket, (this.#waiting.get(socket) ?? 1) - 1))
      handle(request, response)
    }
  }
}
