import type { ActionResult } from '@alongside/protocol'
import type { PartContext } from '../part.ts'

/** Later: the result must leave before the page does. */
function afterwards(run: () => void): void {
  setTimeout(run)
}

export function go(to: 'back' | 'forward' | 'reload'): ActionResult {
  afterwards(() => {
    if (to === 'reload') location.reload()
    else history[to]()
  })
  return 'done'
}

/** Goes to an address of this site, or of a trusted one, which the session is handed to. */
export function open(address: string, { settings, handOff }: PartContext): ActionResult {
  const url = URL.canParse(address, location.href) ? new URL(address, location.href) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) return 'blocked'
  if (url.origin === location.origin) afterwards(() => location.assign(url))
  else if (settings.trustedOrigins?.includes(url.origin))
    // What goes wrong is told by `session_error`, and the page stays.
    handOff(url.href).then(
      (handed) => location.assign(handed.url),
      () => {},
    )
  else return 'blocked'
  return 'done'
}
