import type { Catalogue, Given, TextKey } from './catalogue.ts'

const LOADERS = {
  en: () => import('./en.ts').then(({ en }) => en),
  de: () => import('./de.ts').then(({ de }) => de),
  fr: () => import('./fr.ts').then(({ fr }) => fr),
  es: () => import('./es.ts').then(({ es }) => es),
  pt: () => import('./pt.ts').then(({ pt }) => pt),
  it: () => import('./it.ts').then(({ it }) => it),
  nl: () => import('./nl.ts').then(({ nl }) => nl),
  pl: () => import('./pl.ts').then(({ pl }) => pl),
  ja: () => import('./ja.ts').then(({ ja }) => ja),
  ar: () => import('./ar.ts').then(({ ar }) => ar),
} satisfies Record<string, () => Promise<Catalogue>>

export type Language = keyof typeof LOADERS
export const LANGUAGES = Object.keys(LOADERS) as Language[]

const RIGHT_TO_LEFT = new Set<Language>(['ar'])

/** Letters of scripts that run from right to left: a name in them would turn the text around it. */
const TURNS = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/

let language: Language = 'en'
let catalogue: Catalogue | undefined
let plurals = new Intl.PluralRules('en')

/** The first language of a wish list that the desk speaks; English when it speaks none. */
export function chooseLanguage(wishes: readonly string[]): Language {
  const spoken = wishes.map((wish) => wish.toLowerCase().split(/[-_]/)[0])
  return LANGUAGES.find((one) => one === spoken.find((wish) => LANGUAGES.some((known) => known === wish))) ?? 'en'
}

/** Loads the texts of one language, and of no other, and tells the document about it. */
export async function speak(wanted: Language, document?: Document): Promise<void> {
  catalogue = await LOADERS[wanted]()
  language = wanted
  plurals = new Intl.PluralRules(wanted)
  if (!document) return
  document.documentElement.lang = wanted
  document.documentElement.dir = direction()
}

export function direction(): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr'
}

/** A text in the language of the desk, with its values put in. */
export function t<Key extends TextKey>(key: Key, ...[values]: Given<Key>): string {
  return pieces(key, values as Record<string, string | number> | undefined)
    .map((piece) => (typeof piece === 'string' ? piece : isolate(piece.value)))
    .join('')
}

/** The same in pieces, for a text with an element in it: strings, and the values with their names. */
export function pieces(
  key: TextKey,
  values: Record<string, string | number> = {},
): (string | { name: string; value: string })[] {
  if (!catalogue) throw new Error('No language was loaded.')
  const text = catalogue[key]
  const pattern = typeof text === 'string' ? text : (text[plurals.select(Number(values.count))] ?? text.other)
  return pattern.split(/(\{\w+\})/).map((piece) => {
    const name = /^\{(\w+)\}$/.exec(piece)?.[1]
    if (name === undefined) return piece
    const value = values[name] ?? ''
    return { name, value: typeof value === 'number' ? formatNumber(value) : value }
  })
}

/** Whether the texts have something for a key that is made at run time, like that of an error. */
export function isTextKey(key: string): key is TextKey {
  return catalogue !== undefined && Object.hasOwn(catalogue, key)
}

export function formatNumber(value: number): string {
  return new Intl.NumberFormat(language).format(value)
}

export function formatPercent(factor: number): string {
  return new Intl.NumberFormat(language, { style: 'percent' }).format(factor)
}

/** A day and time. */
export function formatTime(ms: number, dateStyle: 'short' | 'medium' = 'short'): string {
  return new Intl.DateTimeFormat(language, { dateStyle, timeStyle: 'short' }).format(ms)
}

/** A time of today, or the day with it. */
export function formatSince(ms: number): string {
  const isToday = new Date(ms).toDateString() === new Date().toDateString()
  return isToday ? new Intl.DateTimeFormat(language, { timeStyle: 'short' }).format(ms) : formatTime(ms)
}

/** Counts of units in words, without those that are none: "1 hour, 2 seconds". None at all is none of the last. */
export function formatUnits(counts: Record<string, number>): string {
  const all = Object.entries(counts)
  const some = all.filter(([, count]) => count > 0)
  const words = (some.length ? some : all.slice(-1)).map(([unit, count]) =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count),
  )
  return new Intl.ListFormat(language, { type: 'unit' }).format(words)
}

/** Names as one text, each in its own direction. */
export function formatNames(names: readonly string[]): string {
  return new Intl.ListFormat(language, { type: 'conjunction', style: 'narrow' }).format(names.map(isolate))
}

/** Minutes and seconds, as a clock shows them. */
export function formatCountdown(seconds: number): string {
  const two = new Intl.NumberFormat(language, { minimumIntegerDigits: 2 })
  return `${formatNumber(Math.floor(seconds / 60))}:${two.format(seconds % 60)}`
}

/** What comes from outside keeps its own direction (Unicode Bidirectional Algorithm, isolates). */
function isolate(value: string): string {
  return direction() === 'rtl' || TURNS.test(value) ? `\u2068${value}\u2069` : value
}
