import { AlongsideError } from '@alongside/protocol'
import type { CustomerSettings } from './settings.ts'

/** Throws 1103 for an address that is not of a site that the page trusts. */
export function readTrusted(url: string, { trustedOrigins }: CustomerSettings): URL {
  const to = URL.canParse(url, location.href) && new URL(url, location.href)
  if (to && trustedOrigins?.includes(to.origin)) return to
  throw new AlongsideError(1103, 'This site is not in trustedOrigins. Add its origin there.', {
    setting: 'trustedOrigins',
  })
}

/** The address with which the page of another site takes the session up. It says what the server does not know: to whom
 *  the customer said yes. A fragment is sent to no server. */
export function writeHandOff(to: URL, kept: object): string {
  to.hash += `${to.hash && '&'}alongside=${encodeURIComponent(JSON.stringify(kept))}`
  return to.href
}
