import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Page } from 'playwright'
import type { CustomerSettings } from '../packages/sdk/customer/index.ts'
import { type Key, makeKey } from '../packages/server/index.ts'
import { Harness } from './harness.ts'
import { makePicture } from './picture-files.ts'
import { allow, Site, start, until } from './session-site.ts'

declare global {
  interface Window {
    /** All text that an agent's copy shows, that of frames in their places. */
    copyText(): string
    /** Observers at work in this page. */
    observers: Set<MutationObserver>
    /** What a framed page of no script of ours was offered, and what it hears. */
    offer: { prefix: string } | undefined
    port: MessagePort
    heard: { type: string; stream?: number }[]
    /** The browser's own function. */
    insertRule: unknown
  }
}

export type Host = 'shop' | 'pay' | 'bank' | 'evil'
type BrowserName = 'chromium' | 'firefox'

/** Several sites: `shop` is the customer's, `pay` and `bank` are framed in it, `evil` is on no list of the key `dev` and
 *  has a key of its own. */
export class GuestSite {
  readonly harness: Harness
  readonly #site: Site

  private constructor(harness: Harness, site: Site) {
    this.harness = harness
    this.#site = site
  }

  static async open(): Promise<GuestSite> {
    const allowedOrigins: string[] = []
    const key: Key = { ...makeKey('dev', randomBytes(32)), allowedOrigins }
    const harness = await Harness.open({ keys: [key, makeKey('evil', randomBytes(32))] })
    const site = await Site.open(harness, (request, response) => answer(request, response, harness))
    const guests = new GuestSite(harness, site)
    allowedOrigins.push(guests.origin('shop'))
    // A page in a frame of `pay` is framed by it.
    allowedOrigins.push(guests.origin('pay'))
    return guests
  }

  async close(): Promise<void> {
    this.#site.close()
    await this.harness.close()
  }

  origin(host: Host): string {
    return `http://${host}.localhost:${new URL(this.#site.origin).port}`
  }

  /** A customer's page that frames `frames`, addresses of the sites such as `pay/form`. */
  async customer(browser: BrowserName, frames: string[], settings: CustomerSettings = {}, host: Host = 'shop') {
    const page = await this.harness.page(browser)
    await page.context().addInitScript(prepare)
    await page.goto(
      `${this.origin(host)}/page?${new URLSearchParams(frames.map((frame) => ['frame', this.at(frame)]))}`,
    )
    await page.addScriptTag({ url: this.harness.url(`/static/resource/sdk/${host === 'evil' ? 'evil' : 'dev'}/js`) })
    await page.evaluate(async (given) => {
      const { session } = await window.AlongsideSDK.init(given)
      window.customer = session
      window.events = []
      for (const name of ['pincode_updated', 'session_error', 'session_ended'] as const)
        session.on(name, (payload) => window.events.push([name, payload]))
    }, settings)
    return page
  }

  /** `pay/form` as an address. */
  at(place: string): string {
    const [host, ...path] = place.split('/')
    return `${this.origin(host as Host)}/${path.join('/')}`
  }

  /** Lets an agent in who sees the page. */
  async agent(browser: BrowserName, customer: Page, name = 'Ana'): Promise<Page> {
    const agent = await this.harness.page(browser)
    await agent.addInitScript(() => {
      const textOf = (document: Document): string =>
        [
          document.body?.innerText ?? '',
          ...[...document.querySelectorAll('iframe')].map((frame) =>
            frame.contentDocument && frame.getClientRects().length ? textOf(frame.contentDocument) : '',
          ),
        ].join('\n')
      window.copyText = () => textOf(document)
    })
    await agent.goto(`${this.#site.origin}/agent`.replace('127.0.0.1', 'shop.localhost'))
    await this.#site.prepareAgent(agent)
    if (name !== 'Ana') await customer.evaluate(() => window.customer.newPin())
    const pin = await customer.evaluate(() => window.customer.getSessionInfo().pinCode)
    await this.#site.join(agent, pin, await this.harness.token('agent', name))
    await allow(customer)
    await until(agent, 'view_ready')
    return agent
  }

  /** A customer and an agent who sees the page. */
  async pair(browser: BrowserName, frames: string[], settings?: CustomerSettings) {
    const customer = await this.customer(browser, frames, settings)
    const answered = await start(customer, await this.harness.token('customer', 'Cora'))
    if (!answered.success) throw new Error(JSON.stringify(answered))
    await until(customer, 'pincode_updated')
    return { customer, agent: await this.agent(browser, customer) }
  }
}

/** Waits until the copy shows a text, or does not. */
export async function shows(agent: Page, text: string, isShown = true): Promise<void> {
  await agent.waitForFunction(([wanted, isShown]) => window.copyText().includes(wanted) === isShown, [
    text,
    isShown,
  ] as const)
}

export async function endSession(customer: Page, agent: Page): Promise<void> {
  await customer.evaluate(() => window.customer.end())
  await until(agent, 'session_ended')
}

export const PLACEHOLDER = 'from another site and is not shown'

function prepare(): void {
  const observers = new Set<MutationObserver>()
  window.observers = observers
  window.insertRule = CSSStyleSheet.prototype.insertRule
  const { observe, disconnect } = MutationObserver.prototype
  MutationObserver.prototype.observe = function (...args) {
    // Playwright observes, too, for fewer things.
    if (args[1]?.characterDataOldValue) observers.add(this)
    return observe.apply(this, args)
  }
  MutationObserver.prototype.disconnect = function () {
    observers.delete(this)
    return disconnect.call(this)
  }
  const attachShadow = Element.prototype.attachShadow
  Element.prototype.attachShadow = function (options) {
    return attachShadow.call(this, { ...options, mode: 'open' })
  }
}

const FORM = `<h1>Pay here</h1><p id="text">first</p><p class="secret">classified</p>
<input id="name" value="Cora"><input type="password" id="password" value="hunter2"><input type="checkbox" id="box">
<div style="height:2000px"></div><p>the end</p>`

/** What framed pages hold, by their paths. */
const FRAMED: Record<string, (load: string, request: URL) => string> = {
  '/form': (load) => load + FORM,
  '/other': (load) => `${load}<h1>Another page</h1>`,
  '/silent': () => '<h1>Says nothing</h1>',
  '/late': (load) => `<h1>Comes late</h1><template>${load}</template>`,
  '/picture': (load) => `${load}<h1>A picture</h1><img src="/own.png" width="40" height="30">`,
  '/strict': (load) => `${load}<h1>Strict page</h1>`,
  '/own': (load, url) =>
    `${load}<h1>My own page</h1><p class="mine">mine alone</p><script>AlongsideSDK.init(${url.searchParams.get('settings')}).catch(() => {})</script>`,
  '/cobrowse': (load, url) =>
    `<script>CobrowseIO = { license: 'dev', redactedViews: ['.mine'], trustedOrigins: [${JSON.stringify(url.searchParams.get('trusted'))}] }</script>
    ${load.replace('/static/resource/sdk/dev/js', '/CobrowseIO.js')}<h1>Cobrowse</h1><p class="mine">mine alone</p>`,
  // Takes the port itself.
  '/hostile': () =>
    `<h1>Hostile</h1><script>
      heard = []
      addEventListener('message', ({ data, ports: [given] }) => {
        if (data?.type === 'take') port = given
        if (data?.alongside !== 'guest') return
        offer = data
        port = given
        port.onmessage = ({ data }) => heard.push(data)
        port.postMessage({ type: 'ready', loading: document.readyState !== 'complete' })
      })
    </script>`,
  '/around': (load, url) =>
    `${load}<h1>Around</h1><iframe src="${url.searchParams.get('frame')}" width="400" height="200"></iframe>`,
}

function answer(request: IncomingMessage, response: ServerResponse, harness: Harness): boolean {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
  const send = (type: string, body: string | Buffer) => {
    response.setHeader('content-type', type)
    response.end(body)
    return true
  }
  if (url.pathname === '/own.png') return send('image/png', makePicture(10, 20, 200))
  if (url.pathname === '/page') {
    const frames = url.searchParams.getAll('frame').map((address) => `<iframe src="${address}"></iframe>`)
    const style = '<style>iframe{width:500px;height:240px;border:1px solid}</style>'
    return send('text/html', `<!doctype html>${style}<h1>A shop</h1><div id="frames">${frames.join('')}</div>`)
  }
  const page = FRAMED[url.pathname]
  if (!page) return false
  const script = harness.url('/static/resource/sdk/dev/js')
  if (url.pathname === '/strict')
    response.setHeader('content-security-policy', `default-src 'none'; script-src ${new URL(script).origin}`)
  return send('text/html', `<!doctype html>${page(`<script src="${script}"></script>`, url)}`)
}
