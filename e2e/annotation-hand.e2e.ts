import type { Page } from 'playwright'
import { PNG } from 'pngjs'
import { describe, expect, test } from 'vitest'
import { type Box, copyBox, moving, openRoots, seeDrawn, use } from './annotation-site.ts'
import { openSite } from './opened-site.ts'
import { end, seen } from './session-site.ts'

const { harness, site } = await openSite()

const PAGE = `
  <style>
    body { margin: 0; font: 16px sans-serif }
    #top { height: 60px; background: #ddd }
    #card { position: absolute; left: 60px; top: 120px; width: 200px; overflow: hidden; border-radius: 16px }
    #picture { height: 150px; background: #cdf }
    #box { position: absolute; left: 360px; top: 120px; width: 240px; height: 140px; overflow: auto }
    #row { height: 90px; margin-top: 100px; background: #fdc }
  </style>
  <div id="top">At the edge</div>
  <div id="card"><div id="picture"></div></div>
  <div id="box"><div id="row"></div><p style="height: 500px">rows</p></div>`

async function open(browser: 'chromium' | 'firefox') {
  const { customer, agent } = await site.pair(browser, openRoots)
  await customer.evaluate((html) => {
    document.body.innerHTML = html
  }, PAGE)
  await seen(agent, 'rows')
  return { customer, agent }
}

const press = async (agent: Page, path: string[], part = { x: 0.5, y: 0.5 }) => {
  const { x, y, width, height } = await copyBox(agent, path)
  await agent.mouse.click(x + width * part.x, y + height * part.y)
}

const boxOf = (page: Page, selector: string): Promise<Box> =>
  page.evaluate((wanted) => {
    const { x, y, width, height } = document.querySelector(wanted)!.getBoundingClientRect()
    return { x, y, width, height }
  }, selector)

/** The words on what is drawn. */
const words = (page: Page) =>
  page.evaluate(() => {
    const find = (root: Document | ShadowRoot): (string | null)[] => [
      ...[...root.querySelectorAll('.clip .label')].map(({ textContent }) => textContent),
      ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? find(shadowRoot) : [])),
    ]
    return find(document)
  })

async function readWords(page: Page, wanted: string[]): Promise<void> {
  while (JSON.stringify(await words(page)) !== JSON.stringify(wanted))
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
}

function expectNear(found: Box | undefined, wanted: Box): void {
  for (const side of ['x', 'y', 'width', 'height'] as const)
    expect(Math.abs(found![side] - wanted[side]), `${side}: ${found![side]} for ${wanted[side]}`).toBeLessThan(2)
}

const grow = ({ x, y, width, height }: Box, by: number): Box => {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by }
}

describe.each(['chromium', 'firefox'] as const)('an agent’s hand, in %s', (browser) => {
  test('ANN-81 a frame is whole on both seats, in boxes that cut off and at the edge of the window', async () => {
    const { customer, agent } = await open(browser)
    await customer.evaluate(() => {
      document.querySelector('#box')!.scrollTop = 130
    })
    await agent.waitForFunction(() =>
      [...document.querySelectorAll('iframe')].some(
        ({ contentDocument }) => contentDocument?.querySelector('#box')?.scrollTop === 130,
      ),
    )
    await use(agent, 'element')
    for (const path of ['#picture', '#row', '#top']) {
      await press(agent, [path], { x: 0.5, y: 0.7 })
      await agent.keyboard.press('Enter')
    }
    const [picture, row, top] = await seeDrawn(customer, 3)
    expectNear(picture, grow(await boxOf(customer, '#picture'), 3))
    const [box, whole] = [await boxOf(customer, '#box'), await boxOf(customer, '#row')]
    expectNear(row, grow({ ...whole, y: box.y, height: whole.y + whole.height - box.y }, 3))
    const width = await customer.evaluate(() => document.documentElement.clientWidth)
    expectNear(top, { x: 1.5, y: 1.5, width: width - 3, height: 61.5 })
    const copies = await seeDrawn(agent, 3)
    const copy = await copyBox(agent, ['#picture'])
    const scale = copy.width / (await boxOf(customer, '#picture')).width
    expectNear(copies[0], grow(copy, 3 * scale))
    const { x, y } = await copyBox(agent, ['#top'])
    expectNear(copies[2], { x: x + 1.5 * scale, y: y + 1.5 * scale, width: top!.width * scale, height: 61.5 * scale })
    await harness.shot(customer, `annotation/${browser}-frames-customer`)
    await harness.shot(agent, `annotation/${browser}-frames-agent`)
    await use(agent, 'eraser')
    await press(agent, ['#box'], { x: 0.5, y: 0 })
    await seeDrawn(customer, 2)
    await end(customer)
  })

  test('ANN-82 what was typed is kept by a press elsewhere and by another tool, and given up by Escape', async () => {
    const { customer, agent } = await open(browser)
    const field = agent.locator('#root input')
    const hint = 'Enter keeps it'
    const take = (tool: 'text' | 'element' | 'pen') =>
      agent.evaluate(([tool, hint]) => window.agent.annotation.use(tool, { hint }), [tool, hint] as const)
    await take('text')
    await press(agent, ['#picture'])
    await agent.getByText(hint).waitFor()
    expect(await field.evaluate((it) => document.getElementById(it.getAttribute('aria-describedby')!)?.innerText)).toBe(
      hint,
    )
    await agent.keyboard.type('half a note')
    await harness.shot(agent, `annotation/${browser}-words`)
    // The press ends the text, and begins no other.
    await press(agent, ['#top'])
    await readWords(customer, ['half a note'])
    expect(await field.count()).toBe(0)
    await press(agent, ['#top'])
    await agent.keyboard.type('given up')
    await agent.keyboard.press('Escape')
    await press(agent, ['#top'])
    await agent.keyboard.type('another tool')
    await take('pen')
    await readWords(customer, ['half a note', 'another tool'])
    await take('element')
    await press(agent, ['#picture'])
    await agent.keyboard.type('note')
    await press(agent, ['#top'])
    await agent.keyboard.press('Escape')
    await readWords(customer, ['half a note', 'another tool', 'note', ''])
    await end(customer)
  })

  test('ANN-80 pointer, laser and cursor have the colour that the agent draws in, and the agent sees its own trail', async () => {
    const { customer, agent } = await open(browser)
    const red = await agent.evaluate(() => {
      window.agent.annotation.setColour('red')
      return window.agent.annotation.colours.find(({ name }) => name === 'red')!.value
    })
    const copy = await copyBox(agent, ['#picture'])
    const cursor = () =>
      agent.evaluate(({ x, y }) => getComputedStyle(document.elementFromPoint(x, y)!).cursor, {
        x: copy.x + 20,
        y: copy.y + 20,
      })
    for (const tool of ['laser', 'pointer'] as const) {
      await use(agent, tool)
      await agent.mouse.move(copy.x + 20, copy.y + 20)
      // The agent sees more than a dot while it moves.
      for (let step = 0; tool === 'laser' && ((await moving(agent))?.width ?? 0) < 30; step++)
        await agent.mouse.move(copy.x + 20 + (step % 2) * 60, copy.y + 30)
      await agent.mouse.move(copy.x + 40, copy.y + 30)
      const target = await boxOf(customer, '#picture')
      const scale = copy.width / target.width
      const tip = { x: target.x + 40 / scale, y: target.y + 30 / scale }
      // The trail fades; a pointer's shape goes on to the right and below.
      const isThere = (box: Box | undefined) =>
        box &&
        (tool === 'laser'
          ? box.width < 15 && Math.abs(box.x + box.width / 2 - tip.x) < 2
          : Math.abs(box.x - tip.x) < 3 && Math.abs(box.y - tip.y) < 3)
      while (!isThere(await moving(customer))) await customer.evaluate(() => new Promise(requestAnimationFrame))
      const at = tool === 'laser' ? tip : { x: tip.x + 4, y: tip.y + 9 }
      const picture = PNG.sync.read(
        await customer.screenshot({ clip: { x: Math.round(at.x), y: Math.round(at.y), width: 1, height: 1 } }),
      )
      const hex = `#${[...picture.data.subarray(0, 3)].map((one) => one.toString(16).padStart(2, '0')).join('')}`
      expect(hex).toBe(red)
      expect(await cursor()).toContain(encodeURIComponent(`fill="${red}"`))
      await use(agent)
      while ((await moving(customer)) || (await moving(agent)))
        await agent.evaluate(() => new Promise(requestAnimationFrame))
    }
    await end(customer)
  })
})
