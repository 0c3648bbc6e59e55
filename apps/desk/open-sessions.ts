import type { SessionList } from '@alongside/sdk/agent'
import { effect, signal } from '@preact/signals'
import { listSessions, ready, state } from './session.ts'

/** How often the list is asked for while it is on the screen. */
const REFRESH_MS = 4_000

/** The open sessions of the company; undefined while there is no list to show. */
export const openSessions = signal<SessionList | undefined>(undefined)

/** Keeps the list new while the form is on the screen; the returned function stops that. */
export function watchSessions(): () => void {
  const stop = effect(() => {
    if (ready.value) void refresh()
  })
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible' && state.value.name === 'form' && !isAimedAt()) void refresh()
  }, REFRESH_MS)
  return () => {
    clearInterval(timer)
    stop()
  }
}

/** A row must not move away from under the pointer or the focus. */
function isAimedAt(): boolean {
  return document.querySelector('.sessions-list:is(:hover, :focus-within)') !== null
}

async function refresh(): Promise<void> {
  const answer = await listSessions()
  if (!answer) return
  // Why there is no list, the list of customers says.
  openSessions.value = answer.success ? answer.list : undefined
}
