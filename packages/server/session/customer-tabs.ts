import type { TabInfo, ToAgent } from '@alongside/protocol'
import type { Connection } from '../socket/connection.ts'

/** Tabs that are remembered; a customer who opens more has forgotten the first ones too. */
const MAX_TABS = 20

/** The tabs of the customer's browser in which a session is or was, and whether the customer looks at the one that has
 *  it now. A restart of the server forgets them. */
export class CustomerTabs {
  /** By what each tab calls itself, in the order of their numbers. */
  readonly #tabs = new Map<string, TabInfo>()
  #current: string | undefined
  #last = 0
  #focused = true

  /** Whether the session is in that tab. Any tab may be the one of a session from before a restart. */
  isCurrent(tab: string): boolean {
    return this.#current === undefined || tab === this.#current
  }

  /** A tab has the session now. The one before it is forgotten if its line is gone. */
  enter({ tab, origin }: Connection, isFormerOpen: boolean): void {
    if (this.#current !== undefined && tab !== this.#current && !isFormerOpen) this.#tabs.delete(this.#current)
    const number = this.#tabs.get(tab)?.tab ?? ++this.#last
    this.#current = tab
    this.#tabs.set(tab, { tab: number, site: siteOf(origin) })
    const oldest = [...this.#tabs.keys()].find((other) => other !== tab)
    if (this.#tabs.size > MAX_TABS && oldest !== undefined) this.#tabs.delete(oldest)
  }

  /** False when nothing changed. */
  focus(focused: boolean): boolean {
    const changed = focused !== this.#focused
    this.#focused = focused
    return changed
  }

  /** Where the customer is. */
  get place(): ToAgent {
    const tab = this.#tabs.get(this.#current ?? '')?.tab ?? 1
    return { type: 'customer_transferred', tab, tabs: [...this.#tabs.values()] }
  }

  /** What an agent that comes in is told: nothing of a single tab that the customer looks at. */
  get news(): ToAgent[] {
    const news = this.#tabs.size > 1 ? [this.place] : []
    return this.#focused ? news : [...news, { type: 'customer_focus', focused: false }]
  }
}

/** The host of an `Origin`, which a page cannot choose. */
function siteOf(origin: string | undefined): string {
  return origin !== undefined && URL.canParse(origin) ? new URL(origin).host.slice(0, 255) : ''
}
