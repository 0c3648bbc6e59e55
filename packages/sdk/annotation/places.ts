import {
  assignedSlot,
  bodyOf,
  boundingBox,
  hostOf,
  isConnected,
  isShadowRoot,
  isShown,
  metrics,
  ownerDocument,
  parentElement,
  rootElement,
  rootOf,
  styleOf,
  windowOf,
} from './natives.ts'
import { type Box, intersect, type Point } from './stroke.ts'

/** Where an element is in its page's viewport. */
export interface Place {
  box: Box
  /** What of the page can show it: inside of all boxes that scroll, and of the frames around it. Undefined where nothing
   *  but the viewport cuts it off. */
  clip: Box | undefined
}

/** A document in the coordinates of the outermost one. */
interface Ground extends Point {
  scaleX: number
  scaleY: number
  clip: Box | undefined
}

/** Which ancestors clip an element is looked up anew after this time: it takes the styles of all of them. */
const CLIPS_AGE_MS = 500

/** No scroll bar is wider: a page that is zoomed counts its width in other pixels. */
const MAX_BAR_PX = 24

/** Answers where elements are, each at most once a frame: reading a layout is what following costs. */
export class Places {
  readonly #outermost: () => Document | undefined
  readonly #places = new Map<Element, Place | undefined>()
  readonly #grounds = new Map<Document, Ground | undefined>()
  readonly #clips = new WeakMap<Element, { elements: Element[]; at: number }>()

  /** `outermost` is the document whose viewport all places are in; frames in it may be of its own origin only. */
  constructor(outermost: () => Document | undefined) {
    this.#outermost = outermost
  }

  /** A new frame: things may have moved. */
  forget(): void {
    this.#places.clear()
    this.#grounds.clear()
  }

  /** Undefined for an element that is not shown, not even out of view. */
  of(element: Element): Place | undefined {
    if (this.#places.has(element)) return this.#places.get(element)
    const place = this.#measure(element)
    this.#places.set(element, place)
    return place
  }

  /** What the outermost document shows, beside its scroll bar. */
  viewport(): Box {
    const document = this.#outermost()
    const { innerWidth = 0, innerHeight = 0 } = (document && windowOf(document)) ?? {}
    // A copy that begins anew has no root for a moment.
    const root = document && rootElement(document)
    const bar = root ? innerWidth - metrics.clientWidth(root) : 0
    return { x: 0, y: 0, width: innerWidth - (bar > 0 && bar <= MAX_BAR_PX ? bar : 0), height: innerHeight }
  }

  /** A place of the outermost viewport in the viewport of a frame's document. */
  into(document: Document, { x, y }: Point): Point | undefined {
    const ground = this.#groundOf(document)
    return ground && { x: (x - ground.x) / ground.scaleX, y: (y - ground.y) / ground.scaleY }
  }

  #measure(element: Element): Place | undefined {
    if (!isConnected(element) || !isShown(element)) return undefined
    const ground = this.#groundOf(ownerDocument(element))
    if (!ground) return undefined
    const box = raise(boundingBox(element), ground)
    if (!box.width || !box.height) return undefined
    let { clip } = ground
    for (const ancestor of this.#clipsOf(element))
      clip = within(clip, raise(innerBox(ancestor, boundingBox(ancestor)), ground))
    return { box, clip }
  }

  #groundOf(document: Document): Ground | undefined {
    if (!this.#grounds.has(document)) this.#grounds.set(document, this.#findGround(document))
    return this.#grounds.get(document)
  }

  #findGround(document: Document): Ground | undefined {
    const view = windowOf(document)
    if (!view) return undefined
    if (document === this.#outermost()) return { x: 0, y: 0, scaleX: 1, scaleY: 1, clip: undefined }
    const frame = view.frameElement
    const place = frame && this.of(frame)
    if (!place) return undefined
    const { paddingLeft, paddingTop, paddingRight, paddingBottom } = styleOf(frame)
    const outer = innerBox(frame, place.box)
    const [left, top] = [px(paddingLeft) * outer.scaleX, px(paddingTop) * outer.scaleY]
    const [x, y] = [outer.x + left, outer.y + top]
    const width = outer.width - left - px(paddingRight) * outer.scaleX
    const inner = { x, y, width, height: outer.height - top - px(paddingBottom) * outer.scaleY }
    const { scaleX, scaleY } = outer
    return { x, y, scaleX, scaleY, clip: within(place.clip, inner) }
  }

  #clipsOf(element: Element): Element[] {
    const known = this.#clips.get(element)
    const now = performance.now()
    if (known && now - known.at < CLIPS_AGE_MS) return known.elements
    const elements = findClips(element)
    this.#clips.set(element, { elements, at: now })
    return elements
  }
}

/** The element around another one, out of shadow roots too. */
export function parentOf(element: Element): Element | null {
  const parent = assignedSlot(element) ?? parentElement(element)
  if (parent) return parent
  const root = rootOf(element)
  return isShadowRoot(root) ? hostOf(root) : null
}

/** The boxes that hide what overflows them, as far as the element's position lets them. */
function findClips(element: Element): Element[] {
  const found: Element[] = []
  const document = ownerDocument(element)
  const ends = new Set<Element | null>([bodyOf(document), rootElement(document)])
  let { position } = styleOf(element)
  for (let at = parentOf(element); at && !ends.has(at); at = parentOf(at)) {
    const style = styleOf(at)
    const holds = style.transform !== 'none' || style.contain.includes('paint')
    if (position === 'fixed' && !holds) continue
    if (position === 'absolute' && style.position === 'static' && !holds) continue
    if (style.overflowX !== 'visible' || style.overflowY !== 'visible') found.push(at)
    position = style.position
  }
  return found
}

/** An element without its borders and scroll bars, where `outer` is its border box, and what it is scaled by. */
function innerBox(element: Element, { x, y, width, height }: Box): Box & { scaleX: number; scaleY: number } {
  const { offsetWidth, offsetHeight } = element as HTMLElement
  // What is no HTML has no such size, and a form may hide it by a field's name.
  const scaleX = offsetWidth > 0 ? width / offsetWidth : 1
  const scaleY = offsetHeight > 0 ? height / offsetHeight : 1
  return {
    x: x + metrics.clientLeft(element) * scaleX,
    y: y + metrics.clientTop(element) * scaleY,
    width: metrics.clientWidth(element) * scaleX,
    height: metrics.clientHeight(element) * scaleY,
    scaleX,
    scaleY,
  }
}

function px(length: string): number {
  return Number.parseFloat(length) || 0
}

function raise({ x, y, width, height }: Box, ground: Ground): Box {
  const { scaleX, scaleY } = ground
  return { x: ground.x + x * scaleX, y: ground.y + y * scaleY, width: width * scaleX, height: height * scaleY }
}

function within(clip: Box | undefined, box: Box): Box {
  return clip ? intersect(clip, box) : box
}
