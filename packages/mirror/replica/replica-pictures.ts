import { PICTURES, TILE_HEAD_BYTES, WireError } from '../wire/index.ts'
import type { Budget } from './bounds.ts'
import { defaultView, ownerDocument, setAttribute } from './natives.ts'

/** Pictures that browsers read without running anything; by their first bytes. */
const FORMATS: readonly (readonly [type: string, bytes: readonly number[]])[] = [
  ['image/webp', [0x52, 0x49, 0x46, 0x46]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
]

/** Distance between the lines of what stands for a picture that nobody can read. */
const HATCH_PX = 12

const { getContext, toBlob } = HTMLCanvasElement.prototype

/** Draws the pictures of canvases and videos into the elements that stand for them in the copy. */
export class ReplicaPictures {
  /** Pictures of one element are decoded side by side and drawn in turn. */
  readonly #turns = new WeakMap<Element, Promise<void>>()
  /** Addresses of what is shown. */
  readonly #posters = new WeakMap<Element, string>()
  /** How many pixels each canvas that was drawn on has. */
  readonly #pixels = new Map<Element, number>()
  readonly #budget: Budget

  constructor(budget: Budget) {
    this.#budget = budget
  }

  /** Shows a picture. Throws for one that is none. */
  write(element: Element, picture: Uint8Array): void {
    const [kind] = picture
    if (kind === undefined || kind > PICTURES.unreadable) throw new WireError(`picture ${kind} is not known`)
    if (kind !== PICTURES.tile) return this.#queue(element, () => this.#stand(element, kind))
    if (picture.length <= TILE_HEAD_BYTES) throw new WireError('a tile without a picture')
    const head = new DataView(picture.buffer, picture.byteOffset)
    const [x, y] = [head.getUint16(1), head.getUint16(3)]
    const bytes = new Uint8Array(picture.subarray(TILE_HEAD_BYTES))
    const [type] = FORMATS.find(([, start]) => start.every((byte, i) => bytes[i] === byte)) ?? []
    if (!type) throw new WireError('a tile of an unknown format')
    const { tileSide } = this.#budget.bounds
    const [width, height] = sizeOf(bytes, type)
    if (!this.#budget.allows(width <= tileSide && height <= tileSide)) return
    const blob = new Blob([bytes], { type })
    if (isVideo(element)) return this.#queue(element, () => this.#setPoster(element, URL.createObjectURL(blob)))
    const decoding = createImageBitmap(blob)
    decoding.catch(() => undefined)
    this.#queue(element, async () => {
      const bitmap = await decoding
      const context = this.#contextOf(element)
      context?.clearRect(x, y, bitmap.width, bitmap.height)
      context?.drawImage(bitmap, x, y)
      bitmap.close()
      await this.#present(element)
    })
  }

  /** An element is gone. */
  forget(element: Element): void {
    this.#budget.pixels -= this.#pixels.get(element) ?? 0
    this.#pixels.delete(element)
    this.#keep(element, '')
  }

  /** What to draw on. Undefined for what is no canvas, or one that is too large: its memory is taken with the first
   *  stroke. */
  #contextOf(element: Element): CanvasRenderingContext2D | undefined {
    const canvas = canvasOf(element)
    if (!canvas) return undefined
    const pixels = canvas.width * canvas.height
    const others = this.#budget.pixels - (this.#pixels.get(element) ?? 0)
    const { bounds } = this.#budget
    if (!this.#budget.allows(pixels <= bounds.canvasPixels && others + pixels <= bounds.pixels)) return undefined
    this.#pixels.set(element, pixels)
    this.#budget.pixels = others + pixels
    return (getContext.call(canvas, '2d') as CanvasRenderingContext2D | null) ?? undefined
  }

  /** Resolves when all that was written so far is drawn. */
  drawn(element: Element): Promise<void> {
    return this.#turns.get(element) ?? Promise.resolve()
  }

  /** The style of an element was written anew: what shows its picture stands in there. */
  showAgain(element: Element): void {
    const address = this.#posters.get(element)
    if (address && !isVideo(element)) show(element, address)
  }

  #queue(element: Element, run: () => Promise<void> | void): void {
    // A picture that cannot be decoded leaves the one before it.
    const turn = this.drawn(element)
      .then(run)
      .catch(() => undefined)
    this.#turns.set(element, turn)
  }

  async #stand(element: Element, kind: number): Promise<void> {
    if (isVideo(element)) return this.#setPoster(element, kind === PICTURES.clear ? '' : hatchedAddress())
    const canvas = element as HTMLCanvasElement
    const context = this.#contextOf(element)
    context?.clearRect(0, 0, canvas.width, canvas.height)
    if (context && kind === PICTURES.unreadable) hatch(context, canvas.width, canvas.height)
    await this.#present(element)
  }

  /** A document without scripts shows no canvas, only what stands in it. An image in its place it does show. */
  async #present(element: Element): Promise<void> {
    if (!this.#contextOf(element)) return
    const blob = await new Promise<Blob | null>((resolve) => toBlob.call(element as HTMLCanvasElement, resolve))
    if (!blob) return
    const address = URL.createObjectURL(blob)
    await decodeAhead(address)
    show(element, address)
    this.#keep(element, address)
  }

  #keep(element: Element, address: string): void {
    const before = this.#posters.get(element)
    this.#posters.set(element, address)
    if (before?.startsWith('blob:')) URL.revokeObjectURL(before)
  }

  async #setPoster(element: Element, address: string): Promise<void> {
    if (address) await decodeAhead(address)
    setAttribute(element, 'poster', address)
    this.#keep(element, address)
  }
}

function show(element: Element, address: string): void {
  ;(element as HTMLElement).style.setProperty('content', `url("${address}")`, 'important')
}

/** Decoded before it is shown: the one before it stays until then. */
async function decodeAhead(address: string): Promise<void> {
  const ahead = new Image()
  ahead.src = address
  await ahead.decode()
}

function isVideo(element: Element): boolean {
  const view = defaultView(ownerDocument(element)!)
  return view !== null && element instanceof view.HTMLVideoElement
}

function canvasOf(element: Element): HTMLCanvasElement | undefined {
  const view = defaultView(ownerDocument(element)!)
  return view && element instanceof view.HTMLCanvasElement ? element : undefined
}

/** Width and height of a picture as its head says, before anything is decoded: a file of a kilobyte may hold a gigabyte.
 *  PNG specification 11.2.1, WebP container specification and RFC 6386, 9.1. */
function sizeOf(bytes: Uint8Array, type: string): [number, number] {
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const chunk = String.fromCharCode(...bytes.subarray(12, 16))
  if (bytes.length < (chunk === 'VP8L' ? 25 : 30)) return [Number.POSITIVE_INFINITY, 0]
  if (type === 'image/png') return [head.getUint32(16), head.getUint32(20)]
  if (chunk === 'VP8X') return [1 + (head.getUint32(24, true) & 0xffffff), 1 + (head.getUint32(26, true) >>> 8)]
  if (chunk === 'VP8L') {
    const bits = head.getUint32(21, true)
    return [1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff)]
  }
  return [head.getUint16(26, true) & 0x3fff, head.getUint16(28, true) & 0x3fff]
}

/** Says without words that there is something which cannot be shown. */
function hatch(context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D, width: number, height: number) {
  context.fillStyle = '#e6e6e6'
  context.fillRect(0, 0, width, height)
  context.strokeStyle = '#b0b0b0'
  context.beginPath()
  for (let x = -height; x < width; x += HATCH_PX) {
    context.moveTo(x, height)
    context.lineTo(x + height, 0)
  }
  context.stroke()
}

function hatchedAddress(): string {
  const canvas = document.createElement('canvas')
  canvas.width = 320
  canvas.height = 180
  hatch(canvas.getContext('2d')!, canvas.width, canvas.height)
  return canvas.toDataURL('image/png')
}
