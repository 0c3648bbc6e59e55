/** Text of the same look without its letters: words become dots in four lengths, so that lines break alike and neither
 *  the letters nor the exact length remain. */
export function neutral(text: string): string {
  return text.replace(/\S+/g, dots)
}

/** What stands for a value of the always-on set: not even its spaces remain. */
export function neutralValue(text: string): string {
  return neutral(text.replace(/\s+/g, ''))
}

/** Text of a style sheet: symbols and the private characters of icon fonts draw, everything else tells. */
export function neutralSymbols(text: string): string {
  return text.replace(/\S+/g, (word) => (/[\p{L}\p{N}\p{M}]/u.test(word) ? dots(word) : word))
}

function dots(word: string): string {
  return '•'.repeat(lengthClass(word.length))
}

function lengthClass(length: number): number {
  if (length <= 2) return 2
  if (length <= 5) return 4
  if (length <= 10) return 8
  return 16
}
