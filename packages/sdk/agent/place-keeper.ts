import { isOrphan, type Kept, readKept, writeKept } from '../connection/kept.ts'
import type { Place } from './agent-state.ts'

/** Under what the place is kept in the tab's storage. */
const KEEP_AS = 'alongside.agent'

/** An agent's place in a session, and the server that knows it. */
export interface KeptPlace extends Kept, Pick<Place, 'customerName'> {
  /** Our number in the session. */
  participant: number
  origin: string
  /** The lock that the living page holds. */
  lock: string
}

/** Keeps an agent's place for the page that is loaded after this one in the same tab. */
export class PlaceKeeper {
  readonly #origin: string
  readonly #lock = `${KEEP_AS}.${Math.random()}`
  #kept: KeptPlace | undefined
  #release: (() => void) | undefined

  constructor(origin: string, kept?: KeptPlace) {
    this.#origin = origin
    this.#kept = kept
  }

  /** With the place that a page before this one had. A copy of a living page's tab has no right to it. */
  static async find(origin: string): Promise<PlaceKeeper> {
    const kept = readOwn(origin)
    return new PlaceKeeper(origin, kept && (await isOrphan(kept, kept.lock)) ? kept : undefined)
  }

  get kept(): KeptPlace | undefined {
    return this.#kept
  }

  hold(place: Pick<KeptPlace, 'sessionId' | 'secret' | 'customerName' | 'participant'>): void {
    this.#kept = { ...place, origin: this.#origin, lock: this.#lock }
    writeKept(KEEP_AS, this.#kept)
    if (this.#release || !navigator.locks) return
    this.#release = () => {}
    const held = new Promise<void>((release) => {
      this.#release = release
    })
    // A sandboxed frame has locks and may not use them: there a page that had no time to say that it is left is lost.
    navigator.locks.request(this.#lock, () => held).catch(() => {})
  }

  /** The page is being left. */
  leave(): void {
    if (this.#kept) writeKept(KEEP_AS, { ...this.#kept, left: Date.now() })
    this.#letGo()
  }

  /** The page is back as it was: those after it may have used the secret. */
  recall(): void {
    this.#kept = readOwn(this.#origin)
  }

  forget(): void {
    if (this.#kept) writeKept(KEEP_AS, undefined)
    this.#kept = undefined
    this.#letGo()
  }

  #letGo(): void {
    this.#release?.()
    this.#release = undefined
  }
}

function readOwn(origin: string): KeptPlace | undefined {
  const kept = readKept<KeptPlace>(KEEP_AS)
  return kept?.origin === origin ? kept : undefined
}
