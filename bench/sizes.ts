import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { type Row, spread } from './spread.ts'

const DIST = join(dirname(import.meta.dirname), 'packages/sdk/dist')

/** What a browser downloads, after gzip. The SDK is all of it (dialogs, connection, mirror); the recorder only records. */
export async function measureSizes(): Promise<Row[]> {
  const record = await recorderSize('record')
  const rows: [string, number, number][] = [
    ['customer, before a session', ourSize('loader.js'), record],
    ['customer, in a session', ourSize('loader.js') + ourSize('core.js'), record],
    ['agent', ourSize('agent-script.js'), await recorderSize('Replayer')],
  ]
  return rows.map(([name, mirror, recorder]) => ({
    name: `download, ${name}`,
    unit: 'B',
    mirror: spread([mirror]),
    recorder: spread([recorder]),
  }))
}

function ourSize(file: string): number {
  return gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length
}

/** One export of the recorder, with everything else shaken off. */
async function recorderSize(name: string): Promise<number> {
  const entry = `export { ${name} } from 'rrweb'`
  const result = await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'virtual:entry' ? join(import.meta.dirname, 'virtual-entry.js') : undefined),
        load: (id) => (id.endsWith('virtual-entry.js') ? entry : undefined),
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      rolldownOptions: { input: 'virtual:entry', preserveEntrySignatures: 'strict', output: { minify: true } },
    },
  })
  const output = Array.isArray(result) ? result[0] : result
  if (!output || !('output' in output)) throw new Error('Nothing was built from rrweb.')
  const code = output.output.map((part) => (part.type === 'chunk' ? part.code : '')).join('')
  return gzipSync(code, { level: 9 }).length
}
