import { type Key, makeKey } from './key.ts'

/** The SDK key of development mode. */
export const DEVELOPMENT_KEY = 'dev'

/** A key that works on this machine. Its secret never leaves the process, except into the server's own database. */
export function createDevelopmentKey(secret: Uint8Array): Key {
  return makeKey(DEVELOPMENT_KEY, secret)
}
