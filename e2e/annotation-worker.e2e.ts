import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyBox, drag, moving, openRoots, painterOf, seeDrawn, use } from './annotation-site.ts'
import { Harness } from './harness.ts'
import { allow, Site, seen, start, until } from './session-site.ts'

let harness: Harness
let site: Site
beforeAll(async () => {
  harness = await Harness.open()
  site = await Site.open(harness)
})
afterAll(async () => {
  site.close()
  await harness.close()
})

/** A customer's page that counts its workers and what its policy refuses, and an agent who sees it. */
async function pair(browser: 'chromium' | 'firefox', path: string) {
  const page = await harness.page(browser)
  await page.addInitScript(() => {
    Object.assign(window, { refused: [], workers: { started: 0, ended: 0 } })
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      window.refused.push(`${violatedDirective} ${blockedURI}`),
    )
    const terminate = Worker.prototype.terminate
    Worker.prototype.terminate = function () {
      window.workers.ended++
      terminate.call(this)
    }
    window.Worker = class extends Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args)
        window.workers.started++
      }
    }
  })
  const errors: string[] = []
  page.on('pageerror', ({ message }) => errors.push(message))
  const customer = await site.customer(browser, page, path)
  await start(customer, await harness.token('customer', 'Cora'))
  await until(customer, 'pincode_updated')
  const agent = await harness.page(browser)
  await openRoots(agent)
  await agent.goto(`${site.origin}/agent`)
  await site.prepareAgent(agent)
  await site.join(agent, await customer.evaluate(() => window.customer.getSessionInfo().pinCode))
  await allow(customer)
  await until(agent, 'view_ready')
  await customer.evaluate(() => {
    document.body.innerHTML = '<button id="target">Pay now</button><p>end of it</p>'
    const place = { position: 'absolute', left: '40px', top: '120px', width: '300px', height: '90px' }
    Object.assign(document.getElementById('target')!.style, place)
    document.querySelector('p')!.style.marginTop = '1500px'
    // What the test's own page does.
    window.refused.length = 0
  })
  await seen(agent, 'end of it')
  return { customer, agent, errors }
}

/** An agent holds its laser still over the target, or has begun a stroke on it. */
async function begin(agent: Page, tool: 'laser' | 'pen'): Promise<void> {
  const { x, y } = await copyBox(agent, ['#target'])
  await use(agent, tool)
  await agent.mouse.move(x + 20, y + 20)
  if (tool === 'pen') await agent.mouse.down()
  await agent.mouse.move(x + 60, y + 30, { steps: 4 })
}

const nextFrame = (page: Page) => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))

async function seeMoving(page: Page): Promise<void> {
  while (!(await moving(page))) await nextFrame(page)
}

const countOf = (page: Page) => page.evaluate(() => ({ workers: window.workers, refused: window.refused }))

test.each(['chromium', 'firefox'] as const)(
  'ANN-100 what moves is painted by a worker, which ends with what is drawn, in %s',
  async (browser) => {
    const { customer, agent, errors } = await pair(browser, '/')
    await begin(agent, 'pen')
    while ((await painterOf(customer)) !== 'worker') await nextFrame(customer)
    await seeMoving(customer)
    await harness.shot(customer, `annotation/${browser}-worker`)
    await agent.mouse.up()
    await seeDrawn(customer, 1)
    while (await moving(customer)) await nextFrame(customer)
    expect(await countOf(customer)).toEqual({ workers: { started: 1, ended: 0 }, refused: [] })
    await use(agent)
    await agent.evaluate(() => window.agent.annotation.clear())
    await seeDrawn(customer, 0)
    await customer.waitForFunction(() => window.workers.ended === 1)
    // Another one does the next drawing.
    await begin(agent, 'laser')
    while ((await painterOf(customer)) !== 'worker') await nextFrame(customer)
    await seeMoving(customer)
    await customer.evaluate(() => window.customer.end())
    await customer.waitForFunction(() => window.workers.ended === 2)
    expect(await countOf(customer)).toEqual({ workers: { started: 2, ended: 2 }, refused: [] })
    expect(errors).toEqual([])
  },
)

test.each(['chromium', 'firefox'] as const)(
  'ANN-101 where the page’s policy refuses workers it is painted without, and asked for once, in %s',
  async (browser) => {
    const { customer, agent } = await pair(browser, '/strict')
    for (let time = 0; time < 2; time++) {
      await begin(agent, 'laser')
      await seeMoving(customer)
      // It is known by now that there will be none.
      await customer.waitForFunction(() => window.workers.ended === 1)
      expect(await painterOf(customer)).toBe('page')
      await use(agent)
      while (await moving(customer)) await nextFrame(customer)
    }
    expect(await countOf(customer)).toEqual({ workers: { started: 1, ended: 1 }, refused: ['worker-src blob'] })
    await customer.evaluate(() => window.customer.end())
  },
)

test.each(['chromium', 'firefox'] as const)(
  'ANN-103 the wheel and the Tab key pass by what carries the marks, in %s',
  async (browser) => {
    const { customer, agent } = await pair(browser, '/')
    const { x, y } = await copyBox(agent, ['#target'])
    await use(agent, 'pen')
    await drag(agent, [
      { x: x + 20, y: y + 20 },
      { x: x + 200, y: y + 60 },
    ])
    const [before] = await seeDrawn(customer, 1)
    await customer.mouse.move(before!.x + 20, before!.y + 10)
    await customer.mouse.wheel(0, 60)
    await customer.waitForFunction(() => scrollY === 60)
    const [after] = await seeDrawn(customer, 1)
    expect(Math.abs(before!.y - 60 - after!.y)).toBeLessThan(2)
    const stops: string[] = []
    for (let press = 0; press < 6; press++) {
      await customer.keyboard.press('Tab')
      stops.push(
        await customer.evaluate(() => {
          let at = document.activeElement
          while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
          return at?.className ?? ''
        }),
      )
    }
    expect(stops).not.toContain('drift')
    await customer.evaluate(() => window.customer.end())
  },
)

declare global {
  interface Window {
    refused: string[]
    workers: { started: number; ended: number }
  }
}
