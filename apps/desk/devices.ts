import type { PresentDevice } from '@alongside/sdk/agent'
import { signal } from '@preact/signals'
import { createFormList } from './form-list.ts'
import { listDevices } from './session.ts'
import { t } from './texts/language.ts'

/** How long after the last key the search is sent. */
const TYPING_MS = 250

export const search = signal('')

/** The customers who are on the site. */
export const presence = createFormList('present-list', () => listDevices(search.value))

let typing: ReturnType<typeof setTimeout> | undefined

export function searchFor(text: string): void {
  search.value = text
  clearTimeout(typing)
  typing = setTimeout(() => void presence.refresh(), TYPING_MS)
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
