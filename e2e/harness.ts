import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, firefox, type Page } from 'playwright'
import { type Key, type RunningServer, type ServerOptions, startServer, systemClock } from '../packages/server/index.ts'
import { mintToken } from '../packages/server/token.ts'
import { CHROMIUM, FIREFOX } from '../scripts/browsers.ts'

const SHOTS = join(import.meta.dirname, 'shots')

/** What the harness itself needs of a server. */
export type HarnessServer = Pick<RunningServer, 'origin' | 'port' | 'counts' | 'close'>

/** A real server in development mode on a free port, with real browsers. One per test file: `beforeAll`, `afterAll`. */
export class Harness<Server extends HarnessServer = RunningServer> {
  readonly server: Server
  readonly #browsers = new Map<string, Promise<Browser>>()
  readonly #faults: string[] = []

  readonly #key: Key | undefined

  private constructor(server: Server, key: Key | undefined) {
    this.server = server
    this.#key = key
  }

  /** `options` tells the server what a test needs otherwise: other limits, keys, a log. */
  static async open(options: ServerOptions = {}): Promise<Harness> {
    return new Harness(await startServer({ host: '127.0.0.1', port: 0, ...options }), options.keys?.[0])
  }

  /** `server` is in development mode unless it has this key, and is closed with the harness. */
  static around<Server extends HarnessServer>(server: Server, key?: Key): Harness<Server> {
    return new Harness(server, key)
  }

  /** The server's address, or that of a path on it. */
  url(path = ''): string {
    return this.server.origin + path
  }

  /** A page in a profile of its own: another customer or agent on another machine, as far as the browser knows. */
  async page(browser: 'chromium' | 'firefox' = 'chromium', options: BrowserContextOptions = {}): Promise<Page> {
    const context = await (await this.#browser(browser)).newContext({
      viewport: { width: 1280, height: 800 },
      ...options,
    })
    const page = await context.newPage()
    page.on('pageerror', ({ message }) => {
      // Firefox counts what a content security policy blocks among the errors.
      if (!message.startsWith('The page’s settings blocked'))
        this.#faults.push(`${page.url().split('?')[0]}: ${message}`)
    })
    return page
  }

  /** A token for the development key, from the server as a page would get it; for a test's own first key one as its
   *  integrator would make it. */
  async token(
    role: 'customer' | 'agent',
    userName: string,
    claims: { userId?: string; enableByop?: 0 | 1; enableSettings?: 0 | 1 } = {},
  ): Promise<string> {
    if (this.#key) {
      const mine = {
        role: role === 'customer' ? 1 : 2,
        userName,
        userId: userName,
        seconds: 3_600,
        enableByop: 0,
      } as const
      return mintToken(this.#key, { ...mine, ...claims }, systemClock)
    }
    const response = await fetch(this.url('/token'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ role: role === 'customer' ? 1 : 2, userName, ...claims }),
    })
    if (!response.ok) throw new Error(`POST /token answered ${response.status}: ${await response.text()}`)
    return ((await response.json()) as { token: string }).token
  }

  /** Saves what a page looks like to `e2e/shots`, to be looked at by people. */
  async shot(page: Page, name: string): Promise<void> {
    const path = join(SHOTS, `${name}.png`)
    mkdirSync(dirname(path), { recursive: true })
    await page.screenshot({ path })
  }

  /** Errors that pages threw since the last call. Take those that a test expects. */
  takeFaults(): string[] {
    return this.#faults.splice(0)
  }

  /** Closes browsers and server. Rejects when a page threw an error that nobody took, or when the closed server still
   *  holds a session or a socket. */
  async close(): Promise<void> {
    for (const browser of this.#browsers.values()) await (await browser).close()
    this.#browsers.clear()
    await this.server.close()
    const leaks = { ...this.server.counts(), faults: this.takeFaults() }
    if (leaks.sessions || leaks.sockets || leaks.faults.length) throw new Error(`Left behind: ${JSON.stringify(leaks)}`)
  }

  #browser(name: 'chromium' | 'firefox'): Promise<Browser> {
    let browser = this.#browsers.get(name)
    if (!browser) {
      browser = name === 'firefox' ? firefox.launch(FIREFOX) : chromium.launch(CHROMIUM)
      this.#browsers.set(name, browser)
    }
    return browser
  }
}
