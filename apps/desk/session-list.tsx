import type { OpenSession } from '@alongside/sdk/agent'
import { useEffect } from 'preact/hooks'
import { openSessions, watchSessions } from './open-sessions.ts'
import { joinSession } from './session.ts'
import { formatNumber, t } from './texts/language.ts'

/** The company's open sessions: an agent may ask to come in, or to watch. */
export function SessionList() {
  useEffect(watchSessions, [])
  const list = openSessions.value
  if (!list) return null
  return (
    <section class="card devices" aria-labelledby="sessions-title">
      <div class="devices-head">
        <h2 id="sessions-title">{t('sessions.title')}</h2>
        <span class="devices-count">{formatNumber(list.total)}</span>
      </div>
      {list.sessions.length === 0 ? (
        <p class="devices-note">{t('sessions.none')}</p>
      ) : (
        <ul class="devices-list sessions-list">
          {list.sessions.map((session) => (
            <Row key={session.id} session={session} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Row({ session }: { session: OpenSession }) {
  const { id, customerName: name, joinable } = session
  return (
    <li class="device">
      <span class="avatar avatar-customer" aria-hidden="true">
        {[...name.trim()][0]?.toUpperCase()}
      </span>
      <span class="device-text">
        <bdi class="device-name">{name}</bdi>
        <span class="device-details">{describe(session)}</span>
      </span>
      {joinable && (
        <>
          <button
            class="button button-small"
            type="button"
            aria-label={t('sessions.watch.label', { name })}
            onClick={() => joinSession(id, name, true)}
          >
            {t('sessions.watch')}
          </button>
          <button
            class="button button-small"
            type="button"
            aria-label={t('sessions.join.label', { name })}
            onClick={() => joinSession(id, name, false)}
          >
            {t('sessions.join')}
          </button>
        </>
      )}
    </li>
  )
}

function describe({ state, agents }: OpenSession): string {
  if (state === 'recovering') return t('sessions.recovering')
  const names = agents.map(({ userName }) => userName).join(', ')
  return names === '' ? t('sessions.waiting') : t('sessions.live', { names })
}
