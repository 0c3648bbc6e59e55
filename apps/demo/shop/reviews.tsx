import { useSignal } from '@preact/signals'
import type { Product } from './products.ts'

interface Review {
  author: string
  value: number
  text: string
}

const WRITTEN: Review[] = [
  {
    author: 'Maren',
    value: 5,
    text: 'Three weeks on the coast path, rain on most days. I would buy it again tomorrow.',
  },
  {
    author: 'Idris',
    value: 4,
    text: 'Good work. One star off because the colour is a little darker than in the picture.',
  },
  { author: 'Aoife', value: 5, text: 'Sent it in with a torn seam, had it back after nine days, repaired and washed.' },
]

export function Reviews({ product }: { product: Product }) {
  const reviews = useSignal(WRITTEN)
  const stars = useSignal(5)
  const submit = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    const form = event.currentTarget
    const data = new FormData(form)
    const author = String(data.get('author')).trim() || 'Someone'
    reviews.value = [{ author, value: stars.value, text: String(data.get('text')) }, ...reviews.value]
    form.reset()
  }
  return (
    <section class="reviews">
      <div>
        <h2>What people say</h2>
        <ul class="review-list">
          {reviews.value.map((review) => (
            <li key={review.author + review.text}>
              <p class="review-head">
                <strong>{review.author}</strong>
                <star-rating value={review.value} />
              </p>
              <p>{review.text}</p>
            </li>
          ))}
        </ul>
      </div>
      <form class="panel" onSubmit={submit}>
        <h3>Write one yourself</h3>
        <label class="labelled">
          Your first name
          <input class="field" name="author" autocomplete="given-name" />
        </label>
        <label class="labelled">
          Stars
          <input
            type="range"
            min="1"
            max="5"
            value={stars.value}
            onInput={(event) => {
              stars.value = event.currentTarget.valueAsNumber
            }}
          />
        </label>
        <star-rating value={stars.value}>{stars.value} of 5</star-rating>
        <label class="labelled">
          How is the {product.name}?
          <textarea class="field" name="text" rows={4} required />
        </label>
        <button class="button" type="submit">
          Publish
        </button>
      </form>
    </section>
  )
}
