import type { AgentSession } from '@alongside/sdk/agent'
import { t } from '../texts/language.ts'
import { watchAssist } from './assist.ts'
import { watchDrawing } from './drawing.ts'
import { dismiss, notices, notify, notifyLasting } from './notices.ts'
import { watchQuality } from './quality.tsx'
import { watchView } from './view.ts'

/** Lets every part of the live screen follow the session; called once, before anything happens to it. `root` is what the
 *  copy is in. */
export function watchAll(session: AgentSession, root: HTMLElement): void {
  watchView(session, root)
  watchDrawing(session)
  watchQuality(session)
  let isSettled = false
  session.on('session_joined', () => {
    notices.value = []
    if (session.getSessionInfo().watchOnly) notify(t('tools.off.watch'))
    // Those who were in before are told of right after, and are no news.
    isSettled = false
    queueMicrotask(() => {
      isSettled = true
    })
  })
  // After the notices of an earlier session are put away.
  watchAssist(session)
  session.on('agent_joined', ({ userName: name }) => isSettled && notify(t('notice.joined', { name })))
  let plain: number | undefined
  session.on('view_reduced', ({ reduction }) => {
    // What is not shown at all need not be told to be plain.
    if (reduction === 'hidden' && plain !== undefined) dismiss(plain)
    // Said in its place.
    if (reduction === 'hidden') return
    const id = notifyLasting(t(`notice.${reduction}`))
    if (reduction === 'plain') plain = id
  })
  session.on('agent_left', ({ userName: name }) => notify(t('notice.left', { name })))
}
