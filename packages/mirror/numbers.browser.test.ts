import { afterEach, expect, test } from 'vitest'
import { createPair, type Pair } from './pair/pair.ts'

let pair: Pair | undefined
afterEach(() => pair?.close())

const BODY = `<!DOCTYPE html><html><head><style>
  body { margin: 0 } * { font: 16px/20px monospace }
  div, section, iframe { position: absolute; width: 200px; height: 100px; border: 0 }
</style></head><body><form id="form"><input name="getBoundingClientRect"><input name="parentNode"></form>
<div id="box" style="left: 20px; top: 40px"></div><section id="host" style="left: 300px; top: 40px"></section>
<iframe style="left: 20px; top: 200px; border: 5px solid; transform: scale(.5); transform-origin: 0 0"></iframe>
</body></html>`

async function open(): Promise<Pair> {
  pair = await createPair({ html: BODY })
  return pair
}

test('CAP-60 page and copy name a node by the same number, before and after it moved', async () => {
  const { page, replica, capture, flush } = await open()
  flush()
  const box = page.getElementById('box')!
  const number = capture.numberOf(box)!
  expect(capture.nodeOf(number)).toBe(box)
  expect((replica.nodeOf(number) as Element).id).toBe('box')
  page.body.append(box, page.createElement('p'))
  flush()
  const added = capture.numberOf(page.querySelector('p')!)!
  expect(capture.nodeOf(added)).toBe(page.querySelector('p'))
  expect(replica.numberOf(replica.nodeOf(number)!)).toBe(number)
  expect(capture.nodeOf(number)).toBe(box)
})

test('CAP-61 a node that left has no number, at once and for good', async () => {
  const { page, replica, capture, flush } = await open()
  flush()
  const box = page.getElementById('box')!
  const number = capture.numberOf(box)!
  const shown = replica.nodeOf(number)!
  expect(capture.nodeOf(number)).toBe(box)
  box.remove()
  expect(capture.nodeOf(number)).toBe(undefined)
  flush()
  expect([capture.nodeOf(number), capture.numberOf(box), replica.nodeOf(number)]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  expect(replica.numberOf(shown)).toBe(undefined)
  page.body.append(box)
  flush()
  expect(capture.nodeOf(capture.numberOf(box)!)).toBe(box)
  expect(capture.nodeOf(number)).toBe(undefined)
})

test('REP-40 a place of the copy names the innermost element there, in boxes, shadow roots and frames that are drawn smaller', async () => {
  const { page, replica, capture, flush } = await open()
  const inside = page.getElementById('host')!.attachShadow({ mode: 'open' })
  inside.innerHTML = '<div id="inside" style="position:absolute;left:50px;top:50px;width:100px;height:50px"></div>'
  const content = page.querySelector('iframe')!.contentDocument!
  content.body.innerHTML = '<p style="position:absolute;margin:0;left:40px;top:20px;width:100px;height:40px"></p>'
  flush()
  const at = (x: number, y: number) => {
    const anchor = replica.pick(x, y)
    return anchor && { on: capture.nodeOf(anchor.node), x: anchor.x, y: anchor.y }
  }
  expect(at(120, 65)).toEqual({ on: page.getElementById('box'), x: 0.5, y: 0.25 })
  expect(at(375, 115)).toEqual({ on: inside.getElementById('inside'), x: 0.25, y: 0.5 })
  // 20 + (5 + 40 + 50) / 2 and 200 + (5 + 20 + 10) / 2
  expect(at(67.5, 217.5)).toEqual({ on: content.querySelector('p'), x: 0.5, y: 0.25 })
  expect(at(-5, 10)).toBe(undefined)
  expect(replica.element.inert).toBe(true)
})
