import { type AssetAddress, safeCss, WireError } from '../wire/index.ts'
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
  readonly #playing = new WeakMap<Element, Animation[]>()
  readonly #asset: AssetAddress

  constructor(asset: AssetAddress) {
    this.#asset = asset
  }

  /** All animations of an element, in place of those that it had. */
  write(element: Element, bytes: Uint8Array): void {
    for (const animation of this.#playing.get(element) ?? []) animation.cancel()
    const told: unknown = JSON.parse(decoder.decode(bytes))
    if (!Array.isArray(told)) throw new WireError('animations are a list')
    this.#playing.set(
      element,
      told.map((one: Told) => this.#play(element, one)),
    )
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
