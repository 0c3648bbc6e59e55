import type { IncomingHttpHeaders } from 'node:http'
import { AlongsideError } from '@alongside/protocol'
import type { Key } from '../key.ts'

/** Longer than any: a host's name has 253 characters. */
const MAX_ORIGIN = 300

/** Whether a text is an origin as browsers write it: the host in lower case and punycode, no port that goes without
 *  saying, nothing behind. */
export function isOrigin(text: string): boolean {
  return text.length <= MAX_ORIGIN && URL.canParse(text) && new URL(text).origin === text
}

/** The `Origin` of a request. Undefined for one that no browser sends: it is on nobody's list, and would be read by
 *  whoever is told of the session. */
export function readOrigin({ origin }: IncomingHttpHeaders): string | undefined {
  return origin !== undefined && (origin === 'null' || isOrigin(origin)) ? origin : undefined
}

/** Throws 1109 for a page that is not on the key's list. */
export function checkOrigin(key: Key, origin: string | undefined): void {
  if (key.allowedOrigins && !(origin !== undefined && key.allowedOrigins.includes(origin))) {
    throw new AlongsideError(1109)
  }
}
