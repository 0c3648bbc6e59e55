import { PICTURES, TILE_HEAD_BYTES } from '../../wire/index.ts'
import type { Guests } from '../guests.ts'
import type { PartPage, PartStream } from '../parts.ts'
import { type DrawnBy, watchDrawing } from './drawing.ts'
import { PictureStore } from './picture-store.ts'
import { startEncoder, type Tile } from './tile-encoder.ts'

/** Pictures of one element follow each other no faster: ten a second look like a movement. */
const CANVAS_GAP_MS = 100
const VIDEO_GAP_MS = 250

/** A canvas on which nobody was seen drawing may be drawn on by a worker: it is looked at with growing pauses. */
const FIRST_LOOK_MS = 500
const LAST_LOOK_MS = 16_000

/** Side of a tile: small enough that a blinking cursor costs little, large enough that a whole picture is few of them. */
const TILE_PX = 256

/** A larger canvas would take too long to compare. */
const MAX_PIXELS = 16_000_000

/** Wider videos are shown smaller: the picture is for seeing what runs. */
const MAX_VIDEO_PX = 960

interface Target {
  id: number
  element: HTMLCanvasElement | HTMLVideoElement
  visible: boolean
  /** Whether the mask lets it through. */
  open: boolean
  busy: boolean
  /** Something was drawn since the last picture. */
  stale: boolean
  by: DrawnBy | undefined
  takenAt: number
  /** How long until a canvas on which nobody was seen drawing is looked at again. */
  pause: number
  /** What was on a WebGL canvas when its frame ended. */
  held: Promise<ImageBitmap> | undefined
  holding: boolean
  /** Where a video stood when its picture was taken. */
  time: number
  unreadable: boolean
}

/** Takes pictures of what canvases and videos show: only while they are seen and changing, a line takes them and the
 *  mask lets them through. A part of its own, for pages that have one. */
export function start(page: PartPage): Guests {
  return new PictureTaker(page)
}

class PictureTaker implements Guests {
  readonly #page: PartPage
  readonly #store = new PictureStore()
  readonly #targets = new Map<Element, Target>()
  readonly #views = new Map<Window, () => void>()
  readonly #encoder = startEncoder()
  readonly #seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const found = this.#targets.get(target)
      if (found) found.visible = isIntersecting
    }
  })
  #ids = 0
  #stop: () => void = () => undefined
  #closed = false

  constructor(page: PartPage) {
    this.#page = page
    this.#lookLater()
  }

  enter(element: Element): void {
    if (this.#closed || this.#targets.has(element)) return
    this.#targets.set(element, {
      id: ++this.#ids,
      element: element as HTMLCanvasElement,
      visible: false,
      open: true,
      busy: false,
      stale: true,
      by: undefined,
      takenAt: Number.NEGATIVE_INFINITY,
      pause: FIRST_LOOK_MS,
      held: undefined,
      holding: false,
      time: -1,
      unreadable: false,
    })
    this.#seen.observe(element)
    const view: (Window & typeof globalThis) | null = ofDocument('defaultView', element.ownerDocument)
    if (view && !this.#views.has(view))
      this.#views.set(
        view,
        watchDrawing(view, (canvas, by) => this.#drawn(canvas, by)),
      )
  }

  leave(element: Element): void {
    const target = this.#targets.get(element)
    if (target) this.#forget(target)
    this.#targets.delete(element)
    this.#store.drop(element)
    this.#seen.unobserve(element)
  }

  waits(stream: PartStream): boolean {
    return stream.room() > 0 && this.#store.waits(stream)
  }

  *take(stream: PartStream): Iterable<readonly [Element, Uint8Array]> {
    let room = stream.room()
    if (this.#store.waits(stream)) this.#askMask()
    for (const [element, picture] of this.#store.take(stream)) {
      yield [element, picture]
      room -= picture.length
      if (room <= 0) return
    }
  }

  end(stream: PartStream): void {
    this.#store.end(stream)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#stop()
    this.#seen.disconnect()
    for (const restore of this.#views.values()) restore()
    this.#encoder.close()
    this.#targets.clear()
  }

  #drawn(canvas: HTMLCanvasElement, by: DrawnBy | undefined): void {
    const target = this.#targets.get(canvas)
    if (!target) return
    target.by = by ?? target.by
    target.stale = true
    if (by !== 'gl' || target.holding) return
    // What was held is not what is on it any more.
    if (!target.visible) return drop(target)
    target.holding = true
    // The pixels are there until the browser shows this frame, and this comes when the page's own task is done.
    queueMicrotask(() => {
      target.holding = false
      drop(target)
      target.held = createImageBitmap(canvas)
      target.held.catch(() => undefined)
    })
  }

  #lookLater(): void {
    this.#stop = this.#page.later(CANVAS_GAP_MS, () => {
      if (this.#closed) return
      this.#askMask()
      if (this.#isWanted()) this.#look()
      this.#lookLater()
    })
  }

  /** Empties what has come to be masked. Once it is open again it is shown whole, and nothing of before. */
  #askMask(): void {
    for (const target of this.#targets.values()) {
      const open = this.#page.decide(target.element) === 0
      if (open === target.open) continue
      target.open = open
      target.stale = true
      target.takenAt = Number.NEGATIVE_INFINITY
      if (open) continue
      this.#forget(target)
      if (this.#store.clear(target.element)) this.#page.wake()
    }
  }

  /** Whether each line takes pictures and has none waiting: what is not taken now is newer later. */
  #isWanted(): boolean {
    for (const stream of this.#page.streams()) if (stream.room() <= 0 || this.#store.waits(stream)) return false
    return true
  }

  #look(): void {
    const now = performance.now()
    for (const target of this.#targets.values()) {
      // In a hidden tab nothing is seen to be visible; what was drawn there before is shown once.
      const isShown = ofDocument('hidden', document) ? target.takenAt === Number.NEGATIVE_INFINITY : target.visible
      if (!isShown || !target.open || target.busy || !isDue(target, now)) continue
      target.takenAt = now
      void this.#picture(target)
    }
  }

  #forget(target: Target): void {
    drop(target)
    this.#encoder.forget(target.id)
  }

  async #picture(target: Target): Promise<void> {
    const { element, held } = target
    target.busy = true
    target.stale = false
    target.held = undefined
    try {
      const bitmap = await (held ?? bitmapOf(target))
      if (this.#targets.get(element) !== target) bitmap?.close()
      else if (bitmap) this.#keep(target, await this.#encoder.encode(target.id, bitmap, isVideo(element) ? 0 : TILE_PX))
    } catch {
      if (this.#encoder.failed()) target.stale = true
      else this.#refuse(target)
    } finally {
      target.busy = false
    }
  }

  #keep(target: Target, { tiles, empty }: { tiles: Tile[]; empty: boolean }): void {
    if (this.#targets.get(target.element) !== target || !target.open) return
    target.pause = tiles.length > 0 ? FIRST_LOOK_MS : Math.min(LAST_LOOK_MS, target.pause * 2)
    // Of a WebGL canvas there is nothing to read between two frames.
    if (tiles.length === 0 || (empty && target.by !== '2d')) return
    target.unreadable = false
    for (const { x, y, bytes } of tiles) this.#store.put(target.element, `${x} ${y}`, packTile(x, y, bytes))
    this.#page.wake()
  }

  /** What the browser lets nobody read: content of another origin, protected films. */
  #refuse(target: Target): void {
    target.pause = LAST_LOOK_MS
    if (target.unreadable || this.#targets.get(target.element) !== target || !target.open) return
    target.unreadable = true
    this.#store.clear(target.element)
    this.#store.put(target.element, '', Uint8Array.of(PICTURES.unreadable))
    this.#page.wake()
  }
}

function isVideo(element: Element): element is HTMLVideoElement {
  return 'currentTime' in element
}

function isDue(target: Target, now: number): boolean {
  const age = now - target.takenAt
  const { element } = target
  if (isVideo(element)) return element.readyState >= 2 && element.currentTime !== target.time && age >= VIDEO_GAP_MS
  return target.stale ? age >= CANVAS_GAP_MS : !target.by && age >= target.pause
}

async function bitmapOf(target: Target): Promise<ImageBitmap | undefined> {
  const { element } = target
  if (isVideo(element)) {
    if (element.mediaKeys) throw new Error('a protected film')
    target.time = element.currentTime
    return createImageBitmap(element, element.videoWidth > MAX_VIDEO_PX ? { resizeWidth: MAX_VIDEO_PX } : {})
  }
  const pixels = element.width * element.height
  if (pixels > MAX_PIXELS) throw new Error('a canvas that is too large')
  return pixels > 0 ? createImageBitmap(element) : undefined
}

/** Lets go of what is held of a WebGL canvas. */
function drop(target: Target): void {
  target.held?.then(
    (bitmap) => bitmap.close(),
    () => undefined,
  )
  target.held = undefined
}

function packTile(x: number, y: number, bytes: Uint8Array): Uint8Array {
  const packed = new Uint8Array(TILE_HEAD_BYTES + bytes.length)
  const head = new DataView(packed.buffer)
  head.setUint8(0, PICTURES.tile)
  head.setUint16(1, x)
  head.setUint16(3, y)
  packed.set(bytes, TILE_HEAD_BYTES)
  return packed
}

/** `<form name="hidden">` lays itself over the document's own. */
const ofDocument = (name: 'hidden' | 'defaultView', document: Document) =>
  Reflect.get(Document.prototype, name, document) as never
