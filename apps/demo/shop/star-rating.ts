import type { HTMLAttributes } from 'preact'

const STAR = 'm12 2 3.100 6.300 6.900 1-5 4.900 1.200 6.800-6.200-3.300L5.800 21 7 14.200 2 9.300l6.900-1z'

const sheet = new CSSStyleSheet()
sheet.replaceSync(`
  :host { display: inline-flex; align-items: center; gap: 6px; font-size: 13px; line-height: 1 }
  .stars, .stars span { display: inline-flex }
  .stars { position: relative }
  .full { position: absolute; inset: 0 auto 0 0; display: inline-flex; overflow: hidden; width: var(--part) }
  svg { flex: none; width: 16px; height: 16px; fill: color-mix(in srgb, currentcolor 22%, transparent) }
  .full svg { fill: #c9781f }
  ::slotted(*) { opacity: .8 }
`)

/** `<star-rating value="4.5">`: stars from 0 to 5 in a shadow root of their own; what stands inside follows them. */
class StarRating extends HTMLElement {
  static observedAttributes = ['value']
  #part: HTMLElement | undefined

  connectedCallback(): void {
    if (this.shadowRoot) return
    const root = this.attachShadow({ mode: 'open' })
    root.adoptedStyleSheets = [sheet]
    const stars = `<svg viewBox="0 0 24 24"><path d="${STAR}"/></svg>`.repeat(5)
    root.innerHTML = `<span class="stars" role="img"><span>${stars}</span><span class="full">${stars}</span></span><slot></slot>`
    this.#part = root.querySelector<HTMLElement>('.stars') ?? undefined
    this.attributeChangedCallback()
  }

  attributeChangedCallback(): void {
    const value = Number(this.getAttribute('value')) || 0
    this.#part?.style.setProperty('--part', `${value * 20}%`)
    this.#part?.setAttribute('aria-label', `${value} of 5 stars`)
  }
}

customElements.define('star-rating', StarRating)

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'star-rating': HTMLAttributes<HTMLElement> & { value: number }
    }
  }
}
