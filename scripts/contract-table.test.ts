import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = dirname(import.meta.dirname)
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

test('API-17 the table of the contract names rules that there are', () => {
  const rules = new Set([...read('SPEC.md').matchAll(/^- \*\*([A-Z]{2,5}-\d+)\*\* /gm)].map(([, id]) => id))
  const named = [...read('docs/contract-table.md').matchAll(/\b[A-Z]{3,5}-\d+\b/g)].map(([id]) => id)
  expect(named.length).toBeGreaterThan(100)
  expect(named.filter((id) => !rules.has(id))).toEqual([])
})
