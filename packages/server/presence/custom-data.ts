import {
  type CustomData,
  cleanText,
  MAX_CUSTOM_DATA_BYTES,
  MAX_CUSTOM_DATA_ENTRIES,
  MAX_CUSTOM_DATA_NAME,
} from '@alongside/protocol'
import { z } from 'zod'

/** What a page says of its customer, free of characters that could make it look like something else. */
export const customDataSchema = z
  .record(z.string().min(1).max(MAX_CUSTOM_DATA_NAME), z.string().max(MAX_CUSTOM_DATA_BYTES))
  .refine((data) => Object.keys(data).length <= MAX_CUSTOM_DATA_ENTRIES && sizeOf(data) <= MAX_CUSTOM_DATA_BYTES)
  .transform(
    (data): CustomData =>
      Object.fromEntries(
        Object.entries(data)
          .map(([name, value]) => [cleanText(name), cleanText(value)] as const)
          .filter(([name]) => name),
      ),
  )

/** Which of a customer's data a person would call their name, best first. */
const NAMES = ['user_name', 'user_email', 'user_id']

/** As long as a name in a token may be. */
const MAX_NAME_CHARACTERS = 80

/** What agents read for the name of a customer who has no token. */
export function nameOf(data: CustomData): string {
  const name = NAMES.map((field) => data[field]).find(Boolean) ?? 'Customer'
  return [...name].slice(0, MAX_NAME_CHARACTERS).join('')
}

function sizeOf(data: CustomData): number {
  return Object.entries(data).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  )
}
