import { ACTION_LIFETIME_MS, type ActionFrame, type AgentMessage, type AssistType } from '@alongside/protocol'
import { expect, test } from 'vitest'
import { RemoteAssist } from './remote-assist.ts'

const TYPES: AssistType[] = ['click', 'type']
const PLACE = { node: 5, x: 0.5, y: 0.5 }

/** What an agent's session gives to remote assist, written down. */
function scene({ live = true, connected = true } = {}) {
  const said: AgentMessage[] = []
  const actions: ActionFrame[] = []
  const events: [string, object][] = []
  const time = { now: 500 }
  const assist = new RemoteAssist(
    {
      participant: 2,
      live,
      send: (message) => said.push(message),
      sendAction: (payload) => {
        if (connected) actions.push(JSON.parse(new TextDecoder().decode(payload)))
        return connected
      },
      now: () => time.now,
      emit: (event, payload) => events.push([event, payload]),
    },
    undefined,
  )
  const hear = (frame: object) => assist.receiveResult(new TextEncoder().encode(JSON.stringify(frame)))
  return { assist, said, actions, events, time, hear }
}

/** The hand, and a page that takes actions. Its clock is far ahead of ours. */
function active() {
  const all = scene()
  all.assist.receive({ type: 'assist_started', participant: 2, types: TYPES })
  all.hear({ page: 0.25, clock: 9_000_000 })
  return all
}

test('RA-60 an action carries the page’s own clock, so that a clock that is wrong here does not matter', () => {
  const { assist, actions, time, hear } = active()
  time.now += 300
  void assist.click(PLACE)
  expect(actions[0]).toMatchObject({ page: 0.25, until: 9_000_300 + ACTION_LIFETIME_MS, action: { do: 'click' } })
  // The customer's clock was set back.
  hear({ id: actions[0]!.id, result: 'done', clock: 4_000 })
  void assist.click(PLACE)
  expect(actions[1]).toMatchObject({ until: 4_000 + ACTION_LIFETIME_MS })
  expect(actions[1]!.id).not.toBe(actions[0]!.id)
})

test('RA-60 each action is answered by its result, as a promise and as an event', async () => {
  const { assist, actions, events, hear } = active()
  const first = assist.click(PLACE)
  const second = assist.press('a')
  hear({ id: actions[1]!.id, result: 'masked', clock: 1 })
  hear({ id: actions[0]!.id, result: 'covered', clock: 1 })
  expect([await first, await second]).toEqual(['covered', 'masked'])
  expect(events.slice(1)).toEqual([
    ['remote_assist_result', { action: 'key', result: 'masked' }],
    ['remote_assist_result', { action: 'click', result: 'covered' }],
  ])
})

test('RA-61 nothing is sent without the hand, before the page takes actions, or while another copy is built', async () => {
  const { assist, actions, hear } = scene()
  expect(await assist.click(PLACE)).toBe('denied')
  assist.receive({ type: 'assist_started', participant: 3, types: TYPES })
  hear({ page: 0.25, clock: 1 })
  expect([assist.state, await assist.click(PLACE)]).toEqual(['other', 'denied'])
  assist.receive({ type: 'assist_stopped', participant: 3, reason: 'passed' })
  assist.receive({ type: 'assist_started', participant: 2, types: TYPES })
  const open = assist.click(PLACE)
  assist.pageChanged()
  expect([await open, await assist.click(PLACE)]).toEqual(['denied', 'denied'])
  expect(actions).toHaveLength(1)
})

test('RA-62 a request is answered by the customer’s word, and nothing that was not asked for is one', async () => {
  const { assist, said, hear } = scene()
  const asked = assist.request(['type', 'click'])
  expect([assist.state, said]).toEqual(['asking', [{ type: 'assist_request', types: ['click', 'type'] }]])
  assist.receive({ type: 'assist_started', participant: 2, types: ['type'] })
  expect(await asked).toEqual({ success: true, granted: true, types: ['type'] })
  hear({ page: 1, clock: 1 })
  expect([assist.can('type'), assist.can('click'), assist.holder]).toEqual([true, false, 2])
  const more = assist.request(['click'])
  assist.receive({ type: 'assist_rejected', participant: 2, reason: 'declined' })
  expect(await more).toEqual({ success: true, granted: false, types: [], reason: 'declined' })
  expect(assist.state).toBe('active')
  expect(await assist.request([])).toMatchObject({ success: false, error: { code: 1103, setting: 'types' } })
  expect(await scene({ live: false }).assist.request()).toMatchObject({ success: false, error: { code: 1011 } })
})

test('RA-63 an agent whose line drops learns that it may no longer have the hand', async () => {
  const { assist, events } = active()
  const open = assist.click(PLACE)
  assist.lost()
  expect(await open).toBe('denied')
  expect(assist.state).toBe('free')
  expect(events.at(-1)).toEqual(['remote_assist_stopped', { participant: 2, reason: 'connection_lost', own: true }])
})

test.each([
  '',
  'null',
  '[]',
  '{"page":"x","clock":1}',
  '{"id":1,"result":"hacked","clock":1}',
  '{"id":1,"result":"done"}',
])('RA-64 what is no result of a page changes nothing: %s', async (text) => {
  const { assist, actions } = active()
  assist.receiveResult(new TextEncoder().encode(text))
  void assist.click(PLACE)
  expect(actions[0]).toMatchObject({ page: 0.25, until: 9_000_000 + ACTION_LIFETIME_MS })
})

test('AUT-21 a page that answers nothing, or with clocks that there are not, fills no memory and stops no action', async () => {
  const { assist, actions, hear } = active()
  let denied = 0
  for (let n = 0; n < 5_000; n++)
    void assist.hover(PLACE).then((result) => {
      if (result === 'denied') denied++
    })
  await Promise.resolve()
  await Promise.resolve()
  expect([actions.length, denied]).toEqual([5_000, 4_000])
  for (const clock of ['1e999', '-1e999', 'null', '"now"', '{}'])
    assist.receiveResult(new TextEncoder().encode(`{"id":5000,"result":"done","clock":${clock}}`))
  for (const page of ['1e999', '[]']) assist.receiveResult(new TextEncoder().encode(`{"page":${page},"clock":1}`))
  void assist.hover(PLACE)
  expect(actions.at(-1)).toMatchObject({ page: 0.25, until: 9_000_000 + ACTION_LIFETIME_MS })
  hear({ id: 5_001, result: 'done', clock: -1e300 })
  const last = assist.hover(PLACE)
  hear({ id: 5_002, result: 'done', clock: 1e300 })
  expect(await last).toBe('done')
})
