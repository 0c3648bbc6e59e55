import { PROTOCOL_VERSION } from '@alongside/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeKey } from '../key.ts'
import { ApiCaller } from '../testing/api-caller.ts'
import { API_SECRET, House, KEY, SECRET } from '../testing/house.ts'

const OTHER = { ...makeKey('other', SECRET), apiKey: 'other-api', apiSecrets: [API_SECRET] }

let house: House
let caller: ApiCaller
beforeEach(async () => {
  house = await House.open({ keys: [KEY, OTHER] })
  caller = new ApiCaller(house)
})
afterEach(() => house.close())

test('REST-30 ends a session of the key and tells everybody in it', async () => {
  const { customer, agent } = await house.pair()
  const { sessionId } = customer.started
  const path = `/alongside/sessions/${sessionId}/end`
  expect(await new ApiCaller(house, 'other-api').refusal(path, 'POST')).toMatchObject({ status: 404, code: 30300 })
  expect(await caller.ok(path, 'POST')).toEqual({ session_id: sessionId })
  for (const { line } of [customer, agent]) {
    expect(await line.expect('ended')).toEqual({ type: 'ended', reason: 'operator_ended' })
    expect(await line.expectClosed()).toBe(1000)
  }
  expect(house.server.counts().sessions).toBe(0)
  expect(await caller.refusal(path, 'POST')).toMatchObject({
    status: 404,
    code: 30300,
    message: 'Session does not exist',
  })
})

const ANN = { user_id: 'ann', user_name: 'Ann \u202e Lee' }

interface Link {
  url: string
  expires_at: string
}

const linkPath = (sessionId: string) => `/alongside/sessions/${sessionId}/agent_links`

async function openLink({ url }: Link, of = house) {
  const line = await of.line()
  const link = new URLSearchParams(new URL(url).hash.slice(1)).get('link')
  line.say({ type: 'join_link', version: PROTOCOL_VERSION, link })
  return line
}

async function expectRefused(line: Awaited<ReturnType<typeof openLink>>, code: number) {
  expect(await line.expect('error')).toEqual({ type: 'error', code })
  expect(await line.expectClosed()).toBeGreaterThan(4000)
}

test('REST-31 makes a link that lets one named agent ask the customer once, without a PIN', async () => {
  const { line: customer, started, pin } = await house.customer()
  const link = await caller.ok<Link>(linkPath(started.sessionId), 'POST', ANN)
  expect(link.expires_at).toBe('2030-01-01T00:10:00Z')
  const { origin, pathname, search, hash } = new URL(link.url)
  expect([origin, pathname, search]).toEqual([house.server.origin, '/desk/link', ''])
  expect(hash).toMatch(/^#key=shop&link=[\w-]{43}$/)
  const agent = await openLink(link)
  await agent.expect('asked')
  // The PIN is another agent's way in, and stays.
  expect(await customer.expect('agent_requested')).toMatchObject({ userId: 'ann', userName: 'Ann Lee' })
  await expectRefused(await openLink(link), 1118)
  customer.say({ type: 'consent', participant: 2, granted: true })
  await agent.expect('joined')
  await customer.expect('agent_joined')
  await house.asked(customer, pin)
  await expectRefused(await openLink(link), 1118)
})

test('REST-32 refuses a link that is too old, made up, or of a session that is over', async () => {
  const { line: customer, started } = await house.customer()
  const path = linkPath(started.sessionId)
  const old = await caller.ok<Link>(path, 'POST', ANN)
  house.clock.advance(10 * 60_000 - 1)
  const young = await caller.ok<Link>(path, 'POST', ANN)
  house.clock.advance(1)
  await expectRefused(await openLink(old), 1118)
  for (const made of ['', 'x', 'A'.repeat(43), 'constructor']) {
    await expectRefused(await openLink({ url: `https://x.example/#link=${made}`, expires_at: '' }), 1118)
  }
  customer.say({ type: 'end' })
  await customer.expect('ended')
  await expectRefused(await openLink(young), 1118)
})

test('REST-33 keeps a link that did not fit, and refuses one where the customer would not be asked', async () => {
  const { customer, agent } = await house.pair()
  const again = await caller.ok<Link>(linkPath(customer.started.sessionId), 'POST', { ...ANN, user_id: 'a1' })
  await expectRefused(await openLink(again), 1015)
  agent.line.say({ type: 'leave' })
  await customer.line.expect('agent_left')
  await (await openLink(again)).expect('asked')

  await caller.ok('/alongside/settings', 'PATCH', { consent: 'agent_initiated' })
  const loose = await house.customer()
  expect(await caller.refusal(linkPath(loose.started.sessionId), 'POST', ANN)).toMatchObject({ status: 409, code: 409 })
})

test('REST-33 makes a link where an agent began the session: its page asks about everybody', async () => {
  await caller.ok('/alongside/settings', 'PATCH', { consent: 'agent_initiated' })
  const version = PROTOCOL_VERSION
  const device = { version, sdkKey: 'shop', deviceId: 'device-of-cora' }
  const [page, customer, first] = await Promise.all([house.line(), house.line(), house.line()])
  page.say({ type: 'register', ...device })
  await page.expect('registered')
  first.say({ type: 'call', version, token: await house.token(2, { userId: 'a1' }), deviceId: device.deviceId })
  const { invitation } = await page.expect('invited')
  customer.say({ type: 'start_device', ...device, invitation })
  const { sessionId } = await customer.expect('started')
  expect(await customer.expect('agent_requested')).toMatchObject({ userId: 'a1' })
  const link = await caller.ok<Link>(linkPath(sessionId), 'POST', ANN)
  await (await openLink(link)).expect('asked')
  expect(await customer.expect('agent_requested')).toMatchObject({ userId: 'ann' })
})

test('REST-34 makes links for sessions of the key only, and for a name that can be shown', async () => {
  const { started } = await house.customer()
  const path = linkPath(started.sessionId)
  const other = new ApiCaller(house, 'other-api')
  expect(await other.refusal(path, 'POST', ANN)).toMatchObject({ status: 404, code: 30300 })
  for (const [body, name] of [
    [{ user_name: 'Ann' }, 'user_id'],
    [{ ...ANN, user_id: '' }, 'user_id'],
    [{ ...ANN, user_id: 7 }, 'user_id'],
    [{ ...ANN, user_name: '\u202e ' }, 'user_name'],
    [{ ...ANN, user_name: 'x'.repeat(81) }, 'user_name'],
    [[], 'body'],
  ] as const) {
    const { status, code, message } = await caller.refusal(path, 'POST', body)
    expect([status, code, message.split(':')[0]]).toEqual([400, 300, name])
  }
})

test('REST-35 writes the link with the scheme that a trusted proxy names', async () => {
  const behind = await House.open({ trustedProxies: ['127.0.0.1'] })
  const schemes: string[] = []
  for (const of of [behind, house]) {
    const { started } = await of.customer()
    const answer = await fetch(`${of.server.origin}/v2${linkPath(started.sessionId)}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await new ApiCaller(of).token()}`,
        'content-type': 'application/json',
        'x-forwarded-proto': 'https',
      },
      body: JSON.stringify(ANN),
    })
    schemes.push(((await answer.json()) as Link).url.split(':')[0] ?? '')
  }
  expect(schemes).toEqual(['https', 'http'])
  await behind.close()
})
