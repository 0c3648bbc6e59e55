import { type AgentSession, AlongsideAgentSDK, type Answer } from '@alongside/sdk/agent'
import { signal } from '@preact/signals'
import { access, readAppKey } from './address.ts'
import { type DeskEvent, type DeskState, FORM, step } from './desk-state.ts'

/** What the desk shows now. */
export const state = signal<DeskState>(FORM)

/** How large the copy is drawn: fitted into the window, or a factor of the customer's own size. */
export const zoom = signal<'fit' | number>('fit')

let session: AgentSession | undefined
/** Joins so far, to tell an answer to an earlier one. */
let attempts = 0

/** An error in one of these states is the end; in any other the SDK mends it. */
const OVER = new Set(['idle', 'ended'])

/** Starts the SDK in `root` and takes up a session that this tab was in before it was loaded again. */
export async function openDesk(root: HTMLElement): Promise<void> {
  const settings = { appKey: readAppKey(access.token), root, host: location.origin }
  const answer = await AlongsideAgentSDK.init(settings, () => {})
  if (!answer.success) return dispatch({ type: 'failed', failure: answer.error })
  session = answer.session
  listen(session)
  if (session.getSessionInfo().sessionStatus === 'session_recoverable') await attempt((live) => live.join())
}

/** Joins with the code that the customer read out. */
export function join(pinCode: string): Promise<void> {
  return attempt((live) => live.join({ pinCode, sdkToken: access.token }))
}

/** Leaves; the customer and the other agents go on. Also gives up a join that is under way. */
export function leave(): void {
  dispatch(state.value.name === 'open' ? { type: 'left' } : { type: 'back' })
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

async function attempt(act: (live: AgentSession) => Promise<Answer>): Promise<void> {
  if (!session) return
  const mine = ++attempts
  dispatch({ type: 'join' })
  setZoom('fit')
  const answer = await act(session)
  // Whoever pressed Cancel has left this state already; the refused join is no news then.
  if (!answer.success && mine === attempts && state.value.name !== 'form')
    dispatch({ type: 'failed', failure: answer.error })
}

function listen(live: AgentSession): void {
  live.on('session_waiting', ({ customerName }) => dispatch({ type: 'session_waiting', customerName }))
  live.on('session_joined', () => dispatch({ type: 'session_joined' }))
  live.on('view_ready', () => dispatch({ type: 'view_ready' }))
  live.on('viewport_changed', ({ width, height }) => dispatch({ type: 'viewport_changed', width, height }))
  live.on('session_paused', () => dispatch({ type: 'session_paused' }))
  live.on('session_resumed', () => dispatch({ type: 'session_resumed' }))
  live.on('session_reconnecting', () => dispatch({ type: 'session_reconnecting' }))
  live.on('customer_connection', ({ connected }) => dispatch({ type: 'customer_connection', connected }))
  live.on('agent_joined', (agent) => dispatch({ type: 'agent_joined', ...agent }))
  live.on('agent_left', (agent) => dispatch({ type: 'agent_left', ...agent }))
  live.on('session_ended', ({ reason }) => dispatch({ type: 'session_ended', reason }))
  live.on('session_error', (failure) => {
    const isOver = OVER.has(live.getSessionInfo().sessionStatus)
    dispatch(isOver ? { type: 'failed', failure } : { type: 'picture_lost' })
  })
}

function dispatch(event: DeskEvent): void {
  state.value = step(state.value, event)
}
