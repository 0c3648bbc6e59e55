import type { Frame, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endSession, GuestSite, PLACEHOLDER, shows } from './guest-site.ts'

let site: GuestSite
beforeAll(async () => {
  site = await GuestSite.open()
})
afterAll(() => site.close())

const trust = (...hosts: ('pay' | 'bank')[]) => ({ trustedOrigins: hosts.map((host) => site.origin(host)) })
const copyText = (agent: Page) => agent.evaluate(() => window.copyText())
const write = (frame: Frame, text: string) => frame.evaluate((more) => document.body.append(more), text)
const changeFrame = (customer: Page, change: (frame: HTMLIFrameElement) => void) =>
  customer.locator('iframe').first().evaluate(change)

/** Waits until nothing in a frame is observed or patched. Playwright's own way to wait observes. */
const released = (frame: Frame) =>
  frame.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (window.observers.size === 0 && CSSStyleSheet.prototype.insertRule === window.insertRule) resolve()
          else requestAnimationFrame(look)
        }
        look()
      }),
  )

describe.each(['chromium', 'firefox'] as const)('iframes of other origins, in %s', (browser) => {
  test('FRM-1 the agent sees a trusted one as it is, with what changes in it, its fields and where it is scrolled to', async () => {
    const { customer, agent } = await site.pair(browser, ['pay/form'], trust('pay'))
    await shows(agent, 'Pay here')
    const frame = customer.frames()[1]!
    await frame.evaluate(() => {
      document.getElementById('text')!.textContent = 'second'
    })
    await shows(agent, 'second')
    await frame.fill('#name', 'Dora')
    await frame.evaluate(() => document.getElementById('box')!.click())
    await frame.evaluate(() => scrollTo(0, 700))
    await agent.waitForFunction(() => {
      const inner = document.querySelector('iframe')?.contentDocument?.querySelector('iframe')?.contentDocument
      const field = inner?.getElementById('name') as HTMLInputElement | undefined
      const box = inner?.getElementById('box') as HTMLInputElement | undefined
      return field?.value === 'Dora' && box?.checked && inner?.defaultView?.scrollY === 700
    })
    await frame.evaluate(() => scrollTo(0, 0))
    await site.harness.shot(agent, `guest-${browser}`)
    expect(await copyText(agent)).not.toContain(PLACEHOLDER)
    await endSession(customer, agent)
  })

  test('FRM-2 one that is not trusted, or does not load the script, shows a note in the copy and nothing else', async () => {
    const { customer, agent } = await site.pair(browser, ['pay/form', 'bank/form', 'pay/silent'], trust('pay'))
    await shows(agent, 'Pay here')
    const text = await copyText(agent)
    expect(text.split(PLACEHOLDER)).toHaveLength(3)
    expect(text.split('Pay here')).toHaveLength(2)
    expect(text).not.toContain('Says nothing')
    await site.harness.shot(agent, `guest-notes-${browser}`)
    await endSession(customer, agent)
  })

  test('FRM-3 a page of an origin that neither the key nor the framed page trusts gets nothing of it', async () => {
    const answers = async (host: 'shop' | 'evil', frame: string) => {
      const page = await site.harness.page(browser)
      await page.goto(`${site.origin(host)}/page?${new URLSearchParams({ frame: site.at(frame) })}`)
      return page.evaluate(
        () =>
          new Promise<unknown>((resolve) => {
            const { port1, port2 } = new MessageChannel()
            port1.onmessage = ({ data }) => resolve(data)
            const offer = { alongside: 'guest', version: 2, mask: [{ maskType: 'custom_input' }], base: 0 }
            frames[0]!.postMessage({ ...offer, trustedOrigins: [], prefix: 'p' }, '*', [port2])
          }),
      )
    }
    const refused = { type: 'gone', final: true }
    const ready = { type: 'ready', loading: false }
    const trusting = (host: 'evil' | 'shop') =>
      `pay/own?settings=${encodeURIComponent(JSON.stringify({ trustedOrigins: [site.origin(host)] }))}`
    expect([await answers('evil', 'pay/form'), await answers('shop', 'pay/form')]).toEqual([refused, ready])
    expect([await answers('evil', trusting('shop')), await answers('evil', trusting('evil'))]).toEqual([refused, ready])
    const cobrowse = (host: 'evil' | 'shop') => `pay/cobrowse?trusted=${encodeURIComponent(site.origin(host))}`
    expect([await answers('evil', cobrowse('shop')), await answers('evil', cobrowse('evil'))]).toEqual([refused, ready])
  })

  test('FRM-4 a question from a window that is not around the page is not answered', async () => {
    const page = await site.harness.page(browser)
    const query = new URLSearchParams([
      ['frame', site.at('pay/form')],
      ['frame', site.at('pay/other')],
    ])
    await page.goto(`${site.origin('shop')}/page?${query}`)
    const [, frame, beside] = page.frames() as [Frame, Frame, Frame]
    /** Sends the question twice, each with a port, as two scripts would hear it. */
    const ask = (from: Page | Frame) =>
      from.evaluate(() => {
        const offer = { alongside: 'guest', version: 2, mask: [{ maskType: 'custom_input' }], base: 0 }
        window.heard = []
        const target = (window.parent === window ? window : window.parent)[0]!
        for (const { port1, port2 } of [new MessageChannel(), new MessageChannel()]) {
          port1.onmessage = ({ data }) => window.heard.push(data)
          target.postMessage({ ...offer, trustedOrigins: [], prefix: 'p' }, '*', [port2])
        }
      })
    const loadedFor = (host: 'pay' | 'shop') =>
      frame.evaluate(
        (origin) =>
          new Promise<void>((resolve) => {
            const look = () => {
              const loaded = performance.getEntriesByType('resource').some(({ name }) => name.endsWith(origin))
              if (loaded) resolve()
              else requestAnimationFrame(look)
            }
            look()
          }),
        encodeURIComponent(site.origin(host)),
      )
    await ask(beside)
    await loadedFor('pay')
    await ask(page)
    await page.waitForFunction(() => window.heard.length > 0)
    expect(await beside.evaluate(() => window.heard)).toEqual([])
  })

  test('FRM-5 the rules of the page around it hold in it, also for what is masked around it', async () => {
    const rules = { piiMask: { maskCssSelectors: '.secret, #frames input, .veiled' } }
    const { customer, agent } = await site.pair(browser, ['pay/form'], { ...trust('pay'), ...rules })
    await shows(agent, 'Pay here')
    const shown = () =>
      agent.evaluate(
        () =>
          document.querySelector('iframe')!.contentDocument!.querySelector('iframe')!.contentDocument!.documentElement
            .outerHTML,
      )
    const value = await agent.evaluate(() => {
      const inner = document.querySelector('iframe')!.contentDocument!.querySelector('iframe')!.contentDocument!
      return [...inner.querySelectorAll('input')].map((field) => field.value).join()
    })
    for (const word of ['classified', 'Cora', 'hunter2']) expect((await shown()) + value).not.toContain(word)
    await changeFrame(customer, (frame) => frame.classList.add('veiled'))
    await shows(agent, 'Pay here', false)
    await shows(agent, '•••')
    await changeFrame(customer, (frame) => frame.classList.remove('veiled'))
    await shows(agent, 'Pay here')
    await endSession(customer, agent)
  })

  test('FRM-6 what the framed page is set to mask is masked as well, from the first frame after it is set; with a rule that is not valid nothing is shown', async () => {
    const own = (piiMask: object) => `pay/own?settings=${encodeURIComponent(JSON.stringify({ piiMask }))}`
    const frames = [own({ maskCssSelectors: '.mine' }), own({ maskCssSelectors: 'p[' }), 'bank/form']
    const { customer, agent } = await site.pair(browser, frames, {
      ...trust('pay', 'bank'),
      piiMask: { unmaskCssSelectors: '.mine' },
    })
    await shows(agent, 'My own page')
    await shows(agent, 'classified')
    const text = await copyText(agent)
    expect(text).not.toContain('mine alone')
    expect(text.split(PLACEHOLDER)).toHaveLength(2)
    const frame = customer.frames()[3]!
    await frame.evaluate(async () => {
      await window.AlongsideSDK.init({ piiMask: { maskCssSelectors: '.secret' } })
      document.querySelector('.secret')!.textContent = 'still classified'
      document.getElementById('text')!.textContent = 'second'
    })
    await shows(agent, 'second')
    expect(await copyText(agent)).not.toContain('classified')
    await endSession(customer, agent)
  })

  test('FRM-7 pictures that only the framed page may read are shown', async () => {
    const { customer, agent } = await site.pair(browser, ['pay/picture'], trust('pay'))
    await agent.waitForFunction(() => {
      const inner = document.querySelector('iframe')?.contentDocument?.querySelector('iframe')?.contentDocument
      return inner?.querySelector('img')?.naturalWidth === 40
    })
    await endSession(customer, agent)
  })

  test('FRM-8 it is followed when it goes to another page, to a strange one, moves, hides and leaves', async () => {
    const { customer, agent } = await site.pair(browser, ['pay/form'], trust('pay'))
    await shows(agent, 'Pay here')
    await customer.frames()[1]!.goto(site.at('pay/other'))
    await shows(agent, 'Another page')
    expect(await copyText(agent)).not.toContain('Pay here')
    await customer.frames()[1]!.goto(site.at('bank/form'))
    await shows(agent, PLACEHOLDER)
    expect(await copyText(agent)).not.toContain('Another page')
    await customer.frames()[1]!.goto(site.at('pay/form'))
    await shows(agent, 'Pay here')
    await write(customer.frames()[1]!, 'before the move')
    await shows(agent, 'before the move')
    await changeFrame(customer, (frame) => frame.after(document.createElement('hr'), frame))
    await shows(agent, 'before the move', false)
    await shows(agent, 'Pay here')
    await changeFrame(customer, (frame) => frame.setAttribute('hidden', ''))
    await shows(agent, 'Pay here', false)
    await write(customer.frames()[1]!, 'while hidden')
    await changeFrame(customer, (frame) => frame.removeAttribute('hidden'))
    await shows(agent, 'while hidden')
    await changeFrame(customer, (frame) => frame.remove())
    await shows(agent, 'Pay here', false)
    expect(await copyText(agent)).not.toContain(PLACEHOLDER)
    await endSession(customer, agent)
  })

  test('FRM-9 iframes in it are shown as those of the page are', async () => {
    const around = (frame: string) => `pay/around?frame=${encodeURIComponent(site.at(frame))}`
    const frames = [around('bank/form'), around('bank/silent'), around('pay/other')]
    const { customer, agent } = await site.pair(browser, frames, trust('pay', 'bank'))
    for (const text of ['Pay here', 'Another page', PLACEHOLDER]) await shows(agent, text)
    await write(customer.frames().find((frame) => frame.url() === site.at('bank/form'))!, 'deep change')
    await shows(agent, 'deep change')
    await endSession(customer, agent)
  })

  test('FRM-10 several agents see it, who come and go, and after a pause again', async () => {
    const { customer, agent } = await site.pair(browser, ['pay/form'], trust('pay'))
    await shows(agent, 'Pay here')
    const frame = customer.frames()[1]!
    const second = await site.agent(browser, customer, 'Ben')
    await shows(second, 'Pay here')
    await write(frame, 'for both')
    for (const one of [agent, second]) await shows(one, 'for both')
    await second.evaluate(() => window.agent.leave())
    await write(frame, 'for one')
    await shows(agent, 'for one')
    await customer.evaluate(() => window.customer.pause())
    await released(frame)
    await write(frame, 'while paused')
    await customer.evaluate(() => window.customer.resume())
    await shows(agent, 'while paused')
    await endSession(customer, agent)
  })

  test('FRM-11 before and after the session nothing in it is observed, patched or loaded', async () => {
    const page = await site.customer(browser, ['pay/strict'], trust('pay'))
    const frame = page.frames()[1]!
    const state = () =>
      frame.evaluate(() => [window.observers.size, CSSStyleSheet.prototype.insertRule === window.insertRule])
    expect(await state()).toEqual([0, true])
    const loaded = () => frame.evaluate(() => performance.getEntriesByType('resource').length)
    expect(await loaded()).toBe(1)
    await page.close()
    const { customer, agent } = await site.pair(browser, ['pay/strict'], trust('pay'))
    await shows(agent, 'Strict page')
    const shown = customer.frames()[1]!
    expect(
      await shown.evaluate(() => [window.observers.size > 0, CSSStyleSheet.prototype.insertRule === window.insertRule]),
    ).toEqual([true, false])
    await endSession(customer, agent)
    await released(shown)
  })

  test('FRM-12 fifty at once are shown', async () => {
    const { customer, agent } = await site.pair(browser, new Array(50).fill('pay/other'), trust('pay'))
    await agent.waitForFunction(() => window.copyText().split('Another page').length === 51)
    await write(customer.frames()[50]!, 'the last one')
    await shows(agent, 'the last one')
    await endSession(customer, agent)
  })

  test('FRM-13 a page for Cobrowse.io in an iframe is shown under its own masks', async () => {
    const frame = `pay/cobrowse?trusted=${encodeURIComponent(site.origin('shop'))}`
    const { customer, agent } = await site.pair(browser, [frame], trust('pay'))
    await shows(agent, 'Cobrowse')
    expect(await copyText(agent)).not.toContain('mine alone')
    await endSession(customer, agent)
  })

  test('FRM-14 one that loads the script late, and twice, is shown then', async () => {
    const { customer, agent } = await site.pair(browser, ['pay/late'], trust('pay'))
    await shows(agent, PLACEHOLDER)
    await customer.frames()[1]!.evaluate(() => {
      const { content } = document.querySelector('template')!
      for (let i = 0; i < 2; i++) {
        const script = document.createElement('script')
        script.src = content.querySelector('script')!.src
        document.head.append(script)
      }
    })
    await shows(agent, 'Comes late')
    await endSession(customer, agent)
  })
})
