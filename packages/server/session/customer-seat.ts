import { AlongsideError, type ToAgent, type ToCustomer } from '@alongside/protocol'
import { CLOSE, type Connection } from '../socket/connection.ts'
import { CustomerTabs } from './customer-tabs.ts'
import type { ResumeSecret } from './resume-secret.ts'
import type { SessionRecord } from './session-record.ts'

/** The customer's place in a session: the line of the tab that has the session now. */
export class CustomerSeat {
  readonly secret: ResumeSecret
  readonly tabs: CustomerTabs
  /** Undefined from a restart of the server until the customer is back. */
  #connection: Connection | undefined

  constructor(secret: ResumeSecret, connection: Connection | undefined, kept: SessionRecord['tabs'] | undefined) {
    this.secret = secret
    this.tabs = new CustomerTabs(kept)
    this.#connection = connection
    if (connection) this.tabs.enter(connection, false)
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

  /** What agents are told while the customer's line is down. */
  get awayMessage(): ToAgent {
    return { type: 'customer_connection', connected: false, ...(this.#connection?.left ? { left: true as const } : {}) }
  }
}
