import { windowOf } from './place.ts'

const CANDIDATES =
  'a[href],area[href],button,input,select,textarea,summary,iframe,audio[controls],video[controls],[tabindex],[contenteditable]'

/** Moves the focus as the Tab key does, within the document and its open shadow roots. */
export function moveFocus(from: Element, by: 1 | -1): void {
  const document = from.ownerDocument
  const scope = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document
  const order = collect(scope)
  const ordered = [...order.filter((element) => element.tabIndex > 0).sort((a, b) => a.tabIndex - b.tabIndex)]
  const all = [...ordered, ...order.filter((element) => element.tabIndex <= 0)]
  const index = all.indexOf(from as HTMLElement)
  const next = index < 0 ? (by > 0 ? all[0] : all.at(-1)) : all[index + by]
  if (!next) return (from as HTMLElement).blur()
  next.focus()
  if (next.localName === 'input') (next as HTMLInputElement).select()
}

function collect(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('*')].flatMap((element) => {
    const inside = element.shadowRoot ? collect(element.shadowRoot) : []
    return isReachable(element) ? [element, ...inside] : inside
  })
}

function isReachable(element: HTMLElement): boolean {
  if (!element.matches(CANDIDATES) || element.getAttribute('tabindex')?.startsWith('-')) return false
  if (element.matches(':disabled') || element.closest('[inert]') || element.matches('[contenteditable=false]'))
    return false
  // Of a group of radio buttons the checked one is reached.
  const radio = element as HTMLInputElement
  if (element.localName === 'input' && radio.type === 'radio' && !radio.checked) {
    const group = (radio.getRootNode() as ParentNode).querySelectorAll<HTMLInputElement>('input[type=radio]:checked')
    if ([...group].some(({ name, form }) => name === radio.name && form === radio.form)) return false
  }
  const { visibility } = windowOf(element).getComputedStyle(element)
  return visibility === 'visible' && element.getClientRects().length > 0
}
