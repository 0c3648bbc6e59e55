import { signal } from '@preact/signals'
import type { ComponentType } from 'preact'

/** The page for masking rules while it is open. Its code comes with the first look at it. */
export const settingsPage = signal<ComponentType<{ onClose(): void }> | undefined>(undefined)

/** How often its code did not come. */
export const settingsMissing = signal(0)

export async function openSettings(): Promise<void> {
  try {
    const { SettingsPage } = await import('./settings-page.tsx')
    settingsPage.value = SettingsPage
    settingsMissing.value = 0
  } catch {
    settingsMissing.value++
  }
}

export function closeSettings(): void {
  settingsPage.value = undefined
}
