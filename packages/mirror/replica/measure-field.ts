import {
  boundingBox,
  createElement,
  createRange,
  createTextNode,
  defaultView,
  documentElement,
  ownerDocument,
} from './natives.ts'
import type { FieldSelection } from './replica-selections.ts'

/** What decides where a letter stands in a field. */
const TEXT_STYLE = [
  'font',
  'letterSpacing',
  'wordSpacing',
  'textAlign',
  'textTransform',
  'textIndent',
  'direction',
  'tabSize',
  'fontKerning',
  'fontVariantLigatures',
  'fontFeatureSettings',
] as const

/** The boxes of what is selected in a text field; one without width for a caret. Browsers do not tell, so the text is
 *  laid out once more in a box of its own, which is gone again before anything is drawn. */
export function measureField(field: HTMLInputElement | HTMLTextAreaElement, { start, end }: FieldSelection): DOMRect[] {
  const document = ownerDocument(field)!
  const view = defaultView(document)
  const root = documentElement(document)
  if (!view || !root) return []
  const style = view.getComputedStyle(field)
  const isArea = field.localName === 'textarea'
  const host = createElement(document, 'div') as HTMLElement
  host.style.cssText = 'all:initial!important;position:fixed!important;left:0!important;top:0!important'
  const box = createElement(document, 'div') as HTMLElement
  for (const name of TEXT_STYLE) box.style[name] = style[name]
  const side = (name: string) => Number.parseFloat(style.getPropertyValue(name)) || 0
  const width = field.clientWidth - side('padding-left') - side('padding-right')
  box.style.width = `${width}px`
  box.style.lineHeight = style.lineHeight
  box.style.whiteSpace = isArea ? 'pre-wrap' : 'pre'
  box.style.overflowWrap = 'break-word'
  const shown = field.getAttribute('type') === 'password' ? '•'.repeat(field.value.length) : field.value
  // A last line that is empty has a box only with something in it.
  const text = createTextNode(document, `${shown}\u200b`)
  box.append(text)
  host.attachShadow({ mode: 'closed' }).append(box)
  root.append(host)
  try {
    const range = createRange(document)
    range.setStart(text, Math.min(start, shown.length))
    range.setEnd(text, Math.min(end, shown.length))
    const origin = boundingBox(box)
    const at = boundingBox(field)
    const inner = at.height - side('border-top-width') - side('border-bottom-width')
    const left = at.left + field.clientLeft + side('padding-left') - field.scrollLeft - origin.left
    const padded = at.top + field.clientTop + (isArea ? side('padding-top') : (inner - origin.height) / 2)
    const top = padded - field.scrollTop - origin.top
    return [...range.getClientRects()]
      .map((rect) => new DOMRect(rect.left + left, rect.top + top, start === end ? 0 : rect.width, rect.height))
      .filter((rect) => rect.left >= at.left - 1 && rect.left <= at.right && rect.top < at.bottom)
  } finally {
    host.remove()
  }
}
