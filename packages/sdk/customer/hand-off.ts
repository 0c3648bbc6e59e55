import { parseKept } from '../connection/kept.ts'
import type { KeptSession } from './kept-session.ts'
import type { CustomerSettings } from './settings.ts'

/** Takes what another site handed over out of this page's address, where nothing else should find it. */
export function takeHandOff(): string | undefined {
  const [part, text] = /[#&]alongside=(.*)$/.exec(globalThis.location?.hash ?? '') ?? []
  if (part) history.replaceState(history.state, '', location.href.slice(0, -part.length))
  return text
}

/** The session that was handed over. Undefined unless the browser says that the page before was of a site that this one
 *  trusts: anybody else could bring the customer into a session of their own, and name those who may look. */
export function readHandOff(text: string | undefined, { trustedOrigins }: CustomerSettings): KeptSession | undefined {
  try {
    if (!text || !trustedOrigins?.includes(new URL(document.referrer).origin)) return undefined
    return parseKept(decodeURIComponent(text))
  } catch {
    return undefined
  }
}
