import { expect, test } from 'vitest'
import { formatTime, groupDigits } from './pin-format.ts'
import { plainName } from './plain-name.ts'

test.each([
  ['Ana Kovač', 'Ana Kovač'],
  ['آنا', 'آنا'],
  ['Ana\u202Egnivoc\u202C', 'Ana gnivoc'],
  ['Ana\u2066\u200F\u061C\u200B\u0000\n\tKovač', 'Ana Kovač'],
  ['<b>Ana</b>', '<b>Ana</b>'],
  ['\u202E\u200B', '?'],
  ['', '?'],
  ['x'.repeat(200), 'x'.repeat(80)],
])('SES-220 a name is shown without control, direction and invisible characters: %j', (name, shown) => {
  expect(plainName(name)).toBe(shown)
})

test('PIN-201 six characters are shown as three and three, others in one group', () => {
  expect(groupDigits('012345')).toEqual(['012', '345'])
  expect(groupDigits('ABC12')).toEqual(['ABC12'])
  expect(groupDigits('0123456')).toEqual(['012', '3456'])
  expect(groupDigits('01234567')).toEqual(['0123', '4567'])
  expect(groupDigits('012345678')).toEqual(['012', '345', '678'])
  expect(groupDigits('0123456789')).toEqual(['012', '345', '6789'])
})

test('PIN-202 the remaining time is shown in minutes and whole seconds, never below zero', () => {
  const times = [1_200_040, 1_199_960, 61_000, 59_501, 500, 0, -5]
  expect(times.map((ms) => formatTime(ms, 'en'))).toEqual(['20:00', '20:00', '1:01', '1:00', '0:01', '0:00', '0:00'])
})
