import { signal } from '@preact/signals'
import { state } from '../session.ts'
import { readKey } from './keys.ts'
import { run } from './run.ts'
import { scrollByKey } from './view.ts'

/** Under what the choice is kept in the browser. */
const KEEP_AS = 'alongside.desk.single-keys'

/** Whether single keys are shortcuts. Speech input presses keys for whole words (WCAG 2.1.4). */
export const singleKeys = signal(readChoice())

export function allowSingleKeys(on: boolean): void {
  singleKeys.value = on
  try {
    localStorage.setItem(KEEP_AS, on ? 'on' : 'off')
  } catch {
    // No storage in another site's frame: the choice holds for this page.
  }
}

/** Listens for shortcuts; the returned function stops that. */
export function watchKeyboard(): () => void {
  const press = (event: KeyboardEvent) => {
    if (event.defaultPrevented || state.value.name !== 'open') return
    if (isTaken(event)) return
    // A sheet scrolls by the same keys.
    const isInSheet = event.target instanceof Element && event.target.closest('[popover]')
    if (!isInSheet && scrollByKey(event)) return event.preventDefault()
    const name = readKey(event)
    if (!name) return
    const isSingle = !event.ctrlKey && !event.metaKey && name !== 'release'
    if (isSingle && !singleKeys.value) return
    if (run(name)) event.preventDefault()
  }
  addEventListener('keydown', press)
  return () => removeEventListener('keydown', press)
}

/** Somebody types, or a dialog has the keyboard. Escape first closes what is open. */
function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false
  if (document.querySelector('dialog[open], .settings')) return true
  if (key === 'Escape' && document.querySelector(':popover-open:not(.tip)')) return true
  return target.matches('input:not([type=checkbox]), textarea, select, [contenteditable]')
}

function readChoice(): boolean {
  try {
    return localStorage.getItem(KEEP_AS) !== 'off'
  } catch {
    return true
  }
}
