import type { Clock } from '../clock.ts'
import { limitName } from '../http/client-address.ts'
import type { ServerLimits } from '../limits.ts'
import { A_MINUTE_MS, Quota } from '../quota.ts'

/** One socket's place. `heard` and `leave` may be called twice. */
export interface Place {
  /** The socket said who it is, rightly or not. */
  heard(): void
  /** The socket has sent so many bytes of a message that is not whole. When its address holds too many, the socket that
   *  holds most of them is cut: whoever came last may be its neighbour. */
  hold(bytes: number, cut: () => void): void
  /** The socket is closed. */
  leave(): void
}

/** What one socket holds of a message that is not whole. */
interface Holder {
  bytes: number
  cut(): void
}

/** How many sockets each address has: few that have not said who they are, and many in all; how many it opens in a
 *  minute, and what they hold. */
export class SocketPlaces {
  readonly #limits: ServerLimits['sockets']
  readonly #silent = new Map<string, number>()
  readonly #all = new Map<string, number>()
  readonly #held = new Map<string, Set<Holder>>()
  readonly #opened: Quota

  constructor(limits: ServerLimits['sockets'], clock: Clock) {
    this.#limits = limits
    this.#opened = new Quota(clock, limits.opensPerAddress, A_MINUTE_MS)
  }

  /** A place for one more socket of that address; undefined when it has no more. */
  take(address: string): Place | undefined {
    const name = limitName(address)
    const isFull =
      (this.#silent.get(name) ?? 0) >= this.#limits.silentPerAddress ||
      (this.#all.get(name) ?? 0) >= this.#limits.perAddress
    if (isFull || this.#opened.spend(name) !== undefined) return undefined
    const heard = once(count(this.#silent, name))
    const leave = once(count(this.#all, name))
    const holder: Holder = { bytes: 0, cut() {} }
    return {
      heard,
      hold: (bytes, cut) => {
        Object.assign(holder, { bytes, cut })
        this.#hold(name, holder)
      },
      leave: () => {
        heard()
        leave()
        holder.bytes = 0
        this.#hold(name, holder)
      },
    }
  }

  #hold(name: string, holder: Holder): void {
    const holders = this.#held.get(name) ?? new Set()
    if (holder.bytes) holders.add(holder)
    else holders.delete(holder)
    if (holders.size) this.#held.set(name, holders)
    else this.#held.delete(name)
    const sizes = [...holders].map(({ bytes }) => bytes)
    if (sizes.reduce((sum, bytes) => sum + bytes, 0) <= this.#limits.partialBytesPerAddress) return
    const largest = [...holders].reduce((one, other) => (other.bytes > one.bytes ? other : one))
    largest.cut()
    largest.bytes = 0
    this.#hold(name, largest)
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
