import { expect, test } from 'vitest'
import { Fuzz } from './pair/fuzz.ts'
import { createPair } from './pair/pair.ts'

/** Operations of one session: long enough for moves to pile up, short enough that a found seed can be read. */
const SESSION_OPERATIONS = 1_000
const SESSIONS = 100

/** Seeds that once found a fault. */
const FOUND: number[] = []

/** Plays one seeded session and returns the first difference. */
async function play(seed: number, operations: number): Promise<string | undefined> {
  const pair = await createPair({
    html: '<!DOCTYPE html><html><head></head><body><div><p>a</p><p>b</p></div></body></html>',
    step: seed % 3,
  })
  const fuzz = new Fuzz(pair.page, seed)
  try {
    for (let i = 1; i <= operations; i++) {
      fuzz.step()
      const dice = fuzz.below(12)
      // Records are delivered, a slice is sent, the line stops or takes frames again: each at any point.
      if (dice === 0) await Promise.resolve()
      else if (dice === 1) pair.clock.turn()
      else if (dice === 2) pair.open = fuzz.below(3) > 0
      if (i % 25 !== 0) continue
      pair.open = true
      const { page, copy } = pair.forms()
      if (copy !== page) return `seed ${seed}, operation ${i}: ${firstDifference(page, copy)}`
    }
  } catch (error) {
    return `seed ${seed}: ${error instanceof Error ? `${error.message}\n${error.stack}` : String(error)}`
  } finally {
    pair.close()
  }
  return undefined
}

function firstDifference(page: string, copy: string): string {
  const [a, b] = [page.split('\n'), copy.split('\n')]
  const at = a.findIndex((line, i) => line !== b[i] && !line.includes('<select>'))
  const i = at < 0 ? a.length : at
  return `line ${i}\npage\n${a.slice(Math.max(0, i - 6), i + 24).join('\n')}\ncopy\n${b.slice(Math.max(0, i - 6), i + 24).join('\n')}`
}

test(`CAP-15 ${SESSIONS * SESSION_OPERATIONS} random operations in this engine leave page and copy equal`, async () => {
  for (const seed of FOUND) expect(await play(seed, SESSION_OPERATIONS)).toBeUndefined()
  for (let seed = 1; seed <= SESSIONS; seed++) expect(await play(seed, SESSION_OPERATIONS)).toBeUndefined()
})
