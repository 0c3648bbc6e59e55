import { expect, test } from 'vitest'
import { loadChunk } from '../chunks.ts'
import { ASSIST_TEXTS } from './assist-texts.ts'
import { chooseLanguage, LANGUAGES } from './language.ts'
import { PREVIEW_TEXTS } from './preview-texts.ts'
import { TEXTS } from './texts.ts'
import { TEXTS as german } from './texts-de.ts'

const ENGLISH = { ...TEXTS, ...ASSIST_TEXTS, ...PREVIEW_TEXTS }
const names = (text = '') => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort()

test.each(LANGUAGES)('PNL-13 %s has the texts of the others, with the names of the English ones', async (language) => {
  const { TEXTS: texts } = await loadChunk(`texts-${language}`)
  expect(Object.keys(texts).sort()).toEqual(Object.keys(german).sort())
  for (const [key, text] of Object.entries(ENGLISH)) {
    const spoken = texts[key as keyof typeof ENGLISH]
    // English stands in for a text that is newer than its translations.
    if (spoken !== undefined) expect([key, names(spoken)]).toEqual([key, names(text)])
  }
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
