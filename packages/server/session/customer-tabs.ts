import type { TabInfo, ToAgent } from '@alongside/protocol'
import { z } from 'zod'
import type { Connection } from '../socket/connection.ts'

/** Tabs that are remembered; a customer who opens more has forgotten the first ones too. */
const MAX_TABS = 20

/** What a restart must know of the tabs. */
export const tabsRecord = z.object({
  tabs: z.array(z.tuple([z.string(), z.object({ tab: z.int(), site: z.string() })])),
  current: z.string().optional(),
  last: z.int(),
  focused: z.boolean(),
})
type TabsRecord = z.infer<typeof tabsRecord>

/** The tabs of the customer's browser in which a session is or was, and whether the customer looks at the one that has
 *  it now. */
export class CustomerTabs {
  /** By what each tab calls itself, in the order of their numbers. */
  readonly #tabs: Map<string, TabInfo>
  #current: string | undefined
  #last: number
  #focused: boolean

  constructor(kept: TabsRecord = { tabs: [], last: 0, focused: true }) {
    this.#tabs = new Map(kept.tabs)
    this.#current = kept.current
    this.#last = kept.last
    this.#focused = kept.focused
  }

  get record(): TabsRecord {
    const [tabs, last, focused] = [[...this.#tabs], this.#last, this.#focused]
    return { tabs, last, focused, ...(this.#current === undefined ? {} : { current: this.#current }) }
  }

  /** Whether the session is in that tab. */
  isCurrent(tab: string): boolean {
    return tab === this.#current
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

  /** The host of the page that has the session now; empty when the browser did not say. */
  get site(): string {
    return this.#tabs.get(this.#current ?? '')?.site ?? ''
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
