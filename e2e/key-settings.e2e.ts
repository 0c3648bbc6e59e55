import { randomBytes } from 'node:crypto'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { type Key, makeKey } from '../packages/server/index.ts'
import { Harness } from './harness.ts'
import { openSite } from './opened-site.ts'
import { Site, start, until } from './session-site.ts'

const plain = makeKey('dev', randomBytes(32))
const features = { ...plain.features, agentAnnotation: false, remoteAssist: false }
const key: Key = { ...plain, company: 'Northwind Traders', consent: 'agent_initiated', features }

const { harness, site } = await openSite({ keys: [key] })

/** A customer's page with settings of its own, whose session waits for an agent. */
async function waiting(settings: string): Promise<{ page: Page; pin: string }> {
  const page = await site.customer()
  await page.evaluate(async (text) => {
    const { session } = await window.AlongsideSDK.init(new Function(`return ${text}`)())
    window.customer = session
    session.on('pincode_updated', (payload) => window.events.push(['pincode_updated', payload]))
  }, settings)
  await start(page, await harness.token('customer', 'Cora'))
  await until(page, 'pincode_updated')
  return { page, pin: await page.evaluate(() => window.customer.getSessionInfo().pinCode) }
}

async function end(page: Page): Promise<void> {
  await page.evaluate(() => window.customer.end())
}

test('CFG-10 lets an agent with the PIN in without a dialog, and tells the customer who is there', async () => {
  const { page, pin } = await site.waiting()
  const agent = await site.agent()
  await site.join(agent, pin)
  await until(agent, 'view_ready')
  await page.getByRole('heading', { name: 'You are sharing this page with Ana' }).waitFor()
  expect(await page.locator('dialog').count()).toBe(0)
  await end(page)
})

test('CFG-10 asks the page’s confirmSession all the same, names the company to it, and heeds its no', async () => {
  const { page, pin } = await waiting('{ confirmSession: (agent) => { window.asked = agent; return false } }')
  const agent = await site.agent()
  await site.join(agent, pin)
  await until(agent, 'session_error')
  expect(await page.evaluate(() => (window as unknown as { asked: object }).asked)).toEqual({
    userId: 'Ana',
    userName: 'Ana',
    company: 'Northwind Traders',
    recorded: false,
  })
  await end(page)
})

test('CFG-11 what the key switches off is off, whatever the page was set to', async () => {
  const { page } = await waiting('{ remoteAssist: { enable: true }, multiTabSessionPersistence: { enable: true } }')
  expect(await page.evaluate(() => window.customer.getSessionInfo().features)).toEqual({
    agentAnnotation: false,
    customerAnnotation: true,
    remoteAssist: false,
    multiTab: true,
  })
  await end(page)
})

test.each(['light', 'dark'] as const)('CFG-8 the question names agent and company, in %s', async (colorScheme) => {
  const asking = await Harness.open({ keys: [{ ...plain, company: 'Northwind Traders' }] })
  const shop = await Site.open(asking)
  try {
    const customer = await shop.customer(
      'chromium',
      await asking.page('chromium', { colorScheme, reducedMotion: 'reduce' }),
    )
    await start(customer, await asking.token('customer', 'Cora'))
    await until(customer, 'pincode_updated')
    const agent = await shop.agent()
    await shop.join(agent, await customer.evaluate(() => window.customer.getSessionInfo().pinCode))
    await customer.getByRole('heading', { name: 'Ana from Northwind Traders wants to see this page' }).waitFor()
    await asking.shot(customer, `consent-company-${colorScheme}`)
    await end(customer)
  } finally {
    shop.close()
    await asking.close()
  }
})

test('PIN-129 a longer PIN is read out in groups, and the desk begins with the field for it', async () => {
  const asking = await Harness.open({ keys: [{ ...plain, pinDigits: 10 }] })
  const shop = await Site.open(asking)
  try {
    const { page: customer, pin } = await shop.waiting()
    expect(await customer.locator('.code span').allTextContents()).toEqual([
      pin.slice(0, 3),
      pin.slice(3, 6),
      pin.slice(6),
    ])
    const desk = await asking.page()
    await desk.goto(asking.url(`/desk?access_token=${await asking.token('agent', 'Ana')}`))
    await desk
      .getByLabel('Code, up to 10 letters or digits')
      .pressSequentially(`${pin.slice(0, 3)} ${pin.slice(3, 6)}-${pin.slice(6)}`)
    await asking.shot(desk, 'desk-long-code')
    await asking.shot(customer, 'panel-long-code')
    await desk.getByRole('button', { name: 'Join session' }).click()
    await customer.getByRole('heading', { name: 'Ana wants to see this page' }).waitFor()
    await end(customer)
  } finally {
    shop.close()
    await asking.close()
  }
})
