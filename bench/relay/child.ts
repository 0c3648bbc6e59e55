import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'

/** A process of its own that answers one question at a time. */
export class Child {
  readonly #process: ChildProcess

  private constructor(process: ChildProcess) {
    this.#process = process
  }

  /** `file` is a script beside this one that calls `answer`. */
  static async start(file: string, part: Part): Promise<Child> {
    // In a session of its own: Linux shares out time by session first.
    const child = fork(new URL(file, import.meta.url), { stdio: 'inherit', detached: true })
    await once(child, 'message')
    pin(child.pid!, part)
    return new Child(child)
  }

  get pid(): number {
    return this.#process.pid!
  }

  /** Rejects when the process has ended, or ends meanwhile. */
  async ask<Answer>(question: object): Promise<Answer> {
    if (this.#process.exitCode !== null) throw new Error('a process of the bench has ended')
    return new Promise((resolve, reject) => {
      const answered = (answer: unknown) => {
        this.#process.off('exit', ended)
        resolve(answer as Answer)
      }
      const ended = () => {
        this.#process.off('message', answered)
        reject(new Error(`a process of the bench ended while it was asked ${JSON.stringify(question).slice(0, 80)}`))
      }
      this.#process.once('message', answered).once('exit', ended)
      this.#process.send(question as object)
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
  process.on('message', async (question: Question) => {
    const found = (await find(question)) ?? {}
    // Who asked may be gone.
    if (process.connected) process.send?.(found)
  })
  process.on('disconnect', () => process.exit())
  process.send?.('ready')
}

/** What a process does in the bench. The crowd are attackers, and the server of nobody's that they attack as a control. */
export type Part = 'server' | 'neighbours' | 'crowd'

/** The server has the first core for itself. On the other one the crowd has what neighbours leave, so that these are late
 *  for hardly another reason than the server. No real-time priorities: a crowd that never rests would stop the machine. */
const PLACES: Record<Part, { core: number; nice: number }> = {
  server: { core: 0, nice: -20 },
  neighbours: { core: 1, nice: -20 },
  crowd: { core: 1, nice: 0 },
}

/** Gives a process with all its threads its core and its turn. Where the system has no such thing or does not allow it,
 *  it decides itself, and the figures are rough. */
export function pin(pid: number, part: Part): void {
  const { core, nice } = PLACES[part]
  try {
    if (part !== 'server') writeFileSync(`/proc/${pid}/autogroup`, String(nice))
    execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' })
    // All threads that it has, and with them those that it will have.
    for (const thread of readdirSync(`/proc/${pid}/task`))
      execFileSync('renice', ['-n', String(nice), '-p', thread], { stdio: 'ignore' })
  } catch {
    console.log(`A process of the bench (${part}) has no core or no turn of its own: take these figures as rough.`)
  }
}
