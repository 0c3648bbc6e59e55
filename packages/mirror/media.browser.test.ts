import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mediaOf } from './capture/states.ts'
import { ReplicaMedia } from './replica/replica-media.ts'
import { MEDIA, WireError } from './wire/index.ts'

/** A large run: `VITE_MEDIA_QUERIES=100000`. */
const QUERIES = Number((import.meta as { env?: Record<string, string> }).env?.VITE_MEDIA_QUERIES ?? 400)

const FEATURES = MEDIA.split(' ')

/** What a browser says that answers these features with yes. */
function browserThat(...holds: string[]): ReplicaMedia {
  const media = new ReplicaMedia()
  media.set(document, [...FEATURES.map((feature) => Number(holds.includes(feature))), 2, 390, 844].join())
  return media
}

const answered = (media: ReplicaMedia, query: string) => matchMedia(media.query(query, document)).matches

const values = ['light', 'dark', 'reduce', 'no-preference', 'more', 'none', 'active', 'inverted', 'coarse', 'fine']
const names = [...new Set(FEATURES.map((feature) => feature.split(':')[0]!))]
/** What a browser does not know is neither so nor not so. */
const unknown = names.filter((name) => !matchMedia(`(${name}), not all and (${name})`).matches)
const known = fc.oneof(
  fc.constantFrom(...FEATURES),
  // Whether there is any colour at all, as browsers answer differently.
  fc.constantFrom(...names.filter((name) => !/^(color-gamut|dynamic-range)$/.test(name))),
  fc.tuple(fc.constantFrom(...names), fc.constantFrom(...values)).map(([name, value]) => `${name}: ${value}`),
  fc.constantFrom('scripting', 'scripting:enabled', 'scripting: none', 'dynamic-range: standard', 'color', 'grid:0'),
)
const signs = fc.constantFrom('<', '<=', '=', '>', '>=')
const resolutions = fc.constantFrom('1dppx', '2x', '96dpi', '95dpi', '30dpcm', '1.5dppx')
const lengths = fc.constantFrom('100px', '30em', `${screen.width}px`, `${screen.height}px`, '100cm', '800px')
const measured = fc.oneof(
  fc.tuple(fc.constantFrom('', 'min-', 'max-'), resolutions).map(([prefix, value]) => `${prefix}resolution:${value}`),
  fc.tuple(signs, resolutions).map(([sign, value]) => `resolution ${sign} ${value}`),
  fc.tuple(signs, resolutions).map(([sign, value]) => `${value} ${sign} resolution`),
  fc.constantFrom('1dppx <= resolution < 2dppx', '2dppx > resolution >= 1dppx', '-webkit-device-pixel-ratio:1'),
  fc
    .tuple(fc.constantFrom('', 'min-', 'max-'), fc.constantFrom('width', 'height'), lengths)
    .map(([prefix, name, value]) => `${prefix}device-${name}: ${value}`),
  fc.constantFrom('-webkit-min-device-pixel-ratio: 1.5', '-webkit-max-device-pixel-ratio: 1.5'),
  fc.constantFrom(
    'min-device-aspect-ratio: 1/1',
    'max-device-aspect-ratio: 1 / 2',
    'min-width:100px',
    'width > 9000px',
  ),
)
const feature = fc.oneof(
  known,
  measured,
  fc.constantFrom('hoover', 'pointer: fingers', 'foo:bar', 'hover: hover: none'),
)
/** Firefox gives a page whose size is set by a driver one screen by script and another by query. */
const screens = matchMedia(`(device-width:${screen.width}px) and (device-height:${screen.height}px)`).matches
const askable = feature.filter(
  (text) => !unknown.some((name) => text.startsWith(name)) && (screens || !text.includes('device-')),
)
const leaf = fc
  .tuple(askable, fc.constantFrom('', ' ', '/* (hover) */'))
  .map(([text, space]) => `(${space}${text}${space})`)
const condition = fc.oneof(
  leaf,
  leaf.map((inner) => `not ${inner}`),
  fc.tuple(leaf, leaf).map(([a, b]) => `${a} and ${b}`),
  fc.tuple(leaf, leaf, leaf).map(([a, b, c]) => `${a} or (${b} and (not ${c}))`),
  fc
    .tuple(fc.constantFrom('screen', 'only screen', 'not print', 'not screen', 'PRINT'), leaf)
    .map((p) => p.join(' and ')),
)
const list = fc.array(condition, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(', '))

test('STA-60 a query that is put to the copy is answered as the browser whose answers it has answers it itself', () => {
  const media = new ReplicaMedia()
  media.set(document, mediaOf(document))
  let replaced = 0
  fc.assert(
    fc.property(list, (query) => {
      if (media.query(query, document) !== query.replace(/\/\*.*?\*\//g, ' ')) replaced++
      expect(answered(media, query), query).toBe(matchMedia(query).matches)
    }),
    { numRuns: QUERIES },
  )
  expect(replaced).toBeGreaterThan(QUERIES / 2)
})

test('STA-60 features, their values and ranges are answered for another device, whatever this one is', () => {
  const phone = browserThat('prefers-color-scheme:dark', 'pointer:coarse', 'any-pointer:coarse', 'color-gamut:srgb')
  const yes = [
    '(prefers-color-scheme:dark)',
    '(prefers-color-scheme)',
    '(PREFERS-COLOR-SCHEME : Dark)',
    '(hover:none)',
    'not all and (hover)',
    '(pointer)',
    '(pointer:coarse) and (any-hover:none)',
    '(min-resolution:192dpi)',
    '(resolution >= 2x) and (max-resolution:2dppx)',
    '(1dppx < resolution < 3dppx)',
    '(3dppx > resolution)',
    'only screen and (-webkit-min-device-pixel-ratio:1.5)',
    'only screen and (max-device-width:480px)',
    '(max-device-aspect-ratio: 1/2)',
    '(scripting:enabled)',
    '(prefers-reduced-motion:no-preference)',
    '(display-mode:browser)',
  ]
  const no = [
    '(prefers-color-scheme:light)',
    '(hover)',
    '(hover:hover)',
    '(pointer:fine)',
    '(any-pointer:none)',
    '(min-resolution:3dppx)',
    '(prefers-reduced-motion)',
    '(prefers-contrast)',
    '(scripting:none)',
    '(color-gamut:p3)',
    'print and (pointer)',
    '(forced-colors)',
  ]
  for (const query of yes) expect(answered(phone, query), query).toBe(true)
  for (const query of no) expect(answered(phone, query), query).toBe(false)
})

test('STA-60 CSS keeps what is no query, and width and height', () => {
  const media = browserThat('prefers-color-scheme:dark')
  for (const css of [
    '@media (min-width:600px) and (orientation:landscape){a{color:red}}',
    '@supports (color-scheme:dark){a{top:0}}',
    '@container (min-width:1px){a{top:0}}',
    'a{color-scheme:dark;--b:light;color:light-dark(red,blue)}',
    'a{content:"(hover)"}',
  ])
    expect(media.css(css, document)).toBe(css)
  expect(media.css('a{&b{@media(hover){top:0}}}', document)).toMatch(
    /^a\{&b\{@media\(min-width:5\d{5}px\)\{top:0\}\}\}$/,
  )
  const once = media.css('@media/**/(hover) or (not (pointer)){a{color-scheme:light dark}}', document)
  expect(media.css(once, document)).toBe(once)
})

test('STA-61 what was answered is turned round, and back', () => {
  const media = browserThat('prefers-color-scheme:dark')
  const css =
    '@media (prefers-color-scheme:dark) and (min-width:5px){a{color-scheme:only light dark!important;--s:dark light}}'
  const dark = media.css(css, document)
  const light = browserThat().css(css, document)
  expect(dark).not.toBe(light)
  const answers = (first: number) => [first, ...FEATURES.slice(1).map(() => 0), 2, 390, 844].join()
  expect(media.set(document, answers(1))).toBe(false)
  expect(media.set(document, answers(0))).toBe(true)
  expect(media.again(dark, document)).toBe(light)
  media.set(document, answers(1))
  expect(media.again(light, document)).toBe(dark)
  expect(media.again('@media (min-width:500123px){}', document)).toBe('@media (min-width:500123px){}')
})

test('STA-61 answers that are none are refused', () => {
  for (const text of [
    '',
    '1',
    mediaOf(document).replace('1', 'x'),
    `${mediaOf(document)},1`,
    mediaOf(document).replace(/\d+$/, '-1'),
  ])
    expect(() => new ReplicaMedia().set(document, text), text).toThrow(WireError)
})
