/** A PIN in groups that are easy to read aloud: of three or four, as telephone numbers are. Short own PINs and those with
 *  letters stay as they are, unless they have six characters. */
export function groupDigits(pin: string): string[] {
  if (pin.length === 8 && /^\d+$/.test(pin)) return [pin.slice(0, 4), pin.slice(4)]
  if (pin.length === 6 || /^\d{7,10}$/.test(pin)) return pin.match(/.{3}(?=..)|.+/g) ?? []
  return [pin]
}

/** Minutes and seconds in a language's own digits, to the nearest one: our clock and the server's agree to the line's
 *  delay only, and a code that is good for 20 minutes must not begin with 20:01. */
export function formatTime(ms: number, language: string): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const digits = (value: number, minimumIntegerDigits: number) =>
    new Intl.NumberFormat(language, { minimumIntegerDigits, useGrouping: false }).format(value)
  return `${digits(Math.floor(seconds / 60), 1)}:${digits(seconds % 60, 2)}`
}
