/** What the features of a query can measure, in the units below. */
export interface Measures {
  /** Device pixels of a CSS pixel. */
  resolution: number
  'device-width': number
  'device-height': number
}

const RESOLUTIONS: Readonly<Record<string, number>> = { dppx: 1, x: 1, dpi: 1 / 96, dpcm: 2.54 / 96 }
/** In a query `em` is the browser's own size of text. */
const LENGTHS: Readonly<Record<string, number>> = {
  '': 1,
  px: 1,
  em: 16,
  rem: 16,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
  pt: 96 / 72,
  pc: 16,
}
const PLAIN: Readonly<Record<string, number>> = { '': 1 }

/** Browsers round what they measure. */
const TOLERANCE = 0.0005

type Comparison = (measured: number, given: number) => boolean

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '=': (measured, given) => Math.abs(measured - given) < TOLERANCE,
  '>=': (measured, given) => measured > given - TOLERANCE,
  '<=': (measured, given) => measured < given + TOLERANCE,
  '>': (measured, given) => measured >= given + TOLERANCE,
  '<': (measured, given) => measured <= given - TOLERANCE,
}
const TURNED: Readonly<Record<string, string>> = { '=': '=', '>=': '<=', '<=': '>=', '>': '<', '<': '>' }
const PREFIXED: Readonly<Record<string, string>> = { 'min-': '>=', 'max-': '<=' }

/** Answers a feature that measures the device, as `name`, `name: value` or a range. Undefined for any other. */
export function compare(feature: string, measures: Measures): boolean | undefined {
  const plain = /^(-webkit-)?(min-|max-)?([a-z-]+?)(?:\s*:\s*(.+))?$/.exec(feature)
  if (plain) {
    const [, vendor = '', prefix = '', name = '', value] = plain
    const measured = measure(vendor + name, measures)
    if (!measured) return undefined
    if (value === undefined) return prefix ? undefined : measured.is > 0
    return holds(measured, PREFIXED[prefix] ?? '=', value)
  }
  const range = /^([^<>=]+?)\s*([<>]=?|=)\s*([^<>=]+?)(?:\s*([<>]=?)\s*([^<>=]+))?$/.exec(feature)
  if (!range) return undefined
  const [, first = '', sign = '', second = '', nextSign, third] = range
  if (third === undefined) {
    const left = measure(first, measures)
    if (left) return holds(left, sign, second)
  }
  const middle = measure(second, measures)
  if (!middle) return undefined
  const above = holds(middle, TURNED[sign]!, first)
  return third === undefined || !above ? above : holds(middle, nextSign!, third)
}

interface Measured {
  is: number
  units: Readonly<Record<string, number>>
}

function measure(name: string, measures: Measures): Measured | undefined {
  if (name === 'resolution') return { is: measures.resolution, units: RESOLUTIONS }
  if (name === '-webkit-device-pixel-ratio') return { is: measures.resolution, units: PLAIN }
  if (name === 'device-width' || name === 'device-height') return { is: measures[name], units: LENGTHS }
  if (name === 'device-aspect-ratio') return { is: measures['device-width'] / measures['device-height'], units: PLAIN }
  return undefined
}

/** Undefined for a value that is none, or has to be calculated. */
function holds({ is, units }: Measured, sign: string, value: string): boolean | undefined {
  const [, number, unit = '', divisor] = /^(\d*\.?\d+)([a-z]*)(?:\s*\/\s*(\d*\.?\d+))?$/.exec(value.trim()) ?? []
  const factor = units[unit]
  if (number === undefined || factor === undefined || (divisor && units !== PLAIN)) return undefined
  return COMPARISONS[sign]!(is, (Number(number) * factor) / Number(divisor ?? 1))
}
