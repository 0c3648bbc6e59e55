import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Board } from './board.ts'
import { type Draft, MAX_ALL_POINTS, MAX_MARKS, MAX_POINTS, VANISH_MS } from './mark.ts'

function draft(id: number, more: Partial<Draft<string>> = {}): Draft<string> {
  return { id, tool: 'pen', colour: 0, anchor: 'button', points: [0, 0, 1, 1], text: '', done: true, ...more }
}

function scene() {
  const gone = new Set<string>()
  const clock = { now: 0 }
  const board = new Board<string>({ now: () => clock.now, isAlive: (anchor) => !gone.has(anchor) })
  const keys = () => [...board.marks.all.keys()]
  return { board, gone, clock, keys }
}

test('ANN-1 each author takes back and does again only what is their own', () => {
  const { board, keys } = scene()
  board.put(2, draft(1))
  board.put(3, draft(1))
  board.put(2, draft(2))
  expect(board.undo(2)).toBe(true)
  expect(keys()).toEqual(['2.1', '3.1'])
  expect(board.steps(2)).toEqual({ undo: 1, redo: 1 })
  board.undo(2)
  expect(board.undo(2)).toBe(false)
  expect(keys()).toEqual(['3.1'])
  board.redo(2)
  board.redo(2)
  expect(keys()).toEqual(['3.1', '2.1', '2.2'])
  board.undo(2)
  board.put(2, draft(3))
  expect(board.redo(2)).toBe(false)
})

test('ANN-1 what is erased or cleared comes back by undo of who did it, and what others took since stays away', () => {
  const { board, keys } = scene()
  board.put(2, draft(1))
  board.put(3, draft(1))
  board.erase(3, '2.1')
  expect(keys()).toEqual(['3.1'])
  expect(board.undo(2)).toBe(false)
  board.undo(3)
  expect(keys()).toEqual(['3.1', '2.1'])
  board.clear(2, 'own')
  expect(keys()).toEqual(['3.1'])
  board.clear(2, 'all')
  expect(keys()).toEqual([])
  board.undo(2)
  board.undo(2)
  expect(keys()).toEqual(['3.1', '2.1'])
})

test('ANN-2 what the vanishing pen drew goes 4 s after it was done, and is no step to take back', () => {
  const { board, clock, keys } = scene()
  board.put(2, draft(1, { tool: 'vanishing_pen', done: false }))
  clock.now = 60_000
  expect(board.expire()).toBeUndefined()
  board.put(2, draft(1, { tool: 'vanishing_pen' }))
  expect(board.expire()).toBe(60_000 + VANISH_MS)
  expect(board.steps(2)).toEqual({ undo: 0, redo: 0 })
  clock.now += VANISH_MS - 1
  board.expire()
  expect(keys()).toEqual(['2.1'])
  clock.now += 1
  board.expire()
  expect(keys()).toEqual([])
})

test('ANN-2 an author who is gone in the middle of a vanishing stroke has finished it', () => {
  const { board, clock, keys } = scene()
  board.put(2, draft(1, { tool: 'vanishing_pen', done: false }))
  board.finish(2)
  clock.now = VANISH_MS
  board.expire()
  expect(keys()).toEqual([])
})

test('ANN-3 a mark leaves with its element and does not come back without it', () => {
  const { board, gone, keys } = scene()
  board.put(2, draft(1))
  board.put(2, draft(2, { anchor: 'card' }))
  gone.add('button')
  board.dropDead()
  expect(keys()).toEqual(['2.2'])
  expect(board.steps(2)).toEqual({ undo: 1, redo: 0 })
  board.clear(2, 'own')
  board.undo(2)
  expect(keys()).toEqual(['2.2'])
  expect(board.steps(2)).toEqual({ undo: 1, redo: 1 })
  gone.add('card')
  board.dropDead()
  expect(board.steps(2)).toEqual({ undo: 0, redo: 0 })
})

test('ANN-4 marks and points are bounded: the oldest gives way, a stroke takes no more', () => {
  const { board, keys } = scene()
  for (let id = 0; id < MAX_MARKS + 5; id++) board.put(2, draft(id))
  expect(keys()).toHaveLength(MAX_MARKS)
  expect(keys()[0]).toBe('2.5')
  const { board: other } = scene()
  const many = Array<number>(100_000).fill(0.5)
  other.put(2, draft(1, { points: many, done: false }))
  other.extend(2, 1, many)
  expect(other.marks.all.get('2.1')!.points).toHaveLength(MAX_POINTS * 2)
  for (let id = 2; id < 100; id++) other.put(2, draft(id, { points: many }))
  const all = [...other.marks.all.values()].reduce((sum, { points }) => sum + points.length / 2, 0)
  expect(all).toBeLessThanOrEqual(MAX_ALL_POINTS)
  expect(other.extend(2, 99, [0, 0])).toBe(false)
})

test('ANN-1 what another draws anew under a number that was cleared stays when the clearing is done again', () => {
  const { board, keys } = scene()
  board.put(2, draft(1))
  board.put(3, draft(8))
  board.clear(2, 'all')
  board.put(3, draft(8))
  board.undo(2)
  expect(keys().sort()).toEqual(['2.1', '3.8'])
  board.redo(2)
  expect(keys()).toEqual(['3.8'])
})

test('ANN-1 property: undoing all steps and doing them again gives what was there, whatever two authors do', () => {
  const act = fc.oneof(
    fc.record({ do: fc.constant('put' as const), author: fc.constantFrom(2, 3), id: fc.integer({ min: 1, max: 8 }) }),
    fc.record({ do: fc.constant('erase' as const), author: fc.constantFrom(2, 3), id: fc.integer({ min: 1, max: 8 }) }),
    fc.record({ do: fc.constantFrom('undo', 'redo', 'own', 'all'), author: fc.constantFrom(2, 3), id: fc.constant(0) }),
  )
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const { board, keys } = scene()
      for (const { do: what, author, id } of acts) {
        if (what === 'put') board.put(author, draft(id))
        else if (what === 'erase') board.erase(author, `${author}.${id}`)
        else if (what === 'undo' || what === 'redo') board[what](author)
        else board.clear(author, what as 'own' | 'all')
      }
      // From here on only one author acts: nobody takes away meanwhile.
      const before = keys().sort()
      let steps = 0
      while (board.undo(2)) steps++
      for (let step = 0; step < steps; step++) expect(board.redo(2)).toBe(true)
      expect(keys().sort()).toEqual(before)
    }),
  )
})
