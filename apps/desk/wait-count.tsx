import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { formatCountdown, t } from './texts/language.ts'

/** Counts down the seconds until the next try may work. */
export function WaitCount({ seconds }: { seconds: number }) {
  const left = useSignal(seconds)
  useEffect(() => {
    left.value = seconds
    const timer = setInterval(() => {
      left.value = Math.max(0, left.value - 1)
    }, 1000)
    return () => clearInterval(timer)
  }, [seconds])
  return <p class="wait-count">{left.value ? t('wait.again', { time: formatCountdown(left.value) }) : t('wait.now')}</p>
}
