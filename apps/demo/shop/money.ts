const format = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' })

/** Cents as a price. */
export function formatPrice(cents: number): string {
  return format.format(cents / 100)
}
