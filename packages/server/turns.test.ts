import { expect, test } from 'vitest'
import { ManualClock } from './testing/manual-clock.ts'
import { Turns } from './turns.ts'

/** Everything that was asked for, in the order in which it was done. */
function watch() {
  const clock = new ManualClock()
  const told: string[] = []
  const done: string[] = []
  const turns = new Turns({ clock, onLongWait: (name) => told.push(name) })
  const ask = (name: string, what: string | number, ms: number) =>
    turns.take(name, () => {
      done.push(`${name} ${what}`)
      clock.sleep(ms)
    })
  const settle = async () => {
    while (turns.size) await new Promise(setImmediate)
  }
  return { clock, told, done, turns, ask, settle }
}

test('LIM-55 who asks for much waits, in order, and others are served at once', async () => {
  const { done, ask, settle } = watch()
  for (let n = 0; n < 5; n++) ask('greedy', n, 2)
  ask('modest', 0, 0.1)
  expect(done).toEqual(['greedy 0', 'modest 0'])
  await settle()
  expect(done).toEqual(['greedy 0', 'modest 0', 'greedy 1', 'greedy 2', 'greedy 3', 'greedy 4'])
})

test('LIM-55 control: what takes no time does not wait', () => {
  const { done, ask } = watch()
  for (let n = 0; n < 5; n++) ask('greedy', n, 0)
  expect(done).toHaveLength(5)
})

test('LIM-55 of those that wait one has its turn, of one address after another', async () => {
  const { done, turns, settle } = watch()
  for (let n = 0; n < 100; n++) turns.wait('first', () => done.push('first'))
  turns.wait('second', () => done.push('second'))
  await new Promise(setImmediate)
  expect(done).toEqual(['first'])
  await settle()
  expect(done.indexOf('second')).toBe(1)
  expect(done).toHaveLength(101)
})

test('LIM-55 an address that owes nothing is forgotten', async () => {
  const { turns, ask, settle } = watch()
  for (let n = 0; n < 1_000; n++) ask(`address ${n}`, 0, 0.1)
  expect(turns.size).toBe(1_000)
  await settle()
  expect(turns.size).toBe(0)
})

test('LIM-57 a long wait is told, a short one is not', async () => {
  const { clock, told, turns, settle } = watch()
  turns.wait('patient', () => {})
  clock.sleep(100)
  turns.wait('lucky', () => {})
  await settle()
  expect(told).toEqual(['patient'])
})
