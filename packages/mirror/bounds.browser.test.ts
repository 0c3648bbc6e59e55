import { expect, test } from 'vitest'
import { begin, emptyCopy, insertAt, markup, text } from './pair/empty-copy.ts'
import { BOUNDS, type Bounds } from './replica/bounds.ts'
import { type FrameWriter, ITEMS, OPS, PICTURES, SHEET_FLAGS, STATES } from './wire/index.ts'

/** `count` paragraphs, as numbers that follow. */
const paragraphs = (count: number) => (writer: FrameWriter) => {
  insertAt(writer, 3)
  for (let i = 0; i < count; i++) {
    begin(writer, 'p', { class: 'x' })
    text(writer, `${i}`)
    writer.byte(ITEMS.end)
  }
  writer.byte(ITEMS.end)
}

test('INR-10 a page of too many nodes is shown in part, and goes on from there', async () => {
  const { replica, copy, told, frame } = await emptyCopy({ nodes: 103 })
  replica.apply(frame(paragraphs(60)))
  expect(copy.querySelectorAll('p')).toHaveLength(50)
  expect(told.partial).toBe(1)
  // What speaks of those that were left out harms nothing; what was shown goes on changing.
  replica.apply(
    frame((writer) => {
      const lost = 3 + 2 * 55 + 1
      writer.byte(OPS.attribute)
      writer.uint(lost)
      writer.string('id')
      writer.string('lost')
      writer.byte(OPS.text)
      writer.uint(lost + 1)
      writer.string('lost')
      writer.byte(OPS.splice)
      for (const part of [lost + 1, 0, 1]) writer.uint(part)
      writer.string('lost')
      writer.byte(OPS.state)
      writer.uint(lost)
      writer.byte(STATES.scroll)
      writer.int(1)
      writer.int(1)
      insertAt(writer, lost)
      begin(writer, 'b')
      writer.byte(ITEMS.end)
      writer.byte(ITEMS.end)
      writer.byte(OPS.text)
      writer.uint(5)
      writer.string('goes on')
      writer.byte(OPS.remove)
      writer.uint(2)
      writer.uint(6)
      writer.uint(lost)
      writer.byte(OPS.release)
    }),
  )
  expect(copy.querySelector('p')!.textContent).toBe('goes on')
  expect(copy.querySelectorAll('p')).toHaveLength(49)
  // What was removed makes room.
  replica.apply(
    frame((writer) => {
      insertAt(writer, 3, 3 + 2 * 55 + 1)
      begin(writer, 'i')
      writer.byte(ITEMS.end)
      writer.byte(ITEMS.end)
    }),
  )
  expect(copy.body.lastElementChild!.localName).toBe('i')
  expect(copy.documentElement.outerHTML).not.toContain('lost')
})

test('INR-10 control: the same page is whole within the bounds', async () => {
  const { replica, copy, told, frame } = await emptyCopy()
  replica.apply(frame(paragraphs(60)))
  expect(copy.querySelectorAll('p')).toHaveLength(60)
  expect(told.partial).toBe(0)
})

test('INR-10 a tree does not become deeper than browsers lay out, by moves neither', async () => {
  const { replica, copy, told, frame } = await emptyCopy({ depth: 50 })
  const deepest = () => {
    let depth = 0
    for (let at: Element | null = copy.documentElement; at; at = at.lastElementChild) depth++
    return depth
  }
  replica.apply(
    frame((writer) => {
      insertAt(writer, 3)
      for (let chain = 0; chain < 2; chain++) {
        for (let i = 0; i < 30; i++) begin(writer, 'div')
        for (let i = 0; i < 30; i++) writer.byte(ITEMS.end)
      }
      writer.byte(ITEMS.end)
    }),
  )
  expect(told.partial).toBe(0)
  expect(deepest()).toBe(32)
  replica.apply(
    frame((writer) => {
      insertAt(writer, 3 + 60)
      writer.byte(ITEMS.known)
      writer.uint(4)
      writer.byte(ITEMS.end)
    }),
  )
  expect(told.partial).toBe(1)
  expect(deepest()).toBe(32)
  replica.apply(
    frame((writer) => {
      insertAt(writer, 3 + 60)
      for (let i = 0; i < 99; i++) begin(writer, 'div')
      for (let i = 0; i < 100; i++) writer.byte(ITEMS.end)
    }),
  )
  expect(deepest()).toBeLessThanOrEqual(51)
})

test('INR-10 texts, values, rules, animations and iframes end where there is no room', async () => {
  const { replica, copy, told, frame } = await emptyCopy({
    characters: 10,
    value: 2_000,
    rules: 3,
    animations: 2,
    nodes: 600,
  })
  const animation = { keyframes: [[0, 'linear', 'replace', 'opacity:0']], timing: { duration: 9_000 }, iterations: 1 }
  replica.apply(
    frame((writer) => {
      insertAt(writer, 3)
      text(writer, 'twelve or so')
      begin(writer, 'p', { title: 'x'.repeat(2_001), id: 'p' })
      writer.byte(ITEMS.end)
      begin(writer, 'style')
      text(writer, '')
      writer.byte(ITEMS.end)
      for (let i = 0; i < 3; i++) {
        begin(writer, 'iframe')
        writer.byte(ITEMS.end)
      }
      writer.byte(ITEMS.end)
      writer.byte(OPS.sheetRules)
      for (const part of [6 * 2, 0, 0, 0, 5]) writer.uint(part)
      for (let i = 0; i < 5; i++) writer.string(`a${i}{top:0}`)
      writer.byte(OPS.animation)
      writer.uint(5)
      const list = Array.from({ length: 5 }, () => ({ ...animation, currentTime: 0, playbackRate: 1, runs: true }))
      writer.bytes(new TextEncoder().encode(JSON.stringify(list)))
      writer.byte(OPS.state)
      writer.uint(1)
      writer.byte(STATES.viewport)
      writer.uint(90_000)
      writer.uint(500)
    }),
  )
  expect(copy.body.firstChild!.textContent).toBe('twelve or ')
  expect(copy.querySelector('p')!.outerHTML).toBe('<p id="p"></p>')
  expect([...copy.querySelector('style')!.sheet!.cssRules].map(({ cssText }) => cssText.slice(0, 2))).toEqual([
    'a0',
    'a1',
    'a2',
  ])
  expect(copy.getAnimations()).toHaveLength(2)
  expect(copy.querySelectorAll('iframe')).toHaveLength(2)
  expect(told.sizes).toEqual([{ width: BOUNDS.side, height: 500 }])
  expect(told.partial).toBe(1)
  replica.calm()
  expect(copy.getAnimations()).toHaveLength(0)
})

test('INR-10 rules that would each be asked about too many nodes are left out, and come in where there is room', async () => {
  const rulesOf = async (bounds: Partial<Bounds>) => {
    const { replica, copy, told, frame } = await emptyCopy(bounds)
    replica.apply(frame(paragraphs(50)))
    const from = 3 + 2 * 50 + 1
    replica.apply(
      frame((writer) => {
        insertAt(writer, 3)
        for (const css of ['p{top:0}p{top:1px}', 'p{top:2px}', 'p:has(i){top:3px}']) {
          begin(writer, 'style')
          text(writer, css)
          writer.byte(ITEMS.end)
        }
        begin(writer, 'style')
        text(writer, '')
        writer.byte(ITEMS.end)
        writer.byte(ITEMS.end)
        writer.byte(OPS.sheetRules)
        for (const part of [(from + 6) * 2, 0, 0, 0, 2]) writer.uint(part)
        for (const rule of ['b{top:0}', 'b{top:1px}']) writer.string(rule)
      }),
    )
    const texts = [...copy.querySelectorAll('style')].slice(0, 3).map(({ textContent }) => textContent)
    const last = [...copy.querySelectorAll('style')].at(-1)!.sheet!.cssRules
    return { texts, told: told.partial, last: [...last].map(({ cssText }) => cssText.startsWith('b')) }
  }
  const whole = ['p{top:0}p{top:1px}', 'p{top:2px}', 'p:has(i){top:3px}']
  expect(await rulesOf({})).toEqual({ texts: whole, told: 0, last: [true, true] })
  // 103 nodes and those of the styles: one rule fits, two do not.
  expect(await rulesOf({ matches: 150 })).toEqual({ texts: ['', ...whole.slice(1)], told: 1, last: [false, false] })
  expect(await rulesOf({ searches: 50 })).toEqual({ texts: [whole[0], whole[1], ''], told: 1, last: [true, true] })
})

test('INR-10 one text is as long as browsers lay out, where letters join shorter, and CSS is none', async () => {
  const { replica, copy, told, frame } = await emptyCopy({ text: 10, joined: 4 })
  const css = 'p { color: red }'
  replica.apply(
    frame((writer) => {
      insertAt(writer, 3)
      for (const said of ['1234567890', '12345678901', '123\u05d0', '123\u05d0567']) {
        begin(writer, 'p')
        text(writer, said)
        writer.byte(ITEMS.end)
      }
      begin(writer, 'style')
      text(writer, css)
      writer.byte(ITEMS.end)
      writer.byte(ITEMS.end)
      writer.byte(OPS.splice)
      for (const part of [5, 5, 1]) writer.uint(part)
      writer.string('abcdef')
    }),
  )
  const shown = [...copy.querySelectorAll('p')].map(({ textContent }) => textContent)
  expect(shown).toEqual(['12345a7890', '1234567890', '123\u05d0', '123\u05d0'])
  expect(copy.querySelector('style')!.textContent).toBe(css)
  expect(told.partial).toBe(1)
  // Out of its style it is a text like others.
  replica.apply(
    frame((writer) => {
      insertAt(writer, 3)
      writer.byte(ITEMS.known)
      writer.uint(13)
      writer.byte(ITEMS.end)
    }),
  )
  expect(copy.body.textContent).not.toContain('color')
})

test('INR-51 rules count as long as they are there', async () => {
  const { replica, copy, frame } = await emptyCopy({})
  let rules = 0
  const apply = (write: (writer: FrameWriter) => void) =>
    replica.applyInSlices(frame(write), (now) => {
      rules = now
      return undefined
    })
  await apply(markup('<style>p{top:0}</style>'))
  const style = replica.numberOf(copy.querySelector('style')!)!
  for (let i = 0; i < 20; i++)
    await apply((writer) => {
      writer.byte(OPS.text)
      writer.uint(style + 1)
      writer.string(`p{top:${i}px}i{top:0}`)
    })
  for (let i = 0; i < 20; i++)
    await apply((writer) => {
      if (i === 0) {
        writer.byte(OPS.newSheet)
        for (const part of [1, 1]) writer.uint(part)
        writer.string('')
      }
      writer.byte(OPS.sheetRules)
      writer.uint(3)
      writer.byte(SHEET_FLAGS.replace)
      for (const part of [0, 0, 3]) writer.uint(part)
      for (const name of ['b', 'i', 'u']) writer.string(`${name}{top:${i}px}`)
    })
  expect(rules).toBe(2 + 3)
  await apply((writer) => {
    writer.byte(OPS.remove)
    writer.uint(1)
    writer.uint(style)
    writer.byte(OPS.release)
  })
  expect(rules).toBe(3)
})

const HEBREW = '\u05d0\u05d1\u05d2\u05d3'

const lengthsOf = (copy: Document, name: string) =>
  [...copy.querySelectorAll(name)].map(({ textContent }) => textContent!.length)

test.for([
  ['in one element', `<p>${`${HEBREW}<br>`.repeat(9)}</p>`, 'p', [10]],
  ['in elements of one line', `<p>${`<b><i>${HEBREW}</i></b>`.repeat(4)}</p>`, 'i', [4, 4, 2, 0]],
  [
    'in what is made a line',
    `<style>div{display:contents}</style>${`<div>${HEBREW}</div>`.repeat(4)}`,
    'div',
    [4, 4, 2, 0],
  ],
] as const)(
  'INR-50 texts whose letters join end where a block has too many of them: %s',
  async ([, html, name, left]) => {
    const { replica, copy, told, frame } = await emptyCopy({ joined: 10 })
    replica.apply(frame(markup(html)))
    expect(lengthsOf(copy, name)).toEqual(left)
    expect(told.partial).toBe(1)
  },
)

test('INR-50 control: in blocks of their own, and without such letters, there are as many as the page has', async () => {
  const { replica, copy, told, frame } = await emptyCopy({ joined: 10 })
  const box = `<b style="display:inline-block">${HEBREW}</b>`
  replica.apply(
    frame(markup(`${`<p>${HEBREW}</p>`.repeat(9)}<div>${box.repeat(9)}</div><pre>${'word '.repeat(99)}</pre>`)),
  )
  expect(lengthsOf(copy, 'p')).toEqual(Array(9).fill(4))
  expect(lengthsOf(copy, 'div')).toEqual([36])
  expect(lengthsOf(copy, 'pre')).toEqual([495])
  expect(told.partial).toBe(0)
})

test('INR-50 what is moved into a block counts there, and what is removed makes room', async () => {
  const { replica, copy, told, frame } = await emptyCopy({ joined: 10 })
  replica.apply(frame(markup(`<p></p>${`<div><b>${HEBREW}</b></div>`.repeat(3)}`)))
  expect(told.partial).toBe(0)
  const [b1, b2, b3] = [...copy.querySelectorAll('b')].map((b) => replica.numberOf(b)!)
  const p = replica.numberOf(copy.querySelector('p')!)!
  const move = (left: number, ...numbers: number[]) =>
    replica.apply(
      frame((writer) => {
        insertAt(writer, p, left)
        for (const number of numbers) {
          writer.byte(ITEMS.known)
          writer.uint(number)
        }
        writer.byte(ITEMS.end)
      }),
    )
  move(0, b1!, b2!)
  expect(lengthsOf(copy, 'b')).toEqual([4, 4, 4])
  replica.apply(
    frame((writer) => {
      writer.byte(OPS.remove)
      writer.uint(1)
      writer.uint(b1!)
      writer.byte(OPS.release)
    }),
  )
  move(b2!, b3!)
  expect(lengthsOf(copy, 'b')).toEqual([4, 4])
  replica.apply(frame(markup(`<section>${HEBREW}${HEBREW}${HEBREW}</section>`)))
  expect(lengthsOf(copy, 'section')).toEqual([10])
  expect(told.partial).toBe(1)
})

test('INR-50 what was cut comes back when rules make blocks, or what was before it goes', async () => {
  const { replica, copy, frame } = await emptyCopy({ joined: 10 })
  const all = `<a>${HEBREW}</a>`.repeat(5)
  // In the frame itself, in the midst of which it is laid out.
  const pause = () => {
    replica.layOut()
    return undefined
  }
  await replica.applyInSlices(frame(markup(`${all}<style>a{display:block}</style>`)), pause)
  expect(lengthsOf(copy, 'a')).toEqual([4, 4, 4, 4, 4])
  // And in a later one.
  replica.apply(frame(markup(`<div>${'<i></i>'.repeat(2)}${`<b>${HEBREW}</b>`.repeat(5)}</div>`)))
  expect(lengthsOf(copy, 'b')).toEqual([4, 4, 2, 0, 0])
  const numbers = [...copy.querySelectorAll('b')].map((b) => replica.numberOf(b)!)
  replica.apply(
    frame((writer) => {
      writer.byte(OPS.splice)
      for (const part of [numbers[3]! + 1, 4, 0]) writer.uint(part)
      writer.string('more')
      writer.byte(OPS.remove)
      writer.uint(2)
      for (const number of numbers.slice(0, 2)) writer.uint(number)
      writer.byte(OPS.release)
    }),
  )
  expect(lengthsOf(copy, 'b').reduce((sum, length) => sum + length)).toBe(10)
  replica.apply(frame(markup('<style>b{display:block}</style>')))
  expect([...copy.querySelectorAll('b')].map(({ textContent }) => textContent)).toEqual([
    HEBREW,
    `${HEBREW}more`,
    HEBREW,
  ])
  // Blocks no more.
  replica.apply(frame(markup('<style>b{display:inline!important}</style>')))
  expect(lengthsOf(copy, 'b').reduce((sum, length) => sum + length)).toBe(10)
})

/** A file of a few bytes that says it is a picture of this size. */
function bomb(width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(64)
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  new DataView(bytes.buffer).setUint32(16, width)
  new DataView(bytes.buffer).setUint32(20, height)
  return bytes
}

test('INR-11 pictures that would decode to more than a tile, and canvases that are too large, take no memory', async () => {
  const { replica, copy, told, frame } = await emptyCopy({ canvasPixels: 1_000 })
  replica.apply(
    frame((writer) => {
      insertAt(writer, 3)
      for (const width of ['30', '300']) {
        begin(writer, 'canvas', { width, height: '30' })
        writer.byte(ITEMS.end)
      }
      writer.byte(ITEMS.end)
    }),
  )
  const picture = (id: number, bytes: Uint8Array) =>
    frame((writer) => {
      writer.byte(OPS.picture)
      writer.uint(id)
      writer.bytes(bytes)
    })
  const content = (id: number) => (replica.nodeOf(id) as HTMLElement).style.content
  const turns = async () => {
    for (let i = 0; i < 5; i++) await new Promise((resolve) => requestAnimationFrame(resolve))
  }
  replica.apply(picture(4, Uint8Array.of(PICTURES.unreadable)))
  await expect.poll(() => content(4)).toContain('blob:')
  expect(told.partial).toBe(0)
  replica.apply(picture(4, Uint8Array.of(PICTURES.tile, 0, 0, 0, 0, ...bomb(60_000, 60_000))))
  expect(told.partial).toBe(1)
  replica.apply(picture(5, Uint8Array.of(PICTURES.unreadable)))
  await turns()
  expect(content(5)).toBe('')
  expect(copy.querySelectorAll('canvas')).toHaveLength(2)
})

test('INR-11 a frame is applied in slices, and is the same then', async () => {
  const [whole, sliced] = [await emptyCopy(), await emptyCopy()]
  whole.replica.apply(whole.frame(paragraphs(500)))
  let asked = 0
  let pauses = 0
  const between: number[] = []
  await sliced.replica.applyInSlices(sliced.frame(paragraphs(500)), () => {
    if (++asked % 100 > 0) return undefined
    pauses++
    between.push(sliced.copy.querySelectorAll('p').length)
    return new Promise((resolve) => setTimeout(resolve))
  })
  expect(sliced.copy.documentElement.outerHTML).toBe(whole.copy.documentElement.outerHTML)
  expect(pauses).toBeGreaterThan(10)
  // No slice did more than its share.
  for (const [i, count] of between.entries()) expect(count - (between[i - 1] ?? 0)).toBeLessThanOrEqual(50)
})
