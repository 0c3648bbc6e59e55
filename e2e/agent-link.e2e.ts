import { randomBytes } from 'node:crypto'
import type { Frame, Page } from 'playwright'
import { expect, test } from 'vitest'
import { mintApiToken } from '../packages/server/cli/mint.ts'
import { type Key, makeKey } from '../packages/server/index.ts'
import { openSite } from './opened-site.ts'
import { allow, seen } from './session-site.ts'

const apiSecret = randomBytes(32)
const key: Key = { ...makeKey('dev', randomBytes(32)), apiKey: 'api', apiSecrets: [apiSecret] }

const { harness, site } = await openSite({ keys: [key] })

/** Calls `/v2` as the company's back end does. */
async function call(path: string, body?: object): Promise<Record<string, string>> {
  const token = await mintApiToken(key, 60)
  const answer = await fetch(harness.url(`/v2/alongside/sessions/${path}`), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  expect(answer.status).toBe(200)
  return (await answer.json()) as Record<string, string>
}

async function makeLink(customer: Page) {
  const sessionId = await customer.evaluate(() => window.customer.getSessionInfo().sessionId)
  const { url = '' } = await call(`${sessionId}/agent_links`, { user_id: 'ann', user_name: 'Ann Lee' })
  return { sessionId, url }
}

const heading = (page: Page | Frame, name: string) => page.getByRole('heading', { name }).waitFor()

test.each(['chromium', 'firefox'] as const)(
  'DSK-40 a link opens the desk on the customer’s question, once, in %s',
  async (browser) => {
    const { page: customer } = await site.waiting(browser)
    const { sessionId, url } = await makeLink(customer)
    const requests: string[] = []
    const desk = await harness.page(browser)
    desk.on('request', (request) => requests.push(`${request.url()} ${request.postData()}`))
    await desk.goto(url)
    await heading(desk, 'Waiting for the customer’s answer')
    await customer.getByRole('heading', { name: 'Ann Lee wants to see this page' }).waitFor()
    await allow(customer)
    await seen(desk, 'A site')
    await harness.shot(desk, `agent-link-live-${browser}`)
    // Neither the address bar nor any request has the secret.
    const secret = new URLSearchParams(new URL(url).hash.slice(1)).get('link') ?? ''
    expect(secret).toHaveLength(43)
    expect(desk.url()).not.toContain(secret)
    expect(requests.join('\n')).not.toContain(secret)

    const second = await harness.page(browser)
    await second.goto(url)
    await heading(second, 'This link does not work any more')
    expect(await second.getByRole('alert').innerText()).toContain('Error 1118')
    await harness.shot(second, `agent-link-used-${browser}`)
    expect(await second.getByRole('button').count()).toBe(0)

    await desk.reload()
    await seen(desk, 'A site')
    await call(`${sessionId}/end`)
    await heading(desk, 'The company ended the session')
    expect(await desk.getByText('ask for a new link').count()).toBe(1)
    expect(await desk.getByRole('button').count()).toBe(0)
    await harness.shot(desk, `agent-link-ended-${browser}`)
    await customer.getByText('Sharing has ended').first().waitFor()
  },
)

test('DSK-41 a desk that was opened by a link can be cancelled, and leads to no form for codes', async () => {
  const { page: customer } = await site.waiting()
  const { sessionId, url } = await makeLink(customer)
  const desk = await harness.page()
  await desk.goto(url)
  await heading(desk, 'Waiting for the customer’s answer')
  await desk.getByRole('button', { name: 'Cancel' }).click()
  await heading(desk, 'You left the session')
  expect(await desk.getByRole('button').count()).toBe(0)
  await call(`${sessionId}/end`)
})
