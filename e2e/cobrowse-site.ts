import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { build } from 'vite'
import type { Cobrowse } from '../packages/sdk/customer/cobrowse/index.ts'
import type { Harness } from './harness.ts'

declare global {
  interface Window {
    CobrowseIO: Cobrowse
    /** Events of the page, with the session's state at each. */
    happened: string[]
    started: Promise<void>
  }
}

const PAGES = join(import.meta.dirname, 'cobrowse-pages')
const PACKAGE = join(import.meta.dirname, '../packages/sdk')

/** A company's site whose pages were written for Cobrowse.io. Nothing in them is changed but the host name and the
 *  license. */
export class CobrowseSite {
  readonly #server: Server
  readonly #harness: Harness
  readonly #folder: string

  private constructor(server: Server, harness: Harness, folder: string) {
    this.#server = server
    this.#harness = harness
    this.#folder = folder
  }

  static async open(harness: Harness): Promise<CobrowseSite> {
    const folder = mkdtempSync(join(tmpdir(), 'cobrowse-site-'))
    const ours = (text: string) =>
      text.replace(/https:\/\/(js|api)\.cobrowse\.io/g, harness.url()).replaceAll('LICENSE', 'dev')
    installAs('cobrowse-sdk-js', folder)
    writeFileSync(join(folder, 'package.js'), ours(readFileSync(join(PAGES, 'package.js'), 'utf8')))
    await bundle(folder)
    const server = createServer((request, response) => {
      const [, kind = '', name = ''] = request.url?.split(/[/?]/) ?? []
      if (kind === 'bundle') {
        const chunk = readdirSync(join(folder, 'dist')).includes(name) ? readFileSync(join(folder, 'dist', name)) : ''
        response.setHeader('content-type', 'text/javascript').end(chunk)
      } else {
        const found = readdirSync(PAGES).includes(`${kind}.html`)
        const page = found ? ours(readFileSync(join(PAGES, `${kind}.html`), 'utf8')) : ''
        response.writeHead(found ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' }).end(page)
      }
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new CobrowseSite(server, harness, folder)
  }

  /** A page of the site; the panel's root is open to the test. */
  async page(name: string, browser: 'chromium' | 'firefox' = 'chromium', into?: Page): Promise<Page> {
    const page = into ?? (await this.#harness.page(browser))
    await page.addInitScript(() => {
      const attachShadow = Element.prototype.attachShadow
      Element.prototype.attachShadow = function (options) {
        return attachShadow.call(this, { ...options, mode: 'open' })
      }
    })
    await page.goto(`${this.origin}/${name}`)
    return page
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
    rmSync(this.#folder, { recursive: true })
  }
}

/** Puts our package under another name, as `npm install NAME@npm:@alongside/sdk` does. */
function installAs(name: string, folder: string): void {
  for (const part of ['package.json', 'dist'])
    cpSync(join(PACKAGE, part), join(folder, 'node_modules', name, part), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}')
}

async function bundle(folder: string): Promise<void> {
  await build({
    configFile: false,
    root: folder,
    base: '/bundle/',
    logLevel: 'warn',
    build: {
      target: 'es2022',
      minify: false,
      rolldownOptions: { input: join(folder, 'package.js'), output: { entryFileNames: '[name].js' } },
      assetsDir: '',
    },
  })
}
