import { AlongsideError } from '@alongside/protocol'
import type { Key } from '../key.ts'

/** Throws 1109 for a page that is not on the key's list. */
export function checkOrigin(key: Key, origin: string | undefined): void {
  if (key.allowedOrigins && !(origin !== undefined && key.allowedOrigins.includes(origin))) {
    throw new AlongsideError(1109)
  }
}
