import { MEDIA, WireError } from '../wire/index.ts'
import { compare } from './media-measure.ts'

/** What the browser of a customer says of itself. */
interface Answers {
  /** What it answers with yes of `MEDIA`. */
  holds: ReadonlySet<string>
  pixelRatio: number
  width: number
  height: number
}

/** A desktop of today, until the customer's browser has spoken. */
const USUAL: Answers = {
  holds: new Set(['pointer:fine', 'any-pointer:fine', 'hover:hover', 'any-hover:hover']),
  pixelRatio: 1,
  width: 1920,
  height: 1080,
}

/** A condition that stands for a feature, as every browser of any time reads it: no viewport is as wide as `FIRST` pixels,
 *  so that `max-width` says yes and `min-width` no. The pixels above `FIRST` are the number of the feature. CSS numbers
 *  keep six digits. */
const FIRST = 500_000
const MOST = 400_000
/** Of one feature with its value. No real one is as long, and reading one takes the square of it. */
const MAX_FEATURE = 200
const ASKED = /\((?:min|max)-width: ?(5\d{5}|[6-8]\d{5})px\)/g

/** In a list of colour schemes, beside the one that the customer's browser would choose of two. */
const CHOSEN = 'alongside-chosen'
const CHOICE = new RegExp(`\\b(?:light|dark) ${CHOSEN}\\b`, 'g')
const TWO_SCHEMES = /\b(?:light\s+dark|dark\s+light)\b/i
const SCHEME_DECLARATION =
  /((?:^|[{;\s/])(?:color-scheme|--[\w-]+)\s*:\s*(?:only\s+)?)(?:light\s+dark|dark\s+light)(?=(?:\s+only)?\s*(?:!|;|\}|$))/gi

const FEATURES = MEDIA.split(' ')

/** Values that hold where none of `MEDIA` does. */
const LEFT: Readonly<Record<string, string>> = {
  'prefers-color-scheme': 'light',
  'forced-colors': 'none',
  pointer: 'none',
  'any-pointer': 'none',
  hover: 'none',
  'any-hover': 'none',
  'display-mode': 'browser',
}
/** Features of which one value always holds that is not "none". */
const ALWAYS = new Set(['prefers-color-scheme', 'display-mode'])

/** Answers the media queries of a copy as the customer's browser does. A query keeps its form; of its features those that
 *  depend on the device and on its owner's choice are replaced by conditions that are always or never true, and these
 *  are turned round in place when the answer changes. Width and height are the copy's own, which are the customer's. */
export class ReplicaMedia {
  readonly #texts = new WeakMap<Document, string>()
  readonly #answers = new WeakMap<Document, Answers>()
  #outermost: Document | undefined
  readonly #features: string[] = []
  readonly #numbers = new Map<string, number>()

  /** Takes what a document's browser says of itself. Returns whether it said otherwise before. */
  set(document: Document, text: string): boolean {
    const numbers = text.split(',').map(Number)
    const [pixelRatio, width, height] = numbers.slice(FEATURES.length) as [number, number, number]
    if (numbers.length !== FEATURES.length + 3 || !numbers.every((value) => value >= 0))
      throw new WireError('what a browser says of itself is some numbers')
    const before = this.#texts.get(document) ?? (this.#outermost && this.#texts.get(this.#outermost))
    this.#texts.set(document, text)
    const holds = new Set(FEATURES.filter((_, i) => numbers[i]))
    this.#answers.set(document, { holds, pixelRatio, width, height })
    this.#outermost ??= document
    return before !== text
  }

  scheme(document: Document): 'light' | 'dark' {
    return this.#of(document).holds.has('prefers-color-scheme:dark') ? 'dark' : 'light'
  }

  /** A list of media queries as the copy is to ask it. */
  query(text: string, document: Document): string {
    const answers = this.#of(document)
    return text
      .replace(/\/\*[\s\S]*?(?:\*\/|$)/g, ' ')
      .replace(
        /\(([^()]*)\)/g,
        (source, inner: string) => this.#condition(inner.trim().toLowerCase(), answers) ?? source,
      )
  }

  /** CSS text, as a sheet, a rule or declarations, as the copy is to hold it. */
  css(text: string, document: Document): string {
    const asking = text.replace(
      /@media\b([^{};@]*)(?=\{)/gi,
      (_, query: string) => `@media${this.query(query, document)}`,
    )
    if (!TWO_SCHEMES.test(asking)) return asking
    return asking.replace(SCHEME_DECLARATION, (_, before: string) => `${before}${this.#choice(document)}`)
  }

  /** The `content` of a `meta` that names colour schemes. */
  schemes(text: string, document: Document): string {
    return text.replace(TWO_SCHEMES, this.#choice(document))
  }

  /** What this has written, as it is to be now. */
  again(text: string, document: Document): string {
    if (!text.includes('-width:') && !text.includes(CHOSEN)) return text
    const answers = this.#of(document)
    return text
      .replace(ASKED, (source, pixels: string) => {
        const feature = this.#features[Number(pixels) - FIRST]
        return feature === undefined ? source : (this.#condition(feature, answers) ?? source)
      })
      .replace(CHOICE, this.#choice(document))
  }

  #of(document: Document): Answers {
    return this.#answers.get(document) ?? (this.#outermost && this.#answers.get(this.#outermost)) ?? USUAL
  }

  #choice(document: Document): string {
    return `${this.scheme(document)} ${CHOSEN}`
  }

  /** Undefined for what this browser answers itself. */
  #condition(feature: string, answers: Answers): string | undefined {
    const answer = feature.length > MAX_FEATURE ? undefined : answerTo(feature, answers)
    return answer === undefined ? undefined : `(${answer ? 'max' : 'min'}-width:${FIRST + this.#number(feature)}px)`
  }

  #number(feature: string): number {
    const known = this.#numbers.get(feature)
    if (known !== undefined) return known
    // A page that asks for more is answered once.
    if (this.#features.length >= MOST) return MOST - 1
    this.#numbers.set(feature, this.#features.push(feature) - 1)
    return this.#features.length - 1
  }
}

function answerTo(feature: string, { holds, pixelRatio, width, height }: Answers): boolean | undefined {
  const measured = compare(feature, { resolution: pixelRatio, 'device-width': width, 'device-height': height })
  if (measured !== undefined) return measured
  const [, name, value] = /^([a-z-]+)(?:\s*:\s*([a-z0-9-]+))?$/.exec(feature) ?? []
  if (name === 'scripting') return !value || value === 'enabled'
  const asked = FEATURES.filter((entry) => entry.startsWith(`${name}:`))
  if (asked.length === 0) return undefined
  if (value && asked.includes(`${name}:${value}`)) return holds.has(`${name}:${value}`)
  const any = asked.some((entry) => holds.has(entry))
  if (!value) return ALWAYS.has(name!) || any
  return value === (LEFT[name!] ?? 'no-preference') && name !== 'color-gamut' ? !any : undefined
}
