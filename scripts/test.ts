// Everything that `npm test` runs: the checks, the build, the tests. `--checks` runs the checks alone. Ends with the line
// `N passed, M failed`, where each check counts as one and each test as one.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ensureTestPrograms } from './test-programs.ts'

const ROOT = dirname(import.meta.dirname)
const REPORT = join(ROOT, '.build/vitest.json')

interface Check {
  name: string
  /** Arguments to Node. */
  run: string[]
}

const CHECKS: Check[] = [
  { name: 'format and lint', run: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'] },
  {
    name: 'import arrows',
    run: ['node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', 'packages', 'apps', 'bench', 'e2e', 'scripts'],
  },
  { name: 'types', run: ['node_modules/@typescript/native/bin/tsc', '-p', '.'] },
  {
    name: 'types without DOM and Node',
    run: ['node_modules/@typescript/native/bin/tsc', '-p', 'tsconfig.neutral.json'],
  },
  { name: 'unused code and packages', run: ['node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints'] },
]

const BUILD: Check[] = [
  { name: 'build', run: ['scripts/build.ts', '--stale'] },
  { name: 'sizes', run: ['scripts/sizes.ts'] },
]

const PROJECTS = ['node', 'browser (chromium)', 'browser (firefox)', 'safari (webkit)', 'e2e']

let passed = 0
let failed = 0
const failures: string[] = []

const missing = process.argv.includes('--checks') ? undefined : ensureTestPrograms()
if (missing) {
  console.error(missing)
  process.exit(1)
}
for (const check of CHECKS) runCheck(check)
if (!process.argv.includes('--checks')) {
  for (const check of BUILD) runCheck(check)
  runTests(process.argv.slice(2))
}
if (failures.length) console.log(`Failed:\n${failures.map((failure) => `- ${failure}`).join('\n')}`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)

function runCheck({ name, run }: Check): void {
  const result = spawnSync(process.execPath, run, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1e8 })
  if (result.status === 0) {
    passed++
    console.log(`✓ ${name}`)
    return
  }
  failed++
  failures.push(name)
  console.log(`✗ ${name}\n${result.stdout}${result.stderr}`)
}

/** Runs the projects of vitest one after the other, as browsers side by side take the focus from each other; further
 *  arguments go to each. */
function runTests(args: string[]): void {
  mkdirSync(dirname(REPORT), { recursive: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`, '--passWithNoTests']
  for (const project of PROJECTS) {
    rmSync(REPORT, { force: true })
    const before = failed
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', `--project=${project}`, ...reporters, ...args]
    const result = spawnSync(process.execPath, vitest, { cwd: ROOT, stdio: 'inherit' })
    if (existsSync(REPORT)) count(JSON.parse(readFileSync(REPORT, 'utf8')))
    if (result.status === 0 || failed > before) continue
    failed++
    failures.push(`${project}: an error outside of any test, or no report`)
  }
}

interface Report {
  numPassedTests: number
  numFailedTests: number
  testResults: { name: string; status: string; message: string; assertionResults: TestResult[] }[]
}

interface TestResult {
  fullName: string
  status: string
  failureMessages: string[]
}

function count(report: Report): void {
  passed += report.numPassedTests
  failed += report.numFailedTests
  for (const { name, status, message, assertionResults } of report.testResults) {
    for (const test of assertionResults)
      if (test.status === 'failed')
        failures.push(`${name}: ${test.fullName}: ${test.failureMessages[0]?.split('\n')[0]}`)
    // A file that cannot even be loaded has no tests to count.
    if (status !== 'failed' || assertionResults.length) continue
    failed++
    failures.push(`${name}: ${message}`)
  }
}
