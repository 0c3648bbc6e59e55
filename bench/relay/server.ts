import { readFileSync } from 'node:fs'
import { ServerProcess } from '../../e2e/server-process.ts'
import { pin } from './child.ts'
import { KEYS } from './seats.ts'

/** How often the log is looked at for an answer. */
const LOOK_MS = 10

/** A server as it is deployed, which says what it has in use when it is asked. */
export async function startServer(flags: readonly string[] = []): Promise<ServerProcess> {
  const tell = ['--expose-gc', '--import', new URL('tell.ts', import.meta.url).href]
  const server = await ServerProcess.start({ ALONGSIDE_KEYS: KEYS, LOG_LEVEL: 'info' }, [...tell, ...flags])
  pin(server.pid, 'server')
  return server
}

/** Bytes of its objects and buffers after a collection of garbage. */
export async function bytesInUse(server: ServerProcess): Promise<number> {
  return Number(await ask(server, 'SIGUSR2', /in use: (\d+)\n/))
}

/** The ms that 99 % of what arrived since the last call did not exceed while it waited for the server's turn. */
export async function waitsSince(server: ServerProcess): Promise<number> {
  return Number(await ask(server, 'SIGHUP', /waits: \S+ (\S+) \S+\n/))
}

async function ask(server: ServerProcess, signal: NodeJS.Signals, answer: RegExp): Promise<string> {
  const said = server.log.length
  process.kill(server.pid, signal)
  for (;;) {
    const found = answer.exec(Buffer.concat(server.log.slice(said)).toString())
    if (found) return found[1]!
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

/** Memory that a process has in RAM, in MB; NaN where the system does not say. */
export function residentMegabytes(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}
