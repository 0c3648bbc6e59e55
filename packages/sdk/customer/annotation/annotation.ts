import type { Part, PartContext } from '../part.ts'
import { Hub } from './hub.ts'

/** Makes the part that shows what agents draw, and lets the customer draw. */
export function createPart(context: PartContext): Part {
  return new Hub(context)
}
