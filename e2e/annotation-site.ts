import type { Page } from 'playwright'
import type { AnnotationTool } from '../packages/sdk/agent/index.ts'

/** A box in CSS pixels of a page's viewport. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** Where the agent's copy of an element is on the agent's screen. `path`: selectors through shadow roots and frames. */
export function copyBox(agent: Page, path: string[]): Promise<Box> {
  return agent.evaluate((selectors) => {
    const frames = [...document.querySelectorAll<HTMLIFrameElement>('#root iframe')]
    const frame = frames.find((one) => one.style.opacity !== '0')!
    const outer = frame.getBoundingClientRect()
    const scale = outer.width / frame.offsetWidth
    let root: Document | ShadowRoot = frame.contentDocument!
    const at = { x: 0, y: 0 }
    for (const [index, selector] of selectors.entries()) {
      const element: Element = root.querySelector(selector)!
      const { left, top, width, height } = element.getBoundingClientRect()
      if (index === selectors.length - 1) {
        const x = outer.left + (at.x + left) * scale
        return { x, y: outer.top + (at.y + top) * scale, width: width * scale, height: height * scale }
      }
      if (element.shadowRoot) root = element.shadowRoot
      else {
        const inner = element as HTMLIFrameElement
        root = inner.contentDocument!
        at.x += left + inner.clientLeft
        at.y += top + inner.clientTop
      }
    }
    throw new Error('no path')
  }, path)
}

/** What is drawn on a page, as boxes of its lines: on the customer's page or, scaled, on the agent's. */
export function drawn(page: Page): Promise<Box[]> {
  return page.evaluate(() => {
    const found: { x: number; y: number; width: number; height: number }[] = []
    const walk = (root: Document | ShadowRoot) => {
      for (const element of root.querySelectorAll('*')) if (element.shadowRoot) walk(element.shadowRoot)
      for (const clip of root.querySelectorAll<HTMLElement>('.clip')) {
        if (clip.hidden) continue
        // In Firefox the box of a line has its width, too.
        const wide = navigator.userAgent.includes('Firefox') ? 2 : 0
        const lines = [...clip.querySelectorAll('path, rect')].map((line) => {
          const { x, y, width, height } = line.getBoundingClientRect()
          const by = line.localName === 'rect' ? wide : 0
          return new DOMRect(x + by, y + by, width - 2 * by, height - 2 * by)
        })
        if (!lines.length) continue
        // What nothing but the viewport cuts off has no box of its own.
        const seen = clip.matches('.cut') ? clip.getBoundingClientRect() : new DOMRect(0, 0, innerWidth, innerHeight)
        const left = Math.max(seen.left, Math.min(...lines.map((box) => box.left)))
        const top = Math.max(seen.top, Math.min(...lines.map((box) => box.top)))
        const right = Math.min(seen.right, Math.max(...lines.map((box) => box.right)))
        const bottom = Math.min(seen.bottom, Math.max(...lines.map((box) => box.bottom)))
        if (right > left && bottom > top) found.push({ x: left, y: top, width: right - left, height: bottom - top })
      }
    }
    walk(document)
    return found
  })
}

/** Waits until so many marks are to be seen, and they stand still. */
export async function seeDrawn(page: Page, count: number): Promise<Box[]> {
  for (let before = ''; ; ) {
    const boxes = await drawn(page)
    const now = JSON.stringify(boxes)
    if (boxes.length === count && now === before) return boxes
    before = now
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
  }
}

/** Drags the mouse through places of the agent's window. */
export async function drag(page: Page, places: { x: number; y: number }[]): Promise<void> {
  const [first, ...rest] = places
  await page.mouse.move(first!.x, first!.y)
  await page.mouse.down()
  for (const { x, y } of rest) await page.mouse.move(x, y, { steps: 4 })
  await page.mouse.up()
}

export function use(agent: Page, tool?: AnnotationTool): Promise<void> {
  return agent.evaluate((name) => window.agent.annotation.use(name), tool)
}

/** Draws a rectangle right around an element's copy. */
export async function frameCopy(agent: Page, path: string[]): Promise<void> {
  const { x, y, width, height } = await copyBox(agent, path)
  await use(agent, 'rectangle')
  await drag(agent, [
    { x, y },
    { x: x + width, y: y + height },
  ])
}

/** From now on notes what is written on the canvas of those who draw and point: their names. Where no worker writes it. */
export function noteNames(page: Page): Promise<void> {
  return page.evaluate(() => {
    window.writtenNames = []
    const fillText = CanvasRenderingContext2D.prototype.fillText
    CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
      window.writtenNames.push(text)
      return fillText.call(this, text, ...where)
    }
  })
}

export function namesOf(page: Page): Promise<string[]> {
  return page.evaluate(() => window.writtenNames)
}

/** The box of what is drawn right now by those who draw and point, as its pixels have it; undefined for nothing. */
export function moving(page: Page): Promise<Box | undefined> {
  return page.evaluate(() => {
    const find = (root: Document | ShadowRoot): HTMLCanvasElement | undefined => {
      for (const element of root.querySelectorAll('*')) {
        const inner = element.shadowRoot
        // The last one: for a moment there is the one of the page's thread and the worker's.
        const found = inner && ([...inner.querySelectorAll<HTMLCanvasElement>('.ground canvas')].at(-1) ?? find(inner))
        if (found) return found
      }
      return undefined
    }
    const canvas = find(document)
    if (!canvas || canvas.width < 2) return undefined
    // A worker's canvas has no context here.
    const copy = Object.assign(document.createElement('canvas'), { width: canvas.width, height: canvas.height })
    const context = copy.getContext('2d')!
    context.drawImage(canvas, 0, 0)
    const { data, width } = context.getImageData(0, 0, canvas.width, canvas.height)
    let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -1, -1]
    for (let at = 3; at < data.length; at += 4) {
      if (data[at]! < 128) continue
      const [x, y] = [(at >> 2) % width, Math.floor((at >> 2) / width)]
      left = Math.min(left, x)
      right = Math.max(right, x + 1)
      top = Math.min(top, y)
      bottom = Math.max(bottom, y + 1)
    }
    if (right < 0) return undefined
    const seen = canvas.getBoundingClientRect()
    const scale = seen.width / canvas.width
    const [wide, high] = [(right - left) * scale, (bottom - top) * scale]
    return { x: seen.left + left * scale, y: seen.top + top * scale, width: wide, height: high }
  })
}

declare global {
  interface Window {
    writtenNames: string[]
  }
}

/** From now on the page is one that has no workers. */
export async function withoutWorkers(page: Page): Promise<void> {
  await page.evaluate(() => Reflect.deleteProperty(window, 'Worker'))
}

/** What paints what is being drawn on a page; undefined where nothing is. */
export function painterOf(page: Page): Promise<'worker' | 'page' | undefined> {
  return page.evaluate(() => {
    const find = (root: Document | ShadowRoot): HTMLCanvasElement[] =>
      [...root.querySelectorAll('*')].flatMap(({ shadowRoot: inner }) =>
        inner ? [...inner.querySelectorAll<HTMLCanvasElement>('.ground canvas'), ...find(inner)] : [],
      )
    const canvases = find(document)
    if (canvases.length !== 1) return undefined
    try {
      canvases[0]!.getContext('2d')
      return 'page'
    } catch {
      // It was given away.
      return 'worker'
    }
  })
}

/** Opens closed roots to the test, before anything of the page runs. */
export async function openRoots(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const attachShadow = Element.prototype.attachShadow
    Element.prototype.attachShadow = function (options) {
      return attachShadow.call(this, { ...options, mode: 'open' })
    }
  })
}
