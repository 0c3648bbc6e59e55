/** What the desk's address brought along. */
export interface Access {
  /** The agent's token from `?access_token=`. */
  token: string
  /** A code to start the form with, from `#pin=` or `#join=`. */
  pin: string
  /** `#join=`: the page that made this address has asked for the code already, so the desk joins by itself. */
  join: boolean
}

/** Reads token and code from the address and takes both out of the address bar and the history, so that neither is
 *  bookmarked, shared on a screen or sent as a referrer. Runs before any other module of the desk. */
function takeAccess(): Access {
  const url = new URL(location.href)
  const fragment = new URLSearchParams(url.hash.slice(1))
  const asked = fragment.get('join')
  const pin = asked ?? fragment.get('pin') ?? ''
  const access = { token: url.searchParams.get('access_token') ?? '', pin, join: !!asked }
  url.searchParams.delete('access_token')
  fragment.delete('pin')
  fragment.delete('join')
  url.hash = fragment.toString()
  history.replaceState(history.state, '', url.href.replace(/#$/, ''))
  return access
}

export const access = takeAccess()

/** The SDK key that a token was made for, or an empty string. The server judges the token; this only reads it. */
export function readAppKey(token: string): string {
  try {
    const payload: unknown = JSON.parse(atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')))
    if (payload && typeof payload === 'object' && 'app_key' in payload) return String(payload.app_key)
  } catch {
    // Not a token: joining answers 2001, which is the message an agent should see.
  }
  return ''
}
