import { unshadowed } from '../page-document.ts'
import type { Refusal } from './aim.ts'
import { setNativeValue } from './edit.ts'
import { isElement, windowOf } from './place.ts'

const CHANGES = ['input', 'change']

type IsMasked = (element: Element) => boolean

/** Sets a native control, as its picker does. `gone` when it has no such choice, `blocked` when it takes no such value. A
 *  masked choice is none, or an agent could find out by guessing what it is. */
export function choose(element: Element, values: readonly string[], isMasked: IsMasked): Refusal | undefined {
  if (isElement(element, 'select')) return chooseOptions(element, values, isMasked)
  if (isElement(element, 'option'))
    return element.closest('select') ? chooseOptions(element.closest('select')!, values, isMasked) : 'gone'
  if (isElement(element, 'textarea')) return setValue(element, values[0] ?? '')
  if (!isElement(element, 'input')) return 'blocked'
  if (element.type === 'checkbox' || element.type === 'radio') {
    if (element.checked !== (values[0] === 'on')) element.click()
    return undefined
  }
  return setValue(element, values[0] ?? '')
}

/** Moves a slider to where the pointer is. */
export function slideTo(slider: HTMLInputElement, x: number): void {
  const { left, width } = slider.getBoundingClientRect()
  const { direction } = windowOf(slider).getComputedStyle(slider)
  const part = Math.min(1, Math.max(0, (x - left) / (width || 1)))
  const min = Number(slider.min || 0)
  const max = Number(slider.max || 100)
  const wanted = min + (direction === 'rtl' ? 1 - part : part) * (max - min)
  const before = slider.value
  // The browser rounds to the steps.
  setNativeValue(slider, `${wanted}`)
  if (slider.value !== before) tell(slider, 'input')
}

/** What an arrow does in a list, a slider or a number. True when the element has such steps. */
export function step(element: Element, by: 1 | -1): boolean {
  if (isElement(element, 'select') && !element.multiple) {
    const options = [...element.options]
    const next = options
      .slice(by > 0 ? element.selectedIndex + 1 : 0, by > 0 ? undefined : Math.max(0, element.selectedIndex))
      .filter(({ disabled }) => !disabled)
      .at(by > 0 ? 0 : -1)
    if (next) chooseOptions(element, [next.value], () => false)
    return true
  }
  if (isElement(element, 'input') && (element.type === 'range' || element.type === 'number')) {
    const before = element.value
    if (by > 0) element.stepUp()
    else element.stepDown()
    if (element.value !== before) for (const type of CHANGES) tell(element, type)
    return true
  }
  if (isElement(element, 'input') && element.type === 'radio') {
    const group = radioGroup(element)
    group[(group.indexOf(element) + by + group.length) % group.length]?.focus()
    group[(group.indexOf(element) + by + group.length) % group.length]?.click()
    return true
  }
  return false
}

function radioGroup(radio: HTMLInputElement): HTMLInputElement[] {
  const root = unshadowed(radio.getRootNode() as Document | ShadowRoot)
  return [...root.querySelectorAll<HTMLInputElement>('input[type=radio]')].filter(
    ({ name, form, disabled }) => name === radio.name && form === radio.form && !disabled,
  )
}

function chooseOptions(select: HTMLSelectElement, values: readonly string[], isMasked: IsMasked): Refusal | undefined {
  const options = [...select.options]
  const open = options.filter((option) => !isMasked(option))
  const chosen = values.map((value) => open.find((option) => option.value === value) ?? byText(open, value))
  if (chosen.some((option) => !option) || (!select.multiple && chosen.length !== 1)) return 'gone'
  if (chosen.some((option) => option?.matches(':disabled'))) return 'blocked'
  const before = options.map(({ selected }) => selected)
  for (const option of options) option.selected = chosen.includes(option)
  if (options.some(({ selected }, i) => selected !== before[i])) for (const type of CHANGES) tell(select, type)
  return undefined
}

function byText(options: HTMLOptionElement[], text: string): HTMLOptionElement | undefined {
  return options.find((option) => option.label === text)
}

function setValue(field: HTMLInputElement | HTMLTextAreaElement, value: string): Refusal | undefined {
  if (field.readOnly) return 'blocked'
  const before = field.value
  setNativeValue(field, value)
  // The browser empties a date that is none, and turns a colour that is none to black.
  const isTaken = field.type === 'range' || field.value.toLowerCase() === value.toLowerCase()
  if (!isTaken) setNativeValue(field, before)
  else if (field.value !== before) for (const type of CHANGES) tell(field, type)
  return isTaken ? undefined : 'blocked'
}

function tell(element: Element, type: string): void {
  unshadowed(element).dispatchEvent(new (windowOf(element).Event)(type, { bubbles: true, composed: type === 'input' }))
}
