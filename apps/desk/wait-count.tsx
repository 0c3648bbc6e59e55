import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'

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
  const minutes = Math.floor(left.value / 60)
  const rest = String(left.value % 60).padStart(2, '0')
  return <p class="wait-count">{left.value ? `Try again in ${minutes}:${rest}.` : 'You can try again now.'}</p>
}
