import { AlongsideError, isErrorCode } from '@alongside/protocol'

export interface DeviceQuery {
  /** The agent's token, made by your server. */
  sdkToken: string
  /** Words that each are part of the device's id or of what is known of the customer. */
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

/** Asks the server who is present. Rejects with the server's code, or 1016 when it cannot be reached. */
export async function fetchDevices(origin: string, { sdkToken, search, after }: DeviceQuery): Promise<DeviceList> {
  const url = new URL('/agent/devices', origin)
  if (search) url.searchParams.set('search', search)
  if (after) url.searchParams.set('after', after)
  const headers = { authorization: `Bearer ${sdkToken}` }
  const response = await fetch(url, { headers, credentials: 'omit', referrerPolicy: 'no-referrer' }).catch(() => {
    throw new AlongsideError(1016)
  })
  if (response.ok) return (await response.json()) as DeviceList
  const { code }: { code?: unknown } = await response.json().catch(() => ({}))
  throw new AlongsideError(isErrorCode(code) ? code : 9999)
}
