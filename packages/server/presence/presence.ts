import { AlongsideError, type CustomData, type DeviceMessage } from '@alongside/protocol'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { History } from '../history/history.ts'
import { limitName } from '../http/client-address.ts'
import type { Key } from '../key.ts'
import type { ServerLimits } from '../limits.ts'
import { Quota } from '../quota.ts'
import type { Session } from '../session/session.ts'
import { asWatcher, type Seat, type Sessions } from '../session/sessions.ts'
import { checkOrigin } from '../socket/allowed-origin.ts'
import type { Connection } from '../socket/connection.ts'
import { type Claims, type TokenRules, verifyToken } from '../token.ts'
import { Calls } from './calls.ts'
import { nameOf } from './custom-data.ts'
import { type DevicePage, type DeviceQuery, listDevices } from './device-list.ts'
import { Devices, decrease, type Tab } from './devices.ts'

interface PresenceOptions {
  sessions: Sessions
  tokens: TokenRules
  clock: Clock
  limits: ServerLimits
  history: History
  log: Logger
}

interface FromDevice {
  sdkKey: string
  deviceId: string
  customData?: CustomData
}

/** How long a customer without a token waits when an address has as many sessions as it may. */
const FULL_RETRY_S = 60

/** Within which time an address may start so many sessions without a token. */
const STARTS_WINDOW_MS = 15 * 60_000

/** Customers without a token: the list of those who are present, agents' calls to them, and their own starts. Every
 *  method rejects with an `AlongsideError` that goes to the peer as it is. */
export class Presence {
  readonly #options: PresenceOptions
  readonly #devices: Devices
  readonly #calls: Calls
  readonly #quotas: Record<'agent' | 'address' | 'key', Quota>
  readonly #starts: Quota
  /** How many sessions without a token are open, by address. */
  readonly #openByAddress = new Map<string, number>()
  /** The session without a token that a device has, by key and device. */
  readonly #sessionOf = new Map<string, Session>()

  constructor(options: PresenceOptions) {
    this.#options = options
    this.#devices = new Devices(options.clock, options.limits.presence)
    this.#calls = new Calls(options.clock)
    this.#starts = new Quota(options.clock, options.limits.presence.startsPerAddress, STARTS_WINDOW_MS)
    const { perAgent, perAddress, perKey, windowMs } = options.limits.calls
    const quota = (max: number) => new Quota(options.clock, max, windowMs)
    this.#quotas = { agent: quota(perAgent), address: quota(perAddress), key: quota(perKey) }
  }

  /** Puts a page's device on the list. Throws 1102, 1104, 1109, 1115 or 1116. */
  register(connection: Connection, { sdkKey, deviceId, customData = {} }: FromDevice): Tab {
    const key = this.#keyOf(sdkKey, connection)
    if (!key.features.presence) throw new AlongsideError(1115)
    const tab = this.#devices.add(connection, key, deviceId, customData)
    connection.send({ type: 'registered' })
    this.#options.log.debug({ event: 'device registered', sdkKey })
    return tab
  }

  fromDevice(tab: Tab, message: Exclude<DeviceMessage, { type: 'register' }>): void {
    switch (message.type) {
      case 'update':
        tab.device.customData = message.customData
        break
      case 'focus':
        this.#devices.turnTo(tab)
        // The customer went to another page while an agent waits.
        this.#calls.invite(tab.device)
        break
      case 'busy':
        this.#calls.find(tab.device, message.invitation)?.settle(new AlongsideError(1113))
    }
  }

  lost(tab: Tab): void {
    this.#devices.remove(tab)
    if (tab.device.tabs.length === 0) this.#calls.drop(tab.device)
    else this.#calls.invite(tab.device)
  }

  list(sdkKey: string, query: DeviceQuery): DevicePage {
    return listDevices(
      this.#devices.of(sdkKey),
      query,
      ({ id }) => this.#sessionOf.get(nameOfDevice(sdkKey, id))?.state.name === 'live',
    )
  }

  /** Whether a device is there and could be called. */
  has(sdkKey: string, deviceId: string): boolean {
    return this.#devices.find(sdkKey, deviceId) !== undefined
  }

  /** Calls a device for an agent. Resolves when the customer is being asked, in the session that the device has already
   *  or in a new one; rejects with 1013, 1015, 1102, 1112, 1113, 1114, 1115 or 2001. */
  async call(connection: Connection, token: string, deviceId: string, watchOnly?: true): Promise<Seat> {
    const claims = asWatcher(await verifyToken(token, 'agent', this.#options.tokens), watchOnly)
    return this.#reach(connection, claims, deviceId)
  }

  /** Lets an agent ask the customer of a session on the list. Rejects with 1013, 1015, 1102, 1112, 1115, 1119 or 2001. */
  async joinSession(connection: Connection, token: string, sessionId: string, watchOnly?: true): Promise<Seat> {
    const claims = asWatcher(await verifyToken(token, 'agent', this.#options.tokens), watchOnly)
    if (!claims.key.features.sessionList) throw new AlongsideError(1115)
    this.#countCall(claims, connection.address)
    const session = this.#options.sessions.find(claims.key.sdkKey, sessionId)
    if (!session) throw new AlongsideError(1112)
    if (!session.asksAboutAll) throw new AlongsideError(1119)
    return { session, participant: session.askCalled(connection, claims) }
  }

  /** Lets the agent of a link ask the customer of a session or of a device. The link is used up when the customer is
   *  being asked. Rejects as `call` does, or with 1118. */
  async joinLink(connection: Connection, link: string, watchOnly?: true): Promise<Seat> {
    const { sessions, tokens } = this.#options
    const invited = sessions.links.find(link)
    if (!invited || !('deviceId' in invited)) return sessions.joinLink(connection, link, watchOnly)
    const { sdkKey, deviceId } = invited
    const key = tokens.keys.get(sdkKey)
    if (!key) throw new AlongsideError(1118)
    const claims = asWatcher({ ...invited, key, ownPin: false }, watchOnly)
    const seat = await this.#reach(connection, claims, deviceId)
    sessions.links.use(link)
    return seat
  }

  async #reach(connection: Connection, claims: Claims, deviceId: string): Promise<Seat> {
    const { sdkKey, features } = claims.key
    if (!features.presence) throw new AlongsideError(1115)
    this.#countCall(claims, connection.address)
    const device = this.#devices.find(sdkKey, deviceId)
    if (!device) throw new AlongsideError(1112)
    const { log, history } = this.#options
    const { userId, userName } = claims
    log.info({ event: 'device called', sdkKey, userId })
    const person = { userId, userName, role: 'agent', address: connection.address } as const
    history.tell({ type: 'audit', sdkKey, action: 'device.called', person, details: { deviceId } })
    const session = this.#sessionOf.get(nameOfDevice(sdkKey, deviceId))
    if (session) return { session, participant: session.askCalled(connection, claims) }
    return this.#calls.begin(device, { connection, claims })
  }

  /** Starts a session without a token, with the agent of the invitation or with a PIN. Rejects with 1001, 1102, 1104,
   *  1109, 1116 or 1117. */
  async start(connection: Connection, message: FromDevice & { invitation?: string }): Promise<Seat> {
    const { sdkKey, deviceId, customData = {}, invitation } = message
    const key = this.#keyOf(sdkKey, connection)
    const claims: Claims = {
      key,
      userId: deviceId,
      userName: nameOf(customData),
      ownPin: false,
      address: connection.address,
    }
    const call =
      invitation === undefined ? undefined : this.#calls.find(this.#devices.find(sdkKey, deviceId), invitation)
    if (invitation !== undefined && !call) throw new AlongsideError(1117)
    const present = this.#openByAddress.get(limitName(connection.address)) ?? 0
    const { sessionsPerAddress } = this.#options.limits.presence
    // Without a limit a single machine could use up the PINs of a key, whose public name is all that this needs.
    if (present >= sessionsPerAddress) throw new AlongsideError(1102, undefined, { retryAfter: FULL_RETRY_S })
    this.#starts.check(limitName(connection.address))
    this.#starts.take(limitName(connection.address))
    const onEnded = this.#count(connection.address)
    try {
      const { sessions } = this.#options
      const seats = call && sessions.openCalled(connection, claims, call.agent, onEnded)
      if (seats) call.settle(seats.agent)
      const seat = seats?.customer ?? (await sessions.open(connection, claims, undefined, onEnded))
      this.#sessionOf.set(nameOfDevice(sdkKey, deviceId), seat.session)
      return seat
    } catch (error) {
      onEnded()
      throw error
    }
  }

  /** Throws 1102 beyond a limit, and counts nothing then. */
  #countCall({ key, userId }: Claims, address: string): void {
    const { sdkKey } = key
    const names = { agent: `${sdkKey}:${userId}`, address: `${sdkKey}:${limitName(address)}`, key: sdkKey }
    for (const kind of ['agent', 'address', 'key'] as const) this.#quotas[kind].check(names[kind])
    for (const kind of ['agent', 'address', 'key'] as const) this.#quotas[kind].take(names[kind])
  }

  /** Counts a session from before a restart; the returned function is to be called when it is over. */
  adopt(session: Session, address: string): (session: Session) => void {
    this.#sessionOf.set(nameOfDevice(session.claims.key.sdkKey, session.claims.userId), session)
    return this.#count(address)
  }

  /** Throws 1104, 1109 or 1116. */
  #keyOf(sdkKey: string, connection: Connection): Key {
    const key = this.#options.tokens.keys.get(sdkKey)
    if (!key) throw new AlongsideError(1104)
    checkOrigin(key, connection.origin)
    if (!key.anonymous) throw new AlongsideError(1116)
    return key
  }

  /** Counts a session until the returned function is called for the first time, which also takes it from its device. */
  #count(address: string): (session?: Session) => void {
    const place = limitName(address)
    this.#openByAddress.set(place, (this.#openByAddress.get(place) ?? 0) + 1)
    let open = true
    return (session) => {
      if (open) decrease(this.#openByAddress, place)
      open = false
      const name = session && nameOfDevice(session.claims.key.sdkKey, session.claims.userId)
      if (name !== undefined && this.#sessionOf.get(name) === session) this.#sessionOf.delete(name)
    }
  }
}

function nameOfDevice(sdkKey: string, deviceId: string): string {
  return `${sdkKey}:${deviceId}`
}
