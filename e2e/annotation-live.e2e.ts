import type { Page } from 'playwright'
import { PNG } from 'pngjs'
import { expect, test } from 'vitest'
import { type Box, copyBox, frameCopy, moving, openRoots, seeDrawn, use } from './annotation-site.ts'
import { openSite } from './opened-site.ts'
import { allow, end, seen, start, until } from './session-site.ts'

const { harness, site } = await openSite()

async function furnish(customer: Page, agent: Page): Promise<void> {
  await customer.evaluate(() => {
    const target = document.createElement('button')
    const place = { position: 'absolute', left: '40px', top: '120px', width: '300px', height: '90px' }
    Object.assign(target.style, place)
    target.id = 'target'
    const rest = document.createElement('p')
    rest.style.marginTop = '1500px'
    rest.textContent = 'end of it'
    document.body.replaceChildren(target, rest)
  })
  await seen(agent, 'end of it')
}

const boxOf = (page: Page, selector: string): Promise<Box> =>
  page.evaluate((wanted) => {
    const { x, y, width, height } = document.querySelector(wanted)!.getBoundingClientRect()
    return { x, y, width, height }
  }, selector)

/** Waits until what is being drawn covers such a box, within 3 pixels. */
async function seeMoving(page: Page, wanted: Box | undefined): Promise<void> {
  for (;;) {
    const box = await moving(page)
    if (!box || !wanted) {
      if (!box && !wanted) return
    } else if ((['x', 'y', 'width', 'height'] as const).every((side) => Math.abs(box[side] - wanted[side]) < 3)) return
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
  }
}

/** What a pen has drawn through two places. */
const line = (from: { x: number; y: number }, to: { x: number; y: number }): Box => {
  return { x: from.x - 2.5, y: from.y - 2.5, width: to.x - from.x + 5, height: to.y - from.y + 5 }
}

test.each(['chromium', 'firefox'] as const)(
  'ANN-52 what is being drawn is seen under way, follows its page, and stays where it is when it is done, in %s',
  async (browser) => {
    const { customer, agent } = await site.pair(browser, openRoots)
    await furnish(customer, agent)
    const [copy, target] = [await copyBox(agent, ['#target']), await boxOf(customer, '#target')]
    const scale = copy.width / target.width
    const there = (x: number, y: number) => ({ x: copy.x + x * scale, y: copy.y + y * scale })
    const here = (x: number, y: number) => ({ x: target.x + x, y: target.y + y })
    await use(agent, 'pen')
    await agent.mouse.move(there(20, 20).x, there(20, 20).y)
    await agent.mouse.down()
    await agent.mouse.move(there(200, 60).x, there(200, 60).y, { steps: 8 })
    const drawing = line(here(20, 20), here(200, 60))
    await seeMoving(customer, drawing)
    await customer.evaluate(() => scrollTo(0, 37))
    await seeMoving(customer, { ...drawing, y: drawing.y - 37 })
    await harness.shot(customer, `annotation/${browser}-under-way`)
    await agent.mouse.up()
    const [done] = await seeDrawn(customer, 1)
    await seeMoving(customer, undefined)
    for (const side of ['x', 'width', 'height'] as const) expect(Math.abs(done![side] - drawing[side])).toBeLessThan(3)
    expect(Math.abs(done!.y - (drawing.y - 37))).toBeLessThan(3)

    await use(agent, 'laser')
    await agent.mouse.move(there(100, 80).x, there(100, 80).y)
    // The copy has scrolled, and the hand is where it was.
    const dot = { x: target.x + 100 - 6.5, y: target.y + 80 - 6.5, width: 13, height: 13 }
    await seeMoving(customer, dot)
    await use(agent)
    await seeMoving(customer, undefined)
    await end(customer)
  },
)

test('ANN-37 drawings are seen over what is full screen, over a popover and on a page with a strict policy', async () => {
  const customer = await site.customer('chromium', undefined, '/strict')
  await customer.evaluate(() => {
    Object.assign(window, { violations: [] })
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      (window as unknown as { violations: string[] }).violations.push(`${violatedDirective} ${blockedURI}`),
    )
  })
  await start(customer, await harness.token('customer', 'Cora'))
  await until(customer, 'pincode_updated')
  const agent = await harness.page()
  await openRoots(agent)
  await agent.goto(`${site.origin}/agent`)
  await site.prepareAgent(agent)
  await site.join(agent, await customer.evaluate(() => window.customer.getSessionInfo().pinCode))
  await allow(customer)
  await until(agent, 'view_ready')
  await furnish(customer, agent)
  // Its colour where its line is: nothing lies over it.
  const check = async () => {
    await frameCopy(agent, ['#target'])
    const [mark] = await seeDrawn(customer, 1)
    const clip = { x: Math.round(mark!.x + mark!.width / 2), y: Math.round(mark!.y) - 1, width: 1, height: 2 }
    const { data } = PNG.sync.read(await customer.screenshot({ clip }))
    expect([...data.subarray(0, 3)]).toEqual([0x25, 0x63, 0xeb])
    await agent.evaluate(() => window.agent.annotation.clear())
    await seeDrawn(customer, 0)
  }
  await check()
  await customer.evaluate(() => {
    const target = document.querySelector<HTMLElement>('#target')!
    const popover = document.createElement('div')
    popover.popover = 'manual'
    popover.id = 'popover'
    Object.assign(popover.style, { inset: '0', width: '100%', height: '100%', background: '#fd0' })
    target.before(popover)
    popover.append(target)
    popover.showPopover()
  })
  await agent.waitForFunction(() =>
    document.querySelector('iframe')?.contentDocument?.querySelector('#popover > #target'),
  )
  await check()
  await customer.evaluate(() => {
    const stage = document.createElement('div')
    stage.id = 'stage'
    stage.style.background = '#fff'
    document.querySelector('#popover')!.replaceWith(stage)
    stage.append(document.createElement('p'))
    const target = document.createElement('button')
    target.id = 'target'
    Object.assign(target.style, { position: 'absolute', left: '60px', top: '140px', width: '300px', height: '90px' })
    stage.append(target)
    return stage.requestFullscreen()
  })
  await customer.waitForFunction(() => document.fullscreenElement !== null)
  await agent.waitForFunction(() =>
    document.querySelector('iframe')?.contentDocument?.querySelector('#stage > #target'),
  )
  await check()
  // Said once: it is tried no more.
  expect(await customer.evaluate(() => (window as unknown as { violations: string[] }).violations)).toEqual([
    'worker-src blob',
  ])
  await end(customer)
})

test('ANN-53 both draw with a finger, and a second finger draws nothing', async () => {
  const { page: customer, pin } = await site.waiting()
  const agent = await harness.page('chromium', { hasTouch: true })
  await openRoots(agent)
  await agent.goto(`${site.origin}/agent`)
  await site.prepareAgent(agent)
  await site.join(agent, pin)
  await allow(customer)
  await until(agent, 'view_ready')
  await furnish(customer, agent)
  await use(agent, 'pen')
  const copy = await copyBox(agent, ['#target'])
  await touch(agent, copy)
  await seeDrawn(customer, 1)
  await customer.evaluate(() => window.customer.draw('pen'))
  const frame = customer.frameLocator('iframe[title=Drawing]').locator('html')
  await frame.hover({ position: { x: 290, y: 190 } })
  await touch(customer, await boxOf(customer, '#target'))
  await seeDrawn(agent, 2)
  await end(customer)
})

/** One finger across a box, while a second one rests elsewhere. */
async function touch(page: Page, { x, y }: Box): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const at = (step: number) => ({ x: x + 20 + step * 12, y: y + 30, id: 1 })
  const second = { x: x + 30, y: y + 160, id: 2 }
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: { x: number; y: number; id: number }[]) =>
    devtools.send('Input.dispatchTouchEvent', { type, touchPoints })
  await send('touchStart', [at(0)])
  await send('touchStart', [at(0), second])
  for (let step = 1; step < 8; step++) await send('touchMove', [at(step), { ...second, x: second.x + step * 5 }])
  await send('touchEnd', [])
  await devtools.detach()
}

test('ANN-90 the panel goes from where an agent has drawn under it', async () => {
  const { customer, agent } = await site.pair('chromium', openRoots)
  await furnish(customer, agent)
  const panel = customer.locator('[data-alongside=panel]')
  const { x, y } = (await panel.boundingBox())!
  await customer.evaluate(
    ({ left, top }) => Object.assign(document.getElementById('target')!.style, { left, top, position: 'fixed' }),
    { left: `${x + 20}px`, top: `${y + 20}px` },
  )
  await agent.waitForFunction(
    (left) => {
      const copy = [...document.querySelectorAll('iframe')].find((frame) => frame.style.opacity !== '0')
      return copy?.contentDocument?.getElementById('target')?.style.left === left
    },
    `${x + 20}px`,
  )
  await frameCopy(agent, ['#target'])
  await customer.waitForFunction(
    () => document.querySelector<HTMLElement>('[data-alongside=panel]')!.dataset.position === 'bottom-left',
  )
  await harness.shot(customer, 'annotation/panel-made-room')
  await end(customer)
})
