import { limitName } from '../http/client-address.ts'
import type { ServerLimits } from '../limits.ts'

/** One socket's place. Each method may be called twice. */
export interface Place {
  /** The socket said who it is, rightly or not. */
  heard(): void
  /** The socket is closed. */
  leave(): void
}

/** How many sockets each address has: few that have not said who they are, and many in all. */
export class SocketPlaces {
  readonly #limits: ServerLimits['sockets']
  readonly #silent = new Map<string, number>()
  readonly #all = new Map<string, number>()

  constructor(limits: ServerLimits['sockets']) {
    this.#limits = limits
  }

  /** A place for one more socket of that address; undefined when it has no more. */
  take(address: string): Place | undefined {
    const name = limitName(address)
    const isFull =
      (this.#silent.get(name) ?? 0) >= this.#limits.silentPerAddress ||
      (this.#all.get(name) ?? 0) >= this.#limits.perAddress
    if (isFull) return undefined
    const heard = once(count(this.#silent, name))
    const leave = once(count(this.#all, name))
    return {
      heard,
      leave: () => {
        heard()
        leave()
      },
    }
  }
}

/** Counts one; the returned function takes it back. */
function count(counts: Map<string, number>, name: string): () => void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
  return () => {
    const left = (counts.get(name) ?? 0) - 1
    if (left > 0) counts.set(name, left)
    else counts.delete(name)
  }
}

function once(run: () => void): () => void {
  let done = false
  return () => {
    if (!done) run()
    done = true
  }
}
