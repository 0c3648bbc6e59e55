/** An open session as agents of its key see it. Times are ms since the epoch. */
export interface ListedSession {
  id: string
  customerName: string
  /** The host of the customer's page, empty where the browser did not tell. */
  site: string
  since: number
  /** `recovering`: the customer's line is down. */
  state: 'waiting' | 'live' | 'recovering'
  agents: { userId: string; userName: string; watchOnly?: true }[]
  /** Whether an agent may ask to come in from the list: only where the customer is asked about everybody. */
  joinable: boolean
}

export interface SessionQuery {
  /** Words that each must be part of the customer's name or of an agent's, in any case. */
  search: string
  pageSize: number
  /** The last session of the page before. */
  after?: string
}

export interface SessionPage {
  sessions: ListedSession[]
  /** How many match in all. */
  total: number
  /** What `after` is for the next page; undefined on the last one. */
  next?: string
}

/** One page of the sessions that match, which are given the latest first. A session that `after` names and that is over
 *  begins the list anew. */
export function listSessions(
  sessions: readonly ListedSession[],
  { search, pageSize, after }: SessionQuery,
): SessionPage {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const found = sessions.filter((session) => matches(session, words))
  const begin = after === undefined ? 0 : found.findIndex(({ id }) => id === after) + 1
  const page = found.slice(begin, begin + pageSize)
  const last = page.at(-1)
  const isMore = last && begin + pageSize < found.length
  return { sessions: page, total: found.length, ...(isMore ? { next: last.id } : {}) }
}

function matches({ customerName, agents }: ListedSession, words: readonly string[]): boolean {
  const texts = [customerName, ...agents.map(({ userName }) => userName)].map((text) => text.toLowerCase())
  return words.every((word) => texts.some((text) => text.includes(word)))
}
