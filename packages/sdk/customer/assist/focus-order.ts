import { unshadowed } from '../page-document.ts'
import { isElement, windowOf } from './place.ts'

const CANDIDATES =
  'a[href],area[href],button,input,select,textarea,summary,iframe,audio[controls],video[controls],[tabindex],[contenteditable]'

/** Moves the focus as the Tab key does, within the document and its open shadow roots. */
export function moveFocus(from: Element, by: 1 | -1): void {
  const own = unshadowed(unshadowed(from).ownerDocument)
  const scope = [...own.querySelectorAll('dialog:modal')].at(-1) ?? own
  const order = collect(scope)
  const ordered = [...order.filter((element) => tabIndex(element) > 0).sort((a, b) => tabIndex(a) - tabIndex(b))]
  const all = [...ordered, ...order.filter((element) => tabIndex(element) <= 0)]
  const index = all.indexOf(from as HTMLElement)
  const next = index < 0 ? (by > 0 ? all[0] : all.at(-1)) : all[index + by]
  if (!next) return unshadowed(from as HTMLElement).blur()
  unshadowed(next).focus()
  if (isElement(next, 'input')) next.select()
}

const tabIndex = (element: HTMLElement) => unshadowed(element).tabIndex

function collect(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('*')].flatMap((element) => {
    const { shadowRoot } = unshadowed(element)
    const inside = shadowRoot ? collect(shadowRoot) : []
    return isReachable(element) ? [element, ...inside] : inside
  })
}

function isReachable(element: HTMLElement): boolean {
  const own = unshadowed(element)
  if (!own.matches(CANDIDATES) || own.getAttribute('tabindex')?.startsWith('-')) return false
  if (own.matches(':disabled') || own.closest('[inert]') || own.matches('[contenteditable=false]')) return false
  // Of a group of radio buttons the checked one is reached.
  if (isElement(element, 'input') && element.type === 'radio' && !element.checked) {
    const root = unshadowed(element.getRootNode() as Document)
    const group = root.querySelectorAll<HTMLInputElement>('input[type=radio]:checked')
    if ([...group].some(({ name, form }) => name === element.name && form === element.form)) return false
  }
  const { visibility } = windowOf(element).getComputedStyle(element)
  return visibility === 'visible' && own.getClientRects().length > 0
}
