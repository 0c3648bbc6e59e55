import { afterEach, expect, test } from 'vitest'
import { compileGuestMask, type Guests, type MaskRules, startCapture } from './capture/index.ts'
import { canonical } from './pair/canonical.ts'
import { createPair, type Pair, StepClock } from './pair/pair.ts'
import { FrameWriter, ITEM_FLAGS, ITEMS, OPS } from './wire/index.ts'

const open: { close(): void }[] = []
afterEach(() => {
  for (const item of open.splice(0)) item.close()
})

const NONE: MaskRules = { maskType: 'custom_input' }
const NOTE = 'from another site and is not shown'

/** Guests that hand in what a test puts there for each iframe. */
class TestGuests implements Guests {
  readonly iframes = new Set<Element>()
  readonly log: string[] = []
  readonly waiting: [Element, Uint8Array][] = []
  closed = false
  enter(iframe: Element, change = 'first'): void {
    this.iframes.add(iframe)
    this.log.push(`${change} ${iframe.id}`)
  }
  leave(iframe: Element): void {
    this.iframes.delete(iframe)
    this.log.push(`left ${iframe.id}`)
  }
  waits(): boolean {
    return this.waiting.length > 0
  }
  *take(): Iterable<readonly [Element, Uint8Array]> {
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) yield next
  }
  end(): void {}
  close(): void {
    this.closed = true
  }
}

/** A page with iframes that it cannot read. */
async function pairWithGuests(ids: string[]): Promise<{ pair: Pair; guests: TestGuests }> {
  const iframes = ids.map((id) => `<iframe id="${id}" sandbox srcdoc="strange"></iframe>`).join('')
  const pair = await createPair({ html: `<!DOCTYPE html><html><head></head><body>${iframes}<p>text</p></body></html>` })
  open.push(pair)
  await Promise.all(
    [...pair.page.querySelectorAll('iframe')].map(
      (frame) => frame.contentDocument && new Promise((loaded) => frame.addEventListener('load', loaded)),
    ),
  )
  const guests = new TestGuests()
  pair.capture.admit(() => guests)
  pair.flush()
  return { pair, guests }
}

const shownIn = (pair: Pair, id: string) => (pair.copy.getElementById(id) as HTMLIFrameElement).contentDocument!

/** The frames of a document of its own. */
function framesOf(html: string, mask = compileGuestMask([NONE], 0)): { document: Document; next(): Uint8Array } {
  const frame = document.createElement('iframe')
  document.body.append(frame)
  frame.contentDocument!.open()
  frame.contentDocument!.write(`<!DOCTYPE html><html><head></head><body>${html}</body></html>`)
  frame.contentDocument!.close()
  const frames: Uint8Array[] = []
  const capture = startCapture(frame.contentDocument!, {
    mask,
    clock: new StepClock(),
    onError: (error) =>
      open.push({
        close: () => {
          throw error
        },
      }),
  })
  capture.open({ ready: () => true, send: (bytes) => frames.push(bytes) })
  open.push(capture, { close: () => frame.remove() })
  return {
    document: frame.contentDocument!,
    next() {
      capture.flush()
      return frames.shift()!
    },
  }
}

function frame(write: (writer: FrameWriter) => void): Uint8Array {
  const writer = new FrameWriter()
  writer.begin()
  write(writer)
  return writer.finish()!
}

test('FRM-40 an iframe that cannot be read shows a note, wherever it moves; one that can shows what it holds', async () => {
  const { pair } = await pairWithGuests(['strange'])
  const readable = pair.page.body.appendChild(pair.page.createElement('iframe'))
  readable.id = 'own'
  readable.contentDocument!.body.textContent = 'readable'
  pair.flush()
  expect(shownIn(pair, 'strange').body.textContent).toContain(NOTE)
  expect(shownIn(pair, 'own').body.textContent).toBe('readable')
  pair.page.body.append(pair.page.getElementById('strange')!)
  pair.flush()
  expect(shownIn(pair, 'strange').body.textContent).toContain(NOTE)
  expect(canonical(pair.copy)).toBe(canonical(pair.page))
  const inside = shownIn(pair, 'strange')
  const script = inside.createElement('script')
  script.textContent = 'top.noteScriptRan = true'
  inside.documentElement.append(script)
  expect('noteScriptRan' in top!).toBe(false)
})

test('FRM-41 guests are told of each iframe that comes, loads, moves and goes, and of the end', async () => {
  const { pair, guests } = await pairWithGuests(['a', 'b'])
  const [a, b] = [pair.page.getElementById('a')!, pair.page.getElementById('b')!]
  const loaded = new Promise((resolve) => a.addEventListener('load', resolve, { once: true }))
  a.setAttribute('srcdoc', 'anew')
  await loaded
  pair.page.body.append(b)
  pair.flush()
  a.remove()
  pair.flush()
  // Firefox tells late that an empty iframe has loaded.
  const told = [...new Set(guests.log)].filter((what) => what !== 'load b')
  expect(told).toEqual(['first a', 'first b', 'load a', 'move b', 'left a'])
  pair.capture.close()
  expect(guests.closed).toBe(true)
})

test('FRM-42 a guest’s frames build a copy in its iframe with numbers of its own, and a frame without bytes takes it away', async () => {
  const { pair, guests } = await pairWithGuests(['a', 'b'])
  const [a, b] = [...guests.iframes] as [Element, Element]
  const [one, two] = [framesOf('<p>one</p><input value=1>'), framesOf('<p>two</p>')]
  guests.waiting.push([a, one.next()], [b, two.next()])
  pair.flush()
  expect([canonical(shownIn(pair, 'a')), canonical(shownIn(pair, 'b'))]).toEqual(
    [one, two].map(({ document }) => canonical(document)),
  )
  one.document.querySelector('p')!.append(' more')
  one.document.querySelector('input')!.value = '2'
  one.document.body.dispatchEvent(new Event('input', { bubbles: true }))
  guests.waiting.push([a, one.next()])
  pair.flush()
  expect(canonical(shownIn(pair, 'a'))).toBe(canonical(one.document))
  const inner = shownIn(pair, 'a').querySelector('p')!
  // Who points into a guest points at its iframe.
  const { left, top } = pair.copy.getElementById('a')!.getBoundingClientRect()
  expect(pair.replica.pick(left + 20, top + 20)?.node).toBe(pair.capture.numberOf(a))
  expect([pair.replica.numberOf(inner), pair.replica.numberOf(pair.copy.getElementById('a')!)]).toEqual([
    undefined,
    pair.capture.numberOf(a),
  ])
  guests.waiting.push([a, new Uint8Array(0)])
  pair.flush()
  expect(shownIn(pair, 'a').body.textContent).toContain(NOTE)
  expect(canonical(shownIn(pair, 'b'))).toBe(canonical(two.document))
})

test('FRM-43 a guest’s frames are held to what any frame may say, and a broken one takes only the guest away', async () => {
  const { pair, guests } = await pairWithGuests(['a', 'b'])
  const [a, b] = [...guests.iframes] as [Element, Element]
  const honest = framesOf('<p>honest</p>')
  guests.waiting.push([b, honest.next()])
  guests.waiting.push([
    a,
    frame((writer) => {
      writer.byte(OPS.document)
      writer.uint(1)
      writer.byte(0)
      writer.byte(OPS.insert)
      writer.uint(1)
      writer.uint(0)
      writer.byte(ITEMS.html | ITEM_FLAGS.children)
      writer.string('html')
      for (const [name, attribute, value] of [
        ['script', 'src', 'http://attacker.test/x.js'],
        ['img', 'onerror', 'alert(1)'],
        ['a', 'href', 'javascript:alert(1)'],
        ['iframe', 'srcdoc', '<script>1</script>'],
        ['object', 'data', 'http://attacker.test'],
      ] as const) {
        writer.byte(ITEMS.html | ITEM_FLAGS.attributes)
        writer.string(name)
        writer.string(attribute)
        writer.string(value)
        writer.none()
      }
      writer.byte(ITEMS.end)
      writer.byte(ITEMS.end)
    }),
  ])
  pair.flush()
  const hostile = shownIn(pair, 'a')
  expect([...hostile.querySelectorAll('*')].map(({ localName }) => localName)).toEqual([
    'html',
    'template',
    'img',
    'a',
    'iframe',
    'img',
  ])
  expect(hostile.documentElement.outerHTML).not.toMatch(/attacker|alert|srcdoc/)
  const broken = [
    Uint8Array.of(1, 1, 99),
    Uint8Array.of(9, 1),
    Uint8Array.of(1, 7, OPS.release),
    Uint8Array.of(1),
    frame((writer) => {
      writer.byte(OPS.remove)
      writer.uint(1)
      writer.uint(1)
    }),
  ]
  for (const bytes of broken) {
    guests.waiting.push([a, bytes])
    pair.flush()
    expect(shownIn(pair, 'a').body.textContent).toContain(NOTE)
    const again = framesOf('<p>again</p>')
    guests.waiting.push([a, again.next()])
    pair.flush()
    expect(canonical(shownIn(pair, 'a'))).toBe(canonical(again.document))
  }
  expect(canonical(shownIn(pair, 'b'))).toBe(canonical(honest.document))
  expect(pair.errors).toEqual([])
})

test('FRM-44 guests in guests without end, mutated frames and a great many fresh starts harm nothing', async () => {
  const { pair, guests } = await pairWithGuests(['a', 'b'])
  const [a, b] = [...guests.iframes] as [Element, Element]
  let nested = new Uint8Array(0)
  for (let depth = 0; depth < 60; depth++) {
    const around = nested
    nested = frame((writer) => {
      writer.byte(OPS.document)
      writer.uint(1)
      writer.byte(0)
      writer.byte(OPS.insert)
      writer.uint(1)
      writer.uint(0)
      writer.byte(ITEMS.html | ITEM_FLAGS.children)
      writer.string('html')
      writer.byte(ITEMS.html)
      writer.string('iframe')
      writer.byte(ITEMS.end)
      writer.byte(ITEMS.end)
      writer.byte(OPS.guest)
      writer.uint(3)
      writer.bytes(around)
    }) as Uint8Array<ArrayBuffer>
  }
  guests.waiting.push([a, nested])
  pair.flush()
  let depth = 0
  for (let at: Document | null = shownIn(pair, 'a'); at; at = at.querySelector('iframe')?.contentDocument ?? null)
    depth++
  // Browsers themselves stop sooner where frames stand around the test.
  expect(depth).toBeGreaterThan(3)
  expect(depth).toBeLessThan(10)
  const honest = framesOf('<h1>x</h1><p class=x>text</p><input value=1>')
  const whole = honest.next()
  let seed = 7
  const random = (limit: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
    return seed % limit
  }
  for (let round = 0; round < 100; round++) {
    const mutated = whole.slice()
    for (let i = 0; i < 3; i++) mutated[2 + random(mutated.length - 2)] = random(256)
    guests.waiting.push([a, mutated])
    pair.flush()
  }
  guests.waiting.push([b, whole])
  pair.page.querySelector('p')!.textContent = 'goes on'
  pair.flush()
  expect(canonical(shownIn(pair, 'b'))).toBe(canonical(honest.document))
  expect(pair.copy.querySelector('p')!.textContent).toBe('goes on')
})

const GUEST = `<section><p class=a>ALPHA</p></section><div class=b><p class=c>GAMMA</p></div><h1>TITLE</h1>
<input id=field value=FIELD><input type=password value=PASSWORD>`

test.for<[string, MaskRules, number, Partial<MaskRules>, string[]]>([
  ['nothing', NONE, 0, {}, ['ALPHA', 'GAMMA', 'TITLE', 'FIELD']],
  ['the rules around it', { ...NONE, maskCssSelectors: '.a' }, 0, {}, ['GAMMA', 'TITLE', 'FIELD']],
  [
    'the end of a rule with ancestors',
    { ...NONE, maskCssSelectors: '#out > .in .c' },
    0,
    {},
    ['ALPHA', 'TITLE', 'FIELD'],
  ],
  ['a masked iframe', { ...NONE, maskCssSelectors: '.out' }, 1, {}, []],
  [
    'a masked iframe with an opened part',
    { ...NONE, maskCssSelectors: '.out', unmaskCssSelectors: 'h1' },
    1,
    {},
    ['TITLE'],
  ],
  ['its own rules', NONE, 0, { maskCssSelectors: '.c' }, ['ALPHA', 'TITLE', 'FIELD']],
  [
    'its own rules, opened around it',
    { ...NONE, maskCssSelectors: 'h1', unmaskCssSelectors: '.c' },
    0,
    { maskCssSelectors: '.b' },
    ['ALPHA', 'FIELD'],
  ],
  [
    'rules around it, opened by its own',
    { ...NONE, maskCssSelectors: '.b' },
    0,
    { maskType: 'all', unmaskCssSelectors: 'p' },
    ['ALPHA'],
  ],
  ['everything, opened around it', { maskType: 'all', unmaskCssSelectors: 'h1, .c' }, 0, {}, ['GAMMA', 'TITLE']],
  [
    'all fields by its own',
    { ...NONE, unmaskCssSelectors: '#field' },
    0,
    { maskType: 'all_input' },
    ['ALPHA', 'GAMMA', 'TITLE'],
  ],
  [
    'all fields and everything',
    { maskType: 'all', unmaskCssSelectors: 'h1' },
    0,
    { maskType: 'all_input', unmaskCssSelectors: '#field' },
    ['TITLE'],
  ],
])('FRM-45 what either masks is masked: %s', ([, around, base, own, shown]) => {
  const bytes = framesOf(GUEST, compileGuestMask([around], base, { ...NONE, ...own })).next()
  const text = new TextDecoder('latin1').decode(bytes)
  expect(['ALPHA', 'GAMMA', 'TITLE', 'FIELD', 'PASSWORD'].filter((word) => text.includes(word))).toEqual(shown)
})

test('FRM-46 a rule of either that is not valid is refused by its name', () => {
  for (const [around, own, setting] of [
    [{ ...NONE, maskCssSelectors: 'p[' }, NONE, 'maskCssSelectors'],
    [NONE, { ...NONE, unmaskCssSelectors: ':is(' }, 'piiMask.unmaskCssSelectors'],
    [NONE, { ...NONE, maskHTMLAttributes: 'x' }, 'piiMask.maskHTMLAttributes'],
    [{ maskType: 'nothing' as 'all' }, NONE, 'maskType'],
  ] as [MaskRules, MaskRules, string][])
    expect(() => compileGuestMask([around], 0, own)).toThrow(expect.objectContaining({ name: 'MaskError', setting }))
})
