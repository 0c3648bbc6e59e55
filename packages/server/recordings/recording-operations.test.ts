import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeKey } from '../key.ts'
import { ApiCaller } from '../testing/api-caller.ts'
import { API_SECRET, SECRET } from '../testing/house.ts'
import { feedback, RECORDED_KEY, RecordedHouse, type RecordingJson, record, tell } from '../testing/recorded-house.ts'

const OTHER = { ...makeKey('other', SECRET), apiKey: 'other-api', apiSecrets: [API_SECRET] }
const A_LINK_MS = 10 * 60_000

interface Page {
  next_page_token: string
  recordings: RecordingJson[]
}

let recorded: RecordedHouse
let other: ApiCaller
beforeEach(async () => {
  recorded = await RecordedHouse.open({ keys: [RECORDED_KEY, OTHER] })
  other = new ApiCaller(recorded.house, 'other-api')
})
afterEach(() => recorded.close())

/** A recorded session, over when `ended`. */
async function make(ended = true): Promise<RecordingJson> {
  // So that it is the newest.
  recorded.house.clock.advance(1_000)
  const { customer } = await recorded.pair()
  record(customer.line, 1, 'page')
  await feedback(customer.line)
  if (ended) {
    customer.line.say({ type: 'end' })
    await customer.line.expect('ended')
    await recorded.ended()
  }
  return (await recorded.recordings())[0]!
}

const open = (link: unknown) =>
  fetch(`${recorded.house.server.origin}/desk/recording`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link }),
  })

const makeLink = async (id: string) => {
  const person = { user_id: 'sue', user_name: 'Sue' }
  const path = `/alongside/recordings/${id}/playback_link`
  const { url, expires_at } = await recorded.api.ok<{ url: string; expires_at: string }>(path, 'POST', person)
  return { url, expires_at, link: new URL(url).hash.replace('#link=', '') }
}

test('REC-20 lists the recordings of a key and of a session, and tells of one', async () => {
  for (let i = 0; i < 31; i++) await make(false)
  const first = await recorded.api.ok<Page>('/alongside/recordings')
  expect(first.recordings).toHaveLength(30)
  const second = await recorded.api.ok<Page>(`/alongside/recordings?next_page_token=${first.next_page_token}`)
  const all = [...first.recordings, ...second.recordings]
  expect(second.next_page_token).toBe('')
  expect(new Set(all.map(({ recording_id }) => recording_id)).size).toBe(31)
  expect(all.map(({ start_time }) => start_time)).toEqual(
    all
      .map(({ start_time }) => start_time)
      .sort()
      .reverse(),
  )
  const { recording_id, session_id } = all[3]!
  const path = `/alongside/sessions/${session_id}/recordings`
  expect((await recorded.api.ok<Page>(path)).recordings).toEqual([all[3]])
  expect(await recorded.api.ok(`/alongside/recordings/${recording_id}`)).toEqual(all[3])
  expect(await recorded.api.refusal('/alongside/recordings?page_size=7')).toMatchObject({ status: 400, code: 300 })
  expect(await recorded.api.refusal('/alongside/recordings?next_page_token=x')).toMatchObject({ code: 30101 })
  const { started } = await recorded.house.customer()
  expect(await recorded.api.ok(`/alongside/sessions/${started.sessionId}/recordings`)).toMatchObject({ recordings: [] })
})

test('REC-21 deletes a recording for good, and refuses while it goes on', async () => {
  const { recording_id: id } = await make()
  const live = await make(false)
  expect(await recorded.api.refusal(`/alongside/recordings/${live.recording_id}`, 'DELETE')).toMatchObject({
    status: 409,
    message: expect.stringContaining('End the session'),
  })
  const { link } = await makeLink(id)
  expect(recorded.files()).toHaveLength(2)
  expect(await recorded.api.ok(`/alongside/recordings/${id}`, 'DELETE')).toEqual({ recording_id: id })
  expect(recorded.files()).toHaveLength(1)
  for (const [path, method] of [
    ['', 'GET'],
    ['', 'DELETE'],
    ['/file', 'GET'],
  ] as const)
    expect(await recorded.api.refusal(`/alongside/recordings/${id}${path}`, method)).toMatchObject({ status: 404 })
  expect((await open(link)).status).toBe(404)
})

test('REC-22 gives another key nothing, and knows no recording that is not there', async () => {
  const { recording_id: id, session_id } = await make()
  expect(await other.ok('/alongside/recordings')).toMatchObject({ recordings: [] })
  const person = { user_id: 'eve', user_name: 'Eve' }
  for (const [path, method, body] of [
    ['', 'GET'],
    ['', 'DELETE'],
    ['/file', 'GET'],
    ['/playback_link', 'POST', person],
  ] as const) {
    const refused = { status: 404, code: 404, message: 'Recording does not exist' }
    expect(await other.refusal(`/alongside/recordings/${id}${path}`, method, body)).toEqual(refused)
    for (const name of ['x', 'x'.repeat(22), '%00', '..%2f..%2fetc'])
      expect(await recorded.api.refusal(`/alongside/recordings/${name}${path}`, method, body)).toMatchObject({
        status: 404,
      })
  }
  expect(await other.refusal(`/alongside/sessions/${session_id}/recordings`)).toMatchObject({ code: 30300 })
  expect(await recorded.api.refusal('/alongside/sessions/%00/recordings')).toMatchObject({ code: 30300 })
  expect(await recorded.told(id)).toHaveLength(4)
})

test('REC-23 a playback link brings the recording once and for ten minutes', async () => {
  const { recording_id: id } = await make()
  const { url, expires_at, link } = await makeLink(id)
  expect(url).toBe(`${recorded.house.server.origin}/desk/recording#link=${link}`)
  expect(link).toMatch(/^[\w-]{43}$/)
  expect(expires_at).toBe('2030-01-01T00:10:01Z')
  const answer = await open(link)
  expect(answer.headers.get('content-type')).toBe('application/vnd.alongside.recording')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(tell(new Uint8Array(await answer.arrayBuffer()))).toEqual(await recorded.told(id))
  const used = await open(link)
  expect([used.status, await used.json()]).toEqual([
    404,
    { code: 1118, message: 'This link was used already or has run out. Ask for a new one.' },
  ])
  const late = await makeLink(id)
  recorded.house.clock.advance(A_LINK_MS)
  for (const wrong of [late.link, 'x', '', 7, null]) expect((await open(wrong)).status).toBe(404)
  expect(await recorded.api.refusal(`/alongside/recordings/${id}/playback_link`, 'POST', {})).toMatchObject({
    status: 400,
  })
})

test('REC-24 the audit names who made a link, watched, downloaded and deleted', async () => {
  const { recording_id: id, session_id } = await make()
  const { link } = await makeLink(id)
  await (await open(link)).arrayBuffer()
  await recorded.download(id)
  await recorded.api.ok(`/alongside/recordings/${id}`, 'DELETE')
  const { events } = await recorded.api.ok<{ events: { action: string }[] }>(
    `/alongside/sessions/${session_id}/audit_events`,
  )
  const details = { recordingId: id }
  expect(events.filter(({ action }) => action.startsWith('recording')).reverse()).toMatchObject([
    { action: 'recording.started', details },
    { action: 'recording.ended', details },
    { action: 'recording.link_made', user_id: 'sue', details },
    { action: 'recording.viewed', user_id: 'sue', user_name: 'Sue', ip_address: '127.0.0.1', details },
    { action: 'recording.downloaded', details },
    { action: 'recording.deleted', details },
  ])
})
