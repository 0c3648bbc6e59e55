import type { Row, Spread } from './spread.ts'

/** Prints both medians with their range (from 20 values on only up to the 95th percentile), and how many times less the mirror takes. */
export function printTable(rows: Row[]): void {
  const lines = [
    ['measure', 'mirror', 'recorder', 'page alone', 'unit', 'recorder ÷ mirror'],
    ...rows.map((row) => [
      row.name,
      show(row.mirror),
      show(row.recorder),
      row.alone ? show(row.alone) : '',
      row.unit,
      describeRatio(row),
    ]),
  ]
  printColumns(lines)
}

/** Prints lines of cells, the first one left and all others right. */
export function printColumns(lines: string[][]): void {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  for (const line of lines)
    console.log(
      line.map((cell, column) => (column ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))).join('  '),
    )
}

function show({ median, min, max, p95, rounds }: Spread): string {
  const high = rounds < 20 ? max : p95
  return rounds > 1 ? `${round(median)} (${round(min)}–${round(high)})` : round(median)
}

function describeRatio({ mirror, recorder }: Row): string {
  // Less than can be told from nothing.
  return mirror.median <= 0 || recorder.median <= 0 ? '–' : (recorder.median / mirror.median).toFixed(1)
}

function round(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2)
}
