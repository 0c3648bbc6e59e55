import type { AgentSession } from '@alongside/sdk/agent'
import { signal } from '@preact/signals'
import { Signal, WifiOff } from 'lucide'
import type { OpenSession } from '../desk-state.ts'
import { Icon } from '../icon.tsx'
import { t } from '../texts/language.ts'
import { TipButton } from './tip.tsx'

/** The last measure of the line: ms to the customer and back, and whether the copy is up to date. */
const measured = signal<{ latency: number; inSync: boolean } | undefined>(undefined)

/** Ways to the customer and back below which talking and pointing feel at once, and above which they do not, in ms. */
const QUICK_MS = 200
const SLOW_MS = 600

/** Follows the session; called once. */
export function watchQuality(session: AgentSession): void {
  session.on('connection_quality', ({ latency, inSync }) => {
    measured.value = { latency, inSync }
  })
  for (const event of ['session_joined', 'session_reconnecting'] as const)
    session.on(event, () => {
      measured.value = undefined
    })
}

/** How the line is: bars, the way's time, and whether the picture is the page as it is now. */
export function Quality({ session: { line, paused, picture } }: { session: OpenSession }) {
  if (line === 'reconnecting') return <Face icon={WifiOff} kind="lost" bars={0} time="" />
  const now = measured.value
  if (!now || line !== 'good' || paused || picture === 'loading') return null
  const bars = now.latency < QUICK_MS ? 5 : now.latency < SLOW_MS ? 3 : 2
  const time = t('quality.latency', { number: now.latency })
  return <Face icon={Signal} kind={now.inSync ? 'good' : 'behind'} bars={bars} time={time} />
}

interface FaceProps {
  icon: typeof Signal
  kind: 'good' | 'behind' | 'lost'
  /** How many of the five bars are full. */
  bars: number
  time: string
}

function Face({ icon, kind, bars, time }: FaceProps) {
  const label = [t(`quality.${kind}`), time].filter(Boolean).join(' · ')
  const hint = [t(`quality.${kind}.text`), time && `${t('quality.latency.label')}: ${time}`].filter(Boolean).join(' ')
  return (
    <TipButton class={`tool tool-count quality quality-${kind} quality-bars-${bars}`} label={label} hint={hint}>
      <Icon node={icon} />
      <span class="quality-text">{label}</span>
    </TipButton>
  )
}
