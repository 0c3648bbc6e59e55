import { useSignal } from '@preact/signals'
import { Hourglass } from 'lucide'
import { useEffect } from 'preact/hooks'
import { canEnterCodes } from './address.ts'
import { Icon } from './icon.tsx'
import { leave } from './session.ts'
import { formatCountdown, t } from './texts/language.ts'
import { Rich } from './texts/rich.tsx'

interface WaitProps {
  /** Known once the customer is being asked. */
  customerName: string | undefined
  /** Whom the agent chose from the list. */
  calling: string | undefined
}

/** Between the code and the page: first the server, then, once it is known, the customer. */
export function WaitScreen({ customerName, calling }: WaitProps) {
  return (
    <section class="card message-card">
      <span class={customerName ? 'wait-figure wait-asking' : 'wait-figure'}>
        <span class="wait-ring" />
        {customerName ? <span class="wait-initial">{initial(customerName)}</span> : <Icon node={Hourglass} size={26} />}
      </span>
      {customerName ? (
        <>
          <h1>{t('wait.title')}</h1>
          <p class="lead">
            <Rich of="wait.text" values={{ name: customerName }} />
          </p>
          <Patience />
        </>
      ) : (
        <>
          <h1>{calling === undefined ? t('state.connecting') : t('state.calling', { name: calling })}</h1>
          <p class="lead">{describeStep(calling)}</p>
        </>
      )}
      <button class="button" type="button" onClick={leave}>
        {t('wait.cancel')}
      </button>
      {customerName && calling === undefined && canEnterCodes && <p class="wait-note">{t('wait.cancel.note')}</p>}
    </section>
  )
}

/** After so long an agent wonders, and a customer looks for the question. */
const ADVICE_AFTER_S = 30

/** How long the customer has been asked, and what may help when that is long. */
function Patience() {
  const seconds = useSignal(0)
  useEffect(() => {
    const timer = setInterval(() => {
      seconds.value++
    }, 1000)
    return () => clearInterval(timer)
  }, [])
  return (
    <>
      <p class="wait-count">{t('wait.since', { time: formatCountdown(seconds.value) })}</p>
      <p class="wait-advice" role="status">
        {seconds.value >= ADVICE_AFTER_S && t('wait.advice')}
      </p>
    </>
  )
}

function describeStep(calling: string | undefined): string {
  if (calling !== undefined) return t('wait.calling')
  return canEnterCodes ? t('wait.code') : t('wait.link')
}

function initial(name: string): string {
  return [...name.trim()][0]?.toUpperCase() ?? '?'
}
