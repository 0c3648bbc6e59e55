import { expect, test } from 'vitest'
import { emptyCopy, markup } from './pair/empty-copy.ts'
import { OPS } from './wire/index.ts'

const groups = (count: number, inside: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => `<g id="g${n + 1}">${inside(n).repeat(10)}</g>`).join('')

/** Each group shows the one before it ten times. */
const LAUGHS = `<svg><g id="g0"><circle r="9"/></g>${groups(9, (n) => `<use href="#g${n}"/>`)}</svg>`

const named = (copy: Document) => copy.querySelectorAll('[*|href],[mask],[fill],[marker-end],[style]').length

test('INR-40 elements that show one another are not shown a million times', async () => {
  const { replica, copy, told, frame } = await emptyCopy({ clones: 10_000 })
  replica.apply(frame(markup(LAUGHS)))
  expect(told.partial).toBe(1)
  // Ten of each of the first three, and nothing of what shows those of the fourth.
  expect(copy.querySelectorAll('#g1 > [href], #g2 > [href], #g3 > [href]')).toHaveLength(30)
  expect(copy.querySelectorAll('#g5 > [href]')).toHaveLength(0)
})

test('INR-40 control: a page with icons, a chart and a map is as it was', async () => {
  const { replica, copy, told, frame } = await emptyCopy()
  const icons = `<svg><symbol id="i"><path d="M0 0h9v9z"/><circle r="3"/></symbol>${'<use xlink:href="#i"/>'.repeat(2_000)}</svg>`
  const chart = `<svg><mask id="m"><rect width="9" height="9"/></mask><pattern id="p"><path d="M0 0h9"/></pattern>${'<rect mask="url(#m)" fill="url(#p)"/>'.repeat(2_000)}</svg>`
  const map = `<svg><marker id="a"><path d="M0 0h9"/></marker><g id="s"><use href="#i"/></g>${'<use href="#s"/><path marker-end="url(#a)"/>'.repeat(2_000)}</svg>`
  replica.apply(frame(markup(icons + chart + map)))
  expect(told.partial).toBe(0)
  expect(named(copy)).toBe(2_000 + 2_000 + 4_001)
})

test.for([
  ['masks', `<mask id="g0"><circle r="9"/></mask>`, (n: number) => `<rect mask="url(#g${n})"/>`, 'mask'],
  ['styles', `<mask id="g0"><circle r="9"/></mask>`, (n: number) => `<rect style="mask:url('#g${n}')"/>`, 'mask'],
  ['patterns', `<pattern id="g0"><circle r="9"/></pattern>`, (n: number) => `<rect fill="url(#g${n})"/>`, 'pattern'],
  [
    'escapes',
    `<marker id="g0"><circle r="9"/></marker>`,
    (n: number) => `<path marker-end="url(#\\67 ${n})"/>`,
    'marker',
  ],
  ['hidden names', `<g id="g0"><circle r="9"/></g>`, (n: number) => `<use href="#g%3${n}"/>`, 'g'],
  ['old names', `<g id="g0"><circle r="9"/></g>`, (n: number) => `<use xlink:href="#g${n}"/>`, 'g'],
] as const)('INR-40 nor by %s', async ([, first, inside, tag]) => {
  const { replica, copy, told, frame } = await emptyCopy({ clones: 10_000 })
  const all = `<svg>${first}${groups(9, inside)}</svg>`.replaceAll(/<(\/?)g\b/g, `<$1${tag}`)
  replica.apply(frame(markup(all)))
  expect(told.partial).toBe(1)
  const left = named(copy)
  expect(left).toBeGreaterThan(20)
  expect(left).toBeLessThan(60)
})

test('INR-40 what grows, or gets another name, is counted again', async () => {
  const { replica, copy, told, frame } = await emptyCopy({ clones: 1_000 })
  replica.apply(
    frame(
      markup(
        `<svg><g id="one"><circle r="9"/></g><g id="many">${'<path/>'.repeat(300)}</g>${'<use href="#one"/>'.repeat(9)}</svg>`,
      ),
    ),
  )
  expect([told.partial, named(copy)]).toEqual([0, 9])
  replica.apply(
    frame((writer) => {
      writer.byte(OPS.removeAttribute)
      writer.uint(replica.numberOf(copy.querySelector('#one')!)!)
      writer.string('id')
      writer.byte(OPS.attribute)
      writer.uint(replica.numberOf(copy.querySelector('#many')!)!)
      writer.string('id')
      writer.string('one')
    }),
  )
  expect([told.partial, named(copy)]).toEqual([1, 3])
})

test('INR-40 elements that show themselves, and long chains of them, stop nothing', async () => {
  const { replica, copy, told, frame } = await emptyCopy()
  const chain = Array.from({ length: 5_000 }, (_, n) => `<g id="c${n}"><use href="#c${n + 1}"/></g>`).join('')
  replica.apply(frame(markup(`<svg><g id="self"><use href="#self"/></g>${chain}</svg>`)))
  expect(told.partial).toBe(1)
  expect(copy.querySelector('#self > [href]')).not.toBeNull()
  expect(copy.body.getBoundingClientRect().width).toBeGreaterThan(0)
})
