import type { IncomingMessage, RequestListener } from 'node:http'
import type { Socket } from 'node:net'
import { BYTE_MS, FULL_READ_BYTES, type Turns } from '../turns.ts'
import { type ClientAddresses, limitName } from './client-address.ts'

/** Requests of one connection that wait for their answers. Browsers and proxies wait for each before they send the next;
 *  who does not could have a thousand of them begun by one packet, before anybody else is read. */
const MAX_WAITING = 8

/** What a request costs after the turn in which it is begun, in ms. */
const REQUEST_MS = 0.25

/** Answers requests in the turns of their addresses, and ends connections that send some without waiting for answers.
 *  Their addresses may open others: behind one there can be a whole company. */
export class Pipelines {
  readonly #waiting = new WeakMap<Socket, number>()
  readonly #addresses: ClientAddresses
  readonly #turns: Turns

  constructor(addresses: ClientAddresses, turns: Turns) {
    this.#addresses = addresses
    this.#turns = turns
  }

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
      const name = limitName(this.#addresses.of(request))
      readInTurns(request, name, this.#turns)
      this.#turns.take(name, () => {
        if (socket.destroyed) return
        this.#turns.charge(name, REQUEST_MS)
        handle(request, response)
      })
    }
  }
}

/** What is pushed into a paused request stays there, and Node stops reading its connection. */
function readInTurns(request: IncomingMessage, name: string, turns: Turns): void {
  const { push } = request
  request.push = (chunk, encoding) => {
    if (chunk) turns.charge(name, chunk.length * BYTE_MS)
    if (chunk && request.readableFlowing && (turns.isBusy(name) || chunk.length >= FULL_READ_BYTES)) {
      request.pause()
      turns.wait(name, () => request.resume())
    }
    return push.call(request, chunk, encoding)
  }
}
