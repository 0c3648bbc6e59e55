import { readFileSync } from 'node:fs'
import { printColumns } from './print-table.ts'
import { Child } from './relay/child.ts'
import type { Question } from './relay/neighbours.ts'
import { bytesInUse, startServer } from './relay/server.ts'
import { percentile, spread } from './spread.ts'

const SESSIONS = 1_000
const WATCH_MS = 700

/** Few for the latency, so that nothing but the way is measured; many for the cost of a frame. */
const FEW = 1_000
const MANY = 10_000

/** Ticks of the system's clock in a second (`getconf CLK_TCK`). */
const TICKS = 100

/** What the relay adds to the least that a relay can be, with a thousand sessions, and what a waiting one holds. */
export async function measureCapacity(rounds: number): Promise<void> {
  const waiting = await measureWaiting()
  const server = await startServer()
  const bare = await Child.start('bare-relay.ts', 'server')
  const { port } = await bare.ask<{ port: number }>({})
  const from = { port: server.port, localAddress: '127.0.0.1' }
  const ours = await Course.open(server.pid, { type: 'open', from, pairs: SESSIONS })
  const least = await Course.open(bare.pid, { type: 'open_bare', port, pairs: SESSIONS })
  for (let round = 0; round < rounds; round++) for (const course of [ours, least]) await course.measure()
  const share = spread(ours.costs.map((cost, round) => least.costs[round]! / cost))
  const added = spread(ours.p99s.map((p99, round) => p99 - least.p99s[round]!))
  printColumns([
    ['relay', 'ours', 'bare ws', 'budget'],
    ['CPU of a frame of 1 KB, µs', ours.cost, least.cost, ''],
    ['frames of the bare one for the same CPU', `${(100 * share.median).toFixed(0)} %`, '', '≥ 60 %'],
    [`p50 at ${SESSIONS} sessions, ms`, ours.p50, least.p50, ''],
    [`p99 at ${SESSIONS} sessions, ms`, ours.p99, least.p99, ''],
    ['added to p99, ms', `${added.median.toFixed(2)} (worst ${added.max.toFixed(2)})`, '', '≤ 2'],
    ['memory of a waiting session, KB', waiting.toFixed(1), '', '≤ 10'],
  ])
  for (const course of [ours, least]) await course.close()
  await bare.end()
  await server.close()
}

/** Those who send and receive through one relay, and what that took. */
class Course {
  readonly costs: number[] = []
  readonly p50s: number[] = []
  readonly p99s: number[] = []
  readonly #pid: number
  readonly #neighbours: Child

  private constructor(pid: number, neighbours: Child) {
    this.#pid = pid
    this.#neighbours = neighbours
  }

  static async open(pid: number, opening: Question): Promise<Course> {
    const course = new Course(pid, await Child.start('neighbours.ts', 'neighbours'))
    await course.#neighbours.ask(opening)
    // What runs for the first time is slow.
    await course.#watch(MANY)
    return course
  }

  async measure(): Promise<void> {
    const ways = await this.#watch(FEW)
    this.p50s.push(percentile(ways, 0.5))
    this.p99s.push(percentile(ways, 0.99))
    const before = cpuSeconds(this.#pid)
    const { length } = await this.#watch(MANY)
    this.costs.push((1e6 * (cpuSeconds(this.#pid) - before)) / length)
  }

  get cost(): string {
    return describe(this.costs)
  }

  get p50(): string {
    return describe(this.p50s)
  }

  get p99(): string {
    return describe(this.p99s)
  }

  #watch(perSecond: number): Promise<number[]> {
    return this.#neighbours.ask({ type: 'watch', ms: WATCH_MS, perSecond } satisfies Question)
  }

  close(): Promise<void> {
    return this.#neighbours.end()
  }
}

function describe(values: number[]): string {
  const { median, max } = spread(values)
  return `${median.toFixed(2)} (worst ${max.toFixed(2)})`
}

/** CPU time of a process so far, in its own code and in the system. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}

/** KB in use of a customer who waits, its socket included, after a collection of garbage. */
async function measureWaiting(): Promise<number> {
  const server = await startServer()
  const customers = await Child.start('neighbours.ts', 'neighbours')
  const wait = async (count: number) => {
    const from = { port: server.port, localAddress: '127.0.0.1' }
    await customers.ask({ type: 'wait', from, customers: count } satisfies Question)
    return bytesInUse(server)
  }
  // The first ones bring in what all of them use.
  const before = await wait(200)
  const after = await wait(SESSIONS)
  await customers.end()
  await server.close()
  return (after - before) / SESSIONS / 1024
}
