import { useSignal } from '@preact/signals'
import { Check, ChevronRight, Ruler, Truck } from 'lucide'
import { useRef } from 'preact/hooks'
import { addToCart } from './cart.ts'
import { Icon } from './icon.tsx'
import { Illustration, type View } from './illustration.tsx'
import { formatPrice } from './money.ts'
import type { Product } from './products.ts'
import { Quantity } from './quantity.tsx'
import { Reviews } from './reviews.tsx'
import { Link } from './router.tsx'
import { SizeGuide } from './size-guide.tsx'

const VIEWS: { view: View; label: string }[] = [
  { view: 'studio', label: 'Front' },
  { view: 'outside', label: 'Outside' },
  { view: 'detail', label: 'Close' },
]

export function ProductPage({ product }: { product: Product }) {
  const colour = useSignal(product.colours[0])
  return (
    <div class="page">
      <nav class="crumbs" aria-label="You are here">
        <Link to="/">Everything</Link>
        <Icon node={ChevronRight} size={14} />
        <span>{product.category}</span>
      </nav>
      <div class="product">
        <Gallery product={product} hex={colour.value?.hex ?? ''} />
        <section class="product-side">
          <h1>{product.name}</h1>
          <star-rating value={product.rating}>{product.reviews} reviews</star-rating>
          <p class="product-price">{formatPrice(product.price)}</p>
          <p class="soft">{product.summary}</p>
          <fieldset class="choice">
            <legend>
              Colour <span class="soft">{colour.value?.name}</span>
            </legend>
            <div class="swatches">
              {product.colours.map((each) => (
                <label key={each.name} class="swatch-label">
                  <input
                    type="radio"
                    name="colour"
                    aria-label={each.name}
                    checked={colour.value === each}
                    onChange={() => {
                      colour.value = each
                    }}
                  />
                  <span class="swatch" style={{ background: each.hex }} />
                </label>
              ))}
            </div>
          </fieldset>
          <Order product={product} colour={colour.value?.name ?? ''} />
          <ul class="facts">
            {product.facts.map((fact) => (
              <li key={fact}>
                <Icon node={Check} size={16} />
                {fact}
              </li>
            ))}
          </ul>
          <details class="fold">
            <summary>Care and repair</summary>
            <p>Brush off the mud, rinse with cold water, dry in the shade. Send it to us when something tears.</p>
          </details>
          <details class="fold">
            <summary>What it is made of</summary>
            <p>Mostly recycled material, sewn in Portugal and Estonia. Each seam is tested before it leaves.</p>
          </details>
        </section>
      </div>
      <Reviews product={product} />
    </div>
  )
}

function Gallery({ product, hex }: { product: Product; hex: string }) {
  const view = useSignal<View>('studio')
  return (
    <div class="gallery">
      <div class="gallery-main">
        <Illustration shape={product.shape} colour={hex} view={view.value} label={`${product.name}, ${view.value}`} />
      </div>
      <fieldset class="gallery-thumbs" aria-label="Pictures">
        {VIEWS.map(({ view: each, label }) => (
          <button
            key={each}
            class="thumb"
            type="button"
            aria-label={label}
            aria-pressed={view.value === each}
            onClick={() => {
              view.value = each
            }}
          >
            <Illustration shape={product.shape} colour={hex} view={each} />
          </button>
        ))}
      </fieldset>
    </div>
  )
}

function Order({ product, colour }: { product: Product; colour: string }) {
  const size = useSignal(product.sizes[Math.floor(product.sizes.length / 2)] ?? '')
  const quantity = useSignal(1)
  const added = useSignal(false)
  const guide = useRef<HTMLDialogElement>(null)
  const add = (event: SubmitEvent) => {
    event.preventDefault()
    addToCart({ productId: product.id, colour, size: size.value, quantity: quantity.value })
    added.value = true
  }
  return (
    <form class="order" onSubmit={add}>
      <div class="order-row">
        <label class="labelled">
          Size
          <select
            class="field"
            value={size.value}
            onChange={(event) => {
              size.value = event.currentTarget.value
            }}
          >
            {product.sizes.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <div class="labelled">
          Quantity
          <Quantity
            value={quantity.value}
            name={product.name}
            onChange={(next) => {
              quantity.value = Math.max(1, next)
            }}
          />
        </div>
      </div>
      <div class="order-links">
        <button class="text-button" type="button" onClick={() => guide.current?.showModal()}>
          <Icon node={Ruler} size={16} /> Size guide
        </button>
        <button class="text-button" type="button" popovertarget="delivery">
          <Icon node={Truck} size={16} /> Delivery and returns
        </button>
      </div>
      <button class="button button-main button-wide" type="submit" disabled={product.stock === 0}>
        {product.stock === 0 ? 'Back in two weeks' : 'Put in the basket'}
      </button>
      <p class="order-note" role="status">
        {added.value && (
          <>
            <Icon node={Check} size={16} /> In your basket. <Link to="/cart">See the basket</Link>
          </>
        )}
      </p>
      <SizeGuide dialog={guide} />
      <div class="popover delivery" id="delivery" popover="auto">
        <h2>Delivery and returns</h2>
        <p>Two to four working days. Free from €150. Send anything back within sixty days, worn or not.</p>
      </div>
    </form>
  )
}
