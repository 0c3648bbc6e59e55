import { computed, effect, signal } from '@preact/signals'
import { findProduct, type Product } from './products.ts'

export interface CartLine {
  productId: string
  colour: string
  size: string
  quantity: number
}

/** A line with the product it is about. */
export interface FullLine extends CartLine {
  product: Product
}

const KEY = 'northwind-basket'

/** Orders above this many cents are delivered free. */
export const FREE_DELIVERY_FROM = 15000

const lines = signal<CartLine[]>(restore())

effect(() => sessionStorage.setItem(KEY, JSON.stringify(lines.value)))

export const cart = computed<FullLine[]>(() =>
  lines.value.flatMap((line) => {
    const product = findProduct(line.productId)
    return product ? [{ ...line, product }] : []
  }),
)

export const itemCount = computed(() => lines.value.reduce((sum, line) => sum + line.quantity, 0))

/** In cents, without delivery. */
export const subtotal = computed(() => cart.value.reduce((sum, line) => sum + line.quantity * line.product.price, 0))

export function addToCart(added: CartLine): void {
  const at = lines.value.findIndex((line) => isSame(line, added))
  if (at < 0) lines.value = [...lines.value, added]
  else setQuantity(added, (lines.value[at]?.quantity ?? 0) + added.quantity)
}

/** Zero takes the line out. */
export function setQuantity(changed: CartLine, quantity: number): void {
  lines.value = lines.value
    .map((line) => (isSame(line, changed) ? { ...line, quantity } : line))
    .filter((line) => line.quantity > 0)
}

export function emptyCart(): void {
  lines.value = []
}

function isSame(one: CartLine, other: CartLine): boolean {
  return one.productId === other.productId && one.colour === other.colour && one.size === other.size
}

function restore(): CartLine[] {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]')
    return Array.isArray(stored) ? stored.filter(isLine) : []
  } catch {
    return []
  }
}

function isLine(stored: unknown): stored is CartLine {
  return typeof stored === 'object' && stored !== null && 'productId' in stored && 'quantity' in stored
}
