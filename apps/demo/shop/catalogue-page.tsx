import { computed, signal } from '@preact/signals'
import { Search } from 'lucide'
import { Icon } from './icon.tsx'
import { formatPrice } from './money.ts'
import { CATEGORIES, type Category, PRODUCTS, type Product } from './products.ts'
import { Link } from './router.tsx'

const SORTS = {
  featured: 'Featured',
  cheapest: 'Price, low to high',
  dearest: 'Price, high to low',
  rating: 'Best rated',
}
type Sort = keyof typeof SORTS

const HIGHEST = 400

const search = signal('')
const category = signal<Category | 'All'>('All')
const ceiling = signal(HIGHEST)
const isInStock = signal(false)
const sort = signal<Sort>('featured')

const found = computed(() => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
  return PRODUCTS.filter(
    (product) =>
      (category.value === 'All' || product.category === category.value) &&
      product.price <= ceiling.value * 100 &&
      (!isInStock.value || product.stock > 0) &&
      words.every((word) => `${product.name} ${product.category} ${product.summary}`.toLowerCase().includes(word)),
  ).sort(ORDER[sort.value])
})

const ORDER: Record<Sort, (one: Product, other: Product) => number> = {
  featured: () => 0,
  cheapest: (one, other) => one.price - other.price,
  dearest: (one, other) => other.price - one.price,
  rating: (one, other) => other.rating - one.rating,
}

export function CataloguePage() {
  return (
    <>
      <Hero />
      <div class="page">
        <Filters />
        <p class="found" role="status">
          {found.value.length === 1 ? '1 product' : `${found.value.length} products`}
        </p>
        {found.value.length > 0 ? (
          <ul class="grid">
            {found.value.map((product) => (
              <ProductCard key={product.id} product={product} />
            ))}
          </ul>
        ) : (
          <div class="nothing">
            <h2>Nothing fits all of that</h2>
            <p class="soft">Try another word, or show everything again.</p>
            <button class="button" type="button" onClick={showAll}>
              Show everything
            </button>
          </div>
        )}
        <Evening />
      </div>
    </>
  )
}

/** Two sizes of one picture, so that the shop has a `srcset` too. */
function Evening() {
  return (
    <figure class="evening">
      <img
        src="/demo/pictures/evening-640.webp"
        srcset="/demo/pictures/evening-640.webp 640w, /demo/pictures/evening-1280.webp 1280w"
        sizes="(min-width: 1240px) 1176px, 94vw"
        width="1280"
        height="400"
        alt="A lit tent below the mountains after sunset"
      />
      <figcaption>Everything here has slept outside with us first.</figcaption>
    </figure>
  )
}

function Hero() {
  return (
    <section class="hero">
      <svg class="hero-hills" viewBox="0 0 1200 420" preserveAspectRatio="xMaxYMax slice" aria-hidden="true">
        <circle cx="930" cy="130" r="62" fill="#f2b36b" />
        <path d="m330 420 250-250 120 120 130-180 190 230 90-80 90 120v40z" fill="#7d9a98" />
        <path d="m830 110-54 75 34-12 22 26 28-24 32 10z" fill="#f7f3ea" />
        <path d="M0 420v-34q260-74 500-22t420-84 280 8v132z" fill="#4f735f" />
        <path d="M0 420v-30q280-110 560-30t640-20v80z" fill="#2f5342" />
        <path d="M860 372 900 300l42 72z" fill="#d9763f" />
        <path d="m900 300 14 72h-28z" fill="#8e3c22" />
      </svg>
      <div class="hero-text">
        <p class="hero-kicker">Autumn 2026</p>
        <h1>Made for the walk, not for the photograph</h1>
        <p>Sixteen things we use ourselves. Repaired for free, for as long as you own them.</p>
      </div>
    </section>
  )
}

function Filters() {
  return (
    <section class="filters" aria-label="Filters">
      <label class="search">
        <span class="unseen">Search</span>
        <Icon node={Search} />
        <input
          type="search"
          placeholder="Search for a jacket, a stove …"
          value={search.value}
          onInput={(event) => {
            search.value = event.currentTarget.value
          }}
        />
      </label>
      <fieldset class="chips" aria-label="Category">
        {(['All', ...CATEGORIES] as const).map((name) => (
          <button
            key={name}
            class="chip"
            type="button"
            aria-pressed={category.value === name}
            onClick={() => {
              category.value = name
            }}
          >
            {name}
          </button>
        ))}
      </fieldset>
      <label class="filter-range">
        <span>
          Up to <output>{formatPrice(ceiling.value * 100)}</output>
        </span>
        <input
          type="range"
          min="10"
          max={HIGHEST}
          step="10"
          value={ceiling.value}
          onInput={(event) => {
            ceiling.value = event.currentTarget.valueAsNumber
          }}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={isInStock.value}
          onChange={(event) => {
            isInStock.value = event.currentTarget.checked
          }}
        />
        In stock
      </label>
      <label class="filter-sort">
        <span class="unseen">Sort by</span>
        <select
          class="field"
          value={sort.value}
          onChange={(event) => {
            sort.value = event.currentTarget.value as Sort
          }}
        >
          {Object.entries(SORTS).map(([key, label]) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </section>
  )
}

function ProductCard({ product }: { product: Product }) {
  return (
    <li class="card">
      <Link to={`/product/${product.id}`} class="card-link">
        <span class="card-picture">
          <img src={`/demo/pictures/${product.id}.webp`} width="480" height="480" alt="" />
          {product.isNew && <span class="tag">New</span>}
          {product.stock === 0 && <span class="tag tag-quiet">Back soon</span>}
        </span>
        <span class="card-name">{product.name}</span>
        <span class="card-price">{formatPrice(product.price)}</span>
      </Link>
      <star-rating value={product.rating}>{product.reviews}</star-rating>
      <span
        class="card-colours"
        role="img"
        aria-label={`Colours: ${product.colours.map(({ name }) => name).join(', ')}`}
      >
        {product.colours.map(({ name, hex }) => (
          <span key={name} class="dot" style={{ background: hex }} />
        ))}
      </span>
    </li>
  )
}

function showAll(): void {
  search.value = ''
  category.value = 'All'
  ceiling.value = HIGHEST
  isInStock.value = false
}
