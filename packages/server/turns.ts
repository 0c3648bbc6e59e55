import type { Clock } from './clock.ts'

/** Work for one address in one turn of the event loop, in ms: what others wait for it. */
export const TURN_MS = 0.5

/** What work costs that cannot be measured where it is asked for: reading, unmasking and passing on a byte. */
export const BYTE_MS = 1 / (1024 * 1024)

/** What Node reads at once. Behind a read that is full there is more, which it would read, too, up to 2 MB, before it
 *  turns to another socket. */
export const FULL_READ_BYTES = 64 * 1024

/** A wait that long is told, in ms. Shorter ones are nobody's trouble. */
const TOLD_MS = 100

interface Waiting {
  run(): void
  since: number
}

interface TurnsOptions {
  clock: Clock
  /** What an address asked for has waited for long. */
  onLongWait(name: string): void
}

/** Shares the server's time out between addresses. What it does for one is that one's debt, of which each turn of the
 *  event loop takes off `TURN_MS`. Whatever an address asks for while it is in debt waits in its line; in each turn one
 *  that waits has its turn, of one address after another. So the work of others comes between, however much one asks for
 *  at once and on however many sockets, and a server with nothing else to do goes on at once. */
export class Turns {
  readonly #clock: Clock
  readonly #onLongWait: (name: string) => void
  /** Of those in debt only. */
  readonly #debts = new Map<string, number>()
  /** In the order of their turns. */
  readonly #lines = new Map<string, Waiting[]>()
  #isDue = false

  constructor({ clock, onLongWait }: TurnsOptions) {
    this.#clock = clock
    this.#onLongWait = onLongWait
  }

  /** Addresses that are in debt or wait. */
  get size(): number {
    return new Set([...this.#debts.keys(), ...this.#lines.keys()]).size
  }

  /** Whether enough was done for that address in this turn. What waits in its line does not count: who has a little to
   *  say need not stand behind those who want much. */
  isBusy(name: string): boolean {
    return (this.#debts.get(name) ?? 0) >= TURN_MS
  }

  charge(name: string, ms: number): void {
    this.#debts.set(name, (this.#debts.get(name) ?? 0) + ms)
    this.#await()
  }

  /** Runs what an address asked for, and charges the time that it takes. */
  work(name: string, run: () => void): void {
    const begun = this.#clock.elapsed()
    try {
      run()
    } finally {
      this.charge(name, this.#clock.elapsed() - begun)
    }
  }

  /** As `work`, at once or when it has its turn, always behind what waits already. */
  take(name: string, run: () => void): void {
    if (this.isBusy(name) || this.#lines.has(name)) this.wait(name, () => this.work(name, run))
    else this.work(name, run)
  }

  /** Runs it in a later turn, behind what waits already. */
  wait(name: string, run: () => void): void {
    const waiting = { run, since: this.#clock.elapsed() }
    const line = this.#lines.get(name)
    if (line) line.push(waiting)
    else this.#lines.set(name, [waiting])
    this.#await()
  }

  #await(): void {
    if (this.#isDue) return
    this.#isDue = true
    setImmediate(() => {
      this.#isDue = false
      this.#turn()
    })
  }

  #turn(): void {
    for (const [name, debt] of this.#debts)
      if (debt > TURN_MS) this.#debts.set(name, debt - TURN_MS)
      else this.#debts.delete(name)
    // The next turn comes also when what is served throws.
    if (this.#debts.size || this.#lines.size) this.#await()
    for (const [name, line] of this.#lines) {
      if (this.isBusy(name)) continue
      this.#lines.delete(name)
      this.#serve(name, line)
      return
    }
  }

  #serve(name: string, line: Waiting[]): void {
    const { run, since } = line.shift()!
    // Last in the round now.
    if (line.length) this.#lines.set(name, line)
    if (this.#clock.elapsed() - since >= TOLD_MS) this.#onLongWait(name)
    run()
  }
}
