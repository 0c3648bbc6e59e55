import type { Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import {
  type Box,
  copyBox,
  drag,
  drawn,
  frameCopy,
  namesOf,
  noteNames,
  openRoots,
  seeDrawn,
  use,
  withoutWorkers,
} from './annotation-site.ts'
import { openSite } from './opened-site.ts'
import { allow, end, seen, start, until } from './session-site.ts'

const { harness, site } = await openSite()

async function furnish(customer: Page, agent: Page, html = ''): Promise<void> {
  await customer.evaluate((more) => {
    document.body.innerHTML = `<style>body { margin: 20px } #target { width: 220px; height: 60px }</style>
      <button id="target" aria-label="Pay now">Target</button>${more}<p style="height: 1500px">end of it</p>`
  }, html)
  await seen(agent, 'end of it')
}

const boxOf = (page: Page, selector: string): Promise<Box> =>
  page.evaluate((wanted) => {
    const { x, y, width, height } = document.querySelector(wanted)!.getBoundingClientRect()
    return { x, y, width, height }
  }, selector)

function expectNear(found: Box | undefined, expected: Box, within = 1.5): void {
  for (const side of ['x', 'y', 'width', 'height'] as const)
    expect(Math.abs(found![side] - expected[side]), `${side}: ${found![side]} for ${expected[side]}`).toBeLessThan(
      within,
    )
}

/** Waits until what takes the pointer is there: a new iframe is found by the pointer from its first frame on. */
function overDrawing(customer: Page): Promise<void> {
  const position = { x: 290, y: 190 }
  return customer.frameLocator('iframe[title=Drawing]').locator('html').hover({ position })
}

describe.each(['chromium', 'firefox'] as const)('what the customer draws, in %s', (browser) => {
  test('ANN-30 is seen by the agent where it was drawn; Escape stops, and the page gets its pointer back', async () => {
    const { customer, agent } = await site.pair(browser, openRoots)
    await furnish(customer, agent)
    await customer.evaluate(() => {
      // A page that eats all that a pointer does.
      for (const type of ['pointerdown', 'pointermove', 'pointerup', 'mousedown', 'mousemove', 'mouseup', 'click'])
        addEventListener(type, (event) => event.stopImmediatePropagation(), true)
      document.body.style.userSelect = 'none'
      document.body.style.touchAction = 'none'
    })
    expect(await customer.evaluate(() => window.customer.draw('rectangle'))).toEqual({ success: true })
    await overDrawing(customer)
    const target = await boxOf(customer, '#target')
    await drag(customer, [
      { x: target.x, y: target.y },
      { x: target.x + target.width, y: target.y + target.height },
    ])
    expectNear((await seeDrawn(customer, 1))[0], target)
    expectNear((await seeDrawn(agent, 1))[0], await copyBox(agent, ['#target']))
    await harness.shot(customer, `annotation/${browser}-customer-draws`)
    await customer.keyboard.press('Escape')
    await customer.waitForFunction(() => document.activeElement?.tagName !== 'IFRAME')
    await drag(customer, [
      { x: 300, y: 200 },
      { x: 400, y: 300 },
    ])
    expect(await drawn(customer)).toHaveLength(1)
    await end(customer)
  })
})

test('ANN-31 the tool bar has the customer’s tools, and is operated by keyboard', async () => {
  const { customer, agent } = await site.pair('chromium', openRoots)
  await furnish(customer, agent)
  await customer.evaluate(() => window.customer.draw())
  const bar = customer.getByRole('toolbar', { name: 'Drawing tools' })
  await bar.waitFor()
  await overDrawing(customer)
  await drag(customer, [
    { x: 300, y: 200 },
    { x: 400, y: 300 },
  ])
  await seeDrawn(agent, 1)
  await bar.getByRole('button', { name: 'Arrow' }).focus()
  await customer.keyboard.press('Enter')
  expect(await bar.getByRole('button', { name: 'Arrow' }).getAttribute('aria-pressed')).toBe('true')
  await bar.getByRole('button', { name: 'Undo' }).click()
  await seeDrawn(agent, 0)
  await bar.getByRole('button', { name: 'Redo' }).click()
  await seeDrawn(agent, 1)
  await bar.getByRole('button', { name: 'Clear my drawings' }).click()
  await seeDrawn(agent, 0)
  await bar.getByRole('button', { name: 'Done' }).click()
  await bar.waitFor({ state: 'detached' })
  await end(customer)
})

test('ANN-32 a tool that there is not, and drawing that is switched off, are refused by code', async () => {
  const { customer, agent } = await site.pair('chromium', openRoots)
  expect(await customer.evaluate(() => window.customer.draw('axe' as never))).toMatchObject({ error: { code: 1103 } })
  await end(customer)
  await until(agent, 'session_ended')
  expect(await customer.evaluate(() => window.customer.draw())).toMatchObject({ error: { code: 1011 } })

  const off = await harness.page()
  await openRoots(off)
  await off.goto(`${site.origin}/`)
  await off.addScriptTag({ url: harness.url('/static/resource/sdk/dev/js') })
  await off.evaluate(async () => {
    const settings = { allowAgentAnnotation: false, allowCustomerAnnotation: false }
    window.customer = (await window.AlongsideSDK.init(settings)).session
    window.events = []
    window.customer.on('pincode_updated', (payload) => window.events.push(['pincode_updated', payload]))
  })
  await start(off, await harness.token('customer', 'Cora'))
  await until(off, 'pincode_updated')
  const helper = await site.agent()
  await helper.evaluate(() => {
    window.agent.on('annotation_refused', (payload) => window.events.push(['annotation_refused', payload]))
  })
  await site.join(helper, await off.evaluate(() => window.customer.getSessionInfo().pinCode))
  await allow(off)
  await until(helper, 'view_ready')
  expect(await off.evaluate(() => window.customer.draw())).toMatchObject({ error: { code: 1121 } })
  await use(helper, 'pen')
  await drag(helper, [
    { x: 300, y: 200 },
    { x: 400, y: 300 },
  ])
  await until(helper, 'annotation_refused')
  // Told as soon as the agent was in, and again of the stroke, which is taken back.
  await expect
    .poll(() => helper.evaluate(() => window.agent.annotation.getState()))
    .toMatchObject({ allowed: false, marks: 0 })
  expect(await drawn(off)).toEqual([])
  await end(off)
})

test('ANN-39 what was drawn goes with the last agent', async () => {
  const { customer, agent } = await site.pair('chromium', openRoots)
  await furnish(customer, agent)
  await frameCopy(agent, ['#target'])
  await seeDrawn(customer, 1)
  await agent.evaluate(() => window.agent.leave())
  await seeDrawn(customer, 0)
  await end(customer)
})

test('ANN-33 an agent who joins later sees all, and each agent sees the other’s marks and pointer with its name', async () => {
  const { customer, agent } = await site.pair('chromium', openRoots)
  await withoutWorkers(customer)
  await furnish(customer, agent)
  await frameCopy(agent, ['#target'])
  await seeDrawn(customer, 1)
  const pin = await customer.evaluate(async () => {
    const answer = await window.customer.newPin()
    return answer.success ? answer.pinCode : ''
  })
  const second = await harness.page()
  await openRoots(second)
  await second.goto(`${site.origin}/agent`)
  await site.prepareAgent(second)
  await site.join(second, pin, await harness.token('agent', 'Ben'))
  await allow(customer)
  await until(second, 'view_ready')
  const [mark] = await seeDrawn(second, 1)
  expectNear(mark, await copyBox(second, ['#target']))
  await use(second, 'arrow')
  const { x, y } = await copyBox(second, ['#target'])
  await drag(second, [
    { x: x + 300, y: y + 200 },
    { x: x + 40, y: y + 20 },
  ])
  await seeDrawn(agent, 2)
  for (const page of [customer, agent]) await noteNames(page)
  await use(second, 'pointer')
  await second.mouse.move(x + 30, y + 30)
  for (const page of [customer, agent]) {
    for (let step = 0; !(await namesOf(page)).includes('Ben'); step++)
      await second.mouse.move(x + 30 + (step % 9), y + 30)
  }
  await harness.shot(customer, 'annotation/two-agents-customer')
  await harness.shot(agent, 'annotation/two-agents-agent')
  // One that is loaded again has everything, too, and takes back what it drew before.
  await end(customer)
})

test('ANN-34 the customer’s screen reader is told the name of an element, and nothing of a field’s value', async () => {
  const { customer, agent } = await site.pair('chromium', openRoots)
  await furnish(customer, agent, '<input id="secret" type="password" value="hunter2" aria-label="Your password">')
  await agent.evaluate(() => {
    window.agent.on('annotation_read_out', (payload) => window.events.push(['annotation_read_out', payload]))
  })
  const said = () =>
    customer.evaluate(() => {
      let text = ''
      const walk = (root: Document | ShadowRoot) => {
        for (const element of root.querySelectorAll('*')) if (element.shadowRoot) walk(element.shadowRoot)
        for (const live of root.querySelectorAll('[aria-live=assertive]')) text += live.textContent
      }
      walk(document)
      return text
    })
  await use(agent, 'read_out')
  for (const [selector, expected] of [
    ['#target', 'Pay now'],
    ['#secret', 'Your password'],
  ] as const) {
    const { x, y } = await copyBox(agent, [selector])
    await agent.mouse.click(x + 8, y + 8)
    await until(agent, 'annotation_read_out')
    while ((await said()) !== expected) await customer.evaluate(() => new Promise(requestAnimationFrame))
  }
  await end(customer)
})

describe('a page that works against it', () => {
  test.each([
    ['hides every element', '* { display: none !important; visibility: hidden !important }', 'display'],
    ['moves and scales its root', 'html { transform: translate(30px, 10px) scale(.9); transform-origin: 0 0 }', ''],
    ['zooms its root', 'html { zoom: 1.25 }', ''],
    ['lets no pointer in', 'html { pointer-events: none; user-select: none }', ''],
  ])('ANN-35 %s', async (_name, css, hidden) => {
    const { customer, agent } = await site.pair('chromium', openRoots)
    await furnish(customer, agent)
    if (!hidden) {
      await customer.addStyleTag({ content: css })
      await agent.waitForFunction(
        (wanted) => {
          const frame = document.querySelector<HTMLIFrameElement>('#root iframe')
          return frame?.contentDocument?.head.textContent?.includes(wanted)
        },
        css.slice(0, 12),
      )
    }
    await frameCopy(agent, ['#target'])
    await seeDrawn(customer, 1)
    if (hidden) {
      // What it hides of its own is hidden; our layer is there and shows the next mark of what is seen again.
      const style = await customer.addStyleTag({ content: css })
      await seeDrawn(customer, 0)
      await style.evaluate((element) => (element as HTMLElement).remove())
    }
    expectNear((await seeDrawn(customer, 1))[0], await boxOf(customer, '#target'))
    await end(customer)
  })

  test('ANN-36 a page that takes the layer away finds it back, and one that insists is left alone', async () => {
    const { customer, agent } = await site.pair('chromium', openRoots)
    await furnish(customer, agent)
    await customer.evaluate(() => {
      const counts = { removed: 0 }
      Object.assign(window, { counts })
      new MutationObserver((records) => {
        for (const { addedNodes } of records)
          for (const node of addedNodes)
            if (node instanceof HTMLElement && node.shadowRoot && counts.removed < 3) {
              counts.removed++
              node.remove()
            }
      }).observe(document.documentElement, { childList: true })
    })
    await frameCopy(agent, ['#target'])
    expectNear((await seeDrawn(customer, 1))[0], await boxOf(customer, '#target'))
    expect(await customer.evaluate(() => (window as unknown as { counts: { removed: number } }).counts.removed)).toBe(3)
    await end(customer)
  })

  test('ANN-37 drawings lie over dialogs and over what is full screen, and catch no click', async () => {
    const { customer, agent } = await site.pair('chromium', openRoots)
    await furnish(customer, agent, '<dialog id="dialog"><button id="inside">Inside</button></dialog>')
    await customer.evaluate(() => {
      document.querySelector('#inside')!.addEventListener('click', () => {
        document.title = 'clicked'
      })
      document.querySelector<HTMLDialogElement>('#dialog')!.showModal()
    })
    await agent.waitForFunction(() =>
      document
        .querySelector<HTMLIFrameElement>('#root iframe')
        ?.contentDocument?.querySelector('#dialog')
        ?.matches(':modal'),
    )
    await frameCopy(agent, ['#inside'])
    const [mark] = await seeDrawn(customer, 1)
    const inside = await boxOf(customer, '#inside')
    expectNear(mark, inside)
    await harness.shot(customer, 'annotation/over-a-dialog')
    await customer.mouse.click(inside.x + 5, inside.y + 5)
    expect(await customer.title()).toBe('clicked')
    await customer.evaluate(() => document.querySelector<HTMLDialogElement>('#dialog')!.close())
    await seeDrawn(customer, 0)
    await end(customer)
  })
})
