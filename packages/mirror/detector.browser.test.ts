import { afterEach, expect, test } from 'vitest'
import type { MaskRules } from './capture/index.ts'
import { createPair, type Pair } from './pair/pair.ts'

let pair: Pair | undefined
afterEach(() => pair?.close())

const ALL: MaskRules = { maskType: 'custom_input', detectors: ['card', 'iban', 'email'] }
const CARD = '4111 1111 1111 1111'

async function open(body: string, mask = ALL): Promise<Pair> {
  pair = await createPair({ mask, html: `<!DOCTYPE html><html><head></head><body>${body}</body></html>` })
  pair.flush()
  return pair
}

const sent = ({ frames }: Pair, from = 0) =>
  frames
    .slice(from)
    .map((frame) => new TextDecoder().decode(frame))
    .join('\n')
const shown = ({ copy }: Pair, selector: string) => copy.querySelector(selector)?.textContent

const PLACES: [string, string][] = [
  ['a text', `<p>Card ${CARD}, thanks</p>`],
  ['a title', `<p title="${CARD}">x</p>`],
  ['a label', `<p aria-label="${CARD}">x</p>`],
  ['a placeholder', `<input placeholder="${CARD}">`],
  ['a value', `<input value="${CARD}">`],
  ['a textarea', `<textarea>${CARD}</textarea>`],
  ['an option', `<select><option value="1">${CARD}</option></select>`],
  ['SVG text', `<svg><text>${CARD}</text></svg>`],
  ['a style', `<p style="--card:'${CARD}'">x</p>`],
  ['spans', '<p><span>4111</span> <span>1111</span>\n   <span>1111</span><b><i> 1111</i></b></p>'],
  ['letters', `<p>${[...CARD].map((sign) => `<span>${sign}</span>`).join('')}</p>`],
  ['a cut text', '<p>4111 11<!-- -->11 1111 1111</p>'],
  ['elements of the page’s own', '<p><x-part>4111 1111</x-part><x-part> 1111 1111</x-part></p>'],
  ['a link', '<a href="mailto:ann@shop.example">x</a>'],
  ['a cut address', '<p>ann@<wbr>shop.<b>example</b></p>'],
  ['an IBAN', '<p>DE89 3704 <em>0044 0532</em> 0130 00</p>'],
]

const secret = /1111|0044|0532|ann@|@shop|shop\.example/

test.each(PLACES)('MSK-46 what detectors find leaves no page, in %s', async (_, html) => {
  expect(sent(await open(html))).not.toMatch(secret)
})

test('MSK-46 no detector looks where none is named', async () => {
  const hidden: string[] = []
  for (const [place, html] of PLACES) {
    if (!secret.test(sent(await open(html, { maskType: 'custom_input' })))) hidden.push(place)
    pair?.close()
  }
  // One spells it letter by letter, and a link says only that it is one.
  expect(hidden).toEqual(['letters', 'a link'])
})

test('MSK-46 what stands around what was found stays, and what is no number stays whole', async () => {
  const { copy } = await open(`<p>Card ${CARD}, thanks 4111 1111 1111 1112</p><p>tel 030 1234</p>`)
  expect(copy.querySelector('p')?.textContent).toBe('Card •••• •••• •••• ••••, thanks 4111 1111 1111 1112')
  expect(copy.querySelector('p:last-child')?.textContent).toBe('tel 030 1234')
})

test('MSK-46 a number that is completed beside is hidden where it began, and opens when it is none any more', async () => {
  const pair = await open('<p><b>4111 1111</b> <i>1111</i> <u></u> rest</p>')
  expect(shown(pair, 'b')).toBe('4111 1111')
  pair.page.querySelector('u')!.textContent = '1111'
  pair.flush()
  expect([shown(pair, 'b'), shown(pair, 'i'), shown(pair, 'u')]).toEqual(['•••• ••••', '••••', '••••'])
  ;(pair.page.querySelector('i')!.firstChild as Text).data = '1112'
  pair.flush()
  expect([shown(pair, 'b'), shown(pair, 'i'), shown(pair, 'u')]).toEqual(['4111 1111', '1112', '1111'])
  ;(pair.page.querySelector('i')!.firstChild as Text).data = '1111'
  pair.flush()
  pair.page.querySelector('i')!.remove()
  pair.flush()
  expect(shown(pair, 'b')).toBe('4111 1111')
  pair.page.querySelector('u')!.before('1111')
  pair.flush()
  expect([shown(pair, 'b'), shown(pair, 'u')]).toEqual(['•••• ••••', '••••'])
})

test('MSK-48 while a number is typed into a field no more of it leaves than its first five digits', async () => {
  const pair = await open('<input><textarea></textarea>')
  for (const selector of ['input', 'textarea']) {
    const field = pair.page.querySelector<HTMLInputElement>(selector)!
    for (const sign of '4567890123456785 ') {
      field.value += sign
      pair.flush()
    }
    expect((pair.copy.querySelector(selector) as HTMLInputElement).value).toMatch(/^•+ ?$/)
  }
  expect(sent(pair)).toContain('45678')
  expect(sent(pair)).not.toContain('456789')
})

test('MSK-46 long texts are sent anew in whole where something was hidden in them', async () => {
  const long = 'words and more of them, '.repeat(20)
  const pair = await open(`<p>${long}${CARD}${long}</p>`)
  const text = pair.page.querySelector('p')!.firstChild as Text
  for (const [at, count, put] of [
    [0, 5, 'other'],
    [long.length + 3, 1, '2'],
    [long.length + 3, 1, '1'],
    [text.length - 5, 5, 'end'],
  ] as const) {
    text.replaceData(at, count, put)
    pair.flush()
    const isCard = text.data.includes(CARD)
    const dots = '•••• •••• •••• ••••'
    expect(shown(pair, 'p')).toBe(isCard ? text.data.replace(CARD, dots) : text.data)
  }
})
