// For `node --expose-gc --import`: a server that tells, when it is asked by a signal, what it has in use and how long
// what arrives waits for it. Whatever else the machine does is not in that: only CPU time of its own counts.
import { readFileSync } from 'node:fs'
import { percentile } from '../spread.ts'

/** One turn of the event loop, in ms: what it waited for something to do, and its work. */
interface Turn {
  idle: number
  work: number
}

/** Arrivals are imagined so far apart. */
const STEP_MS = 0.02

let turns: Turn[] = []
let work = 0
let at = 0
let wanted = 0

process.on('SIGUSR2', () => {
  for (let n = 0; n < 3; n++) globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  process.stderr.write(`in use: ${heapUsed + external}\n`)
  begin()
})

// Begins anew each time.
process.on('SIGHUP', () => {
  const waits = findWaits(turns, wantedMs() - wanted)
  process.stderr.write(`waits: ${[0.5, 0.99, 1].map((share) => percentile(waits, share).toFixed(3)).join(' ')}\n`)
  begin()
})

begin()
afterTurn()

// What was done to answer is nobody's wait.
function begin(): void {
  turns = []
  work = worked()
  at = performance.now()
  wanted = wantedMs()
}

// An immediate that keeps nothing alive runs after each poll and makes none return early.
function afterTurn(): void {
  const [nowWorked, now] = [worked(), performance.now()]
  turns.push({ idle: Math.max(0, now - at - (nowWorked - work)), work: nowWorked - work })
  work = nowWorked
  at = now
  setImmediate(afterTurn).unref()
}

function worked(): number {
  // Linux brings what it tells of a thread up to date when it is asked of the process, and each 4 ms otherwise.
  process.cpuUsage()
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/** How long this thread wanted a core and had none so far, in ms; 0 where the system does not say. */
function wantedMs(): number {
  if (process.platform !== 'linux') return 0
  return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1e6
}

/** What arrives while a turn works waits for its end, and at most for the whole next one. */
function findWaits(turns: readonly Turn[], wantedMs: number): number[] {
  const idle = turns.reduce((sum, turn) => sum + turn.idle, 0)
  const trulyIdle = Math.max(0, idle - wantedMs)
  const waits = Array.from({ length: Math.floor(trulyIdle / STEP_MS) }, () => 0)
  for (const [number, turn] of turns.entries())
    for (let left = turn.work; left > 0; left -= STEP_MS) waits.push(left + (turns[number + 1]?.work ?? 0))
  return waits
}
