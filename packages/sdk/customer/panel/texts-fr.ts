import type { Texts } from './texts.ts'

export const TEXTS: Partial<Texts> = {}
