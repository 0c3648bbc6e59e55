import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_POINTS, MAX_TEXT } from './mark.ts'
import { type AgentSays, encodeSaying, type PageSays, readAgentSays, readPageSays } from './messages.ts'

const MARK = { id: 7, tool: 'pen', colour: 1, anchor: 12, points: [0, 0, 0.5, 1], text: '', done: false } as const
const say = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

const AGENT: AgentSays[] = [
  { type: 'put', ...MARK, points: [...MARK.points] },
  { type: 'extend', id: 7, points: [1, 1] },
  { type: 'erase', author: 1, id: 3 },
  { type: 'undo' },
  { type: 'redo' },
  { type: 'clear', whose: 'all' },
  { type: 'point', tool: 'laser', colour: 7, anchor: 12, x: 0.5, y: -2 },
  { type: 'rest' },
  { type: 'read_out', anchor: 12 },
]

const PAGE: PageSays[] = [
  { type: 'put', author: 2, ...MARK, points: [...MARK.points] },
  { type: 'extend', author: 2, id: 7, points: [1, 1] },
  { type: 'remove', author: 2, id: 7 },
  { type: 'reset' },
  { type: 'point', author: 3, tool: 'pointer', colour: 0, anchor: 12, x: 0.5, y: 0.5 },
  { type: 'rest', author: 3 },
  { type: 'steps', undo: 2, redo: 0 },
  { type: 'read_out', done: true },
  { type: 'refused', code: 1121 },
]

test('ANN-6 every message of both sides is read as it was said', () => {
  for (const message of AGENT) expect(readAgentSays(encodeSaying(message))).toEqual(message)
  for (const message of PAGE) expect(readPageSays(encodeSaying(message))).toEqual(message)
})

test.each([
  ['no JSON', new Uint8Array([0xff, 0xfe, 0x7b])],
  ['no object', say(['put'])],
  ['null', say(null)],
  ['an unknown type', say({ type: 'run', code: 'alert(1)' })],
  ['an inherited type', say({ type: '__proto__' })],
  ['a tool that leaves nothing', say({ type: 'put', ...MARK, tool: 'eraser' })],
  ['a colour beyond the palette', say({ type: 'put', ...MARK, colour: 99 })],
  ['a colour that is CSS', say({ type: 'put', ...MARK, colour: 'url(https://evil.test)' })],
  ['half a point', say({ type: 'put', ...MARK, points: [1] })],
  ['no point', say({ type: 'put', ...MARK, points: [] })],
  ['a point out of this world', say({ type: 'put', ...MARK, points: [1e9, 0] })],
  ['a point that is a text', say({ type: 'put', ...MARK, points: ['0', '0'] })],
  ['too many points', say({ type: 'extend', id: 1, points: Array(MAX_POINTS * 2 + 2).fill(0) })],
  ['a text that is too long', say({ type: 'put', ...MARK, tool: 'text', text: 'x'.repeat(MAX_TEXT + 1) })],
  ['a negative number', say({ type: 'put', ...MARK, id: -1 })],
  ['a part of a number', say({ type: 'erase', author: 1.5, id: 1 })],
  ['a place that is nowhere', say({ type: 'point', tool: 'pointer', colour: 0, anchor: 1, x: null, y: 0 })],
  ['a pointer of no colour', say({ type: 'point', tool: 'pointer', anchor: 1, x: 0, y: 0 })],
  ['somebody’s else to clear', say({ type: 'clear', whose: 'theirs' })],
])('ANN-6 what an agent must not say is not read: %s', (_name, payload) => {
  expect(readAgentSays(payload)).toBeUndefined()
})

test('ANN-6 what is read of anything at all has only the fields of its type', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(...AGENT), fc.constantFrom(...PAGE), (text, ofAgent, ofPage) => {
      const extra: unknown = JSON.parse(text)
      expect(readAgentSays(new TextEncoder().encode(text))).toBeUndefined()
      expect(readPageSays(new TextEncoder().encode(text))).toBeUndefined()
      expect(readAgentSays(encodeSaying({ ...ofAgent, extra } as never))).toEqual(ofAgent)
      expect(readPageSays(encodeSaying({ ...ofPage, extra } as never))).toEqual(ofPage)
    }),
  )
})

test('ANN-80 a pointer in a recording that knows no colour has that of its owner’s name', () => {
  const said = { type: 'point', author: 3, tool: 'laser', anchor: 12, x: 0.5, y: 0.5 }
  expect(readPageSays(say(said))).toEqual({ ...said, colour: 1 })
})

test('TXT-6 a note is one line of text, whoever wrote it', () => {
  const text = 'Look\nhere \u202eereh\u2028<b>\u200b'
  for (const put of [
    readAgentSays(say({ type: 'put', ...MARK, tool: 'text', text })),
    readPageSays(say({ type: 'put', author: 2, ...MARK, tool: 'text', text })),
  ])
    expect(put).toMatchObject({ text: 'Look here ereh <b>' })
})
