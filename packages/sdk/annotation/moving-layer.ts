import { bitmapOf } from './canvas.ts'
import { makeHtml } from './make-element.ts'
import { Painter } from './painter.ts'
import type { FromPaintingWorker, ToPaintingWorker } from './painting-worker.ts'
import type { LiveScene, PointingScene, Scene } from './scene.ts'
import type { PlacedMark } from './still-marks.ts'
import type { Box } from './stroke.ts'

export interface MovingLayerOptions {
  /** What drifts with the page. */
  carried: HTMLElement
  /** What covers the viewport. */
  fixed: HTMLElement
  /** Starts a `painting-worker.ts`; left out to paint on this thread only. */
  startWorker: (() => Worker) | undefined
}

/** What moves, as it is now. */
interface Shown {
  marks: readonly PlacedMark[]
  pointings: PointingScene[]
  viewport: Box
  ratio: number
}

/** What is being drawn, and who points where. It is painted on this thread until a worker can: then all that this thread does
 *  is to say what is new, and what the worker paints goes to the screen past the page. A page's security policy may refuse
 *  workers, and older browsers give no canvas away: there it stays. */
export class MovingLayer {
  readonly #options: MovingLayerOptions
  #here: { canvas: HTMLCanvasElement; painter: Painter } | undefined
  #worker: Worker | undefined
  /** The canvas that is the worker's. */
  #there: HTMLCanvasElement | undefined
  #canStart: boolean
  #shown: Shown | undefined
  /** What is painted already of each mark. */
  readonly #told = new Map<string, { revision: number; length: number }>()
  #last = ''
  #size = ''

  constructor(options: MovingLayerOptions) {
    this.#options = options
    this.#canStart = 'transferControlToOffscreen' in HTMLCanvasElement.prototype
  }

  /** Whether it is painted elsewhere, at another moment than the rest of the page. */
  get isElsewhere(): boolean {
    return this.#there !== undefined
  }

  show(shown: Shown): void {
    if (!this.#shown && !shown.marks.length && !shown.pointings.length) return
    const isFirst = !this.#shown
    this.#shown = shown
    if (isFirst) this.#begin()
    else this.#tell()
  }

  /** May be called twice, and be followed by `show`. */
  close(): void {
    this.#endWorker()
    this.#endHere()
    this.#shown = undefined
  }

  #begin(): void {
    this.#paintHere()
    const { startWorker } = this.#options
    if (!startWorker || !this.#canStart) return
    try {
      this.#listen(startWorker())
    } catch {
      // A page's policy on scripts may throw.
      this.#canStart = false
    }
  }

  #listen(worker: Worker): void {
    this.#worker = worker
    worker.addEventListener('message', ({ data }: MessageEvent<FromPaintingWorker>) => {
      if (worker !== this.#worker) return
      if (data === 'ready') this.#handOver(worker)
      // Its first picture is on the screen with the next frame.
      else requestAnimationFrame(() => worker === this.#worker && this.#endHere())
    })
    worker.addEventListener('error', (event) => {
      event.preventDefault()
      // Refused, and once more would be refused again.
      this.#canStart = false
      if (worker !== this.#worker) return
      const isPainting = this.isElsewhere
      this.#endWorker()
      if (isPainting) this.#paintHere()
    })
  }

  #handOver(worker: Worker): void {
    const element = makeHtml('canvas')
    let canvas: OffscreenCanvas
    try {
      canvas = element.transferControlToOffscreen()
    } catch {
      // The page has taken every canvas for itself.
      this.#canStart = false
      this.#endWorker()
      return
    }
    this.#here?.painter.close()
    this.#there = element
    this.#options.fixed.append(element)
    const scene = this.#tellAll()
    worker.postMessage({ canvas, scene } satisfies ToPaintingWorker, [canvas])
  }

  #paintHere(): void {
    this.#endHere()
    const canvas = makeHtml('canvas')
    this.#options.carried.append(canvas)
    this.#here = { canvas, painter: new Painter(canvas) }
    this.#here.painter.show(this.#tellAll())
  }

  /** The whole scene, for a painter that knows nothing yet. */
  #tellAll(): Scene {
    this.#told.clear()
    const scene = this.#describe(this.#shown!)
    this.#last = wordsOf(scene)
    return scene
  }

  #tell(): void {
    const scene = this.#describe(this.#shown!)
    const words = wordsOf(scene)
    if (words === this.#last && !scene.marks.some(({ points }) => points.length)) return
    this.#last = words
    if (this.#there) this.#worker?.postMessage({ scene } satisfies ToPaintingWorker)
    else this.#here?.painter.show(scene)
  }

  #describe({ marks, pointings, viewport, ratio }: Shown): Scene {
    const known = new Map(this.#told)
    this.#told.clear()
    const live: LiveScene[] = []
    for (const { mark, place } of marks) {
      if (!place) continue
      const { key, tool, colour, revision, points } = mark
      const told = known.get(key)
      const from = told?.revision === revision ? told.length : 0
      this.#told.set(key, { revision, length: points.length })
      live.push({ key, tool, colour, revision, ...place, points: points.slice(from) })
    }
    this.#layOver(viewport, ratio)
    return { viewport, ratio, marks: live, pointings }
  }

  /** Has the worker's canvas cover the viewport, pixel for pixel. */
  #layOver(viewport: Box, ratio: number): void {
    if (!this.#there) return
    const { width, height, scale } = bitmapOf(viewport, ratio)
    const size = `${width / scale}px ${height / scale}px`
    if (size === this.#size) return
    this.#size = size
    Object.assign(this.#there.style, { display: 'block', width: `${width / scale}px`, height: `${height / scale}px` })
  }

  #endWorker(): void {
    this.#worker?.terminate()
    this.#worker = undefined
    this.#there?.remove()
    this.#there = undefined
    this.#size = ''
  }

  #endHere(): void {
    this.#here?.painter.close()
    this.#here?.canvas.remove()
    this.#here = undefined
  }
}

/** Of a scene, what is another one when anything but the length of a stroke is. */
function wordsOf(scene: Scene): string {
  return JSON.stringify({ ...scene, marks: scene.marks.map((mark) => ({ ...mark, points: undefined })) })
}
