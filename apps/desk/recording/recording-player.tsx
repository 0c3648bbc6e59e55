import { createPlayer, type Player, type PlayerState } from '@alongside/sdk/agent'
import { useSignal } from '@preact/signals'
import { CirclePause, WifiOff } from 'lucide'
import { useEffect, useRef } from 'preact/hooks'
import { Mark } from '../brand.tsx'
import { Icon } from '../icon.tsx'
import { formatNames, formatTime, t } from '../texts/language.ts'
import { Controls } from './controls.tsx'
import type { Failure } from './fetch-recording.ts'
import { handleKey } from './keys.ts'
import { SeekBar } from './seek-bar.tsx'

/** A recording with its controls. */
export function RecordingPlayer({
  bytes,
  onFailure,
}: {
  bytes: Uint8Array<ArrayBuffer>
  onFailure: (failure: Failure) => void
}) {
  const root = useRef<HTMLDivElement>(null)
  const player = useSignal<Player | undefined>(undefined)
  const state = useSignal<PlayerState | undefined>(undefined)
  const fits = useSignal(true)
  useEffect(() => {
    const opened = root.current && open(root.current, bytes)
    if (!opened) return onFailure('damaged')
    if (opened.empty) {
      opened.close()
      return onFailure('empty')
    }
    opened.on('changed', (now) => {
      state.value = now
    })
    opened.on('broken', () => onFailure('damaged'))
    player.value = opened
    state.value = opened.state
    document.title = t('desk.title', { state: t('recording.of', { name: opened.info.customerName }) })
    const onKey = (event: KeyboardEvent) => handleKey(event, opened)
    addEventListener('keydown', onKey)
    return () => {
      removeEventListener('keydown', onKey)
      opened.close()
    }
  }, [bytes])
  const setFits = (fit: boolean) => {
    fits.value = fit
    player.value?.setZoom(fit ? 'fit' : 1)
  }
  return (
    <div class="recording">
      <Head player={player.value} state={state.value} />
      <section class="recording-stage" aria-label={t('recording.page')}>
        <div class="recording-root" ref={root} />
        {state.value && <Veil state={state.value} />}
      </section>
      {player.value && state.value && (
        <footer class="recording-bar">
          <SeekBar player={player.value} state={state.value} />
          <Controls player={player.value} state={state.value} fits={fits.value} setFits={setFits} />
        </footer>
      )}
    </div>
  )
}

function open(root: HTMLElement, recording: Uint8Array<ArrayBuffer>): Player | undefined {
  try {
    return createPlayer({ root, recording })
  } catch {
    return undefined
  }
}

function Head({ player, state }: { player: Player | undefined; state: PlayerState | undefined }) {
  const names = state && formatNames(state.agents.map(({ userName }) => userName))
  return (
    <header class="recording-head">
      <Mark size={24} />
      <h1>{player?.info.customerName ?? t('recording.title')}</h1>
      {player && (
        <time dateTime={new Date(player.info.startTime).toISOString()}>
          {formatTime(player.info.startTime, 'medium')}
        </time>
      )}
      <p class="recording-agents">{names ? t('recording.seen', { names }) : t('recording.unseen')}</p>
    </header>
  )
}

/** What an agent saw over the page. While the customer hid it nothing is shown, as then. */
function Veil({ state: { paused, connected } }: { state: PlayerState }) {
  if (connected && !paused) return null
  return (
    <div class={paused ? 'recording-veil recording-veil-solid' : 'recording-veil'} role="status">
      <span>
        <Icon node={paused ? CirclePause : WifiOff} size={20} />
        {t(paused ? 'recording.paused' : 'recording.lost')}
      </span>
    </div>
  )
}
