import { cleanText, isPlainText } from '@alongside/protocol'
import { z } from 'zod'

const LENGTH_RULE = 'must have 1 to 80 characters'

const shownText = z.string().refine(hasNameLength, LENGTH_RULE)

/** The id of a user, unique in a session. Ids are compared, so one with hidden characters is refused, not changed. */
export const userIdSchema = shownText.refine(isPlainText, 'must hold no control, direction or invisible characters')

/** A name as it may be shown in a question of consent: a user's. */
export const userNameSchema = shownText.transform(cleanText).refine(hasNameLength, LENGTH_RULE)

/** The same of a company, which an administrator may have written with spaces around it. */
export const companySchema = z.string().transform(cleanText).refine(hasNameLength, LENGTH_RULE)

/** 1 to 80 characters, counted as a reader counts them, not in UTF-16 units. */
export function hasNameLength(text: string): boolean {
  const length = [...text].length
  return length >= 1 && length <= 80
}
