import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

let root: string
let started: ChildProcess[]

// A house with nothing in it but the script, and an npm that does what the test says.
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'run-'))
  started = []
  cpSync(join(import.meta.dirname, 'run.mjs'), write('scripts/run.mjs', ''))
  cpSync(join(import.meta.dirname, 'node'), join(root, 'scripts/node'), { recursive: true })
  write('package.json', '{ "type": "module" }')
  write('package-lock.json', '{ "version": 1 }')
  write('scripts/build.ts', "console.log('built')")
  write('packages/server/main.ts', "console.log('served on', process.env.PORT)")
  npm("mkdirSync('node_modules', { recursive: true }); console.log('added 1 package')")
})

afterEach(() => {
  for (const child of started) child.kill('SIGKILL')
  rmSync(root, { recursive: true })
})

function write(file: string, text: string): string {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
  return join(root, file)
}

function npm(script: string): void {
  write('npm.js', `import { appendFileSync, mkdirSync, symlinkSync } from 'node:fs'\n${script}`)
}

function start(nodeOptions: string[] = []): ChildProcess {
  const env = { ...process.env, npm_execpath: join(root, 'npm.js'), PORT: '4299' }
  const child = spawn(process.execPath, [...nodeOptions, join(root, 'scripts/run.mjs'), 'start'], { cwd: root, env })
  started.push(child)
  return child
}

async function run(nodeOptions?: string[]): Promise<{ code: number | null; output: string }> {
  const child = start(nodeOptions)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk))
  const [code] = await once(child, 'close')
  return { code, output: output.trim() }
}

const SERVED = 'built\nserved on 4299'

test('OPS-4 installs packages when they are absent or the lock file changed, and only then', async () => {
  expect(await run()).toEqual({ code: 0, output: `Installing packages (about 20 s) …\n${SERVED}` })
  expect(await run()).toEqual({ code: 0, output: SERVED })
  write('package-lock.json', '{ "version": 2 }')
  expect((await run()).output).toContain('Installing packages')
  rmSync(join(root, 'node_modules'), { recursive: true })
  expect((await run()).output).toContain('Installing packages')
})

test('OPS-5 notices an install that was interrupted', async () => {
  await run()
  write('package-lock.json', '{ "version": 2 }')
  npm("mkdirSync('node_modules', { recursive: true }); process.kill(process.pid, 'SIGKILL')")
  expect(await run()).toMatchObject({ code: 1, output: expect.stringContaining('was interrupted. Run this again.') })
  npm("mkdirSync('node_modules', { recursive: true })")
  expect((await run()).output).toContain('Installing packages')
})

test.each([
  ['npm error code ENOTFOUND', /^Installing.*\nThe npm registry cannot be reached\. Check the network .*$/],
  ['npm error code EACCES', /^Installing.*\nNo permission to write in .*\. Run this as the folder's owner, .*$/],
  ['npm error code ENOSPC', /^Installing.*\nThe disk is full\. Free about 1 GB .*$/],
])('OPS-6 answers "%s" with one sentence that says what to do', async (said, sentence) => {
  npm(`console.error('${said}'); process.exit(1)`)
  expect(await run()).toEqual({ code: 1, output: expect.stringMatching(sentence) })
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  'OPS-7 passes %s on to the server once, waits for it and exits with 0',
  async (signal) => {
    write(
      'packages/server/main.ts',
      `process.on('SIGTERM', () => { console.log('stopping'); server.close() })
     import { createServer } from 'node:net'
     const server = createServer().listen(0, '127.0.0.1', () => console.log('ready'))`,
    )
    const child = start()
    let output = ''
    child.stdout?.on('data', (chunk) => {
      output += chunk
      // npm sends on what it gets, so a signal can arrive twice.
      if (String(chunk).includes('ready')) for (let time = 0; time < 2; time++) child.kill(signal)
    })
    expect(await once(child, 'close')).toEqual([0, null])
    expect(output.split('\n').filter((line) => line === 'stopping')).toHaveLength(1)
  },
)

test('OPS-8 fetches a newer Node where the running one is too old, says so in one line and uses it', async () => {
  const [folder, name] = [`node_modules/node-${process.platform}-${process.arch}/bin`, process.execPath]
  npm(`mkdirSync('node_modules', { recursive: true })
    appendFileSync('${join(root, 'npm.log')}', process.cwd() + '\\n')
    if (process.cwd().endsWith('.node')) { mkdirSync('${folder}', { recursive: true }); symlinkSync('${name}', '${folder}/node') }`)
  write('packages/server/main.ts', "console.log(process.env.PATH.split(':')[0])")
  const { code, output } = await run(old('18.20.0', process.arch))
  expect({ code, output }).toEqual({
    code: 0,
    output: expect.stringMatching(/^Node 18\.20\.0 is too old: fetching Node 24\..*\nInstalling.*\nbuilt\n.*\/bin$/),
  })
  expect(output.split('\n').at(-1)).toBe(join(root, '.node', folder))
  expect(readFileSync(join(root, 'npm.log'), 'utf8').split('\n')).toHaveLength(3)
})

test('OPS-8 says what to install where no newer Node can be fetched', async () => {
  const { code, output } = await run(old('20.1.0', 'mips'))
  expect(code).toBe(1)
  expect(output).toMatch(/^Node 20\.1\.0 is too old\. Install Node 22\.19 or newer .* and run this again\.$/)
  expect(existsSync(join(root, 'node_modules'))).toBe(false)
})

/** Options that make Node say that it is another one. */
function old(version: string, arch: string): string[] {
  const preload = `Object.defineProperty(process, 'versions', { value: { node: '${version}' } });Object.defineProperty(process, 'arch', { value: '${arch}' })`
  return ['--import', `data:text/javascript,${encodeURIComponent(preload)}`]
}

test('OPS-9 lets two runs in one folder install one after the other', async () => {
  npm("mkdirSync('node_modules', { recursive: true }); appendFileSync('npm.log', 'installed\\n')")
  const results = await Promise.all([run(), run()])
  expect(results.map(({ code }) => code)).toEqual([0, 0])
  expect(readFileSync(join(root, 'npm.log'), 'utf8')).toBe('installed\n')
})
