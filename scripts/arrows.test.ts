import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise, type IConfiguration, type ICruiseOptions } from 'dependency-cruiser'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const { default: config }: { default: Required<Pick<IConfiguration, 'forbidden' | 'options'>> } = await import(
  join(dirname(import.meta.dirname), '.dependency-cruiser.mjs')
)

/** Rule, importing file, what it imports. */
const VIOLATIONS = [
  ['mirror-stands-alone', 'packages/mirror/capture/probe.ts', '../../protocol/index.ts'],
  ['mirror-stands-alone', 'packages/mirror/capture/probe.ts', 'node:fs'],
  ['capture-not-to-replica', 'packages/mirror/capture/probe.ts', '../replica/index.ts'],
  ['capture-not-to-replica', 'packages/mirror/capture/probe.ts', '@alongside/mirror/replica'],
  ['replica-not-to-capture', 'packages/mirror/replica/probe.ts', '../capture/index.ts'],
  ['wire-stands-alone', 'packages/mirror/wire/probe.ts', '../capture/index.ts'],
  ['protocol-stands-alone', 'packages/protocol/probe.ts', '../server/index.ts'],
  ['protocol-stands-alone', 'packages/protocol/probe.ts', 'node:crypto'],
  ['customer-not-to-agent', 'packages/sdk/customer/probe.ts', '../agent/index.ts'],
  ['customer-not-to-replica', 'packages/sdk/customer/probe.ts', '@alongside/mirror/replica'],
  ['customer-not-to-replica', 'packages/sdk/customer/panel/probe.ts', '@alongside/mirror/replica'],
  ['agent-not-to-customer', 'packages/sdk/agent/probe.ts', '../customer/index.ts'],
  ['agent-not-to-customer', 'packages/sdk/agent/probe.ts', '@alongside/mirror/capture'],
  ['connection-not-to-mirror', 'packages/sdk/connection/probe.ts', '@alongside/mirror/capture'],
  ['annotation-not-to-seats', 'packages/sdk/annotation/probe.ts', '../agent/index.ts'],
  ['annotation-not-to-seats', 'packages/sdk/annotation/probe.ts', '@alongside/mirror/replica'],
  ['sdk-not-to-server', 'packages/sdk/customer/probe.ts', '../../server/index.ts'],
  ['server-only-to-protocol', 'packages/server/probe.ts', '@alongside/mirror/wire'],
  ['server-only-to-protocol', 'packages/server/probe.ts', '../sdk/customer/index.ts'],
  ['desk-only-to-agent-sdk', 'apps/desk/probe.ts', '../../packages/sdk/customer/index.ts'],
  ['desk-only-to-agent-sdk', 'apps/desk/probe.ts', '../../packages/sdk/agent/inner.ts'],
  ['desk-only-to-agent-sdk', 'apps/desk/probe.ts', '@alongside/mirror/replica'],
  ['desk-only-to-agent-sdk', 'apps/desk/probe.ts', '@alongside/mirror/trial'],
  ['settings-only-to-trial', 'apps/desk/settings/probe.ts', '@alongside/mirror/capture'],
  ['demo-only-to-customer-sdk', 'apps/demo/probe.ts', '../../packages/sdk/agent/index.ts'],
  ['demo-only-to-customer-sdk', 'apps/demo/probe.ts', '../desk/main.ts'],
  ['shipped-not-to-tooling', 'packages/server/probe.ts', '../../bench/main.ts'],
  ['no-cycle', 'packages/protocol/index.ts', './loop.ts'],
  ['no-folder-by-kind', 'packages/server/helpers/probe.ts', '../index.ts'],
  ['no-import-by-kind', 'packages/protocol/probe.ts', './types/pin.ts'],
  ['resolvable', 'packages/server/probe.ts', './missing.ts'],
] as const

let root: string
let home: string

beforeAll(() => {
  home = process.cwd()
  root = mkdtempSync(join(tmpdir(), 'arrows-'))
  process.chdir(root)
})

afterAll(() => {
  process.chdir(home)
  rmSync(root, { recursive: true })
})

/** Lays out a small house in which `from` imports `specifier`, and answers the names of the rules that it breaks. */
async function broken(from: string, specifier: string): Promise<string[]> {
  for (const folder of ['packages', 'apps', 'node_modules'])
    rmSync(join(root, folder), { recursive: true, force: true })
  const parts = ['wire', 'capture', 'replica', 'trial']
  const mirror = Object.fromEntries(parts.map((part) => [`./${part}`, `./${part}/index.ts`]))
  write('packages/mirror/package.json', JSON.stringify({ name: '@alongside/mirror', exports: mirror }))
  for (const folder of [
    'mirror/wire',
    'mirror/capture',
    'mirror/replica',
    'mirror/trial',
    'protocol',
    'server',
    'sdk/agent',
    'sdk/customer',
  ])
    write(`packages/${folder}/index.ts`, 'export const a = 1')
  for (const file of [
    'packages/sdk/agent/inner.ts',
    'packages/sdk/connection/line.ts',
    'packages/protocol/types/pin.ts',
  ])
    write(file, 'export const a = 1')
  for (const file of ['apps/desk/main.ts', 'apps/demo/main.ts', 'bench/main.ts']) write(file, 'export const a = 1')
  write('packages/protocol/loop.ts', "import './index.ts'")
  mkdirSync(join(root, 'node_modules/@alongside'), { recursive: true })
  symlinkSync('../../packages/mirror', join(root, 'node_modules/@alongside/mirror'))
  write(from, `import '${specifier}'`)
  const options: ICruiseOptions = { ...config.options, validate: true, ruleSet: { forbidden: config.forbidden } }
  const { output } = await cruise([dirname(from)], options)
  if (typeof output === 'string') throw new Error(output)
  return output.summary.violations.map((violation) => violation.rule.name)
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

describe('the import rules', () => {
  test.each(VIOLATIONS)('OPS-1 %s stops %s from importing %s', async (rule, from, specifier) => {
    expect(await broken(from, specifier)).toContain(rule)
  })

  test.each([
    ['packages/mirror/capture/probe.ts', '../wire/index.ts'],
    ['packages/mirror/replica/probe.ts', '@alongside/mirror/wire'],
    ['packages/sdk/customer/probe.ts', '@alongside/mirror/capture'],
    ['packages/sdk/agent/probe.ts', '@alongside/mirror/replica'],
    ['packages/sdk/customer/preview/probe.ts', '@alongside/mirror/replica'],
    ['apps/desk/settings/probe.ts', '@alongside/mirror/trial'],
    ['packages/sdk/connection/probe.ts', '../../protocol/index.ts'],
    ['packages/server/probe.ts', '../protocol/index.ts'],
    ['apps/desk/probe.ts', '../../packages/sdk/agent/index.ts'],
    ['apps/demo/probe.ts', '../../packages/sdk/customer/index.ts'],
  ])('OPS-1 let %s import %s', async (from, specifier) => {
    expect(await broken(from, specifier)).toEqual([])
  })

  test('OPS-1 has a violation above for every rule', () => {
    expect(new Set(VIOLATIONS.map(([rule]) => rule))).toEqual(new Set(config.forbidden.map((rule) => rule.name)))
  })
})
