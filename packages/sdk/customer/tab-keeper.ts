import { RECOVERY_WINDOW_MS } from '@alongside/protocol'
import { readKept, writeKept } from '../connection/kept.ts'
import { cookieOf, encodeCookie, isUsable, KEEP_AS, type KeptSession, readCookie } from './kept-session.ts'
import { pageDocument } from './page-document.ts'
import type { CustomerSettings } from './settings.ts'

type State = Omit<KeptSession, 'tab' | 'origin' | 'left'>

/** Keeps this tab's session where the next page, or another tab, finds it: in the tab's own storage, or in a cookie of
 *  the site when tabs share. */
export class TabKeeper {
  /** What this tab calls itself. */
  readonly tab: string
  readonly #origin: string
  #cookie: string | undefined
  #held: KeptSession | undefined

  constructor(settings: CustomerSettings, origin: string) {
    this.#origin = origin
    this.#cookie = cookieOf(settings)
    const own = readKept<KeptSession>(KEEP_AS)
    // A copy of a living tab has its name too, and must have one of its own.
    this.tab = own?.tab && (own.left || !this.#cookie) ? own.tab : makeName()
    // What another site handed over belongs to all tabs of this one.
    if (this.#cookie && own?.secret && own.left) putCookie(this.#cookie, encodeCookie(own))
    this.#mark()
  }

  /** Whether the session is this tab's own, and not one that other tabs know of. */
  isOwn({ tab }: KeptSession): boolean {
    return tab === this.tab
  }

  /** The newest state of the session. */
  read(): KeptSession | undefined {
    const kept = (this.#cookie && readCookie(this.#cookie)) || readKept<KeptSession>(KEEP_AS)
    return isUsable(kept, this.#origin) ? kept : undefined
  }

  /** The server lets no other tab have the session. */
  keepApart(): void {
    if (this.#cookie) putCookie(this.#cookie, '', 0)
    this.#cookie = undefined
  }

  /** This tab has the session, and this is how it stands. */
  hold(state: State): void {
    const { tab } = this
    this.#held = { ...state, tab, origin: this.#origin }
    this.#write()
  }

  /** What a page of another site must know to take the session up with that token. */
  handOff(secret: string): object {
    return { ...this.#held, secret, tab: '', left: Date.now() }
  }

  /** Another tab has the session. */
  yield(): void {
    this.#held = undefined
  }

  /** The page is being left. */
  leave(): void {
    const left = Date.now()
    if (this.#held) {
      this.#held.left = left
      this.#write()
    } else this.#mark(left)
  }

  /** The session is over. */
  forget(sessionId: string): void {
    this.#held = undefined
    if (this.#cookie && readCookie(this.#cookie)?.sessionId === sessionId) putCookie(this.#cookie, '', 0)
    writeKept(KEEP_AS, undefined)
  }

  #write(): void {
    const held = this.#held
    if (!held) return
    if (!this.#cookie) return writeKept(KEEP_AS, held)
    putCookie(this.#cookie, encodeCookie(held), held.left && RECOVERY_WINDOW_MS / 1000)
    this.#mark(held.left)
  }

  /** The tab's name survives a page load; the session itself is in the cookie. */
  #mark(left?: number): void {
    if (!this.#cookie) return
    writeKept(KEEP_AS, { sessionId: '', secret: '', tab: this.tab, ...(left ? { left } : {}) } as KeptSession)
  }
}

/** How many labels of the host's name the browser let go, once it is known: each refusal is a line on the page's console. */
let accepted: number | undefined

/** Writes a cookie for the broadest domain that the browser accepts, so that sub-domains share it. */
function putCookie(name: string, value: string, maxAge?: number): void {
  const labels = location.hostname.split('.')
  const flags = `; path=/; samesite=lax${location.protocol === 'https:' ? '; secure' : ''}`
  const age = maxAge === undefined ? '' : `; max-age=${maxAge}`
  // From `com` over `example.com` to this host alone. What is too broad the browser ignores.
  const isAddress = /^[\d.]+$|:/.test(location.hostname)
  for (let index = accepted ?? (isAddress ? 0 : labels.length - 1); index >= 0; index--) {
    const domain = index ? labels.slice(index - 1).join('.') : ''
    pageDocument.cookie = `${name}=${value}${flags}${age}${domain && `; domain=${domain}`}`
    const entry = pageDocument.cookie.split('; ').find((one) => one.startsWith(`${name}=`))
    if ((entry?.slice(name.length + 1) ?? '') !== value) continue
    accepted = index
    return
  }
}

/** At most 36 digits. */
function makeName(): string {
  return crypto.getRandomValues(new Uint8Array(12)).join('')
}
