import { AlongsideError, type CustomData, ERRORS } from '@alongside/protocol'
import { type Answer, answer, type Callback, describeError } from '../connection/answer.ts'
import { createEvents } from '../connection/events.ts'
import type { KeptSession } from './kept-session.ts'
import type { CustomerTool, Load } from './part.ts'
import type { SessionCore, SessionPlace } from './session-core.ts'
import type { SessionEvents } from './session-events.ts'
import type { SessionFeatures } from './session-features.ts'
import type { CustomerSettings } from './settings.ts'

export interface StartOptions {
  /** The customer's token, made by your server. */
  sdkToken: string
  /** An own PIN, with `enable_byop: 1` in the token. */
  customPinCode?: string
}

/** A start without a token, where the SDK key allows it: of a device that an agent finds on the list. */
export interface DeviceStart {
  /** Names this browser on this site. */
  deviceId: string
  /** What agents read about the customer. */
  customData?: CustomData
  /** Of the agent who called. Without one a PIN is put up. */
  invitation?: string
}

export type SessionStatus =
  | 'idle'
  | 'connecting'
  | 'waiting'
  | 'live'
  | 'reconnecting'
  | 'session_recoverable'
  | 'ended'

export interface SessionInfo {
  sessionId: string
  sessionStatus: SessionStatus
  /** The PIN to show; empty when none waits for an agent. */
  pinCode: string
  /** When the PIN ends, in ms since the epoch. */
  pinExpiresAt?: number
  paused: boolean
  /** The agents who see the page. */
  agents: { userId: string; userName: string }[]
  /** Those whom the customer is being asked about. */
  asking: { userId: string; userName: string }[]
  /** What can be used, once the server has said what the SDK key allows. */
  features?: SessionFeatures
  /** Whether what agents are shown is kept. */
  recorded?: boolean
}

/** A customer's session, as `init` gives it. Calls never throw and their promises never reject. */
export interface CustomerSession {
  start(options: StartOptions | DeviceStart, callback?: Callback<Answer>): Promise<Answer>
  /** Takes the session up again after the connection dropped or, while the status is `session_recoverable`, the one
   *  that this tab had before its page was loaded, or that another tab has. */
  join(callback?: Callback<Answer>): Promise<Answer>
  /** Ends the session for everybody. May be called twice. */
  end(callback?: Callback<Answer>): Promise<Answer>
  /** Hides the page from all agents until `resume`. */
  pause(callback?: Callback<Answer>): Promise<Answer>
  resume(callback?: Callback<Answer>): Promise<Answer>
  /** Shows the customer what agents see, masks and all. Answers 1011 while none does. */
  preview(callback?: Callback<Answer>): Promise<Answer>
  /** Asks for a PIN for a further agent; the one before it is void. */
  newPin(callback?: Callback<Answer<NewPin>>): Promise<Answer<NewPin>>
  /** Lets the customer draw on the page, with a pen unless another tool is named, until they are done, press Escape, or it
   *  is called with `false`. Fails with 1121 where drawing is switched off, with 1103 for a tool that there is not. */
  draw(tool?: CustomerTool | false, callback?: Callback<Answer>): Promise<Answer>
  /** Makes an address of a site in `trustedOrigins` with which the session goes on there: once, within 60 seconds, and
   *  when this page is the one that goes to it. Answers 1103 for another site, 1109 for one that the SDK key forbids. */
  handOff(url: string, callback?: Callback<Answer<HandOff>>): Promise<Answer<HandOff>>
  /** Calls `listener` at each event; returns the function that undoes it. */
  on<Name extends keyof SessionEvents>(event: Name, listener: (payload: SessionEvents[Name]) => void): () => void
  off<Name extends keyof SessionEvents>(event: Name, listener: (payload: SessionEvents[Name]) => void): void
  getSessionInfo(): SessionInfo
}

interface HandOff {
  url: string
}

interface NewPin {
  pinCode: string
  /** In ms since the epoch. */
  expiresAt: number
}

const IDLE: SessionInfo = { sessionId: '', sessionStatus: 'idle', pinCode: '', paused: false, agents: [], asking: [] }

interface Loading {
  name: 'loading'
  /** `end` was called meanwhile. */
  ended: boolean
}

type CoreState = { name: 'absent' } | Loading | { name: 'present'; core: SessionCore }

/** The part of a session that is on every page: it loads the rest when the session starts. */
export function createSession(
  place: SessionPlace,
  settings: CustomerSettings,
  load: Load,
  kept?: KeptSession,
): CustomerSession {
  const events = createEvents<SessionEvents>()
  let state: CoreState = { name: 'absent' }

  const loadCore = async (): Promise<SessionCore> => {
    const [{ createCore }, quiet] = await Promise.all([
      load('core'),
      settings.piiMask ? load('quiet') : undefined,
    ]).catch(() => {
      throw new AlongsideError(1016)
    })
    return createCore({ ...place, settings, quiet, load, errors: ERRORS, events, kept })
  }

  const refuse = (error: unknown): never => {
    events.emit('session_error', { sessionId: '', ...describeError(error) })
    throw error
  }

  const begin = async (call: (core: SessionCore) => Promise<object>): Promise<object> => {
    if (state.name === 'loading') return refuse(new AlongsideError(1002))
    if (state.name === 'present') return call(state.core)
    const loading: Loading = { name: 'loading', ended: false }
    state = loading
    let core: SessionCore
    try {
      core = await loadCore()
      state = { name: 'present', core }
    } catch (error) {
      state = { name: 'absent' }
      return refuse(error)
    }
    if (loading.ended) return refuse(new AlongsideError(1001, 'The session was ended as it started. Start again.'))
    return call(core)
  }

  const whenPresent = <Result>(run: (core: SessionCore) => Promise<Result>): Promise<Result> => {
    if (state.name === 'present') return run(state.core)
    if (state.name === 'loading') return Promise.reject(new AlongsideError(1002))
    return Promise.reject(new AlongsideError(1011, 'There is no session. Call start first.'))
  }

  const join = async (): Promise<object> =>
    state.name === 'absent' && !kept
      ? refuse(new AlongsideError(1107, 'There is no session to take up again here. Start a new one.'))
      : begin((core) => core.join())

  const end = async (): Promise<object> => {
    if (state.name === 'loading') state.ended = true
    else if (state.name === 'present' || kept) return begin((core) => core.end())
    return {}
  }

  return {
    start: (options, callback) => answer(() => begin((core) => core.start(options)), callback),
    join: (callback) => answer(join, callback),
    end: (callback) => answer(end, callback),
    pause: (callback) => answer(() => whenPresent((core) => core.pause(true)), callback),
    resume: (callback) => answer(() => whenPresent((core) => core.pause(false)), callback),
    preview: (callback) => answer(() => whenPresent((core) => core.preview()), callback),
    newPin: (callback) => answer(() => whenPresent((core) => core.newPin()), callback),
    draw: (tool, callback) => answer(() => whenPresent((core) => core.draw(tool)), callback),
    handOff: (url, callback) => answer(() => whenPresent((core) => core.handOff(url)), callback),
    on: events.on,
    off: events.off,
    getSessionInfo: () => {
      if (state.name === 'present') return state.core.info()
      if (state.name === 'loading') return { ...IDLE, sessionStatus: 'connecting' }
      if (!kept) return { ...IDLE }
      return { ...IDLE, sessionId: kept.sessionId, sessionStatus: 'session_recoverable', paused: kept.paused }
    },
  }
}
