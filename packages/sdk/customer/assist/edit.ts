import { unshadowed } from '../page-document.ts'
import { isEditable, isTextField, windowOf } from './place.ts'

/** A change of text, as `InputEvent.inputType` names it, and the browser's command for it. */
const COMMANDS = {
  insertText: 'insertText',
  insertFromPaste: 'insertText',
  insertCompositionText: 'insertText',
  insertLineBreak: 'insertLineBreak',
  insertParagraph: 'insertParagraph',
  deleteContentBackward: 'delete',
  deleteContentForward: 'forwardDelete',
  historyUndo: 'undo',
  historyRedo: 'redo',
} as const
export type Edit = keyof typeof COMMANDS

/** Whether an element takes text. */
export function takesText(element: Element | undefined): element is HTMLElement {
  return isTextField(element) ? !element.readOnly && !element.disabled : isEditable(element)
}

/** Changes the text where the caret is, as the browser does it when a key is pressed: what listens to `input` hears of
 *  it, the browser's own undo knows it, and `change` follows when the field is left. */
export function edit(element: HTMLElement, inputType: Edit, data: string | null = null): void {
  if (!announce(element, inputType, data)) return
  const value = inputType === 'insertLineBreak' && isTextField(element) ? '\n' : (data ?? undefined)
  const command = value === '\n' ? 'insertText' : COMMANDS[inputType]
  if (!runCommand(element, command, value) && isTextField(element)) editByHand(element, inputType, value ?? '')
}

/** The only way to the browser's own editing and undo. WebKit makes a `beforeinput` for it, which the page has heard from
 *  us already. */
function runCommand(element: HTMLElement, command: string, value: string | undefined): boolean {
  const window = windowOf(element)
  const hush = (event: Event) => event.isTrusted && event.stopImmediatePropagation()
  window.addEventListener('beforeinput', hush, true)
  try {
    return unshadowed(unshadowed(element).ownerDocument).execCommand(command, false, value)
  } finally {
    window.removeEventListener('beforeinput', hush, true)
  }
}

/** Text from an input method: an editor sees it begin, change and end. */
export function compose(element: HTMLElement, text: string): void {
  const { CompositionEvent } = windowOf(element)
  const tell = (type: string, data: string) =>
    unshadowed(element).dispatchEvent(
      new CompositionEvent(type, { bubbles: true, composed: true, cancelable: true, data }),
    )
  tell('compositionstart', '')
  tell('compositionupdate', text)
  edit(element, 'insertCompositionText', text)
  tell('compositionend', text)
}

/** Puts the value of a field there past what libraries set in its place. */
export function setNativeValue(field: HTMLInputElement | HTMLTextAreaElement, value: string): void {
  const { HTMLInputElement, HTMLTextAreaElement } = windowOf(field)
  const { prototype } = field instanceof HTMLInputElement ? HTMLInputElement : HTMLTextAreaElement
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, value)
}

/** False when the page does it itself, or does not want it. */
function announce(element: HTMLElement, inputType: Edit, data: string | null): boolean {
  const { InputEvent } = windowOf(element)
  const init = { bubbles: true, composed: true, inputType, data }
  return unshadowed(element).dispatchEvent(new InputEvent('beforeinput', { ...init, cancelable: true }))
}

function editByHand(field: HTMLInputElement | HTMLTextAreaElement, inputType: Edit, text: string): void {
  const { value } = field
  // Fields of numbers and addresses do not say where their caret is.
  const start = field.selectionStart ?? value.length
  const end = field.selectionEnd ?? value.length
  const isEmpty = start === end
  const from = inputType === 'deleteContentBackward' && isEmpty ? Math.max(0, start - 1) : start
  const to = inputType === 'deleteContentForward' && isEmpty ? end + 1 : end
  const next = value.slice(0, from) + text + value.slice(to)
  if (next === value || (field.maxLength >= 0 && next.length > field.maxLength)) return
  setNativeValue(field, next)
  if (field.selectionStart !== null) field.setSelectionRange(from + text.length, from + text.length)
  const { InputEvent } = windowOf(field)
  field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true, inputType, data: text || null }))
}
