import { CircleHelp, LogOut, Power, ShieldCheck } from 'lucide'
import { useRef } from 'preact/hooks'
import { canSetRules } from '../address.ts'
import { Mark } from '../brand.tsx'
import type { OpenSession } from '../desk-state.ts'
import { Icon } from '../icon.tsx'
import { leave } from '../session.ts'
import { openSettings } from '../settings/open-settings.ts'
import { t } from '../texts/language.ts'
import { AssistButton } from './assist-button.tsx'
import { EndDialog } from './end-dialog.tsx'
import { HelpSheet } from './help-sheet.tsx'
import { People, PeopleButton } from './people.tsx'
import { Quality } from './quality.tsx'
import { Tabs, TabsButton } from './tabs.tsx'
import { TipButton } from './tip.tsx'
import { scrolling } from './view.ts'

/** With whom the agent is, how the line is, and the way out. */
export function SessionBar({ session }: { session: OpenSession }) {
  const dialog = useRef<HTMLDialogElement>(null)
  return (
    <header class="bar">
      <Mark size={24} />
      <Who session={session} />
      <div class="bar-tools">
        <Quality session={session} />
        {!session.watchOnly && <AssistButton session={session} />}
        <TabsButton session={session} />
        <PeopleButton session={session} />
        {canSetRules && (
          <TipButton class="tool" label={t('rules.title')} onClick={openSettings}>
            <Icon node={ShieldCheck} />
          </TipButton>
        )}
        <TipButton class="tool" label={t('live.help')} command="help" popovertarget="help">
          <Icon node={CircleHelp} />
        </TipButton>
      </div>
      <div class="bar-exits">
        <button class="button button-small" type="button" onClick={leave}>
          <span class="bar-exit-icon mirrored">
            <Icon node={LogOut} size={16} />
          </span>
          {t('live.leave')}
        </button>
        {!session.watchOnly && (
          <button
            class="button button-small button-bad"
            type="button"
            aria-label={t('live.end')}
            onClick={() => dialog.current?.showModal()}
          >
            <span class="bar-exit-icon">
              <Icon node={Power} size={16} />
            </span>
            <span class="wide-only">{t('live.end')}</span>
            <span class="narrow-only">{t('live.end.short')}</span>
          </button>
        )}
      </div>
      <People session={session} />
      <Tabs session={session} />
      <HelpSheet />
      <EndDialog dialog={dialog} customerName={session.customerName} />
    </header>
  )
}

function Who({ session }: { session: OpenSession }) {
  const { customerName, title, site } = session
  const { text, kind, hint } = lineStatus(session)
  return (
    <div class="bar-who">
      <div class="bar-line">
        <h1 class="bar-name" title={customerName}>
          <bdi>{customerName}</bdi>
        </h1>
        <span class={`status status-${kind}`} title={hint}>
          <span class="status-text">{text}</span>
        </span>
        {session.recorded && (
          <span class="status status-bad" title={t('status.recorded')}>
            <span class="status-recorded">{t('status.recorded')}</span>
          </span>
        )}
        {session.watchOnly && (
          <span class="status status-wait" title={t('tools.off.watch')}>
            {t('people.watching')}
          </span>
        )}
      </div>
      {(title || site) && (
        <p class="bar-page" title={title}>
          {site && <bdi class="bar-site">{site}</bdi>}
          {site && title && <span aria-hidden="true">·</span>}
          {title && <bdi class="bar-title">{title}</bdi>}
        </p>
      )}
    </div>
  )
}

interface LineStatus {
  text: string
  kind: 'good' | 'wait' | 'bad'
  hint?: string
}

function lineStatus({ line, paused, picture, focused }: OpenSession): LineStatus {
  if (line === 'reconnecting') return { text: t('status.reconnecting'), kind: 'bad' }
  if (line === 'customer_lost') return { text: t('status.lost'), kind: 'bad' }
  if (line === 'customer_left') return { text: t('status.left'), kind: 'wait' }
  if (paused) return { text: t('status.paused'), kind: 'wait' }
  if (picture === 'hidden') return { text: t('status.hidden'), kind: 'wait', hint: t('veil.hidden.text') }
  if (!focused) return { text: t('status.elsewhere'), kind: 'wait', hint: t('status.elsewhere.hint') }
  if (scrolling.value === 'free') return { text: t('status.free'), kind: 'wait', hint: t('view.free.hint') }
  return picture === 'loading' ? { text: t('status.loading'), kind: 'wait' } : { text: t('status.live'), kind: 'good' }
}
