import type { AgentSession, AssistState } from '@alongside/sdk/agent'
import { signal } from '@preact/signals'
import { live, state } from '../session.ts'
import { t } from '../texts/language.ts'
import { drawing, use } from './drawing.ts'
import { notify, notifyOnce } from './notices.ts'

/** Who acts on the customer's page. `off`: the company or the page allows nobody to. */
export const assist = signal<{ name: AssistState | 'off'; holder: number | undefined }>({
  name: 'free',
  holder: undefined,
})

/** Asks for the hand, takes the question back, or gives the hand back. */
export function turnAssist(): void {
  const { remoteAssist } = live() ?? {}
  if (!remoteAssist) return
  if (assist.value.name === 'active' || assist.value.name === 'asking') void remoteAssist.stop()
  else if (assist.value.name === 'free') void remoteAssist.request()
  read()
}

export function passAssist(participant: number): void {
  void live()?.remoteAssist.pass(participant)
}

function read(): void {
  const { remoteAssist } = live() ?? {}
  if (remoteAssist) assist.value = { name: remoteAssist.state, holder: remoteAssist.holder }
}

/** What comes by itself, many times a second, or after something that was refused already. */
const PASSING = new Set(['move', 'wheel', 'scroll_to', 'release'])

function isRefusal(result: string): result is 'covered' | 'blocked' | 'masked' {
  return result === 'covered' || result === 'blocked' || result === 'masked'
}

/** Follows the session; called once. */
export function watchAssist(session: AgentSession): void {
  session.on('session_joined', read)
  session.on('session_reconnecting', read)
  session.on('remote_assist_started', ({ own }) => {
    read()
    // The hand is what was asked for last.
    if (own && drawing.value?.tool) use(undefined)
  })
  session.on('remote_assist_stopped', ({ own, reason }) => {
    read()
    if (own && reason === 'stopped') notify(t('assist.ended'))
  })
  session.on('remote_assist_result', ({ result, action }) => {
    if (isRefusal(result) && !PASSING.has(action)) notifyOnce(t(`assist.refused.${result}`))
  })
  session.on('remote_assist_rejected', ({ reason }) => {
    read()
    if (reason === 'off') assist.value = { name: 'off', holder: undefined }
    if (state.value.name === 'open') notify(t(`assist.rejected.${reason}`))
  })
}
