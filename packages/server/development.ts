import { randomBytes } from 'node:crypto'
import type { SdkKey } from './config.ts'

/** The SDK key of development mode. */
export const DEVELOPMENT_KEY = 'dev'

/** A key that works on this machine until the server stops: its secret is drawn at each start and never leaves the
 *  process. */
export function createDevelopmentKey(): SdkKey {
  return { sdkKey: DEVELOPMENT_KEY, secret: randomBytes(32) }
}
