import type { Part, PartContext } from '../part.ts'

export function createPart(_context: PartContext): Part {
  return { receive() {}, close() {} }
}
