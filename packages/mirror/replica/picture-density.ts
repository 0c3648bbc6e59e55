import { getAttribute, removeAttribute, setAttribute } from './natives.ts'

/** Shows an image as wide as the customer's browser takes it to be, where the stream says so behind its key: what was
 *  chosen by `srcset` for a finer screen has more pixels than CSS pixels. */
export function showDensity(image: Element): void {
  removeAttribute(image, 'srcset')
  if (widthOf(image)) image.addEventListener('load', onLoad)
}

function onLoad({ currentTarget }: Event): void {
  const image = currentTarget as HTMLImageElement
  const width = widthOf(image)
  if (!width || !image.naturalWidth || getAttribute(image, 'srcset') !== null) return
  setAttribute(image, 'sizes', `${width}px`)
  setAttribute(image, 'srcset', `${getAttribute(image, 'src')} ${image.naturalWidth}w`)
}

function widthOf(image: Element): number {
  return Number(/#(\d+)$/.exec(getAttribute(image, 'src') ?? '')?.[1] ?? 0)
}
