import type { AgentSession } from '@alongside/sdk/agent'
import { computed, signal } from '@preact/signals'
import { live, state, zoom } from '../session.ts'

/** The factors that + and − go through: those of browsers. */
const STEPS = [0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2]

/** Whether the copy scrolls along with the customer, or as the agent likes. */
export const scrolling = signal<'follow' | 'free'>('follow')

/** How many masked places are in sight; undefined while they are not shown. */
export const masked = signal<number | undefined>(undefined)

export const isFull = signal(false)

/** The size of the copy's place on the desk. */
const room = signal({ width: 0, height: 0 })

/** The factor that the copy is drawn in, and those that + and − lead to. A copy that is fitted is never enlarged. */
export const steps = computed(() => {
  const viewport = state.value.name === 'open' ? state.value.viewport : undefined
  const fit = viewport ? Math.min(1, room.value.width / viewport.width, room.value.height / viewport.height) : 1
  const now = zoom.value === 'fit' ? fit : zoom.value
  return {
    now,
    smaller: STEPS.findLast((factor) => factor < now - 0.001),
    larger: STEPS.find((factor) => factor > now + 0.001),
  }
})

export function setScrolling(next: 'follow' | 'free'): void {
  scrolling.value = next
  live()?.setScroll(next)
}

/** How far a key scrolls a copy that is free, as parts of its height and width. */
const KEYS: Record<string, [x: number, y: number]> = {
  ArrowUp: [0, -0.1],
  ArrowDown: [0, 0.1],
  ArrowLeft: [-0.1, 0],
  ArrowRight: [0.1, 0],
  PageUp: [0, -0.9],
  PageDown: [0, 0.9],
  Home: [0, -1_000],
  End: [0, 1_000],
}

/** Whether the key scrolled the copy. */
export function scrollByKey({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  const part = KEYS[key]
  if (
    !part ||
    ctrlKey ||
    metaKey ||
    altKey ||
    scrolling.value !== 'free' ||
    state.value.name !== 'open' ||
    !state.value.viewport
  )
    return false
  const { width, height } = state.value.viewport
  live()?.scrollBy({ x: part[0] * width, y: part[1] * height })
  return true
}

export function setMasked(on: boolean): void {
  masked.value = on ? 0 : undefined
  live()?.showMasked(on)
}

export const canBeFull = (): boolean => document.fullscreenEnabled

export function toggleFull(): void {
  void (isFull.value ? document.exitFullscreen() : document.documentElement.requestFullscreen())
}

/** Follows the desk's window and the session; called once, with the element that the copy is in. */
export function watchView(session: AgentSession, root: HTMLElement): void {
  new ResizeObserver(() => {
    room.value = { width: root.clientWidth, height: root.clientHeight }
  }).observe(root)
  document.addEventListener('fullscreenchange', () => {
    isFull.value = document.fullscreenElement !== null
  })
  session.on('masked_changed', ({ count }) => {
    if (masked.value !== undefined) masked.value = count
  })
  session.on('session_joined', () => {
    setScrolling('follow')
    setMasked(false)
  })
}
