import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { getuid } from 'node:process'

/** Debian's and Ubuntu's package for each browser that the tests drive, by where it puts the program. */
const PACKAGES: Record<string, string> = { '/usr/bin/chromium': 'chromium', '/usr/bin/firefox-esr': 'firefox-esr' }

/** Installs missing browsers where that is possible without asking. Answers what to do by hand, or nothing. */
export function ensureBrowsers(programs: string[]): string | undefined {
  const missing = programs.filter((program) => !existsSync(program))
  if (!missing.length) return undefined
  const names = missing.map((program) => PACKAGES[program]).filter((name) => name !== undefined)
  const advice =
    `The tests need ${missing.join(' and ')}. On Debian or Ubuntu run "sudo apt-get install ${names.join(' ')}"; ` +
    'elsewhere install Chromium and Firefox and set CHROMIUM_PATH and FIREFOX_PATH to them.'
  if (names.length < missing.length || getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return advice
  console.log(`Installing ${names.join(' and ')} by apt-get (about 1 min, once) …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...names]])
    spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  return missing.every((program) => existsSync(program)) ? undefined : `apt-get could not install them. ${advice}`
}
