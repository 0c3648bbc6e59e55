import { afterEach, expect, test } from 'vitest'
import { Stage } from './stage.ts'

let root: HTMLElement
afterEach(() => root.remove())

function open(width: number, height: number): Stage {
  root = document.createElement('div')
  Object.assign(root.style, { width: `${width}px`, height: `${height}px` })
  document.body.append(root)
  const stage = new Stage(root)
  stage.open()
  return stage
}

const box = (stage: Stage) => {
  const { width, height, left, top } = stage.element.getBoundingClientRect()
  const outer = root.getBoundingClientRect()
  return [width, height, left - outer.left, top - outer.top].map(Math.round)
}

test('DSK-201 the copy is scaled to fit and centred', () => {
  const stage = open(500, 400)
  stage.setSize({ width: 1000, height: 400 })
  expect(box(stage)).toEqual([500, 200, 0, 100])
  stage.setSize({ width: 1000, height: 1600 })
  expect(box(stage)).toEqual([250, 400, 125, 0])
  stage.clear()
  expect(root.childElementCount).toBe(0)
})

test('DSK-201 a copy that is smaller than its place keeps its size', () => {
  const stage = open(500, 400)
  stage.setSize({ width: 360, height: 300 })
  expect(box(stage)).toEqual([360, 300, 70, 50])
})

test('DSK-202 the fit follows the size of its place', async () => {
  const stage = open(500, 400)
  stage.setSize({ width: 1000, height: 400 })
  root.style.width = '250px'
  await expect.poll(() => box(stage)).toEqual([250, 100, 0, 150])
})

test('DSK-203 a fixed zoom is a factor of the customer’s size, with scroll bars where it is larger', () => {
  const stage = open(500, 400)
  stage.setSize({ width: 400, height: 300 })
  stage.setZoom(2)
  expect(box(stage).slice(0, 2)).toEqual([800, 600])
  const scroller = root.firstElementChild!
  expect(scroller.scrollWidth).toBe(800)
  expect(scroller.scrollHeight).toBe(600)
  stage.setZoom('fit')
  expect(box(stage)).toEqual([400, 300, 50, 50])
})
