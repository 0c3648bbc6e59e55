// Side by side with a session recorder (rrweb), in one browser: prints a table of ratios and writes bench/results.
// BENCH_ROUNDS sets the rounds; arguments (`snapshot`, `bursts`, `latency`, `server`, `annotation`, `sizes`, `relay`,
// `capacity`) choose measures. `hostile` is another one, on its own.
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { measureAnnotation } from './annotation.ts'
import { measureBursts } from './bursts.ts'
import { measureCapacity } from './capacity.ts'
import { measureLatency } from './latency.ts'
import { printTable } from './print-table.ts'
import { measureRelay } from './relay.ts'
import { measureSizes } from './sizes.ts'
import { measureSnapshots } from './snapshot.ts'
import type { Row } from './spread.ts'
import { bundle, openStage, type Stage } from './stage.ts'
import { measureThroughServer } from './through-server.ts'

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7)
const NODES = [1_000, 10_000, 50_000]

const MEASURES: Record<string, () => Promise<Row[]>> = {
  snapshot: () => onStage((stage) => measureSnapshots(stage, NODES, ROUNDS)),
  bursts: () => onStage(async (stage) => measureBursts(stage, await bundle('bursts'), ROUNDS)),
  latency: () => onStage((stage) => measureLatency(stage, ROUNDS)),
  server: () => onStage((stage) => measureThroughServer(stage, ROUNDS)),
  annotation: () => onStage((stage) => measureAnnotation(stage, ROUNDS)),
  sizes: () => measureSizes(),
  // These have no recorder to stand beside, and print their own tables. More rounds of all attacks would take too long.
  relay: () => measureRelay(Math.min(3, ROUNDS)).then(() => []),
  capacity: () => measureCapacity(ROUNDS).then(() => []),
}

// Not side by side with anybody, and with words of its own: see there.
if (process.argv[2] === 'hostile') await import('./hostile.ts')

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !Object.hasOwn(MEASURES, name))
if (unknown) {
  console.error(`Unknown measure "${unknown}". Use some of: ${Object.keys(MEASURES).join(', ')}.`)
  process.exit(1)
}
const rows: Row[] = []
for (const [name, measure] of Object.entries(MEASURES)) {
  if (asked.length && !asked.includes(name)) continue
  console.log(`Measuring ${name} …`)
  rows.push(...(await measure()))
}
if (!rows.length) process.exit()
printTable(rows)
const folder = join(import.meta.dirname, 'results')
mkdirSync(folder, { recursive: true })
const file = join(folder, `${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}.json`)
const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length }
writeFileSync(
  file,
  `${JSON.stringify({ machine, rows: rows.map((row) => ({ ...row, recorderToMirror: ratio(row) })) }, null, 2)}\n`,
)
console.log(`Written to ${file}`)

async function onStage(measure: (stage: Stage) => Promise<Row[]>): Promise<Row[]> {
  const stage = await openStage()
  const rows = await measure(stage)
  await stage.close()
  return rows
}

function ratio(row: Row): number {
  return row.recorder.median / row.mirror.median
}
