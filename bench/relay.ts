import type { ServerProcess } from '../e2e/server-process.ts'
import { printColumns } from './print-table.ts'
import type { Order } from './relay/attacker.ts'
import { ATTACKS } from './relay/attacks.ts'
import { Child } from './relay/child.ts'
import type { Question } from './relay/neighbours.ts'
import { bytesInUse, residentMegabytes, startServer, waitsSince } from './relay/server.ts'
import type { Counts } from './relay/tally.ts'
import { percentile, spread } from './spread.ts'

const PAIRS = 20
const FRAMES_PER_SECOND = 1_000
const WATCH_MS = 400

/** What a closed socket needs to be gone. */
const CALM_MS = 100

const MIB = 1024 * 1024

const COLUMNS = [
  'attack',
  'tries (refused)',
  'MB sent',
  'p50 in ms',
  'p99 in ms',
  'ratio',
  'on nobody',
  'p99 of the wait in ms',
  'own ratio',
  'on nobody',
  'MB in use, after each round',
  'MB in RAM before/peak/after',
  'without limits',
]

/** What an attack on the relay costs those who have nothing to do with it, and the server in memory. Quiet and attacked
 *  times take turns with a first control: the same attack on another server, of nobody's, which shows what the measurement
 *  itself is worth. The second control is the same server without its limits. Ratios are medians over the rounds.
 *  `BENCH_ATTACKS` names some: `pings,uploads`. */
export async function measureRelay(rounds: number): Promise<void> {
  const asked = process.env.BENCH_ATTACKS?.split(',')
  const names = Object.keys(ATTACKS).filter((name) => !asked || asked.some((part) => name.includes(part)))
  const lines: string[][] = []
  const held = await Ground.open([])
  const nobody = await Child.start('nobodys-server.ts', 'crowd')
  const { port: nobodysPort } = await nobody.ask<{ port: number }>({})
  for (const [number, name] of names.entries()) {
    const cells = await held.attack({ name, number, rounds, nobodysPort })
    lines.push([name, ...cells])
    console.log(lines.at(-1)!.join(' | '))
  }
  await held.close()
  await nobody.end()
  for (const [number, name] of names.entries()) lines[number]!.push(await attackWithoutLimits(name, number))
  printColumns([COLUMNS, ...lines])
}

/** The ratio of p99. A server of its own for each: some attacks leave nothing of one. */
async function attackWithoutLimits(name: string, number: number): Promise<string> {
  const open = await Ground.open(['--import', new URL('relay/without-limits.ts', import.meta.url).href])
  const cells = await open.attack({ name, number, rounds: 1 }).catch((error: Error) => error)
  await open.close()
  return cells instanceof Error ? 'others lost' : cells[COLUMNS.indexOf('own ratio') - 1]!
}

interface Attack {
  name: string
  number: number
  rounds: number
  nobodysPort?: number
}

/** The ways of frames in ms, and p99 of what they waited for the server's turn by its own CPU time. */
interface Watched {
  p50: number
  p99: number
  wait: number
}

/** A server and its honest sessions. */
class Ground {
  readonly #server: ServerProcess
  readonly #neighbours: Child

  private constructor(server: ServerProcess, neighbours: Child) {
    this.#server = server
    this.#neighbours = neighbours
  }

  static async open(flags: readonly string[]): Promise<Ground> {
    const server = await startServer(flags)
    const neighbours = await Child.start('neighbours.ts', 'neighbours')
    const from = { port: server.port, localAddress: '127.0.0.1' }
    await neighbours.ask({ type: 'open', from, pairs: PAIRS } satisfies Question)
    const ground = new Ground(server, neighbours)
    // What runs for the first time is slow.
    for (let n = 0; n < 3; n++) await ground.#watch()
    return ground
  }

  /** The cells of `COLUMNS` from the second to the last but one. */
  async attack({ name, number, rounds, nobodysPort }: Attack): Promise<string[]> {
    const attacker = await Child.start('attacker.ts', 'crowd')
    const from = (port: number) => ({ port, localAddress: `127.0.1.${number + 1}` })
    const quiet: Watched[] = []
    const attacked: Watched[] = []
    const elsewhere: Watched[] = []
    const counts: Counts[] = []
    const inUse = [await bytesInUse(this.#server)]
    const before = residentMegabytes(this.#server.pid)
    let peak = before
    const watching = setInterval(() => {
      peak = Math.max(peak, residentMegabytes(this.#server.pid))
    }, 50)
    const watchWhile = async (port: number): Promise<Watched> => {
      await attacker.ask({ type: 'begin', name, from: from(port) } satisfies Order)
      const ways = await this.#watch()
      counts.push(await attacker.ask<Counts>({ type: 'stop' } satisfies Order))
      await new Promise((resolve) => setTimeout(resolve, CALM_MS))
      return ways
    }
    try {
      for (let round = 0; round < rounds; round++) {
        if (nobodysPort) elsewhere.push(await watchWhile(nobodysPort))
        counts.length = round
        quiet.push(await this.#watch())
        attacked.push(await watchWhile(this.#server.port))
        inUse.push(await bytesInUse(this.#server))
      }
    } finally {
      clearInterval(watching)
      await attacker.end()
    }
    const [p50, p99, wait] = (['p50', 'p99', 'wait'] as const).map((figure) => compare(quiet, attacked, figure))
    return [
      describe(counts),
      (counts.reduce((sum, { bytes }) => sum + bytes, 0) / MIB).toFixed(0),
      p50!.text,
      p99!.text,
      p99!.ratio.toFixed(2),
      nobodysPort ? compare(quiet, elsewhere, 'p99').ratio.toFixed(2) : '',
      wait!.text,
      ownRatio(quiet, attacked).toFixed(2),
      nobodysPort ? ownRatio(quiet, elsewhere).toFixed(2) : '',
      inUse.map((bytes) => (bytes / MIB).toFixed(0)).join(' → '),
      [before, peak, residentMegabytes(this.#server.pid)].map((mb) => mb.toFixed(0)).join('/'),
    ]
  }

  async #watch(): Promise<Watched> {
    await waitsSince(this.#server)
    const question: Question = { type: 'watch', ms: WATCH_MS, perSecond: FRAMES_PER_SECOND }
    const ways = await this.#neighbours.ask<number[]>(question)
    return { p50: percentile(ways, 0.5), p99: percentile(ways, 0.99), wait: await waitsSince(this.#server) }
  }

  async close(): Promise<void> {
    await this.#neighbours.end()
    await this.#server.close()
  }
}

/** All rounds together: `1200 (1102×40, 429×900)`. */
function describe(counts: Counts[]): string {
  const tries = counts.reduce((sum, one) => sum + one.tries, 0)
  const refused: Record<string, number> = {}
  for (const one of counts)
    for (const [reason, count] of Object.entries(one.refused)) refused[reason] = (refused[reason] ?? 0) + count
  const reasons = Object.entries(refused).map(([reason, count]) => `${reason}×${count}`)
  return reasons.length ? `${tries} (${reasons.join(', ')})` : String(tries)
}

/** The median of the rounds' ratios, which a slow spell of the machine does not move. */
function compare(quiet: Watched[], attacked: Watched[], figure: keyof Watched) {
  const ratio = spread(attacked.map((round, number) => round[figure] / quiet[number]![figure])).median
  const [before, under] = [quiet, attacked].map((rounds) => spread(rounds.map((round) => round[figure])).median)
  return { ratio, text: `${before!.toFixed(2)} → ${under!.toFixed(2)}` }
}

/** The same of p99 where whatever else the machine does is left out: the usual way and the wait for the server's turn. */
function ownRatio(quiet: Watched[], attacked: Watched[]): number {
  const usual = Math.min(...quiet.map(({ p50 }) => p50))
  return spread(attacked.map(({ wait }, number) => (usual + wait) / (usual + quiet[number]!.wait))).median
}
