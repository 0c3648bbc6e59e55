import {
  type AgentInfo,
  AlongsideError,
  type CustomerMessage,
  ERRORS,
  encodeFrame,
  normalizePin,
  PROTOCOL_VERSION,
  type ToCustomer,
} from '@alongside/protocol'
import { describeError, makeError } from '../connection/answer.ts'
import { browserClock, type Clock } from '../connection/clock.ts'
import { Line, type Ticket } from '../connection/line.ts'
import { socketUrl } from '../connection/origin.ts'
import { readServerError } from '../connection/server-error.ts'
import type { SocketOpener } from '../connection/socket.ts'
import { readToken } from '../connection/token-claims.ts'
import { Assets } from './assets.ts'
import type { KeptSession } from './kept-session.ts'
import { pageDocument } from './page-document.ts'
import { PageMask } from './page-mask.ts'
import { PageShare } from './page-share.ts'
import type { PanelActions, SessionView } from './panel/session-view.ts'
import type { AssistMessage, CustomerTool } from './part.ts'
import { Parts } from './parts.ts'
import type { CoreOptions, SessionCore } from './session-core.ts'
import type { SessionEvents } from './session-events.ts'
import type { DeviceStart, SessionInfo, StartOptions } from './session-face.ts'
import { sessionFeatures } from './session-features.ts'
import {
  advance,
  type Call,
  type Effect,
  type OpenSession,
  type SessionInput,
  type SessionState,
} from './session-state.ts'
import { takeSiteLock } from './site-lock.ts'
import { TabKeeper } from './tab-keeper.ts'
import { isLookedAt, watchTab } from './tab-watch.ts'

/** How long `end` waits for the server's word: longer and the customer would wonder whether it worked. */
const END_TIMEOUT_MS = 3_000

const NOTHING_KEPT = 'There is no session to take up again. Start a new one.'

/** A capture that breaks again within this time is not tried a third time: the page itself breaks it. */
const CAPTURE_RETRY_MS = 10_000

type Incoming<Type extends ToCustomer['type']> = Extract<ToCustomer, { type: Type }>

type CustomerLine = Line<CustomerMessage, ToCustomer>

interface Waiting<Result = object> {
  resolve(result: Result): void
  reject(error: AlongsideError): void
}

/** What one `start` or `join` holds until it is over. */
interface Run {
  /** What the server is told first, or what it gave an earlier page to come back with. */
  hello: CustomerMessage | Ticket
  mask: PageMask
  share: PageShare
  parts: Parts
  assets: Assets
  line?: CustomerLine
  /** What the server says while the rules of the key are loaded. */
  held?: ToCustomer[] | undefined
  /** Undone when the run is over, last first. */
  undo: (() => void)[]
}

/** A customer's session in the browser: carries out what `advance` decides. */
export class BrowserSession implements SessionCore {
  readonly #options: CoreOptions
  readonly #view: SessionView
  readonly #clock: Clock
  readonly #open: SocketOpener | undefined
  readonly #waiting = new Map<Call | 'join', Waiting[]>()
  /** Asked for and not answered yet, in order. */
  readonly #handOffs: Waiting<Incoming<'handed_off'>>[] = []
  readonly #keeper: TabKeeper
  #state: SessionState = { name: 'idle' }
  #run: Run | undefined
  /** With what this page came back last, or could: empty while another one has the session. */
  #secret = ''
  #stopWatching: (() => void) | undefined
  #lastFault = Number.NEGATIVE_INFINITY

  constructor(
    options: CoreOptions,
    makeView: (actions: PanelActions) => SessionView,
    clock: Clock = browserClock,
    open?: SocketOpener,
  ) {
    this.#options = options
    this.#clock = clock
    this.#open = open
    this.#keeper = new TabKeeper(options.settings, options.origin)
    this.#view = makeView({
      answer: (participant, granted) => this.#input({ type: 'answered', participant, granted }),
      end: () => void this.end(),
      pause: (paused) => void this.pause(paused).catch(() => {}),
      newPin: () => void this.newPin().catch(() => {}),
      draw: (on) => void this.draw(on && 'pen').catch(() => {}),
      preview: () => void this.preview().catch(() => {}),
    })
  }

  async start(options: StartOptions | DeviceStart): Promise<object> {
    await this.#makeRoom().catch((error: unknown) => this.#refuse(error))
    return this.#call('start', () => {
      try {
        this.#input({ type: 'start' }, this.#prepare(greet(options ?? {}, this.#options.sdkKey, this.#keeper.tab)))
      } catch (error) {
        this.#refuse(error)
      }
    })
  }

  async join(): Promise<object> {
    switch (this.#state.name) {
      case 'open':
        return {}
      case 'connecting':
        return this.#refuse(new AlongsideError(1002))
      case 'reconnecting':
        return this.#call('join', () => this.#run?.line?.retry())
      case 'idle':
      case 'away':
        return this.#attach(this.#keeper.read())
      default:
        return this.#refuse(new AlongsideError(1107, NOTHING_KEPT))
    }
  }

  async end(): Promise<object> {
    const kept = this.#isAbsent() ? this.#keeper.read() : undefined
    // To end it, this page must have it.
    if (kept) this.#takeUp(kept)
    return this.#call('end', () => this.#input({ type: 'end' }))
  }

  async pause(paused: boolean): Promise<object> {
    this.#input({ type: 'pause', paused })
    return {}
  }

  async preview(): Promise<object> {
    const session = this.#state.name === 'open' ? this.#state.session : undefined
    if (session?.paused || ![...(session?.agents.values() ?? [])].some(({ standing }) => standing === 'live'))
      throw new AlongsideError(1011, 'No agent sees this page now. Try again when one does.')
    const part = await this.#run?.parts.get('preview')
    part?.open?.()
    return {}
  }

  async newPin(): Promise<{ pinCode: string; expiresAt: number }> {
    await this.#call('new_pin', () => this.#input({ type: 'new_pin' }))
    const pin = 'session' in this.#state ? this.#state.session.pin : undefined
    if (!pin) throw new AlongsideError(1011)
    return { pinCode: pin.pin, expiresAt: pin.expiresAt }
  }

  async draw(tool?: CustomerTool | false): Promise<object> {
    const part = await this.#run?.parts.get('annotation')
    try {
      if (!part?.draw) throw new AlongsideError(1011)
      part.draw(tool !== false, tool || 'pen')
    } catch (error) {
      this.#refuse(error)
    }
    return {}
  }

  async handOff(url: string): Promise<{ url: string }> {
    try {
      const { readTrusted, writeHandOff } = await this.#options.load('leave-site').catch(() => {
        throw new AlongsideError(1016)
      })
      const to = readTrusted(url, this.#options.settings)
      if (this.#state.name !== 'open') throw new AlongsideError(1011)
      const { token } = await new Promise<Incoming<'handed_off'>>((resolve, reject) => {
        this.#handOffs.push({ resolve, reject })
        this.#run?.line?.send({ type: 'hand_off', origin: to.origin })
      })
      return { url: writeHandOff(to, this.#keeper.handOff(token)) }
    } catch (error) {
      this.#refuse(error)
    }
  }

  info(): SessionInfo {
    const state = this.#state
    if (!('session' in state)) {
      const { kept } = this.#options
      const isKept = state.name === 'idle' && kept && this.#keeper.read()?.sessionId === kept.sessionId
      return {
        sessionId: isKept ? kept.sessionId : '',
        sessionStatus: isKept ? 'session_recoverable' : state.name,
        pinCode: '',
        paused: false,
        agents: [],
        asking: [],
      }
    }
    const { sessionId, pin, paused, agents } = state.session
    if (state.name === 'away')
      return { sessionId, sessionStatus: 'session_recoverable', pinCode: '', paused, agents: [], asking: [] }
    const named = (wanted: string) =>
      [...agents.values()]
        .filter(({ standing }) => standing === wanted)
        .map(({ userId, userName }) => ({ userId, userName }))
    const live = named('live')
    const open = live.length ? 'live' : 'waiting'
    return {
      sessionId,
      sessionStatus: state.name === 'open' ? open : state.name === 'ending' ? 'ended' : state.name,
      pinCode: pin?.pin ?? '',
      ...(pin ? { pinExpiresAt: pin.expiresAt } : {}),
      paused,
      agents: live,
      asking: named('asked'),
      features: sessionFeatures(this.#options.settings, state.session.settings),
      recorded: state.session.settings.recording === 'on',
    }
  }

  /** Takes a kept session up. Where another tab has it and the customer does not look here, this one stands by. */
  async #attach(kept: KeptSession | undefined): Promise<object> {
    if (!kept) return this.#refuse(new AlongsideError(1107, NOTHING_KEPT))
    if (this.#keeper.isOwn(kept) || kept.left || pageDocument.visibilityState === 'visible')
      return this.#call('join', () => this.#takeUp(kept))
    this.#input({ type: 'stand_by', session: readSession(kept) })
    return {}
  }

  #takeUp(kept: KeptSession): void {
    const { sessionId, secret } = kept
    this.#secret = secret
    this.#input({ type: 'take_up', session: readSession(kept) }, this.#prepare({ sessionId, secret }))
  }

  /** A session that an earlier page left gives way to a new start. Rejects with 1004 for one that lives in another tab. */
  async #makeRoom(): Promise<void> {
    const kept = this.#isAbsent() ? this.#keeper.read() : undefined
    if (kept && !kept.left && !this.#keeper.isOwn(kept)) throw new AlongsideError(1004)
    if (kept && this.#options.kept) await this.end()
  }

  #refuse(error: unknown): never {
    this.#report(error)
    throw error
  }

  #isAbsent(): boolean {
    return this.#state.name === 'away' || (this.#state.name === 'idle' && this.#options.kept !== undefined)
  }

  /** Throws 1103 when the mask is not valid. */
  #prepare(hello: CustomerMessage | Ticket): Run {
    const mask = new PageMask(this.#options.settings, this.#options.quiet)
    const assets = new Assets({ origin: this.#options.origin, clock: this.#clock })
    const run: Run = {
      hello,
      undo: [],
      mask,
      assets,
      share: new PageShare({
        mask,
        excluded: this.#view.nodes,
        assets,
        settings: this.#options.settings,
        load: this.#options.load,
        clock: this.#clock,
        recorded: () => 'session' in this.#state && this.#state.session.settings.recording === 'on',
        send: (frame) => run.line?.sendFrame(frame) ?? false,
        onError: () => this.#captureBroke(run),
      }),
      parts: new Parts(
        this.#options.load,
        {
          settings: this.#options.settings,
          clock: this.#clock,
          session: () => (this.#state.name === 'open' ? this.#state.session : undefined),
          features: () => this.info().features,
          copy: () => run.share.copy,
          isSeen: (participant) => run.share.isSeen(participant),
          maskOf: (node) => run.share.maskOf(node),
          isOurs: (node) => this.#view.nodes.has(node),
          handOff: (url) => this.handOff(url),
          watch: (send) => run.share.watch(send),
          addressOf: (key) => assets.addressOf(key),
          nodeOf: (number) => run.share.nodeOf(number),
          numberOf: (node) => run.share.numberOf(node),
          sendFrame: (kind, peer, payload) =>
            run.line?.sendFrame(encodeFrame({ kind, flags: 0, peer, sequence: 0 }, payload)),
          send: (message) => run.line?.send(message),
          emit: (event, payload) => this.#emit(event, { sessionId: this.info().sessionId, ...payload } as never),
          layer: () => this.#view.layer(),
          panel: this.#view,
        },
        (error) => this.#report(error),
      ),
    }
    return run
  }

  /** One call of the page that is settled by an effect. */
  #call(name: Call | 'join', begin: () => void): Promise<object> {
    return new Promise((resolve, reject) => {
      const waiting = { resolve, reject }
      const others = this.#waiting.get(name) ?? []
      this.#waiting.set(name, [...others, waiting])
      try {
        begin()
      } catch (error) {
        this.#waiting.set(name, others)
        reject(error)
      }
    })
  }

  /** Throws when the input stands for a call that cannot be made now. */
  #input(input: SessionInput, run?: Run): void {
    const { state, effects } = advance(this.#state, input)
    this.#state = state
    this.#remember()
    // The page's listeners come last: what they call must find this step done.
    for (const effect of effects) if (effect.do !== 'emit') this.#carryOut(effect, run)
    this.#settleJoins()
    this.#view.show(state)
    this.#run?.parts.changed()
    for (const effect of effects) if (effect.do === 'emit') this.#emit(effect.event, effect.payload)
  }

  #carryOut(effect: Exclude<Effect, { do: 'emit' }>, run: Run | undefined): void {
    switch (effect.do) {
      case 'connect':
        if (run) void this.#connect(run)
        break
      case 'send':
        this.#run?.line?.send(effect.message)
        break
      case 'ask':
        this.#ask(effect.agent)
        break
      case 'unask':
        this.#view.unask(effect.participant)
        break
      case 'stream':
        this.#run?.share.open(effect.participant)
        break
      case 'unstream':
        this.#run?.share.close(effect.participant)
        break
      case 'shut':
        this.#shut(effect.line)
        break
      case 'settle':
        this.#settle(effect.call, effect.error && makeError(effect.error))
        break
      case 'refuse':
        throw new AlongsideError(effect.code, effect.text)
    }
  }

  async #connect(run: Run): Promise<void> {
    this.#run = run
    this.#view.forget()
    try {
      const release = await takeSiteLock('secret' in run.hello)
      if (this.#run !== run) return release()
      run.undo.push(release)
    } catch (error) {
      if (this.#run === run) this.#input({ type: 'failed', error: describeError(error) })
      return
    }
    this.#openLine(run, run.hello)
  }

  #openLine(run: Run, hello: CustomerMessage | Ticket): void {
    run.line = new Line<CustomerMessage, ToCustomer>({
      url: socketUrl(this.#options.origin),
      hello,
      tab: this.#keeper.tab,
      clock: this.#clock,
      ...(this.#open ? { open: this.#open } : {}),
      onMessage: (message) => this.#receive(message),
      onFrame: (header, payload) => {
        run.share.receive(header)
        run.parts.receive(header, payload)
      },
      onLost: (attempt) => this.#input({ type: 'lost', attempt }),
      onFailed: (error) => this.#input({ type: 'failed', error: describeError(error) }),
    })
  }

  /** What the key masks counts before anything else that the server says. */
  #receive(message: ToCustomer): void {
    const run = this.#run
    if (run?.held) return void run.held.push(message)
    const said = message.type === 'mask' ? message : 'settings' in message ? message.settings : undefined
    if (!run || !said || !(said.mask || run.mask.key)) return this.#take(message)
    const held: ToCustomer[] = []
    run.held = held
    run.mask.obey(said.mask, this.#options.load).then(
      () => {
        if (this.#run !== run) return
        run.held = undefined
        run.share.remask()
        this.#take(message)
        for (const next of held) this.#receive(next)
      },
      (error: unknown) => {
        if (this.#run !== run) return
        run.line?.send({ type: 'end' })
        this.#input({ type: 'failed', error: describeError(error) })
      },
    )
  }

  #take(message: ToCustomer): void {
    if (message.type === 'error' && this.#state.name === 'connecting' && !(message.code in ERRORS))
      return this.#learn(message)
    if (message.type === 'handed_off') return this.#handOffs.shift()?.resolve(message)
    // On a line that is open nothing else is refused so.
    if (message.type === 'error' && message.code === 1109 && this.#handOffs.length)
      return this.#handOffs.shift()?.reject(readServerError(message))
    if (message.type === 'error' && message.code === 1107 && this.#tryNewer()) return
    if ('secret' in message) this.#secret = message.secret
    if ('assets' in message && this.#run) this.#run.assets.use(message.assets, message.store)
    if (message.type === 'error') {
      this.#input({ type: 'error', error: describeError(readServerError(message)) })
    } else if (message.type === 'started') this.#input({ ...message, now: Date.now() })
    else if (isKnown(message)) this.#input(message)
    if (isAssist(message)) this.#run?.parts.tell(message)
    // Without a word the server takes it that the customer looks here, or of a former tab what that one said.
    if (message.type === 'resumed' || (message.type === 'started' && !isLookedAt())) this.#look()
  }

  /** Loads what most refused starts are told with. */
  #learn(message: Incoming<'error'>): void {
    const run = this.#run
    run?.line?.close()
    this.#options
      .load('errors')
      .then(
        (module) => Object.assign(ERRORS, module.ERRORS),
        () => {},
      )
      .then(() => {
        if (this.#run === run) this.#input({ type: 'error', error: describeError(readServerError(message)) })
      })
  }

  /** Another tab may have taken the session over and given it back since our secret was read. */
  #tryNewer(): boolean {
    const { sessionId } = this.info()
    const kept = this.#keeper.read()
    if (!this.#run || kept?.sessionId !== sessionId || kept.secret === this.#secret) {
      this.#keeper.forget(sessionId)
      return false
    }
    this.#secret = kept.secret
    this.#run.line?.close()
    this.#openLine(this.#run, kept)
    return true
  }

  /** Keeps what the next page needs, before anything is sent: the server takes what follows for the proof that the
   *  secret has arrived. */
  #remember(): void {
    const state = this.#state
    if (state.name === 'open' || (state.name === 'reconnecting' && !state.anew)) {
      const { sessionId, startTime, skew, paused, met, agents } = state.session
      // The server says what the key masks whenever the session is taken up.
      const { mask: _, ...settings } = state.session.settings
      if (!settings.features.multiTab) this.#keeper.keepApart()
      const granted = [...agents.values()].filter(({ standing }) => standing !== 'asked')
      const kept = { sessionId, secret: this.#secret, startTime, skew, paused, met, settings }
      this.#keeper.hold({ ...kept, agents: granted.map(({ participant }) => participant) })
    } else if (state.name === 'away') this.#keeper.yield()
    else if (state.name === 'ending' || state.name === 'ended') this.#keeper.forget(state.session.sessionId)
    if (state.name === 'idle' || state.name === 'ended') {
      this.#stopWatching?.()
      this.#stopWatching = undefined
    } else {
      this.#stopWatching ??= watchTab({
        onLook: () => this.#look(),
        onLeave: () => this.#leave(),
        onReturn: () => this.#return(),
      })
    }
  }

  #look(): void {
    const { name } = this.#state
    if (name === 'open') this.#run?.line?.send({ type: 'focus', focused: isLookedAt() })
    else if (pageDocument.visibilityState !== 'visible') return
    else if (name === 'reconnecting') this.#run?.line?.retry()
    else if (name === 'away' && isLookedAt()) this.#return()
  }

  #leave(): void {
    this.#keeper.leave()
    this.#input({ type: 'suspend' })
  }

  /** The customer is back at a page that did not have the session meanwhile. */
  #return(): void {
    if (this.#state.name !== 'away') return
    const kept = this.#keeper.read()
    if (kept?.sessionId !== this.#state.session.sessionId) this.#input({ type: 'ended', reason: 'customer_ended' })
    else if (this.#keeper.isOwn(kept) || isLookedAt()) this.#takeUp(kept)
  }

  #ask({ participant, ...asking }: AgentInfo): void {
    if (!('session' in this.#state)) return
    const { company, consent, recording } = this.#state.session.settings
    const recorded = recording === 'on'
    const agent = { ...asking, recorded, ...(company === undefined ? {} : { company }) }
    const confirm = this.#options.settings.confirmSession ?? (consent === 'agent_initiated' ? () => true : undefined)
    if (!confirm) return this.#view.askAbout({ participant, ...agent })
    const run = this.#run
    const answer = (granted: boolean) => {
      // An answer that comes after its session must not count for the next one.
      if (this.#run === run) this.#input({ type: 'answered', participant, granted })
    }
    Promise.resolve()
      .then(() => confirm(agent))
      .then(
        (granted) => answer(granted === true),
        () => answer(false),
      )
  }

  #shut(line: boolean): void {
    this.#view.unaskAll()
    const run = this.#run
    run?.share.closeAll()
    if (line) {
      this.#run = undefined
      run?.parts.close()
      for (const undo of run?.undo.reverse() ?? []) undo()
      run?.line?.close()
    } else if (run) run.undo.push(this.#clock.after(END_TIMEOUT_MS, () => this.#input({ type: 'overdue' })))
  }

  #captureBroke(run: Run): void {
    if (this.#run !== run) return
    run.share.closeAll()
    const again = this.#clock.now() - this.#lastFault > CAPTURE_RETRY_MS
    this.#lastFault = this.#clock.now()
    if (!again) {
      const text = 'This page cannot be shared: its copy broke twice. Load the page again and start a new session.'
      return this.#input({ type: 'failed', error: describeError(new AlongsideError(1001, text)) })
    }
    this.#report(new AlongsideError(1108))
    if (this.#state.name !== 'open' || this.#state.session.paused) return
    for (const { participant, standing } of this.#state.session.agents.values()) {
      if (standing === 'live') run.share.open(participant)
    }
  }

  #report(error: unknown): void {
    this.#emit('session_error', { sessionId: this.info().sessionId, ...describeError(error) })
  }

  #emit<Name extends keyof SessionEvents>(event: Name, payload: SessionEvents[Name]): void {
    if (event === 'session_error') this.#view.tell(payload as SessionEvents['session_error'])
    this.#options.events.emit(event, payload)
  }

  #settle(call: Call | 'join', error?: AlongsideError): void {
    const waiting = this.#waiting.get(call) ?? []
    this.#waiting.delete(call)
    for (const { resolve, reject } of waiting) error ? reject(error) : resolve({})
  }

  #settleJoins(): void {
    if (this.#state.name === 'open') return this.#settle('join')
    for (const { reject } of this.#handOffs.splice(0)) reject(new AlongsideError(1011))
    if (this.#state.name !== 'reconnecting') this.#settle('join', new AlongsideError(1107))
  }
}

function readSession({ sessionId, startTime, skew, paused, met, settings, agents }: KeptSession): OpenSession {
  const seated = agents.map((participant) => [
    participant,
    { participant, userId: '', userName: '', standing: 'granted' },
  ])
  return { sessionId, startTime, skew, paused, met, settings, pin: undefined, agents: new Map(seated as []) }
}

/** The first message of a start. Throws 1008 or 2001. */
function greet(given: StartOptions | DeviceStart, sdkKey: string, tab: string): CustomerMessage {
  const version = PROTOCOL_VERSION
  if ('deviceId' in given) return { type: 'start_device', version, sdkKey, ...given, tab }
  const { sdkToken: token, customPinCode } = given
  const { ownPin } = readToken(token, sdkKey)
  if (customPinCode === undefined) return { type: 'start', version, token, tab }
  if (ownPin === false)
    throw new AlongsideError(2001, 'customPinCode needs a token with enable_byop: 1. Have your server add that claim.')
  const pin = normalizePin(String(customPinCode))
  if (pin === undefined) throw new AlongsideError(1008)
  return { type: 'start', version, token, customPinCode: pin, tab }
}

function isAssist(message: ToCustomer): message is AssistMessage {
  return message.type === 'resumed' || message.type.startsWith('assist_')
}

/** A message that a newer server sends and this page does not know is ignored. */
function isKnown(message: ToCustomer): message is Extract<ToCustomer, SessionInput> {
  return KNOWN.has(message.type)
}

const KNOWN = new Set<string>([
  'resumed',
  'pin',
  'agent_requested',
  'agent_joined',
  'agent_left',
  'agent_connection',
  'moved',
  'recording',
  'ended',
] satisfies ToCustomer['type'][])
