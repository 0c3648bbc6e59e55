import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { PROTOCOL_VERSION } from '@alongside/protocol'
import { expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { SECRET } from '../testing/house.ts'
import { Line } from '../testing/line.ts'
import { feedback, RECORDED_KEY, record } from '../testing/recorded-house.ts'
import { mintToken } from '../token.ts'

const MAIN = join(import.meta.dirname, '../main.ts')

/** Blocks of 512 or 1,024 bytes that each of the server's files may have: what the system then says is what it says of a
 *  quota that is used up. */
const BLOCKS = 64

test('REC-13 where the disk takes no more the session goes on, and the file is whole up to there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'disk-full-'))
  const key = { sdkKey: 'shop', sdkSecret: new TextDecoder().decode(SECRET), recording: 'on' }
  const child = spawn('sh', ['-c', `ulimit -f ${BLOCKS}; exec "$0" "$1"`, process.execPath, MAIN], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      DATABASE_URL: 'sqlite::memory:',
      RECORDINGS_FOLDER: join(folder, 'recordings'),
      ALONGSIDE_KEYS: JSON.stringify([key]),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = text(child.stderr)
  const [ready] = await once(child.stdout, 'data')
  const port = Number(/:(\d+)\/\n$/.exec(String(ready))?.[1])
  const token = (role: 1 | 2, userId: string) =>
    mintToken(RECORDED_KEY, { role, userId, userName: userId, seconds: 1_800, enableByop: 0 }, systemClock)
  const customer = await Line.open(port)
  customer.say({ type: 'start', version: PROTOCOL_VERSION, token: await token(1, 'cora') })
  await customer.expect('started')
  const { pin } = await customer.expect('pin')
  const agent = await Line.open(port)
  agent.say({ type: 'join', version: PROTOCOL_VERSION, token: await token(2, 'ana'), pinCode: pin })
  const { participant } = await agent.expect('asked')
  await customer.expect('agent_requested')
  customer.say({ type: 'consent', participant, granted: true })
  await customer.expect('agent_joined')
  await agent.expect('joined')
  expect(await agent.expect('recording')).toMatchObject({ recorded: true })
  record(customer, 1, 'page')
  expect(await feedback(customer)).toBe('ack 0 1')
  record(customer, 2, new Uint8Array(100_000))
  expect(await customer.expect('recording')).toEqual({ type: 'recording', recorded: false })
  expect(await agent.expect('recording')).toEqual({ type: 'recording', recorded: false })
  agent.say({ type: 'leave' })
  expect(await customer.expect('agent_left')).toMatchObject({ reason: 'left' })
  const [name = ''] = readdirSync(join(folder, 'recordings'))
  expect(statSync(join(folder, 'recordings', name)).size).toBeLessThanOrEqual(BLOCKS * 1_024)
  await Promise.all([customer.close(), agent.close()])
  child.kill('SIGTERM')
  await once(child, 'exit')
  expect(await log).toMatch(/"event":"recording failed".*"reason":"disk_full"/)
  rmSync(folder, { recursive: true })
})
