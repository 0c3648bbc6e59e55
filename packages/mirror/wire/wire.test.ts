import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rewriteCss } from './css.ts'
import {
  FrameReader,
  FrameWriter,
  ITEM_FLAGS,
  ITEMS,
  MAX_INTERNED,
  MAX_INTERNED_LENGTH,
  OPS,
  STATES,
  STRINGS,
  safeAttribute,
  safeCss,
  WireError,
} from './index.ts'

const page = readFileSync(new URL('../WIRE.md', import.meta.url), 'utf8')

function tableUnder(heading: string): Record<string, number> {
  const section = page.slice(page.indexOf(`\n## ${heading}`)).split('\n## ')[1] ?? ''
  return Object.fromEntries(
    [...section.matchAll(/^\| (\d+) \| (\w+) \|/gm)].map(([, code, name]) => [name, Number(code)]),
  )
}

test('WIRE-1 the tables of WIRE.md are those of the code', () => {
  expect(tableUnder('Operations')).toEqual(OPS)
  expect(tableUnder('Items')).toEqual({ ...ITEMS, ...ITEM_FLAGS })
  expect(tableUnder('States')).toEqual(STATES)
  expect(tableUnder('Numbers and strings')).toEqual(STRINGS)
  expect(page).toContain(`Strings of up to ${MAX_INTERNED_LENGTH} characters`)
  expect(page).toContain(`fewer than ${MAX_INTERNED} entries`)
})

function roundTrip(write: (writer: FrameWriter) => void): FrameReader {
  const writer = new FrameWriter()
  writer.begin()
  write(writer)
  const reader = new FrameReader()
  reader.begin(writer.finish()!)
  return reader
}

test('WIRE-2 numbers and strings come back as they were, lone surrogates too', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 400 }),
          fc.string(),
          fc.constant('a\ud800'),
          fc.constant('\udc00'),
        ),
      ),
      fc.array(fc.maxSafeNat()),
      fc.array(fc.integer()),
      (strings, naturals, integers) => {
        const reader = roundTrip((writer) => {
          for (const text of strings) writer.string(text)
          for (const value of naturals) writer.uint(value)
          for (const value of integers) writer.int(value)
          writer.none()
          writer.byte(0)
        })
        expect(strings.map(() => reader.string())).toEqual(strings)
        expect(naturals.map(() => reader.uint())).toEqual(naturals)
        expect(integers.map(() => reader.int())).toEqual(integers)
        expect(reader.optionalString()).toBeUndefined()
        reader.byte()
        expect(reader.done).toBe(true)
      },
    ),
  )
})

test('WIRE-3 any bytes end in values or a WireError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const reader = new FrameReader()
      try {
        reader.begin(new Uint8Array([1, 1, ...bytes]))
        while (!reader.done) reader.optionalString()
      } catch (error) {
        expect(error).toBeInstanceOf(WireError)
      }
    }),
    { numRuns: 2000 },
  )
})

test('WIRE-4 a frame out of turn and another version are refused', () => {
  const reader = new FrameReader()
  expect(() => reader.begin(new Uint8Array([2, 1]))).toThrow(WireError)
  expect(() => reader.begin(new Uint8Array([1, 2]))).toThrow(WireError)
})

const addresses: [string, string][] = [
  ['a{background:url(http://a.test/x)}', 'a{background:url("data:,")}'],
  ['a{background:URL( "http://a.test/x" )}', 'a{background:url("data:," )}'],
  ['a{background:u\\72l(http://a.test)}', 'a{background:url("data:,")}'],
  ['a{background:image-set("http://a.test/x" 1x)}', 'a{background:image-set("data:," 1x)}'],
  ['@import "http://a.test/x.css";b{top:0}', ' b{top:0}'],
  ['@im@import x;port "http://a.test";', '@im port "http://a.test";'],
  ['a{x:"\f;background:url(http://a.test)}b{c:"', 'a{x:"\f;background:url("data:,")}b{c:"'],
  ['a{background:image-set(var(--x) 1x)}', 'a{background:image-set(-no-address(--x) 1x)}'],
  ['@im\\70ort url(http://a.test);b{top:0}', ' b{top:0}'],
  ['a{content:"url(http://a.test)"}', 'a{content:"url(http://a.test)"}'],
  ['a{fill:url(#g)}', 'a{fill:url("#g")}'],
  ['/* url(http://a.test) */a{top:0}', '/* url(http://a.test) */a{top:0}'],
  ['a{background:url(http://a.test/x', 'a{background:url("data:,")'],
  ['a{--x:url(//a.test)}', 'a{--x:url("data:,")}'],
]

test('INR-4 line ends, blanks and marks of HTML are read as a browser reads them', () => {
  for (const css of [
    'p{x:"\\\r\n";background:url(a.png);y:"}',
    'p{x:<!--url(a.png)}',
    'p{x:"\\\r";background:url(a.png);y:"}',
  ])
    expect(safeCss(css)).not.toContain('a.png')
  expect(safeCss('p{x:"\u00a0";y:\u00a0url(a.png)}')).toContain('\u00a0url(a.png)')
  expect(safeCss('@function --u(){result:"a.png"}p{background:image-set(--u() 1x)}')).toContain('-no-address(')
})

test.for(addresses)('WIRE-5 CSS %s names no address', ([css, expected]) => {
  expect(safeCss(css)).toBe(expected)
  expect(safeCss(safeCss(css))).toBe(expected)
})

test('WIRE-5 CSS without an address is left as it is, and no text makes the rewriter throw', () => {
  expect(safeCss('a > b{color:red}')).toBe('a > b{color:red}')
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'url(\\)"\'@import;{}/* a1'.split('')), maxLength: 60 }),
      (css) => {
        const once = rewriteCss(css, () => undefined)
        expect(rewriteCss(once, () => undefined)).toBe(once)
      },
    ),
  )
})

test('WIRE-6 no attribute of the copy is active, whatever its case', () => {
  const HTML = 'http://www.w3.org/1999/xhtml'
  for (const name of ['onclick', 'ONLOAD', 'srcdoc', 'formAction', 'ping', 'autofocus', 'http-equiv', 'nonce'])
    expect(safeAttribute(HTML, 'div', name, 'x')).toBeUndefined()
  expect(safeAttribute(HTML, 'a', 'href', 'javascript:alert(1)')).toBe('#')
  expect(safeAttribute(HTML, 'img', 'src', 'https://a.test/x.png')).toBeUndefined()
  expect(safeAttribute(HTML, 'img', 'src', 'data:image/png;base64,AA')).toBe('data:image/png;base64,AA')
  expect(safeAttribute(HTML, 'iframe', 'src', 'data:text/html,x')).toBeUndefined()
  expect(safeAttribute(HTML, 'div', 'class', 'a b')).toBe('a b')
})
