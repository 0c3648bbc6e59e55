import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DEFAULT_CONFIG } from './config.ts'
import { ConfigError, isLoopback, readConfig, startServer } from './index.ts'
import { limitsSchema } from './limits.ts'

const SECRET = 'a secret of thirty-two characters'
const OTHER = 'another secret of more characters'
const bytes = (text: string) => new TextEncoder().encode(text)
const keys = (...list: object[]) => ({ ALONGSIDE_KEYS: JSON.stringify(list) })
const shop = { sdkKey: 'shop', sdkSecret: SECRET }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alongside-'))
})
afterAll(() => rm(folder, { recursive: true }))

const read = (env: Record<string, string> = {}) => readConfig(env, folder)

async function readFrom(settings: unknown, env: Record<string, string> = {}) {
  await writeFile(join(folder, 'own.json'), typeof settings === 'string' ? settings : JSON.stringify(settings))
  return read({ ALONGSIDE_CONFIG: 'own.json', ...env })
}

test('CFG-1 needs no setting: loopback, port 4000, no key, a database file', () => {
  expect(read()).toEqual(DEFAULT_CONFIG)
  expect(read()).toMatchObject({ host: '127.0.0.1', port: 4000, keys: [], databaseUrl: 'sqlite:data/alongside.db' })
})

test('CFG-2 reads the named file or the one in the working folder, and lets the environment win', async () => {
  const settings = {
    host: '0.0.0.0',
    port: 80,
    logLevel: 'warn',
    databaseUrl: 'postgres://db.example/alongside',
    trustedProxies: ['10.0.0.0/8', '::1'],
    retentionMonths: 1,
    webhooks: { allowPrivateAddresses: true },
    limits: { recoveryWindowMs: 60_000, attempts: { perAgent: 3 } },
    keys: [shop],
  }
  const config = await readFrom(settings)
  expect(config).toMatchObject({ ...settings, keys: [{ sdkKey: 'shop' }] })
  expect(config.limits.pinLifetimeMs).toBe(DEFAULT_CONFIG.limits.pinLifetimeMs)
  const env = {
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'debug',
    DATABASE_URL: 'sqlite::memory:',
    TRUSTED_PROXIES: '192.0.2.1, 10.0.0.0/8',
    ...keys({ ...shop, sdkKey: 'other' }),
  }
  expect(await readFrom(settings, env)).toEqual({
    ...config,
    host: '127.0.0.1',
    port: 0,
    logLevel: 'debug',
    databaseUrl: 'sqlite::memory:',
    trustedProxies: ['192.0.2.1', '10.0.0.0/8'],
    keys: read(env).keys,
  })
  await writeFile(join(folder, 'alongside.config.json'), '{"port":5000}')
  expect(read().port).toBe(5000)
  await rm(join(folder, 'alongside.config.json'))
})

test('CFG-3 gives a key with credentials alone the documented settings, and keeps those that are set', () => {
  const [plain, full] = read(
    keys(shop, {
      sdkKey: 'bank',
      sdkSecret: [OTHER, SECRET],
      apiKey: 'bank-api',
      apiSecret: SECRET,
      accountId: 'acc-1',
      company: 'Northwind',
      allowedOrigins: ['https://shop.example'],
      consent: 'agent_initiated',
      anonymous: false,
      features: { remoteAssist: false },
      pinDigits: 8,
      webhooks: [{ url: 'https://hooks.example/a', secret: SECRET, events: ['cobrowse.session_ended'] }],
    }),
  ).keys
  const features = {
    agentAnnotation: true,
    customerAnnotation: true,
    remoteAssist: true,
    multiTab: true,
    presence: true,
    sessionList: true,
  }
  expect(plain).toEqual({
    sdkKey: 'shop',
    secrets: [bytes(SECRET)],
    apiSecrets: [],
    accountId: 'shop',
    consent: 'always',
    anonymous: true,
    features,
    pinDigits: 6,
    webhooks: [],
    recording: 'off',
    recordingDays: 30,
  })
  expect(full).toMatchObject({
    secrets: [bytes(OTHER), bytes(SECRET)],
    apiSecrets: [bytes(SECRET)],
    accountId: 'acc-1',
    company: 'Northwind',
    consent: 'agent_initiated',
    features: { ...features, remoteAssist: false },
    pinDigits: 8,
  })
  expect(full).not.toHaveProperty('sdkSecret')
})

const wrongKeys: [object[], string][] = [
  [[{ sdkKey: 'shop' }], '[0].sdkSecret'],
  [[{ ...shop, sdkSecret: 'hunter2' }], '[0].sdkSecret'],
  [[{ ...shop, sdkSecret: [] }], '[0].sdkSecret'],
  [[{ ...shop, sdkSecret: [SECRET, 'hunter2'] }], '[0].sdkSecret[1]'],
  [[{ ...shop, sdkKey: 'a/b' }], '[0].sdkKey'],
  [[{ ...shop, apiKey: 'api' }], '[0].apiSecret'],
  [[{ ...shop, apiSecret: SECRET }], '[0].apiSecret'],
  [[{ ...shop, allowedOrigins: ['shop.example'] }], '[0].allowedOrigins[0]'],
  [[{ ...shop, allowedOrigins: ['https://shop.example/'] }], '[0].allowedOrigins[0]'],
  [[{ ...shop, secret: 'x' }], '[0].secret'],
  [[{ ...shop, consent: 'never' }], '[0].consent'],
  [[{ ...shop, features: { remoteAssist: 'no' } }], '[0].features.remoteAssist'],
  [[{ ...shop, features: { remoteassist: false } }], '[0].features.remoteassist'],
  [[{ ...shop, pinDigits: 5 }], '[0].pinDigits'],
  [[{ ...shop, webhooks: [{ url: 'ftp://hunter2', secret: SECRET }] }], '[0].webhooks[0].url'],
  [[{ ...shop, webhooks: [{ url: 'https://a.example', secret: 'hunter2' }] }], '[0].webhooks[0].secret'],
  [[{ ...shop, webhooks: [{ url: 'https://a.example', secret: SECRET, events: ['x'] }] }], '[0].webhooks[0].events[0]'],
  [
    [
      {
        ...shop,
        webhooks: [
          { url: 'https://a.example/x', secret: SECRET, events: ['cobrowse.session_started'] },
          { url: 'https://A.example/x', secret: SECRET, events: ['cobrowse.session_ended'] },
        ],
      },
    ],
    '[0].webhooks[1].url',
  ],
  [[shop, shop], '[1].sdkKey'],
  [
    [
      { ...shop, apiKey: 'api', apiSecret: SECRET },
      { ...shop, sdkKey: 'b', apiKey: 'api', apiSecret: SECRET },
    ],
    '[1].apiKey',
  ],
]

test('CFG-8 frees the name of a company of what would let it look like another, and refuses one that is nothing else', () => {
  const named = (company: string) => keys({ ...shop, company })
  expect(read(named(' North\u202ewind \u200b& Sons ')).keys[0]?.company).toBe('Northwind & Sons')
  for (const company of ['\u202e \u200b', '', 'x'.repeat(81)])
    expect(() => read(named(company))).toThrow(/company: must have 1 to 80 characters/)
})

describe('CFG-4 names every wrong setting by its path, and prints no value', () => {
  const expectNamed = async (run: () => unknown, ...settings: string[]) => {
    const error = await Promise.resolve()
      .then(run)
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
    expect(error).toBeInstanceOf(ConfigError)
    const { message } = error as ConfigError
    const lines = message.split('\n')
    expect(lines).toHaveLength(settings.length)
    for (const [index, setting] of settings.entries())
      expect(lines[index]?.startsWith(`${setting}: `), lines[index]).toBe(true)
    expect(message).not.toMatch(/hunter2|a secret of/)
  }

  test.each([
    [{ PORT: 'x' }, 'PORT'],
    [{ PORT: '65536' }, 'PORT'],
    [{ PORT: '' }, 'PORT'],
    [{ HOST: '' }, 'HOST'],
    [{ DATABASE_URL: 'mysql://hunter2' }, 'DATABASE_URL'],
    [{ TRUSTED_PROXIES: '10.0.0.1,hunter2' }, 'TRUSTED_PROXIES[1]'],
    [{ ALONGSIDE_KEYS: '{' }, 'ALONGSIDE_KEYS'],
    [{ ALONGSIDE_KEYS: '{}' }, 'ALONGSIDE_KEYS'],
    [{ ALONGSIDE_CONFIG: 'missing.json' }, 'ALONGSIDE_CONFIG'],
  ])('in the environment: %j', (env, setting) => expectNamed(() => read(env), setting))

  test('in the environment: LOG_LEVEL', () => {
    expect(() => read({ LOG_LEVEL: 'loud' })).toThrow(/^LOG_LEVEL: must be one of silent, fatal/)
  })

  test.each(wrongKeys)('in a key, from either place: %j', async (list, path) => {
    await expectNamed(() => read(keys(...list)), `ALONGSIDE_KEYS${path}`)
    await expectNamed(() => readFrom({ keys: list }), `own.json: keys${path}`)
  })

  test.each([
    [{ prot: 80 }, 'own.json: prot'],
    [{ port: '80' }, 'own.json: port'],
    [{ retentionMonths: 0 }, 'own.json: retentionMonths'],
    [{ webhooks: { allowPrivateAddresses: 1 } }, 'own.json: webhooks.allowPrivateAddresses'],
    [[], 'own.json'],
    [`{"keys":[{"sdkSecret":"hunter2" "`, 'own.json'],
  ])('in the file: %j', (settings, path) => expectNamed(() => readFrom(settings), path))

  test('all of them at once', () =>
    expectNamed(
      () => readFrom({ port: -1, host: '', keys: [{}] }),
      'own.json: host',
      'own.json: port',
      'own.json: keys[0].sdkKey',
      'own.json: keys[0].sdkSecret',
    ))
})

test('CFG-5 takes each time and limit within its bounds only', async () => {
  const wrong: [unknown, string][] = [
    [-1, 'must be at least '],
    [1e15, 'must be at most '],
    [0.5, 'must be a whole number'],
  ]
  for (const [name, standard] of Object.entries(DEFAULT_CONFIG.limits)) {
    const inner = typeof standard === 'object' ? Object.keys(standard) : [undefined]
    for (const part of inner) {
      const path = part === undefined ? name : `${name}.${part}`
      const settings = (value: unknown) => ({ limits: { [name]: part === undefined ? value : { [part]: value } } })
      for (const [value, expected] of wrong)
        await expect(readFrom(settings(value))).rejects.toThrow(`own.json: limits.${path}: ${expected}`)
    }
    expect((await readFrom({ limits: { [name]: standard } })).limits).toEqual(DEFAULT_CONFIG.limits)
  }
  await expect(readFrom({ limits: { pinLifetime: 1 } })).rejects.toThrow(
    'own.json: limits.pinLifetime: is not a setting',
  )
})

test('CFG-6 does not start without keys where others could reach it', async () => {
  await expect(startServer({ host: '0.0.0.0', port: 0 })).rejects.toThrow(/ALONGSIDE_KEYS/)
  expect(['127.0.0.1', '127.8.9.1', '::1', 'localhost'].every(isLoopback)).toBe(true)
  expect(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.evil.example', 'localhost.evil.example', ''].some(isLoopback)).toBe(
    false,
  )
})

test('CFG-12 docs/configuration.md gives each limit its default and bounds', async () => {
  const page = await readFile(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8')
  const rows = [...page.matchAll(/^\| `([\w.]+)` \| (\d+) \| (\d+) \| (\d+) \|$/gm)].map((row) => row.slice(1, 5))
  expect(rows.sort()).toEqual(rowsOf(z.toJSONSchema(limitsSchema, { io: 'input' })).sort())
})

function rowsOf({ properties = {} }: z.core.JSONSchema.BaseSchema, path = ''): string[][] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    if (typeof schema === 'boolean') return []
    if (schema.properties) return rowsOf(schema, `${path}${name}.`)
    return [[`${path}${name}`, ...[schema.default, schema.minimum, schema.maximum].map(String)]]
  })
}
