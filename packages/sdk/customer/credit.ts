/** What may wait in the line beside the frame that is on its way: a change stays well below half a second behind. */
const QUEUE_TARGET_MS = 200

/** Beyond the delay of the empty line, once that is known: one frame of a display at 30 Hz, twice. */
const QUEUE_MARGIN_MS = 60

/** A round trip that carried no more than this tells the delay of the empty line: 0.2 s at 20 kbit/s. */
const PROBE_BYTES = 512

/** How many acknowledgements the line's speed and delay are judged by: about a second of a busy line. */
const MEMORY = 32

/** Bytes per ms (40 kbit/s) below which a line shows no pictures: each would hold up what is read. */
const MIN_PICTURE_RATE = 5

/** What was under way with a frame that tells how much a line carries. */
const LARGE_BYTES = 2_048

/** How long a line counts as slow before a picture is tried again. */
const SLOW_MEMORY_MS = 60_000

/** One tile of a picture. */
const MIN_PICTURE_ROOM = 16 * 1_024

/** Most bytes under way: 4 MB fill a line of 150 Mbit/s with 200 ms. */
const MAX_WINDOW = 4 * 1024 * 1024

/** A frame on its way: when it left and how many bytes were under way with it. */
interface Flight {
  at: number
  bytes: number
  /** Bytes under way when it left, its own among them. */
  ahead: number
  /** Whether the page had no more to send then: it says little about how fast the line is. */
  limitedByPage: boolean
}

interface Sample {
  rtt: number
  ahead: number
  /** Bytes per ms that the line carried at least. */
  rate: number
}

/** End-to-end credit of one agent's stream: how much may be under way between the page and the agent who has applied
 *  it. One frame always may. More only as far as the line has shown that it takes it without delay: whatever has to
 *  wait waits in the page, where ten changes of one node become one. */
export class Credit {
  readonly #now: () => number
  readonly #flights = new Map<number, Flight>()
  #samples: Sample[] = []
  #bytesInFlight = 0
  /** Bytes per ms that the line carried when there was much to carry, and when that was. */
  #carried = 80
  #carriedAt = 0

  constructor(now: () => number) {
    this.#now = now
  }

  /** Bytes that may be under way; 0 as long as nothing is known. */
  get window(): number {
    const rate = Math.max(0, ...this.#samples.map((sample) => sample.rate))
    return Math.min(MAX_WINDOW, rate * this.#allowedDelay())
  }

  /** Bytes of pictures that may go with a frame: they are nothing that anybody waits for, so a line that is known to be
   *  slow takes none. Small frames tell nothing of that; the first tiles do. */
  get room(): number {
    const isSlow = this.#carried < MIN_PICTURE_RATE && this.#now() - this.#carriedAt < SLOW_MEMORY_MS
    return isSlow ? 0 : Math.max(this.window, MIN_PICTURE_ROOM)
  }

  /** Whether another frame may leave while `waiting` more bytes are on their way to the line. */
  allows(waiting: number): boolean {
    const underWay = this.#bytesInFlight + waiting
    return underWay === 0 || (underWay < this.window && !this.#isLate())
  }

  /** For how many ms the oldest frame is under way; 0 when there is none. */
  get age(): number {
    const [oldest] = this.#flights.values()
    return oldest ? this.#now() - oldest.at : 0
  }

  sent(sequence: number, bytes: number): void {
    this.#bytesInFlight += bytes
    this.#flights.set(sequence, {
      at: this.#now(),
      bytes,
      ahead: this.#bytesInFlight,
      limitedByPage: this.#bytesInFlight < this.window / 2,
    })
  }

  /** The agent has applied a frame. One that is not under way (of the stream before) changes nothing. */
  acked(sequence: number): void {
    const flight = this.#flights.get(sequence)
    if (!flight) return
    this.#flights.delete(sequence)
    this.#bytesInFlight -= flight.bytes
    this.#learn(flight)
  }

  /** The line became slow since it was judged last, so what was allowed then is too much now. */
  #isLate(): boolean {
    return this.age > 2 * this.#allowedDelay()
  }

  #learn({ at, ahead, limitedByPage }: Flight): void {
    const rtt = Math.max(1, this.#now() - at)
    const rate = ahead / rtt
    if (ahead >= LARGE_BYTES) {
      // One late answer makes no slow line.
      this.#carried = Math.max(rate, this.#carried / 4)
      this.#carriedAt = this.#now()
    }
    const delay = this.#allowedDelay()
    // A page that sends little does not make the line slow: what was known before stays.
    const tellsRate = !limitedByPage || rtt > 2 * delay || rate * delay > this.window
    this.#samples.push({ rtt, ahead, rate: tellsRate ? rate : (this.#samples.at(-1)?.rate ?? 0) })
    if (this.#samples.length > MEMORY) this.#samples.shift()
  }

  /** How long a byte may be under way, waiting included. */
  #allowedDelay(): number {
    const probes = this.#samples.filter(({ ahead }) => ahead <= PROBE_BYTES).map(({ rtt }) => rtt)
    if (!probes.length) return QUEUE_TARGET_MS
    return Math.max(QUEUE_TARGET_MS, 1.25 * Math.min(...probes) + QUEUE_MARGIN_MS)
  }
}
