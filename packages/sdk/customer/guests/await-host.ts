import type { CustomerSettings } from '../settings.ts'
import type { ServeGuest } from './guest.ts'

/** The part that captures a framed page, and the server's word whether pages of the origin that asks may have it. */
export interface GuestPart {
  serve: ServeGuest
  allowed: boolean
}

/** In a framed page: loads the rest when it is asked, and does nothing else. `given` gets what the framed page itself was
 *  set to, `read` checks it. */
export function awaitHost<Given>(
  load: (name: string) => Promise<GuestPart>,
  given: () => Given,
  read: (given: Given) => CustomerSettings,
): void {
  let again = ''
  if (parent === window) return
  addEventListener('message', (event) => {
    if (event.data?.alongside !== 'guest') return
    load(`guest?for=${encodeURIComponent(event.origin)}${again}`).then(
      ({ serve, allowed }) => serve(event, allowed, given, read),
      () => {
        // The page around asks again, and browsers remember an address that failed.
        again += '&'
      },
    )
  })
}
