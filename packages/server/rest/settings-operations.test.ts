import { afterEach, describe, expect, test } from 'vitest'
import { makeKey } from '../key.ts'
import { ApiCaller } from '../testing/api-caller.ts'
import { createTestDatabase, DATABASES, type TestDatabase } from '../testing/databases.ts'
import { API_SECRET, House, KEY, SECRET } from '../testing/house.ts'

const OTHER = { ...makeKey('other', SECRET), apiKey: 'other-api', apiSecrets: [API_SECRET] }
const OWN = { ...KEY, company: 'Shop Ltd', features: { ...KEY.features, multiTab: false } }
const PATH = '/alongside/settings'

const CONFIGURED = {
  sdk_key: 'shop',
  company: 'Shop Ltd',
  consent: 'always',
  features: {
    agent_annotation: true,
    customer_annotation: true,
    remote_assist: true,
    multi_tab: false,
    presence: true,
    session_list: true,
  },
  anonymous: true,
  pin_digits: 6,
  recording: 'off',
  recording_days: 30,
  allowed_origins: null,
  mask: { rules: [], detectors: [] },
}

describe.each(DATABASES)('REST-40 changes settings at run time, for new sessions at once, on %s', (kind) => {
  let database: TestDatabase
  let house: House
  afterEach(async () => {
    await house.close()
    await database.remove()
  })

  test('and keeps them over a restart', async () => {
    database = await createTestDatabase(kind)
    house = await House.open({ keys: [OWN, OTHER], databaseUrl: database.url })
    let caller = new ApiCaller(house)
    expect(await caller.ok(PATH)).toEqual(CONFIGURED)
    const before = await house.customer()
    const patch = {
      company: '  Shop \u202e& \u200bSons ',
      consent: 'agent_initiated',
      features: { remote_assist: false },
    }
    const changed = {
      ...CONFIGURED,
      company: 'Shop & Sons',
      consent: 'agent_initiated',
      features: { ...CONFIGURED.features, remote_assist: false },
    }
    expect(await caller.ok(PATH, 'PATCH', patch)).toEqual(changed)
    const after = await house.customer()
    expect(before.started.settings).toMatchObject({ company: 'Shop Ltd', features: { remoteAssist: true } })
    expect(after.started.settings).toMatchObject({
      company: 'Shop & Sons',
      consent: 'agent_initiated',
      features: { remoteAssist: false, multiTab: false, agentAnnotation: true },
    })
    expect(await new ApiCaller(house, 'other-api').ok(PATH)).toMatchObject({ sdk_key: 'other', company: null })
    for (const { line } of [before, after]) line.say({ type: 'end' })
    for (const { line } of [before, after]) await line.expect('ended')
    await house.close()

    house = await House.open({ keys: [OWN, OTHER], databaseUrl: database.url })
    caller = new ApiCaller(house)
    expect(await caller.ok(PATH)).toEqual(changed)
    expect(await caller.ok(PATH, 'PATCH', { features: { multi_tab: true, remote_assist: null } })).toMatchObject({
      company: 'Shop & Sons',
      features: { ...CONFIGURED.features, multi_tab: true },
    })
    expect(await caller.ok(PATH, 'PATCH', { company: null, consent: null, features: { multi_tab: null } })).toEqual(
      CONFIGURED,
    )
  })

  test('one change after the other', async () => {
    database = await createTestDatabase(kind)
    house = await House.open({ keys: [OWN], databaseUrl: database.url })
    const caller = new ApiCaller(house)
    await Promise.all(
      Object.keys(CONFIGURED.features).map((name) => caller.ok(PATH, 'PATCH', { features: { [name]: false } })),
    )
    const { features } = await caller.ok<typeof CONFIGURED>(PATH)
    expect(Object.values(features)).toEqual([false, false, false, false, false, false])
  })
})

describe('REST-41 refuses a change that is not as documented, by name, and changes nothing', () => {
  test.each([
    [{ company: '' }, 'company'],
    [{ company: 'x'.repeat(81) }, 'company'],
    [{ company: 7 }, 'company'],
    [{ consent: 'never' }, 'consent'],
    [{ features: { remote_assist: 'no' } }, 'features.remote_assist'],
    [{ features: { remoteAssist: false } }, 'features'],
    [{ features: [] }, 'features'],
    [{ pin_digits: 8 }, 'body'],
    [{ sdk_key: 'other' }, 'body'],
    [[], 'body'],
    [null, 'body'],
    ['company', 'body'],
  ])('%j', async (body, name) => {
    const house = await House.open({ keys: [OWN] })
    const caller = new ApiCaller(house)
    const { status, code, message } = await caller.refusal(PATH, 'PATCH', body)
    expect([status, code, message.split(':')[0]]).toEqual([400, 300, name])
    expect(await caller.ok(PATH)).toEqual(CONFIGURED)
    await house.close()
  })

  test('a body that is no JSON, of another type, or too large', async () => {
    const house = await House.open()
    const authorization = `Bearer ${await new ApiCaller(house).token()}`
    const send = async (body: string, type = 'application/json') => {
      const headers = { authorization, 'content-type': type }
      const answer = await fetch(`${house.server.origin}/v2${PATH}`, { method: 'PATCH', headers, body })
      return [answer.status, await answer.json()]
    }
    const notJson = { code: 300, message: 'body: must be JSON, sent as application/json.' }
    expect(await send('{')).toEqual([400, notJson])
    expect(await send('')).toEqual([400, notJson])
    expect(await send('{"__proto__":{"company":"x"}}')).toEqual([400, notJson])
    expect(await send('company=x', 'application/x-www-form-urlencoded')).toEqual([400, notJson])
    expect(await send(JSON.stringify({ company: 'x'.repeat(20_000) }))).toEqual([
      413,
      { code: 413, message: 'The body is larger than 16 KB. Send less.' },
    ])
    await house.close()
  })
})
