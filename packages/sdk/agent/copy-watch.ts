/** From here on a frame of the desk is slow: whoever presses something sees no answer for so long. Well above what a busy
 *  machine does by itself. */
const SLOW_MS = 1_000

/** As many slow frames within a stretch, and the copy shows less. One alone may be a computer that slept. */
const MANY_SLOW = 4
const STRETCH_MS = 20_000

/** A drawing that would take so long, in ms of a slow computer, is not begun: nothing ends it. Real pages take a
 *  few, and what people make at worst some hundreds: to hide one of those would be worse than to wait for it. */
const MAX_DRAWING_MS = 5_000

/** A layout of the copy that took so long counts, by its length: of it nobody else can be the cause. */
const LONG_LAYOUT_MS = 500

/** Until a hidden copy is made again by itself once more, at first; then twice as long each time. */
const TRY_PAUSE_MS = 20_000

export interface CopyWatchOptions {
  /** The copy slows the page around it down. First it is to be drawn more plainly, then not at all. */
  onSlow(reduction: 'plain' | 'hidden'): void
  /** Calls with the time of the next frame, in ms, and returns what takes that back. */
  nextFrame?(call: (time: number) => void): () => void
  isHidden?(): boolean
}

const browserFrame = (call: (time: number) => void): (() => void) => {
  const id = requestAnimationFrame(call)
  return () => cancelAnimationFrame(id)
}

/** Sees whether the copy holds up the page around it: both share a thread where the copy is of the same origin, and what
 *  draws them. */
export class CopyWatch {
  readonly #onSlow: CopyWatchOptions['onSlow']
  readonly #nextFrame: NonNullable<CopyWatchOptions['nextFrame']>
  readonly #isHidden: () => boolean
  #last: number | undefined
  #slow: number[] = []
  #layouts: { at: number; took: number }[] = []
  #level = 0
  #nextTry = 0
  #tryPause = TRY_PAUSE_MS
  #stop: (() => void) | undefined

  constructor({ onSlow, nextFrame = browserFrame, isHidden = () => document.hidden }: CopyWatchOptions) {
    this.#onSlow = onSlow
    this.#nextFrame = nextFrame
    this.#isHidden = isHidden
  }

  /** Begins for another copy. */
  start(): void {
    this.close()
    this.#level = 0
    this.#slow = []
    this.#layouts = []
    this.#last = undefined
    this.#wait()
  }

  /** The copy was laid out, in so many ms. What is long to lay out is so without its effects too. */
  took(ms: number): void {
    if (ms < LONG_LAYOUT_MS || this.#level === 2) return
    const at = this.#last ?? 0
    this.#layouts = [...this.#layouts.filter((one) => at - one.at < STRETCH_MS), { at, took: ms }]
    if (this.#layouts.reduce((sum, one) => sum + one.took, 0) < MANY_SLOW * SLOW_MS) return
    this.#level = 2
    this.#onSlow('hidden')
  }

  /** To draw the copy is about to take so many ms. Answers whether it shows less for that. */
  draws(ms: number): boolean {
    if (ms < MAX_DRAWING_MS || this.#level === 2) return false
    this.#showLess()
    return true
  }

  /** Whether a hidden copy may be made again by itself: a page that asks for it again and again would stop the page around
   *  it as often. */
  mayTry(now = performance.now()): boolean {
    if (now < this.#nextTry) return false
    this.#nextTry = now + this.#tryPause
    this.#tryPause *= 2
    return true
  }

  close(): void {
    this.#stop?.()
    this.#stop = undefined
  }

  #wait(): void {
    this.#stop = this.#nextFrame((time) => {
      this.#see(time)
      // Nothing is left to be taken away.
      if (this.#level < 2) this.#wait()
    })
  }

  #see(time: number): void {
    const took = this.#last === undefined ? 0 : time - this.#last
    // A tab that is not seen has no frames at all.
    this.#last = this.#isHidden() ? undefined : time
    if (took < SLOW_MS || this.#last === undefined) return
    this.#slow = [...this.#slow.filter((at) => time - at < STRETCH_MS), time]
    if (this.#slow.length >= MANY_SLOW) this.#showLess()
  }

  #showLess(): void {
    this.#slow = []
    this.#level++
    this.#onSlow(this.#level === 1 ? 'plain' : 'hidden')
  }
}
