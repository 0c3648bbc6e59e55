import type { Signal } from '@preact/signals'
import { CircleAlert, LoaderCircle } from 'lucide'
import { useEffect } from 'preact/hooks'
import { Mark } from '../brand.tsx'
import { Icon } from '../icon.tsx'
import { formatNumber, t } from '../texts/language.ts'
import type { Failure, Fetched } from './fetch-recording.ts'
import { RecordingPlayer } from './recording-player.tsx'

/** The page behind a playback link: on its way, there, or why not. */
export function RecordingPage({
  received,
  fetched,
}: {
  received: Signal<number>
  fetched: Signal<Fetched | undefined>
}) {
  const now = fetched.value
  if (now && 'bytes' in now)
    return (
      <RecordingPlayer
        bytes={now.bytes}
        onFailure={(failure) => {
          fetched.value = { failure }
        }}
      />
    )
  return (
    <div class="recording-screen">
      <header class="recording-brand">
        <Mark />
        <span>Alongside</span>
        <span class="recording-part">{t('recording.title')}</span>
      </header>
      <main>{now ? <Failed failure={now.failure} /> : <Loading bytes={received.value} />}</main>
    </div>
  )
}

function Loading({ bytes }: { bytes: number }) {
  return (
    <section class="card recording-card" role="status">
      <span class="recording-icon busy">
        <Icon node={LoaderCircle} size={26} />
      </span>
      <h1>{t('recording.loading')}</h1>
      <p>{t('recording.received', { size: formatNumber(Math.round(bytes / 100_000) / 10) })}</p>
    </section>
  )
}

function Failed({ failure }: { failure: Failure }) {
  const title = t(`recording.${failure}.title`)
  useEffect(() => {
    document.title = t('desk.title', { state: title })
  }, [title])
  return (
    <section class="card recording-card" role="alert">
      <span class="recording-icon recording-icon-bad">
        <Icon node={CircleAlert} size={26} />
      </span>
      <h1>{title}</h1>
      <p>{t(`recording.${failure}.text`)}</p>
    </section>
  )
}
