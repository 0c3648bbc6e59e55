import type { Load, Modules } from './part.ts'

const CHUNKS: { [Name in keyof Modules]: () => Promise<Modules[Name]> } = {
  core: () => import('./core.ts'),
  presence: () => import('./presence/presence.ts'),
  annotation: () => import('./annotation/annotation.ts'),
  assist: () => import('./assist/assist.ts'),
  guests: () => import('./guests/guest-host.ts'),
}

/** Loads from the package itself: the bundler of the page makes files of their own of these. */
export const loadChunk: Load = (name) => CHUNKS[name]()
