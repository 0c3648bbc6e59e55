import { AlongsideError } from '@alongside/protocol'

/** The server's origin from what a page gives as its host: a bare host name (https is meant, http on this machine) or
 *  an origin. Throws 1103 with the name of the setting. */
export function readOrigin(host: unknown, setting: string): string {
  // Chromium would take a space in a host name and encode it.
  if (typeof host === 'string' && host && !/\s/.test(host)) {
    try {
      const { protocol, origin } = new URL(host.includes('://') ? host : `${schemeOf(host)}://${host}`)
      if (protocol === 'https:' || protocol === 'http:') return origin
    } catch {
      // Not an address: the error below says so.
    }
  }
  throw new AlongsideError(1103, `${setting}: expected the host name or the origin of your Alongside server.`, {
    setting,
  })
}

/** Where both roles open their WebSocket. */
export function socketUrl(origin: string): string {
  return `${origin.replace(/^http/, 'ws')}/socket`
}

function schemeOf(host: string): string {
  return /^(localhost|127\.|\[::1\])/.test(host) ? 'http' : 'https'
}
