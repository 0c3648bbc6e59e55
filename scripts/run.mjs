// Entry of every npm script. Plain JavaScript without dependencies, because it runs before anything is installed and on
// any Node from 18: it brings Node and the packages up to date, then hands over.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const NEEDED_NODE = [22, 19]

/** What each npm script runs, one after the other, until one fails. */
const COMMANDS = {
  start: [['scripts/build.ts', '--stale'], ['packages/server/main.ts']],
  alongside: [['packages/server/cli.ts']],
  build: [['scripts/build.ts']],
  check: [['scripts/test.ts', '--checks']],
  test: [['scripts/test.ts']],
  bench: [['scripts/build.ts', '--stale'], ['bench/main.ts']],
  fidelity: [['scripts/build.ts', '--stale'], ['bench/fidelity.ts']],
  screens: [['scripts/build.ts', '--stale'], ['e2e/screens.ts']],
}

class Failure extends Error {}

async function main() {
  const [command = '', ...rest] = process.argv.slice(2)
  const steps = COMMANDS[command]
  if (!steps) throw new Failure(`Unknown command "${command}". Use one of: ${Object.keys(COMMANDS).join(', ')}.`)
  const release = await lock()
  let node
  try {
    node = ensureNode()
    process.env.PATH = dirname(node) + delimiter + process.env.PATH
    ensurePackages(node)
  } finally {
    release()
  }
  for (const [index, step] of steps.entries()) {
    const last = index === steps.length - 1
    const code = await run(node, last ? [...step, ...rest] : step)
    if (code !== 0) return code
  }
  return 0
}

/** The Node that the project runs on: this one, or one fetched into `.node` where this one is too old. */
function ensureNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > NEEDED_NODE[0] || (major === NEEDED_NODE[0] && minor >= NEEDED_NODE[1])) return process.execPath
  const wanted = JSON.parse(readFileSync(join(ROOT, 'scripts/node/package.json'), 'utf8')).optionalDependencies
  const platform = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const version = wanted[platform]
  if (!version)
    throw new Failure(
      `Node ${process.versions.node} is too old. Install Node ${NEEDED_NODE.join('.')} or newer (https://nodejs.org) and run this again.`,
    )
  const folder = join(ROOT, '.node')
  const binary = join(folder, 'node_modules', platform, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  const stamp = join(folder, 'node_modules', '.complete')
  if (!existsSync(binary) || !isStamped(stamp, version)) {
    say(`Node ${process.versions.node} is too old: fetching Node ${version} into .node (about 10 s, once).`)
    mkdirSync(folder, { recursive: true })
    for (const file of ['package.json', 'package-lock.json'])
      copyFileSync(join(ROOT, 'scripts/node', file), join(folder, file))
    npmCi(process.execPath, folder)
    writeFileSync(stamp, version)
  } else say(`Node ${process.versions.node} is too old: using Node ${version} from .node.`)
  return binary
}

function ensurePackages(node) {
  const hash = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex')
  const stamp = join(ROOT, 'node_modules', '.complete')
  if (isStamped(stamp, hash)) return
  say('Installing packages (about 20 s) …')
  // Without the stamp an install that is interrupted from here on is seen by the next run.
  rmSync(stamp, { force: true })
  npmCi(node, ROOT)
  writeFileSync(stamp, hash)
}

function isStamped(file, content) {
  return existsSync(file) && readFileSync(file, 'utf8') === content
}

function npmCi(node, folder) {
  const options = [
    '--prefer-offline',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--fetch-retries=1',
  ]
  const npm = process.env.npm_execpath
  const [file, args] = npm?.endsWith('js') ? [node, [npm, 'ci', ...options]] : ['npm', ['ci', ...options]]
  const env = { ...process.env, npm_config_fetch_retry_mintimeout: '1000' }
  const result = spawnSync(file, args, {
    cwd: folder,
    env,
    encoding: 'utf8',
    shell: process.platform === 'win32' && file === 'npm',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (result.error?.code === 'ENOENT')
    throw new Failure('npm was not found. Install it beside Node and run this again.')
  if (result.status === 0) return
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}`
  if (/\b(EACCES|EPERM|EROFS)\b/.test(output)) throw notWritable(folder)
  if (/\b(ENOSPC)\b/.test(output))
    throw new Failure(`The disk is full. Free about 1 GB for ${folder} and run this again.`)
  if (
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED|FETCH_ERROR)\b/.test(
      output,
    )
  )
    throw new Failure(
      'The npm registry cannot be reached. Check the network (or npm\'s "registry" and "proxy" settings) and run this again.',
    )
  if (result.signal) throw new Failure('The installation was interrupted. Run this again.')
  throw new Failure(`npm could not install the packages. It said:\n${output.trim()}`)
}

/** Runs a step in the foreground. Answers its exit code; a step that was asked to stop counts as done. */
function run(node, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { cwd: ROOT, stdio: 'inherit' })
    let stopping = false
    // A terminal sends Ctrl-C to the step as well, and npm sends it on once more: the step gets SIGTERM from here, once.
    const stop = () => {
      if (!stopping) child.kill('SIGTERM')
      stopping = true
    }
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of signals) process.on(signal, stop)
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      for (const name of signals) process.off(name, stop)
      resolve(stopping && signal ? 0 : (code ?? 1))
    })
  })
}

/** Keeps two runs in the same folder from installing at once. Answers the function that lets the next one in. */
async function lock() {
  const folder = join(ROOT, '.build')
  try {
    accessSync(ROOT, constants.W_OK)
    mkdirSync(folder, { recursive: true })
  } catch {
    throw notWritable(ROOT)
  }
  const file = join(folder, 'install.lock')
  for (let told = false; ; told = true) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw notWritable(folder)
    }
    if (!isAlive(file)) rmSync(file, { force: true })
    else {
      if (!told) say('Another run is installing packages here: waiting for it …')
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  return release
}

function isAlive(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    // Created and not yet filled: its owner is at work, unless it died right then.
    if (!pid) return Date.now() - statSync(file).mtimeMs < 5000
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function notWritable(folder) {
  return new Failure(
    `No permission to write in ${folder}. Run this as the folder's owner, or clone into a folder of your own.`,
  )
}

function say(line) {
  console.log(line)
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof Failure ? error.message : error)
    process.exit(1)
  },
)
