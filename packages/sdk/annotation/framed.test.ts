import { expect, test } from 'vitest'
import { framed } from './framed.ts'

const VIEWPORT = { x: 0, y: 0, width: 1_000, height: 600 }

test('ANN-81 a frame goes around what is seen of an element, and stays inside of the window where that ends at its edge', () => {
  const box = { x: 100, y: 100, width: 200, height: 50 }
  const around = (place: Parameters<typeof framed>[0]) => framed(place, VIEWPORT)
  expect(around({ box, clip: undefined })).toEqual(box)
  // A round corner cuts nothing off, a box that scrolls does.
  expect(around({ box, clip: box })).toEqual(box)
  const half = { x: 100, y: 120, width: 200, height: 30 }
  expect(around({ box, clip: { ...box, y: 120, height: 300 } })).toEqual(half)
  expect(around({ box, clip: { ...box, y: 400 } })).toBeUndefined()
  const whole = { x: 0, y: 0, width: 1_000, height: 60 }
  expect(around({ box: whole, clip: undefined })).toEqual({ x: 4.5, y: 4.5, width: 991, height: 55.5 })
  // What goes on beyond the window has its edge there.
  const tall = { x: 20, y: -50, width: 300, height: 900 }
  expect(around({ box: tall, clip: undefined })).toEqual(tall)
  expect(around({ box: { x: 0, y: 0, width: 4, height: 4 }, clip: undefined })).toMatchObject({ width: 0, height: 0 })
})
