import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ITEMS } from '../packages/mirror/wire/index.ts'
import { joinWith, openDesk } from './desk-page.ts'
import { Harness } from './harness.ts'
import { ackOf, isRestart } from './hostile-stream.ts'
import { ScriptedCustomer } from './scripted-customer.ts'
import { BODY, type ScriptedPage } from './scripted-page.ts'
import { seen } from './session-site.ts'

let harness: Harness
beforeAll(async () => {
  harness = await Harness.open()
})
afterAll(() => harness.close())

/** A desk that shows a scripted customer's page. */
async function watching(prepare?: (desk: Page) => Promise<unknown>) {
  const customer = await ScriptedCustomer.open(harness.server)
  const desk = await harness.page()
  await prepare?.(desk)
  await openDesk(harness, desk)
  await joinWith(desk, customer.pin)
  const page = await customer.show()
  customer.send(into(page, () => page.text('shown')))
  await seen(desk, 'shown')
  return { customer, desk, page }
}

const into = (page: ScriptedPage, write: () => void) =>
  page.frame(() => {
    page.at(BODY)
    write()
    page.end()
  })

/** Leaves as an agent does, and ends the customer's side. */
async function leave(desk: Page, customer: ScriptedCustomer): Promise<void> {
  await desk.getByRole('button', { name: 'Leave', exact: true }).click()
  await desk.locator('.message-card').waitFor()
  await customer.line.close()
  await desk.context().close()
}

const notice = (desk: Page, text: string) => desk.locator('.notice', { hasText: text })

/** In the place of a copy that is not shown. */
const veil = (desk: Page) => desk.locator('.veil-card', { hasText: 'This page is not shown' })

const LARGE = 'This page is larger than a copy can be.'
const PLAIN = 'This page is slow to draw.'

test('INR-30 the agent leaves while a storm blows that would keep the desk for minutes', async () => {
  const { customer, desk, page } = await watching()
  customer.send(
    into(page, () => {
      for (let i = 0; i < 30_000; i++) page.element('p', [['class', 'x']])
    }),
  )
  // Each of them asks each paragraph.
  const rules = '.x{color:red}:not(.y) ~ :nth-child(2n+1){color:red}'.repeat(50_000)
  customer.send(into(page, () => page.element('style', [], () => page.text(rules))))
  customer.send(into(page, () => page.text('after the rules')))
  await seen(desk, 'after the rules')
  await notice(desk, LARGE).waitFor()
  expect(
    await desk.evaluate(() => document.querySelector('iframe')!.contentDocument!.styleSheets[0]?.cssRules.length),
  ).toBe(0)
  // It goes on all the while.
  for (let i = 0; i < 200; i++) customer.send(page.frame(() => page.attribute(2, 'class', `a${i % 2}`)))
  await leave(desk, customer)
})

const DEPTH = 480
const STYLE = 'display:inline-block;padding:1px'

test('INR-31 control: boxes in boxes end the process of a page that lays them out', async () => {
  const page = await harness.page()
  const crashed = page.waitForEvent('crash')
  const built = page.evaluate(
    ({ depth, style }) => {
      let at: HTMLElement = document.body
      for (let i = 0; i < depth; i++) {
        const box = document.createElement('div')
        box.style.cssText = style
        box.append('a')
        at.append(box)
        at = box
      }
      return document.body.offsetHeight
    },
    { depth: DEPTH, style: STYLE },
  )
  await Promise.all([crashed, built.catch(() => undefined)])
  await page.context().close()
})

test('INR-31 a desk that is sent them goes on', async () => {
  const { customer, desk, page } = await watching()
  customer.send(
    into(page, () => {
      for (let i = 0; i < DEPTH; i++) {
        page.open('div', [['style', STYLE]])
        page.text('a')
      }
      for (let i = 0; i < DEPTH; i++) page.end()
      page.text('after the boxes')
    }),
  )
  await seen(desk, 'after the boxes')
  await notice(desk, LARGE).waitFor()
  await leave(desk, customer)
})

test('INR-41 a page of filters is drawn without them before it is drawn: the agent leaves at once', async () => {
  const { customer, desk, page } = await watching()
  const svg = (name: string, attributes: [string, string][], fill = () => {}) =>
    page.element(name, attributes, fill, ITEMS.svg)
  const size: [string, string][] = [
    ['width', '2000'],
    ['height', '2000'],
  ]
  customer.send(
    into(page, () =>
      svg('svg', size, () => {
        svg('filter', [['id', 'f']], () => svg('feTurbulence', [['numOctaves', '40']]))
        for (let i = 0; i < 200; i++) svg('rect', [...size, ['filter', 'url(#f)']])
      }),
    ),
  )
  await notice(desk, PLAIN).waitFor()
  expect(await veil(desk).count()).toBe(0)
  await leave(desk, customer)
})

/** On it while the copy is made again. */
const busy = (desk: Page) => veil(desk).locator('.busy')

/** Whether the copy is drawn without what is slow. */
const plainSheets = (desk: Page) =>
  desk.evaluate(() => document.querySelector('iframe')!.contentDocument!.adoptedStyleSheets.length)

/** What the desk says to the customer, up to what is waited for. No restart comes before it. */
async function answerOf(customer: ScriptedCustomer, isIt: (answer: Buffer) => boolean): Promise<void> {
  for (;;) {
    const answer = await customer.line.next()
    if (answer === undefined) throw new Error('the line was closed')
    if (!Buffer.isBuffer(answer)) continue
    if (isIt(answer)) return
    expect(isRestart(answer)).toBe(false)
  }
}

/** The page as the desk asks for it once more. */
async function begunAnew(customer: ScriptedCustomer, page: ScriptedPage): Promise<ScriptedPage> {
  await answerOf(customer, isRestart)
  const anew = page.next()
  customer.send(anew.start())
  for (let i = 0; i < 3; i++) customer.send(into(anew, () => anew.text(`begun anew ${i}`)))
  return anew
}

test('INR-41 nothing of a page is drawn before all of it was looked at', async () => {
  const { customer, desk, page } = await watching((desk) =>
    desk.addInitScript(() => {
      // A copy that is not drawn yet is transparent.
      new MutationObserver((changes) => {
        for (const { target, oldValue } of changes)
          if (target instanceof HTMLIFrameElement && oldValue?.includes('opacity') && !target.style.opacity)
            window.plainWhenShown = target.contentDocument!.adoptedStyleSheets.length
      }).observe(document, { subtree: true, attributes: true, attributeFilter: ['style'], attributeOldValue: true })
    }),
  )
  const other = page.next()
  const costly = () => {
    const cheap = () => {
      for (let i = 0; i < 2_000; i++) other.element('p', [], () => other.text('cheap'))
    }
    cheap()
    for (let i = 0; i < 400; i++) other.element('i', [])
    cheap()
    // Until here nothing was costly.
    other.element('style', [], () => other.text('i{position:fixed;inset:0;filter:blur(50px)}'))
  }
  customer.send(other.start(costly, () => other.viewport(1280, 800)))
  customer.send(into(other, () => other.text('another page')))
  await seen(desk, 'another page')
  expect(await desk.evaluate(() => window.plainWhenShown)).toBe(1)
  await notice(desk, PLAIN).waitFor()
  await leave(desk, customer)
})

declare global {
  interface Window {
    /** How plainly the last copy was drawn when it was first drawn. */
    plainWhenShown?: number
    /** Frames or layouts of the copy take longer now. */
    isSlow?: boolean
  }
}

const setSlow = (desk: Page, isSlow: boolean) =>
  desk.evaluate((is) => {
    window.isSlow = is
  }, isSlow)

/** A browser whose frames each take 1.5 seconds longer than they do, as soon as it is told so, until the agent has been
 *  told something: what comes next would be there before a test could look. */
const withSlowFrames = (desk: Page) =>
  desk.addInitScript(() => {
    const { requestAnimationFrame } = window
    let late = 0
    let last = 0
    window.requestAnimationFrame = (call) =>
      requestAnimationFrame.call(window, (time) => {
        if (window.isSlow && time > last) late += 1_500
        last = time
        call(time + late)
      })
    const told = new MutationObserver(() => {
      if (!document.querySelector('.notice')) return
      window.isSlow = false
      told.disconnect()
    })
    told.observe(document, { subtree: true, childList: true })
  })

/** A browser that takes so many ms longer for each layout of the copy, as soon as it is told so. */
const withLayoutsOf = (ms: number) => (desk: Page) =>
  desk.addInitScript((longer) => {
    const { now } = performance
    const { getBoundingClientRect } = Element.prototype
    let late = 0
    performance.now = () => now.call(performance) + late
    Element.prototype.getBoundingClientRect = function () {
      if (this.ownerDocument !== document && this.localName === 'html' && window.isSlow) late += longer
      return getBoundingClientRect.call(this)
    }
  }, ms)

const withSlowLayouts = withLayoutsOf(2_500)

/** Has such a browser lay the copy out until it is not shown. */
async function hide(customer: ScriptedCustomer, desk: Page, page: ScriptedPage): Promise<void> {
  await setSlow(desk, true)
  for (let i = 0; i < 3; i++) customer.send(into(page, () => page.text('more')))
  await veil(desk).waitFor()
}

test.for(['dark', 'light'] as const)(
  'INR-32 the agent is told that a page is drawn plainly, and then that it is not: %s',
  async (theme) => {
    const { customer, desk } = await watching(async (page) => {
      await page.emulateMedia({ colorScheme: theme })
      await withSlowFrames(page)
    })
    await setSlow(desk, true)
    await notice(desk, PLAIN).waitFor()
    await setSlow(desk, true)
    await veil(desk).waitFor()
    expect(await desk.locator('iframe:visible').count()).toBe(0)
    await harness.shot(desk, `storms/reduced-${theme}`)
    await leave(desk, customer)
  },
)

test('INR-32 a page that takes long to lay out is not shown, until another comes', async () => {
  const { customer, desk, page } = await watching(withSlowLayouts)
  await hide(customer, desk, page)
  expect(await notice(desk, PLAIN).count()).toBe(0)
  expect(await desk.locator('iframe:visible').count()).toBe(0)
  await leave(desk, customer)
})

test('INR-43 while a page is not shown the desk says so, its tools say why they are off, and there is a way back', async () => {
  const { customer, desk, page } = await watching(withSlowLayouts)
  const more = () => {
    for (let i = 0; i < 3; i++) customer.send(into(page, () => page.text('more')))
  }
  const status = desk.locator('.status-text')
  const pen = desk.getByRole('button', { name: 'Pen', exact: true })
  const again = veil(desk).getByRole('button', { name: 'Try again' })
  expect(await pen.getAttribute('aria-disabled')).not.toBe('true')
  await setSlow(desk, true)
  more()
  await veil(desk).waitFor()
  expect(await status.textContent()).toBe('Not shown')
  expect(await desk.title()).toContain('is not shown')
  expect(await pen.getAttribute('aria-disabled')).toBe('true')
  await pen.hover()
  await desk.getByText('Try again over the page').waitFor()
  // As long as it is what it was, it is hidden again.
  await again.click()
  await busy(desk).waitFor()
  expect(await pen.getAttribute('aria-disabled')).toBe('true')
  expect(await again.isEnabled()).toBe(true)
  const second = await begunAnew(customer, page)
  await busy(desk).waitFor({ state: 'detached' })
  await again.waitFor()
  expect(await desk.locator('iframe:visible').count()).toBe(0)
  await setSlow(desk, false)
  await again.click()
  await busy(desk).waitFor()
  await begunAnew(customer, second)
  await veil(desk).waitFor({ state: 'detached' })
  await seen(desk, 'begun anew')
  expect(await desk.locator('iframe:visible').count()).toBe(1)
  expect(await status.textContent()).toBe('Live')
  expect(await pen.getAttribute('aria-disabled')).not.toBe('true')
  await leave(desk, customer)
})

test('INR-43 what is tried again has all that it was drawn without', async () => {
  const { customer, desk, page } = await watching(withSlowFrames)
  await setSlow(desk, true)
  await notice(desk, PLAIN).waitFor()
  expect(await plainSheets(desk)).toBe(1)
  await setSlow(desk, true)
  await veil(desk).waitFor()
  await setSlow(desk, false)
  await veil(desk).getByRole('button', { name: 'Try again' }).click()
  await busy(desk).waitFor()
  await begunAnew(customer, page)
  await seen(desk, 'begun anew')
  expect(await plainSheets(desk)).toBe(0)
  await leave(desk, customer)
})

test('INR-43 a page that calls itself otherwise is tried again by itself, one that only changes is not', async () => {
  const { customer, desk, page } = await watching(withSlowLayouts)
  await hide(customer, desk, page)
  await setSlow(desk, false)
  const changed = into(page, () => page.text('a change'))
  customer.send(changed)
  await answerOf(customer, (answer) => ackOf(answer) === changed.readUInt32BE(4))
  customer.send(into(page, () => page.element('title', [], () => page.text('The basket'))))
  await begunAnew(customer, page)
  await seen(desk, 'begun anew')
  await veil(desk).waitFor({ state: 'detached' })
  await leave(desk, customer)
})

test('INR-43 a page that hides is not tried again because it calls itself otherwise at once', async () => {
  const { customer, desk, page } = await watching(withLayoutsOf(5_000))
  await setSlow(desk, true)
  const changed = into(page, () => page.element('title', [], () => page.text('The basket')))
  customer.send(changed)
  await answerOf(customer, (answer) => ackOf(answer) === changed.readUInt32BE(4))
  await veil(desk).waitFor()
  expect(await busy(desk).count()).toBe(0)
  await leave(desk, customer)
})

test('INR-43 another page is shown by itself', async () => {
  const { customer, desk, page } = await watching(withSlowLayouts)
  await hide(customer, desk, page)
  await setSlow(desk, false)
  const other = page.next()
  customer.send(other.start())
  customer.send(into(other, () => other.text('another page')))
  await seen(desk, 'another page')
  await veil(desk).waitFor({ state: 'detached' })
  await leave(desk, customer)
})

test('INR-32 control: the same page in a browser that is quick is shown as it is', async () => {
  const { customer, desk, page } = await watching()
  for (let i = 0; i < 3; i++) customer.send(into(page, () => page.text(`more ${i}`)))
  await seen(desk, 'more 2')
  expect(await desk.locator('iframe:visible').count()).toBe(1)
  expect(await desk.locator('.notice').count()).toBe(0)
  await leave(desk, customer)
})
