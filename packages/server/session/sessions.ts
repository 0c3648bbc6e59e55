import { randomUUID } from 'node:crypto'
import { type AgentMessage, AlongsideError, CUSTOMER_ID, normalizePin, type ParticipantId } from '@alongside/protocol'
import { limitName } from '../http/client-address.ts'
import { Quota } from '../quota.ts'
import { checkOrigin } from '../socket/allowed-origin.ts'
import type { Connection } from '../socket/connection.ts'
import { type Claims, type TokenRules, verifyToken } from '../token.ts'
import { AgentLinks, LINK_LIFETIME_MS } from './agent-links.ts'
import { Attempts } from './attempts.ts'
import { Session, type SessionContext } from './session.ts'
import { listSessions, type SessionPage, type SessionQuery } from './session-list.ts'
import type { SessionRecord } from './session-record.ts'

/** Who speaks on an admitted socket. */
export interface Seat {
  session: Session
  participant: ParticipantId
}

/** An agent who waits for the page of a device. */
export interface Caller {
  connection: Connection
  claims: Claims
}

/** The two who meet in a session that an agent began. */
export interface CalledSeats {
  customer: Seat
  agent: Seat
}

/** Links that the agents of a session may make while the first of them works. */
const NEW_LINKS = 20

/** Whom an agent makes a link for. */
export type Colleague = Omit<Extract<AgentMessage, { type: 'make_link' }>, 'type'>

/** How long a customer waits when an address has as many sessions as it may. */
const FULL_RETRY_S = 60

/** More agents than a session is asked about while the database takes nothing. A header has room for 650 restarts. */
const FORGOTTEN_AGENTS = 100

/** All sessions of this process, and the door to them. Every method rejects with an `AlongsideError` that goes to the
 *  peer as it is. */
export class Sessions {
  readonly #sessions = new Map<string, Session>()
  readonly #context: SessionContext
  readonly #tokens: TokenRules
  readonly #attempts: Attempts
  /** Open sessions that a token began, by key and address. */
  readonly #perAddress = new Map<string, number>()
  /** Let an agent ask without a PIN; made by a back end or by another agent. */
  readonly links: AgentLinks
  /** Links that agents made, by session. */
  readonly #newLinks: Quota

  constructor(context: SessionContext, tokens: TokenRules) {
    this.#context = context
    this.#tokens = tokens
    this.links = new AgentLinks(context.clock)
    this.#newLinks = new Quota(context.clock, NEW_LINKS, LINK_LIFETIME_MS)
    this.#attempts = new Attempts(context.clock, context.limits.attempts)
  }

  get size(): number {
    return this.#sessions.size
  }

  /** Takes up the sessions that were open when the last server stopped. `adopt` is told each whose customer has no
   *  token, and answers what to call when it is over. */
  async load(adopt: (session: Session, address: string) => (session: Session) => void): Promise<void> {
    for (const record of await this.#context.records.load()) await this.#restore(record, adopt)
  }

  /** An open session of that key. */
  find(sdkKey: string, sessionId: string): Session | undefined {
    const session = this.#sessions.get(sessionId)
    return session?.claims.key.sdkKey === sdkKey ? session : undefined
  }

  /** The open sessions of a key, the latest first. */
  list(sdkKey: string, query: SessionQuery): SessionPage {
    const own = [...this.#sessions.values()].filter(({ claims }) => claims.key.sdkKey === sdkKey).reverse()
    return listSessions(
      own.flatMap(({ listed }) => listed ?? []),
      query,
    )
  }

  /** A key masks otherwise: its open sessions learn so. */
  tellMask(sdkKey: string): void {
    for (const session of this.#sessions.values()) if (session.claims.key.sdkKey === sdkKey) session.tellMask()
  }

  has(sessionId: string): boolean {
    return this.#sessions.has(sessionId)
  }

  /** Whether an open session goes on with that recording. */
  isRecording(sessionId: string, recordingId: string): boolean {
    return this.#sessions.get(sessionId)?.record?.recording.id === recordingId
  }

  /** Open sessions by the name of their state. */
  countStates(): Record<string, number> {
    const counts = { waiting: 0, live: 0, recovering: 0, ended: 0 }
    for (const { state } of this.#sessions.values()) counts[state.name]++
    return counts
  }

  /** Starts a session for a customer. Rejects with 1001, 1008, 1009, 1010, 1102, 1109 or 2001. */
  async start(connection: Connection, token: string, customPinCode: string | undefined): Promise<Seat> {
    const claims = await verifyToken(token, 'customer', this.#tokens)
    checkOrigin(claims.key, connection.origin)
    // The token, not the page, decides whether own PINs are used: it must say so, and then one must come.
    if (customPinCode !== undefined && !claims.ownPin) throw new AlongsideError(2001)
    if (customPinCode === undefined && claims.ownPin) throw new AlongsideError(1009)
    const ownPin = customPinCode === undefined ? undefined : wellFormed(customPinCode)
    const leave = this.#takePlace(`${claims.key.sdkKey}:${limitName(connection.address)}`)
    try {
      return await this.open(connection, claims, ownPin, leave)
    } catch (error) {
      leave()
      throw error
    }
  }

  /** Opens a session with a PIN for a customer who may have one. `onEnded` is called once, unless this rejects. Rejects
   *  with 1001 or 1010. */
  async open(
    connection: Connection,
    claims: Claims,
    ownPin?: string,
    onEnded?: (session: Session) => void,
  ): Promise<Seat> {
    const session = this.#make(connection, claims, ownPin, onEnded)
    try {
      await session.begin()
    } catch (error) {
      this.#sessions.delete(session.id)
      throw error
    }
    return { session, participant: CUSTOMER_ID }
  }

  /** Opens a session without a PIN for a customer whom an agent called. Throws 1015. */
  openCalled(connection: Connection, claims: Claims, agent: Caller, onEnded: (session: Session) => void): CalledSeats {
    const session = this.#make(connection, claims, undefined, onEnded)
    try {
      const participant = session.beginCalled(agent.connection, agent.claims)
      return { customer: { session, participant: CUSTOMER_ID }, agent: { session, participant } }
    } catch (error) {
      this.#sessions.delete(session.id)
      throw error
    }
  }

  /** Lets an agent ask the customer behind a PIN. Rejects with 1006, 1008, 1013, 1015, 1102 or 2001. */
  async join(connection: Connection, token: string, pinCode: string, watchOnly?: true): Promise<Seat> {
    const claims = asWatcher(await verifyToken(token, 'agent', this.#tokens), watchOnly)
    const pin = wellFormed(pinCode)
    const { sdkKey } = claims.key
    const takeBack = this.#attempts.count({ sdkKey, userId: claims.userId, address: connection.address })
    const holder = await this.#context.backplane.findPin(sdkKey, pin)
    const session = holder && this.#sessions.get(holder.sessionId)
    if (!session) throw new AlongsideError(1006)
    takeBack()
    return { session, participant: await session.ask(connection, claims, pin) }
  }

  /** Lets the agent of a link ask the customer. The link is used up unless the session is full. Rejects with 1013, 1015,
   *  1113 or 1118. */
  async joinLink(connection: Connection, link: string, watchOnly?: true): Promise<Seat> {
    const invited = this.links.find(link)
    const session = invited && 'sessionId' in invited ? this.#sessions.get(invited.sessionId) : undefined
    if (!invited || !session) throw new AlongsideError(1118)
    const claims = asWatcher({ ...invited, key: session.claims.key, ownPin: false }, watchOnly)
    const participant = session.askCalled(connection, claims)
    this.links.use(link)
    return { session, participant }
  }

  /** Makes a link with which a colleague of an agent that is in asks the customer. Throws 1102, 1105, 1119 or 1120. */
  makeLink({ session, participant }: Seat, named: Colleague): { link: string; expiresAt: number } {
    const by = session.agent(participant)
    if (!by) throw new AlongsideError(1105)
    if (by.watchOnly) throw new AlongsideError(1120)
    if (!session.asksAboutAll) throw new AlongsideError(1119)
    const { id: sessionId, claims } = session
    const retryAfter = this.#newLinks.spend(sessionId)
    if (retryAfter !== undefined) throw new AlongsideError(1102, undefined, { retryAfter })
    const { userName, watchOnly } = named
    const userId = guestId(by.userId, named.userId ?? randomUUID())
    const invitedBy = by.userName
    this.#context.history.tell({
      type: 'audit',
      sdkKey: claims.key.sdkKey,
      sessionId,
      action: 'agent.link_made',
      person: { userId, userName, role: 'agent' },
      details: { invitedBy: by.userId },
    })
    return this.links.issue({ sessionId, userId, userName, invitedBy, ...(watchOnly ? { watchOnly } : {}) })
  }

  /** Takes a session up again for either role, or at a site that it was handed to. Rejects with 1107 or 1109. */
  async resume(connection: Connection, sessionId: string, secret: string): Promise<Seat> {
    const session = this.#sessions.get(sessionId)
    if (session?.takeHandOff(connection, secret)) return { session, participant: CUSTOMER_ID }
    const participant = session?.resumedBy(secret)
    if (!session || participant === undefined) throw new AlongsideError(1107)
    if (participant === CUSTOMER_ID) {
      checkOrigin(session.claims.key, connection.origin)
      session.resumeCustomer(connection, secret)
    } else session.resumeAgent(connection, participant, secret)
    return { session, participant }
  }

  /** A shop gives a token to every visitor, and a session outlives its socket: without a limit one machine could use up
   *  the memory and the PINs of a key. */
  #takePlace(place: string): () => void {
    const taken = this.#perAddress.get(place) ?? 0
    if (taken >= this.#context.limits.sessionsPerAddress)
      throw new AlongsideError(1102, undefined, { retryAfter: FULL_RETRY_S })
    this.#perAddress.set(place, taken + 1)
    return () => {
      const left = (this.#perAddress.get(place) ?? 1) - 1
      if (left > 0) this.#perAddress.set(place, left)
      else this.#perAddress.delete(place)
    }
  }

  #make(
    connection: Connection,
    claims: Claims,
    ownPin: string | undefined,
    onEnded?: (session: Session) => void,
  ): Session {
    const session = new Session({ claims, ownPin, customer: connection }, this.#context, () => {
      this.#sessions.delete(session.id)
      onEnded?.(session)
    })
    this.#sessions.set(session.id, session)
    return session
  }

  async #restore(record: SessionRecord, adopt: Parameters<Sessions['load']>[0]): Promise<void> {
    const { id: sessionId, sdkKey, userId, userName, ownPin, address } = record
    const { records, log } = this.#context
    const key = this.#tokens.keys.get(sdkKey)
    if (!key) {
      log.warn({
        event: 'session ended',
        sessionId,
        reason: 'failed',
        why: 'its SDK key is no longer configured',
        sdkKey,
      })
      return records.save(sessionId, () => undefined)
    }
    const claims = {
      key,
      userId,
      userName,
      ownPin: ownPin !== undefined,
      ...(address === undefined ? {} : { address }),
    }
    let onEnded: ((session: Session) => void) | undefined
    // The crash may have taken away agents that were asked about last; their numbers sign secrets that they still hold.
    const kept = { ...record, nextParticipant: record.nextParticipant + FORGOTTEN_AGENTS }
    const session = new Session({ claims, kept }, this.#context, () => {
      this.#sessions.delete(sessionId)
      onEnded?.(session)
    })
    this.#sessions.set(sessionId, session)
    if (address !== undefined) onEnded = adopt(session, address)
    await session.restore(record)
  }

  /** Lets go of every session without ending it: its people take it up again at the server that starts next. */
  close(): void {
    for (const session of this.#sessions.values()) session.close()
    this.#sessions.clear()
  }
}

/** An agent may choose to look only, and never to do more than its token or link says. */
export function asWatcher(claims: Claims, watchOnly: true | undefined): Claims {
  return watchOnly ? { ...claims, watchOnly } : claims
}

function wellFormed(typed: string): string {
  const pin = normalizePin(typed)
  if (pin === undefined) throw new AlongsideError(1008)
  return pin
}

/** Nobody but the inviting agent vouches for whom a link brings: without theirs in front, that agent could put the id of
 *  somebody else into the history. As long as an id may be, whatever the two are. */
function guestId(inviter: string, guest: string): string {
  const cut = (text: string, length: number) => [...text].slice(0, length).join('')
  return `${cut(inviter, 39)}/${cut(guest, 40)}`
}
