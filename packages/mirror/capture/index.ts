import { type AssetKey, Assets } from './assets.ts'
import { browserClock, type Clock } from './clock.ts'
import type { GuestPage, Guests } from './guests.ts'
import type { Mask } from './mask.ts'
import { Page } from './page.ts'
import type { CapturePart, PartPage } from './parts.ts'
import { VERIFY_INTERVAL_MS } from './sheets.ts'
import { FLUSH_BUDGET_MS, type Sink, StreamState } from './stream.ts'

export type { AssetKey } from './assets.ts'
export type { Clock } from './clock.ts'
export { compileGuestMask } from './guest-mask.ts'
export type { GuestPage, GuestStream, Guests } from './guests.ts'
export { compileMask, MASK, type Mask } from './mask.ts'
export type { MaskError, MaskRules } from './mask-rules.ts'
export type { CapturePart } from './parts.ts'
export type { MaskPart } from './quiet-names.ts'
export type { Sink } from './stream.ts'

/** A change of up to this many nodes goes out in the observer's own callback; more waits for the next frame. */
const SMALL_CHANGE = 200

/** Two flushes at once keep this distance, so that a page that changes in many microtasks pays for few of them. */
const MIN_FLUSH_GAP_MS = 4

/** The frames for one replica, from a full snapshot on. */
export interface Stream {
  /** Tells the stream that `ready()` may have become true. */
  wake(): void
  close(): void
}

export interface Capture {
  /** Starts a stream: the snapshot in slices, then what changes. */
  open(sink: Sink): Stream
  /** The node that all replicas know by this number. Undefined for one that was never sent, or has left the page. */
  nodeOf(number: number): Node | undefined
  /** The number of a node that was sent. */
  numberOf(node: Node): number | undefined
  /** Sends what has changed now, as far as the lines take it, without waiting for a frame. */
  flush(): void
  /** From now on iframes that the page cannot read are shown as far as they hand in what they hold. */
  admit(make: (page: GuestPage) => Guests): void
  /** From now on a part adds what it is for. */
  extend(part: CapturePart, start: (page: PartPage) => Guests): void
  /** Ends all streams, disconnects all observers and restores every patched function. May be called twice. */
  close(): void
}

export interface CaptureOptions {
  mask: Mask
  /** Elements that are never mirrored, with all they hold: the SDK's own panel. */
  excluded?: ReadonlySet<Node>
  /** A fault of capture itself. It has closed all streams; the page goes on. */
  onError(error: unknown): void
  /** Where pictures and fonts are to be found; without it none are shown but those that carry themselves. */
  asset?: AssetKey
  /** The page has what a part is for; may be called again. */
  onNeed?(part: CapturePart): void
  /** For tests; the browser's time otherwise. */
  clock?: Clock
}

/** Watches a document until `close`. Nothing is read before the first `open`. */
export function startCapture(document: Document, options: CaptureOptions): Capture {
  return new PageCapture(document, options)
}

class PageCapture implements Capture {
  readonly #page: Page
  readonly #clock: Clock
  readonly #onError: (error: unknown) => void
  #lastFlush = Number.NEGATIVE_INFINITY
  #waiting: 'no' | 'frame' | 'task' = 'no'
  #closed = false
  #stopVerifying: () => void

  constructor(document: Document, options: CaptureOptions) {
    this.#clock = options.clock ?? browserClock(document)
    this.#onError = options.onError
    this.#page = new Page(
      document,
      options.mask,
      new Assets(options.asset),
      options.excluded ?? new Set(),
      this.#clock,
      (records) => this.#changed(records),
      (run) => this.#guard(run),
      options.onNeed ?? (() => undefined),
    )
    this.#stopVerifying = this.#verifyLater()
  }

  open(sink: Sink): Stream {
    const stream = new StreamState(this.#page, sink)
    this.#guard(() => {
      this.#page.take(this.#page.takeRecords())
      this.#page.streams.add(stream)
      this.#waitFor('task')
    })
    return {
      wake: () => stream.dirty && this.#waitFor('task'),
      close: () => {
        this.#page.streams.delete(stream)
        this.#page.guests?.end(stream)
        for (const part of this.#page.parts.values()) part.end(stream)
      },
    }
  }

  nodeOf(number: number): Node | undefined {
    if (this.#closed) return undefined
    const node = this.#page.nodeOf(number)
    // It may have left in this very task.
    return node && this.#page.inTree(node) ? node : undefined
  }

  numberOf(node: Node): number | undefined {
    return this.#closed ? undefined : this.#page.knownId(node)
  }

  flush(): void {
    this.#guard(() => {
      this.#page.take(this.#page.takeRecords())
      for (const stream of this.#page.streams) {
        while (stream.dirty && stream.sink.ready()) stream.flush(Number.POSITIVE_INFINITY)
      }
    })
  }

  admit(make: (page: GuestPage) => Guests): void {
    const page = this.#page
    const guests = make({ decide: (iframe) => page.mask.decide(iframe), wake: () => this.#waitFor('task') })
    if (this.#closed) guests.close()
    else page.admit(guests)
  }

  extend(part: CapturePart, start: (page: PartPage) => Guests): void {
    const page = this.#page
    if (this.#closed || page.parts.has(part)) return
    const started = start({
      decide: (element) => page.mask.decide(element),
      wake: () => this.#waitFor('task'),
      later: (ms, run) => this.#clock.later(ms, run),
      streams: () => page.streams,
      roots: () => page.roots(),
      style: (element, text) =>
        page.mask.attribute(element, 'style', text, page.mask.decide(element), page.assets) ?? '',
    })
    page.parts.set(part, started)
    if (part === 'picture') for (const element of page.pictured) started.enter(element)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#stopVerifying()
    this.#page.close()
  }

  #changed(records: MutationRecord[]): void {
    if (this.#closed) return
    if (records.length === 0) return this.#waitFor('frame')
    this.#page.take(records)
    if (this.#waiting === 'task') return
    const small = [...this.#page.streams].every((stream) => stream.size <= SMALL_CHANGE)
    if (small && this.#clock.now() - this.#lastFlush >= MIN_FLUSH_GAP_MS) this.#flushSlice()
    else this.#waitFor('frame')
  }

  #waitFor(turn: 'frame' | 'task'): void {
    if (this.#closed || this.#waiting === turn || this.#waiting === 'task') return
    this.#waiting = turn
    this.#clock[turn](() => {
      if (this.#waiting !== turn || this.#closed) return
      this.#waiting = 'no'
      this.#guard(() => {
        this.#page.take(this.#page.takeRecords())
        this.#flushSlice()
      })
    })
  }

  #flushSlice(): void {
    let rest = false
    const budget = FLUSH_BUDGET_MS / Math.max(1, this.#page.streams.size)
    for (const stream of this.#page.streams) {
      if (stream.dirty && stream.sink.ready() && !stream.flush(budget)) rest ||= stream.sink.ready()
    }
    this.#lastFlush = this.#clock.now()
    if (rest) this.#waitFor('task')
  }

  #verifyLater(): () => void {
    return this.#clock.later(VERIFY_INTERVAL_MS, () =>
      this.#guard(() => {
        this.#page.sheets.verify()
        this.#page.verifyFields()
        this.#page.verifyMedia()
        if ([...this.#page.streams].some((stream) => stream.dirty)) this.#waitFor('frame')
        this.#stopVerifying = this.#verifyLater()
      }),
    )
  }

  /** Nothing of ours may throw into the page's own calls. */
  #guard(run: () => void): void {
    if (this.#closed) return
    try {
      run()
    } catch (error) {
      this.close()
      this.#onError(error)
    }
  }
}
