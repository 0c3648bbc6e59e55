import type { Signal } from '@preact/signals'
import { CircleAlert, LoaderCircle } from 'lucide'
import { useEffect } from 'preact/hooks'
import { Mark } from '../brand.tsx'
import { Icon } from '../icon.tsx'
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
        <span class="recording-part">Recording</span>
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
      <h1>Loading the recording</h1>
      <p>{(bytes / 1_000_000).toFixed(1)} MB so far</p>
    </section>
  )
}

function Failed({ failure: { title, text } }: { failure: Failure }) {
  useEffect(() => {
    document.title = `${title} · Alongside desk`
  }, [title])
  return (
    <section class="card recording-card" role="alert">
      <span class="recording-icon recording-icon-bad">
        <Icon node={CircleAlert} size={26} />
      </span>
      <h1>{title}</h1>
      <p>{text}</p>
    </section>
  )
}
