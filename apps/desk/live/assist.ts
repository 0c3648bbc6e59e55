import type { AgentSession, AssistState, RemoteAssist } from '@alongside/sdk/agent'
import { signal } from '@preact/signals'
import { live, state } from '../session.ts'
import { t } from '../texts/language.ts'
import { drawing, idle, use } from './drawing.ts'
import { HandMemory } from './hand-memory.ts'
import { dismiss, notify, notifyLasting, notifyOnce } from './notices.ts'
import type { ToolName } from './tools.ts'

/** Who acts on the customer's page. `off`: the company or the page allows nobody to. */
export const assist = signal<{
  name: AssistState | 'off'
  holder: number | undefined
  /** What we may do. */
  types: RemoteAssist['types']
}>({ name: 'free', holder: undefined, types: [] })

const memory = new HandMemory()

/** The notice that the hand was lost with the connection. */
let dropped: number | undefined

/** The tool that was put away for control. */
let before: ToolName | undefined

/** Asks for the hand, takes the question back, or gives the hand back. */
export function turnAssist(): void {
  const { remoteAssist } = live() ?? {}
  if (!remoteAssist) return
  if (assist.value.name === 'active' || assist.value.name === 'asking') void remoteAssist.stop()
  else if (assist.value.name === 'free' && !isOff()) void remoteAssist.request()
  read()
}

/** Nobody would be asked, or nothing is seen. */
function isOff(): boolean {
  return state.value.name === 'open' && (state.value.paused || state.value.picture === 'hidden')
}

export function passAssist(participant: number): void {
  void live()?.remoteAssist.pass(participant)
}

/** Takes the customer's page back, forward, to itself again, or to an address; `false` where it stayed. */
export async function go(to: string): Promise<boolean> {
  const result = await live()?.remoteAssist.navigate(to)
  if (result && result !== 'done') notifyOnce(t(result === 'blocked' ? 'way.blocked' : 'assist.rejected.unavailable'))
  return result === 'done'
}

function read(): void {
  const { remoteAssist } = live() ?? {}
  if (!remoteAssist) return
  const { state: name, holder, types } = remoteAssist
  assist.value = { name, holder, types }
}

/** Says that the hand is gone, until the agent has read it or has the hand again. */
function sayDropped(sessionId: string): void {
  if (memory.takeLost(sessionId)) dropped = notifyLasting(t('assist.dropped'))
}

/** What comes by itself, many times a second, after something that was refused already, or is told by `go`. */
const PASSING = new Set(['move', 'wheel', 'scroll_to', 'release', 'go', 'open'])

function isRefusal(result: string): result is 'covered' | 'blocked' | 'masked' {
  return result === 'covered' || result === 'blocked' || result === 'masked'
}

/** Follows the session; called once. */
export function watchAssist(session: AgentSession): void {
  session.on('session_joined', ({ sessionId }) => {
    read()
    sayDropped(sessionId)
  })
  session.on('session_reconnected', ({ sessionId }) => sayDropped(sessionId))
  session.on('session_reconnecting', read)
  session.on('remote_assist_started', ({ own, sessionId }) => {
    read()
    if (!own) return
    memory.had(sessionId)
    if (dropped !== undefined) dismiss(dropped)
    before ??= drawing.value?.tool
    // The hand is what was asked for last.
    if (before) use(undefined)
  })
  session.on('remote_assist_stopped', ({ own, reason }) => {
    read()
    if (own) idle(before)
    if (own) before = undefined
    if (own && reason !== 'connection_lost') memory.forget()
    if (own && reason === 'stopped') notify(t('assist.ended'))
  })
  session.on('remote_assist_result', ({ result, action }) => {
    if (isRefusal(result) && !PASSING.has(action)) notifyOnce(t(`assist.refused.${result}`))
  })
  session.on('remote_assist_rejected', ({ reason }) => {
    read()
    if (reason === 'off') assist.value = { name: 'off', holder: undefined, types: [] }
    if (state.value.name === 'open') notify(t(`assist.rejected.${reason}`))
  })
}
