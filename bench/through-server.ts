import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium } from 'playwright'
import { type RunningServer, startServer } from '../packages/server/index.ts'
import { CHROMIUM } from '../scripts/browsers.ts'
import { measureOne, type Timing, timeChanges } from './latency.ts'
import { renderPage } from './page.ts'
import { type Row, spread } from './spread.ts'
import type { Stage } from './stage.ts'

/** From a change on the customer's page to the same change in the agent's copy, through the real server, with the SDK as
 *  it is served, compression included. The recorder has no server: its figure is that of one page. */
export async function measureThroughServer(stage: Stage, rounds: number): Promise<Row[]> {
  const mirror: Timing[] = []
  const recorder: Timing[] = []
  const server = await startServer()
  const site = await openSite(server)
  const browser = await chromium.launch(CHROMIUM)
  for (let round = 0; round < rounds; round++) {
    const page = await browser.newPage({ viewport: { width: 1400, height: 800 } })
    await page.goto(site.origin)
    await page.evaluate(connect, server.origin)
    mirror.push(...(await timeChanges(page)))
    await page.close()
    recorder.push(...(await measureOne(stage, 'recorder')))
  }
  await browser.close()
  await site.close()
  await server.close()
  const row = (name: string, field: keyof Timing): Row => ({
    name: `through the server (recorder: one page), change → ${name}`,
    unit: 'ms',
    mirror: spread(mirror.map((sample) => sample[field])),
    recorder: spread(recorder.map((sample) => sample[field])),
  })
  return [row('applied', 'applied'), row('next frame', 'painted')]
}

/** A site of its own, with one page that holds the customer in one frame and the agent in another, so that one clock
 *  measures both. Playwright's own answers would not do: Chromium lets no such page open a socket to this machine. */
async function openSite(server: RunningServer): Promise<{ origin: string; close(): Promise<unknown> }> {
  const script = (name: string) => `<script src="${server.origin}/static/resource/sdk/dev/${name}"></script>`
  const frame = (id: string) => `<iframe id="${id}" src="/${id}" style="width:680px;height:520px"></iframe>`
  const pages: Record<string, string> = {
    '/': `<!DOCTYPE html><body>${frame('customer')}${frame('agent')}</body>`,
    '/customer': renderPage(1_000)
      .replace('</head>', `${script('js')}</head>`)
      .replace('<main', '<p id="value">start</p><main'),
    '/agent': `<!DOCTYPE html><body>${script('agent')}<div id="root" style="width:640px;height:480px"></div></body>`,
  }
  const site = createServer((request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(pages[request.url ?? ''] ?? '')
  }).listen(0, '127.0.0.1')
  await once(site, 'listening')
  return {
    origin: `http://127.0.0.1:${(site.address() as AddressInfo).port}`,
    close() {
      site.close()
      return once(site, 'close')
    },
  }
}

/** Runs in the page: customer and agent as any site would start them. */
async function connect(server: string): Promise<void> {
  const inside = (id: string) => (document.getElementById(id) as HTMLIFrameElement).contentWindow as unknown as Sdks
  const [customer, agent] = [inside('customer'), inside('agent')]
  const token = async (role: 1 | 2) => {
    const body = JSON.stringify({ role, userName: role === 1 ? 'Cora' : 'Ann' })
    const response = await fetch(`${server}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    return ((await response.json()) as { token: string }).token
  }
  const { session } = await customer.AlongsideSDK.init({ confirmSession: async () => true })
  const pin = new Promise<string>((resolve) => {
    session.on('pincode_updated', (event) => resolve(event.pincode))
  })
  await session.start({ sdkToken: await token(1) })
  const root = agent.document.getElementById('root')
  const { session: joining } = await agent.AlongsideAgentSDK.init({ appKey: 'dev', root })
  await joining.join({ pinCode: await pin, sdkToken: await token(2) })
  const copy = () => [...agent.document.querySelectorAll('iframe')].at(-1)?.contentDocument ?? undefined
  while (!copy()?.getElementById('value')) await new Promise(requestAnimationFrame)
  window.pair = { source: customer.document, copy: { document: () => copy()! } }
}

/** As much of the contract as this needs. */
interface Sdks {
  document: Document
  AlongsideSDK: {
    init(settings: object): Promise<{
      session: {
        on(event: 'pincode_updated', listener: (event: { pincode: string }) => void): unknown
        start(options: { sdkToken: string }): Promise<unknown>
      }
    }>
  }
  AlongsideAgentSDK: {
    init(
      settings: object,
    ): Promise<{ session: { join(options: { pinCode: string; sdkToken: string }): Promise<unknown> } }>
  }
}
