import type { CustomerSettings } from '../settings.ts'
import type { GuestOffer } from './port-messages.ts'

/** The part that captures a framed page. Without `serve` the server says that the page around may not have it. */
export interface GuestPart {
  serve?(port: MessagePort, offer: GuestOffer, own: CustomerSettings): (final: boolean) => void
}

export interface GuestOptions {
  /** What the framed page itself was set to. Throws when that is not valid. */
  settings(): CustomerSettings
  /** Loads the part; with an origin, if the SDK key lets pages of that origin show this one. */
  load(origin: string | undefined): Promise<GuestPart>
}

/** In a framed page: waits to be asked by a page around it, and does nothing else. Returns a function that ends what is
 *  being served, because the settings have changed; the page around asks again. */
export function awaitHost({ settings, load }: GuestOptions): () => void {
  let stop: (final: boolean) => void = () => {}
  if (window.parent === window) return () => {}
  addEventListener('message', (event) => {
    const [port] = event.ports
    if (!port || event.data?.alongside !== 'guest' || !isAround(event.source)) return
    // A script that was inserted twice answers once.
    event.stopImmediatePropagation()
    const answer = async () => {
      port.postMessage({ type: 'here' })
      const own = settings()
      const { serve } = await load(own.trustedOrigins?.includes(event.origin) ? undefined : event.origin)
      stop(true)
      if (!serve) throw 0
      stop = serve(port, event.data, own)
    }
    answer().catch(() => port.postMessage({ type: 'gone', final: true }))
  })
  return () => stop(false)
}

function isAround(source: MessageEventSource | null): boolean {
  for (let at: Window = window; at !== at.parent; at = at.parent) if (at.parent === source) return true
  return false
}
