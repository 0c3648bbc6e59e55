import { afterEach, expect, test } from 'vitest'
import { createPair, type Pair } from './pair/pair.ts'
import { createReplica, type Replica, WireError } from './replica/index.ts'
import { FrameWriter, ITEM_FLAGS, ITEMS, OPS } from './wire/index.ts'

const open: { close(): void }[] = []

afterEach(() => {
  for (const item of open.splice(0)) item.close()
})

async function emptyReplica(): Promise<Replica> {
  const replica = await createReplica(document.body, { frameUrl: '/replica' })
  open.push(replica)
  return replica
}

/** A hostile capture: writes one HTML element with attributes straight into a frame, past every gate of capture. */
function hostileFrame(items: [string, Record<string, string>, number?][]): Uint8Array {
  const writer = new FrameWriter()
  writer.begin()
  writer.byte(OPS.document)
  writer.uint(1)
  writer.byte(0)
  writer.byte(OPS.insert)
  writer.uint(1)
  writer.uint(0)
  writer.byte(ITEMS.html | ITEM_FLAGS.children)
  writer.string('html')
  for (const [name, attributes, kind = ITEMS.html] of items) {
    writer.byte(kind | ITEM_FLAGS.attributes)
    writer.string(name)
    for (const [key, value] of Object.entries(attributes)) {
      writer.string(key)
      writer.string(value)
    }
    writer.none()
  }
  writer.byte(ITEMS.end)
  writer.byte(ITEMS.end)
  return writer.finish()!
}

const ACTIVE: [string, Record<string, string>, number?][] = [
  ['script', { src: 'http://attacker.test/x.js' }],
  ['img', { src: 'http://attacker.test/x.png', onerror: 'alert(1)', srcset: 'http://attacker.test/y.png 2x' }],
  ['a', { href: 'javascript:alert(1)', ping: 'http://attacker.test' }],
  ['iframe', { src: 'http://attacker.test', srcdoc: '<script>1</script>' }],
  ['object', { data: 'http://attacker.test' }],
  ['embed', { src: 'http://attacker.test' }],
  ['base', { href: 'http://attacker.test' }],
  ['meta', { 'http-equiv': 'refresh', content: '0;url=http://attacker.test' }],
  ['link', { rel: 'stylesheet', href: 'http://attacker.test/x.css' }],
  ['form', { action: 'http://attacker.test' }],
  ['button', { formaction: 'http://attacker.test', onclick: 'alert(1)' }],
  ['video', { src: 'http://attacker.test/v', poster: 'http://attacker.test/p', autoplay: '' }],
  ['input', { type: 'image', src: 'http://attacker.test/i', autofocus: '' }],
  ['div', { style: 'background:url(http://attacker.test/bg)', ONMOUSEOVER: 'alert(1)' }],
  ['body', { background: 'http://attacker.test/b' }],
  ['a', { href: 'javascript:alert(1)', 'xlink:href': 'javascript:alert(1)' }, ITEMS.svg],
  ['script', { href: 'data:,alert(1)' }, ITEMS.svg],
  ['image', { href: 'http://attacker.test/s.png' }, ITEMS.svg],
  ['use', { href: 'http://attacker.test/s.svg#x' }, ITEMS.svg],
  ['animate', { attributeName: 'href', values: 'javascript:alert(1)' }, ITEMS.svg],
  ['x:style', { class: 'k' }, ITEMS.svg],
  ['rect', { fill: 'url(http://attacker.test/f.svg#p)' }, ITEMS.svg],
]

test('REP-1 a hostile stream creates no script, handler, active address or frame source', async () => {
  const replica = await emptyReplica()
  replica.apply(hostileFrame(ACTIVE))
  const copy = replica.element.contentDocument!
  expect(copy.querySelectorAll('*')).toHaveLength(ACTIVE.length + 1)
  const names = [...copy.querySelectorAll('*')].map((element) => element.localName)
  for (const name of ['script', 'object', 'embed', 'base', 'link', 'x:style']) expect(names).not.toContain(name)
  // It may name colour schemes and nothing else.
  expect(copy.querySelector('meta')?.attributes).toHaveLength(0)
  const attributes = [...copy.querySelectorAll('*')].flatMap((element) =>
    element.getAttributeNames().map((name) => [name, element.getAttribute(name)!] as const),
  )
  expect(attributes.filter(([name]) => name.toLowerCase().startsWith('on'))).toEqual([])
  expect(attributes.filter(([, value]) => /attacker|javascript|alert/.test(value))).toEqual([])
  expect(attributes.filter(([name]) => name.endsWith('href')).map(([, value]) => value)).toEqual(['#', '#', '#'])
  expect(attributes.filter(([name]) => ['src', 'srcdoc', 'action', 'data', 'poster'].includes(name))).toEqual([])
})

test('REP-2 the copy is in a sandboxed frame that runs no script, and is inert', async () => {
  const replica = await emptyReplica()
  expect(replica.element.getAttribute('sandbox')).toBe('allow-same-origin')
  expect(replica.element.inert).toBe(true)
  replica.apply(hostileFrame([['div', {}]]))
  const copy = replica.element.contentDocument!
  const script = copy.createElement('script')
  script.textContent = 'parent.replicaScriptRan = true'
  copy.documentElement.append(script)
  expect('replicaScriptRan' in window).toBe(false)
  const control = document.createElement('iframe')
  document.body.append(control)
  const controlScript = control.contentDocument!.createElement('script')
  controlScript.textContent = 'parent.controlScriptRan = true'
  control.contentDocument!.body.append(controlScript)
  control.remove()
  expect('controlScriptRan' in window).toBe(true)
})

test.for([
  ['a wrong version', (bytes: Uint8Array) => bytes.with(0, 9)],
  ['a frame out of turn', (bytes: Uint8Array) => bytes.with(1, 2)],
  ['a cut frame', (bytes: Uint8Array) => bytes.slice(0, -3)],
  ['an unknown operation', (bytes: Uint8Array) => new Uint8Array([...bytes, 99])],
  ['an unknown node', (bytes: Uint8Array) => new Uint8Array([...bytes, OPS.remove, 1, 77])],
  ['a count beyond the frame', (bytes: Uint8Array) => new Uint8Array([...bytes, OPS.remove, 0xff, 0xff, 0x7f])],
] as const)('REP-3 %s is refused with a WireError', async ([, damage]) => {
  const replica = await emptyReplica()
  const good = hostileFrame([['p', {}]])
  expect(() => replica.apply(damage(good.slice()))).toThrow(WireError)
})

test('REP-4 mutated frames end in a WireError or apply, and never hang or throw anything else', async () => {
  const pair: Pair = await createPair({
    html: '<!DOCTYPE html><html><head><style>a{color:red}</style></head><body><p class=x>text</p><input value=1></body></html>',
  })
  open.push(pair)
  pair.flush()
  const frame = pair.frames[0]!
  let state = 7
  const random = (limit: number) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return state % limit
  }
  let refused = 0
  for (let round = 0; round < 40; round++) {
    const replica = await createReplica(document.body, { frameUrl: '/replica' })
    const mutated = frame.slice()
    for (let i = 0; i < 3; i++) mutated[2 + random(mutated.length - 2)] = random(256)
    try {
      replica.apply(mutated)
    } catch (error) {
      expect(error).toBeInstanceOf(WireError)
      refused++
    }
    replica.close()
  }
  expect(refused).toBeGreaterThan(10)
})
