import { useSignal } from '@preact/signals'
import { Check } from 'lucide'
import { Icon } from './icon.tsx'
import { LabelledInput } from './labelled-input.tsx'
import { formatPrice } from './money.ts'
import { ORDERS } from './orders.ts'
import { PackingNote } from './packing-note.tsx'
import { SpendingChart } from './spending-chart.tsx'

export function AccountPage() {
  return (
    <div class="page stack">
      <div>
        <h1>Good to see you, Niamh</h1>
        <p class="soft">Member since 2019</p>
      </div>
      <div class="account-top">
        <SpendingChart />
        <PackingNote />
      </div>
      <Orders />
      <div class="account-forms">
        <Profile />
        <Password />
      </div>
    </div>
  )
}

function Orders() {
  return (
    <section class="panel">
      <h2>Orders</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: on a narrow screen the table scrolls, also by keyboard. */}
      <section class="table-scroll" aria-label="All orders" tabIndex={0}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Number</th>
              <th scope="col">Date</th>
              <th scope="col">What</th>
              <th scope="col">Sent to</th>
              <th scope="col">State</th>
              <th scope="col" class="right">
                Total
              </th>
            </tr>
          </thead>
          <tbody>
            {ORDERS.map((order) => (
              <tr key={order.number}>
                <th scope="row">{order.number}</th>
                <td>
                  <time dateTime={order.date}>{formatDate(order.date)}</time>
                </td>
                <td>{order.items}</td>
                <td class="order-address">{order.address}</td>
                <td>
                  <span class={`state state-${order.state === 'On its way' ? 'moving' : order.state.toLowerCase()}`}>
                    {order.state}
                  </span>
                </td>
                <td class="right">{formatPrice(order.total)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  )
}

function Profile() {
  const isSaved = useSignal(false)
  const save = (event: SubmitEvent) => {
    event.preventDefault()
    isSaved.value = true
  }
  return (
    <form class="panel" onSubmit={save} onInput={() => (isSaved.value = false)}>
      <h2>Profile</h2>
      <div class="fields">
        <LabelledInput label="First name" name="first" autocomplete="given-name" defaultValue="Niamh" required />
        <LabelledInput label="Last name" name="last" autocomplete="family-name" defaultValue="Byrne" required />
        <LabelledInput
          label="Email"
          name="email"
          type="email"
          autocomplete="email"
          defaultValue="niamh@example.org"
          wide
        />
        <LabelledInput label="Telephone" name="tel" type="tel" autocomplete="tel" />
        <LabelledInput label="Birthday" name="birthday" type="date" autocomplete="bday" />
        <label class="labelled wide">
          Notes for the courier
          <textarea class="field" name="notes" rows={3} />
        </label>
      </div>
      <fieldset class="plain">
        <legend>Write to me about</legend>
        <label class="check">
          <input type="checkbox" name="about-orders" defaultChecked />
          My orders
        </label>
        <label class="check">
          <input type="checkbox" name="about-repairs" defaultChecked />
          Repairs
        </label>
        <label class="check">
          <input type="checkbox" name="about-news" />
          New things
        </label>
      </fieldset>
      <SaveRow isSaved={isSaved.value} label="Save profile" />
    </form>
  )
}

function Password() {
  const isSaved = useSignal(false)
  const save = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    event.currentTarget.reset()
    isSaved.value = true
  }
  return (
    <form class="panel" onSubmit={save}>
      <h2>Password</h2>
      <input type="hidden" name="account" value="niamh-7731" />
      <LabelledInput label="Password now" name="now" type="password" autocomplete="current-password" required />
      <LabelledInput
        label="New password"
        name="next"
        type="password"
        autocomplete="new-password"
        minLength={8}
        required
      />
      <p class="soft small">At least eight characters. It goes nowhere, so do not use a real one.</p>
      <SaveRow isSaved={isSaved.value} label="Change password" />
    </form>
  )
}

function SaveRow({ isSaved, label }: { isSaved: boolean; label: string }) {
  return (
    <div class="save-row">
      <button class="button" type="submit">
        {label}
      </button>
      <span role="status">
        {isSaved && (
          <>
            <Icon node={Check} size={16} /> Saved
          </>
        )}
      </span>
    </div>
  )
}

function formatDate(date: string): string {
  return new Date(date).toLocaleDateString('en-IE', { day: 'numeric', month: 'short', year: 'numeric' })
}
