import { AlongsideError, type ToAgent, type ToCustomer, type Whereabouts } from '@alongside/protocol'
import { CLOSE, type Connection } from '../socket/connection.ts'
import { CustomerTabs } from './customer-tabs.ts'
import type { ResumeRecord, ResumeSecret } from './resume-secret.ts'
import type { SessionRecord } from './session-record.ts'

/** Sites that a session may come back to; whoever was at more has forgotten the first ones. */
const MAX_SITES = 10

/** The customer's place in a session: the line of the tab that has the session now. */
export class CustomerSeat {
  /** The secrets of the site where the session began are under no name, those of others under the origin that it was
   *  handed to. Each site has its own, so that a page that was left behind has one that works. */
  readonly #secrets: Map<string | undefined, ResumeSecret>
  #secret: ResumeSecret
  readonly #makeSecret: (site?: string, kept?: ResumeRecord) => ResumeSecret
  readonly tabs: CustomerTabs
  /** Undefined from a restart of the server until the customer is back. */
  #connection: Connection | undefined

  /** `makeSecret` makes those of one site. */
  constructor(
    makeSecret: (site?: string, kept?: ResumeRecord) => ResumeSecret,
    connection: Connection | undefined,
    kept: SessionRecord | undefined,
  ) {
    this.#makeSecret = makeSecret
    this.#secret = makeSecret(undefined, kept?.resume)
    this.#secrets = new Map([[undefined, this.#secret]])
    for (const [site, record] of kept?.sites ?? []) this.#secrets.set(site, makeSecret(site, record))
    this.tabs = new CustomerTabs(kept?.tabs)
    this.#connection = connection
    if (connection) this.tabs.enter(connection, false)
  }

  /** Of the site where the customer is. */
  get secret(): ResumeSecret {
    return this.#secret
  }

  /** Those of every site, the one where the customer is first. */
  get secrets(): ResumeSecret[] {
    return [this.#secret, ...[...this.#secrets.values()].filter((other) => other !== this.#secret)]
  }

  get record(): Pick<SessionRecord, 'resume' | 'sites' | 'tabs'> {
    const [first, ...sites] = [...this.#secrets].map(
      ([site = '', secret]) => [site, secret.record] as [string, ResumeRecord],
    )
    return { resume: first?.[1] ?? this.#secret.record, sites, tabs: this.tabs.record }
  }

  /** The customer is at the site of that secret. */
  returnTo(offered: string): void {
    this.#secret = this.secrets.find((own) => own.judge(offered) === 'right') ?? this.#secret
  }

  /** The customer is at a site that the session was handed to. */
  enterSite(origin: string): void {
    this.#secret = this.#secrets.get(origin) ?? this.#makeSecret(origin)
    this.#secrets.set(origin, this.#secret)
    const oldest = [...this.#secrets.keys()].find((site) => site !== undefined && site !== origin)
    if (this.#secrets.size > MAX_SITES) this.#secrets.delete(oldest)
  }

  get connection(): Connection | undefined {
    return this.#connection
  }

  send(message: ToCustomer): void {
    this.#connection?.send(message)
  }

  /** The session goes on over a new line. True when that is the line of another tab. */
  take(connection: Connection): boolean {
    const former = this.#connection
    const moved = !this.tabs.isCurrent(connection.tab)
    this.#connection = connection
    this.tabs.enter(connection, former?.open === true)
    if (former?.open && !moved) former.refuse(new AlongsideError(1012))
    else {
      former?.send({ type: 'moved' })
      former?.close(CLOSE.ended)
    }
    return moved
  }

  /** What agents are told of the page's place. A restart forgets the browser until the customer is back. */
  get whereabouts(): Whereabouts {
    const browser = this.#connection?.browser
    return { site: this.tabs.site, ...(browser ? { browser } : {}) }
  }

  /** What agents are told while the customer's line is down. */
  get awayMessage(): ToAgent {
    return { type: 'customer_connection', connected: false, ...(this.#connection?.left ? { left: true as const } : {}) }
  }
}
