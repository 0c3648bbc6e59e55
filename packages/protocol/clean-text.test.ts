import { expect, test } from 'vitest'
import { cleanText, isPlainText } from './clean-text.ts'

test.each([
  ['\u202eAnn\u2066 \u0000\n Lee\u200b\ufeff ', 'Ann Lee'],
  ['Ann\r\nLee\u0085x\u2028y\u2029z\tt', 'Ann Lee x y z t'],
  ['\u0338\u20ddAnn', 'Ann'],
  [`A${'\u0301\u0302'.repeat(20)}nn`, '\u00c1\u0302\u0301\u0302\u0301nn'],
  ['\u3164\u115f\uffa0\u2800\u{1d159}\ufffc', ''],
  ['Ann\u{e0067}\u{e007f}', 'Ann'],
  ['A\ufe0en\u{e0100}n', 'Ann'],
  ['\ud800A\udc00', 'A'],
  ['A\u200bn\u200dn\u00ad', 'Ann'],
  ['Zu\u0308', 'Z\u00fc'],
])('TXT-1 takes out of %j what does not show, turns, covers or breaks a line', (text, clean) => {
  expect(cleanText(text)).toBe(clean)
  expect(cleanText(clean)).toBe(clean)
})

test.each([
  'Zoë Ångström',
  'Nguyễn Thị Ánh',
  '李小龍',
  'さくら　一'.replace('　', ' '),
  'محمد عبد الله',
  'می\u200cخواهم',
  'שָׁלוֹם',
  'क्\u200dषत्रिय',
  'ศิริพร ขำ',
  'བོད་ཡིག',
  '👩\u200d🚀 👍🏽',
  "O'Neil-d’Arc & Sons, Inc. <x>",
])('TXT-1 leaves %s as it is', (name) => {
  expect(cleanText(name)).toBe(name.normalize())
})

test.each(['a\u200b', '\u202ea', 'a\n', 'a\u0000', '\ud800', 'a\u3164', 'a\u{e0041}', '\u2800'])(
  'TXT-2 does not take %j for an id',
  (id) => {
    expect(isPlainText(id)).toBe(false)
    // Control: the same without what is hidden.
    expect(isPlainText('ann@shop.example 李')).toBe(true)
  },
)
