import { createReplica, type Replica } from '@alongside/mirror/replica'
import { cleanText, FLAG_DEFLATED, type FrameHeader } from '@alongside/protocol'
import { inflate } from '../connection/compression.ts'
import { CopyWatch } from './copy-watch.ts'
import { Slice } from './slice.ts'
import type { Stage } from './stage.ts'

/** Largest frame after inflation: a bomb of zeros must not fill the desk's memory. */
const MAX_INFLATED_BYTES = 64 * 1024 * 1024

/** Frames that came and are not applied yet, together: somebody who sends faster than that means harm. */
const MAX_WAITING_BYTES = 128 * 1024 * 1024

/** How long one look at what drawing the copy costs may take, beyond what is new, and the time between two of them. */
const SURVEY_MS = 2
const SURVEY_PAUSE_MS = 40

/** The same of one that nobody sees yet: all of it is looked at, piece by piece. */
const LOOK_MS = 12

/** How a copy shows less than the page: `large`, there is more of the page than it holds; `plain`, without what is slow to
 *  draw; `hidden`, not at all. */
export type Reduction = 'large' | 'plain' | 'hidden'

/** Copies in a row that may break before they have held for `HELD_FRAMES`. */
const MAX_BROKEN = 4

/** A copy that took so many frames is a sound one: what breaks it later is counted anew. */
const HELD_FRAMES = 100

/** Characters of a page's title: more than any desk shows. */
const MAX_TITLE = 300

const TITLE = Object.getOwnPropertyDescriptor(Document.prototype, 'title')!.get as (this: Document) => string

export interface ViewOptions {
  stage: Stage
  frameUrl: string
  /** Where the server keeps the picture or font of a key for this agent. */
  assetUrl(key: string): string
  ack(sequence: number): void
  /** Asks for a new stream. */
  restart(): void
  /** A new copy is on its way: what is on the screen until it shows something has other numbers. */
  onBegin(): void
  onViewport(size: { width: number; height: number }): void
  /** The first picture is there. */
  onReady(): void
  /** Another copy is on the screen. */
  onShown(): void
  /** The title of the page as the copy has it: a masked one is masked. */
  onTitle(title: string): void
  /** The copy shows less than the page from now on, until another page comes. */
  onReduced(reduction: Reduction): void
  /** A copy that was hidden is shown again, or another in its place. */
  onRestored(): void
  /** The copy cannot be made, however often it begins anew. */
  onBroken(): void
}

/** White, because that is what a page without a background of its own is drawn on. */
const HIDDEN = { position: 'absolute', inset: '0 auto auto 0', background: '#fff', opacity: '0' }

/** A stream being applied to its own replica. */
interface Run {
  replica: Promise<Replica>
  /** All frames so far, in order. */
  applied: Promise<void>
  next: number
  /** Bytes that came and are not applied yet. */
  waiting: number
}

/** The customer's page as the frames tell it: one replica for each stream, the last one stays on screen until the next
 *  one shows something. */
export class View {
  readonly #options: ViewOptions
  /** Undefined until a stream begins, and from a fault until the next one does: frames in between are of no use. */
  #run: Run | undefined
  /** The copy before is made, or given up: they are made one by one, however many streams begin. */
  #made: Promise<void> = Promise.resolve()
  #shown: Replica | undefined
  /** The copy that the stream makes: the one on the screen, or the next. */
  #newest: Replica | undefined
  #broken = 0
  #isReady = false
  #isHidden = false
  #title: string | undefined
  #surveying: ReturnType<typeof setTimeout> | undefined
  #surveyed = 0
  readonly #watch = new CopyWatch({ onSlow: (reduction) => this.#reduce(reduction) })

  constructor(options: ViewOptions) {
    this.#options = options
  }

  /** The copy that is on the screen. */
  get replica(): Replica | undefined {
    return this.#shown
  }

  receive({ flags, sequence }: FrameHeader, payload: Uint8Array<ArrayBuffer>): void {
    if (sequence === 1) this.#begin()
    const run = this.#run
    if (!run) return
    if (sequence !== run.next) return this.#fault(run)
    run.next = sequence + 1
    run.waiting += payload.length
    if (run.waiting > MAX_WAITING_BYTES) return this.#fault(run)
    run.applied = run.applied
      .then(async () => {
        if (this.#run !== run) return
        // One at a time: what waits is bounded as it came, and all of it inflated could be a thousand times as much.
        const bytes = flags & FLAG_DEFLATED ? await inflate(payload, MAX_INFLATED_BYTES) : payload
        return this.#apply(run, sequence, await run.replica, bytes)
      })
      .then(() => {
        run.waiting -= payload.length
      })
      .catch(() => this.#fault(run))
  }

  /** Waits for a new stream and asks for it. What is shown stays. */
  restart(): void {
    this.#drop()
    this.#options.restart()
  }

  /** Has a hidden copy made again, with all that it was drawn without, out of sight until it is known to be another. */
  showAgain(): void {
    if (this.#isHidden) this.restart()
  }

  /** May be called twice. */
  close(): void {
    this.#drop()
    this.#watch.close()
    this.#shown?.close()
    this.#shown = undefined
    this.#newest = undefined
    this.#options.stage.clear()
    // Nothing happens where the address is not one of ours.
    URL.revokeObjectURL(this.#options.frameUrl)
  }

  #begin(): void {
    this.#drop()
    this.#options.onBegin()
    const replica = this.#made.then(() => this.#make(run))
    const run: Run = { replica, applied: Promise.resolve(), next: 1, waiting: 0 }
    this.#run = run
    this.#watch.start()
    this.#newest = undefined
    // Out of sight until it shows something.
    this.#made = replica.then(
      (made) => {
        Object.assign(made.element.style, HIDDEN)
        if (this.#run === run) this.#newest = made
      },
      () => {},
    )
  }

  /** Rejects when another stream has begun meanwhile: its copy is the one to be made. */
  #make(run: Run): Promise<Replica> {
    if (this.#run !== run) return Promise.reject(new Error('another stream has begun'))
    return createReplica(this.#options.stage.element, {
      frameUrl: this.#options.frameUrl,
      assetUrl: this.#options.assetUrl,
      onPartial: () => this.#run === run && this.#options.onReduced('large'),
      onViewport: (size) => {
        if (this.#run !== run) return
        this.#options.stage.setSize(size)
        this.#options.onViewport(size)
      },
    })
  }

  async #apply(run: Run, sequence: number, replica: Replica, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#run !== run) return
    const wasHidden = this.#isHidden
    const layOut = () => {
      const took = replica.layOut()
      this.#watch.took(took)
      this.#survey(replica)
      return took
    }
    await replica.applyInSlices(bytes, slicer(layOut))
    if (this.#run !== run) return
    const isNew = this.#shown !== replica
    if (isNew) {
      layOut()
      await this.#lookAtAll(replica)
      if (this.#run !== run) return
      this.#show(replica)
    }
    layOut()
    // Another title is another page, where a page never loads another.
    if (this.#readTitle(replica) && !isNew && wasHidden && this.#watch.mayTry()) this.showAgain()
    if (sequence === HELD_FRAMES) this.#broken = 0
    this.#options.ack(sequence)
  }

  /** Sees what drawing the copy costs before the browser draws it. */
  #survey(replica: Replica): void {
    clearTimeout(this.#surveying)
    const now = performance.now()
    const isDue = now - this.#surveyed >= SURVEY_PAUSE_MS
    if (isDue) this.#surveyed = now
    let look = replica.lookAtDrawing(isDue ? SURVEY_MS : 0)
    while (this.#watch.draws(look.cost)) look = replica.lookAtDrawing(Number.POSITIVE_INFINITY)
    if (!look.isDone) this.#surveying = setTimeout(() => this.#survey(replica), SURVEY_PAUSE_MS)
  }

  /** Sees what drawing all of the copy costs, before any of it is drawn. What came first did so before its rules. */
  async #lookAtAll(replica: Replica): Promise<void> {
    for (;;) {
      const { cost, isDone } = replica.lookAtDrawing(LOOK_MS)
      if (!this.#watch.draws(cost) && isDone) return
      if (!isDone) await new Promise((resolve) => setTimeout(resolve))
    }
  }

  #show(replica: Replica): void {
    this.#shown?.close()
    this.#shown = replica
    replica.element.style.opacity = ''
    // One that took too long to lay out was hidden before it was shown.
    const wasHidden = this.#isHidden
    this.#isHidden = replica.element.style.display === 'none'
    this.#options.stage.layer.hidden = this.#isHidden
    this.#options.onShown()
    if (wasHidden && !this.#isHidden) this.#options.onRestored()
    if (this.#isReady) return
    this.#isReady = true
    this.#options.onReady()
  }

  #reduce(reduction: 'plain' | 'hidden'): void {
    if (reduction === 'hidden') this.#setHidden(true)
    else for (const replica of this.#copies()) replica.calm()
    this.#options.onReduced(reduction)
  }

  /** What is not displayed is neither laid out nor drawn. */
  #setHidden(isHidden: boolean): void {
    this.#isHidden = isHidden
    for (const { element } of this.#copies()) element.style.display = isHidden ? 'none' : ''
    this.#options.stage.layer.hidden = isHidden
  }

  #copies(): Set<Replica> {
    return new Set([this.#shown, this.#newest].filter((replica) => replica !== undefined))
  }

  /** Whether it is another than before. */
  #readTitle({ element }: Replica): boolean {
    // A hostile page's elements may hide the document's own property by their names.
    const said = String(element.contentDocument && TITLE.call(element.contentDocument))
    const title = cleanText(said.slice(0, MAX_TITLE))
    if (title === this.#title) return false
    this.#title = title
    this.#options.onTitle(title)
    return true
  }

  #fault(run: Run): void {
    if (this.#run !== run) return
    if (++this.#broken > MAX_BROKEN) {
      this.#drop()
      this.#options.onBroken()
    } else this.restart()
  }

  /** Forgets the stream; its replica goes unless it is what is on screen. */
  #drop(): void {
    clearTimeout(this.#surveying)
    const run = this.#run
    this.#run = undefined
    run?.replica.then(
      (replica) => replica !== this.#shown && replica.close(),
      () => {},
    )
  }
}

/** Answers a pause when a slice is over: as long as it takes until what the agent did meanwhile has been answered.
 *  `layOut` has the browser do what follows from the slice, and tells how long that took. */
function slicer(layOut: () => number): (rules: number) => Promise<void> | undefined {
  const slice = new Slice()
  let since = performance.now()
  return (rules) => {
    slice.step(rules)
    if (!slice.isOver(performance.now() - since)) return undefined
    slice.tookLayout(layOut())
    return new Promise((resolve) =>
      setTimeout(() => {
        since = performance.now()
        resolve()
      }),
    )
  }
}
