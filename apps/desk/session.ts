import { type AgentSession, AlongsideAgentSDK } from '@alongside/sdk/agent'
import { signal } from '@preact/signals'
import { access, canEnterCodes, isSameAgent, readAppKey } from './address.ts'
import { type DeskEvent, type DeskState, FORM, step } from './desk-state.ts'
import { noteVisit } from './visits.ts'

/** What the desk shows now. */
export const state = signal<DeskState>(FORM)

/** How large the copy is drawn: fitted into the window, or a factor of the customer's own size. */
export const zoom = signal<'fit' | number>('fit')

/** Whether the SDK can be asked. */
export const ready = signal(false)

let session: AgentSession | undefined

/** The SDK's session, once there is one. */
export const live = (): AgentSession | undefined => session

/** Starts the SDK; the copies are drawn in `root`. `follow` is called with the session, before anything happens to it. */
export function openDesk(root: HTMLElement, follow: (session: AgentSession) => void): void {
  const settings = { appKey: canEnterCodes ? readAppKey(access.token) : access.key, root, host: location.origin }
  void AlongsideAgentSDK.init(settings, (answer) => {
    if (!answer.success) return dispatch({ type: 'failed', failure: answer.error })
    session = answer.session
    listen(session)
    follow(session)
    ready.value = true
    const isKept = session.getSessionInfo().sessionStatus === 'session_recoverable'
    if (isKept && canEnterCodes && isSameAgent) return goOn()
    // Somebody else has the desk now.
    if (isKept && canEnterCodes) void session.leave()
    if (access.join) join(access.pin)
    else if (!canEnterCodes) joinByLink()
  })
}

/** Joins with the code that the customer read out. A refusal arrives as `session_error`. */
export function join(pinCode: string): void {
  enter(() => session?.join({ pinCode, sdkToken: access.token }))
}

/** Calls a customer who is on the site: their page starts a session, and asks them. */
export function call(deviceId: string, customerName: string): void {
  enter(() => session?.join({ deviceId, sdkToken: access.token }), customerName)
}

/** The customers who are on the site; undefined before the SDK is ready. */
export function listDevices(search: string) {
  return session?.listDevices({ sdkToken: access.token, search })
}

/** Comes into a session of the list: its customer is asked. */
export function joinSession(sessionId: string, customerName: string, watchOnly: boolean): void {
  enter(() => session?.join({ sessionId, watchOnly, sdkToken: access.token }), customerName)
}

/** The open sessions of the company; undefined before the SDK is ready. */
export function listSessions() {
  return session?.listSessions({ sdkToken: access.token })
}

/** As it was tried last: by the same code, customer or session. */
export let tryAgain = goOn

function enter(ask: () => unknown, calling?: string): void {
  tryAgain = () => {
    dispatch(calling === undefined ? { type: 'join' } : { type: 'join', calling })
    setZoom('fit')
    ask()
  }
  tryAgain()
}

/** Takes up the session that this desk had before it was loaded again. */
function goOn(): void {
  dispatch({ type: 'join' })
  void session?.join()
}

/** Joins with the one-time link that this page was opened by, or goes on after the page was loaded again. */
export function joinByLink(): void {
  dispatch({ type: 'join' })
  setZoom('fit')
  const isKept = session?.getSessionInfo().sessionStatus === 'session_recoverable'
  void (isKept ? session?.join() : session?.join({ link: access.link }))
}

/** Leaves; the customer and the other agents go on. Also gives up a join that is under way. */
export function leave(): void {
  dispatch(state.value.name === 'open' || !canEnterCodes ? { type: 'left' } : { type: 'back' })
  void session?.leave()
}

/** Ends the session for everybody. */
export function endForAll(): void {
  void session?.end()
}

export function backToForm(): void {
  dispatch({ type: 'back' })
}

export function setZoom(next: 'fit' | number): void {
  zoom.value = next
  session?.setZoom(next)
}

/** Has a page that is not shown made again. */
export function showAgain(): void {
  dispatch({ type: 'view_again' })
  session?.showAgain()
}

function listen(live: AgentSession): void {
  live.on('session_waiting', ({ customerName }) => dispatch({ type: 'session_waiting', customerName }))
  live.on('session_joined', ({ sessionId }) => {
    noteVisit(sessionId)
    const { customerName, participant, watchOnly, recorded } = live.getSessionInfo()
    dispatch({ type: 'session_joined', customerName, participant, watchOnly, recorded })
  })
  live.on('view_ready', () => dispatch({ type: 'view_ready' }))
  live.on('view_reduced', ({ reduction }) => reduction === 'hidden' && dispatch({ type: 'view_hidden' }))
  live.on('view_restored', () => dispatch({ type: 'view_restored' }))
  live.on('viewport_changed', ({ width, height }) => dispatch({ type: 'viewport_changed', width, height }))
  live.on('page_changed', ({ title, site, browser }) => dispatch({ type: 'page_changed', title, site, browser }))
  live.on('recording_changed', ({ recorded }) => dispatch({ type: 'recording_changed', recorded }))
  live.on('session_paused', () => dispatch({ type: 'session_paused' }))
  live.on('session_resumed', () => dispatch({ type: 'session_resumed' }))
  live.on('session_reconnecting', () => dispatch({ type: 'session_reconnecting' }))
  live.on('session_reconnected', () => dispatch({ type: 'session_reconnected' }))
  live.on('customer_connection', ({ connected, left }) => dispatch({ type: 'customer_connection', connected, left }))
  live.on('customer_focus_lost', () => dispatch({ type: 'customer_focus', focused: false }))
  live.on('customer_focus_gained', () => dispatch({ type: 'customer_focus', focused: true }))
  live.on('customer_transferred', ({ tab, tabs }) => dispatch({ type: 'customer_transferred', tab, tabs }))
  live.on('agent_joined', (agent) => dispatch({ type: 'agent_joined', ...agent }))
  live.on('agent_connection', (agent) => dispatch({ type: 'agent_connection', ...agent }))
  live.on('agent_left', (agent) => dispatch({ type: 'agent_left', ...agent }))
  live.on('session_ended', ({ reason }) => dispatch({ type: 'session_ended', reason }))
  live.on('session_error', (failure) => dispatch({ type: 'failed', failure }))
}

function dispatch(event: DeskEvent): void {
  state.value = step(state.value, event)
}
