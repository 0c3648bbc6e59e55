import { expect, test } from 'vitest'
import { countsAt } from './rule-address.ts'

const AT = 'https://shop.example/account/cards/7'

test.each([
  ['/account/cards/7', AT],
  ['/account/*', AT],
  ['/*/cards/*', AT],
  ['/*', AT],
  ['*/cards/7', AT],
  ['shop.example/account/*', AT],
  ['https://shop.example/account/*', AT],
  ['http://shop.example/account/*', AT],
  ['*.example/account/*', AT],
  ['/account', 'https://shop.example/account/'],
  ['/account/', 'https://shop.example/account'],
  ['/account/*', 'https://shop.example/account/'],
  ['/account/*?', 'https://shop.example/account/'],
  ['shop.example/*', 'https://shop.example/'],
  ['/account/*', 'https://shop.example/Account/7'],
  ['/account/*', 'https://shop.example//account//7'],
  ['/konto/übersicht', 'https://shop.example/konto/%C3%BCbersicht'],
  ['/account', 'https://shop.example/account?tab=1#x'],
  ['/account?tab=*', 'https://shop.example/account?tab=1'],
  ['/account?*', 'https://shop.example/account'],
  ['/*#/cards/*', 'https://shop.example/app#/cards/7'],
  ['/', 'https://shop.example'],
  ['/a*a', 'https://shop.example/aa'],
  ['/100%/*', 'https://shop.example/100%/x'],
])('MSK-41 %s counts at %s', (pattern, href) => {
  expect(countsAt([pattern], href)).toBe(true)
})

test.each([
  ['/account/*', 'https://shop.example/acc%6Funt/%ZZ'],
  ['/account/*', 'https://shop.example/%ZZ/../acc%6Funt/%'],
  ['/account/*', 'https://shop.example/%61cc%6fun%74/%C3%28'],
  ['/account/*', 'https://shop.example/acc%6Funt/%FF%C0%AF%ED%A0%80'],
  ['/konto/übersicht/*', 'https://shop.example/konto/%C3%BCbersicht/%C3'],
  ['/konto/€/🔒*', 'https://shop.example/konto/%E2%82%AC/%F0%9F%94%92%80'],
  ['/%61ccount%/%ZZ', 'https://shop.example/acc%6Funt%/%zz'],
])('MSK-63 %s counts at %s', (pattern, href) => {
  expect(countsAt([pattern], href)).toBe(true)
})

test.each([
  ['/account', AT],
  ['/account/*', 'https://shop.example/account'],
  ['/cards/*', AT],
  ['other.example/account/*', AT],
  ['/account?tab=2', 'https://shop.example/account?tab=1'],
  ['/*#/cards/*', 'https://shop.example/app#/home'],
  ['/a*a', 'https://shop.example/a'],
  ['/a.count/*', AT],
])('MSK-41 %s does not count at %s', (pattern, href) => {
  expect(countsAt([pattern], href)).toBe(false)
})

test('MSK-41 a pattern of many stars is answered at once', () => {
  const pattern = `/${'a*'.repeat(240)}b`
  expect(countsAt([pattern], `https://shop.example/${'a'.repeat(100_000)}`)).toBe(false)
  expect(countsAt(undefined, AT)).toBe(true)
  expect(countsAt(['/x', '/account/*'], AT)).toBe(true)
})
