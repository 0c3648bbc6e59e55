import type { GuestStream, Guests } from '../guests.ts'
import type { PartPage } from '../parts.ts'

// Elements named like a property of the document or form that they are in lay themselves over it.
const own = (node: Node, name: string) => Reflect.get(Object.getPrototypeOf(node), name, node)
const viewOf = (document: Document): (Window & typeof globalThis) | null => own(document, 'defaultView')
const animationsOf = (node: Node): Animation[] => own(node, 'getAnimations').call(node)

/** Functions of an animation after which it goes on otherwise. */
const STEERING = ['play', 'pause', 'cancel', 'finish', 'reverse', 'updatePlaybackRate', 'persist']
const STEERED = ['currentTime', 'startTime', 'playbackRate', 'effect']

/** So many animated elements, and those that are gone among them are looked for. */
const MANY = 256

const encoder = new TextEncoder()

/** Tells of the animations that script has started: their keyframes and where they stand, once, so that the copy plays
 *  them by itself. Those of style sheets the copy starts by its sheets. A part of its own, for pages that have any. */
export function start(page: PartPage): Guests {
  return new AnimationTeller(page)
}

class AnimationTeller implements Guests {
  readonly #page: PartPage
  readonly #animated = new Set<Element>()
  /** What each stream is still to be told. */
  readonly #lacking = new Map<GuestStream, Set<Element>>()
  readonly #views = new Map<Window, () => void>()
  #sweepAt = MANY

  constructor(page: PartPage) {
    this.#page = page
    for (const root of page.roots()) this.#enter(root)
  }

  enter(element: Element): void {
    this.#changed(element)
  }

  leave(): void {
    // What is gone is known to no stream, and its element takes its animations along.
  }

  waits(stream: GuestStream): boolean {
    for (const element of this.#of(stream)) if (stream.knows(element)) return true
    return false
  }

  *take(stream: GuestStream): Iterable<readonly [Element, Uint8Array]> {
    const lacking = this.#of(stream)
    for (const element of lacking) {
      if (!stream.knows(element)) continue
      lacking.delete(element)
      yield [element, this.#tell(element)]
    }
  }

  end(stream: GuestStream): void {
    this.#lacking.delete(stream)
  }

  close(): void {
    for (const restore of this.#views.values()) restore()
    this.#views.clear()
  }

  #of(stream: GuestStream): Set<Element> {
    const lacking = this.#lacking.get(stream) ?? new Set(this.#animated)
    this.#lacking.set(stream, lacking)
    return lacking
  }

  #enter(root: Document | ShadowRoot): void {
    for (const animation of animationsOf(root)) if (isScripted(animation)) this.#changed(targetOf(animation))
    if (own(root, 'ownerDocument') === null) this.#watchOnce(viewOf(root as Document))
  }

  #changed(element: Element | null): void {
    if (!element) return
    this.#animated.add(element)
    for (const lacking of this.#lacking.values()) lacking.add(element)
    if (this.#animated.size > this.#sweepAt) this.#sweep()
    this.#watchOnce(viewOf(own(element, 'ownerDocument')))
    this.#page.wake()
  }

  #watchOnce(view: (Window & typeof globalThis) | null): void {
    if (view && !this.#views.has(view)) this.#views.set(view, this.#watch(view))
  }

  /** Pages that animate what they add and remove would never let go of it. */
  #sweep(): void {
    for (const element of this.#animated) {
      if (own(element, 'isConnected') || animationsOf(element).length > 0) continue
      this.#animated.delete(element)
      for (const lacking of this.#lacking.values()) lacking.delete(element)
    }
    this.#sweepAt = Math.max(MANY, 2 * this.#animated.size)
  }

  #tell(element: Element): Uint8Array {
    const animations = animationsOf(element).filter(
      (animation) => isScripted(animation) && targetOf(animation) === element,
    )
    if (animations.length === 0) this.#animated.delete(element)
    return encoder.encode(JSON.stringify(animations.flatMap((animation) => this.#describe(element, animation))))
  }

  #describe(element: Element, { effect, currentTime, playbackRate, playState }: Animation): object[] {
    if (!(effect && 'getKeyframes' in effect) || typeof currentTime !== 'number') return []
    const { delay, endDelay, iterationStart, iterations, duration, direction, fill, easing } =
      effect.getComputedTiming()
    const keyframes = (effect as KeyframeEffect)
      .getKeyframes()
      .map(({ computedOffset, easing, composite, offset: _, ...style }) => [
        computedOffset,
        easing,
        composite,
        this.#page.style(element, declarations(style)),
      ])
    const isEndless = iterations === Number.POSITIVE_INFINITY
    const timing = { delay, endDelay, iterationStart, duration, direction, fill, easing }
    return [
      {
        keyframes,
        timing,
        iterations: isEndless ? -1 : iterations,
        currentTime,
        playbackRate,
        runs: playState === 'running',
      },
    ]
  }

  /** Returns the undo. */
  #watch(view: Window & typeof globalThis): () => void {
    const undo: (() => void)[] = []
    const wrap = (owner: object, name: string, key: 'value' | 'set', target: (self: never) => Element | null) => {
      const before = Object.getOwnPropertyDescriptor(owner, name)
      const original = before?.[key] as ((...args: unknown[]) => unknown) | undefined
      if (!before?.configurable || !original) return
      const report = (self: never) => this.#changed(target(self))
      const patched = {
        [name](this: never, ...args: unknown[]) {
          const result = original.apply(this, args)
          report(this)
          return result
        },
      }[name]
      Object.defineProperty(owner, name, { ...before, [key]: patched })
      undo.push(() => {
        if (Object.getOwnPropertyDescriptor(owner, name)?.[key] === patched) Object.defineProperty(owner, name, before)
      })
    }
    const { prototype } = view.Animation
    const ofAnimation = (animation: Animation) => (isScripted(animation) ? targetOf(animation) : null)
    for (const name of STEERING) wrap(prototype, name, 'value', ofAnimation as (self: never) => Element | null)
    for (const name of STEERED) wrap(prototype, name, 'set', ofAnimation as (self: never) => Element | null)
    for (const name of ['setKeyframes', 'updateTiming'])
      wrap(view.KeyframeEffect.prototype, name, 'value', (effect: KeyframeEffect) => effect.target)
    return () => {
      for (const restore of undo.reverse()) restore()
    }
  }
}

/** Whether script made it and no style sheet. */
function isScripted(animation: Animation): boolean {
  return !('animationName' in animation || 'transitionProperty' in animation)
}

/** The element that is animated itself, not one of its pseudo-elements. */
function targetOf({ effect }: Animation): Element | null {
  const { target = null, pseudoElement = null } = (effect ?? {}) as Partial<KeyframeEffect>
  return pseudoElement === null ? target : null
}

function declarations(style: Record<string, unknown>): string {
  return Object.entries(style)
    .map(
      ([name, value]) =>
        `${name
          .replace(/^css(Float|Offset)$/, (_, rest: string) => rest)
          .replace(/[A-Z]/g, '-$&')
          .toLowerCase()
          .replace(/^-(float|offset)$/, '$1')}:${value}`,
    )
    .join(';')
}
