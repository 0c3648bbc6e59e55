import { boundingBox, localName } from './natives.ts'

/** Options of a list that are drawn; browsers show about as many before they scroll. */
const MAX_ROWS = 20

/** Characters of an option: more than any list is wide. */
const MAX_LABEL = 300

/** What stands for a browser's own picker while it is open on the customer's screen: no page, and so no copy, holds it.
 *  A list of the options with the chosen one marked; for dates, colours and the like only that it is open. */
export function drawPicker(field: Element, [x, y]: readonly [number, number]): HTMLElement {
  const { left, bottom, width } = boundingBox(field)
  const list = document.createElement('div')
  list.style.cssText =
    'position:absolute;box-sizing:border-box;overflow:hidden;font:13px/20px system-ui,sans-serif;background:#fff;color:#222;border:1px solid #767676;box-shadow:0 2px 8px rgb(0 0 0 / 30%)'
  Object.assign(list.style, {
    left: `${Math.round(left + x)}px`,
    top: `${Math.round(bottom + y)}px`,
    minWidth: `${Math.round(width)}px`,
  })
  const options = localName(field) === 'select' ? [...(field as HTMLSelectElement).options] : []
  const chosen = options.findIndex((option) => option.selected)
  const first = Math.max(0, Math.min(chosen - MAX_ROWS / 2, options.length - MAX_ROWS))
  for (const option of options.slice(first, first + MAX_ROWS))
    list.append(row(option.label.slice(0, MAX_LABEL) || '\u00a0', option.selected))
  if (options.length === 0) list.append(row('\u25be \u2026', false))
  return list
}

function row(text: string, isChosen: boolean): HTMLElement {
  const line = document.createElement('div')
  line.textContent = text
  line.style.cssText = 'padding:0 8px;white-space:nowrap'
  if (isChosen) Object.assign(line.style, { background: 'Highlight', color: 'HighlightText' })
  return line
}
