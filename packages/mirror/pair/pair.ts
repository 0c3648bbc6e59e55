import {
  type AssetKey,
  type Capture,
  type Clock,
  compileMask,
  type MaskRules,
  type Stream,
  startCapture,
} from '../capture/index.ts'
import * as quiet from '../capture/quiet-css.ts'
import { createReplica, type Replica } from '../replica/index.ts'
import { canonical } from './canonical.ts'

/** A clock that stands still but for a step at each look, so that a budget is spent by work and not by time. */
export class StepClock implements Clock {
  readonly #waiting: (() => void)[] = []
  readonly #step: number
  #later: () => void = () => undefined
  #now = 0

  constructor(step = 0) {
    this.#step = step
  }

  now(): number {
    this.#now += this.#step
    return this.#now
  }

  frame(run: () => void): void {
    this.#waiting.push(run)
  }

  task(run: () => void): void {
    this.#waiting.push(run)
  }

  later(_ms: number, run: () => void): () => void {
    this.#later = run
    return () => undefined
  }

  /** Runs what was to come later. */
  pass(): void {
    this.#later()
  }

  /** Runs what waits longest. Returns whether there was anything. */
  turn(): boolean {
    const run = this.#waiting.shift()
    run?.()
    return run !== undefined
  }
}

/** A page and its copy, joined in memory and flushed by hand. */
export interface Pair {
  readonly page: Document
  readonly copy: Document
  readonly replica: Replica
  readonly capture: Capture
  readonly clock: StepClock
  /** Every frame so far. */
  readonly frames: Uint8Array[]
  readonly errors: unknown[]
  /** Whether the line takes frames. */
  open: boolean
  /** Sends all that has changed. */
  flush(): void
  /** The page's and the copy's canonical forms after a flush. */
  forms(): { page: string; copy: string }
  /** A further replica of the same page. */
  join(): Promise<{ copy: Document; form(): string }>
  close(): void
}

export interface PairOptions {
  html?: string
  mask?: MaskRules
  /** Milliseconds that pass at each look at the clock: the larger, the smaller the slices. */
  step?: number
  excluded?: ReadonlySet<Node>
  asset?: AssetKey
}

export async function createPair(options: PairOptions = {}): Promise<Pair> {
  const frame = document.createElement('iframe')
  frame.style.cssText = 'width:800px;height:600px;border:0'
  document.body.append(frame)
  const page = frame.contentDocument!
  page.open()
  page.write(options.html ?? '<!DOCTYPE html><html><head><title>t</title></head><body></body></html>')
  // What was written may have a form of that name.
  Document.prototype.close.call(page)
  const replicas: Replica[] = []
  const errors: unknown[] = []
  const frames: Uint8Array[] = []
  const clock = new StepClock(options.step)
  const capture = startCapture(page, {
    mask: compileMask([options.mask ?? { maskType: 'custom_input' }], quiet),
    clock,
    onError: (error) => errors.push(error),
    ...(options.excluded ? { excluded: options.excluded } : {}),
    ...(options.asset ? { asset: options.asset } : {}),
  })
  const pair = { open: true }
  const streams: Stream[] = []
  const join = async (record?: Uint8Array[]) => {
    const replica = await createReplica(document.body, { frameUrl: '/replica', assetUrl: (key) => `/assets/${key}` })
    replicas.push(replica)
    streams.push(
      capture.open({
        ready: () => pair.open,
        send(bytes) {
          record?.push(bytes)
          replica.apply(bytes)
        },
      }),
    )
    return replica
  }
  const replica = await join(frames)
  const copy = replica.element.contentDocument!
  const flush = () => {
    capture.flush()
    if (errors.length > 0) throw errors[0]
  }
  return Object.assign(pair, {
    page,
    copy,
    replica,
    capture,
    clock,
    frames,
    errors,
    flush,
    forms() {
      flush()
      return { page: canonical(page), copy: canonical(copy) }
    },
    async join() {
      const other = (await join()).element.contentDocument!
      return { copy: other, form: () => canonical(other) }
    },
    close() {
      for (const stream of streams) stream.close()
      capture.close()
      for (const replica of replicas) replica.close()
      frame.remove()
    },
  })
}
