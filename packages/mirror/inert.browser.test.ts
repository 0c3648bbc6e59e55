import { afterEach, expect, test } from 'vitest'
import { createReplica, type Replica } from './replica/index.ts'
import { FrameWriter, ITEM_FLAGS, ITEMS, MARKS, OPS, STATES } from './wire/index.ts'

const open: { close(): void }[] = []

afterEach(() => {
  for (const item of open.splice(0)) item.close()
})

async function replicaOf(write: (writer: FrameWriter) => void): Promise<{ replica: Replica; copy: Document }> {
  const replica = await createReplica(document.body, { frameUrl: '/replica' })
  open.push(replica)
  const writer = new FrameWriter()
  writer.begin()
  writer.byte(OPS.document)
  writer.uint(1)
  writer.byte(0)
  writer.byte(OPS.insert)
  writer.uint(1)
  writer.uint(0)
  begin(writer, 'html')
  write(writer)
  writer.byte(ITEMS.end)
  writer.byte(ITEMS.end)
  replica.apply(writer.finish()!)
  return { replica, copy: replica.element.contentDocument! }
}

function begin(writer: FrameWriter, name: string, attributes: Record<string, string> = {}): void {
  writer.byte(ITEMS.html | ITEM_FLAGS.attributes | ITEM_FLAGS.children)
  writer.string(name)
  for (const pair of Object.entries(attributes)) for (const part of pair) writer.string(part)
  writer.none()
}

/** Goes on where `replicaOf` ended. */
function secondFrame(): FrameWriter {
  const writer = new FrameWriter()
  writer.begin()
  writer.byte(OPS.release)
  writer.finish()
  writer.begin()
  return writer
}

const addresses = (copy: Document) =>
  [...copy.querySelectorAll('style')].flatMap((style) =>
    // Firefox has no sheet while it loads an import.
    [...(style.sheet?.cssRules ?? [{ cssText: style.textContent }])]
      .map(({ cssText }) => cssText)
      .filter((css) => /attacker|@import/.test(css)),
  )

test.for([
  ['a call', ['p{background:u', 'rl(http://attacker.test)}']],
  ['an import', ['@im', 'port "http://attacker.test";']],
  ['a string', ['p{x:"', '";background:url(http://attacker.test);y:"}']],
  ['a comment', ['p{/*', '"*/background:url(http://attacker.test);x:"}']],
  ['a function', ['p{background:image-set(', '"http://attacker.test" 1x)}']],
  ['an escape', ['p{background:\\', '75rl(http://attacker.test)}']],
  ['three texts', ['p{', 'background:ur', 'l(http://attacker.test)}']],
] as const)('INR-4 the texts of a style make no address together that none has alone: %s', async ([, texts]) => {
  const { copy } = await replicaOf((writer) => {
    begin(writer, 'style')
    for (const text of texts) {
      writer.byte(ITEMS.text)
      writer.string(text)
    }
    writer.byte(ITEMS.end)
  })
  expect(addresses(copy)).toEqual([])
  const control = copy.createElement('style')
  control.textContent = texts.join('')
  copy.documentElement.append(control)
  expect(addresses(copy)).toHaveLength(1)
})

test('INR-5 names in a page hide nothing from what looks at its copy', async () => {
  const names = ['defaultView', 'documentElement', 'createElement', 'createRange', 'createTextNode', 'getSelection']
  const { replica, copy } = await replicaOf((writer) => {
    begin(writer, 'iframe')
    writer.byte(ITEMS.document | ITEM_FLAGS.children)
    writer.byte(0)
    begin(writer, 'html')
    begin(writer, 'body')
    for (const name of names) {
      begin(writer, name === 'defaultView' ? 'iframe' : 'img', { name })
      writer.byte(ITEMS.end)
    }
    begin(writer, 'input', { id: 'field', value: '••••' })
    writer.byte(ITEMS.end)
    for (let i = 0; i < 4; i++) writer.byte(ITEMS.end)
  })
  const inner = copy.querySelector('iframe')!.contentDocument!
  expect(inner.createElement).not.toBeInstanceOf(Function)
  const [masked] = replica.findMasked()
  expect(replica.boxesOf(masked!)).toHaveLength(1)
  const writer = secondFrame()
  for (const [kind, value] of [
    [STATES.marks, 1 << MARKS.indexOf('focus')],
    [STATES.caret, 0],
  ] as const) {
    writer.byte(OPS.state)
    writer.uint(replica.numberOf(masked!)!)
    writer.byte(kind)
    writer.uint(value)
    if (kind === STATES.caret) {
      writer.uint(2)
      writer.byte(0)
    }
  }
  replica.apply(writer.finish()!)
  for (let i = 0; i < 3; i++) await new Promise((resolve) => requestAnimationFrame(resolve))
  expect((replica.element.nextElementSibling as HTMLElement).children).toHaveLength(1)
})
