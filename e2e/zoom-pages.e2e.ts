import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Frame, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Harness } from './harness.ts'
import { allow, seen } from './session-site.ts'
import { ZoomSite } from './zoom-site.ts'

const BROWSERS = ['chromium', 'firefox'] as const

let harness: Harness
let site: ZoomSite
beforeAll(async () => {
  harness = await Harness.open()
  site = await ZoomSite.open(harness)
})
afterAll(async () => {
  site.close()
  await harness.close()
})

async function openPage(name: string, browser: (typeof BROWSERS)[number]): Promise<Page> {
  const page = await harness.page(browser)
  // The panel's buttons are in a closed root.
  await page.addInitScript(() => {
    const attachShadow = Element.prototype.attachShadow
    Element.prototype.attachShadow = function (options) {
      return attachShadow.call(this, { ...options, mode: 'open' })
    }
  })
  await page.goto(site.url(name))
  return page
}

const logOf = async (page: Page): Promise<string[]> => (await page.locator('#log').innerText()).trim().split('\n')

/** Waits until the page's own log ends with a line. */
function logged(page: Page, line: string): Promise<unknown> {
  return page.waitForFunction((text) => document.querySelector('#log')?.textContent?.includes(`${text}\n`), line)
}

/** Starts a session on the sample page and reads its PIN. */
async function startByButton(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Cobrowse', exact: true }).click()
  await logged(page, 'pincode_updated true')
  return page.locator('#pin').innerText()
}

/** The frame of a desk that the page shows. */
async function deskIn(page: Page, selector: string): Promise<Frame> {
  const frame = await (await page.waitForSelector(selector)).contentFrame()
  if (!frame) throw new Error(`${selector} is no frame`)
  return frame
}

describe.each(BROWSERS)('in %s', (browser) => {
  test('API-10 a page with the loader snippet, and a desk in an iframe', async () => {
    const customer = await openPage('customer', browser)
    await logged(customer, 'init idle')
    const pin = await startByButton(customer)
    expect(pin).toMatch(/^\d{6}$/)
    const agent = await openPage('agent-frame', browser)
    const desk = await deskIn(agent, '#agent-iframe')
    await desk.getByLabel('Digit 1 of 6').waitFor()
    for (const [index, digit] of [...pin].entries()) await desk.getByLabel(`Digit ${index + 1} of 6`).fill(digit)
    await desk.getByRole('button', { name: 'Join session' }).click()
    await customer.getByRole('dialog').getByText('Ana').waitFor()
    await allow(customer)
    await seen(desk, 'Loan application')
    const values = await desk.evaluate(() =>
      [...document.querySelector('iframe')!.contentDocument!.querySelectorAll('input')].map(({ value }) => value),
    )
    expect(values).toHaveLength(2)
    expect(values.join()).not.toContain('4711')
    await desk.getByRole('button', { name: 'Leave' }).click()
    await logged(customer, 'agent_left Ana left')
    expect(await logOf(customer)).toEqual([
      'init idle',
      'session_started',
      'pincode_updated true',
      'agent_joined Ana',
      'agent_left Ana left',
    ])
    await customer.getByRole('button', { name: 'End' }).click()
    await logged(customer, 'session_ended customer_ended')
  })

  test('API-16 the page that asks for session_recoverable goes on after a reload', async () => {
    const customer = await openPage('customer', browser)
    await logged(customer, 'init idle')
    const pin = await startByButton(customer)
    const agent = await openPage('agent-endpoint', browser)
    await agent.locator('#pin').fill(pin)
    await agent.getByRole('button', { name: 'Open' }).click()
    await allow(customer)
    const desk = await deskIn(agent, '#viewer')
    await seen(desk, 'pincode_updated true')
    await customer.reload()
    await logged(customer, 'init session_recoverable')
    await seen(desk, 'init session_recoverable')
    expect(await customer.getByRole('dialog').count()).toBe(0)
    await customer.getByRole('button', { name: 'End' }).click()
    await logged(customer, 'session_ended customer_ended')
    expect(await logOf(customer)).toEqual([
      'init session_recoverable',
      'session_started',
      'agent_joined Ana',
      'session_ended customer_ended',
    ])
  })

  test('API-11 an own PIN from the package under another name, and an agent who renders the page itself', async () => {
    const customer = await openPage('own-pin', browser)
    await logged(customer, 'pincode_updated CASE4711')
    const agent = await openPage('agent-render', browser)
    await logged(agent, 'init object idle')
    await agent.locator('#pin').fill('CASE9999')
    await agent.getByRole('button', { name: 'Join' }).click()
    await logged(agent, 'session_error 1006 That code was not found. Ask the customer for the code they see now.')
    await agent.locator('#pin').fill('case-4711')
    await agent.getByRole('button', { name: 'Join' }).click()
    await allow(customer)
    await seen(agent, 'the customer of the package')
    await logged(agent, 'join true')
    await agent.getByRole('button', { name: 'Leave' }).click()
    await logged(agent, 'session_left')
    await customer.getByRole('button', { name: 'End' }).click()
    await logged(customer, 'session_ended customer_ended')
    expect(await logOf(customer)).toEqual([
      'start true',
      'pincode_updated CASE4711',
      'agent_joined Ana',
      'agent_left Ana left',
      'session_ended customer_ended',
    ])
    expect(await logOf(agent)).toEqual([
      'init object idle',
      expect.stringMatching(/^session_error 1006 /),
      expect.stringMatching(/^join false /),
      'session_joined',
      'join true',
      'session_left',
    ])
  })

  test('API-12 an agent’s page that shows the endpoint it made is in the session without typing the PIN again', async () => {
    const customer = await openPage('customer', browser)
    await logged(customer, 'init idle')
    const pin = await startByButton(customer)
    const agent = await openPage('agent-endpoint', browser)
    await agent.locator('#pin').fill(pin)
    await agent.getByRole('button', { name: 'Open' }).click()
    await allow(customer)
    await seen(await deskIn(agent, '#viewer'), 'Loan application')
    await customer.getByRole('button', { name: 'End' }).click()
    await logged(customer, 'session_ended customer_ended')
  })
})

test('API-13 the package’s types fit pages written for the other name', () => {
  const tsc = join(dirname(import.meta.dirname), 'node_modules/@typescript/native/bin/tsc')
  const check = (page: string) => {
    writeFileSync(join(site.folder, 'page.ts'), page)
    const options = '--noEmit --ignoreConfig --strict --target es2022 --module esnext --moduleResolution bundler'
    const result = spawnSync(process.execPath, [tsc, ...options.split(' '), '--types', '', 'page.ts'], {
      cwd: site.folder,
      encoding: 'utf8',
    })
    return result.stdout
  }
  const page = `
    import { ZoomCobrowseSDK } from '@zoom/cobrowsesdk/customer'
    import { ZoomCobrowseAgentSDK } from '@zoom/cobrowsesdk/agent'
    const place = { appKey: 'key', zoomHostName: 'help.example' }
    ZoomCobrowseSDK.init({ ...place, piiMask: { maskType: 'all' } }, ({ success, session, error }) => {
      if (!success) return console.error(error.code, error.errorMsg)
      session.on('pincode_updated', ({ pincode }) => console.log(pincode))
      session.start({ sdkToken: 'token', customPinCode: 'A1' }, (answer) => answer.error?.name)
    })
    ZoomCobrowseAgentSDK.init({ ...place, zoomAppRoot: '#root' }, ({ success, session }) => {
      if (success) session.createAgentViewerEndpoint({ pinCode: '1', sdkToken: 't' }, (made) => made.success && made.agentViewerUrl)
    })`
  expect(check(page)).toBe('')
  expect(check(`${page}\nZoomCobrowseSDK.begin()`)).toContain("'begin' does not exist")
})
