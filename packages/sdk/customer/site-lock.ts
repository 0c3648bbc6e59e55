import { AlongsideError } from '@alongside/protocol'

/** One active session per browser and site: all tabs of an origin see this lock. */
export const LOCK_NAME = 'alongside.session'

/** Takes the site's only place for a session; the returned function gives it back, and so does the end of the page.
 *  Rejects with 1004 when another tab has it, unless `steal`: for a session that moves here from that tab. Without Web
 *  Locks (no https) tabs do not know of each other. */
export function takeSiteLock(steal: boolean): Promise<() => void> {
  if (!globalThis.navigator?.locks) return Promise.resolve(() => {})
  return new Promise((resolve, reject) => {
    const hold = (lock: Lock | null) => {
      if (!lock) return reject(new AlongsideError(1004))
      return new Promise<void>((release) => resolve(release))
    }
    // A sandboxed frame has locks and may not use them. Of a lock that was stolen later nobody waits to hear.
    const options = steal ? { steal } : { ifAvailable: true }
    navigator.locks.request(LOCK_NAME, options, hold).catch(() => resolve(() => {}))
  })
}
