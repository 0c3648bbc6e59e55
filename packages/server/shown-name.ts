import { z } from 'zod'

const LENGTH_RULE = 'must have 1 to 80 characters'

/** The id of a user, unique in a session. */
export const userIdSchema = z.string().refine(hasNameLength, LENGTH_RULE)

/** A name as it may be shown in a question of consent: a user's. */
export const userNameSchema = userIdSchema.transform(cleanText).refine(hasNameLength, LENGTH_RULE)

/** The same of a company, which an administrator may have written with spaces around it. */
export const companySchema = z.string().transform(cleanText).refine(hasNameLength, LENGTH_RULE)

/** 1 to 80 characters, counted as a reader counts them, not in UTF-16 units. */
export function hasNameLength(text: string): boolean {
  const length = [...text].length
  return length >= 1 && length <= 80
}

/** A text without control, format (which holds the direction overrides and zero-width characters), private, unassigned
 *  and separator characters: with them one name can be made to look like another. */
export function cleanText(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
}
