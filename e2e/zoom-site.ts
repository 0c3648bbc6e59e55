import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import type { Harness } from './harness.ts'

const PAGES = join(import.meta.dirname, 'zoom-pages')
const PACKAGE = join(import.meta.dirname, '../packages/sdk')

/** A company's site whose pages were written for the Zoom Cobrowse SDK. Nothing in them is changed but the host name and
 *  the SDK key; the company's own token server stands at `/token`. */
export class ZoomSite {
  readonly #server: Server
  readonly folder: string

  private constructor(server: Server, folder: string) {
    this.#server = server
    this.folder = folder
  }

  static async open(harness: Harness): Promise<ZoomSite> {
    const folder = mkdtempSync(join(tmpdir(), 'zoom-site-'))
    installAs('@zoom/cobrowsesdk', folder)
    const ours = (text: string) =>
      text
        .replaceAll('https://us01-zcb.zoom.us', harness.url())
        .replaceAll('us01-zcb.zoom.us', new URL(harness.url()).host)
        .replaceAll('SDK_KEY', 'dev')
        .replaceAll('ZOOM_dev', 'ZOOM_SDK_KEY')
    const scripts = readdirSync(PAGES).filter((name) => name.endsWith('.js'))
    for (const name of scripts) writeFileSync(join(folder, name), ours(readFileSync(join(PAGES, name), 'utf8')))
    await bundle(folder, scripts)
    const server = createServer(async (request, response) => {
      const [, kind = '', name = ''] = request.url?.split(/[/?]/) ?? []
      if (kind === 'token') {
        const headers = { 'content-type': 'application/json' }
        const answer = await fetch(harness.url('/token'), { method: 'POST', headers, body: await readBody(request) })
        response.setHeader('content-type', 'application/json').end(await answer.text())
      } else if (kind === 'bundle') {
        const chunk = readdirSync(join(folder, 'dist')).includes(name) ? readFileSync(join(folder, 'dist', name)) : ''
        response.setHeader('content-type', 'text/javascript').end(chunk)
      } else {
        const found = readdirSync(PAGES).includes(`${kind}.html`)
        const page = found ? ours(readFileSync(join(PAGES, `${kind}.html`), 'utf8')) : ''
        response.writeHead(found ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' }).end(page)
      }
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new ZoomSite(server, folder)
  }

  url(page: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${page}`
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
    rmSync(this.folder, { recursive: true })
  }
}

/** Packs our package and installs it under another name, as `npm install NAME@npm:@alongside/sdk` does. */
function installAs(name: string, folder: string): void {
  const npm = (...given: string[]) =>
    execFileSync('npm', [...given, '--silent', '--offline', '--no-audit', '--no-fund', '--ignore-scripts'], {
      cwd: folder,
      encoding: 'utf8',
    })
  const packed = npm('pack', PACKAGE, '--pack-destination', folder).trim().split('\n').at(-1)
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}')
  npm('install', `${name}@file:${packed}`)
}

async function bundle(folder: string, scripts: string[]): Promise<void> {
  await build({
    configFile: false,
    root: folder,
    base: '/bundle/',
    logLevel: 'warn',
    build: {
      target: 'es2022',
      minify: false,
      rolldownOptions: {
        input: scripts.map((name) => join(folder, name)),
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  })
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += chunk
  return body
}
