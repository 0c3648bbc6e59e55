import { AlongsideError, isErrorCode } from '@alongside/protocol'

export interface DeviceQuery {
  /** The agent's token, made by your server. */
  sdkToken: string
  /** Words that each are part of the device's id or of what is known of the customer; of a session, of the names of those
   *  who are in. */
  search?: string
  /** `next` of the page before. */
  after?: string
}

/** A browser of a customer who is on the site now. */
export interface PresentDevice {
  id: string
  /** What the page says of its customer, such as `user_name`. Nobody vouches for it. */
  customData: Record<string, string>
  /** When it came, in ms since the epoch, by the server's clock. */
  since: number
  tabs: number
  /** Whether an agent sees its page now. */
  inSession: boolean
}

export interface DeviceList {
  /** The latest first, 30 at most. */
  devices: PresentDevice[]
  /** How many match in all. */
  total: number
  next?: string
}

/** A session of the SDK key that is open. */
export interface OpenSession {
  id: string
  customerName: string
  /** The host of the page that its customer is on, empty where it is not known. */
  site: string
  /** When it began, in ms since the epoch, by the server's clock. */
  since: number
  /** `recovering`: the customer's line is down. */
  state: 'waiting' | 'live' | 'recovering'
  agents: { userId: string; userName: string; watchOnly?: true }[]
  /** Whether its customer can be asked from the list. */
  joinable: boolean
}

export interface SessionList {
  /** The latest first, 30 at most. */
  sessions: OpenSession[]
  /** How many match in all. */
  total: number
  next?: string
}

/** Asks the server who is present, or which sessions are open. Rejects with the server's code, or 1016 when it cannot be
 *  reached. */
export async function fetchList<List>(
  origin: string,
  what: 'devices' | 'sessions',
  { sdkToken, search, after }: DeviceQuery,
): Promise<List> {
  const url = new URL(`/agent/${what}`, origin)
  if (search) url.searchParams.set('search', search)
  if (after) url.searchParams.set('after', after)
  const headers = { authorization: `Bearer ${sdkToken}` }
  const response = await fetch(url, { headers, credentials: 'omit', referrerPolicy: 'no-referrer' }).catch(() => {
    throw new AlongsideError(1016)
  })
  if (response.ok) return (await response.json()) as List
  const { code }: { code?: unknown } = await response.json().catch(() => ({}))
  throw new AlongsideError(isErrorCode(code) ? code : 9999)
}
