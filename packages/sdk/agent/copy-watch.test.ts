import { expect, test } from 'vitest'
import { CopyWatch } from './copy-watch.ts'

/** Frames by hand. */
function watch() {
  const seen: string[] = []
  const page = { hidden: false }
  let next: ((time: number) => void) | undefined
  const copies = new CopyWatch({
    onSlow: (reduction) => seen.push(reduction),
    nextFrame(call) {
      next = call
      return () => {
        next = undefined
      }
    },
    isHidden: () => page.hidden,
  })
  let time = 0
  const frames = (count: number, ms: number) => {
    for (let i = 0; i < count; i++) {
      time += ms
      const call = next
      next = undefined
      call?.(time)
    }
  }
  copies.start()
  return { seen, page, frames, copies, waits: () => next !== undefined }
}

test('INR-12 a copy that holds up the desk is drawn plainly, and then not at all', () => {
  const { seen, frames, waits } = watch()
  frames(1_000, 16)
  frames(1, 1)
  frames(3, 1_500)
  expect(seen).toEqual([])
  frames(1, 1_500)
  expect(seen).toEqual(['plain'])
  frames(4, 1_500)
  expect(seen).toEqual(['plain', 'hidden'])
  expect(waits()).toBe(false)
})

test('INR-12 a busy machine, one that slept and a tab out of sight change nothing', () => {
  const { seen, page, frames, waits, copies } = watch()
  frames(100, 900)
  for (let i = 0; i < 10; i++) {
    frames(1, 3_600_000)
    frames(2_000, 16)
  }
  page.hidden = true
  frames(10, 60_000)
  page.hidden = false
  frames(2, 16)
  expect(seen).toEqual([])
  copies.close()
  expect(waits()).toBe(false)
})

test('INR-12 another page is shown as it is', () => {
  const { seen, frames, copies } = watch()
  frames(9, 1_500)
  copies.start()
  frames(5, 1_500)
  expect(seen).toEqual(['plain', 'hidden', 'plain'])
})

test('INR-32 a copy that takes long to lay out is hidden at once, at whatever length of each', () => {
  for (const layouts of [[4_000], [60_000], [900, 900, 900, 900, 900]]) {
    const { seen, frames, copies } = watch()
    frames(100, 16)
    for (const took of layouts.slice(0, -1)) copies.took(took)
    expect(seen).toEqual([])
    copies.took(layouts.at(-1)!)
    copies.took(9_000)
    expect(seen).toEqual(['hidden'])
    frames(9, 1_500)
    expect(seen).toEqual(['hidden'])
    copies.close()
  }
})

test('INR-32 layouts of half a second, and long ones far from each other, change nothing', () => {
  const { seen, frames, copies } = watch()
  for (let i = 0; i < 1_000; i++) copies.took(499)
  for (let i = 0; i < 10; i++) {
    copies.took(3_000)
    frames(2_000, 16)
  }
  expect(seen).toEqual([])
})

test('INR-41 a copy that would take long to draw shows less before it is drawn, and then nothing', () => {
  const { seen, frames, copies, waits } = watch()
  frames(10, 16)
  expect(copies.draws(400)).toBe(false)
  expect(copies.draws(60_000)).toBe(true)
  expect(seen).toEqual(['plain'])
  expect(copies.draws(400)).toBe(false)
  expect(copies.draws(60_000)).toBe(true)
  expect(seen).toEqual(['plain', 'hidden'])
  // Nothing is left to be taken away.
  expect(copies.draws(60_000)).toBe(false)
  frames(1, 16)
  expect(waits()).toBe(false)
})

test('INR-43 a hidden copy is made again by itself less and less often', () => {
  const { copies } = watch()
  const tries: number[] = []
  for (let s = 0; s < 600; s++) {
    if (copies.mayTry(s * 1_000)) tries.push(s)
    copies.start()
  }
  expect(tries).toEqual([0, 20, 60, 140, 300])
})
