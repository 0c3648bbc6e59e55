import type { ActionPlace, ActionResult } from '@alongside/protocol'
import { unshadowed } from '../page-document.ts'
import { drawnParent, innerDocument, isDocument, isDrawnIn, isElement, windowOf } from './place.ts'

/** Why an element cannot be acted on. */
export type Refusal = Exclude<ActionResult, 'done' | 'denied'>

/** An element, and a point in CSS pixels of its own frame. */
export interface Target {
  element: Element
  x: number
  y: number
}

export interface AimRules {
  /** The node that agents mean by a number. */
  nodeOf(number: number): Node | undefined
  isMasked(element: Element): boolean
  /** The SDK's own elements. Agents do not see them, and mean what lies under them. */
  isOurs(element: Element): boolean
  /** The setting `remoteAssist.disabledCssSelectors`. */
  disabled: string
}

/** Finds what an action is meant for, and refuses what nobody may act on. */
export class Aim {
  readonly #rules: AimRules

  constructor(rules: AimRules) {
    this.#rules = rules
  }

  /** The element of that number, whether or not it may be operated. */
  find(number: number): Element | Refusal {
    const node = this.#rules.nodeOf(number)
    if (!node) return 'gone'
    if (isDocument(node)) return unshadowed(node).scrollingElement ?? 'gone'
    const { nodeType, isConnected } = unshadowed(node)
    return nodeType === Node.ELEMENT_NODE && isConnected ? (node as Element) : 'gone'
  }

  /** What is hit at a place: the innermost element there, if it is the one that is meant or inside of it. An element out
   *  of sight is scrolled into it first. */
  hit({ node, x, y }: ActionPlace): Target | Refusal {
    const element = this.find(node)
    if (typeof element === 'string') return element
    let target = pointIn(element, x, y)
    if (!target) return 'gone'
    if (!isInSight(target)) {
      unshadowed(element).scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' })
      target = pointIn(element, x, y)
      if (!target) return 'gone'
    }
    const found = this.#innermost(target)
    return found ? { ...target, element: found } : 'covered'
  }

  /** As `hit`, for something that is done to the element. */
  operate(place: ActionPlace): Target | Refusal {
    const target = this.hit(place)
    return typeof target === 'string' ? target : (this.refusal(target.element) ?? target)
  }

  /** As `find`, for something that is done to the element and needs no place. */
  take(number: number): Element | Refusal {
    const element = this.find(number)
    return typeof element === 'string' ? element : (this.refusal(element) ?? element)
  }

  /** Why nobody may operate an element: it, or what it is in. */
  refusal(element: Element): Refusal | undefined {
    // Only the person at the device chooses files, and a click would ask them to.
    if (isElement(element, 'input') && element.type === 'file') return 'blocked'
    if (this.#rules.isMasked(element)) return 'masked'
    const own = unshadowed(element)
    if (/^i?frame$/.test(own.localName) && !innerDocument(element)) return 'blocked'
    if (isElement(element, 'object', 'embed')) return 'blocked'
    // A label passes a click on to its field.
    const field = own.closest('label')?.control
    if (field && field !== element && !isElement(element, 'input', 'select', 'textarea', 'button')) {
      const refusal = this.refusal(field)
      if (refusal) return refusal
    }
    const { disabled } = this.#rules
    for (let at: Node | null = element; at; at = drawnParent(at) ?? frameOf(at)) {
      const one = unshadowed(at) as Element
      if (one.nodeType !== Node.ELEMENT_NODE) continue
      if (one.hasAttribute('inert') || one.matches(':disabled') || (disabled && one.matches(disabled))) return 'blocked'
    }
    return undefined
  }

  /** The page's own element that is topmost at a point. */
  topmost(root: Document | ShadowRoot, x: number, y: number): Element | undefined {
    const own = unshadowed(root)
    const hit = own.elementFromPoint?.(x, y) ?? undefined
    return hit && this.#rules.isOurs(hit) ? own.elementsFromPoint(x, y).find((one) => !this.#rules.isOurs(one)) : hit
  }

  /** What the browser would hit at a target's point, if that is the target or drawn in it, here and in each root and frame
   *  around it. */
  #innermost(target: Target): Element | undefined {
    const { element, x, y } = target
    let found: Element | undefined
    let at: Element = element
    for (;;) {
      const root = unshadowed(at).getRootNode() as Document | ShadowRoot
      const hit = this.topmost(root, x, y)
      if (!hit || !isDrawnIn(hit, at)) return undefined
      found ??= this.#deeper(hit, x, y)
      if (isDocument(root)) break
      at = (root as ShadowRoot).host
    }
    const outer = outerPoint(target)
    return outer && !this.#innermost(outer) ? undefined : found
  }

  /** In open shadow roots, what of them is at the point. */
  #deeper(element: Element, x: number, y: number): Element {
    const root = unshadowed(element).shadowRoot
    const inner = root && this.topmost(root, x, y)
    return inner && inner !== element && root.contains(inner) ? this.#deeper(inner, x, y) : element
  }
}

/** The frame that a document is shown in, of this origin. */
function frameOf(node: Node): Element | null {
  return isDocument(node) && node !== document ? windowOf(node).frameElement : null
}

function pointIn(element: Element, x: number, y: number): Target | undefined {
  const { left, top, width, height } = unshadowed(element).getBoundingClientRect()
  if (width === 0 && height === 0) return undefined
  // The last pixel belongs to the next element.
  return {
    element,
    x: left + Math.min(x * width, width - 0.5),
    y: top + Math.min(y * height, height - 0.5),
  }
}

function isInSight({ element, x, y }: Target): boolean {
  const { innerWidth, innerHeight } = windowOf(element)
  if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return false
  const outer = outerPoint({ element, x, y })
  return outer ? isInSight(outer) : true
}

/** The same point in the viewport of the page itself. */
export function topPoint(target: Target): { x: number; y: number } {
  const outer = outerPoint(target)
  return outer ? topPoint(outer) : target
}

/** The same point in the page around the frame, with the frame as the element. */
function outerPoint({ element, x, y }: Target): Target | undefined {
  const frame = frameOf(unshadowed(element).ownerDocument)
  if (!frame) return undefined
  const { left, top, width, height } = frame.getBoundingClientRect()
  const { clientLeft, clientTop, offsetWidth, offsetHeight } = frame as HTMLElement
  const scaleX = width / (offsetWidth || 1)
  const scaleY = height / (offsetHeight || 1)
  return { element: frame, x: left + (clientLeft + x) * scaleX, y: top + (clientTop + y) * scaleY }
}
