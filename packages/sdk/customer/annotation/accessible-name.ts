import { unshadowed } from '../page-document.ts'

/** Longest text that is read out: a paragraph. */
const MAX_LENGTH = 600

/** What a screen reader would call an element, nearly: the order of ARIA's "Accessible Name and Description Computation",
 *  without its rarer cases. The value of a field is never part of it. */
export function accessibleName(named: Element): string {
  const element = unshadowed(named)
  const name =
    labelledBy(element) ||
    element.getAttribute('aria-label') ||
    labelsOf(element) ||
    element.getAttribute('alt') ||
    contentOf(element) ||
    element.getAttribute('title') ||
    element.getAttribute('placeholder') ||
    ''
  return plain(name).slice(0, MAX_LENGTH)
}

function labelledBy(element: Element): string {
  const root = unshadowed(element.getRootNode() as Document | ShadowRoot)
  const ids = (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).filter(Boolean)
  return plain(ids.map((id) => root.getElementById?.(id)?.textContent ?? '').join(' '))
}

function labelsOf(element: Element): string {
  const { labels } = element as HTMLInputElement
  return labels instanceof NodeList ? plain([...labels].map((label) => label.textContent).join(' ')) : ''
}

/** The text as it is shown, with the names of pictures in it. */
function contentOf(element: Element): string {
  if (/^(input|textarea|select)$/.test(element.localName)) return ''
  const text = (element as HTMLElement).innerText ?? element.textContent ?? ''
  if (plain(text)) return text
  return [...element.querySelectorAll('[aria-label], img[alt], svg title')]
    .map((one) => one.getAttribute('aria-label') ?? one.getAttribute('alt') ?? one.textContent ?? '')
    .join(' ')
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
