import { randomBytes } from 'node:crypto'
import {
  type AgentInfo,
  type AgentMessage,
  AlongsideError,
  CUSTOMER_ID,
  type CustomerMessage,
  type EndReason,
  type FrameHeader,
  HEADER_BYTES,
  type KeySettings,
  type LeaveReason,
  type ParticipantId,
  SERVER_ID,
  type ToAgent,
} from '@alongside/protocol'
import type { Logger } from 'pino'
import type { AssetTickets } from '../assets/asset-tickets.ts'
import type { AssetBudget } from '../assets/assets.ts'
import type { Backplane } from '../backplane.ts'
import { type Clock, Deadline } from '../clock.ts'
import type { History } from '../history/history.ts'
import type { LiveRecords } from '../history/live-records.ts'
import { type Key, settingsForPage } from '../key.ts'
import { NO_MASK } from '../key-mask.ts'
import type { ServerLimits } from '../limits.ts'
import type { Metrics } from '../metrics.ts'
import type { Recordings } from '../recordings/recordings.ts'
import { CLOSE, type Connection } from '../socket/connection.ts'
import type { Claims } from '../token.ts'
import { Agent } from './agent.ts'
import { type AgentState, nextAgentState } from './agent-state.ts'
import { Assist } from './assist.ts'
import { CustomerSeat } from './customer-seat.ts'
import { HandOffs } from './hand-offs.ts'
import { type Gesture, relayToAgent, relayToCustomer } from './relay.ts'
import { ResumeSecret } from './resume-secret.ts'
import { Roster } from './roster.ts'
import { SessionJournal } from './session-journal.ts'
import type { ListedSession } from './session-list.ts'
import { SessionPictures } from './session-pictures.ts'
import { type LivePin, SessionPin } from './session-pin.ts'
import type { AgentRecord, SessionRecord } from './session-record.ts'
import { SessionRecording } from './session-recording.ts'
import { nextSessionState, type SessionEvent, type SessionState } from './session-state.ts'

export interface SessionContext {
  backplane: Backplane
  clock: Clock
  limits: ServerLimits
  log: Logger
  tickets: AssetTickets
  budget: AssetBudget
  metrics: Metrics
  history: History
  /** Signs resume secrets. */
  resumeKey: Uint8Array
  records: LiveRecords
  recordings: Recordings
  /** As they are now. */
  keys: ReadonlyMap<string, Key>
}

/** What a session is made of: a customer who starts one, or what was written down of one before a restart. */
export type SessionOrigin =
  | { claims: Claims; ownPin: string | undefined; customer: Connection }
  | { claims: Claims; kept: SessionRecord }

type First = 'start' | 'start_device' | 'join' | 'join_link' | 'join_session' | 'call' | 'resume'
type Later<Message extends { type: string }> = Exclude<Message, { type: First }>

/** One customer's page and the agents who see it. Frames pass through; of content only pictures and fonts are held. */
export class Session {
  /** 22 characters of URL-safe base64. */
  readonly id: string
  readonly claims: Claims
  readonly startTime: number
  readonly #context: SessionContext
  readonly #journal: SessionJournal
  readonly #onEnded: (session: Session) => void
  readonly #ownPin: string | undefined
  readonly #pin: SessionPin
  readonly #roster: Roster
  readonly #deadline: Deadline
  readonly #pictures: SessionPictures
  readonly #recording: SessionRecording
  readonly #customer: CustomerSeat
  readonly #handOffs: HandOffs
  readonly #assist: Assist
  #state: SessionState
  #nextParticipant: ParticipantId
  #paused: boolean
  /** An agent began it: without agents it is over, and no PIN is put up unless the customer asks for one. */
  #called: boolean

  constructor(origin: SessionOrigin, context: SessionContext, onEnded: (session: Session) => void) {
    const { backplane, clock, limits, budget, resumeKey } = context
    const kept = 'kept' in origin ? origin.kept : undefined
    this.claims = origin.claims
    this.id = kept?.id ?? randomBytes(16).toString('base64url')
    this.startTime = kept?.startTime ?? clock.now()
    this.#context = context
    this.#journal = new SessionJournal(context, { sdkKey: this.claims.key.sdkKey, sessionId: this.id })
    this.#onEnded = onEnded
    this.#ownPin = 'kept' in origin ? origin.kept.ownPin : origin.ownPin
    this.#roster = new Roster(limits.maxAgents)
    this.#state = kept?.state ?? { name: 'waiting', until: this.startTime + limits.pinLifetimeMs }
    this.#nextParticipant = kept?.nextParticipant ?? CUSTOMER_ID + 1
    this.#paused = kept?.paused ?? false
    this.#called = kept?.called ?? false
    this.#handOffs = new HandOffs(clock)
    this.#customer = new CustomerSeat(
      (site, record) => new ResumeSecret(resumeKey, this.id, CUSTOMER_ID, record, site),
      'customer' in origin ? origin.customer : undefined,
      kept,
    )
    const isOpen = () => this.#roster.granted().length > 0
    this.#pictures = new SessionPictures({ clock, budget, tickets: context.tickets, key: this.claims.key, isOpen })
    this.#assist = this.#makeAssist()
    this.#recording = this.#makeRecording(kept)
    this.#deadline = new Deadline(clock, () => this.#overdue())
    this.#pin = new SessionPin({
      backplane,
      clock,
      sdkKey: this.claims.key.sdkKey,
      sessionId: this.id,
      lifetimeMs: limits.pinLifetimeMs,
      length: { digits: this.claims.key.pinDigits, pinsPerLive: limits.pinsPerLive },
      ...(this.#ownPin === undefined ? {} : { own: this.#ownPin }),
    })
  }

  get state(): SessionState {
    return this.#state
  }

  /** Whether the customer is asked about each agent. Pages of a key with `agent_initiated` say yes to one that was told
   *  the PIN, unless an agent began the session: that one was told none. */
  get asksAboutAll(): boolean {
    return this.#settings().consent === 'always'
  }

  /** An agent that the customer let in. */
  agent(participant: ParticipantId): AgentInfo | undefined {
    return this.#roster.granted().find(({ info }) => info.participant === participant)?.info
  }

  /** What other agents of the key may know of it. Undefined when it is over. */
  get listed(): ListedSession | undefined {
    if (this.#state.name === 'ended') return undefined
    const { id, startTime: since, asksAboutAll: joinable } = this
    const agents = this.#roster.granted().map(({ info: { userId, userName, watchOnly } }) => ({
      userId,
      userName,
      ...(watchOnly ? { watchOnly } : {}),
    }))
    const { site } = this.#customer.tabs
    return { id, customerName: this.claims.userName, site, since, state: this.#state.name, agents, joinable }
  }

  /** Puts up the first PIN and answers the customer. Rejects with 1001 or 1010; the session has not begun then. */
  async begin(): Promise<void> {
    const live = await this.#pin.renew()
    this.#move({ name: 'extended', until: live.expiresAt })
    this.#start()
    this.#showPin(live)
    this.#noticeLoss()
  }

  /** Begins without a PIN and asks the customer about the agent who called. */
  beginCalled(connection: Connection, claims: Claims): ParticipantId {
    this.#checkRoom(claims)
    this.#called = true
    this.#start()
    const participant = this.#ask(connection, claims)
    this.#noticeLoss()
    return participant
  }

  /** Takes up what was written down before a restart: nobody's line is there, and whoever was gets the recovery window
   *  to come back. */
  async restore({ agents, pin }: SessionRecord): Promise<void> {
    if (pin) await this.#pin.restore(pin)
    for (const kept of agents) this.#restoreAgent(kept)
    this.#move({ name: 'customer_lost', until: this.#recoverUntil() })
    this.#journal.log.info({ event: 'session restored' })
  }

  /** What a server that starts again must know. Undefined when the session is over. */
  get record(): SessionRecord | undefined {
    if (this.#state.name === 'ended') return undefined
    const { id, claims, startTime } = this
    const pin = this.#pin.live
    return {
      id,
      sdkKey: claims.key.sdkKey,
      userId: claims.userId,
      userName: claims.userName,
      ...(this.#ownPin === undefined ? {} : { ownPin: this.#ownPin }),
      ...(claims.address === undefined ? {} : { address: claims.address }),
      ...(pin ? { pin } : {}),
      startTime,
      state: this.#state,
      paused: this.#paused,
      ...this.#customer.record,
      called: this.#called,
      nextParticipant: this.#nextParticipant,
      agents: this.#roster.all().flatMap(({ record }) => record ?? []),
      recording: this.#recording.record,
    }
  }

  #start(): void {
    this.#journal.started(this.claims, this.#customer.connection)
    const { id: sessionId, startTime } = this
    const { assets, store } = this.#pictures.admitCustomer()
    const settings = this.#settings()
    this.#customer.send({
      type: 'started',
      sessionId,
      secret: this.#customer.secret.value,
      startTime,
      assets,
      store,
      settings,
    })
  }

  /** Uses the PIN for an agent and asks the customer. Throws 1006, 1013 or 1015; the last two leave the PIN alone. */
  async ask(connection: Connection, claims: Claims, pin: string): Promise<ParticipantId> {
    this.#checkRoom(claims)
    if (!(await this.#pin.take(pin)) || this.#state.name === 'ended') throw new AlongsideError(1006)
    try {
      this.#checkRoom(claims)
    } catch (error) {
      // Somebody took the place meanwhile, and the PIN that the customer shows is used up.
      this.#renewPin()
      throw error
    }
    return this.#ask(connection, claims)
  }

  /** Asks the customer about an agent who called, whatever PIN is up. Throws 1013, 1015, or 1113 where the page would say
   *  yes without asking, because it trusts that the customer told the PIN. */
  askCalled(connection: Connection, claims: Claims): ParticipantId {
    if (!this.asksAboutAll) throw new AlongsideError(1113)
    this.#checkRoom(claims)
    return this.#ask(connection, claims)
  }

  #ask(connection: Connection, claims: Claims): ParticipantId {
    const former = this.#roster.findLost(claims.userId)
    const { clock, limits } = this.#context
    const until = clock.now() + limits.agentWaitMs
    const participant = this.#nextParticipant++
    const agent = this.#seat(describeAgent(participant, claims), { name: 'asked', until }, connection)
    // Not before: a session that an agent began is over without one.
    if (former) this.#agentOverdue(former)
    // The answer may take longer than the PIN would have lived.
    this.#move({ name: 'extended', until: until + limits.pinLifetimeMs })
    this.#journal.agentAsked(agent)
    const { id: sessionId, claims: customer } = this
    const secret = agent.secret.value
    const { watchOnly } = agent
    connection.send({ type: 'asked', sessionId, participant, secret, customerName: customer.userName, ...watchOnly })
    if (this.#state.name === 'recovering') connection.send(this.#customer.awayMessage)
    this.#customer.send({ type: 'agent_requested', ...agent.info })
    if (!connection.open) this.agentLost(participant, connection)
    return participant
  }

  fromCustomer(connection: Connection, message: Later<CustomerMessage>): void {
    if (connection !== this.#customer.connection) return
    switch (message.type) {
      case 'consent':
        this.#consent(message.participant, message.granted)
        break
      case 'new_pin':
        this.#renewPin()
        break
      case 'pause':
        this.#pause(message.paused)
        break
      case 'focus': {
        const { focused } = message
        if (this.#customer.tabs.focus(focused)) this.#tellAdmitted({ type: 'customer_focus', focused })
        break
      }
      case 'hand_off':
        this.#handOff(message.origin)
        break
      case 'assist_answer': {
        const { participant, types } = message
        this.#assist.take({ name: 'answered', participant, types })
        break
      }
      case 'assist_stop':
        this.#assist.take({ name: 'stopped', off: message.off === true })
        break
      case 'end':
        this.end('customer_ended')
    }
  }

  fromAgent(
    connection: Connection,
    participant: ParticipantId,
    message: Exclude<Later<AgentMessage>, { type: 'make_link' }>,
  ): void {
    const agent = this.#roster.on(connection, participant)
    if (!agent) return
    switch (message.type) {
      case 'assist_request':
      case 'assist_release':
      case 'assist_pass':
        this.#assist.fromAgent(participant, message)
        break
      case 'end':
        // An agent that was not let in cannot end what it has not joined.
        if (agent.granted && !agent.info.watchOnly) return this.end('agent_ended')
        this.#leave(agent, 'left')
        break
      case 'leave':
        this.#leave(agent, 'left')
    }
  }

  /** A binary message of the customer. `bytes` are passed on and must not be used afterwards. */
  customerFrame(connection: Connection, bytes: Uint8Array, header: FrameHeader): void {
    if (header.peer === SERVER_ID) {
      if (connection === this.#customer.connection) this.#recording.take(connection, bytes, header)
      return
    }
    const agent = this.#roster.get(header.peer)
    const isOpen = connection === this.#customer.connection && !this.#paused && agent?.state.name === 'live'
    const delivery = relayToAgent(bytes, header, isOpen ? agent.connection : undefined, this.#context.metrics)
    if (agent && delivery === 'too_slow') this.#loseSlow(agent)
  }

  agentFrame(connection: Connection, participant: ParticipantId, bytes: Uint8Array, header: FrameHeader): void {
    const agent = this.#roster.on(connection, participant)
    const to = agent?.state.name === 'live' ? this.#customer.connection : undefined
    const mayGesture = (kind: Gesture) => this.#mayGesture(agent, kind)
    if (header.kind === 'probe' && header.peer === SERVER_ID) {
      if (to && bytes.length === HEADER_BYTES && mayGesture('probe')) connection.forward(bytes)
      return
    }
    if (relayToCustomer(bytes, header, participant, to, mayGesture, this.#context.metrics) === 'too_slow') to?.cut()
  }

  #mayGesture(agent: Agent | undefined, kind: Gesture): boolean {
    if (kind === 'probe') return agent?.mayGesture() === true
    if (kind === 'restart') return agent?.mayRestart() === true
    if (!agent || agent.info.watchOnly || this.#paused) return false
    const mayDo =
      kind === 'action'
        ? this.#assist.grant?.participant === agent.info.participant
        : this.claims.key.features.agentAnnotation
    return mayDo && agent.mayGesture()
  }

  customerLost(connection: Connection): void {
    if (connection !== this.#customer.connection || this.#state.name === 'recovering' || this.#state.name === 'ended')
      return
    this.#move({ name: 'customer_lost', until: this.#recoverUntil() })
    this.#journal.log.info({ event: 'customer lost', left: connection.left })
    this.#recording.mark({ type: 'customer_connection', connected: false })
    this.#roster.send(this.#customer.awayMessage)
  }

  agentLost(participant: ParticipantId, connection: Connection): void {
    const agent = this.#roster.on(connection, participant)
    if (!agent || agent.state.name === 'lost') return
    agent.move({ name: 'lost', until: this.#recoverUntil(), reason: 'connection_lost' })
    this.#save()
    this.#journal.log.info({ event: 'agent lost', participant })
    this.#assist.take({ name: 'gone', by: participant })
    if (agent.granted) this.#announce(agent, { type: 'agent_connection', participant, connected: false })
  }

  /** Whose secret this is. A used-up one counts against its owner: after too many in a row a customer's ends the session
   *  for everybody, an agent's sends that agent away. One that was never the session's counts for nothing, or whoever
   *  reads a session's id somewhere could end it. */
  resumedBy(secret: string): ParticipantId | undefined {
    const giveUp = () => this.end('failed')
    if (this.#customer.secrets.some((own) => this.#judge(own, CUSTOMER_ID, secret, giveUp))) return CUSTOMER_ID
    const owner = this.#roster.all().find((agent) => {
      const giveUp = () => this.#leave(agent, 'connection_lost')
      return this.#judge(agent.secret, agent.info.participant, secret, giveUp)
    })
    return owner?.info.participant
  }

  /** Throws 1004 when another tab may not take the session over. */
  resumeCustomer(connection: Connection, secret: string): void {
    if (!this.#customer.tabs.isCurrent(connection.tab) && !this.claims.key.features.multiTab)
      throw new AlongsideError(1004)
    this.#customer.returnTo(secret)
    this.#customerBack(connection, () => this.#customer.secret.rotate(secret))
  }

  /** Takes the session up at the site that a token was made for. False when it was made for another one, was used, or is
   *  too old. */
  takeHandOff(connection: Connection, token: string): boolean {
    const { origin } = connection
    if (origin === undefined || !this.#handOffs.use(token, origin)) return false
    this.#customer.enterSite(origin)
    this.#customerBack(connection, () => this.#customer.secret.renew())
    return true
  }

  #handOff(origin: string): void {
    const { allowedOrigins } = this.claims.key
    if (allowedOrigins && !allowedOrigins.includes(origin)) this.#customer.send({ type: 'error', code: 1109 })
    else this.#customer.send({ type: 'handed_off', ...this.#handOffs.issue(origin) })
  }

  #customerBack(connection: Connection, nextSecret: () => string): void {
    const moved = this.#customer.take(connection)
    this.#move({ name: 'customer_back', agents: this.#roster.granted().length })
    this.#journal.log.info({ event: 'customer resumed' })
    const agents = this.#roster.all().map(({ info, granted }) => ({
      ...info,
      state: granted ? ('live' as const) : ('asked' as const),
    }))
    const next = nextSecret()
    const { assets, store } = this.#pictures.admitCustomer()
    const settings = this.#settings()
    const { grant: assist } = this.#assist
    connection.send({
      type: 'resumed',
      secret: next,
      startTime: this.startTime,
      agents,
      assets,
      store,
      settings,
      ...(assist ? { assist } : {}),
    })
    this.#assist.askAgain()
    const pin = this.#pin.live
    if (pin) connection.send({ type: 'pin', ...pin })
    for (const news of this.#roster.lineNews) connection.send(news)
    this.#roster.send({ type: 'customer_connection', connected: true, ...this.#customer.whereabouts })
    this.#recording.mark({ type: 'customer_connection', connected: true })
    if (moved) this.#tellAdmitted(this.#customer.tabs.place)
    // A reloaded page knows nothing of a pause; one that does says so again.
    this.#pause(false)
  }

  resumeAgent(connection: Connection, participant: ParticipantId, secret: string): void {
    const agent = this.#roster.get(participant)
    if (!agent) return
    const former = agent.connection
    // Whoever acts on a page has not just come back to it.
    this.#assist.take({ name: 'gone', by: participant })
    agent.connection = connection
    if (former?.open) former.refuse(new AlongsideError(1015))
    const lostBy = agent.state.name === 'lost' ? agent.state.reason : undefined
    const next = agent.secret.rotate(secret)
    agent.move({ name: 'back' })
    this.#save()
    this.#journal.log.info({ event: 'agent resumed', participant })
    if (agent.granted) {
      const others = this.#roster.granted().filter((other) => other !== agent)
      const agents = others.map(({ info }) => info)
      const { startTime } = this
      const assets = this.#pictures.admitAgent(agent)
      connection.send({
        type: 'resumed',
        secret: next,
        state: 'live',
        ...agent.watchOnly,
        startTime,
        agents,
        assets,
        ...this.#customer.whereabouts,
      })
    } else connection.send({ type: 'resumed', secret: next, state: 'asked', ...agent.watchOnly })
    if (this.#state.name === 'recovering') connection.send(this.#customer.awayMessage)
    if (this.#paused) connection.send({ type: 'paused', paused: true })
    if (!agent.granted) return
    this.#brief(agent)
    this.#recording.wake()
    if (lostBy === 'too_slow') this.#announce(agent, { type: 'agent_joined', ...agent.info })
    else if (lostBy) this.#announce(agent, { type: 'agent_connection', participant, connected: true })
  }

  /** The peer spoke on its present socket, so the resume secret that it was sent has arrived. */
  confirm(connection: Connection): void {
    const isCustomer = connection === this.#customer.connection
    const secret = isCustomer
      ? this.#customer.secret
      : this.#roster.all().find((agent) => agent.connection === connection)?.secret
    if (secret?.confirm()) this.#save()
  }

  /** Ends the session for everybody. May be called twice. */
  end(reason: EndReason): void {
    this.#move({ name: 'finished', reason })
  }

  /** Lets go of timers, pictures and tickets. The session goes on in the server that starts next; may be called twice. */
  close(): void {
    this.#deadline.set(undefined)
    for (const agent of this.#roster.all()) this.#roster.remove(agent)
    this.#pictures.close()
  }

  /** The socket may have closed while the session began. */
  #noticeLoss(): void {
    const { connection } = this.#customer
    if (connection?.open === false) this.customerLost(connection)
  }

  #seat(info: AgentInfo, state: AgentState, connection: Connection | undefined, kept?: AgentRecord): Agent {
    const { clock, resumeKey } = this.#context
    const secret = new ResumeSecret(resumeKey, this.id, info.participant, kept?.resume)
    const agent = new Agent(info, secret, state, connection, clock, () => this.#agentOverdue(agent))
    this.#roster.add(agent)
    return agent
  }

  #restoreAgent(kept: AgentRecord): void {
    const { participant, state } = kept
    const lost = { name: 'lost', until: this.#recoverUntil(), reason: 'connection_lost' } as const
    this.#seat(describeAgent(participant, kept), nextAgentState(state, lost), undefined, kept)
  }

  #judge(own: ResumeSecret, participant: ParticipantId, offered: string, giveUp: () => void): boolean {
    const verdict = own.judge(offered)
    if (verdict !== 'used_up') return verdict === 'right'
    this.#journal.log.warn({ event: 'resume failed', participant, failures: own.failures })
    this.#save()
    if (own.failures >= this.#context.limits.maxFailedResumes) giveUp()
    return false
  }

  #consent(participant: ParticipantId, granted: boolean): void {
    const agent = this.#roster.get(participant)
    // It may have left while the customer was making up their mind.
    if (!agent) return
    if (!granted) this.#leave(agent, 'declined')
    else if (!agent.granted) this.#admit(agent)
  }

  #admit(agent: Agent): void {
    const agents = this.#roster.granted().map(({ info }) => info)
    agent.move({ name: 'granted' })
    this.#move({ name: 'agent_granted' })
    this.#journal.agentJoined(agent)
    // While its line is down it is given none: `resumed` brings one.
    if (agent.state.name === 'live') {
      const assets = this.#pictures.admitAgent(agent)
      agent.connection?.send({
        type: 'joined',
        startTime: this.startTime,
        agents,
        assets,
        ...this.#customer.whereabouts,
      })
    }
    if (this.#paused) agent.connection?.send({ type: 'paused', paused: true })
    const { lineNews } = this.#roster
    this.#brief(agent)
    this.#recording.mark({ type: 'agent_joined', ...agent.info })
    this.#announce(agent, { type: 'agent_joined', ...agent.info })
    const own = lineNews.find(({ participant }) => participant === agent.info.participant)
    if (own) this.#announce(agent, own)
  }

  /** Tells an agent that comes in where the customer is, whose line is down, who acts on the page, and whether it
   *  is recorded. */
  #brief({ connection }: Agent): void {
    for (const news of [...this.#customer.tabs.news, ...this.#roster.lineNews]) connection?.send(news)
    if (this.#assist.grant) connection?.send({ type: 'assist_started', ...this.#assist.grant })
    const { state } = this.#recording
    if (state !== 'off') connection?.send({ type: 'recording', recorded: state === 'on' })
  }

  #makeAssist(): Assist {
    return new Assist({
      clock: this.#context.clock,
      allowed: this.claims.key.features.remoteAssist,
      toCustomer: (message) => this.#customer.send(message),
      toAgent: (participant, message) => this.#roster.get(participant)?.connection?.send(message),
      toAgents: (message) => this.#tellAdmitted(message),
      mayHave: (participant) => {
        const agent = this.#roster.get(participant)
        return agent?.state.name === 'live' && !agent.info.watchOnly
      },
      note: (news) => this.#journal.assist(news, (participant) => this.#roster.get(participant)),
    })
  }

  #leave(agent: Agent, reason: 'left' | 'declined' | 'connection_lost'): void {
    const before = agent.standing
    agent.move({ name: 'left', reason })
    this.#bury(agent, before)
  }

  #agentOverdue(agent: Agent): void {
    const before = agent.standing
    agent.move({ name: 'overdue' })
    if (agent.state.name === 'gone') this.#bury(agent, before)
  }

  // `before` is what the agent was: only one that was in is told to the other agents, and only for one that was not
  // the customer needs the next PIN at once.
  #bury(agent: Agent, before: 'asked' | 'live' | 'gone'): void {
    const reason = agent.leaveReason ?? 'left'
    this.#assist.take({ name: 'gone', by: agent.info.participant })
    this.#roster.remove(agent)
    this.#save()
    this.#journal.agentLeft(agent, reason, before === 'live')
    const left = { type: 'agent_left', reason, ...agent.info } as const
    if (before === 'live') this.#recording.mark({ type: 'agent_left', participant: agent.info.participant })
    // A slow agent's leaving was told when it was cut off.
    if (reason !== 'too_slow') {
      if (before === 'live') this.#announce(agent, left)
      else this.#customer.send(left)
    }
    if (reason === 'declined') agent.connection?.refuse(new AlongsideError(1100))
    else if (reason === 'no_answer') agent.connection?.refuse(new AlongsideError(1101))
    else if (reason === 'connection_lost') agent.connection?.refuse(new AlongsideError(1107))
    else agent.connection?.close(CLOSE.ended)
    if (this.#roster.granted().length === 0) {
      this.#move({ name: 'agents_gone', until: this.#context.clock.now() + this.#context.limits.pinLifetimeMs })
    }
    const isOver = this.#roster.all().length === 0 && (this.#called || reason === 'no_answer')
    if (isOver) this.end(END_WITH_LAST[reason])
    else if (before === 'asked' && !this.#called) this.#renewPin()
  }

  #loseSlow(agent: Agent): void {
    agent.move({ name: 'lost', until: this.#recoverUntil(), reason: 'too_slow' })
    this.#save()
    this.#journal.agentTooSlow(agent)
    this.#assist.take({ name: 'gone', by: agent.info.participant })
    agent.connection?.close(CLOSE.tooSlow)
    this.#announce(agent, { type: 'agent_left', reason: 'too_slow', ...agent.info })
  }

  #renewPin(): void {
    this.#pin.renew().then(
      (live) => {
        if (this.#state.name === 'ended') return void this.#pin.release()
        this.#move({ name: 'extended', until: live.expiresAt })
        this.#showPin(live)
      },
      (error: unknown) => {
        this.#journal.log.error({ event: 'no new pin', err: error })
        this.#customer.send({ type: 'error', code: error instanceof AlongsideError ? error.code : 9999 })
      },
    )
  }

  #showPin(live: LivePin): void {
    this.#journal.pinShown(live.pin)
    this.#customer.send({ type: 'pin', ...live })
  }

  #pause(paused: boolean): void {
    if (paused === this.#paused) return
    this.#paused = paused
    this.#save()
    if (paused) this.#assist.take({ name: 'paused' })
    this.#recording.mark({ type: 'paused', paused })
    this.#tellAdmitted({ type: 'paused', paused })
  }

  #makeRecording(kept: SessionRecord | undefined): SessionRecording {
    const { recordings, clock } = this.#context
    const { key, userName: customerName } = this.claims
    const options = {
      sdkKey: key.sdkKey,
      sessionId: this.id,
      customerName,
      recordings,
      clock,
      pictures: this.#pictures,
      isShown: () => !this.#paused && this.#roster.all().some(({ state }) => state.name === 'live'),
      agents: () => this.#roster.granted().map(({ info }) => info),
      send: (frame: Uint8Array) => this.#customer.connection?.forward(frame),
      onChange: () => {
        this.#save()
        if (this.#recording.state === 'stopped') this.#tellOfStop()
      },
    }
    // What the key says later is for sessions whose customer reads it before the first answer.
    // Without its id the recording that went on before the restart is one that nobody goes on with, and is ended.
    const wasOn = kept?.recording.state === 'on'
    const before = wasOn && key.recording === 'off' ? { state: 'stopped' as const } : kept?.recording
    return new SessionRecording(options, before ?? { state: key.recording })
  }

  #settings(): KeySettings {
    const { mask = NO_MASK } = this.#context.keys.get(this.claims.key.sdkKey) ?? {}
    return settingsForPage({ ...this.claims.key, mask }, this.#called, this.#recording.state === 'on')
  }

  /** The key masks otherwise from now on. A customer who is away learns it when it resumes. */
  tellMask(): void {
    const { mask = NO_MASK } = this.#settings()
    this.#customer.send({ type: 'mask', mask })
  }

  #tellOfStop(): void {
    this.#customer.send({ type: 'recording', recorded: false })
    this.#tellAdmitted({ type: 'recording', recorded: false })
  }

  #tellAdmitted(message: ToAgent): void {
    this.#roster.send(message, this.#roster.granted())
  }

  // To the customer and to the other agents that are in.
  #announce(
    about: Agent,
    message: Extract<ToAgent, { type: 'agent_joined' | 'agent_left' | 'agent_connection' }>,
  ): void {
    this.#customer.send(message)
    this.#roster.send(
      message,
      this.#roster.granted().filter((agent) => agent !== about),
    )
  }

  #checkRoom(claims: Claims): void {
    if (claims.userId === this.claims.userId) throw new AlongsideError(1015)
    this.#roster.checkRoom(claims.userId)
  }

  #recoverUntil(): number {
    return this.#context.clock.now() + this.#context.limits.recoveryWindowMs
  }

  #save(): void {
    this.#context.records.save(this.id, () => this.record)
  }

  #overdue(): void {
    this.#move({ name: 'overdue' })
  }

  #move(event: SessionEvent): void {
    const before = this.#state
    this.#state = nextSessionState(before, event)
    this.#deadline.set('until' in this.#state ? this.#state.until : undefined)
    this.#save()
    if (this.#state.name === 'ended' && before.name !== 'ended') this.#finish(this.#state.reason)
  }

  #finish(reason: EndReason): void {
    this.#journal.ended(reason)
    this.#recording.finish()
    for (const { connection } of [this.#customer, ...this.#roster.all()]) {
      connection?.send({ type: 'ended', reason })
      connection?.close(CLOSE.ended)
    }
    this.close()
    void this.#pin.release()
    this.#onEnded(this)
  }
}

/** What others may know of an agent. */
function describeAgent(
  participant: ParticipantId,
  { userId, userName, watchOnly, invitedBy }: Omit<AgentInfo, 'participant'>,
): AgentInfo {
  return {
    participant,
    userId,
    userName,
    ...(watchOnly ? { watchOnly } : {}),
    ...(invitedBy === undefined ? {} : { invitedBy }),
  }
}

/** Why a session ends with its last agent, by how that agent left. */
const END_WITH_LAST: Record<LeaveReason, EndReason> = {
  left: 'agent_ended',
  declined: 'customer_ended',
  no_answer: 'expired',
  connection_lost: 'connection_lost',
  too_slow: 'connection_lost',
}
