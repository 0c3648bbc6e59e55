import type { en } from './en.ts'

/** A text that differs with a number, by the rules of `Intl.PluralRules`; `{count}` is that number. */
export type Plural = { [Rule in Intl.LDMLPluralRule]?: string } & { other: string }

/** All texts of the desk in one language. English has every key; what a language lacks does not compile. */
export type Catalogue = { readonly [Key in TextKey]: (typeof en)[Key] extends string ? string : Plural }

export type TextKey = keyof typeof en

type Names<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never
type NamesOf<Text> = Text extends { other: string } ? Names<Text[keyof Text]> | 'count' : Names<Text>

/** What stands in the braces of a text. */
export type Values<Key extends TextKey> = { [Name in NamesOf<(typeof en)[Key]>]: string | number }

/** Nothing for a text without braces. */
export type Given<Key extends TextKey> = [NamesOf<(typeof en)[Key]>] extends [never] ? [] : [values: Values<Key>]
