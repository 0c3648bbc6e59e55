import type { ParticipantId } from '@alongside/protocol'
import { MovingCanvas } from './canvas.ts'
import { LiveMark } from './live-mark.ts'
import { PointingShape } from './pointing.ts'
import type { LiveScene, Scene } from './scene.ts'
import { type Box, enclose } from './stroke.ts'

/** Paints what moves on a canvas: on the page's own thread, or on another one. */
export class Painter {
  readonly #canvas: MovingCanvas
  readonly #live = new Map<string, LiveMark>()
  readonly #pointings = new Map<ParticipantId, PointingShape>()
  #frame: number | undefined

  constructor(canvas: HTMLCanvasElement | OffscreenCanvas) {
    this.#canvas = new MovingCanvas(canvas)
  }

  show(scene: Scene): void {
    this.#paint(scene, this.#updateLive(scene.marks))
  }

  close(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#frame = undefined
  }

  /** `gone` is what was covered by marks that are no longer there. */
  #paint(scene: Scene, gone?: Box): void {
    this.close()
    const pointings = this.#updatePointings(scene)
    const things = [...this.#live.values(), ...pointings.seen]
    this.#canvas.paint(things, enclose(gone, pointings.gone), scene.viewport, scene.ratio)
    if (pointings.seen.some(({ isGlowing }) => isGlowing)) this.#frame = requestAnimationFrame(() => this.#paint(scene))
  }

  #updateLive(marks: readonly LiveScene[]): Box | undefined {
    let gone: Box | undefined
    const keys = new Set(marks.map(({ key }) => key))
    for (const [key, mark] of this.#live) {
      if (keys.has(key)) continue
      gone = enclose(gone, mark.bounds)
      this.#live.delete(key)
    }
    for (const mark of marks) {
      const shape = this.#live.get(mark.key) ?? new LiveMark()
      this.#live.set(mark.key, shape)
      shape.update(mark)
    }
    return gone
  }

  /** Those that are to be seen, and what was covered by the others. */
  #updatePointings({ pointings }: Scene) {
    const scenes = new Map(pointings.map((one) => [one.participant, one]))
    for (const participant of scenes.keys())
      if (!this.#pointings.has(participant)) this.#pointings.set(participant, new PointingShape())
    let gone: Box | undefined
    const seen: PointingShape[] = []
    for (const [participant, shape] of this.#pointings) {
      const one = scenes.get(participant)
      if (shape.update(one)) seen.push(shape)
      else {
        gone = enclose(gone, shape.takeChanged())
        if (!one) this.#pointings.delete(participant)
      }
    }
    return { seen, gone }
  }
}
