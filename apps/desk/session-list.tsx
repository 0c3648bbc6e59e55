import type { OpenSession, SessionList as Sessions } from '@alongside/sdk/agent'
import { useEffect } from 'preact/hooks'
import { createFormList } from './form-list.ts'
import { ListFailed } from './list-failed.tsx'
import { TipButton } from './live/tip.tsx'
import { joinSession, listSessions } from './session.ts'
import { formatNames, formatNumber, formatSince, t } from './texts/language.ts'
import { wasIn } from './visits.ts'

const openSessions = createFormList('sessions-list', listSessions)

/** The company's open sessions: an agent may ask to come in, or to watch. */
export function SessionList() {
  useEffect(openSessions.watch, [])
  const now = openSessions.now.value
  if (now.name === 'off' || now.name === 'loading') return null
  return (
    <section class="card devices" aria-labelledby="sessions-title">
      <div class="devices-head">
        <h2 id="sessions-title">{t('sessions.title')}</h2>
        {now.name === 'listed' && <span class="devices-count">{formatNumber(now.list.total)}</span>}
      </div>
      {now.name === 'failed' ? <ListFailed problem={now.problem} /> : <Rows sessions={now.list.sessions} />}
    </section>
  )
}

function Rows({ sessions }: Pick<Sessions, 'sessions'>) {
  if (sessions.length === 0) return <p class="devices-note">{t('sessions.none')}</p>
  return (
    <ul class="devices-list sessions-list">
      {sessions.map((session) => (
        <Row key={session.id} session={session} />
      ))}
    </ul>
  )
}

function Row({ session }: { session: OpenSession }) {
  const { id, customerName: name, joinable, site, since } = session
  const began = t('sessions.since', { time: formatSince(since) })
  return (
    <li class="device">
      <span class="avatar avatar-customer" aria-hidden="true">
        {[...name.trim()][0]?.toUpperCase()}
      </span>
      <span class="device-text">
        <span class="device-name" dir="auto">
          {name}
        </span>
        <span class="device-details">{describe(session)}</span>
        {site && (
          <span class="device-details">
            <bdi>{site}</bdi>
          </span>
        )}
        <span class="device-details">{began}</span>
        {wasIn(id) && <span class="device-was">{t('sessions.was')}</span>}
      </span>
      {joinable && (
        <>
          <TipButton
            class="button button-small"
            label={t('sessions.watch.label', { name })}
            hint={t('sessions.watch.hint')}
            onClick={() => joinSession(id, name, true)}
          >
            {t('sessions.watch')}
          </TipButton>
          <TipButton
            class="button button-small"
            label={t('sessions.join.label', { name })}
            hint={t('sessions.join.hint')}
            onClick={() => joinSession(id, name, false)}
          >
            {t('sessions.join')}
          </TipButton>
        </>
      )}
    </li>
  )
}

function describe({ state, agents }: OpenSession): string {
  if (state === 'recovering') return t('sessions.recovering')
  if (agents.length === 0) return t('sessions.waiting')
  return t('sessions.live', { names: formatNames(agents.map(({ userName }) => userName)) })
}
