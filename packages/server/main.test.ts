import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { PROTOCOL_VERSION } from '@alongside/protocol'
import { afterEach, expect, test } from 'vitest'
import { Line } from './testing/line.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
const running = new Set<ChildProcess>()
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
})

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], {
    // A place without a configuration file of somebody's own.
    cwd: tmpdir(),
    env: { ...process.env, DATABASE_URL: 'sqlite::memory:', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const ended = once(child, 'close').then(([code]: (number | null)[]) => {
    running.delete(child)
    return code
  })
  return { child, ended, errors: text(child.stderr) }
}

async function startReady(env: Record<string, string> = {}) {
  const { child, ended, errors } = start({ PORT: '0', ...env })
  const [line] = await once(child.stdout, 'data')
  const port = Number(/http:\/\/127\.0\.0\.1:(\d+)\/\n$/.exec(String(line))?.[1])
  return { child, ended, errors, port, line: String(line) }
}

async function tokenFor(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"role":1}',
  })
  return ((await answer.json()) as { token: string }).token
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  'OPS-106 prints its address, and on %s closes every socket and exits with 0',
  async (signal) => {
    const { child, ended, errors, port, line } = await startReady()
    expect(line).toBe(`Alongside is ready: http://127.0.0.1:${port}/\n`)
    expect(await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()).toEqual({ status: 'ok' })
    const token = await tokenFor(port)
    const customer = await Line.open(port)
    customer.say({ type: 'start', version: PROTOCOL_VERSION, token })
    await customer.expect('started')
    await customer.expect('pin')
    child.kill(signal)
    expect(await customer.expectClosed()).toBe(1001)
    expect(await ended).toBe(0)
    expect(await errors).toContain('"server stopping"')
  },
)

test('SES-146 a killed process leaves its sessions, and the key of development mode, to the next', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'killed-'))
  const env = { DATABASE_URL: `sqlite:${folder}/alongside.db` }
  const first = await startReady(env)
  const token = await tokenFor(first.port)
  const customer = await Line.open(first.port)
  customer.say({ type: 'start', version: PROTOCOL_VERSION, token })
  const { sessionId, secret } = await customer.expect('started')
  const { pin } = await customer.expect('pin')
  const resumed = await Line.open(first.port)
  resumed.say({ type: 'resume', version: PROTOCOL_VERSION, sessionId, secret })
  const next = await resumed.expect('resumed')
  // Until the records are written: nobody waits for that.
  for (let trip = 0; trip < 50; trip++) await resumed.settle()
  await resumed.prove()
  for (let trip = 0; trip < 50; trip++) await resumed.settle()
  first.child.kill('SIGKILL')
  await first.ended
  const second = await startReady(env)
  const former = await Line.open(second.port)
  former.say({ type: 'resume', version: PROTOCOL_VERSION, sessionId, secret })
  expect(await former.expect('error')).toEqual({ type: 'error', code: 1107 })
  const back = await Line.open(second.port)
  back.say({ type: 'resume', version: PROTOCOL_VERSION, sessionId, secret: next.secret })
  expect(await back.expect('resumed')).toMatchObject({ agents: [] })
  expect(await back.expect('pin')).toMatchObject({ pin })
  const other = await Line.open(second.port)
  other.say({ type: 'start', version: PROTOCOL_VERSION, token })
  await other.expect('started')
  second.child.kill('SIGTERM')
  expect(await second.ended).toBe(0)
  rmSync(folder, { recursive: true })
})

test('CFG-14 prints no secret of a key, at any level of the log', async () => {
  const secrets = ['SDK', 'API', 'HOOK'].map((name) => `the ${name} secret of thirty-two characters`)
  const [sdkSecret, apiSecret, secret] = secrets
  const webhooks = [{ url: 'https://hooks.example/in', secret }]
  const keys = [{ sdkKey: 'shop', sdkSecret, apiKey: 'api', apiSecret, webhooks }]
  const { child, ended, errors, port, line } = await startReady({
    LOG_LEVEL: 'trace',
    ALONGSIDE_KEYS: JSON.stringify(keys),
  })
  const customer = await Line.open(port)
  customer.say({ type: 'start', version: PROTOCOL_VERSION, token: 'no token' })
  await customer.expect('error')
  for (const path of ['desk?access_token=x', 'v2/cobrowsesdk/live_sessions', 'v2/alongside/settings', 'metrics'])
    await (await fetch(`http://127.0.0.1:${port}/${path}`, { headers: { authorization: 'Bearer a.b.c' } })).text()
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  const said = `${line}${await errors}`
  expect(said).toContain('"peer refused"')
  for (const one of secrets) expect(said).not.toContain(one)
})

test('OPS-107 exits at once on the same signal again', async () => {
  const { child, ended, port } = await startReady()
  const customer = await Line.open(port)
  // This peer never answers the close, so the first signal alone would have to wait for it.
  customer.socket.pause()
  child.kill('SIGINT')
  await once(child.stderr, 'data')
  child.kill('SIGINT')
  expect(await ended).toBe(130)
  customer.socket.resume()
  await customer.close()
})

test('OPS-110 takes SIGINT and SIGTERM together for one wish to stop', async () => {
  const { child, ended, port } = await startReady()
  const silent = await Line.open(port)
  child.kill('SIGINT')
  child.kill('SIGTERM')
  expect(await silent.expectClosed()).toBe(1001)
  expect(await ended).toBe(0)
})

test('OPS-108 says in one sentence which port is taken and what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const { ended, errors } = start({ PORT: String(port) })
  expect(await ended).toBe(1)
  expect(await errors).toBe(
    `Port ${port} is in use by another program. Stop that program, or choose another port: PORT=${port + 1} npm start\n`,
  )
  other.close()
})

test('OPS-109 says in one sentence which setting is wrong', async () => {
  for (const [env, name] of [
    [{ PORT: 'http' }, 'PORT'],
    [{ HOST: '0.0.0.0' }, 'HOST'],
    [{ HOST: '192.0.2.1', ALONGSIDE_KEYS: '[{"sdkKey":"a","sdkSecret":"a secret of thirty-two characters"}]' }, 'HOST'],
  ] as const) {
    const { ended, errors } = start(env)
    expect(await ended).toBe(1)
    expect(await errors).toMatch(new RegExp(`^${name}: .*\\.\\n$`))
  }
})
