import type { Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import { type Box, copyBox, drag, frameCopy, openRoots, seeDrawn, use } from './annotation-site.ts'
import { openSite } from './opened-site.ts'
import { end, seen } from './session-site.ts'

const { harness, site } = await openSite()

/** A page with what strokes have to follow: a box that scrolls, a frame, a shadow root, and room to scroll. */
async function furnish(customer: Page, agent: Page): Promise<void> {
  await customer.evaluate(() => {
    document.body.innerHTML = `
      <style>
        body { margin: 20px; font: 16px sans-serif }
        button, .card { display: block; margin: 20px 0; width: 220px; height: 60px }
        #box { width: 400px; height: 180px; overflow: auto; border: 3px solid #888 }
        #inner { height: 900px; padding-top: 60px; width: 300px }
        .card { background: #dde; }
        iframe { width: 420px; height: 160px; border: 5px solid #aaa }
      </style>
      <div id="push"></div>
      <button id="target">Target</button>
      <div id="box"><div id="inner"><div class="card" id="deep">In a box</div></div></div>
      <iframe id="frame"></iframe>
      <div id="host"></div>
      <p style="height: 2000px">end of it</p>`
    const inner = document.querySelector('iframe')!.contentDocument!
    inner.body.innerHTML = '<button id="framed" style="margin: 30px; width: 200px; height: 50px">Framed</button>'
    const root = document.querySelector('#host')!.attachShadow({ mode: 'open' })
    root.innerHTML = '<button id="shadowed" style="width: 200px; height: 50px">Shadowed</button><p>ready</p>'
  })
  await seen(agent, 'end of it')
  await agent.waitForFunction(() =>
    [...document.querySelectorAll('iframe')].some((frame) => frame.contentDocument?.querySelector('#host')?.shadowRoot),
  )
}

const boxOf = (customer: Page, path: string[]): Promise<Box> =>
  customer.evaluate((selectors) => {
    let root: Document | ShadowRoot = document
    const at = { x: 0, y: 0 }
    for (const [index, selector] of selectors.entries()) {
      const element: Element = root.querySelector(selector)!
      const { left, top, width, height } = element.getBoundingClientRect()
      if (index === selectors.length - 1) return { x: at.x + left, y: at.y + top, width, height }
      if (element.shadowRoot) root = element.shadowRoot
      else {
        root = (element as HTMLIFrameElement).contentDocument!
        at.x += left + (element as HTMLIFrameElement).clientLeft
        at.y += top + (element as HTMLIFrameElement).clientTop
      }
    }
    throw new Error('no path')
  }, path)

/** A rectangle's line is 4 px wide and lies on the edge. */
function expectAround(mark: Box | undefined, box: Box, within = 1.5): void {
  const expected = { x: box.x, y: box.y, right: box.x + box.width, bottom: box.y + box.height }
  const found = { x: mark!.x, y: mark!.y, right: mark!.x + mark!.width, bottom: mark!.y + mark!.height }
  for (const side of ['x', 'y', 'right', 'bottom'] as const)
    expect(Math.abs(found[side] - expected[side]), `${side}: ${found[side]} for ${expected[side]}`).toBeLessThan(within)
}

describe.each(['chromium', 'firefox'] as const)('what an agent draws, in %s', (browser) => {
  test('ANN-20 stands around the same element on both seats through scroll, resize, zoom and another layout', async () => {
    const { customer, agent } = await site.pair(browser, openRoots)
    await furnish(customer, agent)
    await frameCopy(agent, ['#target'])
    const check = async (name: string) => {
      const [mark] = await seeDrawn(customer, 1)
      expectAround(mark, await boxOf(customer, ['#target']))
      await harness.shot(customer, `annotation/${browser}-${name}-customer`)
      await harness.shot(agent, `annotation/${browser}-${name}-agent`)
    }
    await check('drawn')
    await customer.evaluate(() => scrollTo(0, 12))
    await check('scrolled')
    await customer.evaluate(() => {
      document.querySelector<HTMLElement>('#push')!.style.height = '90px'
    })
    await check('pushed')
    await customer.evaluate(() => {
      document.querySelector<HTMLElement>('#target')!.style.width = '410px'
    })
    await check('widened')
    await customer.setViewportSize({ width: 700, height: 600 })
    await check('resized')
    await customer.evaluate(() => {
      document.documentElement.style.zoom = '1.5'
    })
    await check('zoomed')
    await end(customer)
  })

  test.each([
    ['a box that scrolls', ['#deep']],
    ['a frame', ['#frame', '#framed']],
    ['a shadow root', ['#host', '#shadowed']],
  ])('ANN-21 stands around an element in %s', async (_name, path) => {
    const { customer, agent } = await site.pair(browser, openRoots)
    await furnish(customer, agent)
    await frameCopy(agent, path)
    const [mark] = await seeDrawn(customer, 1)
    expectAround(mark, await boxOf(customer, path))
    const [copy] = await seeDrawn(agent, 1)
    expectAround(copy, await copyBox(agent, path))
    await end(customer)
  })

  test('ANN-22 is cut off where its element scrolls out of a box, hidden with it, and leaves with it', async () => {
    const { customer, agent } = await site.pair(browser, openRoots)
    await furnish(customer, agent)
    await frameCopy(agent, ['#deep'])
    await seeDrawn(customer, 1)
    await customer.evaluate(() => {
      document.querySelector('#box')!.scrollTop = 110
    })
    const [cut] = await seeDrawn(customer, 1)
    const box = await boxOf(customer, ['#box'])
    expect(cut!.y).toBeCloseTo(box.y + 3, 0)
    await customer.evaluate(() => {
      document.querySelector('#box')!.scrollTop = 700
    })
    await seeDrawn(customer, 0)
    await customer.evaluate(() => {
      document.querySelector('#box')!.scrollTop = 0
    })
    await seeDrawn(customer, 1)
    await customer.evaluate(() => {
      document.querySelector<HTMLElement>('#deep')!.style.visibility = 'hidden'
    })
    await seeDrawn(customer, 0)
    expect(await agent.evaluate(() => window.agent.annotation.getState().marks)).toBe(1)
    await customer.evaluate(() => document.querySelector('#deep')!.remove())
    await agent.waitForFunction(() => window.agent.annotation.getState().marks === 0)
    await end(customer)
  })

  test('ANN-23 has every tool, and undo, redo, eraser and clear', async () => {
    const { customer, agent } = await site.pair(browser, openRoots)
    await furnish(customer, agent)
    const { x, y } = await copyBox(agent, ['#target'])
    for (const [index, tool] of (['pen', 'highlighter', 'arrow', 'rectangle'] as const).entries()) {
      await use(agent, tool)
      const at = { x: x + 300, y: y + index * 60 }
      await drag(agent, [at, { x: at.x + 120, y: at.y + 10 }, { x: at.x + 200, y: at.y + 40 }])
    }
    await use(agent, 'element')
    await agent.mouse.click(x + 10, y + 10)
    await agent.keyboard.type('Press this')
    await agent.keyboard.press('Enter')
    await use(agent, 'text')
    await agent.mouse.click(x + 560, y + 20)
    await agent.keyboard.type('And then here')
    await agent.keyboard.press('Enter')
    await agent.waitForFunction(() => window.agent.annotation.getState().undo === 6)
    await seeDrawn(customer, 5)
    await harness.shot(customer, `annotation/${browser}-tools-customer`)
    await harness.shot(agent, `annotation/${browser}-tools-agent`)
    const texts = () =>
      customer.evaluate(() => {
        const found: string[] = []
        const walk = (root: Document | ShadowRoot) => {
          for (const element of root.querySelectorAll('*')) if (element.shadowRoot) walk(element.shadowRoot)
          for (const label of root.querySelectorAll('.clip .label'))
            if (label.textContent) found.push(label.textContent)
        }
        walk(document)
        return found
      })
    expect(await texts()).toEqual(['Press this', 'And then here'])
    await use(agent, 'eraser')
    await agent.mouse.click(x + 300, y + 1)
    await seeDrawn(customer, 4)
    await agent.evaluate(() => window.agent.annotation.undo())
    await seeDrawn(customer, 5)
    await agent.evaluate(() => window.agent.annotation.clear('all'))
    await seeDrawn(customer, 0)
    await agent.waitForFunction(() => window.agent.annotation.getState().marks === 0)
    await agent.evaluate(() => window.agent.annotation.undo())
    await seeDrawn(customer, 5)
    await agent.evaluate(() => window.agent.annotation.redo())
    await seeDrawn(customer, 0)
    await end(customer)
  })
})
