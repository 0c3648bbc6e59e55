import { SVG_NS } from '../wire/index.ts'
import {
  boundingBox,
  computedStyle,
  defaultView,
  firstChild,
  getAttribute,
  getElementById,
  getRootNode,
  localName,
  namespaceUri,
  nextSibling,
  nodeType,
  ownerDocument,
} from './natives.ts'

/** Pixels of the screen that the costs below are of. */
const SCREEN = 1280 * 800

// What a browser takes for a screen of each, in ms, measured in Chromium 156 where the processor draws. A graphics card
// is quicker, by about the same factor for all.
const COLOUR_MS = 0.2
const PICTURE_MS = 3
const GRADIENT_MS = 1.5
const SHADOW_MS = 2
const TEXT_SHADOW_MS = 10
const GROUP_MS = 1
const BACKDROP_MS = 60
const FUNCTION_MS = 5
const BLUR_MS = 25
const SHAPE_MS = 0.3

/** An animation is computed for each frame, and what it moves laid out, on the screen or not. */
const ANIMATION_MS = 1

/** The same for one part of an SVG filter. */
const PARTS: Readonly<Record<string, (part: Element) => number>> = {
  feTurbulence: (part) => 3 * number(part, 'numOctaves', 1),
  feMorphology: (part) => 300 + 6 * number(part, 'radius', 0),
  feGaussianBlur: (part) => blurred(number(part, 'stdDeviation', 0)),
  feDropShadow: (part) => blurred(number(part, 'stdDeviation', 2)),
  feConvolveMatrix: (part) => 13 * number(part, 'order', 3) ** 2,
  feDiffuseLighting: () => 30,
  feSpecularLighting: () => 30,
}

const OTHER_PART_MS = 10

const blurred = (deviation: number) => Math.min(300, 30 + 3 * deviation)

/** The first number of an attribute. */
function number(element: Element, name: string, initial: number): number {
  const value = Number.parseFloat(getAttribute(element, name) ?? '')
  return value >= 0 ? value : initial
}

interface Area {
  width: number
  height: number
}

/** How long a browser takes to draw one element where it is, without what is in it, in ms. Of what is out of sight
 *  only what moves it. To be asked when the page is laid out. */
export function drawingCost(element: Element, screen: Area): number {
  const box = boundingBox(element)
  if (!box.width && !box.height) return 0
  const style = computedStyle(ownerDocument(element)!, element)
  if (style.visibility === 'hidden' || style.opacity === '0') return 0
  const moving = style.animationName === 'none' ? 0 : ANIMATION_MS * (1 + count(style.animationName, ','))
  const reach = reachOf(style.filter)
  const area = seen(box, screen, 0)
  const reached = reach === 0 ? area : seen(box, screen, reach)
  if (reached === 0) return moving
  return moving + area * boxCost(element, style) + reached * filterCost(element, style.filter, box, screen)
}

function boxCost(element: Element, style: CSSStyleDeclaration): number {
  const { backgroundColor, backgroundImage, maskImage, boxShadow, textShadow, backdropFilter } = style
  let cost = /^(rgba\(.*, 0\)|transparent)$/.test(backgroundColor) ? 0 : COLOUR_MS
  cost += pictureCost(backgroundImage) + pictureCost(maskImage)
  if (boxShadow !== 'none') cost += SHADOW_MS * count(boxShadow, 'rgb')
  // Whoever is in an element inherits it.
  if (textShadow !== 'none' && hasText(element)) cost += TEXT_SHADOW_MS * count(textShadow, 'rgb')
  if (style.opacity !== '1' || style.mixBlendMode !== 'normal' || style.clipPath !== 'none') cost += GROUP_MS
  if (backdropFilter && backdropFilter !== 'none') cost += BACKDROP_MS * count(backdropFilter, '(')
  const name = localName(element)
  if (namespaceUri(element) === SVG_NS) cost += SHAPE_MS
  return name === 'img' || name === 'image' || name === 'video' || name === 'canvas' ? cost + PICTURE_MS : cost
}

/** A list of pictures of CSS. */
function pictureCost(list: string | undefined): number {
  if (!list || list === 'none') return 0
  return GRADIENT_MS * count(list, 'gradient(') + PICTURE_MS * count(list, 'url(')
}

/** All functions of a filter, for what is as large as the screen. */
function filterCost(element: Element, filter: string, box: Area, screen: Area): number {
  if (filter === 'none') return 0
  const blurs = count(filter, 'blur(') + count(filter, 'drop-shadow(')
  let cost = BLUR_MS * blurs + FUNCTION_MS * (count(filter, '(') - blurs)
  for (const [, id] of filter.matchAll(/url\(\s*["']?#([^"')]*)/g)) {
    const named = getElementById(getRootNode(element), id!)
    if (named && localName(named) === 'filter') cost += svgFilterCost(named) * regionOf(named, box, screen)
  }
  return cost
}

function svgFilterCost(filter: Element): number {
  let cost = 0
  for (let part = firstChild(filter); part; part = nextSibling(part)) {
    if (nodeType(part) !== Node.ELEMENT_NODE) continue
    const of = PARTS[localName(part as Element)]
    cost += of ? of(part as Element) : OTHER_PART_MS
  }
  return cost
}

/** How many times as large as the box of an element what its filter makes is. */
function regionOf(filter: Element, box: Area, screen: Area): number {
  const [width, height] = [getAttribute(filter, 'width'), getAttribute(filter, 'height')]
  if (width === null && height === null) return 1.44
  const isAbsolute = getAttribute(filter, 'filterUnits') === 'userSpaceOnUse'
  const side = (value: string | null, own: number, most: number) => {
    const amount = Number.parseFloat(value ?? '120%') / ((value?.endsWith('%') ?? true) ? 100 : 1)
    const pixels = isAbsolute && !value?.endsWith('%') ? amount : amount * (isAbsolute ? most : own)
    return Math.min(pixels || most, most) / Math.max(1, Math.min(own, most))
  }
  return side(width, box.width, screen.width) * side(height, box.height, screen.height)
}

/** How far beyond its box a filter draws, in pixels. */
function reachOf(filter: string): number {
  if (filter === 'none') return 0
  let reach = 0
  for (const [, length] of filter.matchAll(/([\d.]+)px/g)) reach += 3 * Number(length)
  return reach
}

/** Which part of a screen a box with so much around it covers. */
function seen({ left, top, right, bottom }: DOMRect, { width, height }: Area, around: number): number {
  const across = Math.min(right + around, width) - Math.max(left - around, 0)
  const down = Math.min(bottom + around, height) - Math.max(top - around, 0)
  return across > 0 && down > 0 ? (across * down) / SCREEN : 0
}

function hasText(element: Element): boolean {
  for (let child = firstChild(element); child; child = nextSibling(child))
    if (nodeType(child) === Node.TEXT_NODE && /\S/.test(child.nodeValue ?? '')) return true
  return false
}

const count = (text: string, part: string) => text.split(part).length - 1

/** What is seen of a document at once, or nothing of one that is in no frame. */
export function screenOf(document: Document): Area {
  const view = defaultView(document)
  return { width: view?.innerWidth ?? 0, height: view?.innerHeight ?? 0 }
}
