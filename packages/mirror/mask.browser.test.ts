import { afterEach, expect, test } from 'vitest'
import { compileMask, type MaskError, type MaskRules } from './capture/index.ts'
import { createPair, type Pair } from './pair/pair.ts'

const pairs: Pair[] = []

afterEach(() => {
  for (const pair of pairs.splice(0)) pair.close()
})

async function pairOf(body: string, mask: MaskRules): Promise<Pair> {
  const pair = await createPair({ html: `<!DOCTYPE html><html><head></head><body>${body}</body></html>`, mask })
  pairs.push(pair)
  pair.flush()
  return pair
}

/** Whether a word occurs in any frame, as bytes. */
function leaks(pair: Pair, word: string): boolean {
  return pair.frames.some((frame) => new TextDecoder('latin1').decode(frame).includes(word))
}

const NONE: MaskRules = { maskType: 'custom_input' }

test('MSK-1 passwords, card and one-time-code fields, hidden inputs: masked with no rule at all', async () => {
  const pair = await pairOf(
    `<input type=password value=SECRET1><input type=hidden value=SECRET2><input autocomplete="cc-number" value=SECRET3>
     <input autocomplete="section-a one-time-code" value=SECRET4><textarea autocomplete="cc-csc">SECRET5</textarea>
     <input value=PLAIN placeholder="Card number">`,
    NONE,
  )
  for (const field of pair.page.querySelectorAll<HTMLInputElement>('input,textarea')) {
    if (field.type !== 'hidden') field.value += field.value.startsWith('SECRET') ? '-TYPEDSECRET' : ''
  }
  pair.flush()
  expect(leaks(pair, 'SECRET')).toBe(false)
  expect(leaks(pair, 'PLAIN')).toBe(true)
  expect(pair.copy.querySelector<HTMLInputElement>('input[type=password]')!.value).toMatch(/^•+$/)
})

test('MSK-2 a password that is shown as text stays masked', async () => {
  const pair = await pairOf('<input type=password value=SECRET>', NONE)
  const field = pair.page.querySelector('input')!
  field.type = 'text'
  pair.flush()
  field.value = 'SECRET2'
  pair.flush()
  expect(leaks(pair, 'SECRET')).toBe(false)
})

test('MSK-3 maskCssSelectors hides text, values and telling attributes below what it matches', async () => {
  const body = '<div class=p title=SECRETA>SECRETB<b data-x=SECRETC>SECRETD</b><input value=SECRETE></div><p>PLAIN</p>'
  const masked = await pairOf(body, { ...NONE, maskCssSelectors: '.p' })
  expect(leaks(masked, 'SECRET')).toBe(false)
  expect(leaks(masked, 'PLAIN')).toBe(true)
  const control = await pairOf(body, NONE)
  expect(['A', 'B', 'C', 'D', 'E'].filter((letter) => leaks(control, `SECRET${letter}`))).toHaveLength(5)
})

test('MSK-4 all_input masks every form field, all masks everything, unmaskCssSelectors opens', async () => {
  const body = '<p>TEXT</p><input value=VALUE><section class=open>OPEN<i class=shut>SHUT</i></section>'
  const fields = await pairOf(body, { maskType: 'all_input' })
  expect([leaks(fields, 'TEXT'), leaks(fields, 'VALUE')]).toEqual([true, false])
  const all = await pairOf(body, { maskType: 'all', unmaskCssSelectors: '.open', maskCssSelectors: '.shut' })
  expect(['TEXT', 'VALUE', 'OPEN', 'SHUT'].map((word) => leaks(all, word))).toEqual([false, false, true, false])
})

test('MSK-5 a class that masks is obeyed before the change that it hides is sent', async () => {
  const pair = await pairOf('<div><p>old</p></div>', { ...NONE, maskCssSelectors: '.p' })
  const div = pair.page.querySelector('div')!
  div.className = 'p'
  div.querySelector('p')!.textContent = 'SECRET'
  pair.flush()
  expect(leaks(pair, 'SECRET')).toBe(false)
  expect(pair.copy.querySelector('p')!.textContent).toMatch(/^•+$/)
  div.className = ''
  pair.flush()
  expect(pair.copy.querySelector('p')!.textContent).toBe('SECRET')
})

test('MSK-5 a class that unmasked and goes is obeyed, on the first change too', async () => {
  const pair = await pairOf('<p class=o>WORD</p><div></div>', { maskType: 'all', unmaskCssSelectors: '.o' })
  const word = pair.page.querySelector('p')!
  expect(pair.copy.querySelector('p')!.textContent).toBe('WORD')
  word.className = ''
  pair.flush()
  expect(pair.copy.querySelector('p')!.textContent).toMatch(/^•+$/)
  const late = Object.assign(pair.page.createElement('b'), { className: 'o', textContent: 'LATE' })
  pair.page.querySelector('div')!.append(late)
  pair.flush()
  expect(pair.copy.querySelector('b')!.textContent).toBe('LATE')
  late.className = ''
  pair.flush()
  expect(pair.copy.querySelector('b')!.textContent).toMatch(/^•+$/)
})

test('MSK-6 what moves into a masked place is masked there, and open again outside', async () => {
  const pair = await pairOf('<div class=p></div><section><i>WORD</i></section>', { ...NONE, maskCssSelectors: '.p' })
  const [place, item] = [pair.page.querySelector('.p')!, pair.page.querySelector('i')!]
  place.append(item)
  pair.flush()
  expect(pair.copy.querySelector('i')!.textContent).toMatch(/^•+$/)
  item.textContent = 'SECRET'
  pair.flush()
  expect(leaks(pair, 'SECRET')).toBe(false)
  item.textContent = 'again'
  pair.page.querySelector('section')!.append(item)
  pair.flush()
  expect(pair.copy.querySelector('i')!.textContent).toBe('again')
})

test('MSK-7 maskHTMLAttributes matches name=value pairs', async () => {
  const pair = await pairOf('<p data-private="yes">SECRET</p><p data-private="no">PLAIN</p>', {
    ...NONE,
    maskHTMLAttributes: 'data-private=yes, id=x',
  })
  expect([leaks(pair, 'SECRET'), leaks(pair, 'PLAIN')]).toEqual([false, true])
})

test.for([
  ['maskType', { maskType: 'some' }],
  ['maskCssSelectors', { maskType: 'custom_input', maskCssSelectors: 'div >' }],
  ['unmaskCssSelectors', { maskType: 'all', unmaskCssSelectors: '!!' }],
  ['maskHTMLAttributes', { maskType: 'custom_input', maskHTMLAttributes: 'no-value' }],
] as const)('MSK-8 an invalid %s is refused by name', ([setting, rules]) => {
  expect(() => compileMask(rules as MaskRules)).toThrow(
    expect.objectContaining({ name: 'MaskError', setting }) as MaskError,
  )
})

test('MSK-9 masked text keeps spaces and loses letters and exact length', async () => {
  const pair = await pairOf('<p>ab cde fghij klmnopqrstuvw</p>', { maskType: 'all' })
  expect(pair.copy.querySelector('p')!.textContent).toBe('•• •••• •••• ••••••••••••••••')
})
