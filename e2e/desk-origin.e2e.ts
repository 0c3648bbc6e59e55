import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyIn } from './desk-page.ts'
import { Harness } from './harness.ts'
import { allow, Site } from './session-site.ts'

let harness: Harness
let site: Site

beforeAll(async () => {
  const port = await freePort()
  // Another site than the address by which everybody else comes.
  harness = await Harness.open({ port, deskOrigin: `http://localhost:${port}` })
  site = await Site.open(harness)
})
afterAll(async () => {
  site.close()
  await harness.close()
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A company's page that frames the desk, with a button of its own that closes it. */
async function framing(browser: 'chromium' | 'firefox', rest: string): Promise<Page> {
  const page = await harness.page(browser)
  await page.goto(`${site.origin}/agent`)
  const token = await harness.token('agent', 'Ana')
  const address = harness.url(`/sdkapi/zcb/frame-templates/desk?access_token=${token}${rest}`)
  await page.evaluate((src) => {
    document.body.innerHTML = '<button>Close</button><iframe style="width:900px;height:600px"></iframe>'
    const frame = document.querySelector('iframe')!
    frame.src = src
    document.querySelector('button')!.onclick = () => frame.remove()
  }, address)
  return page
}

test.for(['chromium', 'firefox'] as const)(
  'INR-20 the desk is on its own origin, and works there: %s',
  async (name) => {
    const { page: customer, pin } = await site.waiting()
    const page = await framing(name, `#join=${pin}`)
    await allow(customer)
    const desk = page.frameLocator('iframe')
    await copyIn(desk).getByText('A site').waitFor()
    const frame = page.frames()[1]!
    expect(await frame.evaluate(() => [origin, window.originAgentCluster])).toEqual([
      `http://localhost:${harness.server.port}`,
      true,
    ])
    expect(frame.url()).not.toContain('access_token')
    await page.getByRole('button', { name: 'Close' }).click()
    expect(await page.locator('iframe').count()).toBe(0)
    await customer.evaluate(() => window.customer.end())
  },
)

test('INR-20 a desk that does not answer any more can be closed by the page around it', async () => {
  const page = await framing('chromium', '')
  const frame = await (await page.waitForSelector('iframe')).contentFrame()
  await frame!.locator('.pin-field input').first().waitFor()
  let release = () => {}
  const asked = new Promise<void>((resolve) => {
    void page.route('**/held', (route) => {
      resolve()
      release = () => void route.fulfill({ body: '' }).catch(() => {})
    })
  })
  // A request that is waited for holds its thread until it is answered.
  await frame!.evaluate(() => {
    setTimeout(() => {
      const request = new XMLHttpRequest()
      request.open('GET', '/held', false)
      request.send()
    })
  })
  await asked
  await page.getByRole('button', { name: 'Close' }).click()
  expect(await page.locator('iframe').count()).toBe(0)
  release()
})
