/// <reference path="./inline-worker.d.ts" />
import { afterEach, expect, test } from 'vitest'
import { MovingLayer } from './moving-layer.ts'
import PaintingWorker from './painting-worker.ts?worker&inline'
import type { PointingScene } from './scene.ts'
import type { PlacedMark } from './still-marks.ts'

const layers: MovingLayer[] = []
const frames: HTMLElement[] = []
afterEach(() => {
  for (const layer of layers.splice(0)) layer.close()
  for (const frame of frames.splice(0)) frame.remove()
})

const VIEWPORT = { x: 0, y: 0, width: 320, height: 240 }

function open(startWorker?: () => Worker) {
  const frame = document.body.appendChild(document.createElement('div'))
  Object.assign(frame.style, { position: 'fixed', inset: '0' })
  const layer = new MovingLayer({ carried: frame, fixed: frame, startWorker })
  layers.push(layer)
  frames.push(frame)
  const canvas = () => frame.querySelectorAll('canvas')
  return { layer, canvas }
}

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve))

/** A scene in which all that moves is somewhere, with strokes of so many points. */
function scene(length: number, left = 20): { marks: PlacedMark[]; pointings: PointingScene[] } {
  const wave = Array.from({ length }, (_, index) => [index / length, 0.5 + Math.sin(index / 4) / 3]).flat()
  const tools = ['pen', 'highlighter', 'rectangle', 'arrow'] as const
  const marks = tools.map((tool, index) => ({
    mark: {
      key: `2.${index}`,
      id: index,
      author: 2,
      tool,
      colour: index,
      anchor: undefined,
      points: tool === 'rectangle' || tool === 'arrow' ? [0.1, 0.2, 0.8, 0.9] : [...wave],
      text: '',
      done: false,
      revision: index + 1,
    },
    place: {
      box: { x: left + index * 8, y: 15, width: 200, height: 150 },
      clip: { x: 0, y: 0, width: 210, height: 300 },
    },
  }))
  return { marks, pointings: [{ participant: 3, tool: 'pointer', name: 'Ben', colour: 4, at: { x: 40, y: 180 } }] }
}

/** All pixels that a canvas shows, over the whole viewport. */
function pixelsOf(canvas: HTMLCanvasElement, at: { x: number; y: number }): Uint8ClampedArray {
  const copy = Object.assign(document.createElement('canvas'), { width: VIEWPORT.width, height: VIEWPORT.height })
  const context = copy.getContext('2d')!
  context.drawImage(canvas, at.x, at.y)
  return context.getImageData(0, 0, copy.width, copy.height).data
}

test('ANN-102 a worker paints what the page’s own thread would, point by point and when the page has scrolled', async () => {
  const [away, home] = [open(() => new PaintingWorker()), open()]
  const show = (length: number, viewport = VIEWPORT, left = 20) => {
    for (const { layer } of [away, home]) layer.show({ ...scene(length, left), viewport, ratio: 1 })
  }
  show(10)
  while (!away.layer.isElsewhere || away.canvas().length !== 1) await nextFrame()
  for (let length = 11; length < 90; length += 7) show(length)
  const scrolled = { ...VIEWPORT, y: 12 }
  // Moved as well, so that both paint all of it once more: an edge that is painted piece by piece differs by a shade.
  show(90, scrolled, 25)
  const [there, here] = [away.canvas()[0]!, home.canvas()[0]!]
  const [left, top] = [here.style.left, here.style.top].map((length) => Number.parseFloat(length)) as [number, number]
  const wanted = pixelsOf(here, { x: left, y: top - scrolled.y })
  // In WebKit two or three pixels where lines end are another shade.
  const isSame = (a: Uint8ClampedArray, b: Uint8ClampedArray) =>
    a.reduce((others, value, index) => others + (value === b[index] ? 0 : 1), 0) < 20
  expect(isSame(wanted, new Uint8ClampedArray(wanted.length))).toBe(false)
  while (there.width !== VIEWPORT.width || !isSame(pixelsOf(there, { x: 0, y: 0 }), wanted)) await nextFrame()
  // Nothing moves any more: neither keeps memory for it.
  for (const { layer } of [away, home]) layer.show({ marks: [], pointings: [], viewport: VIEWPORT, ratio: 1 })
  while (there.width !== 1) await nextFrame()
  expect(here.width).toBe(1)
})

test('ANN-104 a worker that breaks leaves what it painted to the page’s own thread', async () => {
  let worker: Worker | undefined
  const { layer, canvas } = open(() => {
    worker = new PaintingWorker()
    return worker
  })
  const show = () => layer.show({ ...scene(30), viewport: VIEWPORT, ratio: 1 })
  show()
  while (!layer.isElsewhere || canvas().length !== 1) await nextFrame()
  // Nothing that it can read.
  worker!.postMessage(undefined)
  while (layer.isElsewhere) await nextFrame()
  expect(canvas().length).toBe(1)
  expect(pixelsOf(canvas()[0]!, { x: 0, y: 0 }).some((value) => value > 0)).toBe(true)
  layer.close()
  expect(canvas().length).toBe(0)
})
