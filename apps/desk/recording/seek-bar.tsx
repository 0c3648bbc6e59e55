import type { Player, PlayerState } from '@alongside/sdk/agent'
import { t } from '../texts/language.ts'
import { describePlace, formatPlace } from './format.ts'

/** Where the recording is, with a mark wherever an agent came or went. */
export function SeekBar({ player, state }: { player: Player; state: PlayerState }) {
  const { duration } = player
  return (
    <div class="recording-seek">
      <input
        type="range"
        min={0}
        max={Math.max(1, duration)}
        value={state.time}
        aria-label={t('recording.place')}
        aria-valuetext={describePlace(state.time, duration)}
        onInput={({ currentTarget }) => player.seek(Number(currentTarget.value))}
      />
      <ul class="recording-marks" aria-label={t('recording.marks')}>
        {agentMarks(player).map(({ time, text, kind }) => (
          <li key={`${time} ${text}`} style={{ insetInlineStart: `${(100 * time) / Math.max(1, duration)}%` }}>
            <button
              type="button"
              class={`recording-mark recording-mark-${kind}`}
              title={`${text}, ${formatPlace(time)}`}
              onClick={() => player.seek(time)}
            >
              <span class="unseen">{t('recording.mark', { text, place: describePlace(time) })}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

interface AgentMark {
  time: number
  text: string
  kind: 'joined' | 'left'
}

function agentMarks({ marks }: Player): AgentMark[] {
  const names = new Map<number, string>()
  return marks.flatMap(({ time, mark }): AgentMark[] => {
    // One who was in when a server took the session up again is told of twice.
    if (mark.type === 'agent_joined' && names.has(mark.participant)) return []
    if (mark.type === 'agent_joined') {
      names.set(mark.participant, mark.userName)
      return [{ time, text: t('notice.joined', { name: mark.userName }), kind: 'joined' }]
    }
    if (mark.type !== 'agent_left') return []
    const name = names.get(mark.participant) ?? t('people.agent')
    names.delete(mark.participant)
    return [{ time, text: t('notice.left', { name }), kind: 'left' }]
  })
}
