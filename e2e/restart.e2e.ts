import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Harness } from './harness.ts'
import { makePicture, sendFile } from './picture-files.ts'
import { ServerProcess } from './server-process.ts'
import { events, Site, seen, until } from './session-site.ts'

let server: ServerProcess
let harness: Harness<ServerProcess>
let site: Site
beforeAll(async () => {
  server = await ServerProcess.start()
  harness = Harness.around(server)
  site = await Site.open(
    harness,
    ({ url }, response) => url === '/picture.png' && sendFile(response, 'image/png', makePicture(200, 40, 40)),
  )
})
afterAll(async () => {
  site.close()
  // Firefox counts a server that is not there among the errors of a page.
  const faults = harness.takeFaults()
  expect(faults.filter((fault) => !fault.includes('establish a connection to the server at ws:'))).toEqual([])
  await harness.close()
})

const change = (customer: Page, text: string) =>
  customer.evaluate((word) => {
    document.querySelector('#text')!.textContent = word
  }, text)

/** Waits until the picture of the agent's copy is there, and tells its address. */
async function picture(agent: Page): Promise<string> {
  const found = await agent.waitForFunction(
    () =>
      [...document.querySelectorAll('iframe')]
        .flatMap((frame) => [...(frame.contentDocument?.images ?? [])])
        .find((image) => image.complete && image.naturalWidth > 0)?.src,
  )
  return String(await found.jsonValue())
}

describe.each(['chromium', 'firefox'] as const)('%s', (browser) => {
  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'SES-141 a session outlives %s of the server: the copy is exact again, with its pictures, and nobody was asked again',
    async (signal) => {
      const { customer, agent } = await site.pair(browser)
      await customer.evaluate(() => {
        const image = document.createElement('img')
        image.src = '/picture.png'
        document.body.append(image)
      })
      const before = await picture(agent)
      await server.stop(signal)
      await Promise.all([customer, agent].map((page) => until(page, 'session_reconnecting')))
      await change(customer, 'while the server was away')
      await server.start()
      await seen(agent, 'while the server was away')
      expect(await picture(agent)).not.toBe(before)
      await change(customer, 'and after it')
      await seen(agent, 'and after it')
      await until(agent, 'session_reconnected')
      for (const page of [customer, agent]) {
        const names = await events(page)
        expect(names.filter((name) => /ended|error|left/.test(name))).toEqual([])
        expect(names.filter((name) => name === 'agent_joined' || name === 'session_joined')).toHaveLength(1)
      }
      expect(await customer.locator('dialog').count()).toBe(0)
      expect(await customer.evaluate(() => window.customer.getSessionInfo().sessionStatus)).toBe('live')
      await customer.evaluate(() => window.customer.end())
      await until(agent, 'session_ended')
    },
  )
})

test('SES-142 a code that was read aloud before the server was killed still leads to the customer', async () => {
  const { page: customer, pin } = await site.waiting()
  await server.stop('SIGKILL')
  await until(customer, 'session_reconnecting')
  await server.start()
  const agent = await site.agent()
  await site.join(agent, pin)
  await customer.getByRole('button', { name: 'Allow', exact: true }).click()
  await seen(agent, 'first')
  await customer.evaluate(() => window.customer.end())
})

test('SES-147 who is away for longer than the server waits finds the session over, and so does everybody else', async () => {
  // In place of two minutes.
  const own = await Harness.open({ limits: { recoveryWindowMs: 500 } })
  const ownSite = await Site.open(own)
  const { customer, agent } = await ownSite.pair()
  await customer.context().setOffline(true)
  await until(customer, 'session_reconnecting')
  await until(agent, 'session_ended')
  await customer.context().setOffline(false)
  await until(customer, 'session_ended')
  for (const page of [customer, agent])
    expect(await page.evaluate(() => window.events.at(-1))).toMatchObject([
      'session_ended',
      { reason: 'connection_lost' },
    ])
  await customer.getByText('The connection was lost. Start again to go on.', { exact: true }).waitFor()
  ownSite.close()
  await own.close()
})
