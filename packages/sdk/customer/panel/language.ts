/** Languages with a file of their own, `texts-*.ts`; English is built in. */
export const LANGUAGES = ['de', 'fr', 'es', 'pt', 'it', 'nl', 'pl', 'ja', 'ar'] as const

export type Language = (typeof LANGUAGES)[number]

/** The first of some language tags that there are texts for, without its region: `en`, or one of `LANGUAGES`. */
export function chooseLanguage(tags: readonly string[]): Language | 'en' {
  const names = tags.map((tag) => tag.toLowerCase().split(/[-_]/)[0])
  return (names.find((name) => name === 'en' || LANGUAGES.includes(name as Language)) ?? 'en') as Language | 'en'
}
