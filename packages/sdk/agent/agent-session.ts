import type { Anchor } from '@alongside/mirror/replica'
import {
  type AgentMessage,
  AlongsideError,
  CUSTOMER_ID,
  encodeFrame,
  type FrameKind,
  normalizePin,
  PROTOCOL_VERSION,
  type ToAgent,
  type Whereabouts,
} from '@alongside/protocol'
import { type Answer, answer, type Callback, describeError, makeError } from '../connection/answer.ts'
import { browserClock, type Clock } from '../connection/clock.ts'
import { createEvents } from '../connection/events.ts'
import { Line } from '../connection/line.ts'
import { socketUrl } from '../connection/origin.ts'
import { readServerError } from '../connection/server-error.ts'
import type { SocketOpener } from '../connection/socket.ts'
import { readToken } from '../connection/token-claims.ts'
import type { AgentEvents, PageInfo } from './agent-events.ts'
import {
  type AgentInput,
  type AgentState,
  type AssistMessage,
  advance,
  type Call,
  type Effect,
  type OtherAgent,
} from './agent-state.ts'
import type { Annotation } from './annotation/annotation.ts'
import { AnnotationSeat } from './annotation/annotation-seat.ts'
import { QualityMeter } from './connection-quality.ts'
import { type DeviceList, type DeviceQuery, fetchList, type SessionList } from './device-list.ts'
import { replicaFrameUrl } from './frame-url.ts'
import { Look, type ScrollMode } from './look.ts'
import { type KeptPlace, PlaceKeeper } from './place-keeper.ts'
import { readToAgent } from './read-message.ts'
import { type AssistLine, RemoteAssist } from './remote-assist.ts'
import { Stage, type Zoom } from './stage.ts'
import type { Toolbox } from './toolbox.ts'
import { View } from './view.ts'

/** How long `end` waits for the server's word. */
const END_TIMEOUT_MS = 3_000

/** A line with more than this to send is behind: some tenths of a second on a slow one. */
const MAX_WAITING_BYTES = 16 * 1024

export interface JoinOptions {
  /** The PIN that the customer reads out; spaces and hyphens do not matter. */
  pinCode: string
  /** The agent's token, made by your server. */
  sdkToken: string
  /** Only look: neither draw nor act nor end the session for all. A token with `watch_only: 1` wants the same. */
  watchOnly?: boolean
}

/** Instead of a PIN and a token: what a one-time link of a back end or of a colleague holds. */
export interface LinkOptions {
  link: string
  watchOnly?: boolean
}

/** Instead of a PIN: a session on the list of those that are open. */
export interface SessionOptions {
  sessionId: string
  /** The agent's token, made by your server. */
  sdkToken: string
  watchOnly?: boolean
}

/** Who gets a link. */
export interface ColleagueOptions {
  /** What the customer reads: 1 to 80 characters. */
  userName: string
  /** 1 to 80 characters, of which 40 are kept, behind your own id and a slash. Left out, one is made up. */
  userId?: string
  /** They may look and do nothing else. */
  watchOnly?: boolean
}

/** An address of the desk that works once. `expiresAt` in ms since the epoch, by the server's clock. */
export interface ColleagueLink {
  url: string
  expiresAt: number
}

/** Instead of a PIN: a customer on the list of those who are present. */
export interface CallOptions {
  deviceId: string
  /** The agent's token, made by your server. */
  sdkToken: string
  watchOnly?: boolean
}

type Entrance = JoinOptions | LinkOptions | CallOptions | SessionOptions

export type AgentStatus = 'idle' | 'connecting' | 'waiting' | 'live' | 'reconnecting' | 'session_recoverable' | 'ended'

export interface AgentSessionInfo {
  sessionId: string
  /** Our own number among the participants; 0 without a session. */
  participant: number
  sessionStatus: AgentStatus
  customerName: string
  paused: boolean
  /** The others that are in. `connected` is false while the line of one is down. */
  agents: OtherAgent[]
  /** What agents see is kept. */
  recorded: boolean
  /** We see the page, and can do nothing else. */
  watchOnly: boolean
}

interface AgentSessionOptions {
  origin: string
  sdkKey: string
  /** Undefined when the page only makes addresses of desks. */
  root: HTMLElement | undefined
  /** With what an earlier page left to be taken up. */
  keeper?: PlaceKeeper
  clock?: Clock
  open?: SocketOpener
}

interface Waiting {
  resolve(): void
  reject(error: AlongsideError): void
}

interface LinkWaiting {
  resolve(made: Extract<ToAgent, { type: 'link_made' }>): void
  reject(error: AlongsideError): void
}

interface Run {
  /** What it begins with: a join, or a place that is taken up. */
  hello: AgentMessage | KeptPlace
  line?: Line<AgentMessage, ToAgent>
  view?: View
  /** The server's word that this agent may have the session's pictures; each `resumed` brings another. */
  ticket: string
  stopWaiting?: () => void
}

/** An agent's session, as `init` gives it. Calls never throw and their promises never reject. */
export class AgentSession {
  readonly on: <Name extends keyof AgentEvents>(
    event: Name,
    listener: (payload: AgentEvents[Name]) => void,
  ) => () => void
  readonly off: <Name extends keyof AgentEvents>(event: Name, listener: (payload: AgentEvents[Name]) => void) => void
  /** Acting on the customer's page, with their consent. */
  readonly remoteAssist: RemoteAssist
  /** Pointing and drawing on the customer's page. */
  readonly annotation: Annotation
  readonly #events = createEvents<AgentEvents>()
  readonly #options: AgentSessionOptions
  readonly #clock: Clock
  readonly #stage: Stage | undefined
  readonly #toolbox: Toolbox | undefined
  readonly #meter: QualityMeter
  readonly #look: Look | undefined
  #page: PageInfo = NO_PAGE
  readonly #annotation: AnnotationSeat
  readonly #waiting = new Map<Call, Waiting[]>()
  /** Asked for and not answered yet, in order. */
  readonly #links: LinkWaiting[] = []
  #state: AgentState = { name: 'idle' }
  #run: Run | undefined
  /** Our number in the session; 0 before there is one. */
  #participant = 0
  readonly #keeper: PlaceKeeper

  constructor(options: AgentSessionOptions) {
    this.#options = options
    this.#clock = options.clock ?? browserClock
    this.#stage = options.root && new Stage(options.root)
    this.#look = this.#stage && this.#makeLook(this.#stage)
    this.#toolbox = this.#stage && this.#makeToolbox(this.#stage)
    this.remoteAssist = new RemoteAssist(this.#assistLine(), this.#toolbox)
    this.#meter = new QualityMeter({
      clock: this.#clock,
      isWanted: () => this.#events.has('connection_quality') && !document.hidden && !this.getSessionInfo().paused,
      probe: (peer, sequence) => this.#run?.line?.sendFrame(encodeFrame({ kind: 'probe', flags: 0, peer, sequence })),
      report: (quality) => this.#emitHere('connection_quality', quality),
    })
    this.#annotation = this.#makeAnnotation()
    this.annotation = this.#annotation.face
    this.on = this.#events.on
    this.off = this.#events.off
    this.#keeper = options.keeper ?? new PlaceKeeper(options.origin)
    // Never undone: a page has one such session, as long as it lives.
    addEventListener('pagehide', () => this.#suspend())
    addEventListener('pageshow', ({ persisted }) => persisted && this.#wake())
  }

  /** Joins the session behind a PIN; answered when the customer has agreed. Fails with 1006 for an unknown, used or
   *  expired PIN (not told apart), 1100 when the customer says no, 1101 when there is no answer, 2001 for the token, 1118
   *  for a link that was used or is too old; a call of a device, or a session of the list, also with 1112 to 1115 and
   *  1119.
   *  Without options it takes up a session whose connection dropped, or that this tab had before it was loaded again
   *  (status `session_recoverable`); the customer is not asked again. */
  join(options?: Entrance, callback?: Callback<Answer>): Promise<Answer>
  join(callback: (answer: Answer) => void): Promise<Answer>
  join(first?: Entrance | Callback<Answer>, second?: Callback<Answer>): Promise<Answer> {
    const [options, callback] = typeof first === 'function' ? [undefined, first] : [first, second]
    return answer(() => (options === undefined ? this.#rejoin() : this.#join(options)), callback)
  }

  /** Leaves; the customer and the other agents go on. Also gives up a join that is under way, and a session that could
   *  have been taken up. */
  leave(callback?: Callback<Answer>): Promise<Answer> {
    return answer(async () => {
      const { name } = this.#state
      if (name === 'idle' || name === 'away') this.#renounce(this.#keeper.kept)
      this.#input({ type: 'leave' })
      this.#keeper.forget()
      return {}
    }, callback)
  }

  /** Ends the session for everybody. */
  end(callback?: Callback<Answer>): Promise<Answer> {
    return answer(() => this.#call('end', () => this.#input({ type: 'end' })), callback)
  }

  /** The address of a desk for one agent, for an iframe or a new tab; it joins by itself. The PIN stays in the fragment,
   *  which no server sees. */
  createAgentViewerEndpoint(
    options: JoinOptions,
    callback?: Callback<Answer<{ agentViewerUrl: string }>>,
  ): Promise<Answer<{ agentViewerUrl: string }>> {
    return answer(async () => {
      const { sdkToken, pinCode } = readJoin(options, this.#options.sdkKey)
      const url = new URL('/desk', this.#options.origin)
      url.searchParams.set('access_token', sdkToken)
      url.hash = `join=${pinCode}`
      return { agentViewerUrl: url.href }
    }, callback)
  }

  /** The customers who are present and can be called with `join`. Fails with 1115 when the SDK key has no such list. */
  listDevices(
    options: DeviceQuery,
    callback?: Callback<Answer<{ list: DeviceList }>>,
  ): Promise<Answer<{ list: DeviceList }>> {
    return answer(
      async () => ({ list: await fetchList<DeviceList>(this.#options.origin, 'devices', options) }),
      callback,
    )
  }

  /** The open sessions of the SDK key; one that is `joinable` is joined with `join`, which asks its customer. Fails with
   *  1115 when the SDK key has no such list. */
  listSessions(
    options: DeviceQuery,
    callback?: Callback<Answer<{ list: SessionList }>>,
  ): Promise<Answer<{ list: SessionList }>> {
    return answer(
      async () => ({ list: await fetchList<SessionList>(this.#options.origin, 'sessions', options) }),
      callback,
    )
  }

  /** Makes an address of a desk with which a colleague asks the customer: once, within 10 minutes, and without a token.
   *  The customer reads who invited. Fails with 1103 for a name that cannot be shown, 1102 for too many, 1119 where the
   *  customer is not asked about agents, 1120 for an agent who only watches, and 1011 for one that is not in. */
  createColleagueLink(
    options: ColleagueOptions,
    callback?: Callback<Answer<ColleagueLink>>,
  ): Promise<Answer<ColleagueLink>> {
    return answer(async () => {
      const message = readColleague(options)
      if (this.#state.name !== 'live')
        throw new AlongsideError(1011, 'You are not in a session. Join one, then invite a colleague.')
      const { link, expiresAt } = await new Promise<Parameters<LinkWaiting['resolve']>[0]>((resolve, reject) => {
        this.#links.push({ resolve, reject })
        this.#run?.line?.send(message)
      })
      const { origin, sdkKey } = this.#options
      return { url: `${origin}/desk/link#${new URLSearchParams({ key: sdkKey, link })}`, expiresAt }
    }, callback)
  }

  getSessionInfo(): AgentSessionInfo {
    const { name } = this.#state
    const place = 'place' in this.#state ? this.#state.place : undefined
    const kept = name === 'idle' || name === 'away' ? this.#keeper.kept : undefined
    return {
      sessionId: (place ?? kept)?.sessionId ?? '',
      participant: place ? this.#participant : (kept?.participant ?? 0),
      sessionStatus: kept || name === 'away' ? 'session_recoverable' : name === 'ending' ? 'ended' : name,
      customerName: (place ?? kept)?.customerName ?? '',
      paused: place?.paused ?? false,
      agents: [...(place?.agents.values() ?? [])],
      watchOnly: place?.watchOnly ?? false,
      recorded: place?.recorded ?? false,
    }
  }

  /** Whether the copy scrolls along with the customer, as it does at first, or by the agent's wheel, finger and `scrollBy`.
   *  Nobody else notices. */
  setScroll(mode: ScrollMode): void {
    this.#look?.setScroll(mode)
  }

  /** Scrolls a copy that is free, in CSS pixels of the customer's viewport. */
  scrollBy(by: { x: number; y: number }): void {
    this.#look?.scrollBy(by)
  }

  /** Has a copy that `view_reduced` said is hidden made again: `view_restored` follows, or `view_reduced` once more where it
   *  would still stop this page. */
  showAgain(): void {
    this.#run?.view?.showAgain()
  }

  /** Outlines masked texts, pictures and fields in the copy; `masked_changed` tells how many are in sight. */
  showMasked(on: boolean): void {
    this.#look?.showMasked(on)
  }

  setZoom(zoom: Zoom): void {
    this.#stage?.setZoom(zoom)
  }

  /** What is shown at a place of this window, as mouse events tell it: an element of the customer's page, and where in its
   *  box. Undefined outside of the copy. */
  anchorAt(clientX: number, clientY: number): Anchor | undefined {
    return this.#toolbox?.anchorAt(clientX, clientY)
  }

  #join(given: Entrance): Promise<object> {
    return this.#call('join', () => {
      try {
        const hello = readHello(given, this.#options.sdkKey)
        if (!this.#stage)
          throw new AlongsideError(1103, 'root: expected an element of the page for the copy.', { setting: 'root' })
        this.#input({ type: 'join' }, { hello, ticket: '' })
      } catch (error) {
        this.#refuse(error)
      }
    })
  }

  async #rejoin(): Promise<object> {
    const { name } = this.#state
    if (name === 'live') return {}
    const kept = name === 'idle' || name === 'away' ? this.#keeper.kept : undefined
    if (kept && this.#stage) return this.#call('join', () => this.#takeUp(kept))
    if (name !== 'reconnecting') {
      const text = 'There is no session to take up again. Join with the code that the customer sees now.'
      return this.#refuse(new AlongsideError(1107, text))
    }
    return this.#call('join', () => this.#run?.line?.retry())
  }

  /** A join that cannot even begin. */
  #refuse(error: unknown): never {
    this.#emitHere('session_error', describeError(error))
    throw error
  }

  #takeUp(kept: KeptPlace): void {
    const { sessionId, customerName, participant } = kept
    this.#participant = participant
    const seen = { paused: false, focused: true, agents: new Map(), recorded: false, watchOnly: false }
    const place = { sessionId, customerName, ...seen }
    this.#input({ type: 'take_up', place }, { hello: kept, ticket: '' })
  }

  /** Tells the server that nobody comes back to a place that an earlier page had. */
  #renounce(kept: KeptPlace | undefined): void {
    if (!kept) return
    const { origin, open } = this.#options
    const line = new Line<AgentMessage, ToAgent>({
      url: socketUrl(origin),
      hello: kept,
      clock: this.#clock,
      ...(open ? { open } : {}),
      onMessage: ({ type }) => {
        if (type === 'resumed') line.send({ type: 'leave' })
        line.close()
      },
      onLost: () => line.close(),
      // It is over anyhow.
      onFailed: () => {},
    })
  }

  #keep(secret: string): void {
    const { sessionId, customerName } = this.getSessionInfo()
    this.#keeper.hold({ sessionId, secret, customerName, participant: this.#participant })
  }

  /** The page is left: perhaps for good, perhaps to be loaded again, perhaps the browser keeps it as it is. */
  #suspend(): void {
    if (!this.#run) return
    this.#keeper.leave()
    this.#input({ type: 'suspend' })
  }

  /** The browser brought the page back as it was. The pages after it may have used the secret. */
  #wake(): void {
    if (this.#state.name !== 'away') return
    this.#keeper.recall()
    if (this.#keeper.kept) this.#takeUp(this.#keeper.kept)
    else this.#fail(new AlongsideError(1107))
  }

  /** One call of the page that is settled by an effect. */
  #call(name: Call, begin: () => void): Promise<object> {
    return new Promise((resolve, reject) => {
      const others = this.#waiting.get(name) ?? []
      this.#waiting.set(name, [...others, { resolve: () => resolve({}), reject }])
      try {
        begin()
      } catch (error) {
        this.#waiting.set(name, others)
        reject(error)
      }
    })
  }

  /** Throws when the input stands for a call that cannot be made now. */
  #input(input: AgentInput, run?: Run): void {
    const { state, effects } = advance(this.#state, input)
    this.#state = state
    // The page's listeners come last: what they call must find this step done.
    for (const effect of effects) if (effect.do !== 'emit') this.#carryOut(effect, run)
    if (state.name === 'live') this.#settle('join')
    if (state.name === 'live') this.#meter.start()
    else {
      this.#meter.stop()
      for (const { reject } of this.#links.splice(0)) reject(new AlongsideError(1016))
    }
    this.#annotation.changed(isAnotherPage(input))
    if (state.name === 'ended' || state.name === 'idle') this.#keeper.forget()
    for (const effect of effects) if (effect.do === 'emit') this.#events.emit(effect.event, effect.payload)
  }

  #makeLook(stage: Stage): Look {
    const onMasked = (count: number) => this.#emitHere('masked_changed', { count })
    return new Look({ stage, replica: () => this.#run?.view?.replica, onMasked })
  }

  #setPage(change: Partial<PageInfo>): void {
    const page = { ...this.#page, ...change }
    if (JSON.stringify(page) === JSON.stringify(this.#page)) return
    this.#page = page
    this.#emitHere('page_changed', this.#page)
  }

  /** For annotation and remote assist; a session without a stage has neither. */
  #makeToolbox(stage: Stage): Toolbox {
    const replica = () => this.#run?.view?.replica
    return {
      layer: stage.layer,
      scale: () => stage.scale,
      replica,
      anchorAt(clientX, clientY) {
        const { left, top } = stage.layer.getBoundingClientRect()
        return replica()?.pick((clientX - left) / stage.scale, (clientY - top) / stage.scale)
      },
      sendFrame: (kind, payload) =>
        this.#run?.line?.sendFrame(encodeFrame({ kind, flags: 0, peer: CUSTOMER_ID, sequence: 0 }, payload)),
      isBehind: () => (this.#run?.line?.buffered ?? 0) > MAX_WAITING_BYTES,
      send: (message) => this.#run?.line?.send(message),
      emit: (event, payload) => this.#emitHere(event, payload),
    }
  }

  #assistLine(): AssistLine {
    const session = this
    return {
      get participant() {
        return session.#participant
      },
      get live() {
        return session.#state.name === 'live'
      },
      send: (message) => this.#run?.line?.send(message),
      sendAction: (payload) =>
        this.#run?.line?.sendFrame(
          encodeFrame({ kind: 'action', flags: 0, peer: CUSTOMER_ID, sequence: 0 }, payload),
        ) ?? false,
      now: () => this.#clock.now(),
      emit: (event, payload) => this.#emitHere(event, payload),
    }
  }

  #makeAnnotation(): AnnotationSeat {
    const place = () => ('place' in this.#state ? this.#state.place : undefined)
    return new AnnotationSeat({
      toolbox: this.#toolbox,
      self: () => this.#participant,
      nameOf: (participant) =>
        (participant === CUSTOMER_ID ? place()?.customerName : place()?.agents.get(participant)?.userName) ?? '',
      isLive: () => this.#state.name === 'live' && !this.#state.place.paused,
    })
  }

  #carryOut(effect: Exclude<Effect, { do: 'emit' }>, run: Run | undefined): void {
    switch (effect.do) {
      case 'connect':
        if (run) this.#connect(run)
        break
      case 'send':
        this.#run?.line?.send(effect.message)
        break
      case 'restart':
        this.#run?.view?.restart()
        break
      case 'shut':
        this.#shut()
        break
      case 'await_end':
        if (this.#run) this.#run.stopWaiting = this.#clock.after(END_TIMEOUT_MS, () => this.#input({ type: 'overdue' }))
        break
      case 'settle':
        this.#settle(effect.call, effect.error && makeError(effect.error))
        break
      case 'refuse':
        throw new AlongsideError(effect.code)
    }
  }

  #connect(run: Run): void {
    const stage = this.#stage
    if (!stage) return
    this.#run = run
    const { origin, open } = this.#options
    const sendFrame = (kind: FrameKind, sequence: number) =>
      run.line?.sendFrame(encodeFrame({ kind, flags: 0, peer: CUSTOMER_ID, sequence }))
    stage.open()
    run.view = new View({
      stage,
      frameUrl: replicaFrameUrl(origin),
      assetUrl: (key) => `${origin}/assets/${run.ticket}/${key}`,
      ack: (sequence) => sendFrame('ack', sequence),
      onBegin: () => this.remoteAssist.pageChanged(),
      restart: () => {
        this.#annotation.changed(true)
        sendFrame('restart', 0)
      },
      onViewport: (size) => this.#emitHere('viewport_changed', size),
      onReady: () => this.#emitHere('view_ready', {}),
      onShown: () => this.#look?.renew(),
      onTitle: (title) => this.#setPage({ title }),
      onReduced: (reduction) => this.#emitHere('view_reduced', { reduction }),
      onRestored: () => this.#emitHere('view_restored', {}),
      onBroken: () =>
        this.#fail(new AlongsideError(1108, 'The copy of the page broke several times. Join again with a new code.')),
    })
    run.line = new Line<AgentMessage, ToAgent>({
      url: socketUrl(origin),
      hello: run.hello,
      clock: this.#clock,
      ...(open ? { open } : {}),
      onMessage: (said) => {
        const message = readToAgent(said)
        if (message) this.#receive(message)
      },
      onFrame: (header, payload) => {
        if (header.kind === 'content') run.view?.receive(header, payload)
        else if (header.kind === 'result') this.remoteAssist.receiveResult(payload)
        else if (header.kind === 'probe') this.#meter.receive(header, payload)
        else if (header.kind === 'annotation') this.#annotation.receive(payload)
      },
      onLost: (attempt) => {
        this.remoteAssist.lost()
        this.#input({ type: 'lost', attempt })
      },
      onFailed: (error) => this.#fail(error),
    })
  }

  #receive(message: ToAgent): void {
    if ('assets' in message && this.#run) this.#run.ticket = message.assets ?? ''
    if (message.type === 'link_made') return this.#links.shift()?.resolve(message)
    if (message.type === 'error') {
      // On a line that is open nothing else is refused so.
      if (LINK_REFUSALS.has(message.code) && this.#links.length)
        return this.#links.shift()?.reject(readServerError(message))
      this.#fail(readServerError(message))
      return
    }
    // Before anything is sent: the server takes what follows for the proof that the secret has arrived.
    if (message.type === 'resumed') this.#keep(message.secret)
    if (message.type === 'asked') this.#participant = message.participant
    if (isAssist(message)) return this.remoteAssist.receive(message)
    this.#input(message)
    if (message.type === 'asked') this.#keep(message.secret)
    // Last: whoever listens must know of the session by then.
    this.#setPage(whereaboutsIn(message))
  }

  #fail(error: AlongsideError): void {
    this.#input({ type: 'failed', error: describeError(error) })
  }

  #emitHere<Name extends keyof AgentEvents>(event: Name, payload: Omit<AgentEvents[Name], 'sessionId'>): void {
    const { sessionId } = this.getSessionInfo()
    this.#events.emit(event, { sessionId, ...payload } as AgentEvents[Name])
  }

  #shut(): void {
    const run = this.#run
    this.#run = undefined
    this.remoteAssist.lost()
    run?.stopWaiting?.()
    run?.line?.close()
    run?.view?.close()
    this.#look?.close()
    this.#page = NO_PAGE
    this.#annotation.close()
  }

  #settle(call: Call, error?: AlongsideError): void {
    const waiting = this.#waiting.get(call) ?? []
    this.#waiting.delete(call)
    for (const { resolve, reject } of waiting) error ? reject(error) : resolve()
  }
}

/** Whether what was drawn is of a page that is gone, or hidden, which then begins anew. */
function isAnotherPage(input: AgentInput): boolean {
  if (input.type === 'customer_connection') return !input.connected
  return input.type === 'customer_transferred' || (input.type === 'paused' && input.paused)
}

/** Throws 1008 for a malformed PIN and 2001 for a token that cannot be right. */
function readHello(given: Entrance, sdkKey: string): AgentMessage {
  const more = { version: PROTOCOL_VERSION, ...(given?.watchOnly ? { watchOnly: true as const } : {}) }
  if (given && 'link' in given) return { type: 'join_link', ...more, link: String(given.link) }
  if (given && ('deviceId' in given || 'sessionId' in given)) {
    const { sdkToken: token } = given
    readToken(token, sdkKey)
    if ('deviceId' in given) return { type: 'call', ...more, token, deviceId: String(given.deviceId) }
    return { type: 'join_session', ...more, token, sessionId: String(given.sessionId) }
  }
  const { sdkToken: token, pinCode } = readJoin(given, sdkKey)
  return { type: 'join', ...more, token, pinCode }
}

/** Throws 1103 for a name of which nothing could be shown. */
function readColleague({ userName, userId, watchOnly }: ColleagueOptions = { userName: '' }): AgentMessage {
  for (const [setting, text] of Object.entries({ userName, ...(userId === undefined ? {} : { userId }) })) {
    const isName = typeof text === 'string' && /[^\s\p{C}\p{Z}]/u.test(text) && [...text].length <= 80
    if (!isName)
      throw new AlongsideError(1103, `${setting}: expected 1 to 80 characters that can be read.`, { setting })
  }
  return {
    type: 'make_link',
    userName,
    ...(userId === undefined ? {} : { userId }),
    ...(watchOnly ? { watchOnly: true } : {}),
  }
}

/** What a `make_link` may be answered with. */
const LINK_REFUSALS = new Set<number>([1102, 1119, 1120])

function readJoin(given: JoinOptions, sdkKey: string): JoinOptions {
  const { pinCode, sdkToken } = given ?? {}
  readToken(sdkToken, sdkKey)
  const pin = normalizePin(String(pinCode ?? ''))
  if (pin === undefined) throw new AlongsideError(1008)
  return { pinCode: pin, sdkToken }
}

function isAssist(message: ToAgent): message is AssistMessage {
  return message.type.startsWith('assist_')
}

const NO_PAGE: PageInfo = { title: '', site: '', browser: {} }

/** Where the customer is, so far as a message tells it. */
function whereaboutsIn(message: ToAgent): Whereabouts {
  if (message.type === 'customer_transferred') {
    const site = message.tabs.find(({ tab }) => tab === message.tab)?.site
    return site === undefined ? {} : { site }
  }
  return {
    ...('site' in message ? { site: message.site } : {}),
    ...('browser' in message ? { browser: message.browser } : {}),
  }
}
