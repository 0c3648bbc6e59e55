import { start } from '../capture/pictures/pictures.ts'
import { createPair, type Pair, type PairOptions } from './pair.ts'

/** A page whose canvases are looked at with each frame of the display. */
export async function createPicturePair(body: string, options: PairOptions = {}): Promise<Pair> {
  const pair = await createPair({
    html: `<!DOCTYPE html><html><head></head><body style="margin:0">${body}</body></html>`,
    ...options,
  })
  pair.capture.extend('picture', (page) =>
    start({
      ...page,
      later(_ms, run) {
        const frame = requestAnimationFrame(run)
        return () => cancelAnimationFrame(frame)
      },
    }),
  )
  return pair
}

/** Flushes with each frame until it holds. */
export async function until(pair: Pair, holds: () => boolean): Promise<void> {
  for (;;) {
    pair.flush()
    if (holds()) return
    await new Promise(requestAnimationFrame)
  }
}

export function colourAt(canvas: HTMLCanvasElement, x: number, y: number): number[] {
  const reading = document.createElement('canvas')
  reading.width = canvas.width
  reading.height = canvas.height
  const context = reading.getContext('2d')!
  context.drawImage(canvas, 0, 0)
  return [...context.getImageData(x, y, 1, 1).data]
}

export function isNear(canvas: HTMLCanvasElement, x: number, y: number, wanted: number[]): boolean {
  const found = colourAt(canvas, x, y)
  return wanted.every((value, i) => Math.abs(value - found[i]!) < 12)
}

export const copied = (pair: Pair, selector = 'canvas') => pair.copy.querySelector<HTMLCanvasElement>(selector)!
