import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { PROTOCOL_VERSION } from '@alongside/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from './clock.ts'
import { readConfig, startServer } from './index.ts'
import { API_SECRET, KEY } from './testing/house.ts'
import { Line } from './testing/line.ts'
import { feedback, RecordedHouse, record } from './testing/recorded-house.ts'
import { verifyToken } from './token.ts'

const CLI = join(import.meta.dirname, 'cli.ts')
const FILE = 'alongside.config.json'
const A_DAY_MS = 86_400_000

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alongside-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Runs the real program in a folder of its own. */
async function run(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: code as number, out, errors }
}

const fileText = () => readFile(join(folder, FILE), 'utf8')
const config = () => readConfig({}, folder)

test('CLI-1 makes a key with secrets that nobody can guess, prints it once and changes nothing', async () => {
  const { code, out, errors } = await run([
    'key',
    'create',
    'shop',
    '--company',
    'Northwind',
    '--origin',
    'https://a.example',
    'https://b.example',
  ])
  expect(code).toBe(0)
  const secret = expect.stringMatching(/^[\w-]{43}$/)
  expect(JSON.parse(out)).toEqual({
    sdkKey: 'shop',
    sdkSecret: secret,
    apiKey: 'shop-api',
    apiSecret: secret,
    company: 'Northwind',
    allowedOrigins: ['https://a.example', 'https://b.example'],
  })
  expect(errors).toMatch(/^Add this to "keys" in alongside\.config\.json/)
  await expect(fileText()).rejects.toThrow('ENOENT')
  const other = await run(['key', 'create', 'shop'])
  expect(JSON.parse(other.out).sdkSecret).not.toBe(JSON.parse(out).sdkSecret)
})

test('CLI-2 adds a key to the configuration file, for its owner’s eyes only, and keeps what is there', async () => {
  await writeFile(join(folder, FILE), '{"port":5000,"limits":{"maxAgents":3}}')
  const first = await run(['key', 'create', 'shop', '--write'])
  const second = await run(['key', 'create', 'bank', '--write'])
  expect([first.code, second.code]).toEqual([0, 0])
  expect(config()).toMatchObject({
    port: 5000,
    limits: { maxAgents: 3 },
    keys: [{ sdkKey: 'shop' }, { sdkKey: 'bank' }],
  })
  expect(JSON.parse(await fileText()).keys).toEqual([JSON.parse(first.out), JSON.parse(second.out)])
  expect((await stat(join(folder, FILE))).mode & 0o777).toBe(0o600)
})

test('CLI-3 leaves the file as it is when it or the key is wrong', async () => {
  await run(['key', 'create', 'shop', '--write'])
  const before = await fileText()
  const twice = await run(['key', 'create', 'shop', '--write'])
  expect([twice.code, twice.out]).toEqual([1, ''])
  expect(twice.errors).toMatch(/^alongside\.config\.json: keys\[1\]\.sdkKey: is there twice/)
  const named = await run(['key', 'create', 'a/b', '--write'])
  expect([named.code, named.errors]).toEqual([1, expect.stringMatching(/keys\[1\]\.sdkKey: must be 1 to 64 letters/)])
  expect(await fileText()).toBe(before)
  await writeFile(join(folder, FILE), '{"port":')
  expect(await run(['key', 'create', 'bank', '--write'])).toMatchObject({ code: 1, out: '' })
  expect(await fileText()).toBe('{"port":')
})

test('CLI-4 mints tokens that the server of this configuration accepts', async () => {
  await run(['key', 'create', 'shop', '--write'])
  const keys = new Map(config().keys.map((key) => [key.sdkKey, key]))
  const rules = { keys, clock: systemClock, minTokenSeconds: 1_800 }
  const agent = await run(['token', 'mint', '--role', 'agent', '--user', 'ana', '--name', 'Ana Lee'])
  expect(agent).toMatchObject({ code: 0, errors: '' })
  expect(await verifyToken(agent.out.trim(), 'agent', rules)).toMatchObject({ userId: 'ana', userName: 'Ana Lee' })
  const customer = await run(['token', 'mint', '--role', 'customer', '--user', 'c1', '--own-pin', '--minutes', '30'])
  expect(await verifyToken(customer.out.trim(), 'customer', rules)).toMatchObject({ userName: 'c1', ownPin: true })
})

test.each([
  [['token', 'mint', '--user', 'a'], /--role/],
  [['token', 'mint', '--role', 'boss', '--user', 'a'], /agent, customer, api/],
  [['token', 'mint', '--role', 'agent'], /^--user: is missing/],
  [['token', 'mint', '--role', 'agent', '--user', 'x'.repeat(81)], /^--user: must have 1 to 80/],
  [['token', 'mint', '--role', 'agent', '--user', 'a', '--minutes', '29'], /^--minutes: must be 30 to 2880/],
  [['token', 'mint', '--role', 'agent', '--user', 'a', '--minutes', '2881'], /^--minutes: must be 30 to 2880/],
  [['token', 'mint', '--role', 'agent', '--user', 'a', '--minutes', 'ten'], /whole number/],
  [['token', 'mint', '--role', 'agent', '--user', 'a', '--key', 'bank'], /^There is no key "bank"/],
  [['sessions', 'list', '--server', 'ftp://a.example'], /^--server: must be an address/],
  [['sessions', 'list', '--server', 'http://127.0.0.1:1'], /^No server answers at http:\/\/127\.0\.0\.1:1\./],
  [['sesions'], /unknown command/],
  [['key', 'create'], /missing required argument/],
])('CLI-5 says what is wrong with a call, and ends with 1: %j', async (args, expected) => {
  const env = {
    ALONGSIDE_KEYS: JSON.stringify([{ sdkKey: 'shop', sdkSecret: SECRET, apiKey: 'a', apiSecret: SECRET }]),
  }
  const { code, out, errors } = await run(args, env)
  expect([code, out]).toEqual([1, ''])
  expect(errors).toMatch(expected)
  expect(errors).not.toContain('    at ')
})

test('CLI-5 needs a key, and a choice among several', async () => {
  const mint = ['token', 'mint', '--role', 'agent', '--user', 'a']
  expect(await run(mint)).toMatchObject({ code: 1, errors: expect.stringMatching(/^There is no key\. Make one/) })
  await run(['key', 'create', 'shop', '--write'])
  await run(['key', 'create', 'bank', '--write'])
  expect(await run(mint)).toMatchObject({ code: 1, errors: expect.stringMatching(/^There are several keys\./) })
  expect(await run([...mint, '--key', 'bank'])).toMatchObject({ code: 0 })
})

test('CLI-6 lists the live sessions of a running server', async () => {
  await run(['key', 'create', 'shop', '--write'])
  const server = await startServer({ keys: config().keys })
  const list = (...more: string[]) => run(['sessions', 'list', '--server', server.origin, ...more])
  expect(await list()).toEqual({ code: 0, out: 'There is no live session.\n', errors: '' })
  const line = await Line.open(server.port)
  const { out: token } = await run(['token', 'mint', '--role', 'customer', '--user', 'c1', '--name', 'Cora'])
  line.say({ type: 'start', version: PROTOCOL_VERSION, token: token.trim() })
  const { sessionId } = await line.expect('started')
  const { pin } = await line.expect('pin')
  const { out } = await list()
  expect(out).toMatch(new RegExp(`^SESSION +STARTED +CUSTOMER +AGENTS\n${sessionId}  [0-9T:.-]+Z?  Cora +-\n$`))
  expect(out).not.toContain(pin)
  expect(JSON.parse((await list('--json')).out)).toMatchObject([{ session_id: sessionId, session_pin: pin }])
  // Another company's key does not see it, and one that the server does not know is told so.
  await run(['key', 'create', 'bank', '--write'])
  expect(await list('--key', 'bank')).toMatchObject({
    code: 1,
    errors: expect.stringMatching(/does not know this API key/),
  })
  await line.close()
  await server.close()
})

test('CLI-8 lists and deletes the recordings of a running server, one and the old ones', async () => {
  const recorded = await RecordedHouse.open()
  const { origin } = recorded.house.server
  const key = { sdkKey: 'shop', sdkSecret: SECRET, apiKey: KEY.apiKey, apiSecret: new TextDecoder().decode(API_SECRET) }
  const cli = (...args: string[]) =>
    run(['recordings', ...args, '--server', origin], { ALONGSIDE_KEYS: JSON.stringify([key]) })
  // The house's clock stands in 2030, and the program's tokens are of today.
  recorded.house.clock.sleep(Date.now() - 3 * A_DAY_MS - recorded.house.clock.now())
  const make = async () => {
    const { customer } = await recorded.pair()
    record(customer.line, 1, 'page')
    await feedback(customer.line)
    customer.line.say({ type: 'end' })
    await customer.line.expect('ended')
    return (await recorded.ended()).recording_id
  }
  await make()
  recorded.house.clock.sleep(3 * A_DAY_MS)
  const id = await make()
  const listed = await cli('list')
  expect(listed.out.split('\n')).toHaveLength(4)
  expect(listed.out).toMatch(
    new RegExp(`RECORDING +STARTED +DURATION +SIZE +STATE\n${id}  [0-9T:-]+Z  00:00:00  0.0 MB  complete\n`),
  )
  expect(await cli('purge', '--older-than', '2')).toMatchObject({ code: 0, out: '1 recording is deleted.\n' })
  expect(await cli('delete', id)).toMatchObject({ code: 0, out: `The recording ${id} is deleted.\n` })
  expect(await cli('delete', id)).toMatchObject({
    code: 1,
    errors: expect.stringContaining('Recording does not exist'),
  })
  expect(recorded.files()).toEqual([])
  expect(await cli('list')).toEqual({ code: 0, out: 'There is no recording.\n', errors: '' })
  await recorded.close()
})

test('CLI-7 checks the configuration: a word about it and 0, or every wrong setting and 1', async () => {
  const fresh = await run(['config', 'check'])
  expect([fresh.code, fresh.out]).toEqual([
    0,
    expect.stringMatching(/127\.0\.0\.1, port 4000\. Keys: none, so development/),
  ])
  await run(['key', 'create', 'shop', '--write'])
  const right = await run(['config', 'check'], { HOST: '0.0.0.0', DATABASE_URL: 'postgres://admin:hunter2@db/x' })
  expect([right.code, right.out, right.errors]).toEqual([0, expect.stringMatching(/Keys: shop\.\n$/), ''])
  const open = await run(['config', 'check'], { HOST: '0.0.0.0', ALONGSIDE_KEYS: '[]' })
  expect([open.code, open.errors]).toEqual([1, expect.stringMatching(/^keys: is missing/)])
  await writeFile(join(folder, FILE), '{"port":"x","keys":[{"sdkKey":"shop","sdkSecret":"hunter2"}]}')
  const wrong = await run(['config', 'check'])
  expect([wrong.code, wrong.out]).toEqual([1, ''])
  const lines = wrong.errors.trim().split('\n')
  expect(lines.map((line) => line.split(': ')[1])).toEqual(['port', 'keys[0].sdkSecret'])
  expect(wrong.errors + right.out).not.toContain('hunter2')
})

const SECRET = 'a secret of thirty-two characters'
