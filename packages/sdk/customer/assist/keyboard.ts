import { ACTION_KEYS } from '@alongside/protocol'
import { pageDocument, unshadowed } from '../page-document.ts'
import { pressDefault } from './key-defaults.ts'
import { focusedElement, windowOf } from './place.ts'

/** `keyCode` of keys that make no character, which older libraries go by. */
const KEY_CODES: Record<string, number> = {
  Backspace: 8,
  Tab: 9,
  Enter: 13,
  Shift: 16,
  Control: 17,
  Alt: 18,
  Escape: 27,
  ' ': 32,
  PageUp: 33,
  PageDown: 34,
  End: 35,
  Home: 36,
  ArrowLeft: 37,
  ArrowUp: 38,
  ArrowRight: 39,
  ArrowDown: 40,
  Insert: 45,
  Delete: 46,
}

/** Where keys go now. */
export function keyTarget(): HTMLElement {
  return (focusedElement() as HTMLElement | undefined) ?? pageDocument.body ?? pageDocument.documentElement
}

/** Presses one key and lets it go. What a browser does for the key follows if the page does not prevent it. */
export function pressKey(key: string, code: string, keys: number): void {
  const element = keyTarget()
  const isCharacter = [...key].length === 1
  const isCommand = (keys & (ACTION_KEYS.ctrl | ACTION_KEYS.alt | ACTION_KEYS.meta)) !== 0
  let goesOn = fire(element, 'keydown', key, code, keys)
  // Firefox follows a link for a key that a script made, too.
  let isClicked = false
  const noteClick = () => {
    isClicked = true
  }
  const view = windowOf(element)
  view.addEventListener('click', noteClick, true)
  if (goesOn && (isCharacter || key === 'Enter') && !isCommand) goesOn = fire(element, 'keypress', key, code, keys)
  view.removeEventListener('click', noteClick, true)
  // A listener may have moved the focus, and the key goes on there.
  const target = unshadowed(element).isConnected ? keyTarget() : element
  const finish = goesOn && !isClicked ? pressDefault(target, key, keys) : undefined
  const last = keyTarget()
  if (fire(last, 'keyup', key, code, keys) && last === target) finish?.()
}

function fire(element: HTMLElement, type: string, key: string, code: string, keys: number): boolean {
  const view = windowOf(element)
  const keyCode = type === 'keypress' ? (key === 'Enter' ? 13 : (key.codePointAt(0) ?? 0)) : keyCodeOf(key)
  const init: KeyboardEventInit = {
    bubbles: true,
    cancelable: true,
    composed: true,
    view,
    key,
    code: code || codeOf(key),
    keyCode,
    charCode: type === 'keypress' ? keyCode : 0,
    ctrlKey: (keys & ACTION_KEYS.ctrl) !== 0,
    shiftKey: (keys & ACTION_KEYS.shift) !== 0,
    altKey: (keys & ACTION_KEYS.alt) !== 0,
    metaKey: (keys & ACTION_KEYS.meta) !== 0,
  }
  return unshadowed(element).dispatchEvent(new view.KeyboardEvent(type, init))
}

function keyCodeOf(key: string): number {
  const known = KEY_CODES[key]
  if (known !== undefined) return known
  if (/^F\d+$/.test(key)) return 111 + Number(key.slice(1))
  return /^[a-z0-9]$/i.test(key) ? key.toUpperCase().charCodeAt(0) : 0
}

function codeOf(key: string): string {
  if (/^[a-z]$/i.test(key)) return `Key${key.toUpperCase()}`
  if (/^\d$/.test(key)) return `Digit${key}`
  return key === ' ' ? 'Space' : key.length > 1 ? key : ''
}
