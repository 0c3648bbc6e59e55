/** The first try comes soon: most lines drop for a moment. */
const FIRST_MS = 250

/** Later ones often enough to be back soon after the network is. */
const LONGEST_MS = 8_000

/** How long to wait before a try, doubled each time; `chance` from 0 to 1 takes off up to half. */
export function retryDelay(attempt: number, chance: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1)) * (1 - chance / 2)
}
