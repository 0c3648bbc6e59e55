import { useSignalEffect } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { canEnterCodes } from './address.ts'
import { Mark } from './brand.tsx'
import type { DeskState } from './desk-state.ts'
import { DeviceList } from './device-list.tsx'
import { EndedScreen, endText } from './ended-screen.tsx'
import { FailedScreen } from './failed-screen.tsx'
import { LiveBar } from './live-bar.tsx'
import { PinScreen } from './pin-screen.tsx'
import { openDesk, state } from './session.ts'
import { Stage } from './stage.tsx'
import { WaitScreen } from './wait-screen.tsx'

/** The agent's page. `pin` starts the form. The stage stays in place in every state: the SDK draws into it. */
export function Desk({ pin }: { pin: string }) {
  const root = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (root.current) openDesk(root.current)
  }, [])
  useSignalEffect(() => {
    document.title = `${describeState(state.value)} · Alongside desk`
  })
  const now = state.value
  return (
    <div class={`desk desk-${now.name}`}>
      <p class="unseen" role="status">
        {describeState(now)}
      </p>
      {now.name === 'open' && <LiveBar session={now} />}
      <Stage root={root} session={now.name === 'open' ? now : undefined} />
      {now.name !== 'open' && (
        <div class="screen">
          <header class="screen-brand">
            <Mark />
            <span>Alongside</span>
            <span class="screen-brand-part">Desk</span>
          </header>
          <main class="screen-main">
            <Screen state={now} pin={pin} />
          </main>
        </div>
      )}
    </div>
  )
}

function Screen({ state: now, pin }: { state: Exclude<DeskState, { name: 'open' }>; pin: string }) {
  switch (now.name) {
    case 'form':
      return (
        <div class="form-screen">
          <PinScreen pin={pin} problem={now.problem} />
          {canEnterCodes && <DeviceList />}
        </div>
      )
    case 'connecting':
      return <WaitScreen customerName={undefined} calling={now.calling} />
    case 'asking':
      return <WaitScreen customerName={now.customerName} calling={undefined} />
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
      return now.problem ? now.problem.title : 'Enter a code'
    case 'connecting':
      return now.calling === undefined ? 'Connecting' : `Calling ${now.calling}`
    case 'asking':
      return `Waiting for ${now.customerName}`
    case 'open':
      return describeOpen(now)
    case 'ended':
      return endText(now.reason).title
    case 'failed':
      return now.problem.title
  }
}

function describeOpen(now: Extract<DeskState, { name: 'open' }>): string {
  if (now.line === 'reconnecting') return 'Reconnecting'
  if (now.line === 'customer_lost') return `${now.customerName} lost the connection`
  if (now.line === 'customer_left') return `${now.customerName} left the page`
  if (now.paused) return `${now.customerName} paused sharing`
  if (!now.focused) return `${now.customerName} is looking elsewhere`
  return now.picture === 'loading' ? `Loading ${now.customerName}'s page` : `Live with ${now.customerName}`
}
