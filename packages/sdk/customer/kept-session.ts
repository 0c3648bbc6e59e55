import type { KeySettings } from '@alongside/protocol'
import { isOrphan, type Kept, parseKept, readKept, writeKept } from '../connection/kept.ts'
import { readHandOff } from './hand-off.ts'
import type { CustomerSettings } from './settings.ts'
import { LOCK_NAME } from './site-lock.ts'

/** A customer's session as the page keeps it: what the server does not know, and what it wants to hear. */
export interface KeptSession extends Kept {
  /** The server that knows it. */
  origin: string
  /** What the tab that has it calls itself. */
  tab: string
  startTime: number
  skew: number
  paused: boolean
  met: boolean
  settings: KeySettings
  /** The participants to whom the customer said yes. Nobody else gets a stream, whatever the server says. */
  agents: number[]
}

/** Under what a tab keeps its session in its own storage. */
export const KEEP_AS = 'alongside.customer'

/** The name of the cookie that carries the session to other tabs, if the page wants that. */
export function cookieOf({ multiTabSessionPersistence: { enable, stateCookieKey } = {} }: CustomerSettings) {
  return enable ? stateCookieKey || '$$ZCB_SESSION$$' : undefined
}

/** In base64, which the contract wants; it takes no other characters than those of an address. */
export function encodeCookie(kept: KeptSession): string {
  return btoa(encodeURIComponent(JSON.stringify(kept)))
}

/** The session in the cookie: the newest state of it, whichever tab wrote it. */
export function readCookie(name: string): KeptSession | undefined {
  try {
    const entry = (Reflect.get(Document.prototype, 'cookie', document) as string)
      .split('; ')
      .find((one) => one.startsWith(`${name}=`))
    return parseKept(entry ? decodeURIComponent(atob(entry.slice(name.length + 1))) : null)
  } catch {
    return undefined
  }
}

/** Whether this page could take it up. Other scripts, older versions and sub-domains write to the same places. */
export function isUsable(kept: KeptSession | undefined, origin: string): kept is KeptSession {
  return kept?.origin === origin && Array.isArray(kept.agents) && !!kept.settings?.features
}

/** The session that this page can take up, if there is one; `handedOver` is what another site said of it. */
export async function findKept(
  settings: CustomerSettings,
  origin: string,
  handedOver: string | undefined,
): Promise<KeptSession | undefined> {
  const handed = readHandOff(handedOver, settings)
  if (handed) writeKept(KEEP_AS, handed)
  const cookie = cookieOf(settings)
  const own = readKept<KeptSession>(KEEP_AS)
  const kept = (!handed && cookie && readCookie(cookie)) || own
  if (!isUsable(kept, origin)) return undefined
  return kept !== own || (await isOrphan(kept, LOCK_NAME)) ? kept : undefined
}
