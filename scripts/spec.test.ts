import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = dirname(import.meta.dirname)
const ID = '[A-Z]{2,5}-\\d+'

function readRules(): string[] {
  const text = readFileSync(join(ROOT, 'SPEC.md'), 'utf8')
  return [...text.matchAll(new RegExp(`^- \\*\\*(${ID})\\*\\* `, 'gm'))].map((match) => match[1]!)
}

/** The ids that test titles start with. */
function readTitles(): Set<string> {
  const files = globSync(['{packages,apps,scripts,bench}/**/*.test.{ts,tsx}', 'e2e/**/*.e2e.ts'], {
    cwd: ROOT,
    exclude: (name) => name === 'node_modules' || name === 'dist',
  })
  // A title may stand on a line of its own, behind `test(`, or behind the table of `test.each`.
  const title = new RegExp(
    `(?:\\b(?:test|describe)(?:\\.concurrent)?\\(|\\]\\)\\(|\\w\\)\\(|\`\\()\\s*['"\`](${ID})\\b`,
    'g',
  )
  return new Set(
    files.flatMap((file) => [...readFileSync(join(ROOT, file), 'utf8').matchAll(title)].map((match) => match[1]!)),
  )
}

test('OPS-2 has a test for every rule and a rule for every test', () => {
  const rules = new Set(readRules())
  const titles = readTitles()
  expect({
    rulesWithoutTest: [...rules].filter((id) => !titles.has(id)),
    testsWithoutRule: [...titles].filter((id) => !rules.has(id)),
  }).toEqual({ rulesWithoutTest: [], testsWithoutRule: [] })
})

test('OPS-3 gives every rule an id of its own', () => {
  const rules = readRules()
  expect(rules.filter((id, index) => rules.indexOf(id) !== index)).toEqual([])
})
