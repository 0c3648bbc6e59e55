import type { Player, PlayerState } from '@alongside/sdk/agent'
import { FastForward, Keyboard, Pause, Play, Scan } from 'lucide'
import { Icon } from '../icon.tsx'
import { t } from '../texts/language.ts'
import { describePlace, formatPlace } from './format.ts'
import { KEYS, SPEEDS } from './keys.ts'

interface ControlsProps {
  player: Player
  state: PlayerState
  fits: boolean
  setFits: (fit: boolean) => void
}

export function Controls({ player, state, fits, setFits }: ControlsProps) {
  const label = t(state.playing ? 'recording.pause' : 'recording.play')
  return (
    <div class="recording-controls">
      <button
        class="button button-main recording-play"
        type="button"
        aria-label={label}
        title={label}
        onClick={() => (state.playing ? player.pause() : player.play())}
      >
        <Icon node={state.playing ? Pause : Play} />
      </button>
      <p class="recording-time">
        <span aria-hidden="true">
          {formatPlace(state.time)} / {formatPlace(player.duration)}
        </span>
        <span class="unseen">{describePlace(state.time, player.duration)}</span>
      </p>
      <fieldset class="recording-speeds" aria-label={t('recording.speed')}>
        {SPEEDS.map((speed) => (
          <button
            key={speed}
            class="button button-small"
            type="button"
            aria-pressed={state.speed === speed}
            onClick={() => player.setSpeed(speed)}
          >
            {speed}×
          </button>
        ))}
      </fieldset>
      <button
        class="button button-small"
        type="button"
        aria-pressed={state.skipIdle}
        onClick={() => player.setSkipIdle(!state.skipIdle)}
      >
        <Icon node={FastForward} size={16} />
        {t('recording.skip')}
      </button>
      <button class="button button-small" type="button" aria-pressed={fits} onClick={() => setFits(!fits)}>
        <Icon node={Scan} size={16} />
        {t('recording.fit')}
      </button>
      <button
        class="button button-small recording-help"
        type="button"
        popovertarget="keys"
        aria-label={t('recording.keyboard')}
      >
        <Icon node={Keyboard} size={16} />
      </button>
      <div id="keys" popover="auto" class="card recording-keys">
        <h2>{t('recording.keyboard')}</h2>
        <dl>
          {KEYS.map(({ name, text }) => (
            <div key={name}>
              <dt>
                <kbd>{name}</kbd>
              </dt>
              <dd>{t(text)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  )
}
