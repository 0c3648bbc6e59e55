import {
  ACTION_LIFETIME_MS,
  type Action,
  type AssistType,
  type CustomerMessage,
  type ResultFrame,
} from '@alongside/protocol'
import { afterEach, expect, test } from 'vitest'
import { Panel } from '../panel/panel.ts'
import type { Load, Part, PartContext } from '../part.ts'
import type { OpenSession } from '../session-state.ts'
import type { CustomerSettings } from '../settings.ts'
import { createPart } from './assist.ts'

const TYPES: AssistType[] = ['click', 'type']
const CLICK: Action = { do: 'click', at: { node: 1, x: 0.5, y: 0.5 }, button: 0, count: 1, keys: 0 }
const THE_COPY = 0.25

/** The part as a session has it, with everything that it says and tells. Its customer agreed unless a test asks. */
class Session {
  readonly said: CustomerMessage[] = []
  readonly results: ResultFrame[] = []
  readonly events: [string, object][] = []
  readonly part: Part
  now = 1_000_000
  clicks = 0
  paused = false
  standing: 'live' | 'granted' = 'live'
  readonly sessionId: string
  #nextId = 1

  constructor(settings: CustomerSettings['remoteAssist'] = {}, sessionId = 's') {
    this.sessionId = sessionId
    document.body.innerHTML = '<button>Buy</button>'
    const buy = document.querySelector('button')!
    buy.addEventListener('click', () => this.clicks++)
    const all: CustomerSettings = {
      remoteAssist: { enable: true, enableCustomerConsent: false, remoteAssistTypes: TYPES, ...settings },
    }
    const load = (() => new Promise(() => {})) as unknown as Load
    const nothing = () => {}
    const actions = { answer: nothing, end: nothing, pause: nothing, newPin: nothing, draw: nothing, preview: nothing }
    const panel = new Panel({ ...all, ui: { language: 'en' } }, actions, load)
    const context = {
      settings: all,
      clock: { now: () => this.now, after: () => nothing },
      session: () => this.#session(),
      copy: () => THE_COPY,
      isSeen: () => true,
      maskOf: () => 0,
      isOurs: () => false,
      nodeOf: (number: number) => (number === 1 ? buy : undefined),
      numberOf: () => 1,
      send: (message: CustomerMessage) => this.said.push(message),
      sendFrame: (_kind: string, _participant: number, payload: Uint8Array) =>
        this.results.push(JSON.parse(new TextDecoder().decode(payload))),
      emit: (event: string, payload: object) => this.events.push([event, payload]),
      layer: () => panel.layer(),
      panel,
    } as unknown as PartContext
    this.part = createPart(context)
  }

  #session(): OpenSession {
    const agent = (participant: number) =>
      [participant, { participant, userId: `a${participant}`, userName: 'Ana', standing: this.standing }] as const
    return {
      sessionId: this.sessionId,
      paused: this.paused,
      agents: new Map([agent(2), agent(3)]),
    } as unknown as OpenSession
  }

  /** An agent asks, the customer agrees, the server gives the hand. */
  async give(types = TYPES, participant = 2): Promise<this> {
    this.part.tell?.({ type: 'assist_requested', participant, types })
    await Promise.resolve()
    await Promise.resolve()
    await Promise.resolve()
    const answer = this.said.at(-1)
    if (answer?.type === 'assist_answer') this.part.tell?.({ ...answer, type: 'assist_started' })
    return this
  }

  /** What an action is answered. */
  act({ action = CLICK, id = this.#nextId++, page = THE_COPY, late = 0, participant = 2 } = {}): string | undefined {
    const before = this.results.length
    const until = this.now + ACTION_LIFETIME_MS - late
    const payload = new TextEncoder().encode(JSON.stringify({ id, page, until, action }))
    this.part.receive('action', participant, payload)
    const result = this.results.at(-1)
    return this.results.length > before && result && 'result' in result ? result.result : undefined
  }
}

let session: Session
afterEach(() => {
  session.part.close()
  sessionStorage.clear()
})

test('RA-14 the page does nothing for an agent to whom the customer did not give the hand, whatever the server says', async () => {
  session = new Session()
  expect(session.act()).toBe('denied')
  session.part.tell?.({ type: 'assist_started', participant: 2, types: TYPES })
  expect(session.said).toEqual([{ type: 'assist_stop' }])
  expect(session.act()).toBe('denied')
  await session.give()
  expect(session.act({ participant: 3 })).toBe('denied')
  expect(session.clicks).toBe(0)
  // The control.
  expect(session.act()).toBe('done')
  expect(session.clicks).toBe(1)
})

test('RA-14 a yes to a question that was taken back counts for nothing later', async () => {
  session = new Session()
  session.part.tell?.({ type: 'assist_requested', participant: 2, types: TYPES })
  for (let i = 0; i < 3; i++) await Promise.resolve()
  session.part.tell?.({ type: 'assist_withdrawn', participant: 2 })
  session.part.tell?.({ type: 'assist_started', participant: 2, types: TYPES })
  expect(session.said.at(-1)).toEqual({ type: 'assist_stop' })
  expect(session.act()).toBe('denied')
})

test('RA-14 no more kinds than the page allows, and none that was not asked for', async () => {
  session = new Session()
  await session.give(['click', 'navigate'])
  expect(session.said).toEqual([{ type: 'assist_answer', participant: 2, types: ['click'] }])
  expect(session.act({ action: { do: 'key', key: 'a', code: '', keys: 0 } })).toBe('denied')
  expect(session.act({ action: { do: 'go', to: 'reload' } })).toBe('denied')
  expect(session.act()).toBe('done')
})

test('RA-15 an action is done once: a second one with its number is refused', async () => {
  session = await new Session().give()
  expect(session.act({ id: 7 })).toBe('done')
  expect(session.act({ id: 7 })).toBe('denied')
  expect(session.clicks).toBe(1)
})

test('RA-15 what an agent sent before the hand went on is not done after, nor twice when they have it again', async () => {
  session = await new Session().give()
  expect(session.act({ id: 7 })).toBe('done')
  await session.give(TYPES, 3)
  // Still under way when the customer said yes to the other.
  expect([session.act({ id: 8 }), session.act({ id: 7 })]).toEqual(['denied', 'denied'])
  // Each agent counts for itself.
  expect(session.act({ id: 7, participant: 3 })).toBe('done')
  await session.give()
  expect([session.act({ id: 7 }), session.act({ id: 7, participant: 3 })]).toEqual(['denied', 'denied'])
  expect(session.clicks).toBe(2)
})

test('RA-15 an action is too late two seconds after it was sent, and one for later is none', async () => {
  session = await new Session().give()
  expect(session.act({ late: ACTION_LIFETIME_MS + 1 })).toBe('denied')
  expect(session.act({ late: -1 })).toBe('denied')
  expect(session.clicks).toBe(0)
  expect(session.act({ late: ACTION_LIFETIME_MS })).toBe('done')
})

test('RA-15 an action for another page or an earlier copy hits nothing, and neither does one on what has gone', async () => {
  session = await new Session().give()
  expect(session.act({ page: THE_COPY / 2 })).toBe('gone')
  expect(session.act({ action: { ...CLICK, at: { node: 99, x: 0, y: 0 } } })).toBe('gone')
  expect(session.clicks).toBe(0)
})

test.each([
  'no JSON',
  '[]',
  '{"id":1}',
  '{"id":1,"page":0.25,"until":1002000,"action":{"do":"explode"}}',
  '{"id":1,"page":0.25,"until":1002000,"action":{"do":"__proto__"}}',
  '{"id":1,"page":0.25,"until":1002000,"action":{"do":"click","at":{"node":"1"},"button":9}}',
  '{"id":1,"page":0.25,"until":1e999,"action":{"do":"go","to":"reload"}}',
])('RA-16 what is no action is not answered and changes nothing: %s', async (text) => {
  session = await new Session().give()
  const before = session.results.length
  session.part.receive('action', 2, new TextEncoder().encode(text))
  expect(session.results.length).toBe(before)
  expect(session.act()).toBe('done')
})

test('RA-17 the page tells who helps and in which ways, and why no longer', async () => {
  session = await new Session().give()
  expect(session.events).toEqual([['remote_assist_started', { userId: 'a2', types: TYPES }]])
  session.part.tell?.({ type: 'assist_stopped', participant: 2, reason: 'released' })
  expect(session.events[1]).toEqual(['remote_assist_stopped', { userId: 'a2', types: TYPES, reason: 'released' }])
  expect(session.act()).toBe('denied')
})

test.each([
  ['the customer hides the page', (one: Session) => Object.assign(one, { paused: true }), 'paused'],
  ['the agent is cut off', (one: Session) => Object.assign(one, { standing: 'granted' }), 'agent_left'],
] as const)('RA-17 the hand ends in the page itself when %s', async (_name, change, reason) => {
  session = await new Session().give()
  change(session)
  session.part.changed?.()
  expect(session.events.at(-1)).toMatchObject(['remote_assist_stopped', { reason }])
  expect(session.act()).toBe('denied')
})

test('RA-18 the next page of the tab goes on with the hand, another session’s does not', async () => {
  session = await new Session().give()
  // As a page is left: nobody stops anything.
  const next = new Session()
  next.part.tell?.({ type: 'assist_started', participant: 2, types: TYPES })
  expect(next.said).toEqual([])
  expect(next.act()).toBe('done')
  next.part.close()
  const other = new Session({}, 'another')
  other.part.tell?.({ type: 'assist_started', participant: 2, types: TYPES })
  expect(other.said).toEqual([{ type: 'assist_stop' }])
  expect(other.act()).toBe('denied')
  other.part.close()
})

test('RA-18 a page that comes back to a server that knows of no hand ends it', async () => {
  session = await new Session().give()
  session.part.tell?.({ type: 'resumed' } as never)
  expect(session.events.at(-1)).toMatchObject(['remote_assist_stopped', { reason: 'connection_lost' }])
  expect(session.act()).toBe('denied')
})

test('RA-14 a yes that the customer took back by hiding the page counts for nothing later', async () => {
  session = new Session()
  session.part.tell?.({ type: 'assist_requested', participant: 2, types: TYPES })
  for (let i = 0; i < 3; i++) await Promise.resolve()
  session.paused = true
  session.part.changed?.()
  session.paused = false
  session.part.tell?.({ type: 'assist_started', participant: 2, types: TYPES })
  expect(session.said.at(-1)).toEqual({ type: 'assist_stop' })
  expect(session.act()).toBe('denied')
})

test('RA-18 what the page before had is over once the server knows of no hand', async () => {
  session = await new Session().give()
  const next = new Session()
  next.part.tell?.({ type: 'resumed' } as never)
  next.part.tell?.({ type: 'assist_started', participant: 2, types: TYPES })
  expect(next.said).toEqual([{ type: 'assist_stop' }])
  expect(next.act()).toBe('denied')
  next.part.close()
})
