/** Several rounds of one figure. */
export interface Spread {
  median: number
  min: number
  max: number
  p95: number
  rounds: number
}

export function spread(values: number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => pick(sorted, share)
  return { median: at(0.5), min: at(0), max: at(1), p95: at(0.95), rounds: sorted.length }
}

/** The value that `share` of all do not exceed; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  return pick(
    values.toSorted((a, b) => a - b),
    share,
  )
}

function pick(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

/** One line of the result: the same figure of both products. */
export interface Row {
  name: string
  unit: string
  mirror: Spread
  recorder: Spread
  /** The page with neither product, where its own work is in the figures. */
  alone?: Spread
}

/** Both products in turn, the first one changing from round to round, so that a slow spell of the machine hits both. */
export function inTurn<T>(names: readonly T[], round: number): T[] {
  return round % 2 ? names.toReversed() : [...names]
}
