import { RECOVERY_WINDOW_MS } from '@alongside/protocol'

/** What a page keeps of its session for the page that is loaded after it in the same tab. */
export interface Kept {
  sessionId: string
  secret: string
  /** When the page was left, by the clock on the wall. Without it the page is alive, and whoever finds this is a copy
   *  of its tab: browsers copy the storage with it. Or the page crashed. */
  left?: number
}

/** How long a page waits for the one before it to be gone: another process may still be at it. */
const GONE_WITHIN_MS = 1_000

/** Whether the page that kept it is gone. One that had no time to say so has at least given its lock back; the copy of a
 *  living page's tab waits for that in vain. False where the browser cannot say. */
export async function isOrphan({ left }: Kept, lock: string): Promise<boolean> {
  if (left) return true
  try {
    return await navigator.locks.request(lock, { signal: AbortSignal.timeout(GONE_WITHIN_MS) }, () => true)
  } catch {
    return false
  }
}

/** Reads what the last page kept under a key. Undefined where there is nothing of use, or no storage: a browser may
 *  forbid it, above all in another site's frame. */
export function readKept<Keep extends Kept>(key: string): Keep | undefined {
  try {
    return parseKept<Keep>(sessionStorage.getItem(key))
  } catch {
    return undefined
  }
}

/** Keeps it, or with undefined forgets it. */
export function writeKept(key: string, kept: Kept | undefined): void {
  try {
    if (kept) sessionStorage.setItem(key, JSON.stringify(kept))
    else sessionStorage.removeItem(key)
  } catch {
    // No storage: the session ends with the page.
  }
}

export function parseKept<Keep extends Kept>(text: string | null): Keep | undefined {
  const kept: unknown = text && JSON.parse(text)
  return isKept(kept) && !(kept.left && Date.now() - kept.left > RECOVERY_WINDOW_MS) ? (kept as Keep) : undefined
}

function isKept(value: unknown): value is Kept {
  return !!value && typeof (value as Kept).sessionId === 'string' && typeof (value as Kept).secret === 'string'
}
