import { signal } from '@preact/signals'
import type { ComponentType } from 'preact'

/** The page for masking rules while it is open. Its code comes with the first look at it. */
export const settingsPage = signal<ComponentType<{ onClose(): void }> | undefined>(undefined)

export async function openSettings(): Promise<void> {
  const { SettingsPage } = await import('./settings-page.tsx')
  settingsPage.value = SettingsPage
}

export function closeSettings(): void {
  settingsPage.value = undefined
}
