/** Where something was found in a text. */
export type Found = readonly [start: number, end: number]

type Find = (text: string, isTyped: boolean) => Iterable<Found>

/** Digits that begin a card number or go on with one, and what people put between them. */
const DIGITS = /(?<![\p{L}\d])\d+(?:(?:\s{1,12}|[-‐‑–])?\d+)*/gu
const CARD = { least: 13, most: 19 }

/** Digits typed into a field from which on it may become a card number: the first six name the bank only. */
const CARD_BEGUN = 6

/** Lengths by country, of the registry of ISO 13616. */
const IBAN_LENGTHS = new Map(
  'AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30'
    .match(/.{4}/g)!
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)
const IBAN = /(?<![\p{L}\d])[a-z]{2}\d{2}(?:(?:\s{1,12}|[-‐‑–])?[a-z\d]){2,31}/giu

const EMAIL = /[\p{L}\d._%+'-]{1,64}(?:@|%40)[\p{L}\d-]{1,63}(?:\.[\p{L}\d-]{1,63}){1,8}/gu
const EMAIL_BEGUN = /[\p{L}\d._%+'-]{1,64}@[\p{L}\d.-]{0,255}$/gu

/** What finds things by their form, by the names that settings have for them. */
const FINDS: Record<string, Find> = {
  *card(text, isTyped) {
    for (const { 0: run, index } of text.matchAll(DIGITS)) {
      const groups = [...run.matchAll(/\d+/g)].map((group) => [group.index, group[0]] as const)
      for (let first = 0; first < groups.length; first++) {
        const last = lastOfCard(groups, first)
        if (last < 0) continue
        const [start, end] = [groups[first]![0], groups[last]![0] + groups[last]![1].length]
        yield [index + start, index + end]
        first = last
      }
      const digits = run.replace(/\D/g, '')
      const mayBecome = isTyped && index + run.length === text.trimEnd().length && /^[2-6]/.test(digits)
      if (mayBecome && digits.length >= CARD_BEGUN && digits.length <= CARD.most) yield [index, index + run.length]
    }
  },
  *iban(text, isTyped) {
    for (const { 0: run, index } of text.matchAll(IBAN)) {
      const length = IBAN_LENGTHS.get(run.slice(0, 2).toUpperCase())
      if (!length) continue
      const places = [...run.matchAll(/[a-z\d]/gi)]
      const last = places[length - 1]
      if (last) {
        const end = index + last.index + 1
        const isWhole = !/[\p{L}\d]/u.test(text[end] ?? '')
        if (isWhole && isIban(places.slice(0, length).join(''))) yield [index, end]
      } else if (isTyped && index + run.length === text.trimEnd().length) yield [index, index + run.length]
    }
  },
  *email(text, isTyped) {
    for (const { 0: run, index } of text.matchAll(EMAIL)) yield [index, index + run.length]
    if (isTyped) for (const { 0: run, index } of text.matchAll(EMAIL_BEGUN)) yield [index, index + run.length]
  },
}

/** Card numbers, IBANs and e-mail addresses in a text. `isTyped`: it is what somebody types, so that what may become one
 *  at its end counts too. */
export function* findAll(text: string, names: Iterable<string>, isTyped = false): Iterable<Found> {
  for (const name of names) yield* FINDS[name]!(text, isTyped)
}

/** The group of digits that a card number ends with which begins at `first`; the longest counts, -1 for none. */
function lastOfCard(groups: readonly (readonly [number, string])[], first: number): number {
  let [digits, found] = ['', -1]
  for (let last = first; last < groups.length && digits.length <= CARD.most; last++) {
    digits += groups[last]![1]
    const fits = digits.length >= CARD.least && digits.length <= CARD.most
    if (fits && /^[2-6]/.test(digits) && hasLuhnSum(digits)) found = last
  }
  return found
}

/** ISO/IEC 7812-1, annex B. */
function hasLuhnSum(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2
  }
  return sum % 10 === 0
}

/** ISO 7064, modulo 97. */
function isIban(iban: string): boolean {
  let rest = 0
  for (const sign of iban.slice(4) + iban.slice(0, 4))
    for (const digit of Number.parseInt(sign, 36).toString()) rest = (rest * 10 + Number(digit)) % 97
  return rest === 1
}
