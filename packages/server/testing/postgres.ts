import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getuid } from 'node:process'
import type { TestProject } from 'vitest/node'
import { findPostgres } from '../../../scripts/test-programs.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the run's PostgreSQL listens, as a connection URL. */
    postgresUrl: string
  }
}

/** Starts a PostgreSQL of its own for one run of the tests, in a temporary folder and without a port, and ends it. It
 *  never waits for the disk, so that it starts within a second. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const bin = findPostgres()
  if (!bin) throw new Error('The tests need PostgreSQL. On Debian or Ubuntu run "sudo apt-get install postgresql".')
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'))
  const owner = getuid?.() === 0 ? findOwner() : undefined
  if (owner) chownSync(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  const options = { ...owner, cwd: folder }
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'tests', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-locale'],
    { ...options, stdio: 'pipe' },
  )
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'listen_addresses=']
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, '-k', folder, ...settings.flatMap((setting) => ['-c', setting])],
    { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  await ready(server)
  project.provide('postgresUrl', `postgres://tests@/postgres?host=${encodeURIComponent(folder)}`)
  return async () => {
    const ended = once(server, 'exit')
    // The immediate shutdown: nothing of it is kept.
    server.kill('SIGQUIT')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
}

async function ready(server: ChildProcess): Promise<void> {
  let said = ''
  await new Promise<void>((resolve, reject) => {
    // Read to the end: a full pipe would stop it.
    server.stderr?.on('data', (chunk) => {
      said += chunk
      if (said.includes('ready to accept connections')) resolve()
    })
    server.once('error', reject)
    server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said}`)))
  })
}

// PostgreSQL refuses to run as root.
function findOwner(): { uid: number; gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8').match(/^postgres:[^:]*:(\d+):(\d+):/m)
  if (!line)
    throw new Error('There is no user "postgres" to run PostgreSQL as. Run the tests as another user than root.')
  return { uid: Number(line[1]), gid: Number(line[2]) }
}
