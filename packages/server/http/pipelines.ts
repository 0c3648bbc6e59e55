import type { RequestListener } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock } from '../clock.ts'
import { Quota } from '../quota.ts'
import { limitName } from './client-address.ts'

/** Requests of one connection that wait for their answers. Browsers and proxies wait for each before they send the next;
 *  who does not could have a thousand of them begun by one packet, before anybody else is read. */
const MAX_WAITING = 8

/** How long an address whose connection sent more opens no other. The rest of what came with it was parsed all the same,
 *  for some 150 ms where four did so at once: of the time of others that is less than one part in a hundred. */
const SHUT_MS = 20_000

/** Ends connections that send requests without waiting for answers, and keeps their addresses out for a while. */
export class Pipelines {
  readonly #waiting = new WeakMap<Socket, number>()
  readonly #shut: Quota

  constructor(clock: Clock) {
    this.#shut = new Quota(clock, 1, SHUT_MS)
  }

  /** Whether what that address opens is closed at once. The name is that of `limitName`. */
  isShut(name: string): boolean {
    return this.#shut.isFull(name)
  }

  limit(handle: RequestListener): RequestListener {
    return (request, response) => {
      const { socket } = request
      // What came in behind the one too many.
      if (socket.destroyed) return
      const count = (this.#waiting.get(socket) ?? 0) + 1
      if (count > MAX_WAITING) {
        this.#shut.spend(limitName(socket.remoteAddress ?? ''))
        socket.destroy()
        return
      }
      this.#waiting.set(socket, count)
      response.once('close', () => this.#waiting.set(socket, (this.#waiting.get(socket) ?? 1) - 1))
      handle(request, response)
    }
  }
}
