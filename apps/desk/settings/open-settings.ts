import { signal } from '@preact/signals'
import type { ComponentType } from 'preact'

/** The page for masking rules while it is open. Its code comes with the first look at it. */
export const settingsPage = signal<ComponentType<{ onClose(): void }> | undefined>(undefined)

/** Its code did not come. */
export const settingsMissing = signal(false)

export async function openSettings(): Promise<void> {
  settingsMissing.value = false
  try {
    const { SettingsPage } = await import('./settings-page.tsx')
    settingsPage.value = SettingsPage
  } catch {
    settingsMissing.value = true
  }
}

export function closeSettings(): void {
  settingsPage.value = undefined
}
