import { useSignal } from '@preact/signals'
import { AppWindow, LogOut, Maximize, Minimize, Power, Users } from 'lucide'
import { useEffect, useRef } from 'preact/hooks'
import { Mark } from './brand.tsx'
import type { OpenSession } from './desk-state.ts'
import { EndDialog } from './end-dialog.tsx'
import { Icon } from './icon.tsx'
import { leave } from './session.ts'
import { ZoomControls } from './zoom-controls.tsx'

/** What an agent reads and does during a session. */
export function LiveBar({ session }: { session: OpenSession }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const { text, kind, hint } = lineStatus(session)
  return (
    <header class="bar">
      <Mark size={24} />
      <div class="bar-who">
        <h1 class="bar-name" title={session.customerName}>
          {session.customerName}
        </h1>
        <span class={`status status-${kind}`} title={hint}>
          {text}
        </span>
        {session.tabs.length > 1 && <TabsButton session={session} />}
      </div>
      <div class="bar-tools">
        <ZoomControls viewport={session.viewport} />
        <FullScreenButton />
        <button class="tool tool-count" type="button" popovertarget="people" title="Participants">
          <Icon node={Users} />
          <span aria-hidden="true">{session.others.length + 2}</span>
          <span class="unseen">Participants: {session.others.length + 2}</span>
        </button>
      </div>
      <div class="bar-exits">
        <button class="button button-small" type="button" onClick={leave}>
          <Icon node={LogOut} size={16} />
          Leave
        </button>
        <button class="button button-small button-bad" type="button" onClick={() => dialog.current?.showModal()}>
          <Icon node={Power} size={16} />
          <span>
            End<span class="wide-only"> for everybody</span>
          </span>
        </button>
      </div>
      <People session={session} />
      <CustomerTabs session={session} />
      <EndDialog dialog={dialog} customerName={session.customerName} />
    </header>
  )
}

interface LineStatus {
  text: string
  kind: 'good' | 'wait' | 'bad'
  hint?: string
}

function lineStatus({ line, paused, picture, focused }: OpenSession): LineStatus {
  if (line === 'reconnecting') return { text: 'Reconnecting', kind: 'bad' }
  if (line === 'customer_lost') return { text: 'Customer offline', kind: 'bad' }
  if (line === 'customer_left') return { text: 'Page left', kind: 'wait' }
  if (paused) return { text: 'Paused', kind: 'wait' }
  if (!focused)
    return {
      text: 'Looking elsewhere',
      kind: 'wait',
      hint: 'The customer is at another tab or window. You see the page that they left open.',
    }
  return picture === 'loading' ? { text: 'Loading', kind: 'wait' } : { text: 'Live', kind: 'good' }
}

function FullScreenButton() {
  const full = useSignal(false)
  useEffect(() => {
    const update = () => {
      full.value = document.fullscreenElement !== null
    }
    document.addEventListener('fullscreenchange', update)
    return () => document.removeEventListener('fullscreenchange', update)
  }, [])
  if (!document.fullscreenEnabled) return null
  const label = full.value ? 'Leave full screen' : 'Full screen'
  const toggle = () => {
    void (full.value ? document.exitFullscreen() : document.documentElement.requestFullscreen())
  }
  return (
    <button class="tool" type="button" title={label} aria-label={label} aria-pressed={full.value} onClick={toggle}>
      <Icon node={full.value ? Minimize : Maximize} />
    </button>
  )
}

function TabsButton({ session: { tab, tabs } }: { session: OpenSession }) {
  // The numbers of tabs that were closed are not used again.
  const label = `Tab ${tabs.findIndex((one) => one.tab === tab) + 1} of ${tabs.length}`
  return (
    <button class="tool tool-count" type="button" popovertarget="tabs" title="The customer's tabs">
      <Icon node={AppWindow} />
      <span>{label}</span>
    </button>
  )
}

/** Only for reading: which tab is shown is the customer's choice. */
function CustomerTabs({ session: { tab, tabs, customerName } }: { session: OpenSession }) {
  return (
    <div class="people people-start" id="tabs" popover="auto">
      <h2>Tabs of {customerName}</h2>
      <ul>
        {tabs.map((one, index) => (
          <li key={one.tab} aria-current={one.tab === tab}>
            <span class="avatar avatar-customer" aria-hidden="true">
              {index + 1}
            </span>
            <span class="person-name">{one.site || `Tab ${index + 1}`}</span>
            <span class="person-role">{one.tab === tab ? 'Shown' : 'Not shown'}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function People({ session }: { session: OpenSession }) {
  return (
    <div class="people" id="people" popover="auto">
      <h2>In this session</h2>
      <ul>
        <Person name={session.customerName} part="Customer" />
        <Person name="You" part="Agent" />
        {session.others.map((agent) => (
          <Person key={agent.userId} name={agent.userName} part="Agent" />
        ))}
      </ul>
    </div>
  )
}

function Person({ name, part }: { name: string; part: 'Customer' | 'Agent' }) {
  return (
    <li>
      <span class={`avatar avatar-${part.toLowerCase()}`} aria-hidden="true">
        {[...name][0]?.toUpperCase()}
      </span>
      <span class="person-name">{name}</span>
      <span class="person-role">{part}</span>
    </li>
  )
}
