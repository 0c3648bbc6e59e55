/** Longest name that is shown: what a token may hold. */
const MAX_LENGTH = 80

/** A name as it may stand in the panel's sentences: without control characters, and without those that would turn the
 *  text around them (Unicode UAX 9) or hide in it. */
export function plainName(name: string): string {
  const plain = name
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return [...plain].slice(0, MAX_LENGTH).join('') || '?'
}
