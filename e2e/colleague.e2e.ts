import { randomBytes } from 'node:crypto'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { systemClock } from '../packages/server/index.ts'
import { makeKey } from '../packages/server/key.ts'
import { mintToken } from '../packages/server/token.ts'
import { Harness } from './harness.ts'
import { openSite } from './opened-site.ts'
import { call, expectRefused } from './refusal.ts'
import { allow, end, Site, seen, until } from './session-site.ts'

const KEY = makeKey('dev', randomBytes(32))

const { harness, site } = await openSite({ keys: [KEY] })

const invite = (agent: Page, options: { userName: string; watchOnly?: boolean }) =>
  agent.evaluate((options) => window.agent.createColleagueLink(options), options)

test.each(['chromium', 'firefox'] as const)(
  'SES-433 a colleague comes by a link, and the customer reads who invited and that they only look, in %s',
  async (browser) => {
    const { customer, agent } = await site.pair(browser)
    const made = await invite(agent, { userName: 'Ben Lee', watchOnly: true })
    expect(made).toMatchObject({ success: true, expiresAt: expect.any(Number) })
    const desk = await harness.page(browser)
    await desk.goto(made.success ? made.url : '')
    const question = customer.getByRole('dialog')
    await question.getByRole('heading', { name: 'Ben Lee wants to see this page' }).waitFor()
    expect(await question.innerText()).toMatch(/Ana\u2069? invited them\.\s+They only look\./)
    await harness.shot(customer, `colleague-question-${browser}`)
    await allow(customer)
    await seen(desk, 'A site')
    await agent.waitForFunction(() => window.agent.getSessionInfo().agents.length === 1)
    const ben = { userName: 'Ben Lee', watchOnly: true, invitedBy: 'Ana', connected: true }
    expect(await agent.evaluate(() => window.agent.getSessionInfo().agents)).toMatchObject([ben])
    // A name of which nothing could be shown never leaves the page.
    for (const userName of ['', ' \u202e ', 'x'.repeat(81)])
      expect(await invite(agent, { userName })).toMatchObject({ success: false, error: { code: 1103 } })
    await end(customer)
  },
)

test('SES-433 an agent joins a session of the list by its id, to watch, after the customer’s yes', async () => {
  const { page: customer } = await site.waiting()
  const agent = await site.agent()
  const sdkToken = await harness.token('agent', 'Sue')
  const answer = await agent.evaluate((sdkToken) => window.agent.listSessions({ sdkToken, search: 'cor' }), sdkToken)
  const sessionId = await customer.evaluate(() => window.customer.getSessionInfo().sessionId)
  const listed = { id: sessionId, joinable: true, site: new URL(site.origin).host }
  expect(answer).toMatchObject({ success: true, list: { total: 1, sessions: [listed] } })
  const joined = call(agent, 'agent', 'join', { sessionId, sdkToken, watchOnly: true })
  await allow(customer)
  expect((await joined).answer).toEqual({ success: true })
  expect(await agent.evaluate(() => window.agent.getSessionInfo())).toMatchObject({ watchOnly: true, sessionId })
  await agent.evaluate(() => void window.agent.end())
  await until(customer, 'agent_left')
  expect(await customer.evaluate(() => window.customer.getSessionInfo().sessionStatus)).toBe('waiting')
  await end(customer)
})

test('ERR-1120 a link from an agent who only watches', async () => {
  const { page: customer, pin } = await site.waiting()
  const agent = await site.agent()
  const claims = { role: 2, userId: 'tom', userName: 'Tom', seconds: 3_600, enableByop: 0, watchOnly: 1 } as const
  const sdkToken = await mintToken(KEY, claims, systemClock)
  const joined = call(agent, 'agent', 'join', { pinCode: pin, sdkToken })
  await allow(customer)
  expect((await joined).answer).toEqual({ success: true })
  const { answer, called, told } = await call(agent, 'agent', 'createColleagueLink', { userName: 'Ben' })
  expect(answer).toMatchObject({ success: false, error: { code: 1120, name: 'WATCH_ONLY' } })
  // The session goes on, so there is no event of an error.
  expect([called, told]).toEqual([[answer], []])
  expect(await agent.evaluate(() => window.agent.getSessionInfo().sessionStatus)).toBe('live')
  await end(customer)
})

test('ERR-1119 a link, and a join from the list, where the customer is not asked about agents', async () => {
  const own = await Harness.open({ keys: [{ ...KEY, consent: 'agent_initiated' }] })
  const ownSite = await Site.open(own)
  const { page: customer, pin } = await ownSite.waiting()
  const agent = await ownSite.agent()
  const sdkToken = await own.token('agent', 'Ana')
  expect((await call(agent, 'agent', 'join', { pinCode: pin, sdkToken })).answer).toEqual({ success: true })
  expect((await call(agent, 'agent', 'createColleagueLink', { userName: 'Ben' })).answer).toMatchObject({
    success: false,
    error: { code: 1119, name: 'NOT_ASKED' },
  })
  const sessionId = await customer.evaluate(() => window.customer.getSessionInfo().sessionId)
  const other = { sessionId, sdkToken: await own.token('agent', 'Ben') }
  expectRefused(await call(await ownSite.agent(), 'agent', 'join', other), 1119)
  await end(customer)
  ownSite.close()
  await own.close()
})
