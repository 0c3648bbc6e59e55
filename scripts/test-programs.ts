import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { CHROMIUM, FIREFOX, WEBKIT } from './browsers.ts'

interface Program {
  /** Debian's and Ubuntu's package, where they have the program at all. */
  package?: string
  name: string
  isThere(): boolean
}

/** The folder with `initdb` and `postgres`: of POSTGRES_BIN, or the newest that Debian's package brought. */
export function findPostgres(): string | undefined {
  const folders = process.env.POSTGRES_BIN
    ? [process.env.POSTGRES_BIN]
    : globSync('/usr/lib/postgresql/*/bin').sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  return folders.findLast((folder) => existsSync(join(folder, 'initdb')))
}

function browser(path: string, debian: string): Program {
  const known = path === `/usr/bin/${debian}` ? { package: debian } : {}
  return { ...known, name: path, isThere: () => existsSync(path) }
}

const PROGRAMS: Program[] = [
  browser(CHROMIUM.executablePath, 'chromium'),
  browser(FIREFOX.executablePath, 'firefox-esr'),
  { package: 'webkit2gtk-driver', name: 'WebKitWebDriver', isThere: () => existsSync(WEBKIT.driver) },
  { package: 'xvfb', name: 'Xvfb', isThere: () => existsSync(WEBKIT.display) },
  { package: 'postgresql', name: 'PostgreSQL', isThere: () => findPostgres() !== undefined },
]

/** Installs what the tests run and this machine lacks where that is possible without asking. Answers what to do by
 *  hand, or nothing. */
export function ensureTestPrograms(): string | undefined {
  const missing = PROGRAMS.filter((program) => !program.isThere())
  if (!missing.length) return undefined
  const packages = missing.map((program) => program.package).filter((name) => name !== undefined)
  const advice =
    `The tests need ${missing.map(({ name }) => name).join(' and ')}. On Debian or Ubuntu run "sudo apt-get install ${packages.join(' ')}"; ` +
    'elsewhere install Chromium, Firefox, WebKitGTK with its driver, Xvfb and PostgreSQL, and set CHROMIUM_PATH, FIREFOX_PATH and WEBKIT_DRIVER to the programs and POSTGRES_BIN to the folder with initdb.'
  if (packages.length < missing.length || getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return advice
  console.log(`Installing ${packages.join(' and ')} by apt-get (about 1 min, once) …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]])
    spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  return missing.every((program) => program.isThere()) ? undefined : `apt-get could not install them. ${advice}`
}
