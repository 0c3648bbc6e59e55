import type { CustomerSettings } from '../settings.ts'
import type { GuestOffer } from './port-messages.ts'

/** The part that captures a framed page. Without `serve` the server says that the page around may not have it. */
export interface GuestPart {
  serve?(port: MessagePort, offer: GuestOffer, own: CustomerSettings): (final: boolean) => void
}

/** In a framed page: waits to be asked by a page around it, and does nothing else. `readOwn` reads what the framed page
 *  itself was set to, and throws when that is not valid. `load` loads the part by the end of its address. Returns a
 *  function that ends what is being served, because the settings have changed; the page around asks again. */
export function awaitHost(readOwn: () => CustomerSettings, load: (query: string) => Promise<GuestPart>): () => void {
  let stop: (final: boolean) => void = () => {}
  if (parent === window) return () => {}
  addEventListener('message', (event) => {
    const { data, origin, source } = event
    const [port] = event.ports
    if (!port || data?.alongside !== 'guest' || !isAround(source)) return
    // A script that was inserted twice answers once.
    event.stopImmediatePropagation()
    const answer = async () => {
      const own = readOwn()
      port.postMessage({ type: 'here' })
      // The page itself may trust who asks; otherwise the server looks it up, and sends a part without `serve` for a no.
      const { serve } = await load(own.trustedOrigins?.includes(origin) ? '' : `?for=${encodeURIComponent(origin)}`)
      stop(true)
      stop = serve!(port, data, own)
    }
    answer().catch(() => port.postMessage({ type: 'gone', final: true }))
  })
  return () => stop(false)
}

function isAround(source: MessageEventSource | null): boolean {
  for (let at: Window = window; at !== at.parent; at = at.parent) if (at.parent === source) return true
  return false
}
