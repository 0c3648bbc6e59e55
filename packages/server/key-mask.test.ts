import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { readConfig } from './config.ts'
import { ApiCaller } from './testing/api-caller.ts'
import { House, KEY } from './testing/house.ts'

const PATH = '/alongside/settings'
const RULE = { name: 'accounts', url: ['/account/*'], mask_css_selectors: '.iban, td:nth-child(2)' }
const MASK = { rules: [RULE], detectors: ['card'] }
const TOLD = {
  rules: [{ name: 'accounts', url: ['/account/*'], maskCssSelectors: '.iban, td:nth-child(2)' }],
  detectors: ['card'],
}

let house: House
afterEach(() => house?.close())

test('MSK-40 a page is told what its key masks when it starts and when it resumes, however it was changed since', async () => {
  house = await House.open()
  const caller = new ApiCaller(house)
  expect((await house.customer()).started.settings).not.toHaveProperty('mask')
  expect(await caller.ok(PATH, 'PATCH', { mask: MASK })).toMatchObject({ mask: MASK })
  const { line, started } = await house.customer()
  expect(started.settings.mask).toEqual(TOLD)
  await line.close()
  await caller.ok(PATH, 'PATCH', { mask: { rules: [], detectors: ['email'] } })
  const again = await house.resume(started.sessionId, started.secret)
  expect(await again.expect('resumed')).toMatchObject({ settings: { mask: { rules: [], detectors: ['email'] } } })
  again.say({ type: 'end' })
})

test('MSK-42 open sessions of the key learn at once that it masks otherwise, and those of other keys do not', async () => {
  house = await House.open()
  const caller = new ApiCaller(house)
  const { line } = await house.customer()
  await caller.ok(PATH, 'PATCH', { mask: MASK })
  expect(await line.expect('mask')).toEqual({ type: 'mask', mask: TOLD })
  await caller.ok(PATH, 'PATCH', { company: 'Shop' })
  await caller.ok(PATH, 'PATCH', { mask: null })
  expect(await line.expect('mask')).toEqual({ type: 'mask', mask: { rules: [], detectors: [] } })
  await line.settle()
  expect(line.inbox).toEqual([])
})

test('MSK-42 rules outlive a restart, and customers who come back get them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mask-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  house = await House.open({ databaseUrl: `sqlite:${join(folder, 'a.db')}` })
  await new ApiCaller(house).ok(PATH, 'PATCH', { mask: MASK })
  const { line, started } = await house.customer()
  await line.close()
  await house.restart()
  const again = await house.resume(started.sessionId, started.secret)
  expect(await again.expect('resumed')).toMatchObject({ settings: { mask: TOLD } })
  again.say({ type: 'end' })
  await again.settle()
})

describe('MSK-44 a rule that is not valid is refused at saving, by its place, and changes nothing', () => {
  const rule = (fields: object) => ({ mask: { rules: [{ name: 'a', ...fields }], detectors: [] } })
  test.each<[object, string]>([
    [rule({}), 'mask.rules.0'],
    [rule({ name: '', mask_type: 'all' }), 'mask.rules.0.name'],
    [rule({ name: ' a', mask_type: 'all' }), 'mask.rules.0.name'],
    [rule({ mask_type: 'some' }), 'mask.rules.0.mask_type'],
    [rule({ url: [], mask_type: 'all' }), 'mask.rules.0.url'],
    [rule({ url: ['account'], mask_type: 'all' }), 'mask.rules.0.url.0'],
    [rule({ url: '/account', mask_type: 'all' }), 'mask.rules.0.url'],
    [rule({ mask_html_attributes: 'data-pii' }), 'mask.rules.0.mask_html_attributes'],
    [rule({ maskCssSelectors: '.a' }), 'mask.rules.0'],
    [{ mask: { rules: [], detectors: ['name'] } }, 'mask.detectors.0'],
    [{ mask: { rules: [{ ...RULE }, { ...RULE }], detectors: [] } }, 'mask.rules.1.name'],
    [{ mask: [] }, 'mask'],
    ...[
      '',
      ' ',
      '.a,',
      ',.a',
      '.a,,b',
      '.a[',
      '[x=1]',
      '.1a',
      'a!',
      'a > > b',
      'a >',
      '> a',
      ':is(.a',
      ':is(.a,)',
      ':is(a >)',
      ':is()',
      ':not',
      ':hover(a)',
      ':has(:is(:has(.a)))',
      ':nth-of-type(2n of .a)',
      '#1a',
      '[x]a',
      '*a',
      '"a"',
      'a{}',
      '.a::before',
      '.a:before',
      '.a:blinking',
      ':-webkit-autofill',
      'ns|a',
      '.a /* b */',
      '&',
      '50%',
      '[a="b" x]',
      '\\',
      '.a\\',
    ].map((list) => [rule({ mask_css_selectors: list }), 'mask.rules.0.mask_css_selectors'] as [object, string]),
  ])('%j', async (body, name) => {
    house = await House.open()
    const caller = new ApiCaller(house)
    const { line } = await house.customer()
    const { status, code, message } = await caller.refusal(PATH, 'PATCH', body)
    expect([status, code, message.split(':')[0]]).toEqual([400, 300, name])
    expect(await caller.ok(PATH)).toMatchObject({ mask: { rules: [], detectors: [] } })
    await line.settle()
    expect(line.inbox).toEqual([])
  })

  test.each([
    '.a',
    'a.b > c ~ d + e f',
    '#a, [data-x], [data-x="1" i]',
    ':is(.a, .b):not(:has(> .c))',
    'tr:nth-child(2n+1 of .a)',
    'svg *',
    ':where(input:checked) + label',
    ':lang(de)',
  ])('while %s is taken', async (list) => {
    house = await House.open()
    await new ApiCaller(house).ok(PATH, 'PATCH', rule({ mask_css_selectors: list }))
  })
})

test('MSK-44 the configuration takes the same rules, and names one that is not valid', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mask-'))
  const read = async (mask: object) => {
    const keys = [{ sdkKey: 'shop', sdkSecret: 's'.repeat(32), mask }]
    await writeFile(join(folder, 'own.json'), JSON.stringify({ keys }))
    return readConfig({ ALONGSIDE_CONFIG: join(folder, 'own.json') }).keys[0]!.mask
  }
  expect(await read(TOLD)).toEqual(TOLD)
  expect(await read({})).toEqual({ rules: [], detectors: [] })
  await expect(read({ rules: [{ name: 'a', maskCssSelectors: '.a[' }] })).rejects.toThrow(
    'keys[0].mask.rules[0].maskCssSelectors: is not a valid list of CSS selectors',
  )
  await rm(folder, { recursive: true })
})

test('MSK-62 what the configuration may hold can be saved, and one byte more is refused at start-up', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mask-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  /** Rules that are `bytes` long over HTTP. */
  const rulesOf = (bytes: number) => {
    const rules = Array.from({ length: 8 }, (_, at) => ({ name: `r${at}`, maskCssSelectors: `.${'ä'.repeat(990)}` }))
    const sent = { rules: rules.map(({ name, maskCssSelectors }) => ({ name, mask_css_selectors: maskCssSelectors })) }
    const missing = bytes - Buffer.byteLength(JSON.stringify({ ...sent, detectors: [] }))
    rules[0]!.maskCssSelectors += 'x'.repeat(missing)
    return { rules, detectors: [] }
  }
  const read = async (mask: object) => {
    const keys = [{ sdkKey: 'shop', sdkSecret: 's'.repeat(32), mask }]
    await writeFile(join(folder, 'own.json'), JSON.stringify({ keys }))
    return readConfig({ ALONGSIDE_CONFIG: join(folder, 'own.json') }).keys[0]!
  }
  await expect(read(rulesOf(16 * 1024 + 1))).rejects.toThrow('keys[0].mask: must have at most 16 KB')
  const { mask } = await read(rulesOf(16 * 1024))
  house = await House.open({ keys: [{ ...KEY, mask: mask! }] })
  const headers = {
    authorization: `Bearer ${await house.token(2, { enableSettings: 1 })}`,
    'content-type': 'application/json',
  }
  const body = await (await fetch(`${house.server.origin}/agent/mask`, { headers })).text()
  expect(Buffer.byteLength(body)).toBe(16 * 1024)
  expect((await fetch(`${house.server.origin}/agent/mask`, { method: 'PUT', headers, body })).status).toBe(200)
})
