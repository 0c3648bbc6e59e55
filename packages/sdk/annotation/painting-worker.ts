// Runs in a worker: paints what moves without keeping the page's thread.
import { Painter } from './painter.ts'
import type { Scene } from './scene.ts'

/** What the page's thread says: once the canvas with its first scene, and then a scene whenever one is another. */
export type ToPaintingWorker = { canvas?: OffscreenCanvas; scene: Scene }

/** `ready` to take a canvas; its first scene is `painted`. */
export type FromPaintingWorker = 'ready' | 'painted'

const say = (message: FromPaintingWorker) => postMessage(message)
let painter: Painter | undefined

addEventListener('message', ({ data: { canvas, scene } }: MessageEvent<ToPaintingWorker>) => {
  if (canvas) painter = new Painter(canvas)
  painter?.show(scene)
  if (canvas) say('painted')
})
// Without frames of its own, as in older browsers, no laser's trail would fade.
if ('requestAnimationFrame' in globalThis && new OffscreenCanvas(1, 1).getContext('2d')) say('ready')
