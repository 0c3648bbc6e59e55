import { expect, test } from 'vitest'
import { emptyCopy, markup } from './pair/empty-copy.ts'
import type { Replica } from './replica/index.ts'
import { STATES } from './wire/format.ts'
import { type FrameWriter, OPS } from './wire/index.ts'

const viewport = (writer: FrameWriter) => {
  writer.byte(OPS.state)
  writer.uint(1)
  writer.byte(STATES.viewport)
  writer.uint(1_280)
  writer.uint(800)
}

function costOf(replica: Replica): number {
  replica.layOut()
  return replica.lookAtDrawing(Number.POSITIVE_INFINITY).cost
}

async function costOfPage(html: string): Promise<number> {
  const { replica, frame } = await emptyCopy()
  replica.apply(frame(viewport))
  replica.apply(frame(markup(html)))
  return costOf(replica)
}

const covering = (style: string, count: number) =>
  `<style>i{position:fixed;inset:0;${style}}</style>${'<i></i>'.repeat(count)}`
const filtered = (parts: string, count: number, attributes = '') =>
  `<svg width="1280" height="800"><filter id="f" ${attributes}>${parts}</filter>${'<rect width="1280" height="800" filter="url(#f)"/>'.repeat(count)}</svg>`

/** Ten times as much is more than the desk lets a browser draw. */
const MUCH = 500

test.for([
  ['blur', covering('filter:blur(50px)', 50)],
  ['blurred backgrounds', covering('backdrop-filter:blur(40px)', 20)],
  ['functions in a row', covering(`filter:${'hue-rotate(9deg) '.repeat(200)}`, 1)],
  ['gradients in a row', covering(`background:${Array(500).fill('linear-gradient(red,blue)')}`, 1)],
  ['covers of one colour', covering('background:rgb(9 9 9 / .1)', 5_000)],
  ['shadows of texts', `<p style="font-size:300px;text-shadow:${Array(200).fill('0 0 50px red')}">text</p>`],
  [
    'animations, in sight or not',
    `<style>@keyframes k{to{width:9px}}i{display:block;animation:k 9s}</style>${'<i>text</i>'.repeat(600)}`,
  ],
  ['noise', filtered('<feTurbulence numOctaves="40"/>', 10)],
  ['growth', filtered('<feMorphology radius="90"/>', 2)],
  ['kernels', filtered('<feConvolveMatrix order="15"/>', 1)],
  [
    'a filter larger than what it filters',
    `<svg width="9" height="9"><filter id="f" filterUnits="userSpaceOnUse" x="0" y="0" width="9999" height="9999"><feTurbulence numOctaves="40"/></filter>${'<rect width="9" height="9" filter="url(#f)"/>'.repeat(10)}</svg>`,
  ],
] as const)('INR-41 what takes long to draw is told before: %s', async ([, html]) => {
  expect(await costOfPage(html)).toBeGreaterThan(MUCH)
})

test('INR-41 control: a page as people make them is far from that', async () => {
  const card = `<article style="box-shadow:0 2px 8px #0003,0 0 1px #000;border-radius:8px;padding:9px;background:#fff"><h2 style="text-shadow:0 1px 2px #0005">Title</h2><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" width="200" height="90" style="filter:grayscale(1)"><svg width="20" height="20"><filter id="s"><feGaussianBlur stdDeviation="2"/><feOffset dy="2"/><feMerge><feMergeNode/></feMerge></filter><circle r="9" filter="url(#s)"/></svg></article>`
  const page = `<header style="position:sticky;top:0;height:60px;backdrop-filter:blur(12px);background:linear-gradient(#fff8,#fff0)">Shop</header><main style="display:grid;grid-template-columns:repeat(4,1fr)">${card.repeat(300)}</main>`
  expect(await costOfPage(page)).toBeLessThan(MUCH / 5)
})

test('INR-41 what comes new is told at once, however much there is already', async () => {
  const { replica, frame } = await emptyCopy()
  replica.apply(frame(viewport))
  replica.apply(frame(markup('<p>text</p>'.repeat(20_000))))
  replica.layOut()
  expect(replica.lookAtDrawing(2)).toEqual({ cost: 0, isDone: false })
  replica.apply(frame(markup(covering('backdrop-filter:blur(40px)', 20))))
  replica.layOut()
  expect(replica.lookAtDrawing(2).cost).toBeGreaterThan(MUCH)
})

test('INR-41 what comes and goes is told as long as it is there', async () => {
  const { replica, copy, frame } = await emptyCopy()
  replica.apply(frame(viewport))
  replica.apply(frame(markup(`<p>text</p>`.repeat(20_000))))
  replica.layOut()
  replica.lookAtDrawing(2)
  const costs: number[] = []
  for (let times = 0; times < 5; times++) {
    replica.apply(frame(markup(covering('backdrop-filter:blur(40px)', 2))))
    replica.layOut()
    costs.push(replica.lookAtDrawing(0).cost)
    for (const element of [...copy.querySelectorAll('i')]) element.remove()
  }
  expect(costs[0]).toBeGreaterThan(0)
  expect(new Set(costs)).toEqual(new Set([costs[0]]))
})

test('INR-41 so is what was there and is drawn otherwise, and what is plain is cheap', async () => {
  const { replica, copy, frame } = await emptyCopy()
  replica.apply(frame(viewport))
  replica.apply(
    frame(markup(`<style>.on i{position:fixed;inset:0;filter:blur(50px)}</style><div>${'<i></i>'.repeat(50)}</div>`)),
  )
  expect(costOf(replica)).toBe(0)
  replica.apply(
    frame((writer) => {
      writer.byte(OPS.attribute)
      writer.uint(replica.numberOf(copy.querySelector('div')!)!)
      writer.string('class')
      writer.string('on')
    }),
  )
  expect(costOf(replica)).toBeGreaterThan(MUCH)
  replica.calm()
  expect(costOf(replica)).toBe(0)
})
