import { expect, test } from 'vitest'
import { loadChunk } from '../chunks.ts'
import { ASSIST_TEXTS } from './assist-texts.ts'
import { chooseLanguage, LANGUAGES } from './language.ts'
import { TEXTS } from './texts.ts'
import { TEXTS as german } from './texts-de.ts'

const ENGLISH = { ...TEXTS, ...ASSIST_TEXTS }
const names = (text = '') => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort()

test.each(LANGUAGES)('PNL-13 %s has every text with the names of the English one', async (language) => {
  const { TEXTS: texts } = await loadChunk(`texts-${language}`)
  const drawing = Object.keys(german).filter((name) => /^draw[A-Z]/.test(name))
  expect(Object.keys(texts).sort()).toEqual([...Object.keys(ENGLISH), ...drawing].sort())
  for (const [key, text] of Object.entries(ENGLISH))
    expect([key, names(texts[key as keyof typeof ENGLISH])]).toEqual([key, names(text)])
})

test.each([
  [['pt-BR'], 'pt'],
  [['DE_at'], 'de'],
  [['sv', 'nl-BE', 'fr'], 'nl'],
  [['', 'en-GB', 'fr'], 'en'],
  [['not a tag', 'xx'], 'en'],
  [[], 'en'],
])('PNL-14 of %j the panel speaks %s', (tags, language) => {
  expect(chooseLanguage(tags)).toBe(language)
})
