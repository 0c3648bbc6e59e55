import type { IncomingMessage, ServerResponse } from 'node:http'
import type { BrowserContext, Page } from 'playwright'
import type { CustomerSettings } from '../packages/sdk/customer/index.ts'
import type { Harness } from './harness.ts'
import { allow, Site, start, until } from './session-site.ts'

type BrowserName = 'chromium' | 'firefox'

/** What a page that outlives its documents keeps for the test. */
declare global {
  interface Window {
    /** Set when `init` has answered. */
    isReady: boolean
    /** The answer of the `join` that the page made by itself. */
    joined: { success: boolean; error?: { code: number } } | undefined
  }
}

/** A site whose pages load the SDK themselves and take up what they find, as the README says. `/single/…` and `/multi/…`
 *  are customers' pages without and with several tabs, which trust the hosts `shop.localhost` and `pay.localhost`; `/help`
 *  is an agent's, `/console` holds the desk. */
export class LastingSite {
  readonly site: Site
  readonly #harness: Harness

  private constructor(site: Site, harness: Harness) {
    this.site = site
    this.#harness = harness
  }

  static async open(harness: Harness): Promise<LastingSite> {
    return new LastingSite(await Site.open(harness, (request, response) => answer(request, response, harness)), harness)
  }

  /** A page of the site; hosts are names under localhost. */
  url(path: string, host = 'shop.localhost'): string {
    return `http://${host}:${new URL(this.site.origin).port}${path}`
  }

  async customer(browser: BrowserName, path: string, host?: string, into?: Page): Promise<Page> {
    const page = into ?? (await this.#harness.page(browser))
    await openPanels(page.context())
    await this.visit(page, path, host)
    return page
  }

  /** Opens a page in a tab of its own of the same browser. */
  async tab(page: Page, path: string, host?: string): Promise<Page> {
    const tab = await page.context().newPage()
    await this.visit(tab, path, host)
    return tab
  }

  /** Opens a window from a page, which gets a copy of its storage as a duplicated tab does. It is empty first: the
   *  document that a window is opened with can be lost to the driver of Firefox. */
  async copy(page: Page, url: string): Promise<Page> {
    const [copy] = await Promise.all([page.waitForEvent('popup'), page.evaluate(() => void window.open())])
    await copy.goto(url)
    return copy
  }

  async visit(page: Page, path: string, host?: string): Promise<void> {
    await page.goto(this.url(path, host))
    await ownFocus(page)
    await page.waitForFunction(() => window.isReady)
  }

  async agent(browser: BrowserName): Promise<Page> {
    const page = await this.#harness.page(browser)
    await page.goto(`${this.site.origin}/help`)
    await page.waitForFunction(() => window.isReady)
    return page
  }

  /** A customer on a page, and an agent who sees it. */
  async pair(browser: BrowserName, path: string, host?: string, into?: Page) {
    const customer = await this.customer(browser, path, host, into)
    const answered = await start(customer, await this.#harness.token('customer', 'Cora'))
    if (!answered.success) throw new Error(JSON.stringify(answered))
    await until(customer, 'pincode_updated')
    const agent = await this.agent(browser)
    const pin = await customer.evaluate(() => window.customer.getSessionInfo().pinCode)
    await this.site.join(agent, pin, await this.#harness.token('agent', 'Ana'))
    await allow(customer)
    await sameAs(customer, agent)
    return { customer, agent }
  }
}

/** Without this Playwright lets every page of Chromium believe that it has the focus. For the document that is there. */
export async function ownFocus(page: Page): Promise<void> {
  if (page.context().browser()?.browserType().name() !== 'chromium') return
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Emulation.setFocusEmulationEnabled', { enabled: false })
}

export function statusOf(page: Page): Promise<string> {
  return page.evaluate(() => window.customer.getSessionInfo().sessionStatus)
}

/** Waits until an event has come so many times. */
export async function times(page: Page, event: string, count: number): Promise<void> {
  await page.waitForFunction(
    ([name, wanted]) => (window.events ?? []).filter(([happened]) => happened === name).length >= wanted,
    [event, count] as const,
  )
}

/** The last payload of an event. */
export function last(page: Page, event: string): Promise<Record<string, unknown> | undefined> {
  return page.evaluate(
    (name) => window.events.findLast(([happened]) => happened === name)?.[1] as Record<string, unknown> | undefined,
    event,
  )
}

/** Waits until the agent's copy is the customer's page, element by element and text by text. */
export async function sameAs(customer: Page, agent: Page): Promise<void> {
  const wanted = await customer.evaluate(`(${outline})(document.body)`)
  await agent.waitForFunction(
    ([wanted, source]) => {
      const [frame, ...others] = document.querySelectorAll('iframe')
      const body = frame?.contentDocument?.body
      return body && others.length === 0 && new Function(`return ${source}`)()(body) === wanted
    },
    [wanted, outline.toString()] as const,
  )
}

/** Runs in pages, so it uses nothing around it. */
function outline(root: Node): string {
  const draw = (node: Node): string =>
    node.nodeType === 3
      ? (node.textContent ?? '').trim()
      : `<${(node as Element).localName}>${[...node.childNodes].map(draw).join('')}`
  return draw(root)
}

/** Opens the root of the panel to the tests of all pages of a browser. */
export async function openPanels(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const attachShadow = Element.prototype.attachShadow
    Element.prototype.attachShadow = function (options) {
      return attachShadow.call(this, { ...options, mode: 'open' })
    }
  })
}

function answer(request: IncomingMessage, response: ServerResponse, harness: Harness): boolean {
  const path = request.url ?? '/'
  const isAgent = path === '/help'
  if (path.startsWith('/console?')) {
    response.setHeader('content-type', 'text/html')
    response.end(consolePage(new URLSearchParams(path.slice(path.indexOf('?'))).get('desk') ?? ''))
    return true
  }
  if (!isAgent && !/^\/(single|multi)\//.test(path)) return false
  response.setHeader('content-type', 'text/html')
  response.end(isAgent ? agentPage(harness.url()) : customerPage(request, harness.url()))
  return true
}

/** A company's own console, which holds the desk. */
function consolePage(desk: string): string {
  return `<!doctype html><title>Console</title>
<iframe src="${desk}" style="width: 95vw; height: 90vh"></iframe>`
}

function customerPage({ url: path = '', headers }: IncomingMessage, server: string): string {
  const port = headers.host?.split(':')[1]
  const settings: CustomerSettings = {
    trustedOrigins: [`http://shop.localhost:${port}`, `http://pay.localhost:${port}`],
    ...(path.startsWith('/multi') ? { multiTabSessionPersistence: { enable: true } } : {}),
  }
  return `<!doctype html><title>Shop</title>
<script src="${server}/static/resource/sdk/dev/js"></script>
<script>
  window.events = []
  AlongsideSDK.init(${JSON.stringify(settings)}, ({ session }) => {
    window.customer = session
    for (const name of ['pincode_updated', 'session_started', 'agent_joined', 'agent_left', 'session_reconnecting',
      'session_ended', 'session_error', 'session_paused', 'session_resumed'])
      session.on(name, (payload) => events.push([name, payload]))
    window.isRecoverable = session.getSessionInfo().sessionStatus === 'session_recoverable'
    if (window.isRecoverable && !location.search.includes('wait')) session.join((answer) => { window.joined = answer })
    window.isReady = true
  })
</script>
<h1>${path.replace(/[^a-z0-9/]/g, ' ')}</h1><p id="text">first</p><a id="next" href="${path}x">Next page</a>`
}

function agentPage(server: string): string {
  return `<!doctype html><title>Help</title><div id="root" style="height: 90vh"></div>
<script src="${server}/static/resource/sdk/dev/agent"></script>
<script>
  window.events = []
  AlongsideAgentSDK.init({ appKey: 'dev', root: '#root' }, ({ session }) => {
    window.agent = session
    for (const name of ['session_waiting', 'session_joined', 'session_left', 'session_ended', 'session_error',
      'session_reconnecting', 'session_reconnected', 'session_paused', 'session_resumed', 'customer_connection',
      'customer_focus_lost', 'customer_focus_gained', 'customer_transferred', 'agent_joined', 'agent_left', 'view_ready'])
      session.on(name, (payload) => events.push([name, payload]))
    if (session.getSessionInfo().sessionStatus === 'session_recoverable')
      session.join(undefined, (answer) => { window.joined = answer })
    window.isReady = true
  })
</script>`
}
