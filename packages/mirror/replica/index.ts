import { BOUNDS, type Bounds, Budget } from './bounds.ts'
import { DrawingSurvey } from './drawing-survey.ts'
import { type Box, boxesOf, findMasked } from './masked.ts'
import { boundingBox, documentElement } from './natives.ts'
import { type Anchor, pick } from './pick.ts'
import { ReplicaDocument } from './replica-document.ts'

export { WireError } from '../wire/index.ts'
export type { Box } from './masked.ts'
export type { Anchor } from './pick.ts'

export interface ReplicaOptions {
  /** Address of the inert frame document (`/replica` of the server), same origin as the page that calls. */
  frameUrl: string
  /** The address at which an asset store serves a key. Without it the copy shows no pictures but those in the page. */
  assetUrl?(key: string): string | undefined
  /** The customer's viewport, in CSS pixels, whenever it changes. */
  onViewport?(size: { width: number; height: number }): void
  /** How much is shown of a page, where it is not what is good for most. */
  bounds?: Partial<Bounds>
  /** There is more of the page than the copy shows. Called once. */
  onPartial?(): void
}

/** A copy of a customer's page in a sandboxed frame without scripts. */
export interface Replica {
  /** The frame, to be placed and scaled by the caller; its size follows the customer's viewport. */
  readonly element: HTMLIFrameElement
  /** Applies one frame. Throws `WireError` on any other base or malformed bytes; the replica is unusable then. */
  apply(frame: Uint8Array): void
  /** The same in slices, with `pause` between them: it answers a promise when it is time for one, and is told how many
   *  rules may be asked about what the step before made. One frame at a time. */
  applyInSlices(frame: Uint8Array, pause: (rules: number) => Promise<void> | undefined): Promise<void>
  /** Lets the browser lay the copy out now and answers how long that took, in ms. */
  layOut(): number
  /** Looks at what drawing the copy costs, once it is laid out: at what is new, and for so many ms at the rest. Answers the
   *  cost in ms of a slow computer, as far as it is known, and whether all was looked at. */
  lookAtDrawing(limit: number): { cost: number; isDone: boolean }
  /** Leaves out of the copy what is costly to draw: animations, filters, shadows. */
  calm(): void
  /** The node of the copy that the customer's page knows by this number. */
  nodeOf(number: number): Node | undefined
  numberOf(node: Node): number | undefined
  /** What is at a place of the copy, in CSS pixels of the customer's viewport. Undefined outside of it. */
  pick(x: number, y: number): Anchor | undefined
  /** Whether boxes and pages stand where the customer has them; they do from the start. */
  follow(following: boolean): void
  /** Scrolls what is at a place of the copy, which must not follow. */
  scrollAt(place: { x: number; y: number }, by: { x: number; y: number }): void
  /** What was masked: texts, pictures, and fields with their values. */
  findMasked(): Node[]
  /** Where a node of the copy is drawn, in CSS pixels of the customer's viewport. */
  boxesOf(node: Node): Box[]
  close(): void
}

/** Puts an empty replica into `parent` and resolves when its frame takes content. Rejects when the frame's document is
 *  not of the caller's origin, or is not the inert one. */
export async function createReplica(parent: HTMLElement, options: ReplicaOptions): Promise<Replica> {
  const element = document.createElement('iframe')
  element.setAttribute('sandbox', 'allow-same-origin')
  element.setAttribute('referrerpolicy', 'no-referrer')
  element.title = 'The page that the customer shares'
  element.inert = true
  element.style.border = '0'
  const loaded = new Promise((resolve) => element.addEventListener('load', resolve, { once: true }))
  element.src = options.frameUrl
  parent.append(element)
  await loaded
  const inner = element.contentDocument
  if (!inner) {
    element.remove()
    throw new Error('the replica frame cannot be reached: it must be of the same origin as this page')
  }
  const budget = new Budget({ ...BOUNDS, ...options.bounds }, () => options.onPartial?.())
  const setSize = (size: { width: number; height: number }) => {
    element.style.width = `${size.width}px`
    element.style.height = `${size.height}px`
    options.onViewport?.(size)
  }
  const survey = new DrawingSurvey(() => copy.nodes())
  const assetUrl = options.assetUrl ?? (() => undefined)
  const copy: ReplicaDocument = new ReplicaDocument(element, inner, assetUrl, setSize, budget, survey)
  return {
    element,
    apply(frame) {
      for (const _ of copy.apply(frame));
    },
    async applyInSlices(frame, pause) {
      for (const _ of copy.apply(frame)) {
        const paused = pause(budget.rules)
        if (!paused) continue
        await paused
        if (!element.isConnected) return
      }
    },
    layOut() {
      const since = performance.now()
      copy.settle()
      survey.changed()
      const root = documentElement(inner)
      if (root) boundingBox(root)
      return performance.now() - since
    },
    lookAtDrawing(limit) {
      const cost = survey.look(limit)
      return { cost, isDone: survey.isDone }
    },
    calm() {
      copy.calm()
      survey.restart()
    },
    nodeOf: (number) => copy.nodeOf(number),
    numberOf: (node) => copy.numberOf(node),
    pick: (x, y) => pick(element, copy, x, y),
    follow: (following) => copy.follow(following),
    scrollAt({ x, y }, by) {
      const node = copy.nodeOf(pick(element, copy, x, y)?.node ?? 0)
      if (node) copy.scrollAround(node, by)
    },
    findMasked: () => findMasked(inner),
    boxesOf: (node) => boxesOf(node, inner),
    close() {
      copy.close()
      element.remove()
    },
  }
}
