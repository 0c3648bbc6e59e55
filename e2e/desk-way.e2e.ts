import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRoots } from './annotation-site.ts'
import { findFaults, joinWith, openDesk } from './desk-page.ts'
import { Harness } from './harness.ts'
import { allow, Site, seen, until } from './session-site.ts'

const PAGE = (
  name: string,
) => `<!doctype html><title>${name}</title><h1>${name}</h1><p id="loaded"></p><script src="SDK_URL"></script><script>
  window.events = []
  document.getElementById('loaded').textContent = 'loaded at ' + performance.timeOrigin
  AlongsideSDK.init({ remoteAssist: { enable: true, remoteAssistTypes: ['click', 'navigate'] } }).then(({ session }) => {
    window.customer = session
    session.on('pincode_updated', (payload) => window.events.push(['pincode_updated', payload]))
    if (session.getSessionInfo().sessionStatus === 'session_recoverable') void session.join()
  })</script>`

let harness: Harness
let site: Site
beforeAll(async () => {
  harness = await Harness.open()
  site = await Site.open(harness, (request, response) => {
    const name = /^\/(first|second)(\?|$)/.exec(request.url ?? '')?.[1]
    if (!name) return false
    response.setHeader('content-type', 'text/html')
    response.end(PAGE(name).replace('SDK_URL', harness.url('/static/resource/sdk/dev/js')))
    return true
  })
})
afterAll(async () => {
  site.close()
  await harness.close()
})

/** A desk whose agent acts on the customer's page. */
async function helping(): Promise<{ customer: Page; desk: Page }> {
  const customer = await harness.page()
  await openRoots(customer)
  await customer.goto(`${site.origin}/first`)
  await customer.waitForFunction(() => window.customer)
  const token = await harness.token('customer', 'Cora')
  await customer.evaluate((sdkToken) => window.customer.start({ sdkToken }), token)
  await until(customer, 'pincode_updated')
  const desk = await harness.page('chromium', { bypassCSP: true })
  await openDesk(harness, desk)
  await joinWith(desk, await customer.evaluate(() => window.customer.getSessionInfo().pinCode))
  await allow(customer)
  await seen(desk, 'first')
  await desk.getByRole('button', { name: 'Ask for control' }).click()
  await allow(customer)
  await desk.getByRole('navigation').waitFor()
  return { customer, desk }
}

test('DSK-210 the agent who may takes the page to an address of its site, back, forward and to itself again', async () => {
  const { customer, desk } = await helping()
  expect(await findFaults(desk)).toEqual([])
  const address = desk.getByLabel('Address on this site')
  const open = async (typed: string) => {
    await address.fill(typed)
    await address.press('Enter')
  }
  await open('second')
  await seen(desk, 'second')
  await desk.getByRole('button', { name: 'Back', exact: true }).click()
  await seen(desk, 'first')
  await desk.getByRole('button', { name: 'Forward', exact: true }).click()
  await seen(desk, 'second')
  await customer.evaluate(() => {
    window.bought = 1
  })
  await desk.getByRole('button', { name: 'Load again' }).click()
  await customer.waitForFunction(() => window.bought === undefined)
  // The page before it looks the same.
  await seen(desk, `loaded at ${await customer.evaluate(() => performance.timeOrigin)}`)
  await open(`${new URL(site.origin).host}/first?from=desk`)
  await seen(desk, 'first')
  expect(customer.url()).toBe(`${site.origin}/first?from=desk`)
  await open('https://elsewhere.example/')
  await desk.getByText('Only pages of this site can be opened from here.').waitFor()
  await desk.getByRole('button', { name: 'Give control back' }).click()
  await desk.getByRole('navigation').waitFor({ state: 'detached' })
  await customer.evaluate(() => window.customer.end())
})

test('DSK-211 control that ended with the connection is told until it is read', async () => {
  const { customer, desk } = await helping()
  const lost = desk.getByText('Your connection was interrupted, and control ended with it.')
  expect(await lost.count()).toBe(0)
  await desk.reload()
  await lost.waitFor()
  await desk.locator('.notice', { has: lost }).getByRole('button', { name: 'Close' }).click()
  await lost.waitFor({ state: 'detached' })
  await desk.reload()
  await seen(desk, 'first')
  expect(await lost.count()).toBe(0)
  await customer.evaluate(() => window.customer.end())
})

test('DSK-211 the same of a line that was cut, until control is given again', async () => {
  const { customer, desk } = await helping()
  const lost = desk.getByText('Your connection was interrupted, and control ended with it.')
  await desk.context().setOffline(true)
  await desk.getByRole('heading', { name: 'Your connection dropped' }).waitFor()
  expect(await lost.count()).toBe(0)
  await desk.context().setOffline(false)
  await lost.waitFor()
  await desk.getByRole('button', { name: 'Ask for control' }).click()
  await allow(customer)
  await desk.getByRole('button', { name: 'Give control back' }).waitFor()
  await lost.waitFor({ state: 'detached' })
  await customer.evaluate(() => window.customer.end())
})
