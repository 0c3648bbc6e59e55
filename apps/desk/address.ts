/** What the desk's address brought along. */
export interface Access {
  /** The agent's token from `?access_token=`. */
  token: string
  /** A code to start the form with, from `#pin=` or `#join=`. */
  pin: string
  /** `#join=`: the page that made this address has asked for the code already, so the desk joins by itself. */
  join: boolean
  /** Instead of token and code, on `/desk/link`: what a one-time link holds, from `#link=`; empty once it was taken. */
  link: string
  /** The SDK key that a one-time link is for, from `#key=`. */
  key: string
}

/** Under what the token is kept in the tab's storage, for the page that is loaded after this one: `clean-address.js`
 *  brings the agent back with it. */
const KEEP_AS = 'alongside.desk'

/** Reads what lets the agent in from the address and takes it out of the address bar and the history, so that it is not
 *  bookmarked, shared on a screen or sent as a referrer. Runs before any other module of the desk. */
function takeAccess(): Access {
  const url = new URL(location.href)
  const fragment = new URLSearchParams(url.hash.slice(1))
  const asked = fragment.get('join')
  const access = {
    token: url.searchParams.get('access_token') ?? '',
    pin: asked ?? fragment.get('pin') ?? '',
    join: !!asked,
    link: fragment.get('link') ?? '',
    key: fragment.get('key') ?? '',
  }
  url.searchParams.delete('access_token')
  for (const name of ['pin', 'join', 'link']) fragment.delete(name)
  url.hash = fragment.toString()
  history.replaceState(history.state, '', url.href.replace(/#$/, ''))
  return access
}

export const access = takeAccess()

/** Whether the agent that had the desk in this tab before is the one that has it now. */
export const isSameAgent = keepToken(access.token)

function keepToken(token: string): boolean {
  try {
    const before = sessionStorage.getItem(KEEP_AS) ?? ''
    if (token) sessionStorage.setItem(KEEP_AS, token)
    return readClaim(before, 'user_id') === readClaim(token, 'user_id')
  } catch {
    // No storage in another site's frame: nothing was kept there either.
    return false
  }
}

/** Whether the agent can enter codes. One who came by a link has no token to do so with. */
export const canEnterCodes = location.pathname !== '/desk/link'

/** Whether the agent may change what the key masks. The server judges the token; this only shows the way there. */
export const canSetRules = readClaim(access.token, 'enable_settings') === '1'

/** The agent's own name, as the customer reads it; empty for one who came by a link. */
export const ownName = readClaim(access.token, 'user_name')

/** The SDK key that a token was made for, or an empty string. The server judges the token; this only reads it. */
export function readAppKey(token: string): string {
  return readClaim(token, 'app_key')
}

function readClaim(token: string, name: string): string {
  try {
    const bytes = atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/'))
    const text = new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)))
    const payload: unknown = JSON.parse(text)
    const claims = new Map(Object.entries(Object(payload)))
    return String(claims.get(name) ?? '')
  } catch {
    // Not a token: joining answers 2001, which is the message an agent should see.
  }
  return ''
}
