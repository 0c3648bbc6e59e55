import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { BrowserContextOptions, FrameLocator, Page, WebSocketRoute } from 'playwright'
import type { AgentMessage, ToAgent } from '../packages/protocol/index.ts'
import type { Harness } from './harness.ts'
import { allow, type Site } from './session-site.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const ASKED: ToAgent = { type: 'asked', sessionId: 's', participant: 2, secret: 'x', customerName: 'Cora' }
export const JOINED: ToAgent = { type: 'joined', startTime: 0, agents: [], assets: 't' }

/** Opens the desk at its form. `rest` goes on with the address; `enableSettings` lets the agent change masking rules. */
export async function openDesk(harness: Harness, page: Page, rest = '', enableSettings: 0 | 1 = 0): Promise<void> {
  const token = await harness.token('agent', 'Ana', { enableSettings })
  await page.goto(harness.url(`/desk?access_token=${token}&theme=1${rest}`))
  await page.locator('.pin-field input').first().waitFor()
}

/** Stands in the server's place on a page's line: answers each first message with `answers`. */
export async function scriptLine<To = ToAgent>(page: Page, answers: To[]) {
  const received: AgentMessage[] = []
  let line: WebSocketRoute | undefined
  let wake = () => {}
  await page.routeWebSocket('**/socket', (opened) => {
    line = opened
    let isFirst = true
    opened.onMessage((message) => {
      // Frames are nothing that these tests look at.
      if (typeof message !== 'string') return
      received.push(JSON.parse(message))
      wake()
      if (isFirst) for (const answer of answers) opened.send(JSON.stringify(answer))
      isFirst = false
    })
  })
  return {
    received,
    say: (message: To) => line?.send(JSON.stringify(message)),
    /** The message at that place, once it is there. */
    async message(index: number): Promise<AgentMessage | undefined> {
      while (received.length <= index) await new Promise<void>((resolve) => (wake = resolve))
      return received[index]
    },
  }
}

export async function joinWith(page: Page, code = '123456'): Promise<void> {
  await page.locator('.pin-field input').first().focus()
  await page.keyboard.type(code)
  await page.keyboard.press('Enter')
}

/** What the desk shows of the customer's page: the youngest of the frames. */
export function copyIn(desk: Page | FrameLocator): FrameLocator {
  return desk.locator('.stage iframe').last().contentFrame()
}

/** By how many pixels a page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
}

/** What breaks a WCAG 2.2 AA rule that can be checked by machine. The page must allow scripts (`bypassCSP`). */
export async function findFaults(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.addScriptTag({ content: AXE })
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') }
    // Colours on their way from one to another are none that anybody reads.
    const passing = document.getAnimations().filter((one) => one instanceof CSSTransition)
    await Promise.allSettled(passing.map(({ finished }) => finished))
    const { violations } = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    })
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`))
  })
}

/** A desk with a customer's page that holds `content`, live. */
export async function liveDesk(
  harness: Harness,
  site: Site,
  content: string,
  options: BrowserContextOptions = {},
): Promise<{ customer: Page; desk: Page }> {
  const { page: customer, pin } = await site.waiting()
  await customer.evaluate((html) => {
    document.body.innerHTML = html
  }, content)
  const desk = await harness.page('chromium', options)
  await openDesk(harness, desk)
  await joinWith(desk, pin)
  await allow(customer)
  await desk.locator('.status-good').waitFor()
  return { customer, desk }
}
