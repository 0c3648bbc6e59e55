import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'

/** Where the shop lives on its server. */
const BASE = '/demo'

/** The place within the shop, without the base: `/`, `/cart`, `/product/…`. */
export const path = signal(readPath())

export function navigate(to: string): void {
  history.pushState(null, '', to === '/' ? BASE : BASE + to)
  path.value = readPath()
  scrollTo(0, 0)
}

addEventListener('popstate', () => {
  path.value = readPath()
})

/** A link within the shop: the page stays, its content changes. */
export function Link({ to, class: name, children }: { to: string; class?: string; children: ComponentChildren }) {
  const current = path.value === to
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return
    event.preventDefault()
    navigate(to)
  }
  return (
    <a class={name} href={to === '/' ? BASE : BASE + to} aria-current={current ? 'page' : undefined} onClick={follow}>
      {children}
    </a>
  )
}

function readPath(): string {
  const within = location.pathname.startsWith(BASE) ? location.pathname.slice(BASE.length) : location.pathname
  return within.replace(/\/+$/, '') || '/'
}
