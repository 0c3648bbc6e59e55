import { ACTION_KEYS } from '@alongside/protocol'
import { unshadowed } from '../page-document.ts'
import { moveCaret } from './caret-moves.ts'
import { step } from './controls.ts'
import { edit, takesText } from './edit.ts'
import { moveFocus } from './focus-order.ts'
import { isElement, isTextField, windowOf } from './place.ts'
import { scrollAround } from './scroll.ts'

/** What an arrow scrolls, in CSS pixels. */
const LINE_PX = 40

/** What a page key leaves in sight of the page before. */
const PAGE_PART = 0.875

const BUTTON_TYPES = new Set(['button', 'submit', 'reset', 'image', 'color'])

/** Does what the browser does for a key that the page did not prevent. The returned function is for when the key is let
 *  go. */
export function pressDefault(element: HTMLElement, key: string, keys: number): (() => void) | undefined {
  const isCommand = (keys & (ACTION_KEYS.ctrl | ACTION_KEYS.meta)) !== 0
  const isShifted = (keys & ACTION_KEYS.shift) !== 0
  if (isCommand && key.length === 1) return void pressCommand(element, key.toLowerCase(), isShifted)
  if (keys & ACTION_KEYS.alt) return undefined
  switch (key) {
    case 'Tab':
      return void moveFocus(element, isShifted ? -1 : 1)
    case 'Enter':
      return void pressEnter(element, isShifted)
    case ' ':
      if (!isPressable(element) && !isBox(element)) break
      return () => element.click()
    case 'Escape':
      return void closeTop(unshadowed(element).ownerDocument)
    case 'Backspace':
    case 'Delete':
      if (!takesText(element)) return undefined
      if (isCommand) moveCaret(element, key === 'Delete' ? 'ArrowRight' : 'ArrowLeft', true, true)
      return void edit(element, key === 'Delete' ? 'deleteContentForward' : 'deleteContentBackward')
  }
  if ([...key].length === 1) {
    if (takesText(element)) edit(element, 'insertText', key)
    else if (key === ' ') scrollByKey(element, isShifted ? 'PageUp' : 'PageDown')
    return undefined
  }
  if (takesText(element) && moveCaret(element, key, isShifted, isCommand)) return undefined
  if (!takesText(element) || isTextField(element)) {
    const by = key === 'ArrowDown' || key === 'ArrowRight' ? 1 : key === 'ArrowUp' || key === 'ArrowLeft' ? -1 : 0
    const isSlider =
      isElement(element, 'input') && element.type !== 'radio' && (key === 'ArrowUp' || key === 'ArrowDown')
    if (by && step(element, (isSlider ? -by : by) as 1 | -1)) return undefined
    scrollByKey(element, key)
  }
  return undefined
}

function pressCommand(element: HTMLElement, key: string, isShifted: boolean): void {
  if (key === 'a') {
    if (isTextField(element)) element.select()
    else unshadowed(unshadowed(element).ownerDocument).execCommand('selectAll')
  } else if (!takesText(element)) return
  else if (key === 'z') edit(element, isShifted ? 'historyRedo' : 'historyUndo')
  else if (key === 'y') edit(element, 'historyRedo')
}

function pressEnter(element: HTMLElement, isShifted: boolean): void {
  if (isElement(element, 'textarea')) {
    if (takesText(element)) edit(element, 'insertLineBreak')
  } else if (isElement(element, 'input') && !BUTTON_TYPES.has(element.type)) submitFrom(element)
  else if (isPressable(element) || (isElement(element, 'a') && element.href)) element.click()
  else if (takesText(element)) edit(element, isShifted ? 'insertLineBreak' : 'insertParagraph')
}

/** As the HTML standard has it under "implicit submission". */
function submitFrom({ form }: HTMLInputElement): void {
  if (!form) return
  const own = unshadowed(form)
  const button = [...own.elements].find(
    (one): one is HTMLButtonElement | HTMLInputElement =>
      (isElement(one, 'button') || isElement(one, 'input')) && (one.type === 'submit' || one.type === 'image'),
  )
  if (button) {
    if (!button.matches(':disabled')) button.click()
  } else if ([...own.elements].filter((one) => isTextField(one)).length <= 1) own.requestSubmit()
}

function isPressable(element: Element): boolean {
  return isElement(element, 'button', 'summary') || (isElement(element, 'input') && BUTTON_TYPES.has(element.type))
}

function isBox(element: Element): boolean {
  return isElement(element, 'input') && (element.type === 'checkbox' || element.type === 'radio')
}

function closeTop(document: Document): void {
  const own = unshadowed(document)
  const dialog = [...own.querySelectorAll<HTMLDialogElement>('dialog:modal')].at(-1)
  const popover = [...own.querySelectorAll<HTMLElement>('[popover]:popover-open')]
    .filter((element) => element.popover === 'auto')
    .at(-1)
  if (popover) return popover.hidePopover()
  const { Event } = windowOf(document)
  if (dialog?.dispatchEvent(new Event('cancel', { cancelable: true }))) dialog.close()
}

function scrollByKey(element: HTMLElement, key: string): void {
  const { innerHeight } = windowOf(element)
  const far = unshadowed(unshadowed(element).ownerDocument).documentElement.scrollHeight
  const steps: Record<string, [number, number]> = {
    ArrowUp: [0, -LINE_PX],
    ArrowDown: [0, LINE_PX],
    ArrowLeft: [-LINE_PX, 0],
    ArrowRight: [LINE_PX, 0],
    PageUp: [0, -innerHeight * PAGE_PART],
    PageDown: [0, innerHeight * PAGE_PART],
    Home: [0, -far],
    End: [0, far],
  }
  const by = steps[key]
  if (by) scrollAround(element, ...by)
}
