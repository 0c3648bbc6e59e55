import { expect, test } from 'vitest'
import { lockedAttribute } from './capture/locked.ts'

/** Every property that this browser knows. */
function properties(): string[] {
  const names = new Set<string>(getComputedStyle(document.body))
  for (const name in document.body.style) names.add(name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`))
  return [...names]
}

test('MSK-29 no style of a masked field beside no rule holds a word that the page chose', () => {
  const values = ['SECRET', '--SECRET', '1s SECRET', 'SECRET 1', 'all SECRET', 'red, SECRET', '-SECRET', '_SECRET1']
  const styles = properties().flatMap((name) => values.map((value) => `${name}:${value}`))
  expect(styles.length).toBeGreaterThan(2_000)
  expect(styles.map((style) => lockedAttribute('style', style)).filter((said) => said?.includes('SECRET'))).toEqual([])
  const kept = 'width: 12em; border:1px solid red;margin:0 auto;background-color:#ffaa00;display:none'
  expect(lockedAttribute('style', kept)).toBe(kept)
})

test.for([
  ['is empty', {}],
  ['refuses what is no word of CSS', { supports: (_name: string, value: string) => !value.includes('zz') }],
  ['takes everything', { supports: () => true }],
])('MSK-50 a masked field beside no rule says the same on a page whose own CSS %s', ([, own]) => {
  const before = Object.getOwnPropertyDescriptor(window, 'CSS')!
  Object.defineProperty(window, 'CSS', { configurable: true, value: own })
  try {
    expect(lockedAttribute('style', 'width:1em;animation-name:SECRET;will-change:SECRET')).toBe('width:1em')
  } finally {
    Object.defineProperty(window, 'CSS', before)
  }
})
