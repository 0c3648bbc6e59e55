import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'

/** How long a link may lie in an agent's inbox. */
export const LINK_LIFETIME_MS = 10 * 60_000

/** Whom a link brings to which customer: of a session, or of a device that is present. */
export type Invited = { userId: string; userName: string; watchOnly?: true; invitedBy?: string } & (
  | { sessionId: string }
  | { sdkKey: string; deviceId: string }
)

/** Links that let one named agent ask one customer, once. They are kept in memory only: a server that starts anew knows
 *  none, and whoever made it makes another. */
export class AgentLinks {
  readonly #clock: Clock
  readonly #links = new Map<string, Invited & { until: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  issue(invited: Invited): { link: string; expiresAt: number } {
    this.#sweep()
    const link = randomBytes(32).toString('base64url')
    const until = this.#clock.now() + LINK_LIFETIME_MS
    this.#links.set(link, { ...invited, until })
    return { link, expiresAt: until }
  }

  /** Undefined for a link that is unknown, was used, or is too old. */
  find(link: string): Invited | undefined {
    this.#sweep()
    return this.#links.get(link)
  }

  use(link: string): void {
    this.#links.delete(link)
  }

  // The oldest come first and all live as long.
  #sweep(): void {
    for (const [link, { until }] of this.#links) {
      if (until > this.#clock.now()) break
      this.#links.delete(link)
    }
  }
}
