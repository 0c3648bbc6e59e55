import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

/** A process of its own that answers one question at a time. */
export class Child {
  readonly #process: ChildProcess

  private constructor(process: ChildProcess) {
    this.#process = process
  }

  /** `file` is a script beside this one that calls `answer`. */
  static async start(file: string, core: number, turn: Turn): Promise<Child> {
    const child = fork(new URL(file, import.meta.url), { stdio: 'inherit' })
    await once(child, 'message')
    pin(child.pid!, core, turn)
    return new Child(child)
  }

  get pid(): number {
    return this.#process.pid!
  }

  /** Rejects when the process has ended, or ends meanwhile. */
  async ask<Answer>(question: object): Promise<Answer> {
    if (this.#process.exitCode !== null) throw new Error('a process of the bench has ended')
    const over = new AbortController()
    const { signal } = over
    const ended = once(this.#process, 'exit', { signal }).then(() => {
      throw new Error(`a process of the bench ended while it was asked ${JSON.stringify(question).slice(0, 80)}`)
    })
    this.#process.send(question)
    const answered = once(this.#process, 'message', { signal }).then(([answer]) => answer as Answer)
    return Promise.race([answered, ended]).finally(() => {
      ended.catch(() => {})
      over.abort()
    })
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null) return
    this.#process.kill('SIGKILL')
    await once(this.#process, 'exit')
  }
}

/** For the process itself: answers what it is asked. */
export function answer<Question>(find: (question: Question) => Promise<unknown>): void {
  process.on('message', async (question: Question) => process.send?.((await find(question)) ?? {}))
  process.on('disconnect', () => process.exit())
  process.send?.('ready')
}

/** How a process gets its core: the server and who measures before what else the machine does, attackers after it. */
export type Turn = 'soon' | 'later'

const NICE: Record<Turn, string> = { soon: '-20', later: '10' }

/** Binds a process with all its threads to one core. Elsewhere than on Linux, or for who may not, the system decides. */
export function pin(pid: number, core: number, turn: Turn): void {
  try {
    execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' })
    execFileSync('renice', ['-n', NICE[turn], '-p', String(pid)], { stdio: 'ignore' })
  } catch {
    console.log(`A process of the bench has no core or no priority of its own (${turn}).`)
  }
}

/** Memory that a process has in RAM, in MB; NaN where the system does not say. */
export function residentMegabytes(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}
