import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '../packages/server/main.ts')

/** The server as a process of its own, with a database file, so that it can be killed and started again. */
export class ServerProcess {
  /** What it keeps. */
  readonly folder = mkdtempSync(join(tmpdir(), 'restart-'))
  /** What it wrote to its log; passed on unless a test asked for a level of its own. */
  readonly log: Buffer[] = []
  readonly #more: Record<string, string>
  readonly #flags: readonly string[]
  #child: ChildProcess | undefined
  port = 0

  private constructor(more: Record<string, string>, flags: readonly string[]) {
    this.#more = more
    this.#flags = flags
  }

  /** `more` is its environment beside port and database, `flags` are for Node. */
  static async start(more: Record<string, string> = {}, flags: readonly string[] = []): Promise<ServerProcess> {
    const server = new ServerProcess(more, flags)
    await server.start()
    return server
  }

  get pid(): number {
    if (!this.#child?.pid) throw new Error('the server does not run')
    return this.#child.pid
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Starts it, again on the port that it had. */
  async start(): Promise<void> {
    const settings = { PORT: String(this.port), DATABASE_URL: `sqlite:${this.folder}/alongside.db`, LOG_LEVEL: 'warn' }
    const env = { ...process.env, ...settings, RECORDINGS_FOLDER: join(this.folder, 'recordings'), ...this.#more }
    const child = spawn(process.execPath, [...this.#flags, MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stderr.on('data', (chunk: Buffer) => {
      this.log.push(chunk)
      if (!this.#more.LOG_LEVEL) process.stderr.write(chunk)
    })
    const [line] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown]
    this.port = Number(/:(\d+)\/\n$/.exec(String(line))?.[1])
    if (!this.port) throw new Error('the server did not start')
    this.#child = child
  }

  /** Resolves when it is gone. */
  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (!child) return
    child.kill(signal)
    await once(child, 'exit')
  }

  /** Nothing of a process is left in this one. */
  counts() {
    return { sessions: 0, sockets: 0, assetBytes: 0 }
  }

  async close(): Promise<void> {
    await this.stop('SIGTERM')
    rmSync(this.folder, { recursive: true, force: true })
  }
}
