import { useSignalEffect } from '@preact/signals'
import { ShieldCheck } from 'lucide'
import { useEffect, useRef } from 'preact/hooks'
import { canEnterCodes, canSetRules } from './address.ts'
import { Mark } from './brand.tsx'
import type { DeskState, OpenSession } from './desk-state.ts'
import { DeviceList } from './device-list.tsx'
import { EndedScreen, endTitle } from './ended-screen.tsx'
import { FailedScreen } from './failed-screen.tsx'
import { Icon } from './icon.tsx'
import { watchKeyboard } from './live/keyboard.ts'
import { SessionBar } from './live/session-bar.tsx'
import { Stage } from './live/stage.tsx'
import { Tip } from './live/tip.tsx'
import { ToolRail } from './live/tool-rail.tsx'
import { ViewBar } from './live/view-bar.tsx'
import { watchAll } from './live/watch-all.ts'
import { WayBar } from './live/way-bar.tsx'
import { PinScreen } from './pin-screen.tsx'
import { openDesk, state } from './session.ts'
import { SessionList } from './session-list.tsx'
import { closeSettings, openSettings, settingsMissing, settingsPage } from './settings/open-settings.ts'
import { SettingsMissing } from './settings-missing.tsx'
import { t } from './texts/language.ts'
import { WaitScreen } from './wait-screen.tsx'

/** The agent's page. `pin` starts the form. The stage stays in place in every state: the SDK draws into it. */
export function Desk({ pin }: { pin: string }) {
  const root = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const place = root.current
    if (place) openDesk(place, (session) => watchAll(session, place))
    return watchKeyboard()
  }, [])
  useSignalEffect(() => {
    document.title = t('desk.title', { state: describeState(state.value) })
  })
  const now = state.value
  const Settings = settingsPage.value
  return (
    <div class={`desk desk-${now.name}`}>
      <p class="unseen" role="status">
        {describeState(now)}
      </p>
      {now.name === 'open' && <SessionBar session={now} />}
      {now.name === 'open' && <WayBar session={now} />}
      <div class="stage-row">
        {now.name === 'open' && !now.watchOnly && <ToolRail session={now} />}
        <Stage root={root} session={now.name === 'open' ? now : undefined} />
      </div>
      {now.name === 'open' && <ViewBar session={now} />}
      <Tip />
      {now.name !== 'open' && (
        <div class="screen" inert={Settings !== undefined}>
          <header class="screen-brand">
            <Mark />
            <span>Alongside</span>
            <span class="screen-brand-part">{t('desk.part')}</span>
            {canSetRules && (
              <button class="button button-small screen-settings" type="button" onClick={openSettings}>
                <Icon node={ShieldCheck} size={16} />
                {t('rules.title')}
              </button>
            )}
          </header>
          <main class="screen-main">
            <Screen state={now} pin={pin} />
          </main>
        </div>
      )}
      {settingsMissing.value > 0 && <SettingsMissing />}
      {Settings && <Settings onClose={closeSettings} />}
    </div>
  )
}

function Screen({ state: now, pin }: { state: Exclude<DeskState, { name: 'open' }>; pin: string }) {
  switch (now.name) {
    case 'form':
      return (
        <div class="form-screen">
          <PinScreen pin={pin} problem={now.problem} />
          {canEnterCodes && (
            <div class="form-lists">
              <DeviceList />
              <SessionList />
            </div>
          )}
        </div>
      )
    case 'connecting':
      return <WaitScreen customerName={undefined} calling={now.calling} />
    case 'asking':
      return <WaitScreen customerName={now.customerName} calling={now.calling} />
    case 'ended':
      return <EndedScreen reason={now.reason} />
    case 'failed':
      return <FailedScreen problem={now.problem} />
  }
}

/** One line for the document's title and for screen readers. */
function describeState(now: DeskState): string {
  switch (now.name) {
    case 'form':
      return now.problem ? now.problem.title : t('state.form')
    case 'connecting':
      return now.calling === undefined ? t('state.connecting') : t('state.calling', { name: now.calling })
    case 'asking':
      return t('state.asking', { name: now.customerName })
    case 'open':
      return describeOpen(now)
    case 'ended':
      return endTitle(now.reason)
    case 'failed':
      return now.problem.title
  }
}

function describeOpen({ line, paused, focused, picture, customerName: name }: OpenSession): string {
  if (line === 'reconnecting') return t('state.reconnecting')
  if (line === 'customer_lost') return t('state.lost', { name })
  if (line === 'customer_left') return t('state.left', { name })
  if (paused) return t('state.paused', { name })
  if (picture === 'hidden') return t('state.hidden', { name })
  if (!focused) return t('state.elsewhere', { name })
  return picture === 'loading' ? t('state.loading', { name }) : t('state.live', { name })
}
