import { expect, test } from 'vitest'
import { Anchors } from './anchors.ts'
import { Places } from './places.ts'

test('ANN-81 a copy that begins anew, with no root for a moment, is a viewport with nothing in it', () => {
  const frame = document.body.appendChild(document.createElement('iframe'))
  const page = frame.contentDocument!
  page.documentElement.remove()
  const places = new Places(() => page)
  expect(places.viewport()).toEqual({ x: 0, y: 0, width: 300, height: 150 })
  expect(
    new Anchors({ outermost: () => page, places, isKnown: () => true, isOurs: () => false }).at({ x: 10, y: 10 }),
  ).toBeUndefined()
  frame.remove()
})
