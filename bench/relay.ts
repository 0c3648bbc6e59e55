import { ServerProcess } from '../e2e/server-process.ts'
import { printColumns } from './print-table.ts'
import type { Order } from './relay/attacker.ts'
import { ATTACKS } from './relay/attacks.ts'
import { Child, pin, residentMegabytes } from './relay/child.ts'
import type { Question } from './relay/neighbours.ts'
import { KEYS } from './relay/seats.ts'
import { spread } from './spread.ts'

const PAIRS = 20
const FRAMES_PER_SECOND = 1_000
const WATCH_MS = 400

/** What a closed socket needs to be gone. */
const CALM_MS = 100

/** The server has this core for itself, all others share the other one. */
const SERVER_CORE = 0
const OTHERS_CORE = 1

/** What an attack on the relay costs those who have nothing to do with it, and the server in memory. Quiet and attacked
 *  seconds take turns. The control is the same server without its limits. `BENCH_ATTACKS` names some: `pings,uploads`. */
export async function measureRelay(rounds: number): Promise<void> {
  const asked = process.env.BENCH_ATTACKS?.split(',')
  const names = Object.keys(ATTACKS).filter((name) => !asked || asked.some((part) => name.includes(part)))
  const lines = [
    [
      'attack',
      'p50 in ms',
      'p99 in ms',
      'p50 ratio',
      'p99 ratio',
      'worst round',
      'frames',
      'MB before/peak/after',
      'without limits: p50, p99',
    ],
  ]
  const held = await Ground.open([])
  for (const [number, name] of names.entries()) {
    const outcome = await held.attack(name, number, rounds)
    lines.push([name, ...outcome.cells, await attackWithoutLimits(name, number)])
    console.log(lines.at(-1)!.join(' | '))
  }
  await held.close()
  printColumns(lines)
}

/** A server of its own for each: some attacks leave nothing of one. */
async function attackWithoutLimits(name: string, number: number): Promise<string> {
  const open = await Ground.open(['--import', new URL('relay/without-limits.ts', import.meta.url).href])
  const outcome = await open.attack(name, number, 1).catch((error: Error) => error)
  await open.close()
  return outcome instanceof Error ? 'others lost' : outcome.short
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
    const server = await ServerProcess.start({ ALONGSIDE_KEYS: KEYS, LOG_LEVEL: 'info' }, flags)
    pin(server.pid, SERVER_CORE, 'soon')
    const neighbours = await Child.start('neighbours.ts', OTHERS_CORE, 'soon')
    const from = { port: server.port, localAddress: '127.0.0.1' }
    await neighbours.ask({ type: 'open', from, pairs: PAIRS } satisfies Question)
    const ground = new Ground(server, neighbours)
    // What runs for the first time is slow.
    for (let n = 0; n < 3; n++) await ground.#watch()
    return ground
  }

  async attack(name: string, number: number, rounds: number) {
    const attacker = await Child.start('attacker.ts', OTHERS_CORE, 'later')
    const from = { port: this.#server.port, localAddress: `127.0.1.${number + 1}` }
    const quiet: number[][] = []
    const attacked: number[][] = []
    const before = residentMegabytes(this.#server.pid)
    let peak = before
    const watching = setInterval(() => {
      peak = Math.max(peak, residentMegabytes(this.#server.pid))
    }, 50)
    try {
      for (let round = 0; round < rounds; round++) {
        quiet.push(await this.#watch())
        await attacker.ask({ type: 'begin', name, from } satisfies Order)
        attacked.push(await this.#watch())
        await attacker.ask({ type: 'stop' } satisfies Order)
        await new Promise((resolve) => setTimeout(resolve, CALM_MS))
      }
    } finally {
      clearInterval(watching)
      await attacker.end()
    }
    const memory = [before, peak, residentMegabytes(this.#server.pid)].map((mb) => mb.toFixed(0)).join('/')
    const [p50, p99] = [compare(quiet, attacked, 0.5), compare(quiet, attacked, 0.99)]
    return {
      short: `${p50.ratio.toFixed(1)}, ${p99.ratio.toFixed(1)}, ${memory} MB`,
      cells: [
        p50.text,
        p99.text,
        p50.ratio.toFixed(2),
        p99.ratio.toFixed(2),
        p99.worst.toFixed(1),
        String([...quiet, ...attacked].flat().length),
        memory,
      ],
    }
  }

  #watch(): Promise<number[]> {
    return this.#neighbours.ask({ type: 'watch', ms: WATCH_MS, perSecond: FRAMES_PER_SECOND } satisfies Question)
  }

  async close(): Promise<void> {
    await this.#neighbours.end()
    await this.#server.close()
  }
}

/** The median over the rounds, which a slow spell of the machine does not move, and the worst round. */
function compare(quiet: number[][], attacked: number[][], share: number) {
  const [calm, hurt] = [quiet, attacked].map((rounds) => rounds.map((values) => percentile(values, share)))
  const [before, under] = [spread(calm!).median, spread(hurt!).median]
  const worst = Math.max(...hurt!.map((value, round) => value / calm![round]!))
  return { ratio: under / before, worst, text: `${before.toFixed(2)} → ${under.toFixed(2)}` }
}

function percentile(values: number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * values.length)] ?? Number.NaN
}
