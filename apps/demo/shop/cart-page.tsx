import { Trash2 } from 'lucide'
import { cart, FREE_DELIVERY_FROM, type FullLine, setQuantity, subtotal } from './cart.ts'
import { Icon } from './icon.tsx'
import { Illustration } from './illustration.tsx'
import { formatPrice } from './money.ts'
import { Quantity } from './quantity.tsx'
import { Link } from './router.tsx'

export function CartPage() {
  if (cart.value.length === 0)
    return (
      <section class="page page-narrow centred">
        <h1>Your basket is empty</h1>
        <p class="soft">Put something in and it stays here until you close this tab.</p>
        <Link to="/" class="button button-main">
          See everything
        </Link>
      </section>
    )
  return (
    <div class="page">
      <h1>Basket</h1>
      <div class="split">
        <ul class="lines">
          {cart.value.map((line) => (
            <Line key={`${line.productId} ${line.colour} ${line.size}`} line={line} />
          ))}
        </ul>
        <aside class="panel summary">
          <h2>Summary</h2>
          <DeliveryMeter />
          <dl class="sums">
            <div>
              <dt>Goods</dt>
              <dd>{formatPrice(subtotal.value)}</dd>
            </div>
            <div>
              <dt>Delivery</dt>
              <dd>{subtotal.value >= FREE_DELIVERY_FROM ? 'Free' : 'from €4.90'}</dd>
            </div>
          </dl>
          <Link to="/checkout" class="button button-main button-wide">
            Go to checkout
          </Link>
        </aside>
      </div>
    </div>
  )
}

function Line({ line }: { line: FullLine }) {
  const { product } = line
  const hex = product.colours.find(({ name }) => name === line.colour)?.hex ?? '#5c7150'
  return (
    <li class="line">
      <span class="line-picture">
        <Illustration shape={product.shape} colour={hex} view="studio" />
      </span>
      <div class="line-text">
        <Link to={`/product/${product.id}`} class="line-name">
          {product.name}
        </Link>
        <p class="soft small">
          {line.colour}, {line.size}
        </p>
      </div>
      <Quantity value={line.quantity} name={product.name} onChange={(next) => setQuantity(line, next)} />
      <strong class="line-price">{formatPrice(product.price * line.quantity)}</strong>
      <button
        class="icon-button"
        type="button"
        aria-label={`Take out ${product.name}`}
        onClick={() => setQuantity(line, 0)}
      >
        <Icon node={Trash2} />
      </button>
    </li>
  )
}

function DeliveryMeter() {
  const missing = FREE_DELIVERY_FROM - subtotal.value
  return (
    <p class="meter">
      {missing > 0 ? `${formatPrice(missing)} more and delivery is free.` : 'Delivery is free.'}
      <progress
        max={FREE_DELIVERY_FROM}
        value={Math.min(subtotal.value, FREE_DELIVERY_FROM)}
        aria-label="Free delivery"
      />
    </p>
  )
}
