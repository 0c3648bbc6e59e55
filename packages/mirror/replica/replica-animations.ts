import { type AssetAddress, safeCss, WireError } from '../wire/index.ts'
import type { Budget } from './bounds.ts'
import { createElement, ownerDocument } from './natives.ts'

interface Told {
  keyframes: [offset: number, easing: string, composite: CompositeOperationOrAuto, style: string][]
  timing: EffectTiming
  /** -1 for without end. */
  iterations: number
  currentTime: number
  playbackRate: number
  runs: boolean
}

const { animate } = Element.prototype
const decoder = new TextDecoder()

/** Plays what script animates on the page. */
export class ReplicaAnimations {
  readonly #playing = new Map<Element, Animation[]>()
  readonly #asset: AssetAddress
  readonly #budget: Budget
  #isCalm = false

  constructor(asset: AssetAddress, budget: Budget) {
    this.#asset = asset
    this.#budget = budget
  }

  /** All animations of an element, in place of those that it had. Those that there is no room for do not play. */
  write(element: Element, bytes: Uint8Array): void {
    this.forget(element)
    const { bounds } = this.#budget
    if (this.#isCalm || !this.#budget.allows(bytes.length <= bounds.value)) return
    const told: unknown = JSON.parse(decoder.decode(bytes))
    if (!Array.isArray(told)) throw new WireError('animations are a list')
    const room = Math.max(0, bounds.animations - this.#budget.animations)
    this.#budget.allows(told.length <= room)
    const playing = told.slice(0, room).map((one: Told) => this.#play(element, one))
    if (playing.length > 0) this.#playing.set(element, playing)
    this.#budget.animations += playing.length
  }

  forget(element: Element): void {
    const playing = this.#playing.get(element) ?? []
    for (const animation of playing) animation.cancel()
    this.#budget.animations -= playing.length
    this.#playing.delete(element)
  }

  /** Ends all, and plays none any more. */
  calm(): void {
    this.#isCalm = true
    for (const element of [...this.#playing.keys()]) this.forget(element)
  }

  #play(element: Element, { keyframes, timing, iterations, currentTime, playbackRate, runs }: Told): Animation {
    const frames = keyframes.map(([offset, easing, composite, style]) => ({
      ...this.#properties(element, style),
      offset,
      easing,
      composite,
    }))
    const { delay, endDelay, iterationStart, duration, direction, fill, easing } = timing
    const animation = animate.call(element, frames, {
      ...{ delay, endDelay, iterationStart, duration, direction, fill, easing },
      iterations: iterations < 0 ? Number.POSITIVE_INFINITY : iterations,
    } as KeyframeAnimationOptions)
    animation.playbackRate = playbackRate
    animation.currentTime = currentTime
    if (!runs) animation.pause()
    return animation
  }

  #properties(element: Element, css: string): Record<string, string> {
    const { style } = createElement(ownerDocument(element)!, 'div') as HTMLElement
    style.cssText = safeCss(css, this.#asset)
    return Object.fromEntries(
      [...style].map((name) => [
        name.startsWith('--')
          ? name
          : name === 'float'
            ? 'cssFloat'
            : name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
        style.getPropertyValue(name),
      ]),
    )
  }
}
