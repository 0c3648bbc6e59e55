import { beforeAll, describe, expect, test } from 'vitest'
import { type DeskEvent, type DeskState, FORM, type OpenSession, step } from './desk-state.ts'
import { speak } from './texts/language.ts'

beforeAll(() => speak('en'))

const OPEN: OpenSession = {
  name: 'open',
  customerName: 'Cora',
  participant: 2,
  watchOnly: false,
  recorded: false,
  picture: 'loading',
  again: false,
  line: 'good',
  focused: true,
  tab: 1,
  tabs: [],
  paused: false,
  others: [],
  viewport: undefined,
  title: '',
  site: '',
  browser: {},
}
const TABS = [
  { tab: 1, site: 'shop.example' },
  { tab: 2, site: 'pay.shop.example' },
]
const BEA = { participant: 3, userId: 'b', userName: 'Bea' }
const BEA_IN = { ...BEA, connected: true, watchOnly: false }
const SEAT = { customerName: 'Cora', participant: 2, watchOnly: false, recorded: false }
const REFUSED = { code: 1013, name: 'SESSION_AGENT_COUNT_LIMIT', errorMsg: 'All places are taken.' }

function after(...events: DeskEvent[]): DeskState {
  return events.reduce(step, FORM)
}

describe('the states of the desk', () => {
  test('DSK-11 a join goes from the form over the question to the page', () => {
    expect(after({ type: 'join' })).toEqual({ name: 'connecting' })
    expect(after({ type: 'join' }, { type: 'session_waiting', customerName: 'Cora' })).toEqual({
      name: 'asking',
      customerName: 'Cora',
    })
    expect(
      after({ type: 'join' }, { type: 'session_waiting', customerName: 'Cora' }, { type: 'session_joined', ...SEAT }),
    ).toEqual(OPEN)
  })

  test.each<[DeskEvent, Partial<OpenSession>]>([
    [{ type: 'view_ready' }, { picture: 'shown' }],
    [{ type: 'recording_changed', recorded: true }, { recorded: true }],
    [{ type: 'session_paused' }, { paused: true }],
    [{ type: 'session_resumed' }, { paused: false }],
    [{ type: 'session_reconnecting' }, { line: 'reconnecting' }],
    [{ type: 'customer_connection', connected: false, left: false }, { line: 'customer_lost' }],
    [{ type: 'customer_connection', connected: false, left: true }, { line: 'customer_left' }],
    [{ type: 'customer_connection', connected: true, left: false }, { line: 'good' }],
    [{ type: 'customer_focus', focused: false }, { focused: false }],
    [
      { type: 'customer_transferred', tab: 2, tabs: TABS },
      { tab: 2, tabs: TABS },
    ],
    [{ type: 'viewport_changed', width: 800, height: 600 }, { viewport: { width: 800, height: 600 } }],
    [{ type: 'agent_joined', ...BEA }, { others: [BEA_IN] }],
    [
      { type: 'page_changed', title: 'Basket', site: 'shop.example', browser: { name: 'Firefox', os: 'Android' } },
      { title: 'Basket', site: 'shop.example', browser: { name: 'Firefox', os: 'Android' } },
    ],
  ])('DSK-11 a session that is open takes up %j', (event, change) => {
    expect(step(OPEN, event)).toEqual({ ...OPEN, ...change })
  })

  test('INR-43 a hidden page that is made again stays hidden until it is there', () => {
    const hidden: OpenSession = { ...OPEN, picture: 'hidden' }
    const again = step(hidden, { type: 'view_again' })
    expect(again).toEqual({ ...hidden, again: true })
    expect(step(again, { type: 'view_ready' })).toEqual(again)
    expect(step(again, { type: 'view_hidden' })).toEqual(hidden)
    expect(step(again, { type: 'view_restored' })).toEqual({ ...OPEN, picture: 'shown' })
  })

  test('DSK-11 an agent who joins twice is listed once, and is gone after leaving', () => {
    const twice = step(step(OPEN, { type: 'agent_joined', ...BEA }), { type: 'agent_joined', ...BEA })
    expect(twice).toEqual({ ...OPEN, others: [BEA_IN] })
    const lost = step(twice, { type: 'agent_connection', userId: 'b', connected: false })
    expect(lost).toEqual({ ...OPEN, others: [{ ...BEA_IN, connected: false }] })
    expect(step(twice, { type: 'agent_left', ...BEA })).toEqual(OPEN)
  })

  test('DSK-11 a session that reconnected is good again and keeps its picture', () => {
    const cut: DeskState = { ...OPEN, picture: 'shown', line: 'reconnecting' }
    expect(step(cut, { type: 'session_reconnected' })).toEqual({ ...OPEN, picture: 'shown' })
  })

  test('DSK-11 an end after leaving changes nothing', () => {
    const left = step(OPEN, { type: 'left' })
    expect(left).toEqual({ name: 'ended', reason: 'left' })
    expect(step(left, { type: 'session_ended', reason: 'customer_ended' })).toBe(left)
    expect(step(FORM, { type: 'session_ended', reason: 'customer_ended' })).toBe(FORM)
  })

  test('DSK-11 events of a session mean nothing at the form', () => {
    const joined = { type: 'session_joined', ...SEAT } as const
    for (const event of [{ type: 'view_ready' }, joined, { type: 'session_paused' }] as const)
      expect(step(FORM, event)).toBe(FORM)
  })

  test('DSK-10 an error from anywhere ends on its page, or at the form', () => {
    for (const state of [FORM, { name: 'connecting' } as const, OPEN]) {
      expect(step(state, { type: 'failed', failure: REFUSED })).toMatchObject({ name: 'failed' })
      expect(step(state, { type: 'failed', failure: { ...REFUSED, code: 1006 } })).toMatchObject({ name: 'form' })
    }
  })
})
