import { AppWindow } from 'lucide'
import type { OpenSession } from '../desk-state.ts'
import { Icon } from '../icon.tsx'
import { t } from '../texts/language.ts'
import { placeSheet } from './sheet.ts'
import { TipButton } from './tip.tsx'

/** Opens the list of the customer's tabs; there is none for a single one. */
export function TabsButton({ session: { tab, tabs } }: { session: OpenSession }) {
  if (tabs.length < 2) return null
  // The numbers of tabs that were closed are not used again.
  const label = t('live.tab', { index: tabs.findIndex((one) => one.tab === tab) + 1, number: tabs.length })
  return (
    <TipButton class="tool tool-count" label={`${t('live.tabs')}: ${label}`} popovertarget="tabs">
      <Icon node={AppWindow} />
      <span class="wide-only">{label}</span>
    </TipButton>
  )
}

/** Only for reading: which tab is shown is the customer's choice. */
export function Tabs({ session: { tab, tabs, customerName } }: { session: OpenSession }) {
  return (
    <div class="sheet" id="tabs" popover="auto" onBeforeToggle={placeSheet}>
      <h2>{t('tabs.title', { name: customerName })}</h2>
      <ul class="rows">
        {tabs.map((one, index) => (
          <li key={one.tab} aria-current={one.tab === tab}>
            <span class="avatar avatar-customer" aria-hidden="true">
              {index + 1}
            </span>
            <span class="row-text">
              <span class="row-name" dir="auto">
                {one.site || t('tabs.nameless', { index: index + 1 })}
              </span>
              <span class="row-note">{t(one.tab === tab ? 'tabs.shown' : 'tabs.hidden')}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
