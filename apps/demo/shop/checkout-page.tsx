import { useSignal } from '@preact/signals'
import { Lock } from 'lucide'
import { carrierOrigin } from './carrier.ts'
import { cart, emptyCart, FREE_DELIVERY_FROM, subtotal } from './cart.ts'
import { Icon } from './icon.tsx'
import { LabelledInput } from './labelled-input.tsx'
import { formatPrice } from './money.ts'
import { Link, navigate } from './router.tsx'

const DELIVERIES = [
  { id: 'post', name: 'Post', when: 'two to four working days', price: 490 },
  { id: 'express', name: 'Express', when: 'tomorrow before noon', price: 1290 },
  { id: 'store', name: 'Fetch it from a store', when: 'ready in an hour', price: 0 },
] as const
type Delivery = (typeof DELIVERIES)[number]

const COUNTRIES = ['Austria', 'Denmark', 'Estonia', 'Finland', 'France', 'Germany', 'Ireland', 'Portugal', 'Sweden']

export function CheckoutPage() {
  const delivery = useSignal<Delivery>(DELIVERIES[0])
  const isGift = useSignal(false)
  const order = (event: SubmitEvent) => {
    event.preventDefault()
    emptyCart()
    navigate('/thanks')
  }
  if (cart.value.length === 0)
    return (
      <section class="page page-narrow centred">
        <h1>Nothing to pay for</h1>
        <p class="soft">Your basket is empty.</p>
        <Link to="/" class="button button-main">
          See everything
        </Link>
      </section>
    )
  return (
    <form class="page" onSubmit={order}>
      <h1>Checkout</h1>
      <div class="split">
        <div class="stack">
          <AddressFields />
          <fieldset class="panel">
            <legend>Delivery</legend>
            {DELIVERIES.map((each) => (
              <label key={each.id} class="option">
                <input
                  type="radio"
                  name="delivery"
                  checked={delivery.value === each}
                  onChange={() => {
                    delivery.value = each
                  }}
                />
                <span class="option-text">
                  <strong>{each.name}</strong>
                  <span class="soft">{each.when}</span>
                </span>
                <span>{formatFee(priceOf(each))}</span>
              </label>
            ))}
            {delivery.value.id !== 'store' && (
              <iframe
                class="carrier"
                title="Delivery times, from the carrier’s site"
                src={`${carrierOrigin}/demo/carrier.html`}
              />
            )}
            <label class="check">
              <input
                type="checkbox"
                name="gift"
                checked={isGift.value}
                onChange={(event) => {
                  isGift.value = event.currentTarget.checked
                }}
              />
              It is a present
            </label>
            {isGift.value && (
              <label class="labelled">
                What should the card say?
                <textarea class="field" name="gift-text" rows={3} maxLength={200} />
              </label>
            )}
          </fieldset>
          <CardFields />
        </div>
        <OrderSummary delivery={delivery.value} />
      </div>
    </form>
  )
}

function AddressFields() {
  return (
    <fieldset class="panel">
      <legend>Where to</legend>
      <div class="fields">
        <LabelledInput label="Full name" name="name" autocomplete="name" required />
        <LabelledInput label="Email" name="email" type="email" autocomplete="email" required />
        <LabelledInput label="Street and number" name="street" autocomplete="street-address" wide required />
        <LabelledInput label="Postcode" name="postcode" autocomplete="postal-code" required />
        <LabelledInput label="Town" name="town" autocomplete="address-level2" required />
        <label class="labelled wide">
          Country
          <select class="field" name="country" autocomplete="country-name">
            {COUNTRIES.map((name) => (
              <option key={name} selected={name === 'Ireland'}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
    </fieldset>
  )
}

function CardFields() {
  return (
    <fieldset class="panel">
      <legend>
        <Icon node={Lock} size={16} /> Card
      </legend>
      <div class="fields">
        <LabelledInput label="Card number" name="card" autocomplete="cc-number" inputMode="numeric" wide required />
        <LabelledInput label="Valid until" name="expiry" autocomplete="cc-exp" placeholder="MM / YY" required />
        <LabelledInput label="Security code" name="csc" autocomplete="cc-csc" inputMode="numeric" required />
        <LabelledInput label="Name on the card" name="card-name" autocomplete="cc-name" wide />
      </div>
      <label class="check">
        <input type="checkbox" name="remember" />
        Remember this card
      </label>
    </fieldset>
  )
}

function OrderSummary({ delivery }: { delivery: Delivery }) {
  return (
    <aside class="panel summary">
      <h2>Your order</h2>
      <ul class="summary-lines">
        {cart.value.map((line) => (
          <li key={`${line.productId} ${line.colour} ${line.size}`}>
            <span>
              {line.quantity} × {line.product.name}
            </span>
            <span>{formatPrice(line.product.price * line.quantity)}</span>
          </li>
        ))}
      </ul>
      <dl class="sums">
        <div>
          <dt>Delivery</dt>
          <dd>{formatFee(priceOf(delivery))}</dd>
        </div>
        <div class="total">
          <dt>Total</dt>
          <dd>{formatPrice(subtotal.value + priceOf(delivery))}</dd>
        </div>
      </dl>
      <label class="check">
        <input type="checkbox" name="terms" required />I agree to the terms of this shop that does not exist
      </label>
      <button class="button button-main button-wide" type="submit">
        Order and pay
      </button>
    </aside>
  )
}

function formatFee(cents: number): string {
  return cents === 0 ? 'Free' : formatPrice(cents)
}

/** Post is free for larger orders. */
function priceOf(delivery: Delivery): number {
  return delivery.id === 'post' && subtotal.value >= FREE_DELIVERY_FROM ? 0 : delivery.price
}
