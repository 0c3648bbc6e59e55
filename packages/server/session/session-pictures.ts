import type { AssetTicket, AssetTickets } from '../assets/asset-tickets.ts'
import { type Asset, type AssetBudget, Assets } from '../assets/assets.ts'
import type { Clock } from '../clock.ts'
import type { Key } from '../key.ts'
import type { Agent } from './agent.ts'

interface PicturesOptions {
  clock: Clock
  budget: AssetBudget
  tickets: AssetTickets
  key: Key
  /** Whether an agent is in: nothing is taken in before. */
  isOpen: () => boolean
}

/** The pictures and fonts of one session, and who may bring and get them. */
export class SessionPictures {
  readonly #options: PicturesOptions
  readonly #assets: Assets
  #upload: AssetTicket | undefined

  constructor(options: PicturesOptions) {
    this.#options = options
    this.#assets = new Assets(options.clock, options.budget)
  }

  /** What the customer's page is told: its ticket, which voids the one before, and which store it brings them to. */
  admitCustomer(): { assets: string; store: string } {
    this.#upload?.revoke()
    const { key, isOpen, tickets } = this.#options
    this.#upload = tickets.issue({ way: 'upload', assets: this.#assets, key, isOpen })
    return { assets: this.#upload.value, store: this.#assets.name }
  }

  /** The ticket of an agent that is in. */
  admitAgent(agent: Agent): string {
    const origin = agent.connection?.origin
    const ticket = this.#options.tickets.issue({ way: 'view', assets: this.#assets, origin })
    agent.give(ticket)
    return ticket.value
  }

  /** All that is kept, now. */
  files(): Iterable<[string, Asset]> {
    return this.#assets.files()
  }

  /** Has each file that comes from now on told. */
  tell(onFile: (key: string, asset: Asset) => void): void {
    this.#assets.onFile = onFile
  }

  /** May be called twice. */
  close(): void {
    this.#upload?.revoke()
    this.#assets.close()
  }
}
