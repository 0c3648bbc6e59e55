import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Harness } from './harness.ts'
import { allow, Site, seen } from './session-site.ts'

const FRAMEWORKS = ['react', 'vue'] as const
type Framework = (typeof FRAMEWORKS)[number]

const folder = mkdtempSync(join(tmpdir(), 'frameworks-'))
let harness: Harness
let site: Site
beforeAll(async () => {
  for (const name of FRAMEWORKS) await bundle(name)
  harness = await Harness.open()
  site = await Site.open(harness, (request, response) => {
    const [, kind = '', name = ''] = request.url?.split(/[/?]/) ?? []
    if (kind === 'bundle') response.setHeader('content-type', 'text/javascript').end(readFileSync(join(folder, name)))
    else if (kind === 'react' || kind === 'vue')
      response
        .setHeader('content-type', 'text/html')
        .end(`<!doctype html><div id="app"></div><script type="module" src="/bundle/${kind}.js"></script>`)
    else return false
    return true
  })
})
afterAll(async () => {
  site?.close()
  await harness?.close()
  rmSync(folder, { recursive: true })
})

/** As a company's bundler does it, from the built package. */
async function bundle(name: Framework): Promise<void> {
  await build({
    configFile: false,
    root: import.meta.dirname,
    base: '/bundle/',
    logLevel: 'warn',
    define: { 'process.env.NODE_ENV': '"development"', __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false' },
    build: {
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: {
        input: join(import.meta.dirname, 'framework-pages', `${name}.js`),
        output: { entryFileNames: '[name].js', chunkFileNames: `${name}-[name]-[hash].js` },
      },
    },
  })
}

async function open(framework: Framework, role: 'customer' | 'agent', appKey = 'dev'): Promise<Page> {
  const page = await harness.page()
  await page.addInitScript(() => {
    const attachShadow = Element.prototype.attachShadow
    Element.prototype.attachShadow = function (options) {
      return attachShadow.call(this, { ...options, mode: 'open' })
    }
  })
  const token = await harness.token(role, role === 'agent' ? 'Ana' : 'Cora')
  const given = new URLSearchParams({ role, host: harness.url(), token, appKey })
  await page.goto(`${site.origin}/${framework}?${given}`)
  return page
}

const status = (page: Page, text: string) =>
  page.waitForFunction((wanted) => document.querySelector('#status')?.textContent === wanted, text)

describe.each([
  ['react', 'vue'],
  ['vue', 'react'],
] as const)('a customer in %s, an agent in %s', (customers, agents) => {
  test('API-30 both components show how their session stands, and the agent leaves with its component', async () => {
    const customer = await open(customers, 'customer')
    await status(customer, 'idle')
    await customer.getByRole('button', { name: 'Get help' }).click()
    await status(customer, 'waiting')
    // It comes a moment after the session.
    await customer.locator('#pin', { hasText: /^\d{6}$/ }).waitFor()
    const pin = await customer.locator('#pin').innerText()
    const agent = await open(agents, 'agent')
    await status(agent, 'idle')
    await agent.evaluate((code) => Object.assign(window, { pinCode: code }), pin === '000000' ? '000001' : '000000')
    await agent.getByRole('button', { name: 'Join' }).click()
    await status(agent, 'error 1006')
    await agent.evaluate((code) => Object.assign(window, { pinCode: code }), pin)
    await agent.getByRole('button', { name: 'Join' }).click()
    await allow(customer)
    await status(customer, 'live')
    await status(agent, 'live')
    expect(await customer.locator('#agents').innerText()).toBe('Ana')
    await seen(agent, customers === 'react' ? 'A page in React' : 'A page in Vue')
    await agent.getByRole('button', { name: 'Go away' }).click()
    await customer.waitForFunction(() => document.querySelector('#agents')?.textContent === '')
    // The customer's session is the page's, not the component's.
    const { sessions } = harness.server.counts()
    await customer.getByRole('button', { name: 'Go away' }).click()
    expect(await customer.locator('h1').count()).toBe(0)
    expect(harness.server.counts().sessions).toBe(sessions)
    await customer.close()
  })

  test('API-31 a setting that is wrong is in the component’s error', async () => {
    await status(await open(customers, 'customer', ''), 'error 1103')
    await status(await open(agents, 'agent', ''), 'error 1103')
  })
})
