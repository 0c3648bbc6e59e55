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

/** How long the copy is built at a stretch before the browser lays it out, all in ms. The more of a layout comes from what
 *  was just built, the shorter; a layout that takes its time whatever was built is not asked for more often than needed. */
export class Slice {
  ms = SHORTEST_MS
  #matches = 0
  #before: { slice: number; took: number } | undefined

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
    const before = this.#before
    const slice = this.ms
    this.#before = { slice, took }
    if (took <= LONG_LAYOUT_MS) return this.#set(slice * 2)
    if (!before || before.slice === slice)
      return this.#set(slice === SHORTEST_MS && took < TOO_LONG_MS ? slice * 2 : slice / 2)
    const fromSlice = ((took - before.took) / (slice - before.slice)) * slice
    this.#set(fromSlice > took / 2 ? slice / 2 : took < TOO_LONG_MS ? slice * 2 : slice)
  }

  #set(ms: number): void {
    this.ms = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, ms))
  }
}
