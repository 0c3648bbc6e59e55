import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** The main file of each npm entry. */
const ENTRIES = {
  customer: 'customer/index',
  agent: 'agent/index',
  cobrowse: 'customer/cobrowse/index',
  react: 'frameworks/react',
  vue: 'frameworks/vue',
}

/** Writes the declarations of the SDK's npm entries to `outDir`: one for each, which point into `types/`. The packages inside the SDK are not published, so imports of them become relative. */
export function emitDeclarations(root: string, outDir: string): void {
  const types = join(outDir, 'types')
  const inside = { ...entriesOf(root, 'protocol'), ...entriesOf(root, 'mirror') }
  mkdirSync(types, { recursive: true })
  const config = join(outDir, '..', 'tsconfig.json')
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        rootDir: join(root, 'packages'),
        outDir: types,
        // Found through node_modules they would count as foreign, and foreign sources get no declarations.
        paths: Object.fromEntries(Object.entries(inside).map(([name, file]) => [name, [join(root, 'packages', file)]])),
        typeRoots: [join(root, 'node_modules/@types')],
      },
      include: [],
      files: Object.values(ENTRIES).map((entry) => join(root, 'packages/sdk', `${entry}.ts`)),
    }),
  )
  const tsc = join(root, 'node_modules/@typescript/native/bin/tsc')
  const result = spawnSync(process.execPath, [tsc, '-p', config], { encoding: 'utf8' })
  if (result.status !== 0) throw new Error(`The declarations of the SDK could not be made:\n${result.stdout}`)
  for (const file of readdirSync(types, { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.d.ts')) makeRelative(types, join(types, file), inside)
  for (const [entry, main] of Object.entries(ENTRIES)) {
    const source = `./types/sdk/${main}.js`
    const standard = entry === 'cobrowse' ? `export { default } from '${source}'\n` : ''
    writeFileSync(join(outDir, `${entry}.d.ts`), `export * from '${source}'\n${standard}`)
  }
}

/** The entries of a package inside the SDK: their names, and their files below `packages`. */
function entriesOf(root: string, name: string): Record<string, string> {
  const { exports } = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as {
    exports: Record<string, string>
  }
  return Object.fromEntries(
    Object.entries(exports).map(([entry, file]) => [`@alongside/${name}${entry.slice(1)}`, join(name, file)]),
  )
}

function makeRelative(types: string, file: string, inside: Record<string, string>): void {
  const text = readFileSync(file, 'utf8')
    .replace(/(['"])(@alongside\/[\w/]+)\1/g, (all, quote: string, name: string) => {
      const entry = inside[name]
      if (!entry) return all
      const path = relative(dirname(file), join(types, entry.replace(/\.ts$/, '.js'))).replaceAll('\\', '/')
      return `${quote}${path.startsWith('.') ? path : `./${path}`}${quote}`
    })
    .replace(/(['"]\.{1,2}\/[^'"]*)\.ts(['"])/g, '$1.js$2')
  writeFileSync(file, text)
}
