import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { findAll } from './detectors.ts'

const page = readFileSync(new URL('../../../docs/masking.md', import.meta.url), 'utf8')

const found = (text: string, ...names: string[]) =>
  [...findAll(text, names.length ? names : ['card', 'iban', 'email'])].map(([start, end]) => text.slice(start, end))
const typed = (text: string) => [...findAll(text, ['card', 'iban', 'email'], true)].length > 0

test.each([
  ['4111111111111111', '4111111111111111'],
  ['Card 4111 1111 1111 1111, 12/27, 123', '4111 1111 1111 1111'],
  ['5500-0000-0000-0004', '5500-0000-0000-0004'],
  ['3782 822463 10005 1234', '3782 822463 10005'],
  ['no 17 4111 1111 1111 1111 12', '4111 1111 1111 1111'],
  ['4111\u00a01111\u202f1111\u20111111', '4111\u00a01111\u202f1111\u20111111'],
  ['DE89 3704 0044 0532 0130 00 is mine', 'DE89 3704 0044 0532 0130 00'],
  ['gb29nwbk60161331926819', 'gb29nwbk60161331926819'],
  ['NO93 8601 1117 947.', 'NO93 8601 1117 947'],
  ['write to ann.lee+x@mail.shop.example.', 'ann.lee+x@mail.shop.example'],
  ['mailto:ann%40shop.example?subject=x', 'ann%40shop.example'],
  ['jörg@müller.example', 'jörg@müller.example'],
])('MSK-47 finds in "%s"', (text, what) => {
  expect(found(text)).toEqual([what])
})

test.each([
  '4111111111111112',
  '41111111111111111111',
  'a4111111111111111',
  '1234567890123452',
  'DE88 3704 0044 0532 0130 00',
  'DE89 3704 0044 0532 0130 000',
  'XX89370400440532013000',
  '@home at 12:30',
  'a@b',
  '+49 170 1234567',
  '2026-11-21 21:15:30.123',
])('MSK-47 finds nothing in "%s"', (text) => {
  expect(found(text)).toEqual([])
})

test('MSK-48 what is typed counts from where it may become one', () => {
  for (const [text, hidden] of [
    ['41111', false],
    ['411111', true],
    ['4111 1111 1', true],
    ['4111 1111 1111 1111', true],
    ['172635', false],
    ['DE8', false],
    ['DE89 37', true],
    ['ann', false],
    ['ann@', true],
    ['ann@shop', true],
  ] as const)
    expect([text, typed(text)]).toEqual([text, hidden])
})

test('MSK-47 long texts of any kind are searched in linear time', () => {
  for (const text of [
    '4'.repeat(200_000),
    '7 '.repeat(100_000),
    'a.'.repeat(100_000),
    'DE89 '.repeat(40_000),
    '@'.repeat(200_000),
  ]) {
    expect(found(text)).toEqual([])
  }
})

/** A generator of numbers of its own, so that the corpus is the same everywhere. */
function random(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

test('MSK-47 recall and false positives over a generated corpus are as docs/masking.md says', async ({ annotate }) => {
  const below = random(7)
  const digits = (count: number) => Array.from({ length: count }, () => below(10)).join('')
  const luhn = (start: string, length: number) => {
    const body = start + digits(length - start.length - 1)
    for (let last = 0; last < 10; last++) if (sum(`${body}${last}`) % 10 === 0) return `${body}${last}`
    throw new Error('no digit fits')
  }
  const sum = (text: string) =>
    [...text].reverse().reduce((total, sign, i) => {
      const digit = Number(sign) * (i % 2 ? 2 : 1)
      return total + (digit > 9 ? digit - 9 : digit)
    }, 0)
  const grouped = (text: string, size: number, sign: string) => text.match(new RegExp(`.{1,${size}}`, 'g'))!.join(sign)
  const iban = (country: string, length: number) => {
    const body = digits(length - 4)
    const number = BigInt([...`${body}${country}00`].map((sign) => Number.parseInt(sign, 36)).join(''))
    return `${country}${String(98n - (number % 97n)).padStart(2, '0')}${body}`
  }
  const around = ['Your card %', '%', 'pay with % today', '(%)', '% 12/29', 'No. %, thanks']
  const place = (what: string) => around[below(around.length)]!.replace('%', what)
  const kinds: Record<string, () => string> = {
    card: () => {
      const [start, length] = (
        [
          ['4', 16],
          ['51', 16],
          ['2221', 16],
          ['37', 15],
          ['6011', 16],
          ['36', 14],
          ['4', 13],
          ['62', 19],
        ] as const
      )[below(8)]!
      const number = luhn(start, length)
      return [number, grouped(number, 4, ' '), grouped(number, 4, '-'), grouped(number, 4, '\u00a0')][below(4)]!
    },
    iban: () => {
      const [country, length] = (
        [
          ['DE', 22],
          ['AT', 20],
          ['NO', 15],
          ['FR', 27],
          ['GB', 22],
        ] as const
      )[below(5)]!
      const number = iban(country, length)
      return [number, grouped(number, 4, ' '), number.toLowerCase()][below(3)]!
    },
    email: () =>
      `${['ann', 'j.lee', 'x_1+tag', 'zoë'][below(4)]}${digits(3)}@${['shop', 'mail.shop', 'a-b'][below(3)]}.${['example', 'co.uk', 'de'][below(3)]}`,
  }
  const others = [
    () => `order ${digits(8)}`,
    () => `tel +49 ${digits(3)} ${digits(8)}`,
    () => `${digits(5)} town`,
    () => `${1900 + below(200)}-0${1 + below(9)}-1${below(10)} 1${below(10)}:${10 + below(50)}:${10 + below(50)}`,
    () => `€ ${digits(3)}.${digits(3)},${digits(2)}`,
    () => `tracking 00${digits(18)}`,
    () => `id ${digits(4)}-${below(16).toString(16)}${digits(3)}-${digits(12)}`,
    () => `version ${digits(1)}.${digits(2)}.${digits(1)}, build ${digits(10)}`,
    () => `DE${digits(9)} VAT`,
    () => `follow @shop${digits(2)} now`,
    () => `${digits(2)} ${digits(2)} ${digits(2)} ${digits(2)} ${digits(2)}`,
    () => `epoch 17${digits(11)} ms`,
  ]
  const COUNT = 2_000
  const figures: Record<string, number> = {}
  for (const [name, make] of Object.entries(kinds)) {
    const hits = Array.from({ length: COUNT }, make).filter((what) => found(place(what), name).includes(what)).length
    figures[`${name} recall`] = hits / COUNT
    const wrong = Array.from({ length: COUNT }, (_, i) => found(others[i % others.length]!(), name).length).filter(
      Boolean,
    )
    figures[`${name} false`] = wrong.length / COUNT
  }
  // The worst there is for a checksum of one digit: numbers of a card's length that are none.
  const numbers = Array.from({ length: COUNT }, () => found(`id ${2 + below(5)}${digits(15)}`, 'card').length)
  figures['card false, 16 digits'] = numbers.filter(Boolean).length / COUNT
  await annotate(JSON.stringify(figures))
  const say = (name: string) => `${Math.round(figures[name]! * 1000) / 10} %`
  for (const name of Object.keys(kinds)) {
    const [, , recall = '', wrong = ''] = page
      .split('\n')
      .find((row) => row.startsWith(`| \`${name}\``))!
      .split(' | ')
    expect([name, recall, wrong.split(/;| \|/)[0]]).toEqual([name, say(`${name} recall`), say(`${name} false`)])
  }
  expect(page).toContain(`of other numbers of 16 digits that begin so ${say('card false, 16 digits')}, `)
})
