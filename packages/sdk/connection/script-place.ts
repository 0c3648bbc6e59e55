/** Where a script came from: it talks to the server that served it. */
export interface ScriptPlace {
  origin: string
  /** Empty when the address does not hold one. */
  sdkKey: string
  /** The address up to the SDK key. */
  base: string
}

/** Reads the place from the script's own element. A script that was fetched and evaluated has none: it then belongs to
 *  the page's own server. */
export function readScriptPlace(script: Element | null): ScriptPlace {
  const source = script instanceof HTMLScriptElement ? script.src : ''
  const { origin, pathname } = new URL(source || location.href, location.href)
  const [path = '', sdkKey = ''] = /^.*\/static\/resource\/sdk\/([^/]+)/.exec(pathname) ?? []
  return { origin, sdkKey, base: origin + path }
}
