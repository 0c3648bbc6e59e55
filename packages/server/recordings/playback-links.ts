import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'

/** How long a link may wait for whoever is to watch. */
const LINK_LIFETIME_MS = 10 * 60_000

/** Who watches which recording. */
export interface Playback {
  sdkKey: string
  sessionId: string
  recordingId: string
  userId: string
  userName: string
}

/** Links that show one recording once. In memory only: a server that starts anew knows none. */
export class PlaybackLinks {
  readonly #clock: Clock
  readonly #links = new Map<string, { playback: Playback; until: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  issue(playback: Playback): { link: string; expiresAt: number } {
    this.#sweep()
    const link = randomBytes(32).toString('base64url')
    const until = this.#clock.now() + LINK_LIFETIME_MS
    this.#links.set(link, { playback, until })
    return { link, expiresAt: until }
  }

  /** Uses a link up. Undefined for one that is unknown, was used, or is too old. */
  use(link: string): Playback | undefined {
    this.#sweep()
    const found = this.#links.get(link)
    this.#links.delete(link)
    return found?.playback
  }

  // The oldest come first and all live as long.
  #sweep(): void {
    for (const [link, { until }] of this.#links) {
      if (until > this.#clock.now()) break
      this.#links.delete(link)
    }
  }
}
