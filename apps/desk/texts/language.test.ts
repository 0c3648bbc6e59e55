import { describe, expect, test } from 'vitest'
import type { Catalogue, Plural } from './catalogue.ts'
import { en } from './en.ts'
import {
  chooseLanguage,
  formatCountdown,
  formatNames,
  formatPercent,
  LANGUAGES,
  type Language,
  speak,
  t,
} from './language.ts'

async function load(language: Language): Promise<Catalogue> {
  const module: Record<string, Catalogue> = await import(`./${language}.ts`)
  return module[language]!
}

const namesIn = (text: string | Plural): Set<string> =>
  new Set((typeof text === 'string' ? [text] : Object.values(text)).flatMap((form) => form.match(/\{\w+\}/g) ?? []))

describe('the languages of the desk', () => {
  test.each<[string[], Language]>([
    [['de-CH', 'en'], 'de'],
    [['tlh', 'pt-BR'], 'pt'],
    [['AR_eg'], 'ar'],
    [['sv', 'fi'], 'en'],
    [[], 'en'],
    [['deutsch'], 'en'],
  ])('DSK-50 the wishes %j lead to %s', (wishes, language) => {
    expect(chooseLanguage(wishes)).toBe(language)
  })

  test('DSK-50 texts, numbers and names follow the language; names keep their own direction', async () => {
    await speak('en')
    expect(t('state.live', { name: 'Cora' })).toBe('Live with Cora')
    expect(t('state.live', { name: 'عمر' })).toBe('Live with \u2068عمر\u2069')
    expect(formatCountdown(65)).toBe('1:05')
    await speak('de')
    expect(formatPercent(0.5)).toBe('50\u00a0%')
    await speak('ar')
    expect(t('state.live', { name: 'Cora' })).toContain('\u2068Cora\u2069')
    await speak('en')
  })

  test('DSK-237 names in a row follow the language, each in its own direction', async () => {
    await speak('ja')
    expect(formatNames(['花', '健'])).toBe('花、健')
    await speak('en')
    expect(formatNames(['Ana', 'عمر', 'Ben'])).toBe('Ana, \u2068عمر\u2069, Ben')
  })

  test.each(LANGUAGES)('DSK-51 %s has every text with the same names', async (language) => {
    const catalogue = await load(language)
    expect(Object.keys(catalogue)).toEqual(Object.keys(en))
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      const text: string | Plural = catalogue[key]
      expect([key, [...namesIn(text)].sort()]).toEqual([key, [...namesIn(en[key])].sort()])
      if (typeof text === 'string') expect(text.trim().length, key).toBeGreaterThan(0)
      else
        expect([key, Object.keys(text).sort()]).toEqual([
          key,
          new Intl.PluralRules(language).resolvedOptions().pluralCategories.sort(),
        ])
    }
  })
})
