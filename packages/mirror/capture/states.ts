import { CHECKED, type FrameWriter, MARKS, MEDIA, OPS, STATES, TOP_LAYER } from '../wire/index.ts'
import { MASK } from './mask.ts'
import {
  defaultView,
  getAttribute,
  matches,
  NODE_DOCUMENT,
  NODE_ELEMENT,
  nodeType,
  scrollLeft,
  scrollTop,
} from './natives.ts'
import type { Page } from './page.ts'
import { isHtml } from './tree.ts'

// State that no MutationObserver sees. A set of kinds is a bit mask: 1 << kind.

const BUTTONS_AND_FILES = new Set(['button', 'submit', 'reset', 'image', 'file', 'hidden'])

export const bit = (kind: number): number => 1 << kind

/** The kinds that a node has at all. */
export function allStates(node: Node): number {
  if (nodeType(node) === NODE_DOCUMENT) return bit(STATES.scroll) | bit(STATES.viewport) | bit(STATES.selection)
  return nodeType(node) === NODE_ELEMENT ? fieldStates(node as Element) | bit(STATES.scroll) : 0
}

/** The kinds in which a node that is sent for the first time differs from what its attributes say. Scroll positions are
 *  read only in the first picture: what is inserted later tells of its scrolling by an event. */
export function initialStates(node: Node, name: string, scrolled: boolean): number {
  if (nodeType(node) === NODE_DOCUMENT) return bit(STATES.scroll) | bit(STATES.selection) | bit(STATES.media)
  const element = node as Element
  let kinds = 0
  if (name === 'input' || name === 'textarea' || name === 'select' || name === 'dialog') kinds = fieldStates(element)
  if (
    scrolled &&
    !NO_BOXES.has(name) &&
    name !== 'html' &&
    name !== 'body' &&
    (scrollTop(element) !== 0 || scrollLeft(element) !== 0)
  )
    kinds |= bit(STATES.scroll)
  return kinds
}

/** Elements that hold a line of text or a picture: asking each for its position would cost a fifth of a snapshot. One of
 *  them that is a scrolled box all the same tells so when it is scrolled next. */
const NO_BOXES = new Set(
  'a abbr b button em h1 h2 h3 h4 h5 h6 i img input label option path small span strong svg tr'.split(' '),
)

function fieldStates(element: Element): number {
  if (isHtml(element, 'input')) {
    const type = (element as HTMLInputElement).type
    if (type === 'checkbox' || type === 'radio') return bit(STATES.checked)
    return BUTTONS_AND_FILES.has(type) ? 0 : bit(STATES.value)
  }
  if (isHtml(element, 'textarea')) return bit(STATES.value)
  if (isHtml(element, 'select')) return bit(STATES.selected)
  return isHtml(element, 'dialog') || matchesPopover(element) ? bit(STATES.topLayer) : 0
}

/** What a field holds, in a form to be compared. */
export function fieldSignature(field: Element): string {
  const kinds = fieldStates(field)
  if (kinds & bit(STATES.checked)) {
    const { checked, indeterminate } = field as HTMLInputElement
    return `${checked} ${indeterminate}`
  }
  if (kinds & bit(STATES.value)) return (field as HTMLInputElement | HTMLTextAreaElement).value
  if (!(kinds & bit(STATES.selected))) return ''
  const select = field as HTMLSelectElement
  if (!select.multiple) return `${select.selectedIndex}`
  return [...select.selectedOptions].map((option) => option.index).join()
}

function matchesPopover(element: Element): boolean {
  return 'popover' in element && getAttribute(element, 'popover') !== null
}

export function writeState(writer: FrameWriter, page: Page, node: Node, kinds: number): void {
  for (const kind of Object.values(STATES)) {
    if (!(kinds & bit(kind)) || !applies(node, kind)) continue
    writer.byte(OPS.state)
    writer.uint(page.idOf(node))
    writer.byte(kind)
    writePayload(writer, page, node, kind)
  }
}

/** A kind can be noted for a node that has since lost it: an input that became a button. */
function applies(node: Node, kind: number): boolean {
  return kind >= STATES.marks || (allStates(node) & bit(kind)) !== 0
}

// What a browser does not know yet matches nothing in a forgiving list.
const MARK_SELECTORS = MARKS.map((name) => `:is(:${name})`)

/** Selector of all elements with a mark. */
export const MARKED = MARK_SELECTORS.join()

export function readMarks(element: Element): number {
  return MARK_SELECTORS.reduce((bits, selector, i) => bits | (matches(element, selector) ? bit(i) : 0), 0)
}

function writePayload(writer: FrameWriter, page: Page, node: Node, kind: number): void {
  switch (kind) {
    case STATES.value: {
      const field = node as HTMLInputElement | HTMLTextAreaElement
      return writer.string(page.mask.value(field.value, page.mask.decide(field)))
    }
    case STATES.checked: {
      const { checked, indeterminate } = node as HTMLInputElement
      const masked = page.mask.decide(node)
      return writer.byte(masked ? 0 : (checked ? CHECKED.checked : 0) | (indeterminate ? CHECKED.indeterminate : 0))
    }
    case STATES.selected: {
      const { options } = node as HTMLSelectElement
      const masked = page.mask.decide(node)
      const selected = masked ? [] : [...options].flatMap((option, i) => (option.selected ? [i] : []))
      writer.uint(selected.length)
      for (const index of selected) writer.uint(index)
      return
    }
    case STATES.topLayer:
      return writer.byte(topLayer(node as Element))
    case STATES.scroll: {
      const view = nodeType(node) === NODE_DOCUMENT ? defaultView(node) : undefined
      // How far a masked field is scrolled tells how long its text is.
      const still = !view && isTextField(node) && page.mask.decide(node) !== MASK.open
      writer.int(still ? 0 : Math.round(view ? view.scrollX : scrollLeft(node)))
      writer.int(still ? 0 : Math.round(view ? view.scrollY : scrollTop(node)))
      return
    }
    case STATES.viewport: {
      const view = defaultView(node)
      writer.uint(view?.innerWidth ?? 0)
      return writer.uint(view?.innerHeight ?? 0)
    }
    case STATES.marks:
      return writer.uint(page.marked.get(node as Element) ?? 0)
    case STATES.media:
      return writer.string(mediaOf(node as Document))
    case STATES.selection: {
      const range = page.selectionIn(node as Document)
      for (const end of range) writer.uint(end)
      return
    }
    case STATES.caret: {
      // Where the caret stands in a masked field tells how long its text is.
      const field = page.mask.decide(node) === MASK.open ? (node as HTMLInputElement) : undefined
      writer.uint(field?.selectionStart ?? 0)
      writer.uint(field?.selectionEnd ?? 0)
      writer.byte(field?.selectionDirection === 'backward' ? 1 : 0)
    }
  }
}

const { matchMedia } = window

/** What a document's browser says of itself, as a `media` state carries it. */
export function mediaOf(document: Document): string {
  const view = defaultView(document) ?? window
  const { devicePixelRatio, screen } = view
  const answers = MEDIA.split(' ').map((feature) => Number(matchMedia.call(view, `(${feature})`).matches))
  return [...answers, devicePixelRatio, screen.width, screen.height].join()
}

/** Whether an element holds text and a caret. */
export function isTextField(node: Node): boolean {
  return nodeType(node) === NODE_ELEMENT && (isHtml(node as Element, 'textarea') || isHtml(node as Element, 'input'))
}

function topLayer(element: Element): number {
  if (isHtml(element, 'dialog') && matches(element, ':modal')) return TOP_LAYER.modal
  return matchesPopover(element) && matches(element, ':popover-open') ? TOP_LAYER.popover : TOP_LAYER.none
}
