import type { Load, Modules } from './part.ts'

const CHUNKS: { [Name in keyof Modules]: () => Promise<Modules[Name]> } = {
  core: () => import('./core.ts'),
  animation: () => import('@alongside/mirror/capture/animations'),
  picture: () => import('@alongside/mirror/capture/pictures'),
  quiet: () => import('@alongside/mirror/capture/quiet'),
  presence: () => import('./presence/presence.ts'),
  errors: () => import('@alongside/protocol'),
  'leave-site': () => import('./leave-site.ts'),
  annotation: () => import('./annotation/annotation.ts'),
  assist: () => import('./assist/assist.ts'),
  guests: () => import('./guests/guest-host.ts'),
  preview: () => import('./preview/preview.ts'),
  'texts-de': () => import('./panel/texts-de.ts'),
  'texts-fr': () => import('./panel/texts-fr.ts'),
  'texts-es': () => import('./panel/texts-es.ts'),
  'texts-pt': () => import('./panel/texts-pt.ts'),
  'texts-it': () => import('./panel/texts-it.ts'),
  'texts-nl': () => import('./panel/texts-nl.ts'),
  'texts-pl': () => import('./panel/texts-pl.ts'),
  'texts-ja': () => import('./panel/texts-ja.ts'),
  'texts-ar': () => import('./panel/texts-ar.ts'),
}

/** Loads from the package itself: the bundler of the page makes files of their own of these. */
export const loadChunk: Load = (name) => CHUNKS[name]()
