import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContext, Page } from 'playwright'
import type { CustomerSession } from '../packages/sdk/customer/index.ts'
import type { RunningServer } from '../packages/server/index.ts'

declare global {
  interface Window {
    fidelity?: CustomerSession
    /** How the agent's copy showed less than the page. */
    reduced?: string[]
  }
}

/** What a page takes to show its pictures and settle, beyond its load event. */
const LOAD_MS = 20_000

/** A customer on somebody's page, and an agent who sees it. */
export interface Pair {
  customer: Page
  /** Its window shows the copy and nothing else, at the customer's size. */
  agent: Page
  end(): Promise<void>
}

/** Opens the page, puts the SDK into it and lets an agent in. Rejects when the copy does not come. */
export async function openPair(context: BrowserContext, server: RunningServer, address: string): Promise<Pair> {
  const desk = await openDesk()
  const customer = await context.newPage()
  // Some pages never finish loading; what is there by then is what a person would see.
  await customer.goto(address, { timeout: LOAD_MS }).catch(() => {})
  await customer.addScriptTag({ url: `${server.origin}/static/resource/sdk/dev/js` })
  const pin = await customer.evaluate(share, await mintToken(server, 1))
  const agent = await context.newPage()
  await agent.goto(desk.origin)
  await agent.addScriptTag({ url: `${server.origin}/static/resource/sdk/dev/agent` })
  await agent.evaluate(watch, { pin, token: await mintToken(server, 2) })
  return {
    customer,
    agent,
    async end() {
      await desk.close()
      await customer.evaluate(() => window.fidelity?.end())
    },
  }
}

/** A page of its own for the agent: a browser lets no page that a test has made up open a socket to this machine. */
async function openDesk(): Promise<{ origin: string; close(): Promise<unknown> }> {
  const site = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end('<!DOCTYPE html><style>html,body,#root{margin:0;height:100%;overflow:hidden}</style><div id="root">')
  }).listen(0, '127.0.0.1')
  await once(site, 'listening')
  return {
    origin: `http://127.0.0.1:${(site.address() as AddressInfo).port}`,
    close() {
      site.close()
      site.closeAllConnections()
      return once(site, 'close')
    },
  }
}

async function mintToken(server: RunningServer, role: 1 | 2): Promise<string> {
  const response = await fetch(`${server.origin}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role, userName: role === 1 ? 'Cora' : 'Ana' }),
  })
  return ((await response.json()) as { token: string }).token
}

/** Runs in the customer's page. Without a panel: the agent does not see it. */
async function share(sdkToken: string): Promise<string> {
  const { session } = await window.AlongsideSDK.init({ ui: false, confirmSession: async () => true })
  window.fidelity = session
  const pin = new Promise<string>((resolve) => {
    session.on('pincode_updated', ({ pincode }) => resolve(pincode))
  })
  const { success, error } = await session.start({ sdkToken })
  if (!success) throw new Error(`${error?.code} ${error?.errorMsg}`)
  return pin
}

/** Runs in the agent's page. Resolves when the first picture is there. */
async function watch({ pin, token }: { pin: string; token: string }): Promise<void> {
  const { session } = await window.AlongsideAgentSDK.init({ appKey: 'dev', root: '#root' })
  const ready = new Promise<void>((resolve) => {
    session.on('view_ready', () => resolve())
  })
  window.reduced = []
  session.on('view_reduced', ({ reduction }) => window.reduced?.push(reduction))
  const { success, error } = await session.join({ pinCode: pin, sdkToken: token })
  if (!success) throw new Error(`${error?.code} ${error?.errorMsg}`)
  await ready
}
