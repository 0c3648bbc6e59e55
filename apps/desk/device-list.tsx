import type { PresentDevice } from '@alongside/sdk/agent'
import { CircleAlert, Search, UsersRound } from 'lucide'
import { useEffect } from 'preact/hooks'
import { detailsOf, nameOf, presence, search, searchFor, watchDevices } from './devices.ts'
import { Icon } from './icon.tsx'
import { call } from './session.ts'

/** The customers who are on the site now: an agent may begin, and the customer is asked. */
export function DeviceList() {
  useEffect(watchDevices, [])
  const now = presence.value
  if (now.name === 'off') return null
  return (
    <section class="card devices" aria-labelledby="devices-title">
      <div class="devices-head">
        <h2 id="devices-title">On the site now</h2>
        {now.name === 'listed' && <span class="devices-count">{now.list.total}</span>}
      </div>
      <label class="devices-search">
        <span class="unseen">Search customers by name, e-mail or id</span>
        <Icon node={Search} size={17} />
        <input
          type="search"
          placeholder="Name, e-mail or id"
          autocomplete="off"
          spellcheck={false}
          value={search.value}
          onInput={(event) => searchFor(event.currentTarget.value)}
        />
      </label>
      <p class="unseen" role="status">
        {now.name === 'listed' && search.value ? `${now.list.total} found` : ''}
      </p>
      <Content />
    </section>
  )
}

function Content() {
  const now = presence.value
  if (now.name === 'loading') return <p class="devices-note">Looking who is there …</p>
  if (now.name === 'failed')
    return (
      <p class="devices-note devices-failed" role="alert">
        <Icon node={CircleAlert} size={18} />
        {now.text}
      </p>
    )
  if (now.name === 'off') return null
  const { list } = now
  if (list.devices.length === 0) return <Empty />
  return (
    <>
      <ul class="devices-list">
        {list.devices.map((device) => (
          <Device key={device.id} device={device} />
        ))}
      </ul>
      {list.next && <p class="devices-note">And {list.total - list.devices.length} more. Search to find them.</p>}
    </>
  )
}

function Empty() {
  const words = search.value.trim()
  return (
    <div class="devices-empty">
      <Icon node={UsersRound} size={26} />
      {words ? (
        <p>Nobody on the site matches “{words}”. Try a part of the name, or ask the customer for a code.</p>
      ) : (
        <p>
          Nobody is there yet. Customers appear here while they are on a page of yours that registers them. Everybody
          else can give you a code.
        </p>
      )}
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
        <span class="device-name">{name}</span>
        {details && <span class="device-details">{details}</span>}
      </span>
      {device.inSession && <span class="status status-good">In session</span>}
      <button
        class="button button-small"
        type="button"
        onClick={() => call(device.id, name)}
        aria-label={`Start a session with ${name}`}
      >
        Start
      </button>
    </li>
  )
}
