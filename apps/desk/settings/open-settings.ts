import { signal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { canSetRules } from '../address.ts'

/** The page for masking rules while it is open. Its code comes with the first look at it. */
export const settingsPage = signal<ComponentType<{ onClose(): void }> | undefined>(undefined)

/** False for an agent whose token does not allow it. */
export const canOpenSettings = canSetRules

export async function openSettings(): Promise<void> {
  const { SettingsPage } = await import('./settings-page.tsx')
  settingsPage.value = SettingsPage
}

export function closeSettings(): void {
  settingsPage.value = undefined
}
