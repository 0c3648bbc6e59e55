import type { IconNode } from 'lucide'
import { Expand, Minus, Monitor, Move, Plus, Scan, ScanEye, Shrink, Smartphone } from 'lucide'
import type { OpenSession } from '../desk-state.ts'
import { Icon } from '../icon.tsx'
import { setZoom, zoom } from '../session.ts'
import { formatNumber, formatPercent, t } from '../texts/language.ts'
import type { CommandName } from './keys.ts'
import { TipButton } from './tip.tsx'
import { canBeFull, isFull, masked, scrolling, setMasked, setScrolling, steps, toggleFull } from './view.ts'

/** How the agent looks at the customer's page. */
export function ViewBar({ session: { viewport, browser } }: { session: OpenSession }) {
  const { now, smaller, larger } = steps.value
  return (
    <div class="view">
      <Customer viewport={viewport} browser={browser} />
      <div class="view-part">
        <fieldset class="zoom" aria-label={t('view.zoom')}>
          <Step command="smaller" icon={Minus} to={smaller} />
          <output class="zoom-now" aria-label={t('view.zoom')}>
            {formatPercent(now)}
          </output>
          <Step command="larger" icon={Plus} to={larger} />
        </fieldset>
        <TipButton
          class="tool"
          label={t('view.fit')}
          command="fit"
          aria-pressed={zoom.value === 'fit'}
          onClick={() => setZoom('fit')}
        >
          <Icon node={Scan} />
        </TipButton>
        <TipButton
          class="tool tool-text"
          label={`${formatPercent(1)}: ${t('view.actual')}`}
          command="actual"
          aria-pressed={zoom.value === 1}
          onClick={() => setZoom(1)}
        >
          {formatPercent(1)}
        </TipButton>
        {canBeFull() && (
          <TipButton
            class="tool"
            label={t(isFull.value ? 'view.window' : 'view.full')}
            command="full"
            aria-pressed={isFull.value}
            onClick={toggleFull}
          >
            <Icon node={isFull.value ? Shrink : Expand} />
          </TipButton>
        )}
      </div>
      <div class="view-part view-end">
        <Toggle
          command="free"
          label={t(scrolling.value === 'free' ? 'view.follow' : 'view.free')}
          hint={t(scrolling.value === 'free' ? 'view.follow.hint' : 'view.free.hint')}
          on={scrolling.value === 'free'}
          set={(on) => setScrolling(on ? 'free' : 'follow')}
        />
        <span class="view-masked" role="status">
          {masked.value === undefined ? '' : describeMasked(masked.value)}
        </span>
        <Toggle
          command="masked"
          label={t('view.masked')}
          hint={t('view.masked.hint')}
          on={masked.value !== undefined}
          set={setMasked}
        />
      </div>
    </div>
  )
}

/** The shorter side below which a window is a phone's, in CSS pixels: the widest phones have 480. */
const PHONE_PX = 500

/** What the customer has before them: their browser, and how large its window is. */
function Customer({ viewport, browser }: Pick<OpenSession, 'viewport' | 'browser'>) {
  if (!viewport) return <span class="view-size" />
  const { width, height } = viewport
  const size = t('view.size', { width, height })
  const name = describeBrowser(browser)
  const isPhone = browser.kind ? browser.kind !== 'desktop' : width < PHONE_PX
  return (
    <span class="view-size" title={name ? `${name} · ${size}` : size}>
      <Icon node={isPhone ? Smartphone : Monitor} size={16} />
      {name && <span class="view-browser">{name}</span>}
      <span class="unseen">{size}</span>
      <span aria-hidden="true" dir="ltr">
        {formatNumber(width)} × {formatNumber(height)}
      </span>
    </span>
  )
}

function describeBrowser({ name = '', os = '' }: OpenSession['browser']): string {
  return name && os ? t('view.browser', { browser: name, os }) : name || os
}

function Step({
  command,
  icon,
  to,
}: {
  command: CommandName & `${'small' | 'larg'}er`
  icon: IconNode
  to: number | undefined
}) {
  return (
    <TipButton
      class="tool"
      label={t(`view.${command}`)}
      command={command}
      disabled={to === undefined}
      onClick={() => to !== undefined && setZoom(to)}
    >
      <Icon node={icon} />
    </TipButton>
  )
}

interface ToggleProps {
  command: CommandName
  label: string
  hint: string
  on: boolean
  set(on: boolean): void
}

function Toggle({ command, label, hint, on, set }: ToggleProps) {
  return (
    <TipButton
      class={command === 'free' && on ? 'tool toggle toggle-back' : 'tool toggle'}
      label={label}
      hint={hint}
      command={command}
      aria-pressed={command === 'free' ? undefined : on}
      onClick={() => set(!on)}
    >
      <Icon node={command === 'free' ? Move : ScanEye} />
      <span class="toggle-text">{label}</span>
    </TipButton>
  )
}

function describeMasked(count: number): string {
  return count === 0 ? t('view.masked.none') : t('view.masked.count', { count })
}
