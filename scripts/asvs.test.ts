import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = dirname(import.meta.dirname)
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

interface Line {
  id: string
  level: string
  verdict: string
  how: string
}

const LINE = /^\| (\d+\.\d+\.\d+) \| ([12]) \| [^|]+ \| (met|partly|not met|operator|does not apply) \| ([^|]+) \|$/gm
const lines: Line[] = [...read('docs/asvs.md').matchAll(LINE)].map(
  ([, id = '', level = '', verdict = '', how = '']) => ({
    id,
    level,
    verdict,
    how,
  }),
)

test('SEC-30 the table of ASVS 5.0.0 has each requirement of levels 1 and 2 once: 70 and 183', () => {
  const table = read('docs/asvs.md').split('\n')
  expect(table.filter((line) => /^\| \d/.test(line)).length).toBe(lines.length)
  expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length)
  const count = (wanted: string) => lines.filter(({ level }) => level === wanted).length
  expect([count('1'), count('2')]).toEqual([70, 183])
})

test('SEC-30 it counts its verdicts rightly', () => {
  const count = (wanted: string) => lines.filter(({ verdict }) => verdict === wanted).length
  expect(read('docs/asvs.md')).toContain(
    `${lines.length} lines: ${count('met')} met, ${count('partly')} partly, ${count('not met')} not met, ${count('operator')} by the operator, ${count('does not apply')} that do not apply.`,
  )
})

test.each(['docs/asvs.md', 'SECURITY.md'])('SEC-30 %s names rules and pages that there are', (file) => {
  const rules = new Set([...read('SPEC.md').matchAll(/^- \*\*([A-Z]{2,5}-\d+)\*\* /gm)].map(([, id]) => id))
  // Names of algorithms look like rules.
  const text = read(file).replace(/\b(AES|SHA|UTF|HMAC|HKDF)-\w+/g, '')
  const named = [...text.matchAll(/\b[A-Z]{2,5}-\d+\b/g)].map(([id]) => id)
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter((id) => !rules.has(id))).toEqual([])
  const pages = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, page = '']) => join(ROOT, dirname(file), page))
  expect(pages.filter((page) => !existsSync(page))).toEqual([])
})
