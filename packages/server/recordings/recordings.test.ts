import { randomBytes } from 'node:crypto'
import { appendFileSync, readFileSync, rmdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { ConfigError, startServer } from '../index.ts'
import { createTestDatabase, DATABASES, type TestDatabase } from '../testing/databases.ts'
import { KEY } from '../testing/house.ts'
import type { Line } from '../testing/line.ts'
import { LogText } from '../testing/log-text.ts'
import { makePng } from '../testing/pictures.ts'
import { feedback, RECORDED_KEY, RecordedHouse, record, tell } from '../testing/recorded-house.ts'

const A_DAY_MS = 86_400_000

let recorded: RecordedHouse
let database: TestDatabase | undefined
afterEach(async () => {
  await recorded.close()
  await database?.remove()
  database = undefined
})

const expectBack = async (line: Line) => {
  const message = await line.expect('resumed')
  if (!('settings' in message)) throw new Error('expected the answer for a customer')
  return message
}

const bytesOf = (path: string) => statSync(path).size

const upload = (ticket: string, key: string, body: Uint8Array<ArrayBuffer>) =>
  fetch(`${recorded.house.server.origin}/assets/${ticket}/${key}`, { method: 'PUT', body })

test('REC-1 nothing is recorded unless the key says so, and nobody is told anything', async () => {
  recorded = await RecordedHouse.open({ keys: [KEY] })
  const { customer, agent } = await recorded.house.pair()
  expect(customer.started.settings).not.toHaveProperty('recording')
  record(customer.line, 1, 'page')
  await customer.line.settle()
  await agent.line.settle()
  expect([customer.line.inbox, agent.line.inbox]).toEqual([[], []])
  expect(await recorded.recordings()).toEqual([])
  expect(() => recorded.files()).toThrow('ENOENT')
})

test('REC-2 the customer is told before any agent is there, agents when they are in and when they are back', async () => {
  recorded = await RecordedHouse.open()
  const { customer, agent } = await recorded.house.pair()
  expect(customer.started.settings.recording).toBe('on')
  expect(await agent.line.expect('recording')).toEqual({ type: 'recording', recorded: true })
  await agent.line.close()
  await customer.line.close()
  const back = await recorded.house.resume(customer.started.sessionId, customer.started.secret)
  expect((await expectBack(back)).settings.recording).toBe('on')
  const again = await recorded.house.resume(agent.asked.sessionId, agent.asked.secret)
  await again.expect('resumed')
  expect(await again.expect('recording')).toEqual({ type: 'recording', recorded: true })
})

test('REC-3 a session that began without a recording has none, whatever the key says later', async () => {
  database = await createTestDatabase('SQLite')
  recorded = await RecordedHouse.open({ keys: [KEY], databaseUrl: database.url })
  const { customer } = await recorded.house.pair()
  await recorded.api.ok('/alongside/settings', 'PATCH', { recording: 'on' })
  await recorded.house.restart()
  const back = await recorded.house.resume(customer.started.sessionId, customer.started.secret)
  expect((await expectBack(back)).settings).not.toHaveProperty('recording')
  record(back, 1, 'page')
  await back.settle()
  expect(await recorded.recordings()).toEqual([])
  // The control: one that begins now.
  expect((await recorded.house.customer()).started.settings.recording).toBe('on')
})

test('REC-4 where a session is recorded, everybody is asked about, whatever the key says of consent', async () => {
  recorded = await RecordedHouse.open({ keys: [{ ...RECORDED_KEY, consent: 'agent_initiated' }] })
  expect((await recorded.house.customer()).started.settings.consent).toBe('always')
})

describe.each(DATABASES)(
  'REC-5 frames are kept as they came, with their times, and acknowledged then, on %s',
  (kind) => {
    test('and the recording is complete when the session is over', async () => {
      database = await createTestDatabase(kind)
      recorded = await RecordedHouse.open({ databaseUrl: database.url })
      const { house } = recorded
      const { customer, agent } = await recorded.pair()
      const deflated = new Uint8Array([1, 2, 3, 250])
      record(customer.line, 1, 'first')
      expect(await feedback(customer.line)).toBe('ack 0 1')
      const size = bytesOf(recorded.files()[0]!)
      house.clock.advance(1_500)
      record(customer.line, 2, deflated, 1)
      expect(await feedback(customer.line)).toBe('ack 0 2')
      expect(bytesOf(recorded.files()[0]!)).toBe(size + 4 + 12 + 16 + 9 + 8 + deflated.length)
      const [live] = await recorded.recordings()
      expect(live).toMatchObject({ state: 'recording', duration: '00:00:01', bytes: expect.any(Number) })
      expect(live).not.toHaveProperty('end_time')
      house.clock.advance(500)
      agent.line.say({ type: 'leave' })
      await customer.line.expect('agent_left')
      customer.line.say({ type: 'end' })
      await customer.line.expect('ended')
      const { sessionId } = customer.started
      const ended = await recorded.ended()
      expect(ended).toEqual({
        recording_id: expect.stringMatching(/^[\w-]{22}$/),
        session_id: sessionId,
        start_time: '2030-01-01T00:00:00Z',
        end_time: '2030-01-01T00:00:02Z',
        duration: '00:00:02',
        bytes: bytesOf(recorded.files()[0]!),
        state: 'complete',
      })
      const { participant } = agent.asked
      const startTime = Date.UTC(2030, 0, 1)
      const { recording_id: recordingId } = ended
      const bytes = await recorded.download(recordingId)
      expect(tell(bytes)).toEqual([
        [0, 'info', { recordingId, sessionId, startTime, customerName: 'Cora' }],
        [0, 'mark', { type: 'agent_joined', participant, userId: 'a1', userName: 'Agent a1' }],
        [0, 'frame', '1 first'],
        [1_500, 'frame', `2 ${new TextDecoder().decode(deflated)}`],
        [2_000, 'mark', { type: 'agent_left', participant }],
        [2_000, 'mark', { type: 'ended' }],
      ])
      expect(Buffer.from(bytes).includes(Buffer.from(deflated))).toBe(true)
    })
  },
)

test('REC-6 only what an agent is shown is kept: nothing before the answer, while paused, while no agent is there', async () => {
  recorded = await RecordedHouse.open()
  const { customer, agent } = await (async () => {
    const customer = await recorded.house.customer()
    record(customer.line, 1, 'before anybody')
    const agent = await recorded.house.asked(customer.line, customer.pin)
    record(customer.line, 1, 'before the answer')
    await customer.line.settle()
    expect(await recorded.recordings()).toEqual([])
    customer.line.say({ type: 'consent', participant: agent.asked.participant, granted: true })
    await agent.line.expect('joined')
    await customer.line.expect('agent_joined')
    return { customer, agent }
  })()
  // What came too early is of no use without its beginning, which is asked for.
  record(customer.line, 2, 'goes on before it begins')
  expect(await feedback(customer.line)).toBe('restart 0 0')
  record(customer.line, 1, 'shown')
  expect(await feedback(customer.line)).toBe('ack 0 1')
  customer.line.say({ type: 'pause', paused: true })
  record(customer.line, 2, 'while paused')
  await customer.line.settle()
  customer.line.say({ type: 'pause', paused: false })
  record(customer.line, 1, 'shown again')
  expect(await feedback(customer.line)).toBe('ack 0 1')
  await agent.line.close()
  await customer.line.settle()
  record(customer.line, 2, 'while the agent is away')
  await customer.line.settle()
  const back = await recorded.house.resume(agent.asked.sessionId, agent.asked.secret)
  await back.expect('resumed')
  expect(await feedback(customer.line)).toBe('restart 0 0')
  record(customer.line, 3, 'on its way before the restart')
  record(customer.line, 1, 'with the agent')
  expect(await feedback(customer.line)).toBe('ack 0 1')
  back.say({ type: 'end' })
  record(customer.line, 2, 'after the end')
  await customer.line.expect('ended')
  const told = await recorded.told((await recorded.ended()).recording_id)
  expect(told.filter(([, kind]) => kind === 'frame').map(([, , text]) => text)).toEqual([
    '1 shown',
    '1 shown again',
    '1 with the agent',
  ])
  expect(told.filter(([, kind]) => kind === 'mark').map(([, , mark]) => mark)).toMatchObject([
    { type: 'agent_joined' },
    { type: 'paused', paused: true },
    { type: 'paused', paused: false },
    { type: 'ended' },
  ])
})

test('REC-7 pictures and fonts are kept once each, also when another server takes the session up', async () => {
  database = await createTestDatabase('SQLite')
  recorded = await RecordedHouse.open({ databaseUrl: database.url })
  const { customer, agent } = await recorded.pair()
  const { assets } = customer.started
  await upload(assets, 'early', makePng(500, 1))
  record(customer.line, 1, 'page')
  await feedback(customer.line)
  await upload(assets, 'later', makePng(600, 2))
  await upload(assets, 'again', makePng(500, 1))
  await recorded.house.restart(1_000)
  const back = await recorded.house.resume(customer.started.sessionId, customer.started.secret)
  const { assets: next = '' } = await back.expect('resumed')
  const helper = await recorded.house.resume(agent.asked.sessionId, agent.asked.secret)
  await helper.expect('resumed')
  await upload(next, 'later', makePng(600, 2))
  await upload(next, 'new', makePng(700, 3))
  record(back, 1, 'page again')
  expect(await feedback(back)).toBe('ack 0 1')
  back.say({ type: 'end' })
  const told = await recorded.told((await recorded.ended()).recording_id)
  const files = told.flatMap(([, kind, what]) => (kind === 'asset' ? [what] : []))
  expect(files.filter((file) => (file as { bytes: number }).bytes > 0)).toEqual([
    { key: 'early', type: 'image/png', bytes: 500 },
    { key: 'later', type: 'image/png', bytes: 600 },
    { key: 'new', type: 'image/png', bytes: 700 },
  ])
  expect(files).toContainEqual({ key: 'again', type: 'image/png', bytes: 0 })
  expect(told.find(([, , what]) => what === '1 page again')?.[0]).toBe(1_000)
})

test('REC-8 no byte of the page is in a file in clear, and a chunk that was changed or moved ends the recording', async () => {
  recorded = await RecordedHouse.open()
  const { customer } = await recorded.pair()
  const secret = randomBytes(2_000)
  record(customer.line, 1, secret)
  await feedback(customer.line)
  record(customer.line, 2, 'a plain word')
  await feedback(customer.line)
  customer.line.say({ type: 'end' })
  const { recording_id: id } = await recorded.ended()
  const [path = ''] = recorded.files()
  const file = readFileSync(path)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  for (const word of [secret.subarray(0, 16), Buffer.from('a plain word'), Buffer.from('Cora')])
    expect(file.includes(word)).toBe(false)
  const whole = await recorded.told(id)
  expect(whole).toHaveLength(5)
  // A bit of the last chunk, which holds the end.
  file[file.length - 20] = (file[file.length - 20] ?? 0) ^ 1
  writeFileSync(path, file)
  expect(await recorded.told(id)).toEqual(whole.slice(0, -1))
  // The first chunk once more, in the place of the second.
  const first = file.subarray(8, 12 + file.readUInt32BE(8))
  writeFileSync(path, Buffer.concat([file.subarray(0, 8), first, first]))
  expect(await recorded.told(id)).toEqual(whole.slice(0, 1))
})

test('REC-9 with another secret than it was locked with, a recording is refused and not shown', async () => {
  database = await createTestDatabase('SQLite')
  const recordingsSecret = 'a secret of the administrator alone'
  recorded = await RecordedHouse.open({ databaseUrl: database.url, recordingsSecret })
  const { customer } = await recorded.pair()
  record(customer.line, 1, 'page')
  await feedback(customer.line)
  customer.line.say({ type: 'end' })
  const { recording_id: id } = await recorded.ended()
  await recorded.house.restart(0, { recordingsSecret: `${recordingsSecret}!` })
  expect(await recorded.api.refusal(`/alongside/recordings/${id}/file`)).toMatchObject({ status: 409 })
  await recorded.house.restart(0)
  expect(await recorded.told(id)).toHaveLength(4)
})

test('REC-10 what a crash cut off in the middle ends with the chunk before it, and the next server goes on behind that', async () => {
  database = await createTestDatabase('SQLite')
  recorded = await RecordedHouse.open({ databaseUrl: database.url })
  const { customer, agent } = await recorded.pair()
  record(customer.line, 1, 'one')
  await feedback(customer.line)
  record(customer.line, 2, 'two')
  await feedback(customer.line)
  const [path = ''] = recorded.files()
  truncateSync(path, statSync(path).size - 3)
  const { recording_id: id } = (await recorded.recordings())[0]!
  expect((await recorded.told(id)).at(-1)).toEqual([0, 'frame', '1 one'])
  await recorded.house.restart()
  const back = await recorded.house.resume(customer.started.sessionId, customer.started.secret)
  await back.expect('resumed')
  await (await recorded.house.resume(agent.asked.sessionId, agent.asked.secret)).expect('resumed')
  record(back, 1, 'three')
  expect(await feedback(back)).toBe('ack 0 1')
  back.say({ type: 'end' })
  expect(await recorded.ended()).toMatchObject({ recording_id: id, state: 'complete' })
  const told = await recorded.told(id)
  expect(told.flatMap(([, kind, what]) => (kind === 'frame' ? [what] : []))).toEqual(['1 one', '1 three'])
  expect(recorded.files()).toHaveLength(1)
})

test('REC-62 a session whose key records no longer is not recorded after a restart, and what was recorded is kept', async () => {
  database = await createTestDatabase('SQLite')
  recorded = await RecordedHouse.open({ databaseUrl: database.url })
  const { customer, agent } = await recorded.pair()
  record(customer.line, 1, 'before')
  await feedback(customer.line)
  await recorded.house.restart(0, { keys: [{ ...RECORDED_KEY, recording: 'off' }] })
  const { recording_id: id } = await recorded.ended()
  const back = await recorded.house.resume(customer.started.sessionId, customer.started.secret)
  expect(await back.expect('resumed')).not.toHaveProperty('settings.recording')
  const line = await recorded.house.resume(agent.asked.sessionId, agent.asked.secret)
  await line.expect('resumed')
  record(back, 1, 'after')
  await back.settle()
  back.say({ type: 'end' })
  await back.settle()
  expect(await recorded.told(id)).toContainEqual([0, 'frame', '1 before'])
  expect(JSON.stringify(await recorded.told(id))).not.toContain('after')
  expect(recorded.files()).toHaveLength(1)
})

test.each([
  ['ended', { state: 'complete', reason: 'server_stopped' }],
  ['failed where its file is gone', { state: 'failed', reason: 'file_missing' }],
] as const)('REC-11 a recording whose session no server goes on with is %s', async (how, expected) => {
  database = await createTestDatabase('SQLite')
  recorded = await RecordedHouse.open({ databaseUrl: database.url })
  const { customer } = await recorded.pair()
  record(customer.line, 1, 'page')
  await feedback(customer.line)
  const path = recorded.files()[0]!
  await recorded.house.server.close()
  if (how !== 'ended') rmSync(path)
  // The key is gone, and its sessions with it.
  await recorded.house.restart(0, { keys: [{ ...RECORDED_KEY, sdkKey: 'other', apiKey: 'other-api' }] })
  await recorded.house.restart()
  const ended = await recorded.ended()
  expect(ended).toMatchObject({ ...expected, bytes: how === 'ended' ? bytesOf(path) : 0 })
  if (how === 'ended') expect(await recorded.told(ended.recording_id)).toContainEqual([0, 'frame', '1 page'])
})

test('REC-12 a folder that cannot be written stops the start with one sentence, and a change of settings with 409', async () => {
  recorded = await RecordedHouse.open({ keys: [KEY] })
  const file = join(recorded.folder, 'a file')
  writeFileSync(file, '')
  const recordingsFolder = join(file, 'recordings')
  const start = startServer({ keys: [RECORDED_KEY], recordingsFolder })
  await expect(start).rejects.toThrow(ConfigError)
  await expect(start).rejects.toThrow(
    /^RECORDINGS_FOLDER: .* cannot be written \(ENOTDIR\)\. Let this user write there/,
  )
  await recorded.house.restart(0, { recordingsFolder })
  expect(await recorded.api.refusal('/alongside/settings', 'PATCH', { recording: 'on' })).toMatchObject({ status: 409 })
  expect(await recorded.api.ok('/alongside/settings')).toMatchObject({ recording: 'off' })
  await recorded.house.restart()
  expect(await recorded.api.ok('/alongside/settings', 'PATCH', { recording: 'on', recording_days: 7 })).toMatchObject({
    recording: 'on',
    recording_days: 7,
  })
})

test('REC-13 when the file cannot be written the session goes on, everybody is told, and the record says why', async () => {
  const log = new LogText()
  recorded = await RecordedHouse.open({ log: log.log })
  const { customer, agent } = await recorded.pair()
  // Where the folder was there is a file.
  const folder = join(recorded.folder, 'new')
  rmdirSync(folder)
  writeFileSync(folder, '')
  record(customer.line, 1, 'page')
  expect(await customer.line.expect('recording')).toEqual({ type: 'recording', recorded: false })
  expect(await agent.line.expect('recording')).toEqual({ type: 'recording', recorded: false })
  expect(await recorded.ended()).toMatchObject({
    state: 'failed',
    reason: expect.stringMatching(/not_writable|write_failed/),
  })
  expect(log.text).toContain('"event":"recording failed"')
  record(customer.line, 2, 'more')
  customer.line.say({ type: 'new_pin' })
  await customer.line.expect('pin')
  expect(await recorded.recordings()).toHaveLength(1)
})

test('REC-14 a recording ends where it would be larger than the limit, or where a page sends more than it may', async () => {
  recorded = await RecordedHouse.open({ limits: { maxRecordingBytes: 1024 * 1024 } })
  const { customer } = await recorded.pair()
  record(customer.line, 1, new Uint8Array(700 * 1024))
  expect(await feedback(customer.line)).toBe('ack 0 1')
  record(customer.line, 2, new Uint8Array(700 * 1024))
  expect(await feedback(customer.line)).toBe('ack 0 2')
  await customer.line.expect('recording')
  expect(await recorded.ended()).toMatchObject({ state: 'failed', reason: 'too_large' })
})

test('REC-15 a long stream is begun anew, so that a player can jump; one with few changes is not', async () => {
  recorded = await RecordedHouse.open()
  const { house } = recorded
  const { customer } = await recorded.pair()
  record(customer.line, 1, 'page')
  expect(await feedback(customer.line)).toBe('ack 0 1')
  house.clock.advance(121_000)
  record(customer.line, 2, 'a little')
  expect(await feedback(customer.line)).toBe('ack 0 2')
  record(customer.line, 3, new Uint8Array(200_000))
  expect([await feedback(customer.line), await feedback(customer.line)].sort()).toEqual(['ack 0 3', 'restart 0 0'])
  record(customer.line, 4, 'on its way')
  expect(await feedback(customer.line)).toBe('ack 0 4')
  record(customer.line, 1, 'page')
  expect(await feedback(customer.line)).toBe('ack 0 1')
})

describe.each(DATABASES)('REC-16 recordings are deleted when their key has kept them long enough, on %s', (kind) => {
  test('with their files, once a day and at the start', async () => {
    database = await createTestDatabase(kind)
    recorded = await RecordedHouse.open({ databaseUrl: database.url, keys: [{ ...RECORDED_KEY, recordingDays: 3 }] })
    const { house } = recorded
    const end = async () => {
      const { customer } = await recorded.pair()
      record(customer.line, 1, 'page')
      await feedback(customer.line)
      customer.line.say({ type: 'end' })
      await customer.line.expect('ended')
      return (await recorded.ended()).recording_id
    }
    await end()
    house.clock.advance(2 * A_DAY_MS)
    const second = await end()
    expect(recorded.files()).toHaveLength(2)
    await house.restart(1.5 * A_DAY_MS)
    const left = async () => {
      for (;;) {
        const ids = (await recorded.recordings()).map(({ recording_id }) => recording_id)
        if (ids.length === 1) return ids
      }
    }
    expect(await left()).toEqual([second])
    for (;;) if (recorded.files().length === 1) break
    const { events } = await recorded.api.ok<{ events: object[] }>(
      '/alongside/audit_events?action=recording.purged&from=2030-01-01',
    )
    expect(events).toHaveLength(1)
  })
})

test('REC-17 a file that is no recording, or no longer one, reads as an empty one', async () => {
  recorded = await RecordedHouse.open()
  const { customer } = await recorded.pair()
  record(customer.line, 1, 'page')
  await feedback(customer.line)
  const { recording_id: id } = (await recorded.recordings())[0]!
  const [path = ''] = recorded.files()
  const before = await recorded.told(id)
  appendFileSync(path, Buffer.from([255, 255, 255, 255, 1]))
  expect(await recorded.told(id)).toEqual(before)
  writeFileSync(path, 'something else')
  expect(await recorded.told(id)).toEqual([])
})
