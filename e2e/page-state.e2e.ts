import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Harness } from './harness.ts'
import { Site } from './session-site.ts'

const BODY = `<style>
    body { margin: 0 } input, button { position: absolute; left: 20px; width: 200px; height: 40px; border: 0; margin: 0 }
    button { top: 100px; background: rgb(1, 1, 1) } button:hover { background: rgb(2, 2, 2) }
    button:active { background: rgb(3, 3, 3) } input { top: 200px; background: rgb(4, 4, 4) }
    input:focus-visible { background: rgb(5, 5, 5) }
    select { position: absolute; top: 300px; left: 20px; width: 200px; height: 40px }
  </style><button>press</button><input><select><option>one<option selected>two<option>three</select>`

let harness: Harness
let site: Site

beforeAll(async () => {
  harness = await Harness.open()
  site = await Site.open(harness)
})

afterAll(async () => {
  await site.close()
  await harness.close()
})

/** Waits for the colour of an element of the copy. */
function colour(agent: Page, selector: string, value: string): Promise<unknown> {
  return agent.waitForFunction(
    ([name, wanted]) => {
      const copy = document.querySelector('iframe')?.contentDocument
      const element = copy?.querySelector(name)
      return element && copy?.defaultView?.getComputedStyle(element).backgroundColor === wanted
    },
    [selector, value] as const,
  )
}

test.each(['chromium', 'firefox'] as const)(
  'STA-9 in %s what a real mouse and keyboard do is seen',
  async (browser) => {
    const { customer, agent } = await site.pair(browser)
    await customer.evaluate((html) => {
      document.body.innerHTML = html
    }, BODY)
    await colour(agent, 'button', 'rgb(1, 1, 1)')
    await customer.bringToFront()
    await customer.mouse.move(100, 120)
    await colour(agent, 'button', 'rgb(2, 2, 2)')
    await customer.mouse.down()
    await colour(agent, 'button', 'rgb(3, 3, 3)')
    await customer.mouse.up()
    await colour(agent, 'button', 'rgb(2, 2, 2)')
    await customer.mouse.click(100, 220)
    await colour(agent, 'input', 'rgb(5, 5, 5)')
    await colour(agent, 'button', 'rgb(1, 1, 1)')
    await customer.keyboard.type('typed')
    await customer.keyboard.press('ArrowLeft')
    await agent.waitForFunction(() => {
      const field = document.querySelector('iframe')?.contentDocument?.querySelector('input')
      return field?.value === 'typed' && field.selectionStart === 4
    })
    await customer.mouse.click(100, 320)
    await agent.waitForFunction(() => {
      const layer = document.querySelector('iframe')?.nextElementSibling
      return layer?.textContent === 'onetwothree'
    })
    await harness.shot(agent, `page-state-${browser}`)
    expect(await agent.evaluate(() => document.activeElement?.localName)).toBe('body')
    await customer.evaluate(() => window.customer.end())
  },
)
