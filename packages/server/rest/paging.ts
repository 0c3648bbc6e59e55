import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { Key } from '../key.ts'
import { PageTokens } from './page-token.ts'

const SIZE_RULE = 'must be a whole number from 30 to 300'

/** The parameters of an operation that answers in pages, to be spread into its query schema. */
export const PAGE_PARAMETERS = {
  page_size: z.coerce
    .number(SIZE_RULE)
    .int(SIZE_RULE)
    .min(30, SIZE_RULE)
    .max(300, SIZE_RULE)
    .default(30)
    .describe('How many items a page has at most.'),
  next_page_token: z
    .string()
    .exactOptional()
    .describe('From the page before, with the same query; it lives for 15 minutes.'),
}

/** The fields of an answer that is a page, to be spread into its schema. */
export const PAGE_FIELDS = {
  page_size: z.int(),
  next_page_token: z.string().describe('Asks for the next page; empty on the last one.'),
}

/** The pages of one operation. `Place` is what the next page has to know: where the last one ended, and whatever the
 *  query left to its default. */
export class Pager<Place> {
  readonly #tokens: PageTokens<Place>
  readonly #operation: string

  constructor(operation: string, place: z.ZodType<Place>, clock: Clock) {
    this.#operation = operation
    this.#tokens = new PageTokens(place, clock)
  }

  /** Where to go on, undefined for the first page; and the fields of the answer, given where it ends. Throws 30101. */
  open(
    key: Key,
    { page_size, next_page_token, ...query }: { page_size: number; next_page_token?: string },
  ): { place: Place | undefined; close(next: Place | undefined): { page_size: number; next_page_token: string } } {
    const scope = { sdkKey: key.sdkKey, secrets: key.apiSecrets, operation: this.#operation, query }
    return {
      place: next_page_token ? this.#tokens.read(scope, next_page_token) : undefined,
      close: (next) => ({
        page_size,
        next_page_token: next === undefined ? '' : this.#tokens.make(scope, next),
      }),
    }
  }
}
