// Builds the SDK, the desk and the demo. `--stale` builds only what changed since the last build; names of targets
// (`sdk`, `desk`, `demo`) build only these.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { minify } from 'terser'
import { build, defaultClientConditions, type InlineConfig, type Plugin } from 'vite'
import { LANGUAGES } from '../packages/sdk/customer/panel/language.ts'
import { emitDeclarations } from './declarations.ts'

const ROOT = dirname(import.meta.dirname)

interface Target {
  /** Its folder; the result goes to `dist` in it. */
  folder: string
  /** What the result is made of, beside the folder itself. */
  sources: string[]
  /** Files that must exist, relative to the folder. */
  entries: string[]
  build(target: Target, outDir: string): Promise<void>
}

/** A customer who may not draw is told by the part that draws. */
const DRAWING_ERRORS = new Set([1011, 1103, 1121])

/** What is on every page raises these errors itself. All others come with the part that raises them. */
const EARLY_ERRORS = new Set([1001, 1002, 1011, 1016, 1103, 1107, 9999])

/** Only agents get these, or they are answered over HTTP only: no line of a customer's page brings them. */
const AGENT_ERRORS = new Set([1006, 1013, 1100, 1101, 1110, 1111, 1112, 1113, 1114, 1118, 1119, 1120, 1122, 1123])

/** Only a start is answered with these. Their texts come when that happens. */
const START_ERRORS = new Set([1009, 1010, 1015, 1104, 1115, 1116, 1117])

/** Leaves the rows of other errors out of a script that can neither raise nor get them, and of each row what servers
 *  need of it. `isKnown`: the rows that it has when it raises one, its own or those of the script that loaded it. */
function onlyErrors(isNeeded: (code: number) => boolean, isKnown = isNeeded): Plugin {
  return {
    name: 'only-errors',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('/protocol/errors.ts')) return
      const few = code.replace(/^ {2}(\d{4}): row\([^()]*\),\n/gm, (row, number: string) =>
        isNeeded(Number(number)) ? row.replace(/,\s+\d{3}(?:, true)?(,?\s*\),\n)$/, '$1') : '',
      )
      return { code: few.replace(/ {2}status,\n {2}close: .*\n {2}retry,\n/, ''), map: null }
    },
    generateBundle(_options, bundle) {
      for (const [name, file] of Object.entries(bundle))
        for (const [, code] of ('code' in file ? file.code : '').matchAll(/(?:new \w+\(|\bcode:)(\d{4})\b/g))
          if (!isKnown(Number(code)))
            throw new Error(`Cannot build sdk: ${name} raises error ${code}, whose row is left out of it.`)
    },
  }
}

const earlyErrors = onlyErrors((code) => EARLY_ERRORS.has(code))

/** Pages for Cobrowse.io look sessions up by a code themselves. */
const cobrowseErrors = onlyErrors((code) => EARLY_ERRORS.has(code) || code === 1006)

/** The loader gives its own rows to the core. */
const isOfCore = (code: number) =>
  ![EARLY_ERRORS, AGENT_ERRORS, START_ERRORS, DRAWING_ERRORS].some((codes) => codes.has(code))
const coreErrors = onlyErrors(isOfCore, (code) => isOfCore(code) || EARLY_ERRORS.has(code))

const drawingErrors = onlyErrors((code) => DRAWING_ERRORS.has(code))

const startErrors = onlyErrors(
  (code) => START_ERRORS.has(code),
  () => true,
)

/** Names of members that only the mirror's own classes use: nothing outside a bundle can ask for them, so that it may
 *  call them otherwise. The minifier itself leaves alone what the web platform knows. */
function mirrorMembers(): RegExp {
  const read = (folders: string[]) =>
    folders
      .flatMap((folder) => listFiles(join(ROOT, 'packages', folder)))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => readFileSync(file, 'utf8').replace(/\/\*\*.*?\*\/|^ *\/\/.*?$/gms, ''))
      .join('\n')
  const others = new Set(
    read([
      'sdk/customer',
      'sdk/connection',
      'sdk/annotation',
      'protocol',
      'mirror/capture/quiet-names.ts',
      'mirror/capture/pictures',
      'mirror/capture/animations',
      'mirror/capture/parts.ts',
      'mirror/capture/guests.ts',
    ]).match(/\w+/g),
  )
  const members = [...read(['mirror/capture', 'mirror/wire']).matchAll(/\.([a-z]\w{2,})(?=[\s(:?,=;.)\]!])/g)]
  const names = new Set(members.map(([, name]) => name ?? ''))
  return new RegExp(`^(${[...names].filter((name) => !others.has(name)).join('|')})$`)
}

/** A second minifier after the bundler's own: two per cent less after gzip, a kilobyte of a customer's download. */
const minifyAgain = (members?: RegExp): Plugin => ({
  name: 'minify-again',
  async generateBundle({ format }, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'chunk') continue
      const { code = '', map } = await minify(file.code, {
        ecma: 2020,
        module: format === 'es',
        sourceMap: { content: JSON.stringify(file.map), asObject: true },
        compress: { passes: 3, pure_getters: true, unsafe_arrows: true },
        ...(members ? { mangle: { properties: { regex: members } } } : {}),
      })
      file.code = code
      file.map = map as typeof file.map
    }
  },
})

/** Takes the line breaks and spaces out of the panel's style, as every minifier of CSS would. */
const smallStyle: Plugin = {
  name: 'small-style',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/panel/style.ts')) return
    const few = code.replace(/`[^`]*`/g, (text) =>
      text
        .replace(/\s+/g, ' ')
        .replace(/ ?([{};,]) ?/g, '$1')
        .replace(/: /g, ':')
        .replace(/;}/g, '}'),
    )
    return { code: few, map: null }
  },
}

const SDK_SOURCES = ['packages/sdk', 'packages/mirror', 'packages/protocol']

const TARGETS: Record<string, Target> = {
  sdk: {
    folder: 'packages/sdk',
    sources: SDK_SOURCES,
    entries: [
      'customer/loader.ts',
      'customer/refused.ts',
      'customer/core.ts',
      '../mirror/capture/quiet-css.ts',
      '../mirror/capture/pictures/pictures.ts',
      '../mirror/capture/animations/animations.ts',
      'customer/presence/presence.ts',
      'customer/leave-site.ts',
      'customer/annotation/annotation.ts',
      'customer/assist/assist.ts',
      'customer/guests/guest-host.ts',
      'customer/guests/guest.ts',
      'customer/preview/preview.ts',
      ...LANGUAGES.map((language) => `customer/panel/texts-${language}.ts`),
      'customer/cobrowse/script.ts',
      'customer/cobrowse/index.ts',
      'customer/index.ts',
      'agent/index.ts',
      'agent/script.ts',
      'frameworks/react.ts',
      'frameworks/vue.ts',
    ],
    build: buildSdk,
  },
  desk: {
    folder: 'apps/desk',
    sources: SDK_SOURCES,
    entries: ['index.html', 'recording.html'],
    build: (target, out) => buildApp(target, out, '/desk/'),
  },
  demo: {
    folder: 'apps/demo',
    sources: SDK_SOURCES,
    entries: ['index.html', 'shop.html'],
    build: (target, out) => buildApp(target, out, '/demo/'),
  },
}

const asked = process.argv.slice(2)
const names = asked.filter((argument) => !argument.startsWith('--'))
try {
  for (const [name, target] of Object.entries(TARGETS)) {
    if (names.length && !names.includes(name)) continue
    await bringUpToDate(name, target, asked.includes('--stale'))
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}

async function bringUpToDate(name: string, target: Target, onlyStale: boolean): Promise<void> {
  const folder = join(ROOT, target.folder)
  const hash = hashSources([target.folder, ...target.sources, 'scripts/build.ts', 'package-lock.json'])
  const stamp = join(folder, 'dist', '.complete')
  if (onlyStale && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  for (const entry of target.entries)
    if (!existsSync(join(folder, entry))) throw new Error(`Cannot build ${name}: ${target.folder}/${entry} is missing.`)
  console.log(`Building ${name} …`)
  const work = join(ROOT, '.build', `${name}-${process.pid}`)
  rmSync(work, { recursive: true, force: true })
  mkdirSync(work, { recursive: true })
  try {
    await target.build(target, join(work, 'new'))
    writeFileSync(join(work, 'new', '.complete'), hash)
    swap(join(work, 'new'), join(folder, 'dist'), work)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Puts a finished folder in the place of the old one. Another build that does the same at this moment may win. */
function swap(made: string, place: string, work: string): void {
  for (let attempt = 0; ; attempt++) {
    if (existsSync(place)) renameSync(place, join(work, `old-${attempt}`))
    try {
      renameSync(made, place)
      return
    } catch (error) {
      if (attempt === 5) throw error
    }
  }
}

async function buildSdk(target: Target, outDir: string): Promise<void> {
  const folder = join(ROOT, target.folder)
  const script = (entry: string, file: string, format: 'iife' | 'es', plugins: Plugin[] = []) =>
    build({
      ...settings(folder, outDir, {
        lib: { entry: join(folder, entry), formats: [format], name: 'alongsideScript', fileName: () => file },
        rolldownOptions: { output: { codeSplitting: false, minify: true, comments: false } },
      }),
      plugins: [...plugins, smallStyle, minifyAgain(file === 'core.js' ? mirrorMembers() : undefined)],
    })
  await script('customer/loader.ts', 'loader.js', 'iife', [earlyErrors])
  await script('customer/refused.ts', 'refused.js', 'iife')
  await script('agent/script.ts', 'agent-script.js', 'iife')
  await script('customer/core.ts', 'core.js', 'es', [coreErrors])
  await script('../protocol/errors.ts', 'errors.js', 'es', [startErrors])
  await script('../mirror/capture/quiet-css.ts', 'quiet.js', 'es')
  await script('../mirror/capture/pictures/pictures.ts', 'picture.js', 'es')
  await script('../mirror/capture/animations/animations.ts', 'animation.js', 'es')
  await script('customer/presence/presence.ts', 'presence.js', 'es')
  await script('customer/leave-site.ts', 'leave-site.js', 'es', [earlyErrors])
  await script('customer/annotation/annotation.ts', 'annotation.js', 'es', [drawingErrors])
  await script('customer/assist/assist.ts', 'assist.js', 'es')
  await script('customer/guests/guest-host.ts', 'guests.js', 'es')
  await script('customer/guests/guest.ts', 'guest.js', 'es')
  await script('customer/preview/preview.ts', 'preview.js', 'es')
  for (const language of LANGUAGES) await script(`customer/panel/texts-${language}.ts`, `texts-${language}.js`, 'es')
  await script('customer/cobrowse/script.ts', 'cobrowse-script.js', 'iife', [cobrowseErrors])
  await build(
    settings(folder, outDir, {
      lib: {
        entry: {
          customer: join(folder, 'customer/index.ts'),
          agent: join(folder, 'agent/index.ts'),
          cobrowse: join(folder, 'customer/cobrowse/index.ts'),
          react: join(folder, 'frameworks/react.ts'),
          vue: join(folder, 'frameworks/vue.ts'),
        },
        formats: ['es'],
        fileName: (_format, name) => `${name}.js`,
      },
      rolldownOptions: { external: ['react', 'vue'], output: { chunkFileNames: '[name]-[hash].js', minify: true } },
    }),
  )
  emitDeclarations(ROOT, outDir)
}

async function buildApp(target: Target, outDir: string, base: string): Promise<void> {
  const folder = join(ROOT, target.folder)
  await build({
    ...settings(folder, outDir, { rolldownOptions: { input: target.entries.map((entry) => join(folder, entry)) } }),
    base,
  })
}

function settings(folder: string, outDir: string, options: InlineConfig['build']): InlineConfig {
  return {
    configFile: false,
    root: folder,
    logLevel: 'warn',
    resolve: { conditions: ['source', ...defaultClientConditions] },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2022',
      minify: true,
      sourcemap: 'hidden',
      modulePreload: false,
      ...options,
    },
  }
}

function hashSources(paths: string[]): string {
  const hash = createHash('sha256')
  for (const file of paths.flatMap((path) => listFiles(join(ROOT, path)))) {
    hash.update(`${relative(ROOT, file)}\n`)
    hash.update(readFileSync(file))
  }
  return hash.digest('hex')
}

function listFiles(path: string): string[] {
  if (!existsSync(path)) return []
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => !['dist', 'node_modules'].includes(entry.name) && !/\.test\.tsx?$/.test(entry.name))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => listFiles(join(path, entry.name)))
  } catch {
    return [path]
  }
}
