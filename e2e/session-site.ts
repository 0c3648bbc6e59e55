import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Frame, Page } from 'playwright'
import type { AgentSession, AlongsideAgentSDK } from '../packages/sdk/agent/index.ts'
import type { CustomerSdk, CustomerSession, CustomerSettings } from '../packages/sdk/customer/index.ts'
import type { Harness, HarnessServer } from './harness.ts'

/** What the two pages of the site keep, for the test to look at. */
declare global {
  interface Window {
    AlongsideSDK: CustomerSdk<CustomerSettings>
    AlongsideAgentSDK: typeof AlongsideAgentSDK
    customer: CustomerSession
    agent: AgentSession
    /** Settings that are functions. */
    hooks?: CustomerSettings
    /** What the agent's last request for the hand is answered. */
    asked: ReturnType<AgentSession['remoteAssist']['request']>
    /** How often a page's button was pressed. */
    bought?: number
    /** Events in order: name and payload. */
    events: [string, Payload][]
  }
}

/** What tests look at in the payload of an event. */
interface Payload {
  sessionId: string
  code?: number
  reason?: string
  result?: string
}

const CUSTOMER_EVENTS = [
  'pincode_updated',
  'session_started',
  'agent_joined',
  'agent_left',
  'session_reconnecting',
  'session_ended',
  'session_error',
  'session_paused',
  'session_resumed',
  'remote_assist_started',
  'remote_assist_stopped',
] as const

const AGENT_EVENTS = [
  'session_waiting',
  'session_joined',
  'session_left',
  'session_ended',
  'session_error',
  'session_reconnecting',
  'session_reconnected',
  'session_paused',
  'session_resumed',
  'customer_connection',
  'remote_assist_started',
  'remote_assist_stopped',
  'remote_assist_rejected',
  'remote_assist_result',
  'view_ready',
] as const

const CUSTOMER_PAGE = `<!doctype html><title>A site</title><h1>A site</h1><p id="text">first</p><ul id="list"></ul>`
const AGENT_PAGE = `<!doctype html><title>A help desk</title><div id="root" style="height: 90vh"></div>`

/** A company's own site on an origin of its own: a page for customers and one for agents. */
export class Site {
  readonly #server: Server
  readonly #harness: Harness<HarnessServer>

  private constructor(server: Server, harness: Harness<HarnessServer>) {
    this.#server = server
    this.#harness = harness
  }

  /** `answer` takes the requests for which it returns true: a test's own files. */
  static async open(
    harness: Harness<HarnessServer>,
    answer: (request: IncomingMessage, response: ServerResponse) => boolean = () => false,
  ): Promise<Site> {
    const server = createServer((request, response) => {
      if (answer(request, response)) return
      response.setHeader('content-type', 'text/html')
      // Allows what an integrator must allow, and nothing else.
      const [http, ws] = [harness.url(), harness.url().replace('http', 'ws')]
      if (request.url === '/strict')
        response.setHeader(
          'content-security-policy',
          `default-src 'none'; script-src ${http}; connect-src ${http} ${ws}`,
        )
      response.end(request.url === '/agent' ? AGENT_PAGE : CUSTOMER_PAGE)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new Site(server, harness)
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  /** A customer's page with the script loaded and a session made. The panel's root is open to the test. */
  async customer(
    browser: 'chromium' | 'firefox' = 'chromium',
    into?: Page,
    path = '/',
    settings: CustomerSettings = {},
  ): Promise<Page> {
    const page = into ?? (await this.#harness.page(browser))
    await page.addInitScript(() => {
      const attachShadow = Element.prototype.attachShadow
      Element.prototype.attachShadow = function (options) {
        return attachShadow.call(this, { ...options, mode: 'open' })
      }
    })
    await page.goto(this.origin + path)
    await page.addScriptTag({ url: this.#harness.url('/static/resource/sdk/dev/js') })
    await page.evaluate(
      async ({ names, settings }) => {
        const { session } = await window.AlongsideSDK.init({ ...settings, ...window.hooks })
        window.customer = session
        window.events = []
        for (const name of names) session.on(name, (payload) => window.events.push([name, payload]))
      },
      { names: CUSTOMER_EVENTS, settings },
    )
    return page
  }

  /** A customer whose session waits for an agent, and the PIN. */
  async waiting(browser: 'chromium' | 'firefox' = 'chromium'): Promise<{ page: Page; pin: string }> {
    const page = await this.customer(browser)
    const answer = await start(page, await this.#harness.token('customer', 'Cora'))
    if (!answer.success) throw new Error(JSON.stringify(answer))
    await until(page, 'pincode_updated')
    return { page, pin: await page.evaluate(() => window.customer.getSessionInfo().pinCode) }
  }

  /** An agent's page of the site's own origin, which is not the server's. */
  async agent(browser: 'chromium' | 'firefox' = 'chromium'): Promise<Page> {
    const page = await this.#harness.page(browser)
    await page.goto(`${this.origin}/agent`)
    await this.prepareAgent(page)
    return page
  }

  async prepareAgent(page: Page): Promise<void> {
    await page.addScriptTag({ url: this.#harness.url('/static/resource/sdk/dev/agent') })
    await page.evaluate(async (names) => {
      const { session } = await window.AlongsideAgentSDK.init({ appKey: 'dev', root: '#root' })
      window.agent = session
      window.events = []
      for (const name of names) session.on(name, (payload) => window.events.push([name, payload]))
    }, AGENT_EVENTS)
  }

  /** Joins and does not wait for the customer's answer. */
  async join(page: Page, pinCode: string, sdkToken?: string): Promise<void> {
    const token = sdkToken ?? (await this.#harness.token('agent', 'Ana'))
    await page.evaluate(({ pinCode, token }) => void window.agent.join({ pinCode, sdkToken: token }), {
      pinCode,
      token,
    })
  }

  /** A customer and an agent who sees the page. */
  async pair(browser: 'chromium' | 'firefox' = 'chromium', prepare?: (agent: Page) => Promise<void>) {
    const { page: customer, pin } = await this.waiting(browser)
    const agent = await this.#harness.page(browser)
    await prepare?.(agent)
    await agent.goto(`${this.origin}/agent`)
    await this.prepareAgent(agent)
    await this.join(agent, pin)
    await allow(customer)
    await until(agent, 'view_ready')
    return { customer, agent }
  }
}

export function start(page: Page, sdkToken: string) {
  return page.evaluate((token) => window.customer.start({ sdkToken: token }), sdkToken)
}

export function allow(customer: Page): Promise<void> {
  // One that was answered stays for a moment, out of sight.
  return customer.locator('dialog:not(.gone)').getByRole('button', { name: 'Allow', exact: true }).click()
}

/** The customer ends the session. */
export function end(customer: Page) {
  return customer.evaluate(() => window.customer.end())
}

/** Waits until the page got an event. */
export async function until(page: Page, event: string): Promise<void> {
  await page.waitForFunction((name) => window.events?.some(([happened]) => happened === name), event)
}

export function events(page: Page): Promise<string[]> {
  return page.evaluate(() => window.events.map(([name]) => name))
}

/** Waits until the agent's copy shows a text. */
export async function seen(agent: Page | Frame, text: string): Promise<void> {
  await agent.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll('iframe')].some((frame) =>
        frame.contentDocument?.body?.textContent?.includes(wanted),
      ),
    text,
  )
}

/** The copy's body as the agent has it. */
export function copyOf(agent: Page): Promise<string> {
  return agent.evaluate(
    () => document.querySelector('iframe')?.contentDocument?.body.innerText.replace(/\s+/g, ' ').trim() ?? '',
  )
}

/** Opens an empty page of the server's own origin: a script of it as a page, since all else forbids scripts. One that a
 *  test makes up would be of no network, and could not ask for anything on this machine. */
export async function openOwnPage(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/static/resource/sdk/dev/agent`)
  await page.evaluate(() => {
    document.body.innerHTML = ''
  })
}
