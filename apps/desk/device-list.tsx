import type { PresentDevice } from '@alongside/sdk/agent'
import { Search, UsersRound } from 'lucide'
import { useEffect } from 'preact/hooks'
import { detailsOf, nameOf, presence, search, searchFor } from './devices.ts'
import { Icon } from './icon.tsx'
import { ListFailed } from './list-failed.tsx'
import { call } from './session.ts'
import { formatNumber, t } from './texts/language.ts'

/** The customers who are on the site now: an agent may begin, and the customer is asked. */
export function DeviceList() {
  useEffect(presence.watch, [])
  const now = presence.now.value
  if (now.name === 'off') return null
  return (
    <section class="card devices" aria-labelledby="devices-title">
      <div class="devices-head">
        <h2 id="devices-title">{t('devices.title')}</h2>
        {now.name === 'listed' && <span class="devices-count">{formatNumber(now.list.total)}</span>}
      </div>
      <label class="devices-search">
        <span class="unseen">{t('devices.search')}</span>
        <Icon node={Search} size={17} />
        <input
          type="search"
          placeholder={t('devices.placeholder')}
          autocomplete="off"
          spellcheck={false}
          value={search.value}
          onInput={(event) => searchFor(event.currentTarget.value)}
        />
      </label>
      <p class="unseen" role="status">
        {now.name === 'listed' && search.value ? t('devices.found', { count: now.list.total }) : ''}
      </p>
      <Content />
    </section>
  )
}

function Content() {
  const now = presence.now.value
  if (now.name === 'loading') return <p class="devices-note">{t('devices.loading')}</p>
  if (now.name === 'failed') return <ListFailed problem={now.problem} />
  if (now.name === 'off') return null
  const { list } = now
  if (list.devices.length === 0) return <Empty />
  return (
    <>
      <ul class="devices-list present-list">
        {list.devices.map((device) => (
          <Device key={device.id} device={device} />
        ))}
      </ul>
      {list.next && <p class="devices-note">{t('devices.more', { count: list.total - list.devices.length })}</p>}
    </>
  )
}

function Empty() {
  const words = search.value.trim()
  return (
    <div class="devices-empty">
      <Icon node={UsersRound} size={26} />
      {words ? <p>{t('devices.nomatch', { words })}</p> : <p>{t('devices.none')}</p>}
    </div>
  )
}

function Device({ device }: { device: PresentDevice }) {
  const name = nameOf(device)
  const details = detailsOf(device)
  return (
    <li class="device">
      <span class="avatar avatar-customer" aria-hidden="true">
        {[...name][0]?.toUpperCase()}
      </span>
      <span class="device-text">
        <span class="device-name" dir="auto">
          {name}
        </span>
        {details && (
          <span class="device-details" dir="auto">
            {details}
          </span>
        )}
      </span>
      {device.inSession && <span class="status status-good">{t('devices.busy')}</span>}
      <button
        class="button button-small"
        type="button"
        onClick={() => call(device.id, name)}
        aria-label={t('devices.start.label', { name })}
      >
        {t('devices.start')}
      </button>
    </li>
  )
}
