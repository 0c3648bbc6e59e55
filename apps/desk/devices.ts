import type { DeviceList, PresentDevice } from '@alongside/sdk/agent'
import { effect, signal } from '@preact/signals'
import { listDevices, ready, state } from './session.ts'
import { t } from './texts/language.ts'

/** How often the list is asked for while it is on the screen. */
const REFRESH_MS = 4_000

/** How long after the last key the search is sent. */
const TYPING_MS = 250

/** The list of customers who are on the site. */
export type Presence =
  | { name: 'loading' }
  | { name: 'listed'; list: DeviceList }
  /** The SDK key has no such list. */
  | { name: 'off' }
  | { name: 'failed'; text: string }

export const presence = signal<Presence>({ name: 'loading' })
export const search = signal('')

/** 1115: the key has no such list. 2001: the form says what to do about the token. */
const OFF = new Set([1115, 2001])

let asked = 0
let typing: ReturnType<typeof setTimeout> | undefined

/** Keeps the list new while the form is on the screen; the returned function stops that. */
export function watchDevices(): () => void {
  const stop = effect(() => {
    if (ready.value) void refresh()
  })
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible' && state.value.name === 'form' && !isAimedAt()) void refresh()
  }, REFRESH_MS)
  return () => {
    clearInterval(timer)
    stop()
  }
}

export function searchFor(text: string): void {
  search.value = text
  clearTimeout(typing)
  typing = setTimeout(() => void refresh(), TYPING_MS)
}

/** What agents call a customer: as the page says. */
export function nameOf({ customData }: PresentDevice): string {
  return customData.user_name || customData.user_email || customData.user_id || t('devices.nameless')
}

/** What else is known of a customer, in one line. */
export function detailsOf(device: PresentDevice): string {
  const name = nameOf(device)
  return Object.values(device.customData)
    .filter((value) => value && value !== name)
    .slice(0, 4)
    .join(' · ')
}

/** A row must not move away from under the pointer or the focus: the button of another customer would be pressed. */
function isAimedAt(): boolean {
  return document.querySelector('.devices-list:is(:hover, :focus-within)') !== null
}

async function refresh(): Promise<void> {
  const turn = ++asked
  const answer = await listDevices(search.value)
  // An older answer must not replace a newer one.
  if (!answer || turn !== asked) return
  if (answer.success) presence.value = { name: 'listed', list: answer.list }
  else if (OFF.has(answer.error.code)) presence.value = { name: 'off' }
  else presence.value = { name: 'failed', text: answer.error.errorMsg }
}
