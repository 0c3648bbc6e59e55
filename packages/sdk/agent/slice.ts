/** How long the copy may be built at a stretch: what the agent presses meanwhile is answered within a frame or two. */
const LONGEST_MS = 12

/** The first of each frame, and the shortest. What one node costs is not known yet: with rules for each, a stretch of the
 *  full length could take seconds. */
const SHORTEST_MS = 0.5

/** Rules times nodes of the shortest: where rules are many, half a millisecond makes more nodes than a browser asks about
 *  them in a second. A page of 5,000 rules is at a hundred nodes then, which take that half millisecond. */
const FEWEST_MATCHES = 500_000

/** Until a layout is over nothing is answered either. */
const LONG_LAYOUT_MS = 100

/** From here on a layout is so long that the next must not be much longer. */
const TOO_LONG_MS = 500

/** Of such a layout, what came of the last stretch when more may come: it takes its time whatever is built. */
const SLIGHT = 1 / 20

interface Stretch {
  slice: number
  took: number
}

/** How long the copy is built at a stretch before the browser lays it out, all in ms. The more of a layout comes from what
 *  was just built, the shorter; a layout that takes its time whatever was built is not asked for more often than needed. */
export class Slice {
  ms = SHORTEST_MS
  #matches = 0
  #last: Stretch | undefined
  /** The last of another length, to compare with. */
  #other: Stretch | undefined

  /** A step was made, after which so many rules may be asked about a node. */
  step(rules: number): void {
    this.#matches += rules
  }

  /** Whether it is over, after so long. */
  isOver(ms: number): boolean {
    return ms >= this.ms || this.#matches >= (FEWEST_MATCHES * this.ms) / SHORTEST_MS
  }

  /** The layout after this stretch took so long. */
  tookLayout(took: number): void {
    this.#matches = 0
    const slice = this.ms
    if (this.#last?.slice !== slice) this.#other = this.#last
    this.#last = { slice, took }
    const other = this.#other
    if (took <= LONG_LAYOUT_MS || !other) return this.#set(slice * 2)
    const fromSlice = ((took - other.took) / (slice - other.slice)) * slice
    if (fromSlice > took / 2) return this.#set(slice / 2)
    this.#set(took < TOO_LONG_MS || fromSlice <= took * SLIGHT ? slice * 2 : slice)
  }

  #set(ms: number): void {
    this.ms = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, ms))
  }
}
