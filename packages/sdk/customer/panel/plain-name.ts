/** Longest name that is shown: what a token may hold. */
const MAX_LENGTH = 80

/** A name as it may stand in the panel's sentences: without control characters, those that would turn the text around
 *  them (Unicode UAX 9) or hide in it, and marks that would pile up over it. The server has cleaned it; this is for a
 *  server that is not what it says. */
export function plainName(name: string): string {
  const plain = name
    .replace(/[\p{C}\p{DI}\p{Zl}\p{Zp}\u2800]/gu, ' ')
    .replace(/([\p{Mn}\p{Me}]{4})[\p{Mn}\p{Me}]+/gu, '$1')
    .replace(/\s+/g, ' ')
    .trim()
  return [...plain].slice(0, MAX_LENGTH).join('') || '?'
}
