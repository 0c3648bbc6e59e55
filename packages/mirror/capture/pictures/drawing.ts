const DRAWING_2D = 'clearRect fillRect strokeRect fill stroke fillText strokeText drawImage putImageData reset'
const DRAWING_GL =
  'clear drawArrays drawElements drawArraysInstanced drawElementsInstanced drawRangeElements blitFramebuffer'
const DRAWING_BITMAP = 'transferFromImageBitmap'

/** How a canvas is drawn on: `gl` loses its pixels when the frame is over. */
export type DrawnBy = '2d' | 'gl'

type Method = (this: { canvas: HTMLCanvasElement }, ...args: unknown[]) => unknown

/** Tells of every drawing on the canvases of a window, and when one is emptied by its size. Returns the undo. */
export function watchDrawing(
  view: Window & typeof globalThis,
  drawn: (canvas: HTMLCanvasElement, by: DrawnBy | undefined) => void,
): () => void {
  const undo: (() => void)[] = []

  function wrap(prototype: object | undefined, names: string, by: DrawnBy): void {
    for (const name of names.split(' ')) {
      const before = prototype && Object.getOwnPropertyDescriptor(prototype, name)
      const original = before?.value as Method | undefined
      if (!prototype || !before?.configurable || typeof original !== 'function') continue
      const patched = {
        [name](this: { canvas: HTMLCanvasElement }, ...args: unknown[]) {
          const result = original.apply(this, args)
          if (active) drawn(this.canvas, by)
          return result
        },
      }[name]
      Object.defineProperty(prototype, name, { ...before, value: patched })
      undo.push(() => {
        if (Object.getOwnPropertyDescriptor(prototype, name)?.value === patched)
          Object.defineProperty(prototype, name, before)
      })
    }
  }

  for (const name of ['width', 'height'] as const) {
    const prototype = view.HTMLCanvasElement.prototype
    const before = Object.getOwnPropertyDescriptor(prototype, name)
    const set = before?.set
    if (!before?.configurable || !set) continue
    const patched = {
      set [name](value: number) {
        set.call(this, value)
        if (active) drawn(this as unknown as HTMLCanvasElement, undefined)
      },
    }
    const after = { ...before, set: Object.getOwnPropertyDescriptor(patched, name)!.set! }
    Object.defineProperty(prototype, name, after)
    undo.push(() => {
      if (Object.getOwnPropertyDescriptor(prototype, name)?.set === after.set)
        Object.defineProperty(prototype, name, before)
    })
  }

  let active = true
  wrap(view.CanvasRenderingContext2D?.prototype, DRAWING_2D, '2d')
  wrap(view.ImageBitmapRenderingContext?.prototype, DRAWING_BITMAP, '2d')
  wrap(view.WebGLRenderingContext?.prototype, DRAWING_GL, 'gl')
  wrap(view.WebGL2RenderingContext?.prototype, DRAWING_GL, 'gl')
  return () => {
    active = false
    for (const restore of undo.reverse()) restore()
  }
}
