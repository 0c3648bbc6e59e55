import type { Browser, Page, Route } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AGENTS, Attacker } from './attacker.ts'
import { ASKED, JOINED } from './desk-page.ts'
import { Harness } from './harness.ts'
import { ackOf, HostileStream, isRestart, parseVectors } from './hostile-stream.ts'
import { declarationsOf, SHEET_VECTORS, VECTORS } from './hostile-vectors.ts'
import { allow, openOwnPage, Site, seen, until } from './session-site.ts'

let harness: Harness
let site: Site
let attacker: Attacker

beforeAll(async () => {
  harness = await Harness.open()
  site = await Site.open(harness)
  attacker = await Attacker.open(VECTORS.filter(({ markup }) => markup.includes('@T')).map(({ name }) => name))
})
afterAll(async () => {
  attacker.close()
  site.close()
  await harness.close()
})

/** A vector's text with its addresses and its script. */
function arm(name: string, text: string): string {
  return text
    .replaceAll('@U', `${attacker.url}${name}`)
    .replaceAll('@R', `${attacker.url}${name}`.slice('ht'.length + 2))
    .replaceAll('@S', harness.url(`/x/${name}`))
    .replaceAll('@H', attacker.host)
    .replaceAll('@J', `top.ran_${name}=1`)
    .replaceAll('@T', () => attacker.listener(name))
}

const armed = (wrap = (markup: string) => markup) => VECTORS.map(({ name, markup }) => wrap(arm(name, markup)))

/** What a page's vectors have done. */
class Watch {
  readonly requests: string[] = []
  readonly navigations: string[] = []
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
    attacker.forget()
    page.on('request', (request) => {
      const { pathname } = new URL(request.url())
      if (pathname.startsWith('/x/') || pathname.includes('own_path')) this.requests.push(pathname)
    })
    page.on('framenavigated', (frame) => {
      if (!/^about:(blank|srcdoc)|\/replica(#.*)?$|\/sdk\/dev\/agent/.test(frame.url()))
        this.navigations.push(frame.url())
    })
    page.on('popup', (popup) => this.navigations.push(popup.url()))
    page.on('dialog', (dialog) => this.navigations.push(dialog.type()))
    page.on('download', (download) => this.navigations.push(download.url()))
  }

  scripts(): Promise<string[]> {
    return this.#page.evaluate(() => Object.keys(window).filter((name) => name.startsWith('ran_')))
  }

  /** Names of vectors that did anything, in any way. */
  async fired(): Promise<string[]> {
    const paths = [...attacker.requests, ...this.requests, ...this.navigations].map((path) =>
      VECTORS.find(({ name }) => new RegExp(`/${name}(\\W|$)`).test(path)),
    )
    const names = paths.flatMap((vector) => (vector ? [vector.name] : []))
    return [...new Set([...names, ...attacker.connected, ...(await this.scripts()).map((name) => name.slice(4))])]
  }

  /** All that happened until now, of what nothing may. */
  async all() {
    const { requests, connections, connected } = attacker
    return {
      scripts: await this.scripts(),
      requests: [...requests, ...this.requests],
      navigations: this.navigations,
      connections,
      connected,
    }
  }
}

/** Vectors in one frame. */
const BATCH = 40

/** What paints far outside of its place. */
const PAINTING = ['', '_absolute', '_transform', '_shadow', '_outline', '_dialog', '_popover'].map(
  (rest) => `overlay${rest}`,
)

const NOTHING = { scripts: [], requests: [], navigations: [], connections: 0, connected: [] }

/** An agent's page on the server's own origin, where the copy's document has its policy in a header. */
async function openAgent(browser: Browser, prepare?: (page: Page) => Promise<unknown>): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 900, height: 700 } })
  await prepare?.(page)
  await openOwnPage(page, harness.url())
  await page.evaluate(() => {
    document.documentElement.innerHTML =
      '<body style="margin:40px;background:#fff"><div id="root" style="width:800px;height:500px"></div></body>'
  })
  await site.prepareAgent(page)
  return page
}

/** What the agent's page looks like beside the copy. */
const beside = (page: Page) => page.screenshot({ clip: { x: 0, y: 545, width: 900, height: 155 } })

/** Presses what asks to be pressed, as a script would, in every document of the copy; then lets the page paint what it
 *  has, and the browser ask for what it must. */
async function press(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const documents: Document[] = []
    const collect = (around: Document) => {
      for (const frame of around.querySelectorAll('iframe'))
        if (frame.contentDocument) {
          documents.push(frame.contentDocument)
          collect(frame.contentDocument)
        }
    }
    collect(document)
    for (const inner of documents)
      for (const element of inner.querySelectorAll<HTMLElement>('[data-press]'))
        element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, view: window }))
    const painted = () => new Promise<void>((resolve) => requestAnimationFrame(() => resolve()))
    for (let i = 0; i < 3; i++) await painted()
  })
}

/** What the browser had to ask for before this, it has asked for. */
async function fence(page: Page): Promise<void> {
  const { connections } = attacker
  await page.evaluate((url) => fetch(url, { mode: 'no-cors' }).then(() => {}), `${attacker.url}fence`)
  attacker.requests.splice(attacker.requests.indexOf('/fence'), 1)
  // The fence's own.
  attacker.connections = connections
}

/** A desk that is told the session by a customer's script that keeps no rule. */
async function attackByStream(browser: Browser, prepare?: (page: Page) => Promise<unknown>, vectors = VECTORS) {
  let say = (_frames: readonly Buffer[]) => {}
  let acked = 0
  let restarts = 0
  const page = await openAgent(browser, async (opened) => {
    await prepare?.(opened)
    await opened.routeWebSocket('**/socket', (socket) => {
      let isFirst = true
      say = (frames) => {
        for (const frame of frames) socket.send(frame)
      }
      socket.onMessage((message) => {
        if (typeof message !== 'string') {
          acked = Math.max(acked, ackOf(message) ?? 0)
          if (isRestart(message)) restarts++
          return
        }
        if (isFirst) for (const answer of [ASKED, JOINED]) socket.send(JSON.stringify(answer))
        isFirst = false
      })
    })
  })
  const stream = new HostileStream()
  const trees = await page.evaluate(
    parseVectors,
    vectors.map(({ name, markup }) => arm(name, markup)),
  )
  for (let i = 0; i < trees.length; i += BATCH) stream.markup(trees.slice(i, i + BATCH).flat())
  if (vectors.length > 0)
    stream.css(
      SHEET_VECTORS.map(({ name, markup }) => ({
        css: arm(name, markup),
        declarations: arm(name, declarationsOf(markup)),
      })),
    )
  stream.end('armed')
  const before = await beside(page)
  const watch = new Watch(page)
  await site.join(page, '123456', 'x')
  await until(page, 'session_joined')
  say(stream.frames)
  await expect
    .poll(() => ({ acked, restarts }), { timeout: 60_000 })
    .toEqual({ acked: stream.frames.length, restarts: 0 })
  return { page, watch, before }
}

/** The frame's document as the server has it, but for what `change` does to its policy. */
const withPolicy = (change: (policy: string) => string | undefined) => (page: Page) =>
  page.route('**/replica', async (route: Route) => {
    const answer = await route.fetch()
    const { 'content-security-policy': policy, ...headers } = answer.headers()
    const changed = change(policy ?? '')
    await route.fulfill({
      status: answer.status(),
      headers: { ...headers, ...(changed ? { 'content-security-policy': changed } : {}) },
      body: await answer.text(),
    })
  })

describe.each(['chromium', 'firefox'] as const)('in %s', (name) => {
  let browser: Browser
  beforeAll(async () => {
    browser = await AGENTS[name]()
  })
  afterAll(() => browser.close())

  test('INR-1 control: without the layers the same vectors run, call and navigate', async () => {
    const page = await browser.newPage()
    await openOwnPage(page, harness.url())
    const watch = new Watch(page)
    await page.evaluate((all) => {
      for (const markup of all) {
        // Only the page itself has icons.
        if (markup.startsWith('<link')) document.head.insertAdjacentHTML('beforeend', markup)
        const frame = document.createElement('iframe')
        document.body.append(frame)
        const inner = frame.contentDocument!
        inner.open()
        inner.write(`<!DOCTYPE html><html><body>${markup}</body></html>`)
        inner.close()
      }
    }, armed())
    await press(page)
    // The others work in one of the engines only, or only look like it.
    const least = { chromium: 180, firefox: 165 }[name]
    await expect.poll(async () => (await watch.fired()).length, { timeout: 60_000 }).toBeGreaterThanOrEqual(least)
    expect((await watch.scripts()).length).toBeGreaterThanOrEqual(45)
    await page.close()
  })

  test('INR-1 control: without a frame around them vectors paint beside the copy', async () => {
    const page = await openAgent(browser)
    const before = await beside(page)
    const painted: string[] = []
    for (const { name, markup } of VECTORS.filter(({ group }) => group === 'shown')) {
      await page.evaluate(
        (html) => {
          const place = document.createElement('div')
          document.getElementById('root')!.append(place)
          place.innerHTML = html
          place.querySelector<HTMLElement>('[popover]')?.showPopover()
        },
        arm(name, markup),
      )
      if (!(await beside(page)).equals(before)) painted.push(name)
      await page.evaluate(() => document.querySelector('#root > div:last-child')!.remove())
    }
    expect(painted).toEqual(expect.arrayContaining(PAINTING))
    await page.close()
  })

  test('INR-1 a page that holds every vector does nothing at the agent’s', async () => {
    const { page: customer, pin } = await site.waiting()
    const page = await openAgent(browser)
    await site.join(page, pin)
    await allow(customer)
    await until(page, 'view_ready')
    await seen(page, 'first')
    const before = await beside(page)
    const watch = new Watch(page)
    await customer.evaluate(
      (all) => {
        const [frame, ...places] = ['iframe', ...all].map((_, i) => document.createElement(i ? 'div' : 'iframe'))
        document.body.append(frame!, ...places)
        const { body } = (frame as HTMLIFrameElement).contentDocument!
        for (const [i, place] of places.entries()) {
          // Names that hide the document's own would be in the way of this test, too.
          if (all[i]!.includes('defaultView')) body.append(place)
          place.innerHTML = all[i]!
        }
        document.body.append('armed')
        // A page that leaves is no page to look at.
      },
      armed((markup) => markup.replaceAll(/content="0; ?url/gi, 'content="9999;url')),
    )
    await seen(page, 'armed')
    await press(page)
    await fence(page)
    expect(await watch.all()).toEqual(NOTHING)
    expect((await beside(page)).equals(before)).toBe(true)
    await page.close()
    await customer.evaluate(() => window.customer.end())
  })

  test('INR-2 a stream past every gate of capture does nothing at the agent’s', async () => {
    const { page, watch, before } = await attackByStream(browser)
    await press(page)
    await fence(page)
    expect(await watch.all()).toEqual(NOTHING)
    expect((await beside(page)).equals(before)).toBe(true)
    await page.close()
  })

  test('INR-3 without the sandbox no script runs, and nothing is called', async () => {
    const { page, watch } = await attackByStream(browser, async (opened) => {
      await opened.addInitScript(() => {
        const { setAttribute } = Element.prototype
        HTMLIFrameElement.prototype.setAttribute = function (attribute, value) {
          if (attribute !== 'sandbox') setAttribute.call(this, attribute, value)
        }
      })
      await withPolicy((policy) => policy.replace(/;? *sandbox[^;]*/, ''))(opened)
    })
    await press(page)
    await fence(page)
    const { navigations, ...rest } = await watch.all()
    expect({ ...rest, navigations: [] }).toEqual(NOTHING)
    // A form without an address goes to its own page, which the policy stops.
    expect(navigations.filter((url) => !/^chrome-error:/.test(url))).toEqual([])
    await page.close()
  })

  test('INR-3 without the policy no script runs, and nothing else happens', async () => {
    const { page, watch } = await attackByStream(
      browser,
      withPolicy(() => undefined),
    )
    await press(page)
    await fence(page)
    expect(await watch.all()).toEqual(NOTHING)
    await page.close()
  })

  test('INR-3 without the builder no script runs', async () => {
    const { page, watch } = await attackByStream(browser, undefined, [])
    const groups = new Map<string, string>()
    for (const { group, name, markup } of VECTORS)
      groups.set(group, `${groups.get(group) ?? ''}<div>${arm(name, markup)}</div>`)
    await page.evaluate(
      (all) => {
        const copy = document.querySelector('iframe')!.contentDocument!
        for (const markup of all) {
          const frame = copy.createElement('iframe')
          copy.body.append(frame)
          const inner = frame.contentDocument!
          inner.open()
          inner.write(`<!DOCTYPE html><html><body>${markup}</body></html>`)
          inner.close()
        }
      },
      [...groups.values()],
    )
    await press(page)
    await fence(page)
    const { scripts } = await watch.all()
    expect(scripts).toEqual([])
    expect(attacker.requests).toEqual([])
    await page.close()
  })
})
