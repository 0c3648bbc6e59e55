const PICKED_TYPES = new Set(['date', 'time', 'datetime-local', 'month', 'week', 'color'])

/** Opens the agent's own picker for a control of the copy, over it. False when the control has none. */
export function openPicker(pane: HTMLElement, copied: Node | undefined, choose: (values: string[]) => void): boolean {
  const own = makeControl(copied)
  if (!own) return false
  const box = (copied as Element).getBoundingClientRect()
  const frame = (copied as Element).ownerDocument.defaultView?.frameElement
  const scale = (frame?.getBoundingClientRect().width ?? 0) / (frame?.clientWidth || 1)
  Object.assign(own.style, {
    position: 'absolute',
    left: `${box.left * scale}px`,
    top: `${box.top * scale}px`,
    width: `${box.width * scale}px`,
    height: `${box.height * scale}px`,
    boxSizing: 'border-box',
  })
  // What is done on it is done here.
  for (const type of ['pointerdown', 'pointerup', 'pointermove', 'mousedown', 'wheel', 'keydown'])
    own.addEventListener(type, (event) => event.stopPropagation())
  let isOpen = true
  const close = () => {
    // Taking it away makes it lose the focus.
    if (!isOpen) return
    isOpen = false
    own.remove()
  }
  own.addEventListener('change', () => {
    choose(own instanceof HTMLSelectElement ? [...own.selectedOptions].map(({ value }) => value) : [own.value])
    if (!(own instanceof HTMLSelectElement && own.multiple)) close()
  })
  own.addEventListener('keydown', (event) => (event as KeyboardEvent).key === 'Escape' && close())
  own.addEventListener('blur', close)
  pane.append(own)
  own.focus()
  // Needs the gesture that we are in; where it is not enough, the control stands there to be used.
  try {
    own.showPicker()
  } catch {
    return true
  }
  return true
}

function makeControl(copied: Node | undefined): HTMLSelectElement | HTMLInputElement | undefined {
  if (copied?.nodeType !== Node.ELEMENT_NODE) return undefined
  const element = copied as Element
  if (element.localName === 'select') {
    const { options, multiple, size } = element as HTMLSelectElement
    // A list that stands open is pressed like anything else.
    if (multiple || size > 1) return undefined
    const own = document.createElement('select')
    for (const { label, value, disabled, selected } of options) {
      const option = new Option(label, value, false, selected)
      option.disabled = disabled
      own.add(option)
    }
    return own
  }
  const { type, value, min, max, step } = element as HTMLInputElement
  if (element.localName !== 'input' || !PICKED_TYPES.has(type)) return undefined
  return Object.assign(document.createElement('input'), { type, min, max, step, value })
}
